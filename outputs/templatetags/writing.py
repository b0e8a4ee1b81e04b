"""Places of a draft as they are drawn on a page of writing.

In Python, because such a page holds fifty of them and a template for each took most of its time; what stands beside few of
them (conflicts, checks, comments) has its templates.
"""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..selectors.places import HOST_WRITES, Place

register = template.Library()

NOTHING = SafeString("")
NUMBERS = ("whole", "number", "money")
LONGEST = {"line": 160, "link": 500}  # characters


@register.simple_tag
def place(item: dict[str, Any]) -> SafeString:
    """One place: label, help, control, what is wrong or in conflict, and the rail with checks and comments.

    `item`: as `views.section_page` makes it.
    """
    shown: Place = item["place"]
    if shown.control == "fact":
        inside = _fact(shown)
    elif item["can_write"]:
        item = {**item, "name": escape(shown.name), "id": escape(shown.dom_id)}  # once: they stand in many attributes
        inside = _group(item) if shown.control == "several" else _field(item)
        inside += _saved_with(item)
    else:
        inside = _to_read(shown)
    rail = render_to_string("outputs/_rail.html", item) if item["checks"] or item["remarks"] else ""
    return format_html(
        '<div class="field{}" data-tw-place="{}"><div>{}</div><div class="rail">{}</div></div>',
        " short" if shown.is_short else "",
        shown.name,
        inside,
        rail,
    )


def _fact(shown: Place) -> SafeString:
    words = shown.value_label if shown.value else _("not known")
    return format_html('<p class="form-label">{}</p><p class="prose" id="{}">{}</p>', shown.label, shown.dom_id, words)


def _to_read(shown: Place) -> SafeString:
    label = format_html('<p class="form-label" id="{}">{}</p>', shown.dom_id, shown.label)
    if shown.value:
        return label + format_html('<p class="prose">{}</p>', shown.value_label)
    if shown.permission == HOST_WRITES:
        words = _("The host has not written anything here yet.")
    else:
        words = _("The city has not written anything here yet.")
    return label + format_html('<p class="text-secondary">{}</p>', words)


# --- What can be written ----------------------------------------------------------------------------------------------


def _group(item: dict[str, Any]) -> SafeString:
    """Several out of a list, as boxes to tick."""
    shown: Place = item["place"]
    boxes = (
        (item["name"], code, item["id"], code, _if(code in item["chosen"], " checked"), item["id"], code, label)
        for code, label in shown.choices
    )
    return format_html(
        '<fieldset id="{}"{}><legend class="form-label">{}{}</legend><div class="form-text" id="{}-help">{}</div>'
        '<div class="choices">{}</div></fieldset>',
        item["id"],
        item["described"],
        shown.label,
        _required(shown),
        item["id"],
        shown.help,
        format_html_join(
            "",
            '<div class="form-check"><input class="form-check-input" type="checkbox" name="{}" value="{}" id="{}-{}"{}'
            ' data-tw-input><label class="form-check-label" for="{}-{}">{}</label></div>',
            boxes,
        ),
    )


def _field(item: dict[str, Any]) -> SafeString:
    """Everything that is one control with a label of its own."""
    shown: Place = item["place"]
    label = format_html('<label class="form-label" for="{}">{}{}</label>', item["id"], shown.label, _required(shown))
    if shown.help:
        label += format_html('<div class="form-text" id="{}-help">{}</div>', item["id"], shown.help)
    if shown.example:
        sample = '<details class="sample"><summary>{}</summary><p class="prose">{}</p></details>'
        label += format_html(sample, _("Example"), shown.example)
    attributes = format_html('name="{}" id="{}"{} data-tw-input', item["name"], item["id"], item["described"])
    return label + _control(item, attributes, " is-invalid" if item["refusal"] else "")


def _control(item: dict[str, Any], attributes: SafeString, invalid: str) -> SafeString:
    shown: Place = item["place"]
    if shown.is_chosen:
        return _list(item, attributes, invalid)
    if shown.control == "date":
        control = '<input class="form-control short{}" type="date" value="{}" {}>'
        return format_html(control, invalid, item["mine"], attributes)
    if shown.control in NUMBERS:
        unit = '<span class="input-group-text" id="{}-unit">{}</span>'
        return format_html(
            '<div class="input-group short"><input class="form-control{}" type="text" inputmode="decimal" value="{}" {}>'
            "{}</div>",
            invalid,
            item["mine"],
            attributes,
            format_html(unit, item["id"], shown.unit) if shown.unit else "",
        )
    if shown.control in LONGEST:
        control = '<input class="form-control{}" type="{}" maxlength="{}" value="{}" {}>'
        kind = "url" if shown.control == "link" else "text"
        return format_html(control, invalid, kind, LONGEST[shown.control], item["mine"], attributes)
    return _text(item, attributes, invalid)


def _list(item: dict[str, Any], attributes: SafeString, invalid: str) -> SafeString:
    shown: Place = item["place"]
    empty = NOTHING if shown.is_always_set else format_html('<option value="">{}</option>', _("Choose"))
    options = ((code, _if(code == item["mine"], " selected"), label) for code, label in shown.choices)
    return format_html(
        '<select class="form-select{}" {}>{}{}</select>',
        invalid,
        attributes,
        empty,
        format_html_join("", '<option value="{}"{}>{}</option>', options),
    )


def _text(item: dict[str, Any], attributes: SafeString, invalid: str) -> SafeString:
    """Prose, with how many of its words are used. A line break after the tag is the browser's, not the text's."""
    shown: Place = item["place"]
    control = '<textarea class="form-control{}" rows="{}" {}>\n{}</textarea>'
    area = format_html(control, invalid, shown.rows, attributes, item["mine"])
    if not shown.words:
        return area
    return area + format_html(
        '<div class="form-text words" data-tw-words="{}"><span data-tw-count>{}</span> {}</div>',
        shown.words,
        item["words"],
        _("of %(most)s words") % {"most": shown.words},
    )


def _saved_with(item: dict[str, Any]) -> SafeString:
    """What saving wants to know, and what it said the last time."""
    shown: Place = item["place"]
    theirs, refusal = item["theirs"], item["refusal"]
    base = theirs.text if theirs else shown.value
    wrong = '<div class="invalid-feedback d-block" id="{}-error">{}</div>'
    return format_html(
        '<input type="hidden" name="base:{}" value="{}" data-tw-base>{}<div data-tw-conflict>{}</div>',
        item["name"],
        base,
        format_html(wrong, item["id"], refusal) if refusal else "",
        render_to_string("outputs/_conflict.html", {"theirs": theirs}) if theirs else "",
    )


def _required(shown: Place) -> SafeString:
    return format_html(' <span class="asteriskField">{}</span>', _("(required)")) if shown.is_required else NOTHING


def _if(condition: bool, words: str) -> SafeString:
    return SafeString(words) if condition else NOTHING
