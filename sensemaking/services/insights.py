"""The life of an insight: made of notes, changed, confirmed, withdrawn, merged, split. Links go along whatever happens."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Guest, Insight, LineageLink, Note, Session
from ..states import INSIGHT_MOVES, InsightOrigin, InsightState, LinkKind, NoteState

FIELDS = ("statement", "explanation", "learning", "sureness", "is_advice")
MOST_INSIGHTS = 500
VERB_OF_MOVE = {
    "confirm": "sensemaking.insight.confirmed",
    "reopen": "sensemaking.insight.reopened",
    "withdraw": "sensemaking.insight.withdrawn",
    "restore": "sensemaking.insight.restored",
}


def _lock(insight: Insight) -> Insight:
    return Insight.objects.select_for_update(of=("self",)).select_related("session").get(pk=insight.pk)


@transaction.atomic
def make_insight(
    session: Session,
    notes: Sequence[Note],
    *,
    by,
    now: datetime.datetime,
    origin: str = InsightOrigin.BY_HAND,
    proposed_by: Guest | None = None,
    themes: Iterable = (),
    audiences: Iterable = (),
    **fields: Any,
) -> Insight:
    """A draft made of these notes. Refused without a note, or with one that stands on no board of the session's cohorts."""
    if Insight.objects.filter(session=session).count() >= MOST_INSIGHTS:
        raise Refused(_("A session holds at most %(most)d insights.") % {"most": MOST_INSIGHTS})
    insight = Insight(session=session, author=by, origin=origin, proposed_by=proposed_by)
    write_insight(insight, fields)
    insight.themes.set(themes)
    insight.audiences.set(audiences)
    if not notes:
        raise Refused(_("Choose at least one note: an insight stands on what somebody said."))
    add_evidence(insight, notes, by=by, now=now)
    if proposed_by:  # its words stay out of the journal: see services.proposals
        record(session, "sensemaking.insight.proposed", by=by, at=now, data={"count": len(notes)})
    else:
        record(insight, "sensemaking.insight.made", by=by, at=now, data={"count": len(notes)})
    return insight


def write_insight(insight: Insight, fields: dict[str, Any]) -> None:
    for name in FIELDS:
        if name in fields:
            setattr(insight, name, fields[name])
    insight.statement = insight.statement.strip()
    if not insight.statement:
        raise Refused(_("Write the statement: one sentence."))
    insight.full_clean(exclude=["code", "session", "author"], validate_constraints=False)
    insight.save()


def add_evidence(insight: Insight, notes: Iterable[Note], *, by, now: datetime.datetime) -> int:
    cohorts = set(insight.session.session_cohorts.order_by("pk").values_list("cohort", flat=True))
    count = 0
    for note in notes:
        if note.state != NoteState.PLACED:
            raise Refused(_("This note does not stand on a board: %(note)s") % {"note": note})
        if note.board.session_id != insight.session_id and not cohorts & set(
            note.board.session.session_cohorts.order_by("pk").values_list("cohort", flat=True)
        ):
            raise Refused(_("This note is of another cohort: %(note)s") % {"note": note})
        _link, is_new = LineageLink.objects.get_or_create(
            kind=LinkKind.EVIDENCE, note=note, to_insight=insight, defaults={"made_by": by, "made_at": now}
        )
        count += is_new
    return count


@transaction.atomic
def change_insight(
    insight: Insight, *, by, now: datetime.datetime, themes: Iterable = (), audiences: Iterable = (), **fields: Any
) -> Insight:
    """Change statement and facets. A confirmed statement that changes is a draft again: somebody confirms the new wording."""
    insight = _standing(insight)
    before = insight.statement
    write_insight(insight, fields)
    insight.themes.set(themes)
    insight.audiences.set(audiences)
    if insight.state == InsightState.CONFIRMED and insight.statement != before:
        _to_draft(insight)
    insight.to_reread_since = None
    insight.save()
    record(insight, "sensemaking.insight.changed", by=by, at=now)
    return insight


def _to_draft(insight: Insight) -> None:
    insight.state, insight.confirmed_by, insight.confirmed_at = InsightState.DRAFT, None, None


def _standing(insight: Insight) -> Insight:
    insight = _lock(insight)
    if not insight.stands:
        raise Refused(_("This insight was withdrawn or merged into another."))
    return insight


@transaction.atomic
def add_notes(insight: Insight, notes: Sequence[Note], *, by, now: datetime.datetime) -> int:
    """Put more notes under an insight; returns how many are new there."""
    if not notes:
        raise Refused(_("Choose at least one note."))
    insight = _standing(insight)
    count = add_evidence(insight, notes, by=by, now=now)
    if count:
        record(insight, "sensemaking.insight.notes_added", by=by, at=now, data={"count": count})
    return count


@transaction.atomic
def take_notes(insight: Insight, notes: Iterable[Note], *, by, now: datetime.datetime) -> int:
    """Take notes from under an insight. The last one that can be read stays: withdraw the insight instead."""
    insight = _standing(insight)
    chosen = LineageLink.objects.filter(kind=LinkKind.EVIDENCE, to_insight=insight, note__in=list(notes))
    left = insight.origins.filter(kind=LinkKind.EVIDENCE, note__state=NoteState.PLACED).exclude(pk__in=chosen)
    if not left.exists():
        raise Refused(_("At least one note stays. Withdraw the insight if nothing carries it."))
    count, _models = chosen.delete()
    if count:
        record(insight, "sensemaking.insight.notes_taken", by=by, at=now, data={"count": count})
    return count


