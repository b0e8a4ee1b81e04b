from celery import shared_task
from django.utils import timezone

from .services import reports


@shared_task(name="sensemaking.render_report", ignore_result=True)
def render_report(pk: int) -> None:
    reports.make_file(pk, clock=timezone.now)


@shared_task(name="sensemaking.sweep_reports", ignore_result=True)
def sweep_reports() -> None:
    reports.sweep_files(now=timezone.now())
