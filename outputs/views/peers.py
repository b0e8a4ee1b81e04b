"""Inviting officers of other cities to read a version, and taking that back."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twinning.core.access import require
from twinning.core.errors import Refused

from ..forms.peers import PeerForm
from ..models import Output, PeerInvitation
from ..selectors.peers import officers_to_invite, peers_of
from ..services.peers import end_peer_invitation, invite_peer
from .desk import output_or_404

asks = require_http_methods(["GET", "HEAD", "POST"])
USUAL_TIME = timedelta(days=14)


@asks
def peer_invite(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Who reads this version besides the people of the pairing, and the form to invite somebody."""
    output = _output(request, code)
    version = get_object_or_404(output.versions, number=number)
    today = timezone.localdate()
    officers = officers_to_invite(output)
    form = PeerForm(request.POST or None, officers=officers, initial={"until": today + USUAL_TIME})
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invite_peer(version, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is invited and gets a letter.") % {"name": invitation.guest})
            return redirect("outputs:peer-invite", code, number)
    context = {"output": output, "version": version, "form": form, "peers": peers_of(version, today)}
    return render(request, "outputs/peer_invite.html", context, status=422 if form.errors else 200)


@asks
def peer_end(request: HttpRequest, code: str, peer: str) -> HttpResponse:
    """Ask, then take an invitation back."""
    output = _output(request, code)
    invitations = PeerInvitation.objects.select_related("version", "guest")
    invitation = get_object_or_404(invitations, version__output=output, code=peer)
    if request.method == "POST":
        end_peer_invitation(invitation, by=request.user, now=timezone.now())
        messages.success(request, _("The invitation is taken back."))
        return redirect("outputs:peer-invite", code, invitation.version.number)
    words = {
        "title": _("Take the invitation back"),
        "text": _("%(name)s can no longer read this version. Comments stay.") % {"name": invitation.guest},
        "label": _("Take it back"),
    }
    return render(request, "outputs/output_ask.html", {"output": output, "form": None, "words": words})


def _output(request: HttpRequest, code: str) -> Output:
    output = output_or_404(request, code)
    require(request.user, "outputs.invite_peer", output)
    return output
