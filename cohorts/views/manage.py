"""Coordinators' pages about a cohort: created, changed, its calendar moved, its team, its twins."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.audit.selectors import history_of
from twinning.core.access import get_visible_or_404, require
from twinning.core.answers import answer, try_for
from twinning.core.paging import paginate

from ..filters import ParticipationFilter
from ..forms.cohorts import AnnounceForm, CohortCreateForm, CohortEditForm, KickoffForm, TeamForm
from ..models import Cohort
from ..selectors.calendar import summed_moves
from ..selectors.facilitators import facilitators_of_cohort, unaccompanied_pairings
from ..selectors.pairings import pairings_to_announce, readers_of_announcement
from ..selectors.participations import participations_for_manage
from ..services.calendar import fingerprint_of, plan_calendar, preview_kickoff_change
from ..services.cohorts import change_cohort, create_cohort
from ..services.memberships import add_team_member, remove_team_member
from ..services.pairings import announce_pairings, preview_announcement
from ..states import PARTICIPATION_MOVES
from .words import MOVE_WORDS


def _cohort(request: HttpRequest, slug: str) -> Cohort:
    return get_visible_or_404(Cohort.objects.select_related("programme"), request.user, slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_create(request: HttpRequest) -> HttpResponse:
    """Open a new round of a programme."""
    require(request.user, "cohorts.create_cohort")
    form = CohortCreateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made: list[Cohort] = []
        now = timezone.now()
        if try_for(form, lambda: made.append(create_cohort(by=request.user, now=now, **form.cleaned_data))):
            messages.success(request, _("The cohort is there. Next, import its cities and hosts from a package."))
            return redirect(made[0])
    return render(request, "cohorts/cohort_create.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The cohort's own rules: reminders, load, zone, words."""
    cohort = _cohort(request, slug)
    require(request.user, "cohorts.change_cohort", cohort)
    form = CohortEditForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: change_cohort(cohort, changes=form.cleaned_data, by=request.user, now=now)):
            messages.success(request, _("Saved."))
            return redirect(cohort)
    context = {
        "cohort": cohort,
        "form": form,
        "team": cohort.team_members.select_related("user").order_by("user__name", "pk"),
        "history": history_of(cohort),
    }
    return render(request, "cohorts/cohort_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def kickoff_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Set or move the kick-off: first what it would move, then, on a second press, the move itself."""
    cohort = _cohort(request, slug)
    require(request.user, "cohorts.plan_calendar", cohort)
    form = KickoffForm(request.POST or None, cohort=cohort)
    moves, shown = None, ""
    if request.method == "POST" and form.is_valid():
        programme, kickoff_on = form.cleaned_data["programme"], form.cleaned_data["kickoff_on"]
        moves = preview_kickoff_change(cohort, programme=programme, kickoff_on=kickoff_on)
        shown = fingerprint_of(moves)
        if form.cleaned_data["shown"] == shown or not moves:
            now = timezone.now()
            if try_for(
                form,
                lambda: plan_calendar(cohort, programme=programme, kickoff_on=kickoff_on, by=request.user, now=now),
            ):
                messages.success(request, _("The calendar stands."))
                return redirect("cohorts:calendar", cohort.slug)
    context = {
        "cohort": cohort,
        "form": form,
        "moves": summed_moves(moves or []),
        "total": len(moves or []),
        "is_previewed": moves is not None,
        "shown": shown,
    }
    return render(request, "cohorts/kickoff_change.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def team_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a facilitator run the cohort."""
    cohort = _cohort(request, slug)
    require(request.user, "cohorts.change_cohort", cohort)
    form = TeamForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: add_team_member(cohort, user=form.cleaned_data["person"], by=request.user, now=now)):
            return redirect("cohorts:cohort-edit", cohort.slug)
    context = {"cohort": cohort, "form": form}
    return render(request, "cohorts/team_add.html", context, status=422 if form.errors else 200)


@require_POST
def team_remove(request: HttpRequest, slug: str, person: str) -> HttpResponse:
    """Take somebody off the cohort's team."""
    cohort = _cohort(request, slug)
    require(request.user, "cohorts.change_cohort", cohort)
    member = get_object_or_404(cohort.team_members.select_related("user", "cohort"), user__code=person)
    return answer(
        request,
        lambda: remove_team_member(member, by=request.user, now=timezone.now()),
        said=_("%(person)s is no longer on the team.") % {"person": member.user},
        then=_to_edit(cohort),
    )


def _to_edit(cohort: Cohort) -> str:
    return reverse("cohorts:cohort-edit", args=[cohort.slug])


@require_safe
def participation_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The twins of the cohort with state, host, officers, and the moves that are possible."""
    cohort = _cohort(request, slug)
    require(request.user, "cohorts.change_participation", cohort)
    narrowed = ParticipationFilter(request.GET, queryset=participations_for_manage(cohort, request.user))
    page = paginate(request, narrowed.qs)
    context = {
        "cohort": cohort,
        "filter": narrowed,
        "page": page,
        "rows": [
            (row, [(move, MOVE_WORDS[move].verb) for move in PARTICIPATION_MOVES.names_from(row.state)]) for row in page
        ],
        "is_narrowed": any(request.GET.values()),
    }
    return render(request, "cohorts/participation_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pairing_announce(request: HttpRequest, slug: str) -> HttpResponse:
    """The confirmed pairings that nobody knows of yet, and who would get a letter; then tell them."""
    cohort = _cohort(request, slug)
    require(request.user, "cohorts.announce_pairings", cohort)
    waiting = pairings_to_announce(cohort, request.user)
    form = AnnounceForm(request.POST if request.method == "POST" else None, waiting=waiting)
    if request.method == "POST" and form.is_valid():
        told = announce_pairings(cohort, pairings=form.chosen, by=request.user, now=timezone.now())
        said = ngettext("%(count)d pairing was announced.", "%(count)d pairings were announced.", len(told))
        messages.success(request, said % {"count": len(told)})
        return redirect(cohort)
    chosen = set(request.POST.getlist("pairings")) if form.is_bound else {pairing.code for pairing in waiting}
    rows = [(pairing, readers_of_announcement(pairing), pairing.code in chosen) for pairing in waiting]
    context = {
        "cohort": cohort,
        "form": form,
        "rows": rows,
        "letters": sum(len(readers) for _pairing, readers, _is_chosen in rows),
        "sample": _sample(cohort, rows),
    }
    return render(request, "cohorts/pairing_announce.html", context, status=422 if form.errors else 200)


def _sample(cohort: Cohort, rows: list):
    """The letter to the first of those who would get one, as it would be written now; None where nobody gets one."""
    now = timezone.now()
    letters = (
        preview_announcement(cohort, pairing, reader=reader, now=now)
        for pairing, readers, _ in rows
        for reader in readers
    )
    return next(letters, None)


@require_safe
def facilitator_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who accompanies how many pairings, and which pairings nobody accompanies."""
    cohort = _cohort(request, slug)
    require(request.user, "cohorts.assign_facilitator", cohort)
    context = {
        "cohort": cohort,
        "people": facilitators_of_cohort(cohort),
        "unaccompanied": paginate(request, unaccompanied_pairings(cohort)),
    }
    return render(request, "cohorts/facilitator_list.html", context)
