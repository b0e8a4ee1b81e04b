"""A content as a Word file: real headings, tables with repeated heads, a language, and each text in a content control.

A control carries the name of its place and a mark of the text it was made with ("row:actions:7K2M4XBC:name#1f3a90bc"), so
an edited file can be read back whatever happened to the draft meanwhile: see `word_back`. What cannot be written in the
draft as a text (references, facts) stands there as plain text. A part of the file lists its rows ("rows"), so that one
that was deleted is missed.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..kinds import Column, Field, Table, kind_of
from ..models import OutputVersion
from ..pictures import MoneyLine
from ..selectors.reading import SectionToRead, read_content
from ..tables import Cell, RowToRead, TableToRead, read_tables
from .drawings import drawings_of

LETTERS = 8  # of the mark of a text
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FIXED = ("row", "term", "event", "fact")  # controls of columns that only the page can write
EMPTY = "…"  # stands in a control without text, and is no text
ROWS = "urn:twinning:rows"  # the namespace of the list of rows
CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"


def mark_of(text: str) -> str:
    """A short mark of a text, in words, as it stood when the file was made."""
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]


def mark_of_row(spec: Table, values: Mapping[str, str]) -> str:
    """A short mark of what a row says in the columns that a Word file can change. `values` as they are stored."""
    return mark_of("\x1f".join(values.get(column.slug, "") for column in spec.columns if column.control not in FIXED))


def render_word(content: dict[str, Any], *, code: str, about: Sequence[tuple[str, str]]) -> bytes:
    """`code`: of the output, so that a file is not read back into another one. `about`: facts on the first page."""
    from docx import Document  # noqa: PLC0415 slow

    with translation.override(content["language"]):
        document = Document()
        _describe(document, content)
        body = _Body(document)
        body.heading(content["label"], 0)
        body.paragraph(" – ".join(each["name"] for each in (content["twin"], content["host"]) if each))
        body.table(None, [[_text(label), _text(value)] for label, value in about], name=_("About this document"))
        if content["is_example"]:
            body.paragraph(_("Example text, invented for the demo. It is not a document of the cities named here."))
        body.append(f"<w:p>{_control(f'output:{code}', _('Leave this code as it is'), code, mark='')}</w:p>")
        body.paragraph(
            _(
                "Write inside the boxes. Dates are written like 2027-03-31. To add a line to a table, add a row to it. Rows "
                "that you delete here are shown for removal when you bring the file back."
            )
        )
        form = kind_of(content["kind"])
        specs = {table.slug: table for table in form.tables}
        to_read = {section.slug: section for section in read_content(content)}
        for number, section in enumerate(content["sections"], start=1):
            if section["part"] != "check":
                body.heading(f"{number}. {section['title']}", 1)
                _write_section(
                    body, section, specs, {field.slug: field for field in form.fields}, to_read[section["slug"]]
                )
        _list_rows(document, content, specs)
        file = io.BytesIO()
        document.save(file)
    return file.getvalue()


def about_version(version: OutputVersion) -> list[tuple[str, str]]:
    """The facts on the first page of the Word file of a version."""
    with translation.override(version.language):
        return [
            (_("Version"), str(version.number)),
            (_("Submitted"), date_format(version.submitted_at, "j F Y")),
            (_("Cohort"), version.content["cohort"]["title"]),
            (_("Fingerprint"), version.content_hash),
        ]


def _describe(document, content: dict[str, Any]) -> None:
    """Title and language, which readers and screen readers ask a file for."""
    from docx.oxml.ns import qn  # noqa: PLC0415 slow

    properties = document.core_properties
    properties.title = f"{content['label']} – {content['twin']['name']}"
    properties.subject, properties.author, properties.comments = content["purpose"], "Twinning", ""
    properties.language = content["language"]
    fonts = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    fonts.find(qn("w:lang")).set(qn("w:val"), content["language"])


def _list_rows(document, content: dict[str, Any], specs: Mapping[str, Table]) -> None:
    """The rows that the file was made with, in a part of its own: (place, place of the row that it hangs on, mark)."""
    from docx.opc.part import Part  # noqa: PLC0415 slow

    lines = []
    for table in (table for section in content["sections"] for table in section.get("tables", [])):
        spec = specs.get(table["slug"])
        if spec is None or spec.has_keys:
            continue
        above = specs[spec.parent].prefix if spec.parent else ""
        for row in table["rows"]:
            parent = f"{above}:{row['parent']}" if above else ""
            place, mark = f"{spec.prefix}:{row['code']}", mark_of_row(spec, row["values"])
            lines.append(f"<row place={quoteattr(place)} parent={quoteattr(parent)} mark={quoteattr(mark)}/>")
    markup = f'<?xml version="1.0" encoding="UTF-8"?><rows xmlns="{ROWS}">{"".join(lines)}</rows>'
    package = document.part.package
    part = Part(package.next_partname("/customXml/item%d.xml"), "application/xml", markup.encode(), package)
    document.part.relate_to(part, CUSTOM_XML)


class _Body:
    """The body of a document being written."""

    def __init__(self, document) -> None:
        self.document = document
        self.bookmarks = 0

    def append(self, markup: str) -> None:
        from docx.oxml import parse_xml  # noqa: PLC0415 slow

        end = markup.index(">")
        element = parse_xml(f'{markup[:end]} xmlns:w="{NAMESPACE}"{markup[end:]}')
        self.document.element.body.insert_element_before(element, "w:sectPr")

    def heading(self, text: str, level: int) -> None:
        self.document.add_heading(text, level)

    def paragraph(self, text: str) -> None:
        self.append(f"<w:p>{_text(text)}</w:p>")

    def picture(self, png: bytes, alt: str) -> None:
        """As wide as the text; `alt` is what a screen reader says instead."""
        section = self.document.sections[-1]
        width = section.page_width - section.left_margin - section.right_margin
        shape = self.document.add_picture(io.BytesIO(png), width=width)
        shape._inline.docPr.set("descr", alt)

    def table(
        self, heads: Sequence[str] | None, rows: Sequence[Sequence[str]], *, name: str, new_rows: str = ""
    ) -> None:
        """`rows`: the runs of each cell. With `heads` a first row that is repeated on each page; without, the first column
        names the row. `new_rows`: the name of a bookmark by which rows added here are known."""
        columns = len(heads or rows[0])
        properties = (
            '<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>'
            f'<w:tblLook w:val="{"0080" if heads is None else "0020"}" '
            f'w:firstRow="{int(heads is not None)}" w:firstColumn="{int(heads is None)}"/>'
            f"<w:tblCaption w:val={quoteattr(name[:200])}/></w:tblPr>"
        )
        grid = "<w:tblGrid>" + "<w:gridCol/>" * columns + "</w:tblGrid>"
        lines = []
        if heads is not None:
            cells = "".join(
                f"<w:tc><w:p>{self._bookmark(new_rows) if not place else ''}{_text(head, bold=True)}</w:p></w:tc>"
                for place, head in enumerate(heads)
            )
            lines.append(f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>")
        for row in rows:
            cells = "".join(f"<w:tc><w:p>{runs}</w:p></w:tc>" for runs in row)
            lines.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
        self.append(f"<w:tbl>{properties}{grid}{''.join(lines)}</w:tbl>")
        self.append("<w:p></w:p>")

    def _bookmark(self, name: str) -> str:
        if not name:
            return ""
        self.bookmarks += 1
        return f'<w:bookmarkStart w:id="{self.bookmarks}" w:name={quoteattr(name)}/><w:bookmarkEnd w:id="{self.bookmarks}"/>'


def _write_section(
    body: _Body,
    section: dict[str, Any],
    specs: Mapping[str, Table],
    fields: Mapping[str, Field],
    to_read: SectionToRead,
) -> None:
    for name, title in (("domains", _("Domains")), ("levers", _("Levers of change"))):
        if section.get(name):
            body.heading(title, 2)
            body.paragraph(", ".join(term["label"] for term in section[name]))
    for field in section["fields"]:
        body.heading(field["label"], 2)
        runs = _control(f"answer:{field['slug']}", field["label"], field["text"])
        body.append(f"<w:p>{runs if field['slug'] in fields else _text(field['text'])}</w:p>")
    for drawing in drawings_of(to_read):
        body.picture(drawing.png, drawing.alt)
        if drawing.key:
            body.paragraph(drawing.key)
    _write_money(body, to_read.drawn.get("money") or [])
    for number, row in enumerate(section.get("objectives", []), start=1):
        _write_objective(body, number, row, specs["objectives"])
    for table in read_tables(section):
        _write_table(body, table, specs)


def _write_money(body: _Body, lines: Sequence[MoneyLine]) -> None:
    if not lines:
        return
    heads = [_("Action"), _("Cost"), _("Granted"), _("Applied for"), _("Not found yet")]
    rows = [
        [_text(f"{line.number}. {line.name}" if line.number else line.name, bold=True), *map(_text, line.amounts)]
        for line in lines
    ]
    body.heading(_("Money by action"), 2)
    body.table(heads, rows, name=_("Money by action"))


def _write_objective(body: _Body, number: int, row: dict[str, Any], spec: Table) -> None:
    """A learning objective of a roadmap, which is no table of the content."""
    body.heading(f"{number}. {row['question'] or '–'}", 2)
    rows = []
    for column in spec.columns[1:]:
        value = row[column.slug]["label"] if column.slug == "event" and row["event"] else row[column.slug]
        words = dict(column.choices).get(value, value)
        if value:
            rows.append([_text(str(column.label), bold=True), _text(str(words))])
    if rows:
        body.table(None, rows, name=row["question"] or str(number))


def _write_table(body: _Body, table: TableToRead, specs: Mapping[str, Table]) -> None:
    spec = specs.get(table.slug)
    body.heading(table.label, 2)
    if not table.is_record and not any(row.tables for row in table.rows):
        _write_grid(body, table, spec, parent=None)
        return
    for row in table.rows:
        if not table.is_record:
            body.heading(f"{row.number}. {row.title or '–'}", 3)
        body.table(
            None,
            [[_text(cell.column.label, bold=True), _runs(cell, row, spec)] for cell in row.cells],
            name=row.title or table.label,
        )
        for child in row.tables:
            body.heading(child.label, 4)
            _write_grid(body, child, specs.get(child.slug), parent=row)


def _write_grid(body: _Body, table: TableToRead, spec: Table | None, *, parent: RowToRead | None) -> None:
    """A table with a line for each row; where rows can be added there is an empty one at its end."""
    grows = spec is not None and not spec.has_keys
    heads = [*([""] if table.is_keyed else []), *(column.label for column in table.columns)]
    rows = [
        [*([_text(row.label, bold=True)] if table.is_keyed else []), *(_runs(cell, row, spec) for cell in row.cells)]
        for row in table.rows
    ]
    if grows:
        rows.append([""] * len(heads))
    if heads and rows:
        name = f"{table.label}: {parent.title}" if parent else table.label
        body.table(
            heads, rows, name=name, new_rows=new_rows_name(table.slug, parent.code if parent else "") if grows else ""
        )


def new_rows_name(table: str, parent: str) -> str:
    """The bookmark of a table to which rows can be added; at most forty letters, digits and underscores."""
    return f"new_{table}__{parent}"


def _runs(cell: Cell, row: RowToRead, spec: Table | None) -> str:
    column = spec.column(cell.column.slug) if spec else None
    if spec is None or column is None or column.control in FIXED:
        return _text(cell.words)
    return _control(spec.place(row.code, column.slug), str(column.label), cell.value, column=column)


def _control(place: str, label: str, text: str, *, column: Column | None = None, mark: str | None = None) -> str:
    """A content control with this text; a list to choose from where the column has one."""
    choices = column.choices if column else ()
    words = str(dict(choices).get(text, text))
    tag = place if mark == "" else f"{place}#{mark_of(words)}"
    if choices:
        items = "".join(
            f"<w:listItem w:displayText={quoteattr(str(w))} w:value={quoteattr(str(c))}/>" for c, w in choices
        )
        kind = f"<w:dropDownList>{items}</w:dropDownList>"
    else:
        kind = '<w:text w:multiLine="1"/>'
    placeholder = "" if words else "<w:showingPlcHdr/>"
    return (
        f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(label[:64])}/><w:tag w:val={quoteattr(tag)}/>{placeholder}{kind}</w:sdtPr>"
        f"<w:sdtContent>{_text(words or EMPTY)}</w:sdtContent></w:sdt>"
    )


def _text(text: str, *, bold: bool = False) -> str:
    """A run; its lines stay lines. Signs that XML cannot hold are left out."""
    clean = "".join(sign for sign in text if sign in "\t\n" or ord(sign) >= 32)
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean.split("\n"))
    return f"<w:r>{'<w:rPr><w:b/></w:rPr>' if bold else ''}{lines}</w:r>"
