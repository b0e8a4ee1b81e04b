from celery import shared_task
from django.utils import timezone

from .services import reports, searching


@shared_task(name="sensemaking.render_report", ignore_result=True)
def render_report(pk: int) -> None:
    reports.make_file(pk, clock=timezone.now)


@shared_task(name="sensemaking.sweep_reports", ignore_result=True)
def sweep_reports() -> None:
    reports.sweep_files(now=timezone.now())


@shared_task(name="sensemaking.search_seats", ignore_result=True)
def search_seats(pk: int) -> None:
    searching.run_search(pk, clock=timezone.now)


@shared_task(name="sensemaking.sweep_searches", ignore_result=True)
def sweep_searches() -> None:
    searching.sweep_searches(now=timezone.now())
