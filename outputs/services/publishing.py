"""A public summary of an output: with the consent of the city's lead officer, and gone as soon as it is taken back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Output, Publication
from ..selectors.public import newest_accepted
from .drafting import lock_output

MOST_WORDS = 200


@transaction.atomic
def publish_summary(output: Output, *, summary: str, by, now: datetime) -> Publication:
    """Make the summary public, of the newest accepted version. A later consent renews text and version; the address stays.
    Also journals it. Raises `Refused` where nothing was accepted, or the text is empty or too long."""
    output = lock_output(output)
    version = newest_accepted(output)
    if version is None:
        raise Refused(_("Only an accepted version can become public."))
    summary = summary.strip()
    if not summary:
        raise Refused(_("Write a few sentences for the public."))
    if len(summary.split()) > MOST_WORDS:
        raise Refused(_("Write at most %(most)d words.") % {"most": MOST_WORDS})
    publication, _is_new = Publication.objects.update_or_create(
        output=output,
        defaults={
            "version": version,
            "summary": summary,
            "consented_by": by,
            "consented_at": now,
            "withdrawn_by": None,
            "withdrawn_at": None,
        },
    )
    record(output, "outputs.summary.published", by=by, at=now, data={"version": version.number})
    return publication


@transaction.atomic
def withdraw_summary(output: Output, *, by, now: datetime) -> bool:
    """Take the consent back: the address answers "gone" from now on. False where nothing was public."""
    output = lock_output(output)
    taken_back = Publication.objects.filter(output=output, withdrawn_at=None).update(withdrawn_by=by, withdrawn_at=now)
    if taken_back:
        record(output, "outputs.summary.withdrawn", by=by, at=now)
    return bool(taken_back)
