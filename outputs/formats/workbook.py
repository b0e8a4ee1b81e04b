"""The tables of a version as a spreadsheet: one sheet for each table, dates as dates, amounts as numbers, texts never as formulas."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ..models import OutputVersion
from ..tables import Cell, ColumnToRead, RowToRead, TableToRead, day_of, read_tables

MOST_CHARACTERS = 32_767  # of one cell
LONG_NAME = 31  # of a sheet
WIDTHS = {"text": 60, "line": 34, "link": 40, "date": 14, "scale": 10, "whole": 10}
OTHER_WIDTH = 24
FORMATS = {"money": "#,##0.00", "number": "#,##0.###", "date": "yyyy-mm-dd", "whole": "0", "scale": "0"}
NUMBERS = ("money", "number", "whole", "scale")


@dataclass(frozen=True)
class SheetRow:
    """A row with those that it hangs on, the outermost first."""

    above: tuple[RowToRead, ...]
    row: RowToRead


def render_workbook(version: OutputVersion) -> bytes:
    """A cover, the prose, and a sheet for each table of the content. In the language of the version."""
    content, file = version.content, io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with translation.override(version.language), xlsxwriter.Workbook(file, options) as workbook:
        workbook.set_properties(
            {
                "title": f"{content['label']} – {content['twin']['name']}",
                "created": version.submitted_at.replace(tzinfo=None),
            }
        )
        book = _Book(workbook)
        book.write_pairs(_("About"), _about(version))
        book.write_pairs(
            _("Texts"), [(field["label"], field["text"]) for s in content["sections"] for field in s["fields"]]
        )
        for section in content["sections"]:
            for table in read_tables(section):
                book.write_table(table)
            for name, rows in _objectives(section):
                book.write_plain(name, rows)
    return file.getvalue()


class _Book:
    """A workbook being written."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.names: set[str] = set()
        top = {"valign": "top"}
        self.head = workbook.add_format(
            {"bold": True, "bg_color": "#DCE8F2", "text_wrap": True, "valign": "vcenter", "bottom": 1}
        )
        self.label = workbook.add_format({"bold": True, "text_wrap": True, **top})
        self.text = workbook.add_format({"text_wrap": True, **top})
        self.formats: dict[str, Format] = {
            control: workbook.add_format({"num_format": shape, **top}) for control, shape in FORMATS.items()
        }

    def sheet(self, name: str) -> Worksheet:
        """A new sheet under a name that spreadsheets accept and that no other sheet has."""
        plain = re.sub(r"[\[\]:*?/\\'’]", " ", name).strip()[:LONG_NAME] or "-"
        unique, count = plain, 2
        while unique.lower() in self.names:
            unique, count = f"{plain[: LONG_NAME - 4]} {count}", count + 1
        self.names.add(unique.lower())
        return self.workbook.add_worksheet(unique)

    def write_pairs(self, name: str, pairs: list[tuple[str, str]]) -> None:
        page = self.sheet(name)
        page.set_column(0, 0, 28)
        page.set_column(1, 1, 100)
        for row, (label, text) in enumerate(pairs):
            page.write_string(row, 0, str(label), self.label)
            page.write_string(row, 1, _fitting(text), self.text)

    def write_table(self, table: TableToRead) -> None:
        """The table, and after it those that hang on its rows, each on its own sheet with the rows it hangs on named."""
        for name, levels, columns, rows in _sheets(table):
            page = self.sheet(name)
            heads = [*levels, _("No."), *([_("What")] if any(each.row.label for each in rows) else [])]
            widths = [OTHER_WIDTH] * len(levels) + [6] + [OTHER_WIDTH] * (len(heads) - len(levels) - 1)
            widths += [WIDTHS.get(column.control, OTHER_WIDTH) for column in columns]
            for place, width in enumerate(widths):
                page.set_column(place, place, width)
            titles = [f"{each.label} ({each.unit})" if each.unit else each.label for each in columns]
            for place, title in enumerate([*heads, *titles]):
                page.write_string(0, place, title, self.head)
            for line, each in enumerate(rows, start=1):
                before = [f"{row.number}. {row.title}" for row in each.above]
                for place, text in enumerate(before):
                    page.write_string(line, place, _fitting(text), self.text)
                page.write_number(line, len(before), each.row.number, self.formats["whole"])
                if len(heads) > len(levels) + 1:
                    page.write_string(line, len(before) + 1, each.row.label, self.label)
                for place, cell in enumerate(each.row.cells, start=len(heads)):
                    self._write_cell(page, (line, place), cell)
            self._finish(page, len(rows), len(widths))

    def write_plain(self, name: str, rows: list[list[str]]) -> None:
        """Texts alone; the first row is the head."""
        page = self.sheet(name)
        page.set_column(0, len(rows[0]) - 1, 34)
        for line, row in enumerate(rows):
            for place, text in enumerate(row):
                page.write_string(line, place, _fitting(text), self.text if line else self.head)
        self._finish(page, len(rows) - 1, len(rows[0]))

    def _write_cell(self, page: Worksheet, place: tuple[int, int], cell: Cell) -> None:
        control = cell.column.control
        if not cell.value:
            return
        if control == "date" and (day := day_of(cell.value)):
            page.write_datetime(*place, day, self.formats["date"])
        elif control in NUMBERS and (number := _number(cell.value)) is not None:
            page.write_number(*place, number, self.formats[control])
        else:
            page.write_string(*place, _fitting(cell.words), self.text)

    def _finish(self, page: Worksheet, rows: int, columns: int) -> None:
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(rows, 1), columns - 1)
        page.repeat_rows(0)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)


def _sheets(table: TableToRead) -> Iterator[tuple[str, list[str], list[ColumnToRead], list[SheetRow]]]:
    """(name, names of the rows above, columns, rows) of a table and of those below it."""
    level = [SheetRow((), row) for row in table.rows]
    yield table.label, [], table.columns, level
    for place, child in enumerate(table.rows[0].tables if table.rows else ()):
        rows = [SheetRow((each.row,), row) for each in level for row in each.row.tables[place].rows]
        yield child.label, [table.columns[0].label], child.columns, rows


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _fitting(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def _about(version: OutputVersion) -> list[tuple[str, str]]:
    content = version.content
    return [
        (_("Output"), content["label"]),
        (_("City"), content["twin"]["name"]),
        (_("Host"), content["host"]["title"] if content["host"] else "–"),
        (_("Cohort"), content["cohort"]["title"]),
        (_("Version"), str(version.number)),
        (_("Submitted"), version.submitted_at.isoformat(timespec="minutes")),
        (_("Fingerprint"), version.content_hash),
        *(
            [(_("Note"), _("Example text, invented for the demo. It is not a document of the cities named here."))]
            if content["is_example"]
            else []
        ),
    ]


def _objectives(section: dict[str, Any]) -> Iterator[tuple[str, list[list[str]]]]:
    """The learning objectives of a roadmap, which are no table of the content."""
    rows = section.get("objectives", [])
    if rows:
        slugs = [slug for slug, value in rows[0].items() if isinstance(value, str)]
        heads = [slug.replace("_", " ").capitalize() for slug in slugs]
        yield (
            section["title"],
            [
                [*heads, _("Event")],
                *([*(row[s] for s in slugs), row["event"]["label"] if row["event"] else ""] for row in rows),
            ],
        )
