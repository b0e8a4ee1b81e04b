"""Where something comes from and what was made of it, in both directions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outputs.models import Output, PlanAction, TransferCandidate
from outputs.registry import Trace
from twinning.core.pictures import coverage as matrix

from ..models import Guest, Insight, LineageLink, Note, Room, Session
from ..states import InsightState, LinkKind, NoteState


@dataclass
class Family:
    """Everything around one insight besides its notes."""

    earlier: list[LineageLink] = field(default_factory=list)  # continues
    later: list[LineageLink] = field(default_factory=list)
    merged: list[Insight] = field(default_factory=list)
    merged_into: Insight | None = None
    split_off: list[Insight] = field(default_factory=list)
    split_from: Insight | None = None
    built: list[LineageLink] = field(default_factory=list)  # actions and practices that the reader may see
    hidden: int = 0  # those of outputs that the reader may not see
    recommended: list[LineageLink] = field(default_factory=list)


def family_of(insight: Insight, user) -> Family:
    """Three queries. What cities build is shown as far as the reader sees their outputs; the rest is counted."""
    family = Family()
    origins = insight.origins.exclude(kind=LinkKind.EVIDENCE).select_related("insight__session__round").order_by("pk")
    for link in origins:
        if link.kind == LinkKind.CONTINUES:
            family.earlier.append(link)
        elif link.kind == LinkKind.MERGED:
            family.merged.append(link.insight)
        else:
            family.split_from = link.insight
    uses = insight.uses.select_related(
        "to_insight__session__round",
        "to_recommendation__report__session",
        "to_action__output__participation__city",
        "to_candidate__output__participation__city",
    ).order_by("pk")
    seen = set(Output.objects.visible_to(user).order_by("pk").values_list("pk", flat=True))
    for link in uses:
        _sort_use(family, link, seen)
    return family


def _sort_use(family: Family, link: LineageLink, seen: set[int]) -> None:
    if link.kind == LinkKind.CONTINUES:
        family.later.append(link)
    elif link.kind == LinkKind.MERGED:
        family.merged_into = link.to_insight
    elif link.kind == LinkKind.SPLIT:
        family.split_off.append(link.to_insight)
    elif link.kind == LinkKind.RECOMMENDED:
        family.recommended.append(link)
    else:
        row = link.to_action or link.to_candidate
        if row.removed_at is not None:
            return
        if row.output_id in seen:
            family.built.append(link)
        else:
            family.hidden += 1


@dataclass
class NoteUse:
    """What became of a note."""

    insights: list[Insight] = field(default_factory=list)
    is_quoted: bool = False
    recommendations: int = 0
    built: int = 0  # actions and practices


def use_of(note: Note) -> NoteUse:
    """Four queries."""
    use = NoteUse()
    use.is_quoted = note.uses.filter(kind=LinkKind.QUOTATION).exists()
    standing = Insight.objects.standing().filter(origins__note=note, origins__kind=LinkKind.EVIDENCE)
    use.insights = list(standing.select_related("session__round").order_by("pk"))
    onward = LineageLink.objects.filter(insight__in=use.insights)
    kinds = Counter(onward.order_by("pk").values_list("kind", flat=True))
    use.recommendations = kinds[LinkKind.RECOMMENDED]
    use.built = kinds[LinkKind.ACTION] + kinds[LinkKind.CANDIDATE]
    return use


def traces_of(row: PlanAction | TransferCandidate, user) -> list[Trace]:
    """From which insights an action or a practice grew; registered with the page of the row. One query."""
    end = "to_action" if isinstance(row, PlanAction) else "to_candidate"
    links = (
        LineageLink.objects.filter(**{end: row})
        .annotate(
            notes=_evidence_of(OuterRef("insight"), Count("pk")),
            cities=_evidence_of(OuterRef("insight"), Count("note__city", distinct=True)),
            is_seen=Exists(Insight.objects.visible_to(user).filter(pk=OuterRef("insight"))),
        )
        .select_related("insight__session__round")
        .order_by("pk")
    )
    return [
        Trace(
            title=link.insight.statement,
            detail=_trace_words(link.insight, link.notes, link.cities),
            url=link.insight.get_absolute_url() if link.is_seen else "",
        )
        for link in links
    ]


def _evidence_of(insight: OuterRef, counted: Count) -> Coalesce:
    """A count over the notes that stand under an insight, inside a query of something else."""
    evidence = LineageLink.objects.filter(kind=LinkKind.EVIDENCE, to_insight=insight, note__state=NoteState.PLACED)
    return Coalesce(Subquery(evidence.order_by().values("to_insight").annotate(n=counted).values("n")), 0)


def _trace_words(insight: Insight, notes: int, cities: int) -> str:
    words = [
        ngettext("%(n)d note", "%(n)d notes", notes) % {"n": notes},
        ngettext("%(n)d city", "%(n)d cities", cities) % {"n": cities},
        str(insight.session),
    ]
    if insight.state != InsightState.CONFIRMED:
        words.append(insight.get_state_display())
    return ", ".join(words)


def traces_url(row: PlanAction | TransferCandidate) -> str:
    """Where the city says from which insights a row grew."""
    kind = "action" if isinstance(row, PlanAction) else "practice"
    return reverse("sensemaking:row-origins", args=[kind, row.code])


# --- coverage -----------------------------------------------------------------------------------------------------------


@dataclass
class Cell:
    """Notes of one city in one room (or session), and how many of them stand under a confirmed insight."""

    notes: int = 0
    reached: int = 0


@dataclass
class CoverageRow:
    """A city: its notes by column. `was_there` without a note is a voice that was not heard."""

    name: str
    group: str
    cells: list[Cell]
    was_there: bool = True

    @property
    def notes(self) -> int:
        return sum(cell.notes for cell in self.cells)

    @property
    def reached(self) -> int:
        return sum(cell.reached for cell in self.cells)


@dataclass
class Coverage:
    """Whose voice reached the insights: cities against rooms, with totals by room and by cohort, and the orphans."""

    columns: list[str]
    rows: list[CoverageRow]
    orphans: list[Note]
    groups: list[CoverageRow]

    @property
    def totals(self) -> list[Cell]:
        return [
            Cell(sum(row.cells[place].notes for row in self.rows), sum(row.cells[place].reached for row in self.rows))
            for place in range(len(self.columns))
        ]

    @property
    def notes(self) -> int:
        return sum(row.notes for row in self.rows)

    @property
    def reached(self) -> int:
        return sum(row.reached for row in self.rows)

    @property
    def tabled(self) -> list[dict[str, Any]]:
        """Cities with notes, as picture and table show them, and as editions of a report keep them. The silent are named."""
        return [
            {"name": row.name, "group": row.group, "cells": [[cell.notes, cell.reached] for cell in row.cells]}
            for row in self.rows
            if row.notes
        ]

    @property
    def drawn(self) -> list[matrix.City]:
        return drawn_cities((row["name"], row["cells"]) for row in self.tabled)

    @property
    def unheard(self) -> list[CoverageRow]:
        """Cities that were there and of which no note reached an insight."""
        return [row for row in self.rows if row.was_there and not row.reached]


def coverage_of(sessions: Sequence[Session], *, by_session: bool = False) -> Coverage:
    """Cities against the rooms of one session, or against sessions. Five queries."""
    ids = [session.pk for session in sessions]
    notes = list(
        Note.objects.filter(board__session__in=ids, state=NoteState.PLACED)
        .select_related("room", "city", "board__session")
        .order_by("room__part", "room__position", "written_at", "pk")
    )
    reached = set(
        LineageLink.objects.filter(
            kind=LinkKind.EVIDENCE, note__board__session__in=ids, to_insight__state=InsightState.CONFIRMED
        )
        .order_by("pk")
        .values_list("note", flat=True)
    )
    columns = _columns(sessions, notes, by_session=by_session)
    places = {key: place for place, (key, _label) in enumerate(columns)}
    rows = _city_rows(ids, len(columns))
    nobody = CoverageRow(_("No city named"), "", [Cell() for _column in columns], was_there=False)
    for note in notes:
        row = rows.get(note.city_id) if note.city_id else nobody
        if row is None:  # a note of a city that nobody has on the list any more
            row = rows[note.city_id] = CoverageRow(str(note.city), "", [Cell() for _column in columns])
        cell = row.cells[places[note.board.session_id if by_session else note.room_id]]
        cell.notes += 1
        cell.reached += note.pk in reached
    listed = sorted(rows.values(), key=lambda row: (row.name, row.group))
    listed += [nobody] if nobody.notes else []
    return Coverage(
        columns=[label for _key, label in columns],
        rows=listed,
        orphans=[note for note in notes if note.pk not in reached],
        groups=_by_group(listed, len(columns)),
    )


def _columns(sessions: Sequence[Session], notes: Iterable[Note], *, by_session: bool) -> list[tuple[int | None, str]]:
    if by_session:
        return [(session.pk, str(session)) for session in sessions]
    rooms = Room.objects.filter(session__in=[session.pk for session in sessions]).order_by("part", "position", "pk")
    columns: list[tuple[int | None, str]] = [(room.pk, str(room)) for room in rooms]
    if not columns or any(note.room_id is None for note in notes):
        columns.append((None, _("For all")))
    return columns


def _city_rows(sessions: list[int], width: int) -> dict[int, CoverageRow]:
    """City -> its empty row, of everybody on the lists; the group is the cohort they came with."""
    guests = (
        Guest.objects.filter(session__in=sessions)
        .exclude(city=None)
        .select_related("city", "participation__cohort", "hosting__cohort")
        .order_by("pk")
    )
    rows: dict[int, CoverageRow] = {}
    for guest in guests:
        came = guest.participation or guest.hosting
        row = rows.setdefault(
            guest.city_id, CoverageRow(str(guest.city), "", [Cell() for _column in range(width)], False)
        )
        row.was_there = row.was_there or guest.state != "away"
        row.group = row.group or (str(came.cohort) if came else "")
    return rows


def _by_group(rows: Iterable[CoverageRow], width: int) -> list[CoverageRow]:
    groups: dict[str, CoverageRow] = {}
    for row in rows:
        name = row.group or _("No cohort named")
        group = groups.setdefault(name, CoverageRow(name, name, [Cell() for _column in range(width)]))
        for mine, theirs in zip(group.cells, row.cells, strict=True):
            mine.notes += theirs.notes
            mine.reached += theirs.reached
    return sorted(groups.values(), key=lambda row: row.name)


def drawn_cities(rows: Iterable[tuple[str, Sequence[Sequence[int]]]]) -> list[matrix.City]:
    """(name, (notes, reached) by column) of cities, as the matrix draws them."""
    drawn = []
    for name, cells in rows:
        notes, reached = sum(cell[0] for cell in cells), sum(cell[1] for cell in cells)
        words = _("%(reached)d of %(notes)d") % {"reached": reached, "notes": notes} if notes else _("no note")
        drawn.append(matrix.City(name, tuple((cell[0], cell[1]) for cell in cells), words))
    return drawn
