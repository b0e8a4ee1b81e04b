"""The tables of a content made ready to be read: for pages, pictures, PDF, Word and spreadsheets. Pure.

Content of format /2 has `tables` in its sections, see `selectors.content`; content of /1 has none, which reads as empty.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.utils.formats import date_format, number_format

NUMBERS = ("money", "number", "whole", "scale")
LONG = ("text",)
SUMMED = "amount"  # other columns of money are estimates, whose sum would say nothing
NARROW_SPACE = "\u00a0"


@dataclass(frozen=True)
class ColumnToRead:
    slug: str
    label: str
    control: str
    unit: str = ""

    @property
    def is_number(self) -> bool:
        return self.control in NUMBERS

    @property
    def is_long(self) -> bool:
        """Holds sentences, not a word or a figure."""
        return self.control in LONG


@dataclass(frozen=True)
class Cell:
    """One value: as it is stored, and in words."""

    column: ColumnToRead
    value: str
    words: str

    def __str__(self) -> str:
        return self.words


@dataclass
class RowToRead:
    code: str
    number: int
    label: str  # of a row that is there by its key: its name
    cells: list[Cell]
    tables: list["TableToRead"] = field(default_factory=list)  # those that hang on this row

    @cached_property
    def by_column(self) -> dict[str, Cell]:
        return {cell.column.slug: cell for cell in self.cells}

    def value(self, slug: str) -> str:
        cell = self.by_column.get(slug)
        return cell.value if cell else ""

    def words(self, slug: str) -> str:
        cell = self.by_column.get(slug)
        return cell.words if cell else ""

    @property
    def title(self) -> str:
        return self.label or (self.cells[0].words if self.cells else "")

    @property
    def is_empty(self) -> bool:
        return not any(cell.value for cell in self.cells) and not any(table.rows for table in self.tables)

    def table(self, slug: str) -> "TableToRead | None":
        return next((table for table in self.tables if table.slug == slug), None)

    def rows_of(self, slug: str) -> list["RowToRead"]:
        table = self.table(slug)
        return table.rows if table else []


@dataclass
class TableToRead:
    slug: str
    label: str
    columns: list[ColumnToRead]
    rows: list[RowToRead]
    is_record: bool = False  # one row alone, there from the beginning

    @property
    def is_keyed(self) -> bool:
        """Whether its rows are there by their keys, so that their names stand beside the columns."""
        return any(row.label for row in self.rows)

    @property
    def is_empty(self) -> bool:
        return all(row.is_empty for row in self.rows)

    def total(self, slug: str) -> Decimal:
        return sum((amount_of(row.value(slug)) for row in self.rows), Decimal(0))

    @property
    def totals(self) -> list[str]:
        """The sum below the column of amounts in words, empty below the others; empty without two rows to add."""
        if len(self.rows) < 2 or not any(column.slug == SUMMED for column in self.columns):
            return []
        return [
            words_of(column, str(self.total(column.slug))) if column.slug == SUMMED else "" for column in self.columns
        ]


def read_tables(section: dict[str, Any]) -> list[TableToRead]:
    """The tables of a section that hang on no other one; each row carries those that hang on it."""
    tables = section.get("tables", [])
    return [_table(table, tables, "") for table in tables if not table.get("parent")]


def tables_of(content: dict[str, Any]) -> dict[str, TableToRead]:
    """Slug -> table, of the whole content; those that hang on rows are found at their rows."""
    return {table.slug: table for section in content["sections"] for table in read_tables(section)}


def _table(table: dict[str, Any], tables: list[dict[str, Any]], parent: str) -> TableToRead:
    columns = [
        ColumnToRead(each["slug"], each["label"], each["control"], each.get("unit", "")) for each in table["columns"]
    ]
    present = sorted(
        (row for row in table["rows"] if row.get("parent", "") == parent), key=lambda row: row.get("position", 0)
    )
    children = [each for each in tables if each.get("parent") == table["slug"]]
    rows = [
        RowToRead(
            code=row["code"],
            number=number,
            label=row.get("label", ""),
            cells=[_cell(column, row) for column in columns],
            tables=[_table(child, tables, row["code"]) for child in children],
        )
        for number, row in enumerate(present, start=1)
    ]
    return TableToRead(table["slug"], table["label"], columns, rows, table.get("is_record", False))


def _cell(column: ColumnToRead, row: dict[str, Any]) -> Cell:
    value = row["values"].get(column.slug, "")
    return Cell(column, value, row.get("labels", {}).get(column.slug) or words_of(column, value))


def words_of(column: ColumnToRead, value: str) -> str:
    """A value in the words and marks of the active language. What cannot be understood is shown as it is."""
    if not value:
        return ""
    if column.control == "date":
        day = day_of(value)
        return date_format(day, "j M Y") if day else value
    if column.control in ("money", "number"):
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        places = 0 if number == number.to_integral_value() else max(0, -number.as_tuple().exponent)
        value = number_format(number, decimal_pos=places, force_grouping=True, use_l10n=True)
    return f"{value}{NARROW_SPACE}{column.unit}" if column.unit else value


def amount_of(value: str) -> Decimal:
    """A stored amount; nothing where none is stored."""
    try:
        return Decimal(value or 0)
    except InvalidOperation:
        return Decimal(0)


def day_of(value: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value) if value else None
    except ValueError:
        return None
