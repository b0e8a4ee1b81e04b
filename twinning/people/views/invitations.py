from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.audit.selectors import history_of
from twinning.core.access import get_visible_or_404, require
from twinning.core.asked import own_page
from twinning.core.errors import Refused
from twinning.core.paging import is_narrowed, paginate

from ..adapters import redeem
from ..filters import InvitationFilter
from ..forms import InvitationForm
from ..models import Invitation, User
from ..secrets import hash_of
from ..selectors import invitation_rows, invitations_for_list
from ..services.invitations import accept_invitation, invite_person, resend_invitation, withdraw_invitation


@require_safe
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Invitations that one may see, the newest first; for those who steer."""
    require(request.user, "people.invite_person")
    now = timezone.now()
    narrowed = InvitationFilter(request.GET, queryset=invitations_for_list(request.user), now=now)
    page = paginate(request, narrowed.qs)
    context = {
        "filter": narrowed,
        "page": page,
        "rows": invitation_rows(page.object_list, now),
        "is_narrowed": is_narrowed(narrowed),
        "history": history_of(*page.object_list),
    }
    return render(request, "people/invitation_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_create(request: HttpRequest) -> HttpResponse:
    require(request.user, "people.invite_person")
    form = InvitationForm(request.POST or None, by=request.user)
    if form.is_valid():
        try:
            invitation = invite_person(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("%(email)s is invited; the letter is on its way.") % {"email": invitation.email}
            )
            return redirect("people:invitation-list")
    return render(request, "people/invitation_create.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def invitation_resend(request: HttpRequest, code: str) -> HttpResponse:
    invitation = get_visible_or_404(Invitation.objects, request.user, code=code)
    require(request.user, "people.change_invitation", invitation)
    try:
        resend_invitation(invitation, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("A new letter to %(email)s is on its way.") % {"email": invitation.email})
    return _back(request)


@require_POST
def invitation_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    invitation = get_visible_or_404(Invitation.objects, request.user, code=code)
    require(request.user, "people.change_invitation", invitation)
    try:
        withdraw_invitation(invitation, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation of %(email)s is void.") % {"email": invitation.email})
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page of ours that the form names; else to the list, for those who have it, or home."""
    if there := own_page(request, request.POST.get("next", "")):
        return redirect(there)
    return redirect("people:invitation-list" if request.user.steers else "portal:desk")


@login_not_required
@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_open(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the letter's link leads. Reading it changes nothing: mail scanners follow links too.

    Going on (POST) leads to sign-up, to sign-in where the address has an account, or gives the role at once to whoever
    is signed in with that address. A link that is void or expired says so, and does not say whose it was.
    """
    invitation = Invitation.objects.filter(secret_hash=hash_of(secret)).select_related("invited_by").first()
    if invitation is None:
        raise Http404
    if invitation.state_at(timezone.now()) != "open":
        return render(request, "people/invitation_over.html", {}, status=410)
    account = User.objects.filter(email__iexact=invitation.email).first()
    is_somebody_else = request.user.is_authenticated and request.user != account
    if request.method == "POST" and not is_somebody_else:
        return _go_on(request, invitation, account)
    context = {"invitation": invitation, "has_account": account is not None, "is_somebody_else": is_somebody_else}
    return render(request, "people/invitation_open.html", context, status=409 if request.method == "POST" else 200)


def _go_on(request: HttpRequest, invitation: Invitation, account: User | None) -> HttpResponse:
    if request.user.is_authenticated:
        try:
            accept_invitation(invitation, user=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("You are in: %(purpose)s.") % {"purpose": invitation.purpose})
        return redirect("portal:desk")
    redeem(request, invitation)
    return redirect(reverse("account_login") if account else reverse("account_signup"))
