"""Files to rows of texts: CSV with commas, semicolons or tabs in UTF-8 or UTF-16, and XLSX. What is anything else is refused in one sentence."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from django.utils.translation import gettext as _
from lxml import etree

MOST_BYTES = 5_000_000
MOST_ROWS, MOST_CELLS = 20_000, 60
MOST_UNPACKED = 80_000_000  # bytes of one part of a spreadsheet
DELIMITERS = (",", ";", "\t")
OLD_EXCEL, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Unreadable(Exception):
    """The file is no table that can be read; the text says why, and what to do."""


@dataclass(frozen=True)
class Row:
    """One row: its number as a spreadsheet counts, and its texts. `formulas`: columns, from 0, whose value is computed or an error."""

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not any(self.cells) and not self.formulas


@dataclass(frozen=True)
class Sheet:
    """A table of a file; a CSV file has one without a title."""

    title: str = ""
    rows: tuple[Row, ...] = field(default=())


def read_sheets(data: bytes) -> list[Sheet]:
    """The tables of a file. Raises `Unreadable`."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB. Split it, one file for each session."))
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if data.startswith(OLD_EXCEL):
        raise Unreadable(
            _(
                "This is an old or protected Excel file. Open it and save it as “Excel Workbook (.xlsx)”, without a password."
            )
        )
    if data.startswith(ZIP):
        return _read_xlsx(data)
    return [Sheet(rows=tuple(_read_csv(_text_of(data))))]


# --- CSV ----------------------------------------------------------------------------------------------------------------


def _text_of(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as trouble:
        line = data[: trouble.start].count(b"\n") + 1
        raise Unreadable(
            _("Line %(line)d holds letters that are not in UTF-8. Save the file as “CSV UTF-8” and choose it again.")
            % {"line": line}
        ) from None
    if not text.strip():
        raise Unreadable(_("The file is empty."))
    if "\x00" in text:
        raise Unreadable(_("This is no table. Choose a CSV file or an Excel workbook (.xlsx)."))
    return text


def _read_csv(text: str) -> Iterator[Row]:
    lines = text.splitlines(keepends=True)
    if lines[0].strip().lower().startswith("sep="):  # Excel's own hint
        text = "".join(lines[1:])
    delimiter = _delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            _not_too_many(number)
            yield Row(number, tuple(cell.strip() for cell in cells[:MOST_CELLS]))
    except csv.Error:
        raise Unreadable(
            _("The quotation marks around row %(row)d do not close. Export the file again, or mend that row.")
            % {"row": number + 1}
        ) from None


def _delimiter_of(text: str) -> str:
    """The mark that makes the most columns of the first rows."""

    def columns(delimiter: str) -> float:
        rows = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=delimiter)
        counts = []
        try:
            for _row, cells in zip(range(30), rows, strict=False):
                counts += [len(cells)] if any(cell.strip(",;\t ") for cell in cells) else []
        except csv.Error:
            return 0
        return median(counts) + max(counts) / 1000 if counts else 0

    return max(DELIMITERS, key=columns)


def _not_too_many(rows: int) -> None:
    if rows > MOST_ROWS:
        raise Unreadable(
            _("The table has more than %(most)d rows. Split it, one file for each session.") % {"most": MOST_ROWS}
        )


# --- XLSX ---------------------------------------------------------------------------------------------------------------


def _read_xlsx(data: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            shared = _shared_texts(archive)
            return [Sheet(title, tuple(_read_sheet(archive, path, shared))) for title, path in _sheets_of(archive)]
    except (
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        KeyError,
        ValueError,
        IndexError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Unreadable(
            _("This file cannot be read as an Excel workbook. Save it again as .xlsx, or as “CSV UTF-8”.")
        ) from None


def _part(archive: zipfile.ZipFile, path: str) -> etree._Element:
    if archive.getinfo(path).file_size > MOST_UNPACKED:
        raise Unreadable(_("A sheet of the workbook is too large. Keep the columns that are needed."))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(archive.read(path), parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a workbook declares no document type")
    return root


def _sheets_of(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    targets = {each.get("Id"): each.get("Target") for each in _part(archive, "xl/_rels/workbook.xml.rels")}
    for sheet in _part(archive, "xl/workbook.xml").iter(f"{SHEETS}sheet"):
        target = targets[sheet.get(RELATION)]
        if "worksheets/" in target:  # not a sheet with a chart
            yield sheet.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text_in(each) for each in _part(archive, "xl/sharedStrings.xml").iter(f"{SHEETS}si")]


def _text_in(element: etree._Element) -> str:
    """The text of runs, without how it is pronounced."""
    texts = (each for each in element.iter(f"{SHEETS}t") if each.getparent().tag != f"{SHEETS}rPh")
    return "".join(each.text or "" for each in texts)


def _read_sheet(archive: zipfile.ZipFile, path: str, shared: list[str]) -> Iterator[Row]:
    for count, element in enumerate(_part(archive, path).iter(f"{SHEETS}row"), start=1):
        _not_too_many(count)
        cells: dict[int, str] = {}
        formulas = set()
        for place, cell in enumerate(element.iter(f"{SHEETS}c")):
            column = _column(cell.get("r", "")) if cell.get("r") else place
            if column >= MOST_CELLS:
                continue
            value, kind = cell.findtext(f"{SHEETS}v") or "", cell.get("t", "n")
            if kind == "s":
                value = shared[int(value)]
            elif kind == "inlineStr":
                value = _text_in(cell)
            elif kind == "n" and value.endswith(".0"):
                value = value[:-2]
            if cell.find(f"{SHEETS}f") is not None or kind == "e":
                formulas.add(column)
            cells[column] = value.strip()
        width = max(cells, default=-1) + 1
        yield Row(
            int(element.get("r", count)), tuple(cells.get(column, "") for column in range(width)), frozenset(formulas)
        )


def _column(place: str) -> int:
    """ "B7" -> 1"""
    letters = re.match(r"[A-Z]{1,3}", place)
    number = 0
    for letter in letters[0] if letters else "":
        number = number * 26 + ord(letter) - 64
    if not number:
        raise ValueError(place)
    return number - 1


def name_of_column(number: int) -> str:
    """1 -> "B", as spreadsheets name columns."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
