"""Rows of the longest tables, written here and not in a template: a page has many, and each has many cells. No query."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .ui import day, pair, state, state_cells

register = template.Library()

# In two steps: first the words for narrow screens, once for a table, then the cells of each row.
LISTED = (
    '<tr><th scope="row" class="full">{{}}</th><td data-l="{}">{{}}</td><td class="num" data-l="{}">{{}}</td>'
    '<td data-l="{}">{{}}</td><td data-l="{}">{{}}</td><td data-l="{}">{{}}</td></tr>'
)
FOLLOWED = (
    '<tr><th scope="row" class="full">{{}}</th><td class="full deskonly text-secondary">{{}}</td>{{}}'
    '<td class="num" data-l="{}">{{}}</td><td class="full">{{}}</td>{{}}</tr>'
)


@register.simple_tag
def pairing_rows(rows: Iterable[object]) -> SafeString:
    """The rows of the list of pairings (`PairingRow` of `cohorts.selectors.pairings`)."""
    line = format_html(LISTED, _("State"), _("Visits"), _("Next"), _("Facilitator"), _("Known by"))
    return format_html_join("", line, (_listed(row) for row in rows))


def _listed(row: object) -> tuple[str, ...]:
    return (
        pair(row.twin, row.host, url=row.url),
        state(row.state, text=row.state_label, chip=False),
        row.visits,
        _next(row),
        row.facilitators,
        row.known_by,
    )


@register.simple_tag
def followed_rows(rows: Iterable[object], columns: Sequence[object]) -> SafeString:
    """The rows of pairings with the states of their outputs (`Row` of `portal.cohort_page`).

    `columns`: the outputs that head the columns; without them there is no word on outputs at all.
    """
    return format_html_join("", format_html(FOLLOWED, _("Visits")), (_followed(row, columns) for row in rows))


def _followed(row: object, columns: Sequence[object]) -> tuple[str, ...]:
    attention = state(tone=row.attention_tone, text=row.attention, chip=False) if row.attention_tone else row.attention
    return (
        pair(row.twin, row.host, url=row.url),
        row.countries,
        state_cells(row.cells, columns) if columns else "",
        row.visits,
        _next(row),
        format_html('<td class="full">{}</td>', attention) if columns else "",
    )


def _next(row: object) -> SafeString | str:
    """What comes next and when; nothing where nothing is planned."""
    return format_html("{}, {}", row.next_title, day(row.next_on, "j M")) if row.next_on else ""
