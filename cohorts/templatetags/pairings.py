"""The rows of the list of pairings, written here and not in a template: a page has many, and each has many cells. No query."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from twinning.core.templatetags.ui import coming, pair, state

from ..selectors.pairings import PairingRow

register = template.Library()

# In two steps: first the words for narrow screens, once for a table, then the cells of each row.
ROW = (
    '<tr><th scope="row" class="full">{{}}</th><td data-l="{}">{{}}</td><td class="num" data-l="{}">{{}}</td>'
    '<td data-l="{}">{{}}</td><td data-l="{}">{{}}</td><td data-l="{}">{{}}</td></tr>'
)


@register.simple_tag
def pairing_rows(rows: Iterable[PairingRow]) -> SafeString:
    """Pairings with state, visits, what comes next, and who accompanies them."""
    line = format_html(ROW, _("State"), _("Visits"), _("Next"), _("Facilitator"), _("Known by"))
    language = get_language()
    return format_html_join("", line, (_cells(row, language) for row in rows))


def _cells(row: PairingRow, language: str) -> tuple[str, ...]:
    return (
        pair(row.twin, row.host, url=row.url),
        state(row.state, text=row.state_label, chip=False, language=language),
        row.visits,
        coming(row.next_title, row.next_on, language),
        row.facilitators,
        row.known_by,
    )
