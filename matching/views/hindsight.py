from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.models import Cohort
from twinning.core.access import get_visible_or_404, may

from ..selectors.hindsight import hindsight_of, lesson_of


@require_safe
def hindsight(request, slug):
    """How well pairings turned out to fit, beside the score of then; and what changes by hand say about the weights."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    if not may(request.user, "matching.view_run", cohort):
        raise Http404  # what a side said in confidence is for the team
    rows = hindsight_of(cohort, request.user)
    lesson = lesson_of(cohort)
    context = {
        "cohort": cohort,
        "rows": rows,
        "dots": [dot for row in rows for dot in row.dots],
        "lesson": lesson,
        "prefilled": urlencode({f"weight_{row.slug}": row.suggested for row in lesson.weights}) if lesson else "",
        "may_start": may(request.user, "matching.start_run", cohort),
    }
    return render(request, "matching/hindsight.html", context)
