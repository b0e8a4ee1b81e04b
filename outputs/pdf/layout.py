"""How tables stand on paper: as a grid where it fits, else as an overview and a card for each row. Pure.

Widths are those of the columns in `outputs-print.css`, in millimetres of an A4 page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..tables import Cell, ColumnToRead, RowToRead, TableToRead

PAPER = 159  # beside the number of the row
NAME_WIDTH = 34  # of the first column
WIDTHS = {"scale": 16, "whole": 18, "date": 21, "money": 25, "choice": 23, "number": 18, "text": 40, "link": 30}
OTHER_WIDTH = 26
KEPT_ROWS, KEPT_IN_GRID = 8, 600  # a grid of so many rows and characters is not torn over two pages,
KEPT_IN_CARD = 1100  # nor is a card with so many
BELOW = ("sources",)  # columns that hold no sentences and yet too much for their width: where a fact comes from
# What the overview above the cards shows beside the name; of tables that are not named here, the first that fit.
OVERVIEWS = {
    "stakeholders": ("kind", "influence", "interest", "wanted_role", "owner", "due_on"),
    "candidates": ("effort", "cost_from", "cost_to", "months", "confidence", "verdict"),
    "actions": ("owner", "domain", "status", "endorsed_on"),
}


@dataclass(frozen=True)
class GridRow:
    title: str
    number: int
    cells: Sequence[Cell]
    below: Sequence[Cell] = ()  # texts that find no room beside the others


@dataclass(frozen=True)
class Grid:
    """A table as it is printed. `titled`: each row begins with its name, which is not among the columns."""

    label: str
    titled: bool
    columns: Sequence[ColumnToRead]
    rows: Sequence[GridRow]
    totals: Sequence[str] = ()

    @property
    def span(self) -> int:
        return len(self.columns) + self.titled

    @property
    def is_kept(self) -> bool:
        """Small enough to stand on one page."""
        characters = sum(len(cell.words) for row in self.rows for cell in row.cells)
        return len(self.rows) <= KEPT_ROWS and characters <= KEPT_IN_GRID and not any(row.below for row in self.rows)


@dataclass(frozen=True)
class Card:
    """One row that needs more room than a line: short facts in pairs, texts in full, its own tables."""

    code: str
    number: int
    title: str
    facts: Sequence[Sequence[Cell]]  # two to a line
    texts: Sequence[Cell]
    lines: Sequence[tuple[str, Sequence[Cell]]]  # tables of one row: (name, what is filled in)
    grids: Sequence[Grid]

    @property
    def is_kept(self) -> bool:
        """Short enough to stand on one page."""
        cells = [*self.texts, *(cell for pair in self.facts for cell in pair)]
        return not self.grids and sum(len(cell.words) for cell in cells) <= KEPT_IN_CARD


@dataclass
class PrintedTable:
    slug: str
    label: str
    grid: Grid | None = None
    cards: list[Card] = field(default_factory=list)
    facts: Sequence[Cell] = ()  # of a record: one row alone
    texts: Sequence[Cell] = ()


def print_table(table: TableToRead) -> PrintedTable:
    """A table that hangs on no other one."""
    if table.is_record:
        filled = [cell for row in table.rows for cell in row.cells if cell.value]
        return PrintedTable(
            table.slug,
            table.label,
            facts=[cell for cell in filled if not cell.column.is_long],
            texts=[cell for cell in filled if cell.column.is_long],
        )
    if not any(row.tables for row in table.rows):
        if _width(table.columns, titled=table.is_keyed) <= PAPER:
            return PrintedTable(table.slug, table.label, grid=_grid(table, table.columns))
        short = [column for column in table.columns if not _stands_below(column)]
        if sum(column.is_long for column in table.columns) == 1 and _width(short, titled=table.is_keyed) <= PAPER:
            return PrintedTable(table.slug, table.label, grid=_grid(table, table.columns, spills=True))
    return PrintedTable(table.slug, table.label, grid=_overview(table), cards=[_card(row) for row in table.rows])


def _overview(table: TableToRead) -> Grid:
    wanted = OVERVIEWS.get(table.slug)
    first, *others = table.columns
    chosen = [first]
    for column in others:
        is_wanted = column.slug in wanted if wanted else not column.is_long
        if is_wanted and _width([*chosen, column], titled=False) <= PAPER:
            chosen.append(column)
    return _grid(table, chosen)


def _grid(table: TableToRead, columns: Sequence[ColumnToRead], *, spills: bool = False) -> Grid:
    """`columns` beside each other; with `spills` their texts below each row."""
    shown = [column for column in columns if not (spills and _stands_below(column))]
    rows = [
        GridRow(
            title=row.title if table.is_keyed else "",
            number=row.number,
            cells=[row.by_column[column.slug] for column in shown],
            below=[cell for cell in row.cells if spills and _stands_below(cell.column) and cell.value],
        )
        for row in table.rows
    ]
    totals = dict(zip([column.slug for column in table.columns], table.totals, strict=False))
    sums = [totals.get(column.slug, "") for column in shown]
    return Grid(table.label, table.is_keyed, shown, rows, sums if any(sums) else ())


def _card(row: RowToRead) -> Card:
    filled = [cell for cell in row.cells[0 if row.label else 1 :] if cell.value]
    facts = [cell for cell in filled if not cell.column.is_long]
    tables = [table for table in row.tables if not table.is_empty]
    return Card(
        code=row.code,
        number=row.number,
        title=row.title,
        facts=[facts[start : start + 2] for start in range(0, len(facts), 2)],
        texts=[cell for cell in filled if cell.column.is_long],
        lines=[(table.label, _line(table.rows[0])) for table in tables if len(table.rows) == 1],
        grids=[_small_grid(table) for table in tables if len(table.rows) > 1],
    )


def _stands_below(column: ColumnToRead) -> bool:
    """Whether it stands below its row where there is no room beside the others."""
    return column.is_long or column.slug in BELOW


def _line(row: RowToRead) -> list[Cell]:
    return [cell for cell in row.cells if cell.value]


def _small_grid(table: TableToRead) -> Grid:
    """A table inside a card: without columns that nobody filled in."""
    filled = [column for column in table.columns if any(row.value(column.slug) for row in table.rows)]
    return _grid(table, filled, spills=_width(filled, titled=table.is_keyed) > PAPER)


def _width(columns: Sequence[ColumnToRead], *, titled: bool) -> int:
    """What these columns need; the first, or the name of the row, needs room for a name."""
    widths = [WIDTHS.get(column.control, OTHER_WIDTH) for column in columns]
    return sum(widths if titled else widths[1:]) + NAME_WIDTH
