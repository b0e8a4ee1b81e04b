"""Scenarios of a cohort: the list, two side by side, the trade-off, and the decision."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from twinning.core.access import may, require
from twinning.core.asked import whole_number
from twinning.core.errors import Refused

from ..forms.scenario import DecisionForm, ScenarioForm
from ..models import Scenario
from ..selectors.comparing import comparison_of, curve_of, moved_map
from ..selectors.criteria import weights_of
from ..selectors.matrix import matrix_of
from ..selectors.runs import is_outdated, outlook_of, unmatched_rows
from ..selectors.scenarios import places_missing, scenarios_of
from ..services.scenarios import confirm_scenario, discard_scenario, start_at_floor, start_scenario
from ..states import RunScope, ScenarioState
from .restrictions import cohort_to_match_or_404
from .studio import scenario_or_404

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@PAGE
def scenario_list(request, slug):
    """The scenarios of a cohort, a form that starts one, and one that puts two side by side."""
    cohort = cohort_to_match_or_404(request, slug)
    form = ScenarioForm(request.POST or None)
    if request.method == "POST":
        require(request.user, "matching.change_scenario", cohort)
        if form.is_valid():
            weights = weights_of(cohort)
            try:
                scenario = start_scenario(
                    cohort, **form.cleaned_data, weights=weights, by=request.user, now=timezone.now()
                )
                return redirect(scenario)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    outlook = outlook_of(cohort)
    form.initial["scope"] = RunScope.OPEN if outlook.twins else RunScope.ALL
    context = {
        "cohort": cohort,
        "form": form,
        "scenarios": scenarios_of(cohort, request.user),
        "outlook": outlook,
        "may_change": may(request.user, "matching.change_scenario", cohort),
    }
    return render(request, "matching/scenario_list.html", context, status=422 if form.errors else 200)


@require_safe
def scenario_compare(request, slug):
    """Two scenarios side by side: who stands elsewhere, who gains, who loses, and where on the map."""
    cohort = cohort_to_match_or_404(request, slug)
    solved = [one for one in scenarios_of(cohort, request.user) if one.run and one.run.total is not None]
    by_code = {one.code: one for one in solved}
    left, right = (by_code.get(request.GET.get(side, "")) for side in ("a", "b"))
    context = {"cohort": cohort, "scenarios": solved, "left": left, "right": right}
    if left and right and left != right:
        context["comparison"] = comparison_of(left, right)
        context["map"] = moved_map(cohort, context["comparison"])
    return render(request, "matching/scenario_compare.html", context)


@PAGE
def scenario_tradeoff(request, slug, code):
    """The curve between the best total and the best for the worst-off; a point of it begins a scenario."""
    scenario = scenario_or_404(request, slug, code)
    refusal = ""
    if request.method == "POST":
        require(request.user, "matching.change_scenario", scenario)
        try:
            started = start_at_floor(
                scenario, floor=_whole(request.POST.get("floor")), name=request.POST.get("name", ""),
                by=request.user, now=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("A scenario with this lowest score stands beside the others."))
            return redirect(started)
    is_solved = scenario.run is not None and scenario.run.total is not None
    context = {
        "scenario": scenario,
        "cohort": scenario.cohort,
        "refusal": refusal,
        "curve": curve_of(scenario.run) if is_solved else None,
        "may_change": may(request.user, "matching.change_scenario", scenario),
    }
    return render(request, "matching/scenario_tradeoff.html", context, status=422 if refusal else 200)


def _whole(text):
    number = whole_number(text or "")
    if number is None:
        raise BadRequest("The lowest score is not a whole number.")
    return number


@PAGE
def scenario_confirm(request, slug, code):
    """Says what confirming makes, asks why, then makes it. Nobody is told."""
    scenario = scenario_or_404(request, slug, code)
    require(request.user, "matching.change_scenario", scenario)
    is_what_if, is_solved = scenario.scope == RunScope.ALL, scenario.run is not None and scenario.run.total is not None
    missing = places_missing(scenario.run) if is_solved and not is_what_if else []
    form = DecisionForm(request.POST or None, needs_places=bool(missing))
    if request.method == "POST" and form.is_valid():
        try:
            confirm_scenario(scenario, **form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The pairings are confirmed. Nobody has been told yet."))
            return redirect(scenario)
    run = scenario.run
    matrix = matrix_of(run) if is_solved else None
    context = {
        "scenario": scenario,
        "cohort": scenario.cohort,
        "form": form,
        "missing": missing,
        "rows": matrix.matched if matrix else [],
        "unmatched": unmatched_rows(run, matrix) if matrix else [],
        "is_what_if": is_what_if,
        "is_outdated": bool(matrix) and scenario.state == ScenarioState.OPEN and is_outdated(run),
    }
    return render(request, "matching/scenario_confirm.html", context, status=422 if form.errors else 200)


@PAGE
def scenario_discard(request, slug, code):
    scenario: Scenario = scenario_or_404(request, slug, code)
    require(request.user, "matching.change_scenario", scenario)
    refusal = ""
    if request.method == "POST":
        try:
            discard_scenario(scenario, by=request.user, now=timezone.now())
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("The scenario is put aside. It stays readable in the list."))
            return redirect("matching:scenario-list", slug=scenario.cohort.slug)
    context = {"scenario": scenario, "refusal": refusal}
    return render(request, "matching/scenario_discard.html", context, status=422 if refusal else 200)
