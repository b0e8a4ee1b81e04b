"""Small looks into dictionaries and lists for the pages of rooms."""

from collections.abc import Sequence

from django import template

register = template.Library()


@register.filter
def of_part(choices: dict, part: int) -> list:
    """The rooms of one part."""
    return choices[part]


@register.filter
def rank_in(value: object, ranked: Sequence) -> str:
    """The place of `value` among `ranked`, counted from 1; empty where it is not there."""
    return str(ranked.index(value) + 1) if value in ranked else ""
