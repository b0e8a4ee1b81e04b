"""Pairings: found, read, ended, re-matched, accompanied."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.core.access import get_visible_or_404, may, require
from twinning.core.answers import answer, try_for
from twinning.core.paging import paginate

from ..filters import PairingListFilter
from ..forms.pairings import AssignmentForm, EndForm, RematchForm
from ..models import Pairing
from ..registry import PAIRING_PANELS
from ..selectors.both_sides import answers_of, is_asked
from ..selectors.pairings import pairing_page, rows_of_list
from ..services.pairings import assign_facilitator, end_pairing, release_facilitator, rematch_participation
from ..states import OPEN_PAIRING


@require_safe
def pairing_list(request: HttpRequest) -> HttpResponse:
    """Every pairing that the reader may open; officers and hosts with a single one go straight to it."""
    listed = Pairing.objects.visible_to(request.user)
    if not request.GET and not request.user.platform_role:
        only = list(listed.values_list("code", flat=True)[:2])
        if len(only) == 1:
            return redirect("cohorts:pairing-detail", only[0])
    narrowed = PairingListFilter(request.GET or None, queryset=listed, request=request)
    page = paginate(request, narrowed.qs.by_twin(), count=narrowed.qs.count())
    context = {
        "filter": narrowed,
        "page": page,
        "rows": rows_of_list(page.object_list, today=timezone.localdate()),
        "is_narrowed": any(request.GET.values()),
        "shared_url": request.build_absolute_uri(),
    }
    return render(request, "cohorts/pairing_list.html", context)


def _pairing(request: HttpRequest, code: str) -> Pairing:
    pairings = Pairing.objects.with_sides().select_related("participation__cohort__programme", "confirmed_by")
    return get_visible_or_404(pairings, request.user, code=code)


@require_safe
def pairing_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The pair: people of both sides, facilitators, visits with what is next, history, source."""
    pairing = _pairing(request, code)
    is_open = pairing.state in OPEN_PAIRING
    today = timezone.localdate()
    shown = pairing_page(pairing, request.user, today=today)
    speaks = any(row.user_id == request.user.pk for row in [*shown.officers, *shown.contacts])
    context = {
        "pairing": pairing,
        "cohort": pairing.participation.cohort,
        "shown": shown,
        "today": today,
        "is_open": is_open,
        "answers": answers_of(pairing, today=today),
        "is_asked": is_asked(pairing),
        "may_answer": is_asked(pairing) and speaks,
        "may_state_fit": bool(pairing.announced_at) and speaks,
        "sees_whole": may(request.user, "cohorts.view_cohort_whole", pairing),
        "may_end": is_open and may(request.user, "cohorts.end_pairing", pairing),
        "may_assign": is_open and may(request.user, "cohorts.assign_facilitator", pairing),
        "may_members": may(request.user, "cohorts.manage_members", pairing.participation),
        "panels": [panel for make in PAIRING_PANELS if (panel := make(pairing, request.user, today=today))],
    }
    return render(request, "cohorts/pairing_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pairing_end(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the reason, then end the pairing."""
    pairing = _pairing(request, code)
    require(request.user, "cohorts.end_pairing", pairing)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        if try_for(form, lambda: end_pairing(pairing, by=request.user, now=now, reason=reason, tells=True)):
            return redirect(pairing)
    return render(
        request, "cohorts/pairing_end.html", {"pairing": pairing, "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pairing_rematch(request: HttpRequest, code: str) -> HttpResponse:
    """Choose another host and say why. The old pairing ends; the new one is announced with it where the old one was known."""
    pairing = _pairing(request, code)
    require(request.user, "cohorts.end_pairing", pairing)
    require(request.user, "cohorts.confirm_pairing", pairing)
    form = RematchForm(request.POST or None, pairing=pairing)
    if request.method == "POST" and form.is_valid():
        hosting, reason, now = form.cleaned_data["hosting"], form.cleaned_data["reason"], timezone.now()
        new: list[Pairing] = []
        if try_for(
            form,
            lambda: new.append(
                rematch_participation(pairing, hosting=hosting, by=request.user, now=now, reason=reason)
            ),
        ):
            return redirect(new[0])
    return render(
        request, "cohorts/pairing_rematch.html", {"pairing": pairing, "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def facilitator_assign(request: HttpRequest, code: str) -> HttpResponse:
    """Choose who accompanies the pairing; their present load stands beside each name."""
    pairing = _pairing(request, code)
    require(request.user, "cohorts.assign_facilitator", pairing)
    form = AssignmentForm(request.POST or None, pairing=pairing)
    if request.method == "POST" and form.is_valid():
        chosen, now = form.cleaned_data, timezone.now()
        if try_for(
            form,
            lambda: assign_facilitator(
                pairing, user=chosen["facilitator"], is_lead=chosen["is_lead"], by=request.user, now=now
            ),
        ):
            return redirect(pairing)
    return render(
        request,
        "cohorts/facilitator_assign.html",
        {"pairing": pairing, "form": form},
        status=422 if form.errors else 200,
    )


@require_POST
def facilitator_release(request: HttpRequest, code: str, person: str) -> HttpResponse:
    """End somebody's assignment to the pairing."""
    pairing = _pairing(request, code)
    require(request.user, "cohorts.assign_facilitator", pairing)
    current = pairing.assignments.current().select_related(
        "user", "pairing__hosting__host", "pairing__participation__city"
    )
    assignment = get_object_or_404(current, user__code=person)
    return answer(
        request,
        lambda: release_facilitator(assignment, by=request.user, now=timezone.now()),
        said=_("%(person)s no longer accompanies this pairing.") % {"person": assignment.user},
        then=pairing,
    )
