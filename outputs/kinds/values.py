"""The values of a column as texts: how places, frozen versions and pasted tables carry them. Pure.

Dates are ISO, amounts carry two decimals, numbers as few as they need, choices and references their code.
"""

import datetime
import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from .spec import Column

YEARS = (2000, 2100)
MOST_CHARACTERS = 20_000
MOST_IN_LINE = 160
MOST_IN_LINK = 500
SCALE = (0, 4)
Value = str | int | Decimal | datetime.date | None


def text_of(column: Column, value: object) -> str:
    """A stored value as text; references have been turned into their code before."""
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}" if column.control == "money" else plain_number(value)
    return str(value)


def plain_number(value: Decimal) -> str:
    """As few decimals as it needs, never with an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def value_of(column: Column, text: str) -> Value:
    """What a text means in this column; None where it is empty and the column holds no text.

    Raises ValueError with a sentence for the writer. Codes of choices and references are checked by who knows them.
    """
    control = column.control
    if control in ("text", "line", "link"):
        return _checked_text(control, text)
    if control == "choice":
        return text
    if not text:
        return None
    if control == "date":
        return date_of(text)
    if control == "scale":
        return _whole(text, *SCALE)
    if control == "whole":
        return _whole(text, column.least, column.most)
    places = 2 if control == "money" else 3
    return _decimal(text, places, column.least, column.most)


def date_of(text: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("Write the date like 2027-03-31.")) from None
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise ValueError(_("Choose a year between %(first)d and %(last)d.") % {"first": YEARS[0], "last": YEARS[1]})
    return day


def _checked_text(control: str, text: str) -> str:
    if "\x00" in text or len(text) > MOST_CHARACTERS:
        raise ValueError(_("This text is too long: at most %(most)d characters.") % {"most": MOST_CHARACTERS})
    most = {"line": MOST_IN_LINE, "link": MOST_IN_LINK}.get(control)
    if most and (len(text) > most or "\n" in text):
        raise ValueError(_("Write one line of at most %(most)d characters.") % {"most": most})
    if control == "link" and text and not re.match(r"https?://[^\s]+\.[^\s]+$", text):
        raise ValueError(_("Write the whole address, beginning with https://"))
    return text


def _whole(text: str, least: int, most: int) -> int:
    compact = _compact(text)
    if not re.fullmatch(r"-?[0-9]{1,15}", compact):
        raise ValueError(_("Write a whole number, like 12."))
    number = int(compact)
    _within(number, least, most)
    return number


def _decimal(text: str, places: int, least: int, most: int) -> Decimal:
    try:
        number = Decimal(_with_one_point(_compact(text)))
    except InvalidOperation:
        raise ValueError(_("Write a number, like 12000 or 12000.50.")) from None
    if not number.is_finite():
        raise ValueError(_("Write a number, like 12000 or 12000.50."))
    _within(number, least, most)
    if number != round(number, places):
        raise ValueError(_("Write at most %(places)d decimals.") % {"places": places})
    return round(number, places)


def _within(number: int | Decimal, least: int, most: int) -> None:
    if not least <= number <= most:
        raise ValueError(_("Write a number between %(least)d and %(most)d.") % {"least": least, "most": most})


def _compact(text: str) -> str:
    """Without spaces of any width, and without the sign or name of a currency."""
    return re.sub(r"[\s\u00a0\u202f'’€]|EUR", "", text)


def _with_one_point(text: str) -> str:
    """Commas and points as people write them, with one point for the decimals.

    "12.000" can mean twelve or twelve thousand: it is refused rather than guessed.
    """
    if not re.fullmatch(r"-?[0-9]+([.,][0-9]+)*", text):
        raise InvalidOperation
    marks = [letter for letter in text if letter in ".,"]
    if not marks:
        return text
    if len(marks) == 1:
        whole, decimals = re.split(r"[.,]", text)
        if len(decimals) == 3 and whole.lstrip("-") not in ("", "0"):
            raise ValueError(_("Write the number without a mark for thousands, like 12000 or 12000.50."))
        return f"{whole}.{decimals}"
    *groups, last = re.split(r"[.,]", text)
    is_decimal = marks[-1] != marks[0]
    if len(set(marks[:-1])) > 1 or any(
        len(group) != 3 for group in (groups[1:] if is_decimal else [*groups[1:], last])
    ):
        raise InvalidOperation
    return "".join(groups) + (f".{last}" if is_decimal else last)