@transaction.atomic
def move_insight(insight: Insight, move: str, *, by, now: datetime.datetime, reason: str = "") -> Insight:
    """Confirm, reopen, withdraw or restore. Only what rests on a note that can be read is confirmed."""
    insight = _lock(insight)
    target = INSIGHT_MOVES.target(move, state=insight.state)
    if move == "confirm" and not has_evidence(insight):
        raise Refused(_("No note stands under this insight any more, so nobody can confirm it."))
    insight.state = target
    if target == InsightState.DRAFT:
        _to_draft(insight)
        insight.withdrawn_at, insight.withdrawn_reason = None, ""
    elif target == InsightState.CONFIRMED:
        insight.confirmed_by, insight.confirmed_at, insight.to_reread_since = by, now, None
    else:
        insight.withdrawn_at, insight.withdrawn_reason = now, reason.strip()[:300]
    insight.save()
    if insight.is_sent_back:
        record(insight.session, "sensemaking.insight.sent_back", by=by, at=now)
    else:
        record(insight, VERB_OF_MOVE[move], by=by, at=now, data={"reason": insight.withdrawn_reason})
    return insight


def has_evidence(insight: Insight) -> bool:
    """Whether a note that stands on a board is under it."""
    return insight.origins.filter(kind=LinkKind.EVIDENCE, note__state=NoteState.PLACED).exists()


@transaction.atomic
def merge_insights(into: Insight, others: Sequence[Insight], *, by, now: datetime.datetime) -> Insight:
    """Make several insights one. Notes under them and whatever was built on them hang on `into` from now on."""
    if not others or into in others:
        raise Refused(_("Choose another insight to merge with."))
    locked = {
        each.pk: each
        for each in Insight.objects.select_for_update(of=("self",))
        .filter(pk__in=[into.pk, *(other.pk for other in others)])
        .order_by("pk")
    }
    target = locked[into.pk]
    if not target.stands:
        raise Refused(_("This insight was withdrawn or merged into another."))
    for other in (locked[each.pk] for each in others):
        if other.session_id != target.session_id:
            raise Refused(
                _("Insights of different sessions are connected, not merged: say that one continues the other.")
            )
        other.state = INSIGHT_MOVES.target("merge", state=other.state)
        _move_links(other, target)
        target.themes.add(*other.themes.all())
        target.audiences.add(*other.audiences.all())
        other.withdrawn_at, other.confirmed_at, other.confirmed_by = now, None, None
        other.save()
        LineageLink.objects.create(kind=LinkKind.MERGED, insight=other, to_insight=target, made_by=by, made_at=now)
        record(other, "sensemaking.insight.merged", by=by, at=now, data={"into": str(target)[:200]})
    record(target, "sensemaking.insight.took", by=by, at=now, data={"count": len(others)})
    return target


def _move_links(other: Insight, target: Insight) -> None:
    """Hang every link of `other` on `target`; one that `target` has already, or that would lead to itself, goes."""
    for end in ("insight", "to_insight"):
        for link in LineageLink.objects.filter(**{end: other}).order_by("pk"):
            setattr(link, end, target)
            ends = {name: getattr(link, f"{name}_id") for name in PLACES_OF_LINKS}
            is_there = LineageLink.objects.filter(kind=link.kind, **ends).exclude(pk=link.pk).exists()
            if is_there or link.insight_id == link.to_insight_id:
                link.delete()
            else:
                link.save()


PLACES_OF_LINKS = ("note", "insight", "to_insight", "to_report", "to_recommendation", "to_candidate", "to_action")
BUILT = (LinkKind.ACTION, LinkKind.CANDIDATE, LinkKind.RECOMMENDED)


@transaction.atomic
def split_insight(insight: Insight, notes: Sequence[Note], *, statement: str, by, now: datetime.datetime) -> Insight:
    """A new draft of some of the notes; the rest stays. What was built on the whole was built on both parts."""
    insight = _standing(insight)
    under = set(insight.origins.filter(kind=LinkKind.EVIDENCE).order_by("pk").values_list("note", flat=True))
    chosen = {note.pk for note in notes}
    if not chosen or not chosen < under:
        raise Refused(_("Choose some of its notes, not all: both parts need one."))
    part = make_insight(
        insight.session,
        list(notes),
        by=by,
        now=now,
        origin=InsightOrigin.SPLIT,
        themes=insight.themes.all(),
        audiences=insight.audiences.all(),
        statement=statement,
        learning=insight.learning,
        is_advice=insight.is_advice,
    )
    LineageLink.objects.filter(kind=LinkKind.EVIDENCE, to_insight=insight, note__in=chosen).delete()
    for link in insight.uses.filter(kind__in=BUILT).order_by("pk"):
        link.pk, link.insight, link._state.adding = None, part, True
        link.save()
    LineageLink.objects.create(kind=LinkKind.SPLIT, insight=insight, to_insight=part, made_by=by, made_at=now)
    record(insight, "sensemaking.insight.split", by=by, at=now, data={"part": statement[:200]})
    return part
