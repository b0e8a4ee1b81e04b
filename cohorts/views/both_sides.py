"""Pages on which the two sides of a pairing speak."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twinning.core.access import get_visible_or_404, require
from twinning.core.answers import try_for

from ..forms.both_sides import AnswerForm, FitForm
from ..models import Pairing, host_label
from ..selectors.both_sides import answers_of, is_asked, sides_of
from ..services.both_sides import answer_pairing, state_fit


def _pairing(request: HttpRequest, code: str) -> Pairing:
    return get_visible_or_404(Pairing.objects.with_sides(), request.user, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
def pairing_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Accept the pairing, or decline it with a reason."""
    pairing = _pairing(request, code)
    require(request.user, "cohorts.answer_pairing", pairing)
    form = AnswerForm(request.POST or None, sides=sides_of(pairing, request.user))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: answer_pairing(pairing, by=request.user, now=now, **form.cleaned_data)):
            messages.success(request, _("Your answer is noted. The team of the cohort sees it."))
            return redirect(pairing)
    context = {
        "pairing": pairing,
        "host": host_label(pairing.hosting.host),
        "form": form,
        "answers": answers_of(pairing, today=timezone.localdate()),
        "is_asked": is_asked(pairing),
    }
    return render(request, "cohorts/pairing_answer.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def fit_state(request: HttpRequest, code: str) -> HttpResponse:
    """Say how well the pairing fits; asked in months 3 and 12, welcome at any time."""
    pairing = _pairing(request, code)
    require(request.user, "cohorts.state_fit", pairing)
    sides = sides_of(pairing, request.user)
    form = FitForm(request.POST or None, sides=sides)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: state_fit(pairing, by=request.user, now=now, **form.cleaned_data)):
            messages.success(request, _("Noted. The team reads it beside the score of the matching."))
            return redirect(pairing)
    context = {
        "pairing": pairing,
        "host": host_label(pairing.hosting.host),
        "form": form,
        "statements": pairing.fit_statements.filter(side__in=sides).select_related("by").order_by("-month", "pk"),
    }
    return render(request, "cohorts/fit_state.html", context, status=422 if form.errors else 200)
