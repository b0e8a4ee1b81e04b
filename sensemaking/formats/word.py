"""An edition of a report as a Word file: real headings, tables with repeated heads, references that lead to their notes."""

import html
import io
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outputs.formats.drawings import DRAWING, TITLE, bitmap
from twinning.core.templatetags.pictures import board_cards

from ..selectors.gathered import Gathered
from ..selectors.reports import Content, ReportToRead, RoomToRead, read_report

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WIDTH_MM = 152  # between the margins of python-docx's page
# What Word puts beside a bitmap that has a vector drawing too; %s names the part that holds it.
VECTOR = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="%s"/></a:ext></a:extLst>'
)


def render_word(content: Content) -> bytes:
    """The whole edition, in the language in which it was published."""
    from docx import Document  # noqa: PLC0415 slow

    with translation.override(content["language"]):
        read = read_report(content)
        body = _Body(Document())
        body.describe(f"{_('Sensemaking report')}: {content['title']}", content["purpose"], content["language"])
        body.heading(f"{_('Sensemaking report')}: {content['title']}", 0)
        body.table(None, [[_text(label, bold=True), _text(value)] for label, value in _about(read)])
        if content["is_example"]:
            words = _("Example, invented for the demo. The people and cities named here did not say this.")
            body.paragraph(_text(words, bold=True))
        _write_session(body, read)
        _write_findings(body, read)
        _write_words(body, read)
        _write_coverage(body, content["coverage"])
        for room in read.rooms:
            _write_room(body, room)
        _write_notes(body, read.notes)
        file = io.BytesIO()
        body.document.save(file)
    return file.getvalue()


def render_gathered(gathered: Gathered) -> bytes:
    """The report over a round or a cohort, in the reader's language."""
    from docx import Document  # noqa: PLC0415 slow

    title = f"{_('What was found')}: {gathered.title}"
    body = _Body(Document())
    body.describe(title, str(gathered.cohort), translation.get_language() or "en")
    body.heading(title, 0)
    body.table(None, [[_text(label, bold=True), _text(value)] for label, value in _about_gathered(gathered)])
    if gathered.is_example:
        words = _("Example, invented for the demo. The people and cities named here did not say this.")
        body.paragraph(_text(words, bold=True))
    body.heading(_("In short"), 1)
    for label, findings in gathered.by_fate:
        if label:
            body.heading(label, 2)
        for finding in findings:
            body.item(_links("finding", [finding["n"]], "%(n)d") + _text(f" {finding['statement']}"))
    for heading, findings in ((_("Findings"), gathered.findings), (_("Not said any more"), gathered.gone)):
        if findings:
            body.heading(heading, 1)
        for finding in findings:
            _write_finding(body, finding, where=str(finding["session"]))
    _write_themes_over_sessions(body, gathered)
    if gathered.advice:
        body.heading(_("Advice to the next cohort"), 1)
        for finding in gathered.advice:
            body.item(_text(f"{finding['statement']} ") + _links("finding", [finding["n"]], _("finding %(n)d")))
    coverage = gathered.coverage
    _write_coverage(
        body,
        {
            "notes": coverage.notes,
            "reached": coverage.reached,
            "unheard": [row.name for row in coverage.unheard],
            "columns": coverage.columns,
            "rows": coverage.tabled,
        },
    )
    _write_notes(body, gathered.notes)
    file = io.BytesIO()
    body.document.save(file)
    return file.getvalue()


def _about_gathered(gathered: Gathered) -> list[tuple[str, str]]:
    facts = [(_("Cohort"), str(gathered.cohort))]
    facts += [(_("Compared with"), str(gathered.earlier))] if gathered.earlier else []
    days = [f"{session} ({date_format(session.held_on, 'j F Y')})" for session in gathered.sessions]
    return [*facts, (_("Sessions"), "\n".join(days)), (_("As of"), date_format(gathered.made_on, "j F Y"))]


