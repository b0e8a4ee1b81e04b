"""An edited Word file, read back: which text stands in which place, which rows were added and which are gone. Knows no database.

Reading asks for little and believes nothing: the file may come from any program, may be no Word file at all, or a bomb.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from twinning.core.errors import Refused

from .word import CUSTOM_XML, ROWS

MOST_BYTES = 10_000_000
MOST_UNPACKED = 60_000_000
MOST_CONTROLS = 20_000


@dataclass(frozen=True)
class Written:
    """The text of one place. `mark`: of the text that the file was made with."""

    place: str
    mark: str
    text: str


@dataclass(frozen=True)
class NewRow:
    """A line that was added to a table: the texts of its cells, in the order of the columns."""

    table: str
    parent: str  # code of the row that the table hangs on, or empty
    cells: tuple[str, ...]


@dataclass(frozen=True)
class GoneRow:
    """A row that the file was made with and of which nothing is left. `mark`: of what it said then."""

    place: str  # "row:steps:7K2M4XBC"
    mark: str


@dataclass
class WordContent:
    output: str  # code of the output that the file was made of
    written: list[Written] = field(default_factory=list)
    new_rows: list[NewRow] = field(default_factory=list)
    gone_rows: list[GoneRow] = field(default_factory=list)


def read_word(data: bytes) -> WordContent:
    """Raises `Refused` with a sentence for the person who sent the file."""
    _refuse_what_is_no_word_file(data)
    from docx import Document  # noqa: PLC0415 slow
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415 slow
    from lxml.etree import LxmlError  # noqa: PLC0415 slow

    try:
        document = Document(io.BytesIO(data))
        body, listed = document.element.body, _listed_rows(document)
    except (PackageNotFoundError, LxmlError, zipfile.BadZipFile, KeyError, ValueError, AttributeError, RuntimeError):
        raise Refused(_("This file cannot be read as a Word document. Save it as .docx and try again.")) from None
    content = _read_body(body)
    content.gone_rows = list(_gone_rows(listed, {written.place.rpartition(":")[0] for written in content.written}))
    return content


def _listed_rows(document) -> list[tuple[str, str, str]]:
    """(place, place of the row above, mark) of each row that the file was made with; none where a program dropped the list."""
    from docx.oxml import parse_xml  # noqa: PLC0415 slow

    for relation in document.part.rels.values():
        if relation.reltype == CUSTOM_XML and not relation.is_external and ROWS.encode() in relation.target_part.blob:
            rows = parse_xml(relation.target_part.blob).iter(f"{{{ROWS}}}row")
            return [(row.get("place", ""), row.get("parent", ""), row.get("mark", "")) for row in rows]
    return []


def _gone_rows(listed: list[tuple[str, str, str]], present: set[str]) -> Iterator[GoneRow]:
    """A row is gone with all that hung on it, which is not told again; where some of that is left, the row is not gone."""
    held = {parent for place, parent, _mark in listed if place in present}
    gone = {place for place, _parent, _mark in listed if place not in present | held}
    for place, parent, mark in listed:
        if place in gone and parent not in gone:
            yield GoneRow(place, mark)


def _refuse_what_is_no_word_file(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is larger than 10 MB. Take out pictures that you added."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names, size = archive.namelist(), sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OverflowError):
        raise Refused(_("This is no Word document. Send the .docx file that you downloaded here and edited.")) from None
    if "word/document.xml" not in names:
        raise Refused(_("This is no Word document. Send the .docx file that you downloaded here and edited."))
    if size > MOST_UNPACKED:
        raise Refused(_("The file holds too much to be an output of this platform."))


def _read_body(body) -> WordContent:
    content, seen = WordContent(output=""), set()
    controls = list(body.iter(_w("sdt")))
    if len(controls) > MOST_CONTROLS:
        raise Refused(_("The file holds too much to be an output of this platform."))
    copied = _copied_rows(body)
    for control in controls:
        place, mark = _tag(control)
        if place.startswith("output:"):
            content.output = content.output or place.removeprefix("output:")
        elif place and place not in seen and not any(parent in copied for parent in control.iterancestors(_w("tr"))):
            seen.add(place)
            content.written.append(Written(place, mark, _text_of_control(control)))
    if not content.output:
        raise Refused(
            _(
                "This Word document was not made here, or its boxes are gone. Download the output again and edit that file."
            )
        )
    content.new_rows = list(_new_rows(body, copied))
    return content


def _copied_rows(body) -> set:
    """Lines of tables whose controls stand in an earlier line too: copies, so new rows."""
    seen, copied = set(), set()
    for line in body.iter(_w("tr")):
        places = {place for place in (_tag(each)[0] for each in line.iter(_w("sdt"))) if place}
        if places and places <= seen:
            copied.add(line)
        seen |= places
    return copied


def _new_rows(body, copied: set) -> Iterator[NewRow]:
    for table in body.iter(_w("tbl")):
        names = [mark.get(_w("name"), "") for mark in table.iter(_w("bookmarkStart"))]
        name = next((name for name in names if name.startswith("new_") and "__" in name), None)
        if name is None:
            continue
        slug, _separator, parent = name.removeprefix("new_").partition("__")
        for line in list(table.iterchildren(_w("tr")))[1:]:
            if line not in copied and any(_tag(each)[0] for each in line.iter(_w("sdt"))):
                continue
            cells = tuple(_text_of_cell(cell) for cell in line.iterchildren(_w("tc")))
            if any(cells):
                yield NewRow(slug, parent, cells)


def _tag(control) -> tuple[str, str]:
    """(place, mark) of a control; empty where it is none of ours."""
    properties = control.find(_w("sdtPr"))
    tag = properties.find(_w("tag")) if properties is not None else None
    place, _sign, mark = (tag.get(_w("val")) or "").partition("#") if tag is not None else ("", "", "")
    return place, mark


def _text_of_control(control) -> str:
    if control.find(_w("sdtPr")).find(_w("showingPlcHdr")) is not None:
        return ""
    inside = control.find(_w("sdtContent"))
    return "" if inside is None else _text_within(inside)


def _text_of_cell(cell) -> str:
    for control in cell.iter(_w("sdt")):
        if _tag(control)[0]:
            return _text_of_control(control)
    return _text_within(cell)


def _text_within(element) -> str:
    """The text with its line breaks; each paragraph is a line. Text that was deleted with changes tracked is gone."""
    paragraphs = list(element.iter(_w("p"))) or [element]
    return "\n".join(_line(paragraph) for paragraph in paragraphs).strip()


def _line(paragraph) -> str:
    pieces = []
    for node in paragraph.iter(_w("t"), _w("br"), _w("tab"), _w("cr")):
        if any(True for _gone in node.iterancestors(_w("del"))):
            continue
        pieces.append(node.text or "" if node.tag == _w("t") else "\t" if node.tag == _w("tab") else "\n")
    return "".join(pieces)


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"
