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
    figures_of,
    output_numbers,
    outputs_known_to,
    pairings_worst_first,
    rows_of,
)
from ..dates import next_events_of_many
from ..filters import CohortFilter
from ..standing import look_at_cohort
from ..todos import todos_for_cohort

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
    numbers = reads.cohort_figures(shown, request.user)
    count = None if is_narrowed else numbers.pairings
    page = paginate(request, narrowed.qs, per_page=ROWS_PER_PAGE, count=count)
    listed = list(page.object_list)
    rows = rows_of(listed, outputs, today)
    is_large = numbers.pairings > MOST_ON_MAP
    if is_large:
        late = {pairing.participation_id for pairing in listed if pairing.overdue_since}
        drawn = reads.map_of_pairings(listed, late=late, warning=gettext("an output is late"))
    else:
        everything = listed if len(listed) == numbers.pairings else list(pairings)
        late = outputs.late_on(today).order_by().values("participation")
        drawn = reads.cohort_map(shown, request.user, everything, late=late, warning=gettext("an output is late"))
    todos = _todos(standing, shown, today)
    paired = {pairing.twin for pairing in drawn.pairings}, {pairing.host for pairing in drawn.pairings}
    context = {
        "cohort": shown,
        "today": today,
        "month": shown.month_on(today),
        "figures": figures_of(shown, numbers, output_numbers(outputs, today), are_own=not standing.is_of_platform),
        "map": drawn,
        "lonely_twins": [twin for twin in drawn.twins if twin.key not in paired[0]],
        "free_hosts": [host for host in drawn.hosts if host.key not in paired[1]],
        "map_is_page": is_large,
        "timeline": reads.cohort_timeline(shown, today),
        "upcoming": next_events_of_many(Event.objects.visible_to(request.user).in_cohort(shown), today, limit=4),
        "shows_todos": standing.is_of_platform and not request.user.is_observer,
        "todos": todos[:TODOS_SHOWN],
        "more_todos": max(0, len(todos) - TODOS_SHOWN),
        "filter": narrowed,
        "is_narrowed": is_narrowed,
        "page": page,
        "rows": rows,
        "columns": max((row.cells for row in rows), key=len, default=[]),
    }
    return render(request, "portal/cohort.html", context)


def _todos(standing, cohort: Cohort, today: date) -> list:
    if not standing.is_of_platform or standing.user.is_observer:
        return []
    return todos_for_cohort(cohort, standing.user, runs=standing.runs_cohort, today=today)