def _write_themes_over_sessions(body: "_Body", gathered: Gathered) -> None:
    if not gathered.themes:
        return
    body.heading(_("Themes over sessions"), 1)
    rows = [
        [
            _text(theme.name, bold=True),
            *(_links("finding", [each["n"] for each in cell], "%(n)d") or _text("–") for _session, cell in theme.cells),
        ]
        for theme in gathered.themes
    ]
    body.table([_("Theme"), *(str(session) for session, _cell in gathered.themes[0].cells)], rows)


def _about(read: ReportToRead) -> list[tuple[str, str]]:
    content = read.content
    facts = [(_("Session"), f"{read.kind}, {date_format(read.held_on, 'j F Y')}")]
    facts += [(_("Round"), content["round"])] if content["round"] else []
    facts.append((_("Cohort"), ", ".join(content["cohorts"])))
    facts.append((_("Edition"), f"{content['edition']}, {date_format(read.published_on, 'j F Y')}"))
    return facts


def _write_session(body: "_Body", read: ReportToRead) -> None:
    content = read.content
    body.heading(_("The session"), 1)
    body.paragraph(_text(content["introduction"] or content["purpose"]))
    for question in content["questions"]:
        body.item(_text(question))
    if content.get("agenda"):
        body.heading(_("Agenda, as it happened"), 2)
        heads = (_("Point"), _("Began"), _("Planned, minutes"), _("Took, minutes"))
        body.table(heads, [_agenda_row(point) for point in content["agenda"]])
    body.heading(_("Who was there"), 1)
    people = ngettext("%(n)d person of %(cities)d cities.", "%(n)d people of %(cities)d cities.", read.people)
    words = people % {"n": read.people, "cities": read.cities}
    body.paragraph(_text(f"{words} {_('People are named where they agreed to it.')}"))
    rows = [
        [_text(city["name"], bold=True), _text(city["country"]), _text(_people(city))]
        for city in content["who"]["cities"]
    ]
    body.table((_("City"), _("Country"), _("People")), rows)
    others = _people(content["who"]["others"])
    if others:
        body.paragraph(_text(f"{_('Without a city:')} {others}"))


def _agenda_row(point: Content) -> list[str]:
    took = "–" if point["took"] is None else str(point["took"])
    return [_text(point["title"], bold=True), _text(point["began"]), _text(str(point["minutes"] or "–")), _text(took)]


def _people(place: Content) -> str:
    words = [", ".join(person["name"] for person in place["people"])]
    if place["unnamed"]:
        words.append(ngettext("%(n)d not named", "%(n)d not named", place["unnamed"]) % {"n": place["unnamed"]})
    return "; ".join(each for each in words if each)


def _write_findings(body: "_Body", read: ReportToRead) -> None:
    body.heading(_("Findings"), 1)
    for finding in read.findings:
        _write_finding(body, finding)
    if read.themes:
        body.heading(_("By theme"), 2)
        rows = [
            [_text(name, bold=True), _links("finding", [finding["n"] for finding in findings], "%(n)d")]
            for name, findings in read.themes
        ]
        body.table((_("Theme"), _("Findings")), rows)


def _write_finding(body: "_Body", finding: Content, *, where: str = "") -> None:
    body.heading(f"{finding['n']}. {finding['statement']}", 2, bookmark=f"finding_{finding['n']}")
    if finding["explanation"]:
        body.paragraph(_text(finding["explanation"]))
    facets = [where, finding["sure"], finding["learning"], *finding["audiences"], *finding["themes"]]
    facets += [_("advice to the next cohort")] if finding["is_advice"] else []
    body.paragraph(_text(" · ".join(each for each in facets if each)))
    behind = [_("%(label)s: %(behind)d of %(present)d cities behind it.") % ground for ground in finding["grounds"]]
    said = [_("Said by %(cities)s.") % {"cities": ", ".join(finding["cities"])}] if finding["cities"] else []
    body.paragraph(_text(" ".join([*said, *behind])))
    for each in finding["earlier"]:
        body.paragraph(_text(_("Said before: “%(statement)s” (%(session)s)") % each))
    body.paragraph(_text(f"{_('Rests on')} ") + _links("note", finding["notes"], _("note %(n)d")))


