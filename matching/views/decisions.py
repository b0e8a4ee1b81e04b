"""Deciding a run and announcing what was decided: two acts, on two pages."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cohorts.models import host_label
from cohorts.services.pairings import announce_pairings, preview_announcement
from twinning.core.access import get_visible_or_404, require
from twinning.core.answers import unless_past
from twinning.core.errors import Refused

from ..models import Run
from ..selectors.matrix import matrix_of
from ..selectors.rematching import is_rematch
from ..selectors.runs import is_outdated, pairings_to_announce, readers_of, unmatched_rows
from ..services.runs import confirm_run, discard_run
from ..states import RUN_MOVES

PAGE = require_http_methods(["GET", "HEAD", "POST"])


def _run(request, code):
    return get_visible_or_404(Run.objects.select_related("cohort"), request.user, code=code)


@PAGE
def run_confirm(request, code):
    """Says what confirming makes, then makes it."""
    run = _run(request, code)
    require(request.user, "matching.decide_run", run)
    if over := unless_past(request, run, RUN_MOVES, "confirm"):
        return over
    refusal = ""
    if request.method == "POST":
        try:
            confirm_run(run, by=request.user, now=timezone.now())
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("The pairings are confirmed. Nobody has been told yet."))
            return redirect(run)
    matrix = matrix_of(run)
    context = {
        "run": run,
        "cohort": run.cohort,
        "rows": matrix.matched,
        "unmatched": unmatched_rows(run, matrix),
        "is_outdated": is_outdated(run),
        "refusal": refusal,
    }
    return render(request, "matching/run_confirm.html", context, status=422 if refusal else 200)


@PAGE
def run_discard(request, code):
    run = _run(request, code)
    require(request.user, "matching.decide_run", run)
    if over := unless_past(request, run, RUN_MOVES, "discard"):
        return over
    back_url, refusal = run.get_absolute_url(), ""
    if is_rematch(run):
        back_url = reverse("matching:rematch-plan", args=[run.cohort.slug])
    if request.method == "POST":
        try:
            discard_run(run, by=request.user, now=timezone.now())
        except Refused as refused:
            refusal = str(refused)
        else:
            if is_rematch(run):
                messages.success(request, _("The re-match is taken back. Nothing has changed for anybody."))
                return redirect(back_url)
            messages.success(request, _("The run is discarded. It stays readable in the list."))
            return redirect("matching:run-list", slug=run.cohort.slug)
    context = {
        "run": run,
        "cohort": run.cohort,
        "refusal": refusal,
        "is_rematch": is_rematch(run),
        "back_url": back_url,
    }
    return render(request, "matching/run_discard.html", context, status=422 if refusal else 200)


@PAGE
def run_announce(request, code):
    """Shows who would be told of which pairing, then tells them."""
    run = _run(request, code)
    require(request.user, "cohorts.announce_pairings", run.cohort)
    pairings = list(pairings_to_announce(run, request.user))
    if request.method == "POST" and not pairings:
        messages.info(request, _("There was nothing left to announce. Nobody got a letter."))
        return redirect(run)
    if request.method == "POST":
        told = announce_pairings(run.cohort, pairings=pairings, by=request.user, now=timezone.now())
        words = ngettext("%(count)s pairing is announced.", "%(count)s pairings are announced.", len(told))
        messages.success(request, words % {"count": len(told)})
        return redirect(run)
    letters = [
        {"pairing": pairing, "host": host_label(pairing.hosting.host), "people": readers_of(pairing)}
        for pairing in pairings
    ]
    letter = _letter(run.cohort, letters, request.GET.get("letter", ""))
    context = {"run": run, "cohort": run.cohort, "letters": letters, "letter": letter}
    return render(request, "matching/run_announce.html", context)


def _letter(cohort, letters, asked):
    """The letter that the address chooses by pairing and person, by default the first; None where nobody gets one."""
    readers = [(one["pairing"], person) for one in letters for person in one["people"]]
    chosen = [one for one in readers if f"{one[0].code}/{one[1].code}" == asked] or readers[:1]
    return next(
        (preview_announcement(cohort, pairing, reader=person, now=timezone.now()) for pairing, person in chosen), None
    )
