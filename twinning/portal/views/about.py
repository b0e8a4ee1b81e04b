"""Pages about the application itself: the gallery of its components, and the accessibility statement."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..gallery import gallery


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every variant: for administrators, and for everybody while DEBUG is on."""
    if not (settings.DEBUG or request.user.is_administrator):
        raise Http404
    return render(request, "portal/components.html", gallery(timezone.localdate()))


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works without sight, hearing, mouse or script, and whom to tell when it does not. Open to all."""
    return render(request, "portal/accessibility.html")
