"""How far apart twins and hosts of a cohort should be."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.models import Cohort
from twinning.core.access import get_visible_or_404, may, require
from twinning.core.answers import try_for

from ..forms.band import BandsForm
from ..selectors.criteria import bands_of
from ..services.criteria import set_bands


@require_http_methods(["GET", "HEAD", "POST"])
def band_list(request, slug):
    """The target bands of a cohort; changed by those who change its weights."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    if not may(request.user, "matching.view_run", cohort):
        raise Http404  # matching is the team's business: for everybody else it does not exist
    may_change = may(request.user, "matching.change_criteria", cohort)
    form = BandsForm(request.POST or None, bands=bands_of(cohort))
    if request.method == "POST":
        require(request.user, "matching.change_criteria", cohort)
        now = timezone.now()
        if form.is_valid() and try_for(form, lambda: set_bands(cohort, bands=form.bands, by=request.user, now=now)):
            messages.success(request, _("The next runs score with these bands."))
            return redirect("matching:run-list", slug=cohort.slug)
    context = {"cohort": cohort, "form": form, "may_change": may_change}
    return render(request, "matching/band_list.html", context, status=422 if form.errors else 200)
