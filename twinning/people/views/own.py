from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..forms import OwnSettingsForm
from ..services.accounts import change_settings


@require_http_methods(["GET", "HEAD", "POST"])
def own_settings(request: HttpRequest) -> HttpResponse:
    """What one decides about oneself; the rest of the account (address, password, second factor) is linked."""
    form = OwnSettingsForm(request.POST or None, user=request.user)
    if form.is_valid():
        user = change_settings(request.user, by=request.user, now=timezone.now(), **form.cleaned_data)
        with translation.override(user.language):
            messages.success(request, _("Your settings are saved."))
        return redirect("people:own-settings")
    return render(request, "people/own_settings.html", {"form": form}, status=422 if form.is_bound else 200)
