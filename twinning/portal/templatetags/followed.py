"""The rows of pairings on cohort page and desks, written here and not in a template: a page has many, and each has many cells. No query."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from twinning.core.templatetags.ui import coming, pair, state, state_cells

from ..cohort_page import Cell, Row

register = template.Library()

# In two steps: first the words for narrow screens, once for a table, then the cells of each row.
ROW = (
    '<tr><th scope="row" class="full">{{}}</th><td class="full deskonly text-secondary">{{}}</td>{{}}'
    '<td class="num" data-l="{}">{{}}</td><td class="full">{{}}</td>{{}}</tr>'
)


@register.simple_tag
def followed_rows(rows: Iterable[Row], columns: Sequence[Cell]) -> SafeString:
    """Pairings with the states of their outputs.

    `columns`: the outputs that head the columns; without them there is no word on outputs at all.
    """
    language = get_language()
    return format_html_join("", format_html(ROW, _("Visits")), (_cells(row, columns, language) for row in rows))


def _cells(row: Row, columns: Sequence[Cell], language: str) -> tuple[str, ...]:
    attention = row.attention
    if row.attention_tone:
        attention = state(tone=row.attention_tone, text=attention, chip=False, language=language)
    return (
        pair(row.twin, row.host, url=row.url),
        row.countries,
        state_cells(row.cells, columns, language) if columns else "",
        row.visits,
        coming(row.next_title, row.next_on, language),
        format_html('<td class="full">{}</td>', attention) if columns else "",
    )
