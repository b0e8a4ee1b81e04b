"""The decision memo as a Word file, with real headings, header rows of tables, a title and a language."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.utils.translation import gettext as _

from .memo import Memo


def render_docx(memo: Memo) -> bytes:
    from docx import Document  # noqa: PLC0415 slow

    document = Document()
    _describe(document, memo)
    document.add_heading(memo.title, level=0)
    _table(document, None, [(_("Decided by"), memo.decided), (_("Why"), memo.why)])
    document.add_heading(_("What the decision stands on"), level=1)
    _table(document, None, memo.facts)
    document.add_heading(_("What counted, and how much"), level=2)
    _table(document, (_("Criterion"), _("Weight")), memo.weights)
    document.add_heading(_("Proof"), level=1)
    _table(document, None, memo.proof)
    document.add_heading(_("Pairs"), level=1)
    head = (_("Twin"), _("Host"), _("Score"), _("Firm or fragile"))
    _table(document, head, [(pair.twin, pair.host, pair.points, pair.firmness or "–") for pair in memo.pairs])
    document.add_heading(_("Changed by hand"), level=1)
    rows = [(f"{pair.twin} – {pair.host}", pair.by_hand) for pair in memo.overrides]
    _table_or(
        document, (_("Twin and host"), _("Who, and why")), rows, _("Nothing: every pair is as the engine proposed it.")
    )
    if memo.acts:
        document.add_heading(_("What was done in the scenario"), level=2)
        _table(document, (_("Act and reason"), _("Who and when")), [(act.text, act.who) for act in memo.acts])
    document.add_heading(_("What was said about it"), level=1)
    said = [(remark.about or "–", remark.text, remark.who) for remark in memo.comments]
    _table_or(document, (_("About"), _("Comment"), _("Who and when")), said, _("Nobody commented."))
    document.add_heading(_("What else was considered"), level=1)
    others = [(one.name, one.state, one.matched, one.total, one.lowest, one.others) for one in memo.alternatives]
    head = (_("Scenario"), _("State"), _("With a host"), _("Total"), _("Lowest pair"), _("Twins placed elsewhere"))
    _table_or(document, head, others, _("No other scenario."))
    document.add_heading(_("Without a host"), level=1)
    _table_or(document, (_("Twin"), _("Why")), memo.unmatched, _("Nobody."))
    document.add_heading(_("Why these pairs"), level=1)
    for pair in memo.pairs:
        document.add_heading(f"{pair.twin} – {pair.host}: {pair.points}", level=2)
        reasons = [(reason.criterion, reason.points, reason.words) for reason in pair.reasons]
        _table(document, (_("Criterion"), _("Points"), _("Because")), reasons)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _describe(document, memo: Memo) -> None:
    """Title and language, which readers and screen readers ask a file for."""
    from docx.oxml.ns import qn  # noqa: PLC0415 slow

    properties = document.core_properties
    properties.title, properties.subject = memo.title, memo.decided
    properties.author, properties.comments, properties.language = "Twinning", "", memo.language
    fonts = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    fonts.find(qn("w:lang")).set(qn("w:val"), memo.language)


def _table_or(document, head: Sequence[str], rows: Sequence, otherwise: str) -> None:
    if rows:
        _table(document, head, rows)
    else:
        document.add_paragraph(otherwise)


def _table(document, head: Sequence[str] | None, rows: Iterable[Sequence]) -> None:
    """A table. With `head` its first row is a header that is repeated on each page; without, the first column is one."""
    rows = list(rows)
    table = document.add_table(rows=0, cols=len(head or rows[0]), style="Table Grid")
    if head:
        _fill(table.add_row(), head, bold=range(len(head)))
        _repeat(table.rows[0])
    for row in rows:
        _fill(table.add_row(), row, bold=() if head else (0,))
    document.add_paragraph()


def _fill(row, values: Sequence, *, bold: Iterable[int]) -> None:
    for place, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
        run = cell.paragraphs[0].add_run(str(value))
        run.bold = place in bold


def _repeat(row) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 slow

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
