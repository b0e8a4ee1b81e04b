"""One step of a participation from state to state. What people do stands in `participations` and `pairings`."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Participation
from ..states import NEEDS_REASON, PARTICIPATION_MOVES


@transaction.atomic
def move_participation(
    participation: Participation, move: str, *, by, now: datetime, on: date | None = None, reason: str = ""
) -> Participation:
    """Make one move of `PARTICIPATION_MOVES` from `on` (today where it is not given). Journals it.

    Refused where the table has no such move, where a city would leave without a reason, and for a day to come.
    """
    row = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    state = PARTICIPATION_MOVES.target(move, state=row.state)
    today = timezone.localdate(now)
    if state in NEEDS_REASON and not reason.strip():
        raise Refused(_("Say why the city left."))
    if on and on > today:
        raise Refused(_("The day lies in the future."))
    participation.state, participation.state_on, participation.state_reason = state, on or today, reason.strip()
    participation.save(update_fields=["state", "state_on", "state_reason", "updated_at"])
    data = {"state": str(participation.get_state_display()), "reason": participation.state_reason}
    verb = "cohorts.participation.moved" if participation.state_reason else "cohorts.participation.moved_on"
    record(participation, verb, by=by, at=now, data=data)
    return participation
