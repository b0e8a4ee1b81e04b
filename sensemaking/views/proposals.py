"""Insights that a harvester proposes, by the link that needs no account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from twinning.core.answers import try_for

from ..forms.proposal import ProposalForm
from ..models import Guest, Insight
from ..selectors.proposals import OPEN, proposals_of
from ..services.proposals import propose_again, propose_insight
from ..states import GuestRole


def _harvester(key: str) -> Guest:
    guests = Guest.objects.select_related("session", "city").filter(role=GuestRole.HARVESTER)
    return get_object_or_404(guests, key=key)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_insights(request: HttpRequest, key: str) -> HttpResponse:
    """Propose an insight from the notes of one's own rooms, and see what became of those proposed before."""
    return _propose(request, _harvester(key))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_insight(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Change a proposal that waits for the team or that it sent back."""
    return _propose(request, _harvester(key), code)


def _propose(request: HttpRequest, guest: Guest, code: str = "") -> HttpResponse:
    proposals = proposals_of(guest)
    changed = next((each for each in proposals if each.code == code and each.state in OPEN), None)
    if code and changed is None:
        raise Http404
    form = ProposalForm(request.POST or None, guest=guest, proposal=changed)
    if request.method == "POST" and form.is_valid() and try_for(form, lambda: _do(guest, changed, form)):
        messages.success(request, _("The team has your proposal. It confirms it, or sends it back with a word."))
        return redirect("sensemaking:own-insights", guest.key)
    context = {
        "guest": guest,
        "session": guest.session,
        "form": form,
        "notes": list(form.fields["note"].queryset),
        "changed": changed,
        "proposals": proposals,
        "open": OPEN,
        "may_propose": guest.consent_withdrawn_at is None,
    }
    return render(request, "sensemaking/own_insights.html", context, status=422 if form.errors else 200)


def _do(guest: Guest, changed: Insight | None, form: ProposalForm) -> Insight:
    notes, now = list(form.cleaned_data["note"]), timezone.now()
    if changed:
        return propose_again(changed, guest, notes, now=now, **form.row)
    return propose_insight(guest, notes, now=now, **form.row)
