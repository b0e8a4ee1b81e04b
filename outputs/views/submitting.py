"""Handing a draft in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from twinning.core.access import may, require
from twinning.core.errors import Refused

from ..forms.submission import HintForm, SubmissionForm
from ..kinds import Part
from ..services.hints import answer_hint
from ..services.submitting import NotReady, submit_output
from .desk import output_or_404
from .section_page import Written, section_page, section_url


@require_http_methods(["GET", "HEAD", "POST"])
def output_submit(request: HttpRequest, code: str) -> HttpResponse:
    """Submit the draft. Officers for their city; reviewers on its behalf, which is marked."""
    output = output_or_404(request, code)
    is_own = may(request.user, "outputs.submit_output", output)
    if not is_own:
        require(request.user, "outputs.submit_on_behalf", output)
    check = output.form.section_with(Part.CHECK)
    if request.method != "POST":
        return redirect(section_url(output, check))
    form = SubmissionForm(request.POST)
    if not form.is_valid():
        return section_page(request, output, check, Written(), form=form)
    try:
        version = submit_output(
            output,
            by=request.user,
            now=timezone.now(),
            language=form.cleaned_data["language"],
            message=form.cleaned_data["message"],
            on_behalf=not is_own,
        )
    except NotReady as refusal:
        form.add_error(None, str(refusal))
        return section_page(request, output, check, Written(), form=form)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(output)
    text = _("Version %(number)d was submitted. Your facilitator has been told; the PDF is being made.")
    messages.success(request, text % {"number": version.number})
    return redirect(output)


@require_POST
def hint_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Say why a hint is left open, or take that back."""
    output = output_or_404(request, code)
    require(request.user, "outputs.write_output", output)
    form = HintForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write a reason of at most 500 characters."))
    else:
        try:
            answer_hint(output, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            words = (
                _("The reason stands beside the hint.") if form.cleaned_data["reason"] else _("The hint is open again.")
            )
            messages.success(request, words)
    return redirect(section_url(output, output.form.section_with(Part.CHECK)) + "#checklist")
