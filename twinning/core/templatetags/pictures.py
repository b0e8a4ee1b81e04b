"""The drawn pictures: map, calendar, objectives, and those of the other outputs. Each stands beside a table or list of the same facts.

The positions come from `twinning.core.pictures`; the views or selectors build its plain dataclasses. What has been drawn
once is kept in memory by its content, so that a page that shows the same map again pays nothing for it.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from twinning.core.pictures import board, budget, conditions, coverage, europe, gantt, influence, objectives, timeline

register = template.Library()
MOST_DOTS_KEPT = 500  # a picture of a very large cohort would fill the memory


@register.simple_tag
def europe_map(
    twins: Iterable[europe.Twin],
    hosts: Iterable[europe.Host],
    pairings: Iterable[europe.Pairing],
    *,
    name: str = "map",
    title: str = "",
    table: str = "",
    close_up: bool = False,
) -> SafeString:
    """A map of Europe. `name` tells several maps of a page apart; `table` is the id of the table with the same facts."""
    picture = europe.draw_map(tuple(twins), tuple(hosts), tuple(pairings), close_up=close_up)
    count = ngettext("%(count)d pairing", "%(count)d pairings", picture.pairings) % {"count": picture.pairings}
    render = _drawn if len(picture.dots) <= MOST_DOTS_KEPT else _drawn.__wrapped__
    return render(
        "components/map.html",
        get_language(),
        picture=picture,
        name=name,
        title=str(title) or gettext("Map of Europe"),
        description=gettext("%(pairings)s as lines from the twin, a dot, to the host, a ring.") % {"pairings": count},
        table=table,
        close_up=close_up,
        base_map=static("img/europe.svg"),
        width=europe.WIDTH,
        height=europe.HEIGHT,
    )


@register.simple_tag
def cohort_timeline(
    modules: Iterable[timeline.Module],
    events: Iterable[timeline.Mark],
    deadlines: Iterable[timeline.Mark],
    *,
    today: date | None = None,
    name: str = "timeline",
    title: str = "",
    with_list: bool = True,
) -> SafeString:
    """The calendar of a cohort; the same dates as a list under a disclosure unless the page shows them elsewhere."""
    modules, events, deadlines = tuple(modules), tuple(events), tuple(deadlines)
    listed = tuple(sorted([*events, *deadlines], key=lambda mark: (mark.on, str(mark.label))))
    return _drawn(
        "components/timeline.html",
        get_language(),
        picture=timeline.draw_timeline(modules, events, deadlines, today=today),
        modules=modules,
        listed=listed if with_list else (),
        today=today,
        upcoming=next((mark for mark in listed if today and mark.on >= today), None),
        name=name,
        title=str(title) or gettext("Calendar of the cohort"),
    )


@register.simple_tag
def objectives_timeline(
    rows: Iterable[objectives.Objective],
    occasions: Iterable[objectives.Occasion] = (),
    *,
    starts_on: date,
    ends_on: date,
    name: str = "objectives",
    title: str = "",
) -> SafeString:
    """The objectives of a roadmap, for the page and for the PDF; a table of the same facts stands beside it."""
    return _drawn(
        "components/objectives.html",
        get_language(),
        picture=objectives.draw_objectives(list(rows), list(occasions), starts_on=starts_on, ends_on=ends_on),
        name=name,
        title=str(title) or gettext("When each objective is to be answered"),
    )


@register.simple_tag
def influence_interest(
    stakeholders: Iterable[influence.Stakeholder], *, name: str = "influence", title: str = ""
) -> SafeString:
    """Stakeholders by influence and interest, for the page and for the PDF."""
    return _drawn(
        "components/influence.html",
        get_language(),
        picture=influence.draw_influence(list(stakeholders)),
        name=name,
        title=str(title) or gettext("Influence and interest"),
    )


@register.simple_tag
def conditions_matrix(
    conditions_named: Iterable[str],
    candidates: Iterable[conditions.Candidate],
    *,
    name: str = "conditions",
    title: str = "",
) -> SafeString:
    """What could be transferred against the conditions at home, for the page and for the PDF."""
    return _drawn(
        "components/conditions.html",
        get_language(),
        picture=conditions.draw_conditions(list(conditions_named), list(candidates)),
        name=name,
        title=str(title) or gettext("Conditions at home"),
    )


@register.simple_tag
def gantt_chart(
    actions: Iterable[gantt.Action], *, today: date | None = None, name: str = "gantt", title: str = ""
) -> SafeString:
    """Actions over time with their steps, for the page and for the PDF."""
    return _drawn(
        "components/gantt.html",
        get_language(),
        pictures=tuple(gantt.draw_gantt(list(actions), today=today)),
        name=name,
        title=str(title) or gettext("Actions over time"),
    )


@register.simple_tag
def budget_chart(
    budgets: Iterable[budget.Budget], kinds: Iterable[str], *, name: str = "budget", title: str = ""
) -> SafeString:
    """The money of actions by how sure it is, for the page and for the PDF."""
    return _drawn(
        "components/budget.html",
        get_language(),
        pictures=tuple(budget.draw_budget(list(budgets), list(kinds))),
        name=name,
        title=str(title) or gettext("Money by action"),
    )


@register.simple_tag
def board_cards(boards: Iterable[board.BoardPicture], *, name: str = "board", title: str = "") -> SafeString:
    """The notes of a room as cards, for the page and for the PDF."""
    content = {"boards": tuple(boards), "name": name, "title": str(title) or gettext("Board")}
    return render_to_string("components/board.html", content | {"card_width": round(board.CARD, 1)})


@register.simple_tag
def coverage_matrix(
    columns: int, cities: Iterable[coverage.City], *, name: str = "coverage", title: str = ""
) -> SafeString:
    """Whose notes reached the insights, for the page and for the PDF."""
    return _drawn(
        "components/coverage.html",
        get_language(),
        pictures=tuple(coverage.draw_coverage(columns, list(cities))),
        name=name,
        title=str(title) or gettext("Whose voice reached the insights"),
    )


@lru_cache(maxsize=64)
def _drawn(template_name: str, language: str, **content: object) -> SafeString:
    """The markup of a picture in the active language, which `language` names; everything in it is hashable."""
    return render_to_string(template_name, content)
