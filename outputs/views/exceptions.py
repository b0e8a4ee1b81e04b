"""Exceptions for one output: extend, waive, take the waiver back, reopen. Each is a page that asks for the reason."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twinning.core.access import require
from twinning.core.answers import unless_past
from twinning.core.errors import Refused

from ..forms.exceptions import ExtensionForm, ReasonForm
from ..models import Output
from ..services.exceptions import extend_output, reopen_output, unwaive_output, waive_output
from ..states import OUTPUT_MOVES
from .desk import output_or_404

asks = require_http_methods(["GET", "HEAD", "POST"])


@asks
def output_extend(request: HttpRequest, code: str) -> HttpResponse:
    output = _allowed(request, code, "outputs.extend_output")
    form = ExtensionForm(request.POST or None, initial={"until": output.extended_until})
    words = {
        "title": _("Extend"),
        "text": _("More time for this output alone. Reminders follow the new date; the programme's due date stays."),
        "label": _("Extend"),
        "done": _("Extended."),
    }
    return _ask(
        request, output, form, words, lambda data: extend_output(output, by=request.user, now=timezone.now(), **data)
    )


@asks
def output_waive(request: HttpRequest, code: str) -> HttpResponse:
    output = _allowed(request, code, "outputs.waive_output")
    if over := _past(request, output, "waive"):
        return over
    words = {
        "title": _("Waive"),
        "text": _("The city no longer owes this output. What was written stays; reminders stop."),
        "label": _("Waive this output"),
        "done": _("Waived."),
    }
    form = ReasonForm(request.POST or None)
    return _ask(
        request, output, form, words, lambda data: waive_output(output, by=request.user, now=timezone.now(), **data)
    )


@asks
def output_unwaive(request: HttpRequest, code: str) -> HttpResponse:
    output = _allowed(request, code, "outputs.waive_output")
    if over := _past(request, output, "unwaive"):
        return over
    words = {
        "title": _("Take the waiver back"),
        "text": _("The output is a draft again, and owed."),
        "label": _("Take the waiver back"),
        "done": _("The waiver was taken back."),
    }
    return _ask(request, output, None, words, lambda _data: unwaive_output(output, by=request.user, now=timezone.now()))


@asks
def output_reopen(request: HttpRequest, code: str) -> HttpResponse:
    output = _allowed(request, code, "outputs.reopen_output")
    if over := _past(request, output, "reopen"):
        return over
    words = {
        "title": _("Reopen"),
        "text": _(
            "The city can change it again, and its officers get a letter with your reason. The accepted version stays as "
            "it is; the next one gets a new number."
        ),
        "label": _("Reopen"),
        "done": _("Reopened."),
    }
    form = ReasonForm(request.POST or None)
    return _ask(
        request, output, form, words, lambda data: reopen_output(output, by=request.user, now=timezone.now(), **data)
    )


def _allowed(request: HttpRequest, code: str, permission: str) -> Output:
    output = output_or_404(request, code)
    require(request.user, permission, output)
    return output


def _past(request: HttpRequest, output: Output, move: str) -> HttpResponse | None:
    """A page that cannot be answered any more is not opened; what somebody has sent comes back with the refusal."""
    return unless_past(request, output, OUTPUT_MOVES, move) if request.method != "POST" else None


def _ask(
    request: HttpRequest, output: Output, form: ReasonForm | None, words: dict, act: Callable[[dict], Output]
) -> HttpResponse:
    """The page that asks, and the one service call when it was answered."""
    status = 200
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            act(form.cleaned_data if form else {})
        except Refused as refusal:
            if form is None:
                messages.error(request, str(refusal))
                return redirect(output)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words["done"])
            return redirect(output)
    if form is not None and form.errors:
        status = 422
    context = {"output": output, "form": form, "words": words}
    return render(request, "outputs/output_ask.html", context, status=status)
