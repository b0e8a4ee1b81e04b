"""The cohort workbook as an .xlsx file.

Texts are always written as texts, never as formulas or links; dates are dates; moments are shown in the cohort's time
zone, because a spreadsheet knows no zones. The same data gives the same bytes, but for the as-of time.
"""

import datetime
import io
import math
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from cohorts.models import Cohort

from .sheets import Column, Kind, Sheet, sheets_of

MOST_CHARACTERS = 32_767  # of one cell
FIRST_YEAR = 1901  # spreadsheets know no earlier dates
FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
LINE_HEIGHT = 15  # points
MOST_LINES = 10  # of a row in a list; what is longer can be read in the cell
CHARACTERS_ON_PAPER = 220  # across, on A4
COVER = Column("", str, Kind.LONG, 90)
INK, PAPER = "#17324D", "#DCE8F2"


def render_workbook(cohort: Cohort, *, now: datetime.datetime) -> bytes:
    """The whole workbook of a cohort as of `now`. The number of queries does not depend on the size of the cohort."""
    zone = ZoneInfo(cohort.time_zone)
    sheets = [(sheet, list(sheet.objects)) for sheet in sheets_of(cohort, today=_local(now, zone).date())]
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        workbook.set_properties({"title": cohort.title, "created": _local(now, zone)})
        book = Book(workbook, _formats(workbook), zone)
        book.write_cover(cohort, now, sheets)
        for sheet, objects in sheets:
            book.write_sheet(sheet, objects)
    return file.getvalue()