def _write_words(body: "_Body", read: ReportToRead) -> None:
    if read.quotations:
        body.heading(_("In their words"), 1)
        for note in read.quotations:
            city = f" {note['city']}, " if note["city"] else " "
            body.paragraph(_text(f"“{note['shown']}”") + _text(city) + _links("note", [note["n"]], _("note %(n)d")))
    if read.recommendations:
        body.heading(_("Recommendations"), 1)
        for each in read.recommendations:
            rests = _links("finding", each["findings"], _("finding %(n)d"))
            notes = _text(f"; {_('notes')} ") + _links("note", each["notes"], "%(n)d")
            body.paragraph(
                _text(f"{each['number']}. {each['text']} ", bold=True)
                + _text(f"({_('Rests on')} ")
                + rests
                + notes
                + _text(")")
            )


def _write_coverage(body: "_Body", coverage: Content) -> None:
    body.heading(_("Whose voice reached the findings"), 1)
    words = ngettext(
        "%(reached)d of %(n)d note stands under a finding.",
        "%(reached)d of %(n)d notes stand under a finding.",
        coverage["notes"],
    )
    body.paragraph(_text(words % {"reached": coverage["reached"], "n": coverage["notes"]}))
    if coverage["unheard"]:
        body.paragraph(_text(f"{_('There, but not heard in a finding:')} {', '.join(coverage['unheard'])}."))
    for number, column in enumerate(coverage["columns"], start=1):
        body.item(_text(f"{number}: {column}"))
    heads = [_("City"), *(str(number) for number in range(1, len(coverage["columns"]) + 1))]
    rows = [
        [
            _text(row["name"], bold=True),
            *(_text(f"{reached}/{notes}" if notes else "–") for notes, reached in row["cells"]),
        ]
        for row in coverage["rows"]
    ]
    body.table(heads, rows)


def _write_room(body: "_Body", room: RoomToRead) -> None:
    """The board of a room as it stands in the PDF. Every note is in the list of notes too, as text."""
    body.heading(f"{_('Room:')} {room.name}", 1)
    for question in room.questions:
        body.item(_text(question))
    if room.findings:
        numbers = [finding["n"] for finding in room.findings]
        body.paragraph(_text(f"{_('Findings:')} ") + _links("finding", numbers, "%(n)d"))
    title = _("Board of %(name)s") % {"name": room.name}
    for svg in DRAWING.findall(board_cards(room.boards, name=room.slug, title=title)):
        body.picture(svg)


def _write_notes(body: "_Body", notes: Iterable[Content]) -> None:
    body.heading(_("Notes"), 1)
    heads = (_("No."), _("Note"), _("Topic"), _("City"), _("Findings"))
    rows = [
        [
            body.mark(f"note_{note['n']}") + _text(str(note["n"]), bold=True),
            _text(note["shown"]),
            _text(note["label"]),
            _text(note["city"] or "–"),
            _links("finding", note.get("findings", []), "%(n)d") or _text("–"),
        ]
        for note in notes
    ]
    body.table(heads, rows)


