"""The studio: one scenario at work. Every act is a form, and works without script."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.models import Hosting, Participation
from twinning.core.access import get_visible_or_404, may, require
from twinning.core.errors import Refused

from ..forms.scenario import AimsForm
from ..models import Run, Scenario
from ..selectors.equals import equals_of
from ..selectors.explanations import Storyteller, solved, weights_of_pair
from ..selectors.matrix import matrix_of
from ..selectors.runs import clash_of, figures_of, is_outdated, pairings_to_announce, unmatched_rows
from ..selectors.scenarios import acts_of, holding, next_to_redo, steps_of, with_comments
from ..selectors.studio import (
    both_ways,
    chosen_rows,
    column_choices,
    effect_of,
    health_of,
    names_of,
    preview_of,
    second_best,
    show_choices,
    shown_part,
    sort_choices,
)
from ..services.scenarios import Clashing, act_of, comment_on, redo_step, take_step, undo_step
from ..states import UNSOLVED_RUN, ScenarioState, StepAction
from .runs import MOST_HOSTS_IN_MATRIX, progress_of, rows_a_page

KEPT = ("sort", "show", "find", "columns", "page")  # how somebody looks at the matrix; stays so after an act
HOSTS_AT_ONCE = 30  # more do not fit beside each other: the matrix then scrolls in a frame of its own
PAIR_ACTS = (StepAction.LOCK, StepAction.VETO, StepAction.MOVE, StepAction.RELEASE)


def scenario_or_404(request, slug, code) -> Scenario:
    rows = Scenario.objects.select_related("cohort", "run__cohort", "created_by", "decided_by")
    return get_visible_or_404(rows, request.user, code=code, cohort__slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_studio(request, slug, code):
    """The matrix of a scenario; `?twin=…&host=…` explains a pair, `?weight_…` says what other weights would change."""
    scenario = scenario_or_404(request, slug, code)
    if request.htmx.target == "solving":
        return progress_of(request, scenario.run)
    refusal, clash = "", None
    if request.method == "POST":
        require(request.user, "matching.change_scenario", scenario)
        try:
            _act(request, scenario)
        except Refused as refused:
            refusal, clash = str(refused), refused.clash if isinstance(refused, Clashing) else None
        else:
            return redirect(f"{scenario.get_absolute_url()}?{_kept(request)}")
        scenario = scenario_or_404(request, slug, code)
    context = {
        "scenario": scenario,
        "cohort": scenario.cohort,
        "run": scenario.run,
        "refusal": refusal,
        "clash": clash,
        "act_again": _act_again(request) if clash else {},
        "reason": request.POST.get("reason", ""),
        "is_open": scenario.state == ScenarioState.OPEN,
        "may_change": may(request.user, "matching.change_scenario", scenario) and scenario.state == ScenarioState.OPEN,
        "may_comment": may(request.user, "matching.change_scenario", scenario),
        "is_waiting": scenario.run is None or scenario.run.state in UNSOLVED_RUN,
    }
    if scenario.run and scenario.run.total is not None:
        return _solved_page(request, context)
    if scenario.run and not context["is_waiting"]:
        context |= _unsolved(scenario, context)
    return render(request, "matching/scenario_studio.html", context, status=422 if refusal else 200)


def _act_again(request):
    """The fields of the act that clashed, for doing it once something gives way."""
    kept = {
        name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "reason", "repair")
    }
    return kept | {"act": request.POST.get("act", "")}


def _unsolved(scenario, context):
    """The last step failed in the worker, or was cancelled: what may be done about it."""
    steps = steps_of(scenario)
    return {
        "last": act_of(holding(steps)[-1]) if holding(steps) else "",
        "clash": context["clash"] or clash_of(scenario.run),
        "act_again": context["act_again"] or {"act": StepAction.RENEW},
    }


def _solved_page(request, context):
    scenario, run = context["scenario"], context["run"]
    matrix, steps = matrix_of(run), steps_of(scenario)
    acts = acts_of(scenario, holding(steps))
    if request.htmx.target == "preview":
        return _preview(request, context, run, matrix, acts)
    context |= _pair(request, run, matrix, acts)
    if request.htmx.target == "pair" and request.method == "GET":
        return render(request, "matching/scenario_studio.html#pair", context)
    context |= _plan(request, context, matrix, steps, acts)
    return render(request, "matching/scenario_studio.html", context, status=422 if context["refusal"] else 200)


def _preview(request, context, run, matrix, acts):
    form = AimsForm(request.GET, weights=acts.weights, objective=acts.objective)
    if form.is_valid():
        aims = {"weights": form.weights, "objective": form.cleaned_data["objective"]}
        context["preview"] = preview_of(run, matrix, **aims)
    return render(request, "matching/scenario_studio.html#preview", context | {"aims": form})


def _plan(request, context, matrix, steps, acts):
    """Everything around the pair: the matrix, figures, what the last step did, steps and comments."""
    scenario, run = context["scenario"], context["run"]
    asked = request.POST if request.method == "POST" else request.GET
    sort, show, find = asked.get("sort", "name"), asked.get("show", "all"), asked.get("find", "")
    columns, held = asked.get("columns", "all"), holding(steps)
    rows = chosen_rows(matrix, acts, sort=sort, show=show, find=find)
    page = Paginator(rows, rows_a_page(matrix)).get_page(asked.get("page"))
    health = health_of(run, matrix)
    return {
        "matrix": matrix,
        "has_matrix": len(matrix.hosts) <= MOST_HOSTS_IN_MATRIX,
        "page": page,
        "part": shown_part(matrix, page, acts, columns=columns),
        "is_large": len(matrix.hosts) > HOSTS_AT_ONCE,
        "figures": _cells(figures_of(run, matrix), health, run),
        "health": health,
        "equals": equals_of(run),
        "unmatched": unmatched_rows(run, matrix),
        "effect": _effect(scenario, run, matrix, held),
        "last": act_of(held[-1]) if held else "",
        "again": next_to_redo(steps),
        "steps": [{"step": step, "words": act_of(step)} for step in reversed(steps)],
        "comments": with_comments(scenario),
        "aims": AimsForm(weights=acts.weights, objective=acts.objective),
        "is_outdated": scenario.state == ScenarioState.OPEN and is_outdated(run),
        "is_of_earlier_engine": scenario.state == ScenarioState.OPEN and context["story"] is None and bool(matrix.rows),
        "has_news": scenario.state == ScenarioState.CONFIRMED and pairings_to_announce(run, request.user).exists(),
        "kept": {name: asked[name] for name in KEPT if asked.get(name)},
        "sort": sort,
        "show": show,
        "find": find,
        "columns": columns,
        "sorts": sort_choices(),
        "shows": show_choices(),
        "column_choices": column_choices(),
    }


def _effect(scenario, run, matrix, held):
    if not held:
        return None
    before = held[-2].run_id if len(held) > 1 else scenario.first_run_id
    earlier = Run.objects.only("pk").filter(pk=before, total__isnull=False).first()
    return effect_of(earlier, run, matrix) if earlier else None


def _pair(request, run, matrix, acts):
    """The pair that the address names; by default the first twin with its host."""
    asked = request.POST if request.method == "POST" else request.GET
    rows = {row.twin: row for row in matrix.rows}
    row = rows.get(asked.get("twin", "")) or next(iter(matrix.rows), None)
    teller, story, host = Storyteller(run), None, asked.get("host", "")
    if row:
        if host not in dict(matrix.hosts):
            host = row.host or (row.best[0].slug if row.best else "")
        story = teller.story(row.twin, host)
    if story is None:
        return {"row": row, "story": None}
    learned, taught = both_ways(solved(run).outcome, row.twin, host)
    return {
        "row": row,
        "story": story,
        **weights_of_pair(teller, row.twin, asked),
        "selected_twin": row.twin,
        "selected_host": host,
        "second": second_best(solved(run), row.twin, names_of(run)),
        "learned": learned,
        "taught": taught,
        "locked_to": acts.locks.get(row.twin),
        "moved_to": acts.moves.get(row.twin),
        "vetoed": acts.vetoes.get((row.twin, host)),
        "is_here": row.host == host,
    }


def _cells(figures, health, run):
    proven = _("proven best") if run.is_optimal else _("not proven")
    lost = figures.best_total - figures.total
    cells = [
        {"label": _("With a host"), "value": f"{figures.matched} / {figures.twins}"},
        {
            "label": _("Total"),
            "value": figures.total,
            "note": _("%(lost)s below the best") % {"lost": lost} if figures.changed else proven,
        },
        {"label": _("Lowest"), "value": figures.lowest, "note": _("of 100")},
        {"label": _("Same country"), "value": figures.same_country},
        {"label": _("Would rather have each other"), "value": len(health.blocking), "note": _("pairs")},
    ]
    if health.with_wishes:
        cells.append({"label": _("First wishes"), "value": f"{health.first_wishes} / {health.with_wishes}"})
    if figures.tried:
        cells.append({"label": _("Fragile"), "value": figures.fragile, "note": _("pairs")})
    if figures.changed:
        cells.append({"label": _("Moved by hand"), "value": figures.changed})
    return cells


def _act(request, scenario):
    """Do what the form asks for. Raises Refused."""
    by, now, act = request.user, timezone.now(), request.POST.get("act", "")
    if act == "undo":
        undo_step(scenario, by=by, now=now)
    elif act == "redo":
        redo_step(scenario, by=by, now=now)
    elif act == "comment":
        about = _twin(scenario, request.POST["about"]) if request.POST.get("about") else None
        comment_on(scenario, text=request.POST.get("text", ""), participation=about, by=by, now=now)
        messages.success(request, _("The comment is kept."))
    elif act == StepAction.RENEW:
        take_step(scenario, action=act, by=by, now=now, **_giving_way(request))
    elif act == StepAction.AIMS:
        form = AimsForm(request.POST, weights=scenario.weights, objective=scenario.objective)
        if not form.is_valid():
            raise Refused(" ".join(message for errors in form.errors.values() for message in errors))
        aims = {"weights": form.weights, "objective": form.cleaned_data["objective"]}
        take_step(scenario, action=act, aims=aims, by=by, now=now, **_giving_way(request))
    elif act in PAIR_ACTS:
        _act_on_pair(request, scenario, act, by=by, now=now)
    else:
        raise BadRequest("This act is not known.")


def _act_on_pair(request, scenario, act, *, by, now):
    host = request.POST.get("host", "")
    if act == StepAction.MOVE and request.POST.get("nowhere"):
        host = ""
    if act == StepAction.RELEASE and not request.POST.get("pair"):
        host = ""
    hostings = Hosting.objects.in_cohort(scenario.cohort).with_host()
    take_step(
        scenario,
        action=act,
        participation=_twin(scenario, request.POST.get("twin", "")),
        hosting=get_object_or_404(hostings, host__slug=host) if host else None,
        by=by,
        now=now,
        **_giving_way(request),
    )


def _giving_way(request):
    """The reason that was given, and the way out that was chosen."""
    return {"reason": request.POST.get("reason", ""), "repair": request.POST.get("repair", "")}


def _twin(scenario, slug):
    participation = Participation.objects.in_cohort(scenario.cohort).select_related("city").filter(city__slug=slug)
    if not participation:
        raise Http404
    return participation[0]


def _kept(request):
    """What the page showed stays chosen after an act."""
    names = ("twin", "host", *KEPT)
    return urlencode({name: request.POST[name] for name in names if request.POST.get(name)})
