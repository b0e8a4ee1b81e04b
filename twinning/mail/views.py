"""The outbox: who gets or got what, and why."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from twinning.core.access import get_visible_or_404, may, require
from twinning.core.errors import Refused
from twinning.core.paging import is_narrowed, paginate

from .filters import LetterFilter
from .models import Letter
from .registry import folder_for
from .selectors import letters_for_list
from .services import cancel_letter, retry_letter


@require_safe
def letter_list(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The letters that one may see, all of them or those of one cohort: for most people the ones to themselves."""
    require(request.user, "mail.view_letters")
    folder = folder_for(request.user, slug) if slug is not None else None
    if slug is not None and folder is None:
        raise Http404
    narrowed = LetterFilter(request.GET, queryset=letters_for_list(request.user, slug))
    page = paginate(request, narrowed.qs)
    context = {
        "folder": folder,
        "filter": narrowed,
        "page": page,
        "sees_all": request.user.sees_all,
        "is_narrowed": is_narrowed(narrowed),
    }
    return render(request, "mail/letter_list.html", context)


@require_safe
def letter_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One letter as it was or will be sent. The text of a confidential one is shown to nobody."""
    letter = get_visible_or_404(Letter.objects.select_related("to"), request.user, code=code)
    require(request.user, "mail.view_letters")
    context = {"letter": letter, "can_steer": may(request.user, "mail.steer_letters")}
    return render(request, "mail/letter_detail.html", context)


@require_POST
def letter_retry(request: HttpRequest, code: str) -> HttpResponse:
    letter = get_visible_or_404(Letter.objects, request.user, code=code)
    require(request.user, "mail.steer_letters")
    try:
        retry_letter(letter, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The letter to %(address)s is on its way.") % {"address": letter.to_address})
    return redirect(letter)


@require_POST
def letter_cancel(request: HttpRequest, code: str) -> HttpResponse:
    letter = get_visible_or_404(Letter.objects, request.user, code=code)
    require(request.user, "mail.steer_letters")
    try:
        cancel_letter(letter, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The letter to %(address)s will not be sent.") % {"address": letter.to_address})
    return redirect(letter)
