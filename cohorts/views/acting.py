"""Choosing for whom one acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twinning.core.asked import own_page

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
        return redirect(own_page(request, request.POST.get("next", "")) or "portal:desk")
    context = {"form": form, "options": request.acting_options}
    return render(request, "cohorts/act_for.html", context, status=422 if form.is_bound else 200)
