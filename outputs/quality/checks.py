"""What a check is, and the rules that every kind shares: what is needed is there, nothing is too long."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ..kinds import Field, Section, Table

Content = dict[str, Any]
Words = str | Promise


class Level(StrEnum):
    ERROR = "error"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and whether it is met. `section` and `anchor` say where to mend it; see `Comment.anchor`.

    `rule` names the rule: with the anchor it tells which hint a reason answers. `table` and `row` are the table and the
    code of the outermost row that the place stands in. `reason`: why a hint was left open.
    """

    level: Level
    text: Words
    section: str
    anchor: str = ""
    is_met: bool = False
    rule: str = ""
    table: str = ""
    row: str = ""
    reason: str = ""

    @property
    def blocks(self) -> bool:
        return self.level == Level.ERROR and not self.is_met

    @property
    def is_open_hint(self) -> bool:
        return self.level == Level.HINT and not self.is_met and not self.reason

    @property
    def key(self) -> tuple[str, str]:
        return (self.rule, self.anchor)


def count_words(text: str) -> int:
    return len(text.split())


def check_field(field: Field, text: str, section: str) -> Iterator[Check]:
    anchor = f"answer:{field.slug}"
    if field.is_required and not text.strip():
        yield Check(Level.ERROR, _("%(field)s: nothing is written yet") % {"field": field.label}, section, anchor)
    yield from too_long(field.label, text, field.words, section, anchor)


def too_long(label: object, text: str, limit: int, section: str, anchor: str, **where: str) -> Iterator[Check]:
    surplus = count_words(text) - limit
    if limit and surplus > 0:
        words = ngettext_lazy("%(label)s: shorten it by %(n)d word", "%(label)s: shorten it by %(n)d words", surplus)
        yield Check(Level.ERROR, words % {"label": label, "n": surplus}, section, anchor, **where)


# --- Tables -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a content, with what is needed to speak about it and to find it."""

    table: Table
    code: str
    number: int
    values: dict[str, str]
    section: str
    label: str = ""
    parent: "Row | None" = None

    @property
    def root(self) -> "Row":
        return self.parent.root if self.parent else self

    @property
    def name(self) -> str:
        """ "Action 2, step 1": which row a sentence speaks of."""
        if self.table.is_record:
            return str(self.table.label)
        own = self.label or f"{self.table.one} {self.number}"
        return f"{self.parent.name}, {own}" if self.parent else own[:1].upper() + own[1:]

    def value(self, slug: str) -> str:
        return self.values.get(slug, "").strip()

    def check(self, level: Level, text: Words, column: str = "", *, rule: str = "", is_met: bool = False) -> Check:
        """A check of this row, at one of its columns or at the first."""
        anchor = self.table.place(self.code, column or self.table.title.slug)
        root = self.root
        return Check(
            level,
            text,
            self.section,
            anchor,
            is_met=is_met,
            rule=rule,
            table=root.table.slug,
            row=root.code,
        )


class Rows:
    """All rows of a content by their table."""

    def __init__(self, content: Content, sections: tuple[Section, ...]) -> None:
        self._by_table: dict[str, list[Row]] = {}
        found: dict[str, Row] = {}
        written = {table["slug"]: (s["slug"], table) for s in content["sections"] for table in s.get("tables", [])}
        for spec in (table for section in sections for table in section.tables):  # a parent stands before its children
            section, table = written.get(spec.slug, ("", {"rows": []}))
            counted: dict[str, int] = {}
            for row in table["rows"]:
                counted[row["parent"]] = counted.get(row["parent"], 0) + 1
                read = Row(
                    spec,
                    row["code"],
                    counted[row["parent"]],
                    row["values"],
                    section,
                    label=row.get("label", ""),
                    parent=found.get(row["parent"]),
                )
                found[row["code"]] = read
                self._by_table.setdefault(spec.slug, []).append(read)

    def of(self, slug: str) -> list[Row]:
        return self._by_table.get(slug, [])

    def below(self, parent: Row, slug: str) -> list[Row]:
        return [row for row in self.of(slug) if row.parent and row.parent.code == parent.code]


def check_table(table: Table, section: str, rows: list[Row]) -> Iterator[Check]:
    """How many rows there are, and that each holds what it needs and no more words than it may."""
    if table.fewest and not table.parent:
        yield Check(
            Level.ERROR,
            _("%(label)s: there are %(fewest)d to %(most)d")
            % {"label": table.label, "fewest": table.fewest, "most": table.most},
            section,
            table_anchor(table.slug),
            is_met=table.fewest <= len(rows) <= table.most,
        )
    for row in rows:
        for column in table.columns:
            if column.is_required and not row.value(column.slug):
                text = _("%(row)s: “%(column)s” is missing") % {"row": row.name, "column": column.label}
                yield row.check(Level.ERROR, text, column.slug)
            where = {"table": row.root.table.slug, "row": row.root.code}
            label = f"{row.name}, {column.label}"
            anchor = table.place(row.code, column.slug)
            yield from too_long(label, row.value(column.slug), column.words, section, anchor, **where)


def table_anchor(slug: str) -> str:
    """The place of a whole table."""
    return f"table:{slug}"
