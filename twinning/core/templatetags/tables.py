"""Rows of the longest tables, written here and not in a template: a page has many, and each has many cells. No query."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .ui import day, pair, state, state_cells

register = template.Library()

LISTED = (
    '<tr><th scope="row" class="full">{pair}</th><td data-l="{state_words}">{state}</td>'
    '<td class="num" data-l="{visits_words}">{visits}</td><td data-l="{next_words}">{next}</td>'
    '<td data-l="{facilitator_words}">{facilitators}</td><td data-l="{known_words}">{known_by}</td></tr>'
)
FOLLOWED = (
    '<tr><th scope="row" class="full">{pair}</th><td class="full deskonly text-secondary">{countries}</td>{cells}'
    '<td class="num" data-l="{visits_words}">{visits}</td><td class="full">{next}</td>{attention}</tr>'
)


@register.simple_tag
def pairing_rows(rows: Iterable[object]) -> SafeString:
    """The rows of the list of pairings (`PairingRow` of `cohorts.selectors.pairings`)."""
    words = {
        "state_words": _("State"),
        "visits_words": _("Visits"),
        "next_words": _("Next"),
        "facilitator_words": _("Facilitator"),
        "known_words": _("Known by"),
    }
    return format_html_join("", LISTED, (words | _listed(row) for row in rows))


def _listed(row: object) -> dict[str, str]:
    return {
        "pair": pair(row.twin, row.host, url=row.url),
        "state": state(row.state, text=row.state_label, chip=False),
        "visits": row.visits,
        "next": _next(row),
        "facilitators": row.facilitators,
        "known_by": row.known_by,
    }


@register.simple_tag
def followed_rows(rows: Iterable[object], columns: Sequence[object]) -> SafeString:
    """The rows of pairings with the states of their outputs (`Row` of `portal.cohort_page`).

    `columns`: the outputs that head the columns; without them there is no word on outputs at all.
    """
    words = {"visits_words": _("Visits")}
    return format_html_join("", FOLLOWED, (words | _followed(row, columns) for row in rows))


def _followed(row: object, columns: Sequence[object]) -> dict[str, str]:
    attention = state(tone=row.attention_tone, text=row.attention, chip=False) if row.attention_tone else row.attention
    return {
        "pair": pair(row.twin, row.host, url=row.url),
        "countries": row.countries,
        "cells": state_cells(row.cells, columns) if columns else "",
        "visits": row.visits,
        "next": _next(row),
        "attention": format_html('<td class="full">{}</td>', attention) if columns else "",
    }


def _next(row: object) -> SafeString | str:
    """What comes next and when; nothing where nothing is planned."""
    return format_html("{}, {}", row.next_title, day(row.next_on, "j M")) if row.next_on else ""
