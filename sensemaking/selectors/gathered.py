"""What the sessions of a round, or all of a cohort, found: one report, drawn from what is confirmed at the moment.

It has no editions: those are kept by the reports of single sessions. So whatever is withdrawn is gone from it at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from twinning.core.pictures import coverage as matrix

from ..models import Insight, LineageLink, Note, Round, Session
from ..states import LinkKind, SessionState
from .insights import InsightRow, insight_rows, rounds_with_insights
from .lineage import Coverage, coverage_of, drawn_cities
from .reports import Content, finding_content, note_words, read_finding, said_before


@dataclass
class ThemeRow:
    """A theme with its findings, session by session."""

    name: str
    cells: list[tuple[Session, list[Content]]]


@dataclass
class Gathered:
    """The report with every reference resolved. Findings and what is gone have numbers in one row; notes carry what rests on them."""

    cohort: Cohort
    round: Round | None
    earlier: Round | None  # with which the round is compared
    made_on: date
    sessions: list[Session]
    left_out: list[Session]  # whose notes nobody may read yet
    coverage: Coverage
    findings: list[Content] = field(default_factory=list)
    gone: list[Content] = field(default_factory=list)
    notes: list[Content] = field(default_factory=list)
    themes: list[ThemeRow] = field(default_factory=list)
    waiting: int = 0  # insights that are read again first

    @property
    def title(self) -> str:
        return str(self.round or self.cohort)

    @property
    def advice(self) -> list[Content]:
        return [finding for finding in self.findings if finding["is_advice"]]

    @property
    def by_fate(self) -> list[tuple[str, list[Content]]]:
        """What was said again, and what is new; all in one where nothing is compared."""
        if self.earlier is None:
            return [("", self.findings)] if self.findings else []
        again = [finding for finding in self.findings if finding["is_again"]]
        new = [finding for finding in self.findings if not finding["is_again"]]
        parts = [(_("Said again"), again), (_("New in this round"), new), (_("Not said any more"), self.gone)]
        return [(label, findings) for label, findings in parts if findings]

    @property
    def is_example(self) -> bool:
        return any(finding["is_example"] for finding in [*self.findings, *self.gone])

    @property
    def coverage_cities(self) -> list[matrix.City]:
        return drawn_cities((row["name"], row["cells"]) for row in self.coverage.tabled)


def gather(cohort: Cohort, chosen: Round | None, *, now: datetime) -> Gathered:
    """The report over the chosen round, or over the whole cohort. The queries grow with sessions, not with notes or insights."""
    listed = _held(cohort, chosen)
    shown = [session for session in listed if not _is_private(session)]
    earlier = _round_before(cohort, chosen) if chosen else None
    rows = _rows(Insight.objects.filter(session__in=shown))
    waiting = [row for row in rows if row.needs_reading]
    gathered = Gathered(
        cohort=cohort,
        round=chosen,
        earlier=earlier,
        made_on=now.date(),
        sessions=shown,
        left_out=[session for session in listed if session not in shown],
        coverage=coverage_of(shown, by_session=True),
        waiting=len(waiting),
    )
    _resolve(gathered, [row for row in rows if not row.needs_reading], _rows_of_round(cohort, earlier))
    return gathered


def _held(cohort: Cohort, chosen: Round | None) -> list[Session]:
    """Sessions that were opened, or in which something was found; by day."""
    sessions = Session.objects.in_cohort(cohort).select_related("round", "board").order_by("held_on", "pk")
    confirmed = Insight.objects.confirmed().filter(session=OuterRef("pk"))
    held = sessions.filter(Q(state__in=(SessionState.OPEN, SessionState.CLOSED)) | Exists(confirmed))
    return list(held.filter(round=chosen) if chosen else held)


def _is_private(session: Session) -> bool:
    return hasattr(session, "board") and session.board.is_private


def _round_before(cohort: Cohort, chosen: Round) -> Round | None:
    """The last round before it in which something was found."""
    before = [each for each, count in rounds_with_insights(cohort) if count and each.number < chosen.number]
    return before[-1] if before else None


def _rows(insights) -> list[InsightRow]:
    return insight_rows(insights.confirmed().order_by("session__held_on", "session", "confirmed_at", "pk"))


def _rows_of_round(cohort: Cohort, earlier: Round | None) -> list[InsightRow]:
    if earlier is None:
        return []
    found = _rows(Insight.objects.in_cohort(cohort).filter(session__round=earlier))
    return [row for row in found if not row.needs_reading]


def _resolve(gathered: Gathered, rows: Sequence[InsightRow], before: Sequence[InsightRow]) -> None:
    continued = LineageLink.objects.filter(
        kind=LinkKind.CONTINUES,
        insight__in=[row.insight.pk for row in before],
        to_insight__in=[row.insight.pk for row in rows],
    )
    pairs = list(continued.order_by("pk").values_list("insight", "to_insight"))
    kept, again = {one for one, _other in pairs}, {other for _one, other in pairs}
    gone = [row for row in before if row.insight.pk not in kept]
    notes = _numbered([*rows, *gone])
    numbers = {note["code"]: note["n"] for note in notes.values()}
    earlier = said_before([*rows, *gone])
    for number, row in enumerate([*rows, *gone], start=1):
        content = finding_content(number, row, numbers)
        finding = read_finding(content, notes) | {
            "earlier": earlier[row.insight.pk],
            "session": row.insight.session,
            "is_again": row.insight.pk in again,
            "is_example": row.insight.is_example,
        }
        for note in finding["resting"]:
            note.setdefault("findings", []).append(number)
        (gathered.findings if number <= len(rows) else gathered.gone).append(finding)
    gathered.notes = list(notes.values())
    gathered.themes = _themes(gathered.findings, gathered.sessions)


def _numbered(rows: Iterable[InsightRow]) -> dict[int, Content]:
    """Number -> note, session by session and room by room; of the notes that something rests on."""
    found = {note.pk: note for row in rows for note in row.notes}
    ordered = sorted(found.values(), key=_place)
    return {number: _note(number, note) for number, note in enumerate(ordered, start=1)}


def _place(note: Note) -> tuple:
    session, room = note.board.session, note.room
    return (session.held_on, session.pk, *((room.part, room.position) if room else (0, 0)), note.written_at, note.pk)


def _note(number: int, note: Note) -> Content:
    city = str(note.city) if note.city_id else ""
    row = {"n": number, "code": note.code, "city": city, "group": "", "session": str(note.board.session)}
    row |= note_words({"topic": note.topic, "text": note.text})
    return row | {"shown": _("Not revealed yet")} if note.board.is_private else row


def _themes(findings: Sequence[Content], sessions: Sequence[Session]) -> list[ThemeRow]:
    """Themes against the sessions in which something was found; what most of them spoke of comes first."""
    spoke = {finding["session"].pk for finding in findings}
    columns = [session for session in sessions if session.pk in spoke]
    rows: dict[str, dict[int, list[Content]]] = defaultdict(lambda: {session.pk: [] for session in columns})
    for finding in findings:
        for theme in finding["themes"]:
            rows[theme][finding["session"].pk].append(finding)
    spoken = {name: sum(bool(cell) for cell in cells.values()) for name, cells in rows.items()}
    return [
        ThemeRow(name, [(session, rows[name][session.pk]) for session in columns])
        for name in sorted(rows, key=lambda name: (-spoken[name], name))
    ]
