"""A city's place in a cohort: its state, its people, its milestones."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.core.access import get_visible_or_404, may, require
from twinning.core.answers import answer, try_for

from ..forms.participations import MoveForm, OfficerForm
from ..forms.profiles import ParticipationForm
from ..models import Participation
from ..selectors.memberships import open_invitations
from ..selectors.participations import participation_page
from ..services.memberships import add_member, end_membership, invite_officer
from ..services.participations import PARTICIPATION_SERVICES
from ..services.profiles import describe_participation
from ..states import NEEDS_REASON, PARTICIPATION_MOVES, MemberRole
from .words import MOVE_WORDS


def _participation(request: HttpRequest, code: str) -> Participation:
    return get_visible_or_404(
        Participation.objects.select_related("city", "cohort__programme"), request.user, code=code
    )


@require_safe
def participation_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The city in this cohort: state with reason, officers, pairings, milestones, history."""
    participation = _participation(request, code)
    may_change = may(request.user, "cohorts.change_participation", participation)
    moves = PARTICIPATION_MOVES.names_from(participation.state) if may_change else []
    may_members = may(request.user, "cohorts.manage_members", participation)
    context = {
        "participation": participation,
        "cohort": participation.cohort,
        "shown": participation_page(participation, request.user),
        "today": timezone.localdate(),
        "moves": [(move, MOVE_WORDS[move].verb) for move in moves],
        "may_members": may_members,
        "may_describe": may(request.user, "cohorts.describe_participation", participation),
        "invitations": open_invitations(request.user, participation, now=timezone.now()) if may_members else [],
        "may_sign_off": may(request.user, "cohorts.sign_off_milestone", participation),
    }
    return render(request, "cohorts/participation_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def participation_move(request: HttpRequest, code: str, move: str) -> HttpResponse:
    """Ask for day and reason, say what will happen, then do it."""
    participation = _participation(request, code)
    require(request.user, "cohorts.change_participation", participation)
    if move not in PARTICIPATION_SERVICES:
        raise Http404
    form = MoveForm(request.POST or None, move=move, state=participation.state)
    if request.method == "POST" and form.is_valid():
        act, data, now = PARTICIPATION_SERVICES[move], form.cleaned_data, timezone.now()
        if try_for(form, lambda: act(participation, by=request.user, now=now, on=data["on"], reason=data["reason"])):
            return redirect(participation)
    is_possible = PARTICIPATION_MOVES.allows(move, state=participation.state)
    context = {
        "participation": participation,
        "form": form,
        "words": MOVE_WORDS[move],
        "question": MOVE_WORDS[move].question % {"city": participation.city},
        "is_possible": is_possible,
        "leaves": is_possible and PARTICIPATION_MOVES.target(move, state=participation.state) in NEEDS_REASON,
    }
    return render(request, "cohorts/participation_move.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def participation_describe(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the city seeks and brings."""
    participation = _participation(request, code)
    require(request.user, "cohorts.describe_participation", participation)
    form = ParticipationForm(request.POST or None, participation=participation)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(
            form, lambda: describe_participation(participation, values=form.cleaned_data, by=request.user, now=now)
        ):
            messages.success(request, _("Saved."))
            return redirect(participation)
    context = {"participation": participation, "form": form}
    return render(request, "cohorts/participation_describe.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def officer_invite(request: HttpRequest, code: str) -> HttpResponse:
    """Invite somebody to write for the city in this cohort."""
    participation = _participation(request, code)
    require(request.user, "cohorts.manage_members", participation)
    form = OfficerForm(request.POST or None, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: invite_officer(participation, by=request.user, now=now, **form.cleaned_data)):
            return redirect(participation)
    context = {"participation": participation, "form": form}
    return render(request, "cohorts/officer_invite.html", context, status=422 if form.errors else 200)


@require_POST
def officer_lead(request: HttpRequest, code: str, person: str) -> HttpResponse:
    """Make an officer the lead officer; the lead of before becomes an officer."""
    participation = _participation(request, code)
    require(request.user, "cohorts.manage_members", participation)
    member = get_object_or_404(participation.memberships.current().select_related("user"), user__code=person)
    return answer(
        request,
        lambda: add_member(
            participation, user=member.user, role=MemberRole.LEAD_OFFICER, by=request.user, now=timezone.now()
        ),
        said=_("%(person)s leads now.") % {"person": member.user},
        then=participation,
    )


@require_POST
def officer_end(request: HttpRequest, code: str, person: str) -> HttpResponse:
    """End an officer's role; what they wrote stays."""
    participation = _participation(request, code)
    require(request.user, "cohorts.manage_members", participation)
    member = get_object_or_404(
        participation.memberships.current().select_related("user", "participation__city"), user__code=person
    )
    return answer(
        request,
        lambda: end_membership(member, by=request.user, now=timezone.now()),
        said=_("%(person)s no longer writes for %(city)s.") % {"person": member.user, "city": participation.city},
        then=participation,
    )
