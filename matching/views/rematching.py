"""After a decline or a withdrawal: who needs a host, the ways out, and accepting one of them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.models import Cohort
from twinning.core.access import get_visible_or_404, may, require
from twinning.core.errors import Refused

from ..engine.types import UnsolvableRules
from ..forms.rematching import MovableForm, RematchForm
from ..selectors.rematching import options_of, situation_of
from ..services.rematching import accept_option
from ..states import Movable


@require_http_methods(["GET", "HEAD", "POST"])
def rematch_plan(request, slug):
    """The options of a re-match side by side; accepting one ends and makes pairings, and tells nobody."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    if not may(request.user, "matching.view_run", cohort):
        raise Http404  # matching is the team's business: for everybody else it does not exist
    reach = MovableForm(request.POST if request.method == "POST" else request.GET)
    movable = reach.chosen
    form = RematchForm(request.POST or None, initial={"movable": movable})
    if request.method == "POST":
        require(request.user, "matching.decide_run", cohort)
        if form.is_valid() and _accept(cohort, form, by=request.user, now=timezone.now()):
            messages.success(
                request, _("The pairings are changed. Nobody has been told: announce them when you are ready.")
            )
            return redirect("cohorts:pairing-announce", slug=cohort.slug)
    situation = situation_of(cohort)
    options, trouble = _options(situation, movable)
    context = {
        "cohort": cohort,
        "form": form,
        "reach": MovableForm(initial={"movable": movable}),
        "movable": movable,
        "situation": situation,
        "options": options,
        "trouble": trouble,
        "locked": len(situation.locked_at(movable)),
        "met": situation.count(Movable.MET),
        "chosen": form.data.get("option") or (options[0].digest if options else ""),
        "may_decide": may(request.user, "matching.decide_run", cohort),
    }
    return render(request, "matching/rematch_plan.html", context, status=422 if form.errors else 200)


def _accept(cohort, form, *, by, now):
    try:
        accept_option(cohort, by=by, now=now, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _options(situation, movable):
    """The options, or why there are none."""
    try:
        return options_of(situation, movable=movable), ""
    except (UnsolvableRules, OverflowError) as error:
        return [], str(error)