def _local(moment: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """The wall-clock time in the zone, to the second and without zone, as spreadsheets want it."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)


def _formats(workbook: Workbook) -> dict[Any, Format]:
    top = {"valign": "top"}
    figure = {"align": "right", "indent": 1}  # clear of the text in the next column
    header = {"bold": True, "font_color": INK, "bg_color": PAPER, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    aligned = {Kind.NUMBER: figure, Kind.DEGREES: figure, Kind.YES_NO: {"align": "center"}}
    return {
        "title": workbook.add_format({"bold": True, "font_size": 18, "font_color": INK}),
        "heading": workbook.add_format({"bold": True, "font_size": 12, "font_color": INK}),
        "label": workbook.add_format({"bold": True, **top}),
        **{("header", kind): workbook.add_format(header | aligned.get(kind, {})) for kind in Kind},
        Kind.TEXT: workbook.add_format(top),
        Kind.LONG: workbook.add_format({"text_wrap": True, **top}),
        Kind.COUNT: workbook.add_format({"align": "left", **top}),
        Kind.NUMBER: workbook.add_format({"num_format": "#,##0", **figure, **top}),
        Kind.DEGREES: workbook.add_format({"num_format": "0.00", **figure, **top}),
        Kind.DATE: workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left", **top}),
        Kind.MOMENT: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left", **top}),
        Kind.YES_NO: workbook.add_format({"align": "center", **top}),
    }


def _sheet_name(name: str) -> str:
    """A name that spreadsheets accept: 31 characters, without the few that they forbid."""
    return FORBIDDEN_IN_NAMES.sub(" ", name).strip()[:31]


@dataclass(frozen=True)
class Book:
    """A workbook being written, with its formats, in one time zone."""

    workbook: Workbook
    formats: dict[Any, Format]
    zone: ZoneInfo

    def write_sheet(self, sheet: Sheet, objects: list[Any]) -> None:
        """One list: a frozen header with filters, a row for each object."""
        page = self.workbook.add_worksheet(_sheet_name(sheet.name))
        for index, column in enumerate(sheet.columns):
            page.set_column(index, index, column.width)
            page.write_string(0, index, column.title, self.formats["header", column.kind])
        for row, obj in enumerate(objects, start=1):
            values = [column.value(obj) for column in sheet.columns]
            for index, (column, value) in enumerate(zip(sheet.columns, values, strict=True)):
                self._write_cell(page, (row, index), value, column.kind)
            lines = max(_lines(column, value) for column, value in zip(sheet.columns, values, strict=True))
            page.set_row(row, LINE_HEIGHT * min(lines, MOST_LINES))
        page.set_row(0, 2 * LINE_HEIGHT + 2)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, max(len(objects), 1), len(sheet.columns) - 1)
        page.repeat_rows(0)
        _fit_to_paper(page, width=sum(column.width for column in sheet.columns))

    def write_cover(self, cohort: Cohort, now: datetime.datetime, sheets: list[tuple[Sheet, list[Any]]]) -> None:
        """What this is, as of when, what is on the other sheets and how to read them."""
        page = self.workbook.add_worksheet(_sheet_name(_("About")))
        page.hide_gridlines(2)
        page.set_column(0, 0, 26)
        page.set_column(1, 1, COVER.width)
        page.write_string(0, 0, cohort.title, self.formats["title"])
        rows = [(sheet.name, len(objects), Kind.COUNT) for sheet, objects in sheets]
        row = self._write_block(page, 2, _("Cohort"), _facts(cohort, now))
        row = self._write_block(page, row, _("Rows on each sheet"), rows)
        self._write_block(page, row, _("Notes"), _notes(cohort))
        _fit_to_paper(page, width=COVER.width)

    def _write_block(self, page: Worksheet, row: int, heading: str, lines: list[tuple[str, Any, Kind]]) -> int:
        """A heading with labelled values under it; returns the row where the next block begins."""
        page.write_string(row, 0, heading, self.formats["heading"])
        for place, (label, value, kind) in enumerate(lines, start=row + 1):
            page.write_string(place, 0, label, self.formats["label"])
            self._write_cell(page, (place, 1), value, kind)
            page.set_row(place, LINE_HEIGHT * _lines(COVER, value))
        return row + len(lines) + 2

    def _write_cell(self, page: Worksheet, place: tuple[int, int], value: Any, kind: Kind) -> None:
        """`place` is row and column, from 0. What is not known stays an empty cell."""
        if value is None or value == "":
            return
        style = self.formats[kind]
        match kind:
            case Kind.NUMBER | Kind.DEGREES | Kind.COUNT:
                page.write_number(*place, value, style)
            case Kind.DATE | Kind.MOMENT if value.year < FIRST_YEAR:
                page.write_string(*place, value.isoformat(), style)
            case Kind.DATE:
                page.write_datetime(*place, value, style)
            case Kind.MOMENT:
                page.write_datetime(*place, _local(value, self.zone), style)
            case Kind.YES_NO:
                page.write_string(*place, _("yes") if value else _("no"), style)
            case _:
                page.write_string(*place, _fitting(str(value)), style)


def _lines(column: Column, value: Any) -> int:
    """How many lines the value needs in its column: spreadsheets do not agree on finding that out themselves."""
    if column.kind is not Kind.LONG or not value:
        return 1
    return sum(max(1, math.ceil(len(line) / (0.9 * column.width))) for line in str(value).splitlines())


def _fit_to_paper(page: Worksheet, *, width: int) -> None:
    """A4 across, as many pages beside each other as keep the letters readable. `width` in characters."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(math.ceil(width / CHARACTERS_ON_PAPER), 0)


def _fitting(text: str) -> str:
    """The text, cut where a cell cannot hold it."""
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def _facts(cohort: Cohort, now: datetime.datetime) -> list[tuple[str, Any, Kind]]:
    return [
        (_("Cohort"), cohort.slug, Kind.TEXT),
        (_("As of"), now, Kind.MOMENT),
        (_("Time zone of all times"), cohort.time_zone, Kind.TEXT),
        (_("Kind of host"), cohort.get_host_kind_display(), Kind.TEXT),
        (_("Length in months"), cohort.length_months, Kind.TEXT),
        (_("Kick-off"), cohort.kickoff_on, Kind.DATE),
        (_("Last day"), cohort.ends_on, Kind.DATE),
        (_("Published start"), cohort.starts, Kind.TEXT),
        (_("Published end"), cohort.ends, Kind.TEXT),
        (_("Call opens"), cohort.call_opens_on, Kind.DATE),
        (_("Call closes"), cohort.call_closes_on, Kind.DATE),
        (_("Selection announced"), cohort.announced_on, Kind.DATE),
        (_("Published applications"), cohort.applications_count, Kind.TEXT),
        (_("Published selected"), cohort.selected_count, Kind.TEXT),
        (_("Published taking part"), cohort.participating_count, Kind.TEXT),
        (_("Sources"), "\n".join(cohort.sources), Kind.LONG),
    ]


def _notes(cohort: Cohort) -> list[tuple[str, str, Kind]]:
    notes = {
        _("How sure"): _(
            "Pairings that come from public sources say how sure they are and name the source. "
            "“Decided in this programme” is certain; “inferred” is a reader’s conclusion."
        ),
        _("As stated, inferred"): _(
            "Domains and levers “as stated” are the source’s own; “inferred” ones are a reader’s judgement."
        ),
        _("Example"): _("Rows marked “yes” under “Example” were invented for the demonstration and are no facts."),
        _("Empty cells"): _("Nothing is known, or it does not apply."),
        _("Population"): _(
            "Of the settlement, for rough size classes only; it may differ from the municipality’s own count."
        ),
    }
    if cohort.is_demo:
        notes = {_("Shifted dates"): _("The dates of this cohort are shifted for the demonstration.")} | notes
    return [(title, note, Kind.LONG) for title, note in notes.items()]
