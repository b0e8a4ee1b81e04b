"""The page of one cohort."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from cohorts.models import Event
from cohorts.selectors import cohorts as reads
from cohorts.selectors.pairs import CohortMap, HostSide, cohort_map, hosts_of_cohort, pairs_of, twins_of_cohort
from twinning.core.paging import paginate

from ..cohort_page import (
    MOST_ON_MAP,
    ROWS_OF_LARGE,
    ROWS_PER_PAGE,
    Listed,
    count_outputs,
    figures_of,
    hosts_of_rows,
    longest_late_first,
    outputs_known_to,
    pairings_known_to,
    read_page,
    rows_of,
)
from ..dates import next_events_of_many, on_first_days
from ..filters import CohortFilter
from ..standing import Standing, look_at_cohort
from ..todos import LOOK_AHEAD, Todo, Waits, decisions_in, todos_for_cohort

TODOS_SHOWN, DATES_SHOWN = 6, 4


@require_safe
def cohort(request: HttpRequest, slug: str) -> HttpResponse:
    """Figures, map, what it needs from the reader, calendar and pairings, as far as the reader may know them."""
    standing, today = look_at_cohort(request, slug), timezone.localdate()
    shown = standing.cohort
    outputs = outputs_known_to(request.user, whole=standing.sees_cohort_whole)
    pairings = pairings_known_to(request.user, shown)
    narrowed = CohortFilter(
        request.GET or None, queryset=pairings, outputs=outputs, today=today, by_names_alone=not standing.is_of_platform
    )
    is_narrowed = any(request.GET.get(name) for name in narrowed.filters)
    asked = decisions_in(shown) if _shows_todos(standing) and standing.runs_cohort else {}
    numbers = reads.cohort_figures(shown, request.user, **asked)
    is_large = numbers.pairings > MOST_ON_MAP
    per_page = ROWS_OF_LARGE if is_large else ROWS_PER_PAGE
    count = None if is_narrowed else numbers.pairings
    page = paginate(request, longest_late_first(narrowed.qs, outputs, today), per_page=per_page, count=count)
    listed = read_page(page.object_list, request.user, outputs, today, opens_all=standing.sees_cohort_whole)
    hosts = hosts_of_rows(listed) if is_large else hosts_of_cohort(shown)
    drawn = _map(standing, listed, hosts, pairings, outputs.late_on(today), count=numbers.pairings)
    common = reads.common_events(shown)
    of_pairings = reads.events_of_pairings(shown, request.user, soon=(today, today + LOOK_AHEAD))
    events = on_first_days(Event.objects.visible_to(request.user).in_cohort(shown), today, limit=DATES_SHOWN)
    todos = _todos(standing, common, of_pairings, numbers.more, today)
    paired = {pairing.twin for pairing in drawn.pairings}, {pairing.host for pairing in drawn.pairings}
    rows = rows_of(listed, hosts)
    context = {
        "cohort": shown,
        "today": today,
        "month": shown.month_on(today),
        "figures": figures_of(
            shown, numbers, count_outputs(outputs.in_cohort(shown)), of_pairings, are_own=not standing.is_of_platform
        ),
        "map": drawn,
        "lonely_twins": [twin for twin in drawn.twins if twin.key not in paired[0]],
        "free_hosts": [host for host in drawn.hosts if host.key not in paired[1]],
        "map_is_page": is_large,
        "timeline": reads.cohort_timeline(shown, common, of_pairings),
        "upcoming": next_events_of_many(events, today, limit=DATES_SHOWN, common=common),
        "shows_todos": _shows_todos(standing),
        "todos": todos[:TODOS_SHOWN],
        "more_todos": max(0, len(todos) - TODOS_SHOWN),
        "filter": narrowed,
        "is_narrowed": is_narrowed,
        "page": page,
        "rows": rows,
        "columns": max((row.cells for row in rows), key=len, default=[]),
    }
    return render(request, "portal/cohort.html", context)


def _map(
    standing: Standing, listed: list[Listed], hosts: dict[int, HostSide], pairings, late, *, count: int
) -> CohortMap:
    """The whole cohort, or where that is too much for one picture the pairings of the page."""
    pairs, warning = [row.pair for row in listed], gettext("an output is late")
    if count > MOST_ON_MAP:
        late_here = {row.pair.twin.pk for row in listed if row.overdue_since}
        twins = sorted((pair.twin for pair in pairs), key=lambda twin: (twin.city, twin.pk))
        return cohort_map(pairs, hosts, twins=twins, late=late_here, warning=warning, whole=False)
    if len(pairs) < count:
        pairs = pairs_of(pairings, standing.user, opens_all=standing.sees_cohort_whole)
    twins, late_here = twins_of_cohort(standing.cohort, standing.user, late=late.order_by().values("participation"))
    return cohort_map(pairs, hosts, twins=twins, late=late_here, warning=warning, whole=True)


def _shows_todos(standing: Standing) -> bool:
    return standing.is_of_platform and not standing.user.is_observer


def _todos(
    standing: Standing, common: list[Event], of_pairings: list[reads.EventOfPairings], waits: Waits, today: date
) -> list[Todo]:
    if not _shows_todos(standing):
        return []
    return todos_for_cohort(standing.cohort, standing.user, common, of_pairings, waits=waits, today=today)
