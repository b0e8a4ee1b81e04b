"""The matrix of twins and hosts, row by row: five thousand cells are too many for the template language."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from twinning.core.templatetags.ui import glyph

from ..selectors.matrix import Cell, Row

register = template.Library()


@register.simple_tag
def matrix_cells(row: Row, selected: str = "") -> SafeString:
    """A `td` with a link to its pair for every cell of the row. `selected`: the host of the pair that is looked at."""
    veto = glyph("veto")
    pairs = f"?twin={escape(row.twin)}&amp;host="
    cells = []
    for cell in row.cells:
        host = escape(cell.host)
        current = '" aria-current="true' if selected and cell.host == selected else ""
        text = veto if cell.points is None else f"{cell.points}{glyph(cell.mark) if cell.mark else ''}"
        cells.append(
            f'<td><a href="{pairs}{host}#pair" class="{_classes(cell, row)}{" sel" if current else ""}{current}"'
            f' aria-label="{escape(cell.name)}">{text}</a></td>'
        )
    return mark_safe("".join(cells))  # noqa: S308 every name was escaped above


def _classes(cell: Cell, row: Row) -> str:
    """The colour of its band, then what was proposed and by whom."""
    shade = "veto" if cell.points is None else f"q{cell.band}"
    if not cell.is_proposed:
        return shade
    return f"{shade} prop hand" if row.is_changed else f"{shade} prop"
