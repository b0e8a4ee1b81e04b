"""A host's place in a cohort: capacity, contacts, withdrawal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.audit.selectors import history_of
from twinning.core.access import get_visible_or_404, require
from twinning.core.answers import answer, try_for
from twinning.core.paging import paginate

from ..forms.cohorts import CapacityForm, WithdrawForm
from ..forms.participations import ContactForm
from ..models import Cohort, Hosting, host_label
from ..selectors.hosts import hostings_for_manage, pairings_of_hosting
from ..selectors.memberships import open_invitations
from ..services.hostings import change_capacity, readmit_hosting, withdraw_hosting
from ..services.memberships import end_host_contact, invite_host_contact


def _hosting(request: HttpRequest, code: str) -> Hosting:
    hosting = get_visible_or_404(Hosting.objects.with_host(), request.user, code=code)
    require(request.user, "cohorts.change_hosting", hosting)
    return hosting


def _page(hosting: Hosting) -> str:
    return reverse("cohorts:hosting-edit", args=[hosting.code])


@require_safe
def hosting_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The hosts of a cohort: places, twins, contacts, and whose twins need another host."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    require(request.user, "cohorts.change_hosting", cohort)
    page = paginate(request, hostings_for_manage(cohort, request.user))
    return render(request, "cohorts/hosting_list.html", {"cohort": cohort, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def hosting_edit(request: HttpRequest, code: str) -> HttpResponse:
    """How many twins the host takes, who speaks for it, which twins it has."""
    hosting = _hosting(request, code)
    form = CapacityForm(request.POST or None, hosting=hosting)
    if request.method == "POST" and form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        if try_for(
            form, lambda: change_capacity(hosting, fewest=data["fewest"], most=data["most"], by=request.user, now=now)
        ):
            messages.success(request, _("Saved."))
            return redirect(_page(hosting))
    context = {
        "hosting": hosting,
        "label": host_label(hosting.host),
        "form": form,
        "pairings": pairings_of_hosting(hosting),
        "contacts": hosting.contacts.current().select_related("user").order_by("user__name", "pk"),
        "invitations": open_invitations(request.user, hosting, now=timezone.now()),
        "history": history_of(hosting),
    }
    return render(request, "cohorts/hosting_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def hosting_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Note that the host leaves; its twins, listed, need new hosts."""
    hosting = _hosting(request, code)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        if try_for(
            form, lambda: withdraw_hosting(hosting, reason=data["reason"], on=data["on"], by=request.user, now=now)
        ):
            return redirect(_page(hosting))
    context = {
        "hosting": hosting,
        "label": host_label(hosting.host),
        "form": form,
        "pairings": pairings_of_hosting(hosting),
        "back_url": _page(hosting),
    }
    return render(request, "cohorts/hosting_withdraw.html", context, status=422 if form.errors else 200)


@require_POST
def hosting_readmit(request: HttpRequest, code: str) -> HttpResponse:
    """The host takes twins again."""
    hosting = _hosting(request, code)
    return answer(
        request,
        lambda: readmit_hosting(hosting, by=request.user, now=timezone.now()),
        said=_("The host takes twins again."),
        then=_page(hosting),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact_invite(request: HttpRequest, code: str) -> HttpResponse:
    """Invite somebody to speak for the host."""
    hosting = _hosting(request, code)
    form = ContactForm(request.POST or None, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: invite_host_contact(hosting, by=request.user, now=now, **form.cleaned_data)):
            messages.success(request, _("The invitation is on its way."))
            return redirect(_page(hosting))
    context = {"hosting": hosting, "label": host_label(hosting.host), "form": form, "back_url": _page(hosting)}
    return render(request, "cohorts/contact_invite.html", context, status=422 if form.errors else 200)


@require_POST
def contact_end(request: HttpRequest, code: str, person: str) -> HttpResponse:
    """End the role of a host contact."""
    hosting = _hosting(request, code)
    contact = get_object_or_404(hosting.contacts.current().select_related("user", "hosting__host"), user__code=person)
    return answer(
        request,
        lambda: end_host_contact(contact, by=request.user, now=timezone.now()),
        said=_("%(person)s no longer speaks for this host.") % {"person": contact.user},
        then=_page(hosting),
    )
