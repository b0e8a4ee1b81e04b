from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cohorts.models import Cohort
from twinning.audit.models import JournalEntry
from twinning.core.access import get_visible_or_404, may, require
from twinning.core.errors import Refused

from ..forms import RunForm
from ..forms.run import weights_asked
from ..models import Run
from ..selectors.criteria import CRITERION_LABELS, weights_of
from ..selectors.equals import equals_of
from ..selectors.explanations import Storyteller, weights_of_pair
from ..selectors.matrix import matrix_of
from ..selectors.rematching import is_rematch
from ..selectors.runs import (
    clash_of,
    figures_of,
    is_outdated,
    outlook_of,
    pairings_to_announce,
    present_hosts,
    runs_of,
    unmatched_rows,
)
from ..services.criteria import set_weights
from ..services.runs import cancel_run, mend_run, start_run
from ..states import UNSOLVED_RUN, RunScope, RunState

MOST_HOSTS_IN_MATRIX = 150
TWINS_A_PAGE = 60
CELLS_A_PAGE = 5_000  # a page with more takes long to load on a phone's line


@require_http_methods(["GET", "HEAD", "POST"])
def run_list(request, slug):
    """The runs of a cohort and the form that starts one."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    if not may(request.user, "matching.view_run", cohort):
        raise Http404  # matching is the team's business: for everybody else it does not exist
    own = weights_of(cohort)
    weights = weights_asked(request.GET, own)  # a suggestion that somebody wants to try; kept only where they tick it
    form = RunForm(request.POST or None, weights=weights, initial={"keep": weights == own})
    if request.method == "POST":
        require(request.user, "matching.start_run", cohort)
        if form.is_valid():
            try:
                return redirect(_start(cohort, form, by=request.user, now=timezone.now()))
            except Refused as refusal:
                form.add_error(None, str(refusal))
    outlook = outlook_of(cohort)
    form.initial["scope"] = RunScope.OPEN if outlook.twins else RunScope.ALL
    page = Paginator(runs_of(cohort, request.user), 20).get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "form": form,
        "page": page,
        "outlook": outlook,
        "may_start": may(request.user, "matching.start_run", cohort),
    }
    return render(request, "matching/run_list.html", context, status=422 if form.errors else 200)


def _start(cohort, form, *, by, now):
    run = start_run(
        cohort,
        by=by,
        now=now,
        weights=form.weights,
        scope=form.cleaned_data["scope"],
        objective=form.cleaned_data["objective"],
        seed=form.cleaned_data["seed"],
    )
    if form.cleaned_data["keep"] and may(by, "matching.change_criteria", cohort):
        set_weights(cohort, weights=form.weights, by=by, now=now)
    return run


@require_safe
def run_detail(request, code):
    """A run as a matrix; `?twin=…&host=…` explains one pair. Without script a click is a page, with it a fragment."""
    run = run_or_404(request, code)
    if request.htmx.target == "solving":
        return progress_of(request, run)
    context = {
        "run": run,
        "cohort": run.cohort,
        "is_waiting": run.state in UNSOLVED_RUN,
        "may_decide": not is_rematch(run) and may(request.user, "matching.decide_run", run),
        "is_rematch": is_rematch(run),
    }
    if run.total is not None and request.htmx.target == "pair":
        teller, twin = Storyteller(run), request.GET.get("twin", "")
        context |= {
            "story": teller.story(twin, request.GET.get("host", "")),
            **weights_of_pair(teller, twin, request.GET),
        }
        return render(request, "matching/run_detail.html#pair", context)
    context["clash"] = clash_of(run)
    context["may_start"] = may(request.user, "matching.start_run", run)
    context["journal"] = JournalEntry.objects.about(run).select_related("by")
    if run.total is not None:
        context |= _solved_context(request, run)
    return render(request, "matching/run_detail.html", context)


def run_or_404(request, code) -> Run:
    rows = Run.objects.select_related("cohort", "started_by", "decided_by", "scenario__cohort")
    return get_visible_or_404(rows, request.user, code=code)


def progress_of(request, run):
    """How far the run is, for a page that waits; once it is over, the page is loaded anew."""
    if run.state in UNSOLVED_RUN:
        return render(request, "matching/_solving.html#progress", {"run": run})
    return HttpResponseClientRefresh()


@require_POST
def run_cancel(request, code):
    """Stop a run that is not solved yet."""
    run = run_or_404(request, code)
    require(request.user, "matching.start_run", run)
    try:
        cancel_run(run, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(run.scenario or run)


@require_POST
def run_mend(request, code):
    """Let rules give way that made a run fail, and start it again."""
    run = run_or_404(request, code)
    require(request.user, "matching.start_run", run)
    require(request.user, "matching.change_rule", run)
    repair, reason = request.POST.get("repair", ""), request.POST.get("reason", "")
    try:
        return redirect(mend_run(run, repair=repair, reason=reason, by=request.user, now=timezone.now()))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(run)


def _solved_context(request, run):
    """What the page of a solved run shows beyond its head."""
    present = present_hosts(run)
    matrix = matrix_of(run, present=present)
    (twin, host), row = _selection(request, matrix)
    storyteller = Storyteller(run)
    return {
        "matrix": matrix,
        "has_present": bool(present),
        "page": Paginator(matrix.rows, rows_a_page(matrix)).get_page(request.GET.get("page")),
        "has_matrix": len(matrix.hosts) <= MOST_HOSTS_IN_MATRIX,
        "has_news": run.state == RunState.CONFIRMED and pairings_to_announce(run, request.user).exists(),
        "figures": _figure_cells(figures_of(run, matrix), run),
        "unmatched": unmatched_rows(run, matrix),
        "is_outdated": run.state == RunState.STAGED and is_outdated(run),
        "engine_is_current": storyteller.is_current,
        "equals": equals_of(run),
        "story": storyteller.story(twin, host) if twin and host else None,
        **weights_of_pair(storyteller, twin, request.GET),
        "selected_twin": twin,
        "selected_host": host,
        "row": row,
        "weights": _weights(run, matrix),
    }


def rows_a_page(matrix):
    """So many twins that the page stays light, however many hosts stand across."""
    return max(min(TWINS_A_PAGE, CELLS_A_PAGE // max(len(matrix.hosts), 1)), 20)


def _weights(run, matrix):
    """Label and weight of each criterion, and whether anything was known about it in this cohort."""
    known = {slug for row in matrix.rows for slug in row.proposal.criteria}
    return [(CRITERION_LABELS[slug], weight, slug in known) for slug, weight in run.weights.items() if weight]


def _selection(request, matrix):
    """The pair that the address names; by default the first twin with the host proposed for it."""
    rows = {row.twin: row for row in matrix.rows}
    row = rows.get(request.GET.get("twin", "")) or next(iter(matrix.rows), None)
    if row is None:
        return ("", ""), None
    hosts = dict(matrix.hosts)
    host = request.GET.get("host", "")
    if host not in hosts:
        host = row.host or (row.best[0].slug if row.best else "")
    return (row.twin, host), row


def _figure_cells(figures, run):
    """The figures as the component shows them."""
    proven = _("proven best") if run.is_optimal else _("not proven")
    lost = figures.best_total - figures.total
    cells = [
        {
            "label": _("With a host"),
            "value": _("%(matched)s of %(twins)s") % {"matched": figures.matched, "twins": figures.twins},
        },
        {
            "label": _("Total"),
            "value": figures.total,
            "note": _("%(lost)s below the best") % {"lost": lost} if figures.changed and lost > 0 else proven,
        },
        {"label": _("Mean"), "value": figures.mean, "note": _("of 100")},
        {"label": _("Lowest"), "value": figures.lowest, "note": _("of 100")},
        {"label": _("Same country"), "value": figures.same_country},
        {
            "label": _("Hosts with a twin"),
            "value": _("%(used)s of %(hosts)s") % {"used": figures.hosts_used, "hosts": figures.hosts},
        },
    ]
    if figures.fragile:
        cells.append({"label": _("Fragile pairs"), "value": figures.fragile, "note": _("talk about these")})
    if figures.changed:
        cells.append({"label": _("Changed by hand"), "value": figures.changed})
    return cells
