"""Reading the outbox."""

from django.db import models

from .models import Letter


def letters_for_list(user, cohort_slug: str | None = None) -> models.QuerySet[Letter]:
    """What was or will be sent, newest first, as far as `user` may see it; of one cohort where its slug is given."""
    letters = Letter.objects.visible_to(user)
    if cohort_slug is not None:
        letters = letters.in_cohort(cohort_slug)
    return letters.select_related("to").defer("body_text", "body_html").order_by("-queued_at", "-pk")


def letters_about(obj: models.Model) -> models.QuerySet[Letter]:
    """The letters about one object, newest first."""
    return Letter.objects.about(obj).select_related("to").order_by("-queued_at", "-pk")
