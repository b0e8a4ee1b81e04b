"""Rules of the action plan."""

import calendar
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ..kinds import FIRST_STEP_MONTHS
from ..states import FundingState, PoliticalStatus
from .checks import Check, Content, Level, Row, Rows

ENDORSED = (PoliticalStatus.ENDORSED, PoliticalStatus.BUDGETED, PoliticalStatus.STARTED, PoliticalStatus.DONE)


def check_plan(rows: Rows, section: str, content: Content) -> Iterator[Check]:
    if section != "actions":
        return
    actions = rows.of("actions")
    waiting = {
        action.code: {row.value("waits_for") for row in rows.below(action, "dependencies")} for action in actions
    }
    circle = in_circles(waiting)
    first_by = months_after(date.fromisoformat(content["due_on"]), FIRST_STEP_MONTHS)
    for action in actions:
        yield from _check_origin(action)
        yield from _check_steps(action, rows.below(action, "steps"), first_by)
        yield from _check_money(action, rows.below(action, "costs"), rows.below(action, "funding"))
        if not rows.below(action, "indicators"):
            text = _("%(row)s: say how you will measure it") % {"row": action.name}
            yield action.check(Level.HINT, text, rule="action-indicator")
        if action.code in circle:
            text = _("%(row)s waits for actions that wait for it") % {"row": action.name}
            yield action.check(Level.ERROR, text)
        for row in rows.below(action, "dependencies"):
            if not (row.value("waits_for") or row.value("note")):
                yield row.check(Level.ERROR, _("%(row)s: say what it waits for") % {"row": row.name})


def _check_origin(action: Row) -> Iterator[Check]:
    if not (action.value("candidate") or action.value("origin")):
        text = _("%(row)s: choose the practice it comes from, or say where the idea is from") % {"row": action.name}
        yield action.check(Level.ERROR, text, "candidate")
    if action.value("status") in ENDORSED and not (action.value("endorsed_on") and action.value("endorsed_by")):
        text = _("%(row)s: say when it was endorsed, and by whom") % {"row": action.name}
        yield action.check(Level.HINT, text, "endorsed_on", rule="action-endorsed")


def _check_steps(action: Row, steps: list[Row], first_by: date) -> Iterator[Check]:
    if not steps:
        yield action.check(Level.ERROR, _("%(row)s: name a first step") % {"row": action.name})
        return
    for step in steps:
        begins, ends = step.value("starts_on"), step.value("ends_on")
        if begins and ends and begins > ends:
            yield step.check(Level.ERROR, _("%(row)s ends before it begins") % {"row": step.name}, "ends_on")
    days = [day for step in steps for day in (step.value("starts_on"), step.value("ends_on")) if day]
    if not days or min(days) > first_by.isoformat():
        text = _("%(row)s: let a first step begin by %(day)s") % {
            "row": action.name,
            "day": date_format(first_by, "j F Y"),
        }
        yield action.check(Level.HINT, text, rule="action-first-step")


def _check_money(action: Row, costs: list[Row], funding: list[Row]) -> Iterator[Check]:
    if not (costs or funding):
        text = _("%(row)s: say what it costs and where the money stands") % {"row": action.name}
        yield action.check(Level.ERROR, text)
        return
    cost = sum((Decimal(row.value("amount") or 0) for row in costs), Decimal(0))
    promised = sum(
        (Decimal(row.value("amount") or 0) for row in funding if row.value("state") != FundingState.REFUSED), Decimal(0)
    )
    if promised < cost:
        text = _("%(row)s: the money named does not cover the cost") % {"row": action.name}
        yield action.check(Level.HINT, text, rule="action-covered")


def in_circles(waiting: dict[str, set[str]]) -> set[str]:
    """Those who wait, over others, for themselves."""

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        ahead = [*waiting.get(start, ())]
        while ahead:
            code = ahead.pop()
            if code not in found:
                found.add(code)
                ahead += waiting.get(code, ())
        return found

    return {code for code in waiting if code in reached(code)}


def months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
