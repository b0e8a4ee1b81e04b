"""Small marks that tables show by the hundred: glyphs, states, pairs, days. Each returns safe markup and asks no query.

What a state looks like is decided here, once. Larger parts are files in `templates/components/`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import template
from django.core.paginator import Paginator
from django.forms import BoundField, Select, TextInput
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

register = template.Library()


@dataclass(frozen=True, slots=True)
class StateLook:
    tone: str  # none, draft, sent, back, ok, waived, late: the glyph and the colour
    label: str | Promise


# The states of outputs first: the words that officers read everywhere. A state with the same value in another app shares
# the look; its own word can be given as `text`.
STATE_LOOKS = {
    "not_started": StateLook("none", _("Not started")),
    "draft": StateLook("draft", _("Draft")),
    "submitted": StateLook("sent", _("Submitted")),
    "in_review": StateLook("sent", _("In review")),
    "sent_back": StateLook("back", _("Sent back")),
    "returned": StateLook("back", _("Sent back")),
    "changes_requested": StateLook("back", _("Sent back")),
    "accepted": StateLook("ok", _("Accepted")),
    "waived": StateLook("waived", _("Waived")),
    "late": StateLook("late", _("Late")),
    # documents and letters on their way
    "queued": StateLook("none", _("Queued")),
    "rendering": StateLook("draft", _("Being made")),
    "running": StateLook("draft", _("Running")),
    "sending": StateLook("draft", _("Being sent")),
    "sent": StateLook("ok", _("Sent")),
    "ready": StateLook("ok", _("Ready")),
    "done": StateLook("ok", _("Done")),
    "failed": StateLook("late", _("Failed")),
    "cancelled": StateLook("waived", _("Cancelled")),
    # people, participations, pairings, proposals, events
    "open": StateLook("none", _("Open")),
    "selected": StateLook("none", _("Selected")),
    "proposed": StateLook("draft", _("Proposed")),
    "staged": StateLook("draft", _("Staged")),
    "confirmed": StateLook("sent", _("Confirmed")),
    "announced": StateLook("ok", _("Announced")),
    "active": StateLook("ok", _("Taking part")),
    "completed": StateLook("ok", _("Completed")),
    "ended": StateLook("waived", _("Ended")),
    "withdrawn": StateLook("waived", _("Withdrawn")),
    "declined": StateLook("waived", _("Declined")),
    "discarded": StateLook("waived", _("Discarded")),
    "planned": StateLook("none", _("Planned")),
    "held": StateLook("ok", _("Held")),
    "expired": StateLook("waived", _("Expired")),
}
UNKNOWN = StateLook("none", "")
OUTPUT_LEGEND = ("not_started", "draft", "submitted", "sent_back", "accepted", "late")
SETTLED = frozenset({"accepted", "waived"})

PAIRMARK = SafeString(
    '<svg class="pairmark" viewBox="0 0 44 12" aria-hidden="true"><line x1="6" y1="6" x2="33" y2="6"/>'
    '<circle class="t" cx="6" cy="6" r="5.5"/><circle class="h" cx="38" cy="6" r="4.6"/></svg>'
)

LINKED_PAIR = f'<a class="pair" href="{{}}"><span class="t">{{}}</span>{PAIRMARK}<span class="h">{{}}</span></a>'


@register.simple_tag
def glyph(name: str, tone: str = "", label: str = "") -> SafeString:
    """A sign of the sprite. Without `label` it is decoration: a word must stand beside it."""
    if not label:
        return _plain_glyph(str(name), str(tone))
    return format_html(
        '<svg class="glyph{}" role="img" aria-label="{}"><title>{}</title><use href="#g-{}"/></svg>',
        _tone_class(tone),
        label,
        label,
        name,
    )


@lru_cache(maxsize=256)
def _plain_glyph(name: str, tone: str) -> SafeString:
    return format_html('<svg class="glyph{}" aria-hidden="true"><use href="#g-{}"/></svg>', _tone_class(tone), name)


def _tone_class(tone: str) -> str:
    return f" s-{tone}" if tone else ""


def look_of(value: str) -> StateLook:
    return STATE_LOOKS.get(str(value), UNKNOWN)


def late_words(days: int) -> str:
    return ngettext("late by %(days)d day", "late by %(days)d days", days) % {"days": days}


@register.simple_tag
def state(
    value: str = "", text: str = "", days_late: int = 0, tone: str = "", *, chip: bool = True, language: str = ""
) -> SafeString:
    """A state as glyph and word. `days_late` over 0 shows the triangle and counts, unless the state settles the matter.

    `tone` with `text` says what is no state of ours: {% state tone="ok" text="Running" %}.
    `language`: the active one, where a tag that draws rows has asked for it once.
    """
    language = language or get_language()
    return _state(str(value), str(text), str(tone), days_late=days_late, chip=chip, language=language)


@lru_cache(maxsize=2048)
def _state(value: str, text: str, tone: str, *, days_late: int, chip: bool, language: str) -> SafeString:
    """In the active language, which `language` names. A list repeats the same few states again and again."""
    look = look_of(value)
    tone, words = tone or look.tone, text or str(look.label) or value
    if days_late and value not in SETTLED:
        tone, words = "late", f"{words}, {late_words(days_late)}" if words else late_words(days_late).capitalize()
    return format_html('<span class="state s-{}{}">{}{}</span>', tone, " chip" if chip else "", glyph(tone), words)


@register.simple_tag
def state_glyph(value: str, about: str = "", text: str = "", days_late: int = 0) -> SafeString:
    """A state as a glyph alone, for a table column with a legend above. `about` and the word are its accessible name."""
    return _state_glyph(str(value), str(about), str(text), days_late, get_language())


@lru_cache(maxsize=2048)
def _state_glyph(value: str, about: str, text: str, days_late: int, language: str) -> SafeString:
    """In the active language, which `language` names. A table repeats the same few glyphs again and again."""
    look = look_of(value)
    words, tone = text or str(look.label) or value, look.tone
    if days_late and value not in SETTLED:
        words, tone = f"{words}, {late_words(days_late)}", "late"
    return glyph(tone, tone, f"{about}: {words}" if about else words)


@register.simple_tag
def state_cells(cells: Sequence[object], columns: Sequence[object], language: str = "") -> SafeString:
    """The cells of one row with the states of outputs: what has `label`, `state` and `days_late`. None: one empty cell."""
    if not cells:
        return format_html('<td colspan="{}"></td>', len(columns))
    language = language or get_language()
    return SafeString("".join(_state_cell(n, c.label, c.state, c.days_late, language) for n, c in enumerate(cells, 1)))


@lru_cache(maxsize=2048)
def _state_cell(number: int, label: str, value: str, days_late: int, language: str) -> SafeString:
    """In the active language, which `language` names. A column repeats the same few cells again and again."""
    return format_html('<td data-l="O{}">{}</td>', number, state_glyph(value, label, "", days_late))


@register.simple_tag
def tone_glyph(value: str) -> SafeString:
    """The glyph of a state as decoration; its word stands beside it."""
    tone = look_of(value).tone
    return glyph(tone, tone)


@register.simple_tag
def legend_entry(value: str) -> SafeString:
    look = look_of(value)
    return format_html("{}{}", glyph(look.tone, look.tone), look.label)


@register.simple_tag
def output_legend() -> tuple[str, ...]:
    """The states that a legend above a table of outputs names."""
    return OUTPUT_LEGEND


@register.simple_tag
def rung_state(rung: object) -> SafeString:
    """The state of a rung of a ladder in words alone; its glyph stands at the left."""
    value, days = str(_part(rung, "state")), int(_part(rung, "days_late") or 0)
    look = look_of(value)
    words, tone = str(_part(rung, "text") or look.label), look.tone
    if days and value not in SETTLED:
        words, tone = f"{words}, {late_words(days)}", "late"
    return format_html('<span class="state s-{}">{}</span>', tone, words)


@register.simple_tag
def item_glyph(item: object) -> SafeString:
    """The glyph of an item: named itself, or that of its tone or state."""
    tone = str(_part(item, "tone") or look_of(str(_part(item, "state"))).tone)
    return glyph(str(_part(item, "glyph") or tone), tone)


@register.simple_tag
def nav_links(items: Iterable[object], *, glyphs: bool = False, listed: bool = False) -> SafeString:
    """The places of the navigation as links, the present one marked: with their signs for the tab bar, in a list for its menu."""
    links = tuple((item.url, item.label, str(_part(item, "glyph")), bool(item.is_current)) for item in items)
    return _nav_links(links, glyphs=glyphs, listed=listed)


@lru_cache(maxsize=2048)
def _nav_links(links: tuple[tuple[str, str, str, bool], ...], *, glyphs: bool, listed: bool) -> SafeString:
    """From address, label, sign and whether it is the present place. Three dots for a sign where the place names none."""
    link, present = '<a href="{}"{}>{}{}</a>', {True: SafeString(' aria-current="page"'), False: ""}
    drawn = [
        format_html(link, url, present[is_current], glyph(sign or "other") if glyphs else "", label)
        for url, label, sign, is_current in links
    ]
    return format_html_join("", "<li>{}</li>" if listed else "{}", ((each,) for each in drawn))


def _part(thing: object, name: str) -> object:
    """An attribute or key that may be missing."""
    if isinstance(thing, Mapping):
        return thing.get(name, "")
    return getattr(thing, name, "")


@register.simple_tag
def filter_field(field: BoundField) -> SafeString:
    """A field of a filter, with its label. Written here and not by a template for each option: lists have many of both."""
    widget, kind = field.field.widget, type(field.field.widget)
    is_plain = not (field.errors or field.help_text or field.field.required or widget.attrs)
    if kind is TextInput and is_plain:
        value = field.value() or ""
        control = format_html(
            '<input type="{}" name="{}"{} class="textinput form-control" id="{}">',
            widget.input_type,
            field.html_name,
            format_html(' value="{}"', value) if value else "",
            field.id_for_label,
        )
    elif kind is Select and is_plain:
        options = tuple((str(key), str(label)) for key, label in widget.choices)
        control = _select(field.html_name, field.id_for_label, options, str(field.value() or ""))
    else:
        return as_crispy_field(field)
    label = format_html('<label for="{}" class="form-label">{}</label>', field.id_for_label, field.label)
    return format_html('<div id="div_{}" class="mb-3">{}{}</div>', field.auto_id, label, control)


@lru_cache(maxsize=256)
def _select(name: str, ident: str, options: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """A list to choose from. A filter offers the same again and again."""
    lines = ((key, SafeString(" selected" if key == chosen else ""), label) for key, label in options)
    return format_html(
        '<select name="{}" class="select form-select" id="{}">{}</select>',
        name,
        ident,
        format_html_join("", '<option value="{}"{}>{}</option>', lines),
    )


@register.filter
def page_range(paginator: Paginator, number: int) -> list[int | str]:
    """The page numbers worth a link around `number`, with an ellipsis for each gap."""
    return list(paginator.get_elided_page_range(number, on_each_side=1, on_ends=1))


@register.simple_tag
def pairmark() -> SafeString:
    """The sign of the product: a filled dot joined to a ring."""
    return PAIRMARK


@register.simple_tag
def pair(twin: str, host: str = "", url: str = "", twin_url: str = "", host_url: str = "") -> SafeString:
    """Twin and host with the mark between them. `url` makes one link of both. No host: says that it is not known."""
    if url and host and not (twin_url or host_url):
        return format_html(LINKED_PAIR, url, twin, host)
    if host:
        host_side = _side("h", host, host_url)
    else:
        host_side = format_html('<span class="text-secondary">{}</span>', gettext("no host yet"))
    sides = _side("t", twin, twin_url), PAIRMARK, host_side
    if url:
        return format_html('<a class="pair" href="{}">{}{}{}</a>', url, *sides)
    return format_html('<span class="pair">{}{}{}</span>', *sides)


def _side(letter: str, name: str, url: str) -> SafeString:
    if url:
        return format_html('<a class="{}" href="{}">{}</a>', letter, url, name)
    return format_html('<span class="{}">{}</span>', letter, name)


@register.simple_tag
def example_mark() -> SafeString:
    """Says that what stands before it was invented for the demo."""
    return format_html('<span class="example">{}</span>', gettext("example"))


# --- Days -----------------------------------------------------------------------------------------------------------


@register.simple_tag
def day(value: date | datetime | None, pattern: str = "j F Y") -> SafeString | str:
    """A date as `<time>`; nothing where there is none."""
    if value is None:
        return ""
    return _day(_local_date(value), pattern, get_language())


def coming(title: str, on: date | None, language: str) -> SafeString | str:
    """What comes next and when, in the active language; nothing where nothing is planned. For tags that draw rows."""
    return format_html("{}, {}", title, _day(on, "j M", language)) if on else ""


@lru_cache(maxsize=2048)
def _day(local: date, pattern: str, language: str) -> SafeString:
    """In the active language, which `language` names."""
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), formats.date_format(local, pattern))


@register.simple_tag
def moment(value: datetime | None) -> SafeString | str:
    """Day, time and zone as `<time>`; nothing where there is none."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    words = f"{formats.date_format(local, 'j F Y, H:i')} {local.tzname()}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), words)


@register.simple_tag
def due(value: date | datetime | None, today: date) -> SafeString | str:
    """When it is due and how far off that is: "due Friday 24 May, in 10 days"."""
    if value is None:
        return ""
    local = _local_date(value)
    pattern = "l j F" if local.year == today.year else "l j F Y"
    marked = format_html('<time datetime="{}">{}</time>', local.isoformat(), formats.date_format(local, pattern))
    return format_html(gettext("due {day}, {distance}"), day=marked, distance=distance_words((local - today).days))


def distance_words(days: int) -> str:
    """How far a day is from today."""
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("tomorrow")
    if days == -1:
        return gettext("yesterday")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


def _local_date(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value
