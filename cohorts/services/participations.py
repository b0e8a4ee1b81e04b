"""A city's place in a cohort: confirmed, declined, taking part, completed, withdrawn, back again."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import City, Cohort, Participation
from ..registry import follow_up
from ..states import ParticipationState
from .pairings import end_pairing
from .participation_moves import move_participation


@transaction.atomic
def add_participation(cohort: Cohort, *, city: City, by, now: datetime) -> Participation:
    """A city of the register is selected as a twin. Journals it. Refused where it is in the cohort already.

    It stands behind the others and has its day, so that a package read later does not undo it.
    """
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    present = Participation.objects.in_cohort(cohort)
    if present.filter(city=city).exists():
        raise Refused(_("%(city)s is a twin of this cohort already.") % {"city": city})
    last = present.aggregate(last=models.Max("position"))["last"]
    participation = Participation(
        cohort=cohort,
        city=city,
        state=ParticipationState.SELECTED,
        state_on=timezone.localdate(now),
        position=0 if last is None else last + 1,
    )
    participation.full_clean()
    participation.save()
    record(participation, "cohorts.participation.added", by=by, at=now, data={"cohort": str(cohort)})
    return participation


def confirm_participation(
    participation: Participation, *, by, now: datetime, on: date | None = None, reason: str = ""
) -> Participation:
    """The selected city said that it will take part."""
    return move_participation(participation, "confirm", by=by, now=now, on=on, reason=reason)


def activate_participation(
    participation: Participation, *, by, now: datetime, on: date | None = None, reason: str = ""
) -> Participation:
    """The city takes part. Announcing its pairing does the same."""
    return move_participation(participation, "activate", by=by, now=now, on=on, reason=reason)


def complete_participation(
    participation: Participation, *, by, now: datetime, on: date | None = None, reason: str = ""
) -> Participation:
    """The city went through the whole programme. Its pairing stays open, so that both sides keep their pages."""
    return move_participation(participation, "complete", by=by, now=now, on=on, reason=reason)


@transaction.atomic
def decline_participation(
    participation: Participation, *, by, now: datetime, reason: str, on: date | None = None
) -> Participation:
    """The selected city does not come. A pairing prepared for it ends; the higher apps follow up."""
    return _leave(participation, "decline", by=by, now=now, reason=reason, on=on)


@transaction.atomic
def withdraw_participation(
    participation: Participation, *, by, now: datetime, reason: str, on: date | None = None
) -> Participation:
    """The city leaves before the end. Its open pairing ends for the same reason; the higher apps follow up."""
    return _leave(participation, "withdraw", by=by, now=now, reason=reason, on=on)


def _leave(
    participation: Participation, move: str, *, by, now: datetime, reason: str, on: date | None
) -> Participation:
    move_participation(participation, move, by=by, now=now, on=on, reason=reason)
    for pairing in participation.pairings.open().order_by("pk"):
        end_pairing(pairing, by=by, now=now, reason=reason, tells=True)
    follow_up("participation_left", participation, by=by, now=now)
    return participation


def return_participation(
    participation: Participation, *, by, now: datetime, on: date | None = None, reason: str = ""
) -> Participation:
    """A city that had left is selected again. Its outputs are as it left them; it needs a pairing."""
    return move_participation(participation, "return", by=by, now=now, on=on, reason=reason)


# move -> what a person does
PARTICIPATION_SERVICES: dict[str, Callable[..., Participation]] = {
    "confirm": confirm_participation,
    "decline": decline_participation,
    "activate": activate_participation,
    "complete": complete_participation,
    "withdraw": withdraw_participation,
    "return": return_participation,
}
