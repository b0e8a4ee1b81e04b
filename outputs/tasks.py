from celery import shared_task
from django.utils import timezone

from .services import documents, reminders


@shared_task(name="outputs.render_document", ignore_result=True)
def render_document(pk: int) -> None:
    documents.make_document(pk, clock=timezone.now)


@shared_task(name="outputs.sweep_documents", ignore_result=True)
def sweep_documents() -> None:
    documents.sweep_documents(now=timezone.now())


@shared_task(name="outputs.send_reminders", ignore_result=True)
def send_reminders() -> None:
    reminders.send_reminders(now=timezone.now())
