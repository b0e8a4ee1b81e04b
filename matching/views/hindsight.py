from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.models import Cohort
from twinning.core.access import get_visible_or_404, may

from ..selectors.hindsight import hindsight_of


@require_safe
def hindsight(request, slug):
    """How well pairings turned out to fit, beside the score of then, as a picture and as a table with the same facts."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    if not may(request.user, "matching.view_run", cohort):
        raise Http404  # what a side said in confidence is for the team
    rows = hindsight_of(cohort, request.user)
    context = {"cohort": cohort, "rows": rows, "dots": [dot for row in rows for dot in row.dots]}
    return render(request, "matching/hindsight.html", context)
