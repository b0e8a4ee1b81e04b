"""After a decline or a withdrawal: who needs a host, the ways out, accepting one of them, announcing it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cohorts.models import Cohort
from twinning.core.access import get_visible_or_404, may, require
from twinning.core.errors import Refused

from ..engine.types import UnsolvableRules
from ..forms.rematching import MovableForm, PricesForm, RematchForm
from ..selectors.rematching import accepted_changes, accepted_rematch, options_of, prices_of, rematches, situation_of
from ..services.rematching import accept_option, announce_rematch, preview_rematch_letter, set_prices
from ..states import DECIDED_RUN, Movable

PAGE = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 10  # earlier re-matches in the list


def _cohort(request, slug):
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    if not may(request.user, "matching.view_run", cohort):
        raise Http404  # matching is the team's business: for everybody else it does not exist
    return cohort


@PAGE
def rematch_plan(request, slug):
    """The options of a re-match side by side; accepting one decides, changes no pairing and tells nobody."""
    cohort = _cohort(request, slug)
    reach = MovableForm(request.POST if request.method == "POST" else request.GET)
    movable = reach.chosen
    form = RematchForm(request.POST or None, initial={"movable": movable})
    if request.method == "POST":
        require(request.user, "matching.decide_run", cohort)
        if form.is_valid() and _accept(cohort, form, by=request.user, now=timezone.now()):
            messages.success(
                request, _("The re-match is accepted. Both sides go on as they are until you announce it.")
            )
            return redirect("matching:rematch-announce", slug=cohort.slug)
    situation = situation_of(cohort)
    options, trouble = _options(situation, movable)
    waiting = accepted_rematch(cohort)
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
        "waiting": waiting,
        "changes": accepted_changes(waiting) if waiting else [],
        "earlier": rematches(cohort).filter(state__in=DECIDED_RUN)[:SHOWN],
    }
    return render(request, "matching/rematch_plan.html", context, status=422 if form.errors else 200)


@PAGE
def rematch_announce(request, slug):
    """Who will be told what; then the accepted re-match is carried out and announced in one step."""
    cohort = _cohort(request, slug)
    require(request.user, "cohorts.announce_pairings", cohort)
    run, refusal = accepted_rematch(cohort), ""
    if run is None:
        messages.info(request, _("No re-match waits to be announced."))
        return redirect("matching:rematch-plan", slug=cohort.slug)
    if request.method == "POST":
        try:
            new = announce_rematch(run, by=request.user, now=timezone.now())
        except Refused as refused:
            refusal = str(refused)
        else:
            words = ngettext("%(count)s pairing is announced.", "%(count)s pairings are announced.", len(new))
            messages.success(request, words % {"count": len(new)})
            return redirect("matching:rematch-plan", slug=cohort.slug)
    changes = accepted_changes(run)
    context = {
        "cohort": cohort,
        "run": run,
        "changes": changes,
        "refusal": refusal,
        "letter": _letter(cohort, changes, request.GET.get("letter", "")),
    }
    return render(request, "matching/rematch_announce.html", context, status=422 if refusal else 200)


def _letter(cohort, changes, asked):
    """The letter that the address chooses by twin and person, by default the first; None where nobody gets one."""
    readers = [(change, person) for change in changes for person in (*change.readers, *change.told)]
    chosen = [one for one in readers if f"{one[0].name}/{one[1].code}" == asked] or readers[:1]
    return next(
        (preview_rematch_letter(cohort, change, reader=person, now=timezone.now()) for change, person in chosen), None
    )


@PAGE
def rematch_prices(request, slug):
    """How much dearer it is to change a pair that has come further."""
    cohort = _cohort(request, slug)
    require(request.user, "matching.change_criteria", cohort)
    form = PricesForm(request.POST or None, initial=prices_of(cohort))
    if request.method == "POST" and form.is_valid():
        try:
            set_prices(cohort, prices=form.prices, by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The next options are found with these numbers."))
            return redirect("matching:rematch-plan", slug=cohort.slug)
    return render(
        request, "matching/rematch_prices.html", {"cohort": cohort, "form": form}, status=422 if form.errors else 200
    )


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
