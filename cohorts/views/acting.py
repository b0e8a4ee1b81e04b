"""Choosing for whom one acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..forms.acting import ActingForm
from ..selectors.memberships import SESSION_KEY, acting_for


@require_http_methods(["GET", "HEAD", "POST"])
def act_for(request: HttpRequest) -> HttpResponse:
    """For which of their cities and hosts a person acts from now on. It changes what pages begin with, never a right."""
    present = acting_for(request)
    form = ActingForm(request.POST or None, options=request.acting_options, present=present)
    if form.is_valid():
        chosen = form.cleaned_data["acting"]
        request.session[SESSION_KEY] = chosen.key
        messages.success(request, _("You now act for %(name)s.") % {"name": chosen.label})
        return redirect(_next(request))
    context = {"form": form, "options": request.acting_options}
    return render(request, "cohorts/act_for.html", context, status=422 if form.is_bound else 200)


def _next(request: HttpRequest) -> str:
    """Where the person came from, if that is a place of ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else "portal:desk"
