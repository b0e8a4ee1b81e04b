"""The agenda as it runs: one point is the present one, its time runs, everybody sees it.

These are acts of the board (`boards.ACTS`): done under the board's lock, and told to every browser as events. Their rows are the truth, so a
process that starts again has lost nothing, and a report can tell the agenda as it happened.
"""

import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from twinning.core.errors import Refused

from ..models import AgendaItem, AgendaRun, Session
from ..selectors.agenda import now_at, present_point
from ..states import SessionState

if TYPE_CHECKING:
    from .boards import Act

MORE_MINUTES, LONGEST_MORE = 5, 60
LARGEST_NUMBER = 2**53  # of a row, as far as a browser counts exactly


def start_point(under_way: "Act") -> dict[str, Any]:
    """This point is the present one from now on, and the one before ends. A point that was left goes on with the time it had left."""
    session = Session.objects.get(pk=under_way.board.session_id)  # behind the lock: it may have been closed meanwhile
    if session.state != SessionState.OPEN:
        raise Refused(_("Open the session first: then its agenda can run."))
    number = under_way.number("point", LARGEST_NUMBER)
    item = session.agenda.select_for_update(of=("self",)).filter(pk=number).first()  # whoever rewrites the plan waits
    if item is None:
        raise Refused(_("This point is not on the agenda any more."))
    present = present_point(session)
    if present is None or present.item_id != item.pk:
        _end(present, now=under_way.now)
        AgendaRun.objects.create(
            session=session,
            item=item,
            title=item.title,
            minutes=item.minutes,
            started_at=under_way.now,
            ends_at=_end_of(item, now=under_way.now),
        )
    return now_at(session).told


def _end_of(item: AgendaItem, *, now: datetime.datetime) -> datetime.datetime | None:
    """When its time is up, if it begins or goes on now."""
    earlier = item.runs.order_by("started_at", "pk").last()
    if earlier is None:
        return now + datetime.timedelta(minutes=item.minutes) if item.minutes else None
    return max(now, now + (earlier.ends_at - earlier.ended_at)) if earlier.ends_at else None


def _end(run: AgendaRun | None, *, now: datetime.datetime) -> None:
    if run:
        run.ended_at = max(now, run.started_at)  # clocks of two machines differ
        run.save(update_fields=["ended_at"])


def give_more_time(under_way: "Act") -> dict[str, Any]:
    """More minutes for the present point: behind its end, or from now on where its time is up or it has no length."""
    run = _running(under_way.board.session)
    more = datetime.timedelta(minutes=under_way.number("minutes", LONGEST_MORE) or MORE_MINUTES)
    run.ends_at = max(run.ends_at or under_way.now, under_way.now) + more
    run.save(update_fields=["ends_at"])
    return now_at(under_way.board.session).told


def stop_agenda(under_way: "Act") -> dict[str, Any]:
    """No point is the present one any more."""
    _end(_running(under_way.board.session), now=under_way.now)
    return now_at(under_way.board.session).told


def _running(session: Session) -> AgendaRun:
    run = present_point(session)
    if run is None:
        raise Refused(_("No point of the agenda runs."))
    return run


AGENDA_ACTS = {"start_point": start_point, "more_time": give_more_time, "stop_agenda": stop_agenda}
