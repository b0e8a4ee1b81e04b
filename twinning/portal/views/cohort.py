"""The page of one cohort."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from cohorts.models import Cohort, Event
from cohorts.selectors import cohorts as reads
from twinning.core.paging import paginate

from ..cohort_page import (
    MOST_ON_MAP,
    ROWS_PER_PAGE,
    Listed,
    count_cohort,
    figures_of,
    outputs_known_to,
    pairings_worst_first,
    read_page,
    rows_of,
)
from ..dates import next_events_of_many
from ..filters import CohortFilter
from ..standing import Standing, look_at_cohort
from ..todos import LOOK_AHEAD, Todo, todos_for_cohort

TODOS_SHOWN = 6


@require_safe
def cohort(request: HttpRequest, slug: str) -> HttpResponse:
    """Figures, map, what it needs from the reader, calendar and pairings, as far as the reader may know them."""
    standing, today = look_at_cohort(request, slug), timezone.localdate()
    shown = standing.cohort
    outputs = outputs_known_to(request.user, shown, whole=standing.sees_cohort_whole)
    pairings = pairings_worst_first(shown, request.user, outputs, today)
    narrowed = CohortFilter(
        request.GET, queryset=pairings, outputs=outputs, today=today, by_names_alone=not standing.is_of_platform
    )
    is_narrowed = any(request.GET.get(name) for name in narrowed.filters)
    numbers = count_cohort(shown, request.user, outputs)
    count = None if is_narrowed else numbers.pairings
    page = paginate(request, narrowed.qs, per_page=ROWS_PER_PAGE, count=count)
    listed = read_page(page.object_list, request.user, outputs, today)
    drawn = _map(request.user, shown, listed, pairings, outputs.late_on(today), count=numbers.pairings)
    common = reads.common_events(shown)
    of_pairings = reads.events_of_pairings(shown, request.user, soon=(today, today + LOOK_AHEAD))
    events = Event.objects.visible_to(request.user).in_cohort(shown)
    todos = _todos(standing, common, of_pairings, today)
    paired = {pairing.twin for pairing in drawn.pairings}, {pairing.host for pairing in drawn.pairings}
    rows = rows_of(listed, today)
    context = {
        "cohort": shown,
        "today": today,
        "month": shown.month_on(today),
        "figures": figures_of(shown, numbers, of_pairings, are_own=not standing.is_of_platform),
        "map": drawn,
        "lonely_twins": [twin for twin in drawn.twins if twin.key not in paired[0]],
        "free_hosts": [host for host in drawn.hosts if host.key not in paired[1]],
        "map_is_page": numbers.pairings > MOST_ON_MAP,
        "timeline": reads.cohort_timeline(shown, common, of_pairings),
        "upcoming": next_events_of_many(events, today, limit=4, common=common),
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


def _map(user, cohort: Cohort, listed: list[Listed], pairings, late, *, count: int) -> reads.CohortMap:
    """The whole cohort, or where that is too much for one picture the pairings of the page; their hosts get their cities."""
    warning = gettext("an output is late")
    pairings_shown = [row.pairing for row in listed]
    shown = [pairing.hosting.host for pairing in pairings_shown]
    if count > MOST_ON_MAP:
        reads.load_host_cities(shown)
        late_here = {row.pairing.participation_id for row in listed if row.overdue_since}
        return reads.map_of_pairings(pairings_shown, late=late_here, warning=warning)
    everything = pairings_shown if len(listed) == count else list(reads.pairings_for_map(pairings, user))
    twins = list(reads.twins_for_map(cohort, user, late=late.order_by().values("participation")))
    hostings = list(reads.hostings_for_map(cohort))
    reads.load_host_cities([hosting.host for hosting in hostings] + shown)
    late_here = {twin.pk for twin in twins if twin.is_late}
    return reads.cohort_map(everything, twins, hostings, late=late_here, warning=warning)


def _shows_todos(standing: Standing) -> bool:
    return standing.is_of_platform and not standing.user.is_observer


def _todos(
    standing: Standing, common: list[Event], of_pairings: list[reads.EventOfPairings], today: date
) -> list[Todo]:
    if not _shows_todos(standing):
        return []
    return todos_for_cohort(standing.cohort, standing.user, common, of_pairings, runs=standing.runs_cohort, today=today)
