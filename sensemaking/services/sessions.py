"""The life of a session: planned, changed, opened, closed, cancelled; and its agenda and questions."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import models, transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from twinning.audit.services import record
from twinning.core.errors import Refused, require_clean

from ..models import AgendaItem, Board, GuidingQuestion, Room, Session, SessionCohort
from ..selectors.agenda import present_point
from ..states import SESSION_MOVES
from .boards import act_of_team

AgendaRow = tuple[str, int | None, int | None]  # title, minutes, the round of rooms that happens here
OUT_OF_THE_WAY = 1_000  # behind every place of an agenda

VERB_OF_MOVE = {
    "open": "sensemaking.session.opened",
    "close": "sensemaking.session.closed",
    "cancel": "sensemaking.session.cancelled",
    "plan_again": "sensemaking.session.planned_again",
}
FIELDS = (
    *("title", "kind", "round", "format", "held_on", "starts_at", "minutes", "time_zone"),
    *("link", "purpose", "room_mode", "parts", "pairings_together"),
)


def lock_session(session: Session) -> Session:
    """The session's row, locked until the transaction ends: whoever writes seats holds it."""
    return Session.objects.select_for_update(of=("self",)).get(pk=session.pk)


@transaction.atomic
def plan_session(
    cohorts: Sequence[Cohort],
    *,
    by,
    now: datetime.datetime,
    clusters: Iterable = (),
    agenda: Sequence[AgendaRow] = (),
    questions: Sequence[str] = (),
    **fields,
) -> Session:
    """A new session of these cohorts. What the format says about rooms holds where the fields do not.

    Refused without a cohort, and where fields contradict each other.
    """
    if not cohorts:
        raise Refused(_("Name at least one cohort."))
    chosen = fields.get("format")
    if chosen is not None:
        fields.setdefault("room_mode", chosen.room_mode)
        fields.setdefault("parts", chosen.parts)
    session = Session(**{name: value for name, value in fields.items() if name in FIELDS})
    _checked(session)
    session.save()
    SessionCohort.objects.bulk_create(SessionCohort(session=session, cohort=cohort) for cohort in cohorts)
    session.clusters.set(clusters)
    _write_agenda(session, agenda)
    _write_questions(session, questions, room=None)
    record(session, "sensemaking.session.planned", by=by, at=now)
    return session


@transaction.atomic
def change_session(
    session: Session,
    *,
    by,
    now: datetime.datetime,
    clusters: Iterable | None = None,
    agenda: Sequence[AgendaRow] | None = None,
    questions: Sequence[str] | None = None,
    **fields,
) -> Session:
    """Change what is named; the rest stays. Fewer parts are refused while their rooms are there."""
    session = lock_session(session)
    for name, value in fields.items():
        if name in FIELDS:
            setattr(session, name, value)
    _checked(session)
    beyond = session.rooms.filter(part__gt=session.parts).count()
    if beyond:
        raise Refused(_("There are %(n)d rooms in later rounds of rooms. Remove them first.") % {"n": beyond})
    session.save()
    if clusters is not None:
        session.clusters.set(clusters)
    if agenda is not None:
        _write_agenda(session, agenda)
    if questions is not None:
        _write_questions(session, questions, room=None)
    record(session, "sensemaking.session.changed", by=by, at=now)
    return session


@transaction.atomic
def move_session(session: Session, move: str, *, by, now: datetime.datetime) -> Session:
    """Open, close, cancel a session, or plan a cancelled one again."""
    if move == "close":  # the board before the session, as its acts do: no point of the agenda begins while it closes
        Board.objects.select_for_update().filter(session=session).first()
    session = lock_session(session)
    session.state = SESSION_MOVES.target(move, state=session.state)
    session.save(update_fields=["state", "updated_at"])
    if move == "close" and present_point(session):
        act_of_team(session, "stop_agenda", {}, now=now)
    record(session, VERB_OF_MOVE[move], by=by, at=now)
    return session


def _checked(session: Session) -> None:
    if session.starts_at and not session.minutes:
        raise Refused(_("Say how many minutes the session lasts."))
    require_clean(session, validate_unique=False)


def _write_agenda(session: Session, rows: Sequence[AgendaRow]) -> None:
    """Refused where it is longer than the session, or names a part that does not exist."""
    total = sum(minutes or 0 for _title, minutes, _part in rows)
    if session.minutes and total > session.minutes:
        raise Refused(
            _("The agenda takes %(total)d minutes, the session lasts %(minutes)d.")
            % {"total": total, "minutes": session.minutes}
        )
    if any(part is not None and part not in session.part_numbers for _title, _minutes, part in rows):
        raise Refused(_("The agenda names a round of rooms that the session does not have."))
    _keep_or_make(session, rows)


def _keep_or_make(session: Session, rows: Sequence[AgendaRow]) -> None:
    """A point whose title stays is the same point, wherever it stands now: what happened at it hangs on it."""
    there: dict[str, list[AgendaItem]] = defaultdict(list)
    for item in session.agenda.all():
        there[item.title].append(item)
    items = [
        there[title].pop(0) if there[title] else AgendaItem(session=session, title=title)
        for title, _minutes, _part in rows
    ]
    session.agenda.exclude(pk__in=[item.pk for item in items if item.pk]).delete()
    session.agenda.update(position=models.F("position") + OUT_OF_THE_WAY)  # a place of the agenda is taken once
    for position, (item, (_title, minutes, part)) in enumerate(zip(items, rows, strict=True), start=1):
        item.position, item.minutes, item.part = position, minutes, part
        item.save()


@transaction.atomic
def set_questions(room: Room, texts: Sequence[str], *, by, now: datetime.datetime) -> None:
    """Replace the questions that one room has besides those of the session."""
    session = lock_session(room.session)
    _write_questions(session, texts, room=room)
    record(session, "sensemaking.session.changed", by=by, at=now)


def _write_questions(session: Session, texts: Sequence[str], *, room: Room | None) -> None:
    session.questions.filter(room=room).delete()
    GuidingQuestion.objects.bulk_create(
        GuidingQuestion(session=session, room=room, position=position, text=text)
        for position, text in enumerate(texts, start=1)
    )
