from celery import shared_task
from django.utils import timezone

from .services import deliver_queued_letters


@shared_task(name="mail.deliver_queued")
def deliver_queued() -> int:
    return deliver_queued_letters(now=timezone.now())
