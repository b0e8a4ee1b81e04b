"""A table copied from a spreadsheet or a text program, made into rows. Pure: text in, rows and problems out.

Cells are divided by tabs, rows by line ends; a cell with line ends of its own stands in double quotes, as spreadsheets
copy it. A first row that names columns says which is which; without one the columns come in the order of the form.
"""

import csv
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .kinds import Column, Table
from .kinds.values import text_of, value_of

MOST_CELLS = 5000
FEWEST_NAMED = (
    2  # columns that a first row must name to be taken for a heading; one is enough for a table of one column
)


@dataclass(frozen=True)
class PastedRow:
    """One row. `line` counts the rows of the pasted table from 1; `problems` say what was not understood, column by column."""

    line: int
    values: dict[str, str]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pasted:
    columns: tuple[Column, ...] = ()  # those that the pasted table fills, in its order
    rows: tuple[PastedRow, ...] = ()
    ignored: tuple[str, ...] = ()  # headings that name no column
    problem: str = ""  # why nothing could be read

    @property
    def is_clean(self) -> bool:
        return bool(self.rows) and not self.problem and not any(row.problems for row in self.rows)


def read_pasted(text: str, table: Table, choices: Mapping[str, tuple[tuple[str, object], ...]]) -> Pasted:
    """Rows for `table`. `choices`: column -> (code, words) of what a column of choices or references offers."""
    grid = _grid(text)
    if not grid:
        return Pasted(problem=_("There is no table in what you pasted."))
    if sum(len(cells) for cells in grid) > MOST_CELLS:
        return Pasted(problem=_("This table is too large: paste at most %(most)d cells.") % {"most": MOST_CELLS})
    writable = [column for column in table.columns if column.control != "fact"]
    named = [_named(cell, writable) for cell in grid[0]]
    has_heading = sum(column is not None for column in named) >= min(FEWEST_NAMED, len(writable), len(grid[0]))
    columns = named if has_heading else [*writable, *[None] * len(grid[0])][: max(len(cells) for cells in grid)]
    ignored = [cell for cell, column in zip(grid[0], named, strict=True) if cell and not column] if has_heading else []
    rows = [
        _row(line, cells, columns, choices)
        for line, cells in enumerate(grid, start=1)
        if not (has_heading and line == 1)
    ]
    if not rows:
        return Pasted(problem=_("There are column names and no rows below them."))
    if not has_heading and max(len(cells) for cells in grid) > len(writable):
        return Pasted(
            problem=_("There are more columns than the form has. Put the names of the columns in the first row.")
        )
    return Pasted(tuple(column for column in columns if column), tuple(rows), tuple(ignored))


def _grid(text: str) -> list[list[str]]:
    """Cells without their outer spaces; empty rows are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    reader = csv.reader(io.StringIO(text), delimiter="\t", strict=False)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    rows = [[cell.strip() for cell in row] for row in reader]
    return [row for row in rows if any(row)]


def _named(heading: str, columns: list[Column]) -> Column | None:
    wanted = fold(heading)
    return next((column for column in columns if wanted in (fold(str(column.label)), fold(column.slug))), None)


def _row(line: int, cells: list[str], columns: list[Column | None], choices: Mapping) -> PastedRow:
    values, problems = {}, []
    for cell, column in zip(cells, columns, strict=False):
        if column is None or not cell:
            continue
        try:
            values[column.slug] = _cell(cell, column, choices.get(column.slug, ()))
        except ValueError as error:
            problems.append(f"{column.label}, “{cell[:40]}”: {error}")
    return PastedRow(line, values, tuple(problems))


def _cell(cell: str, column: Column, offered: tuple[tuple[str, object], ...]) -> str:
    if offered or column.control in ("choice", "row", "term", "event"):
        wanted = fold(cell)
        for code, words in offered:
            if wanted in (fold(str(code)), fold(str(words)), fold(str(words).partition(":")[0])):
                return str(code)
        raise ValueError(
            _("choose one of: %(words)s") % {"words": ", ".join(str(words) for _code, words in offered[:9])}
        )
    if column.control == "line":
        cell = " ".join(cell.split())
    return text_of(column, value_of(column, cell))


def fold(text: str) -> str:
    """Lower case, without marks and signs, so that "Influence on…" finds "influence on"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter)).split()
    )
