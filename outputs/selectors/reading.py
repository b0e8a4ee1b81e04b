"""Content made ready to be read: the same for a draft's page, a frozen version, the print and the PDF. Asks no query."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twinning.core.pictures import objectives as pictures

from ..compare import Difference, RowChange, TextChange
from ..kinds import HOST_OBJECTIVES, OBJECTIVES, Part
from ..pictures import drawn_of
from ..states import ActivityKind, LearningType, ObjectiveState
from ..tables import Cell, RowToRead, TableToRead, read_tables
from .facts import Fact

Words = str | Promise
MOST_IN_GRID = 5  # columns


@dataclass
class Passage:
    """One text with its label, the place it stands at and the comments there."""

    label: Words
    text: str
    anchor: str
    comments: list = field(default_factory=list)
    change: TextChange | None = None  # since the version before


@dataclass
class ObjectiveToRead:
    number: int
    code: str
    question: str
    passages: list[Passage]  # all but the question
    learning_type: Words
    activity: Words
    event: str
    owner: str
    due_on: datetime.date | None
    state: str
    state_label: Words
    comments: list = field(default_factory=list)
    change: RowChange | None = None

    @property
    def anchor(self) -> str:
        return f"objective:{self.code}"

    @property
    def short_type(self) -> str:
        """The kind of learning in one word: its label explains itself after a colon."""
        return str(self.learning_type).partition(":")[0]

    @property
    def occasion(self) -> Words:
        """The event where there is one, else the kind of activity."""
        return self.event or self.activity


@dataclass
class Picture:
    """What the tag `objectives_timeline` wants."""

    rows: list[pictures.Objective]
    occasions: list[pictures.Occasion]
    starts_on: datetime.date
    ends_on: datetime.date


@dataclass
class CommentedRow:
    """A row of a table with the comments on it, and the tables that hang on it."""

    row: RowToRead
    anchor: str
    comments: list
    tables: list["CommentedTable"]
    change: RowChange | None = None
    fact: Fact | None = None  # what the host says about it

    @property
    def below(self) -> list["CommentedRow"]:
        """The rows that hang on it."""
        return [row for table in self.tables for row in table.rows]

    @property
    def cells(self) -> list[Cell]:
        """What was written besides the name of the row."""
        return [cell for cell in self.row.cells[0 if self.row.label else 1 :] if cell.value]


@dataclass
class CommentedTable:
    table: TableToRead
    rows: list[CommentedRow]

    @property
    def is_grid(self) -> bool:
        """Narrow enough to stand as a table; else each row is a passage of its own."""
        return len(self.table.columns) <= MOST_IN_GRID and not any(row.tables for row in self.rows)


@dataclass
class SectionToRead:
    slug: str
    title: str
    number: int
    part: str
    passages: list[Passage]
    domains: list[str] = field(default_factory=list)
    levers: list[str] = field(default_factory=list)
    objectives: list[ObjectiveToRead] = field(default_factory=list)
    picture: Picture | None = None
    tables: list[CommentedTable] = field(default_factory=list)
    drawn: dict[str, Any] = field(default_factory=dict)  # as of `outputs.pictures.drawn_of`

    @property
    def is_empty(self) -> bool:
        is_written = any(each.text for each in self.passages) or any(not each.table.is_empty for each in self.tables)
        return not (self.domains or self.levers or self.objectives or is_written)


def read_content(
    content: dict[str, Any],
    comments: Iterable = (),
    changes: Difference | None = None,
    facts: Iterable[Fact] = (),
) -> list[SectionToRead]:
    """The sections of a content, without the final check. Comments, changes and facts are hung where their anchors say."""
    at = _by_anchor(comments)
    sections = [
        _section(section, number, content, at)
        for number, section in enumerate(content["sections"], start=1)
        if section["part"] != Part.CHECK
    ]
    if changes:
        _hang_changes(sections, changes)
    checked = {fact.anchor: fact for fact in facts}
    for row in (row for section in sections for table in section.tables for row in table.rows):
        row.fact = checked.get(row.anchor)
    return sections


def _hang_changes(sections: list[SectionToRead], changes: Difference) -> None:
    """What was removed hangs nowhere here: it is told above the content."""
    texts = {change.anchor: change for change in changes.texts()}
    rows = {change.anchor: change for change in changes.rows()}
    for section in sections:
        for passage in section.passages:
            passage.change = texts.get(passage.anchor)
        owners = [row for table in section.tables for row in table.rows]
        for row in [*section.objectives, *owners, *(below for owner in owners for below in owner.below)]:
            row.change = rows.get(row.anchor)


def general_comments(content: dict[str, Any], comments: Iterable) -> list:
    """Comments on the whole, and those whose place is not in this content."""
    known = {""}
    for section in read_content(content):
        known |= {passage.anchor for passage in section.passages}
        for row in section.objectives:
            known |= {row.anchor, f"{row.anchor}:question", *(passage.anchor for passage in row.passages)}
        known |= set(_anchors_in(section.tables))
    return [comment for comment in comments if comment.anchor == "" or comment.anchor not in known]


def _anchors_in(tables: list[CommentedTable]) -> Iterable[str]:
    for table in tables:
        for row in table.rows:
            yield row.anchor
            yield from (f"{row.anchor}:{cell.column.slug}" for cell in row.row.cells)
            yield from _anchors_in(row.tables)


def _by_anchor(comments: Iterable) -> dict[str, list]:
    at: dict[str, list] = {}
    for comment in comments:
        at.setdefault(comment.anchor, []).append(comment)
    return at


def _section(section: dict[str, Any], number: int, content: dict[str, Any], at: dict[str, list]) -> SectionToRead:
    rows = [_objective(row, n, section["part"], at) for n, row in enumerate(section.get("objectives", []), start=1)]
    passages = [
        Passage(each["label"], each["text"], f"answer:{each['slug']}", at.get(f"answer:{each['slug']}", []))
        for each in section["fields"]
    ]
    tables = [_table(table, at) for table in read_tables(section)]
    return SectionToRead(
        slug=section["slug"],
        title=section["title"],
        number=number,
        part=section["part"],
        passages=passages,
        domains=[term["label"] for term in section.get("domains", [])],
        levers=[term["label"] for term in section.get("levers", [])],
        objectives=rows,
        picture=_picture(rows, content),
        tables=tables,
        drawn=drawn_of(content, {each.table.slug for each in tables if each.rows}),
    )


def _table(table: TableToRead, at: dict[str, list]) -> CommentedTable:
    rows = []
    for row in table.rows:
        anchor = f"row:{table.slug}:{row.code}"
        comments = [comment for place in _places(row, anchor) for comment in at.get(place, [])]
        rows.append(CommentedRow(row, anchor, comments, [_table(child, at) for child in row.tables]))
    return CommentedTable(table, rows)


def _places(row: RowToRead, anchor: str) -> list[str]:
    return [anchor, *(f"{anchor}:{cell.column.slug}" for cell in row.cells)]


def _objective(row: dict[str, Any], number: int, part: str, at: dict[str, list]) -> ObjectiveToRead:
    anchor = f"objective:{row['code']}"
    table = HOST_OBJECTIVES if part == Part.HOST_OBJECTIVES else OBJECTIVES
    passages = [
        Passage(each.label, row[each.slug], f"{anchor}:{each.slug}", at.get(f"{anchor}:{each.slug}", []))
        for each in table.columns
        if each.control in ("text", "line") and each.slug != "question"
    ]
    return ObjectiveToRead(
        number=number,
        code=row["code"],
        question=row["question"],
        passages=passages,
        learning_type=_label(LearningType, row["learning_type"]),
        activity=_label(ActivityKind, row["activity"]),
        event=row["event"]["label"] if row["event"] else "",
        owner=row["owner"],
        due_on=_day(row["due_on"]) or (_day(row["event"]["on"]) if row["event"] else None),
        state=row["state"],
        state_label=_label(ObjectiveState, row["state"]),
        comments=at.get(anchor, []) + at.get(f"{anchor}:question", []),
    )


def _label(enumeration, value: str) -> Words:
    return enumeration(value).label if value in enumeration.values else value


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _picture(rows: list[ObjectiveToRead], content: dict[str, Any]) -> Picture | None:
    """The rows over the cohort's time; None without rows or without any date."""
    cohort = content["cohort"]
    days = [row.due_on for row in rows if row.due_on]
    starts_on, ends_on = _day(cohort["starts_on"]), _day(cohort["ends_on"])
    if not rows or not (days or (starts_on and ends_on)):
        return None
    starts_on, ends_on = starts_on or min(days), ends_on or max(days)
    return Picture(
        rows=[
            pictures.Objective(
                number=row.number,
                question=row.question or str(_("(no question yet)")),
                starts_on=starts_on,
                on=row.due_on,
                activity=str(row.occasion),
                is_answered=row.state == ObjectiveState.ANSWERED,
            )
            for row in rows
        ],
        occasions=[pictures.Occasion(_day(visit["on"]), visit["label"]) for visit in content["visits"]],
        starts_on=starts_on,
        ends_on=ends_on,
    )