class _Body:
    """The body of a document being written. Cells and paragraphs are given as runs."""

    def __init__(self, document) -> None:
        self.document = document
        self.bookmarks = 0
        self.pictures = 0

    def describe(self, title: str, subject: str, language: str) -> None:
        """Title and language, which readers and screen readers ask a file for."""
        from docx.oxml.ns import qn  # noqa: PLC0415 slow

        properties = self.document.core_properties
        properties.title, properties.subject = title, subject[:250]
        properties.author, properties.comments, properties.language = "Twinning", "", language
        fonts = self.document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        fonts.find(qn("w:lang")).set(qn("w:val"), language)

    def append(self, markup: str) -> None:
        from docx.oxml import parse_xml  # noqa: PLC0415 slow

        end = markup.index(">")
        element = parse_xml(f'{markup[:end]} xmlns:w="{NAMESPACE}"{markup[end:]}')
        self.document.element.body.insert_element_before(element, "w:sectPr")

    def mark(self, name: str) -> str:
        self.bookmarks += 1
        return f'<w:bookmarkStart w:id="{self.bookmarks}" w:name={quoteattr(name)}/><w:bookmarkEnd w:id="{self.bookmarks}"/>'

    def heading(self, text: str, level: int, *, bookmark: str = "") -> None:
        style = "Title" if level == 0 else f"Heading{level}"
        mark = self.mark(bookmark) if bookmark else ""
        self.append(f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{mark}{_text(text)}</w:p>')

    def paragraph(self, runs: str) -> None:
        self.append(f"<w:p>{runs}</w:p>")

    def item(self, runs: str) -> None:
        self.append(f'<w:p><w:pPr><w:pStyle w:val="ListBullet"/></w:pPr>{runs}</w:p>')

    def table(self, heads: Sequence[str] | None, rows: Sequence[Sequence[str]]) -> None:
        """With `heads` a first row that is repeated on each page; without, the first column names the row."""
        if not rows:
            return
        lines = []
        if heads:
            cells = "".join(f"<w:tc><w:p>{_text(head, bold=True)}</w:p></w:tc>" for head in heads)
            lines.append(f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>")
        for row in rows:
            cells = "".join(f"<w:tc><w:p>{runs}</w:p></w:tc>" for runs in row)
            lines.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
        self._rows(lines, len(rows[0]), heads=heads is not None)

    def picture(self, svg: str) -> None:
        """A drawing as vectors, with a bitmap of it for programs that read none."""
        from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415 slow
        from docx.opc.packuri import PackURI  # noqa: PLC0415
        from docx.opc.part import Part  # noqa: PLC0415
        from docx.oxml import parse_xml  # noqa: PLC0415
        from docx.shared import Mm  # noqa: PLC0415

        inline = (
            self.document.add_paragraph().add_run().add_picture(io.BytesIO(bitmap(svg)), width=Mm(WIDTH_MM))._inline
        )
        inline.docPr.set("descr", html.unescape(TITLE.search(svg)[1]).strip())
        self.pictures += 1
        package = self.document.part.package
        part = Part(PackURI(f"/word/media/board{self.pictures}.svg"), "image/svg+xml", svg.encode(), package)
        key = self.document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        inline.graphic.graphicData.pic.blipFill.blip.append(parse_xml(VECTOR % key))

    def _rows(self, lines: Iterable[str], columns: int, *, heads: bool) -> None:
        properties = (
            '<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>'
            f'<w:tblLook w:val="{"0020" if heads else "0080"}" w:firstRow="{int(heads)}" w:firstColumn="{int(not heads)}"/></w:tblPr>'
        )
        grid = "<w:tblGrid>" + "<w:gridCol/>" * columns + "</w:tblGrid>"
        self.append(f"<w:tbl>{properties}{grid}{''.join(lines)}</w:tbl>")
        self.append("<w:p></w:p>")


def _links(kind: str, numbers: Iterable[int], words: str) -> str:
    """Numbers that lead to their bookmarks, with commas between."""
    links = [
        f'<w:hyperlink w:anchor="{kind}_{number}"><w:r><w:rPr><w:color w:val="0B5A66"/><w:u w:val="single"/></w:rPr>'
        f"<w:t>{escape(words % {'n': number})}</w:t></w:r></w:hyperlink>"
        for number in numbers
    ]
    return _text(", ").join(links)


def _text(text: str, *, bold: bool = False) -> str:
    """A run; its lines stay lines. Signs that XML cannot hold are left out."""
    clean = "".join(sign for sign in text if sign in "\t\n" or ord(sign) >= 32)
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean.split("\n"))
    return f"<w:r>{'<w:rPr><w:b/></w:rPr>' if bold else ''}{lines}</w:r>"
