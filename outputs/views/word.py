"""Going on in Word: the draft as a file, and the edited file read back with a preview of every difference."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.core.access import require
from twinning.core.errors import Refused

from ..formats.word import render_word
from ..forms.documents import WordApplyForm, WordUploadForm
from ..models import Output
from ..selectors.content import draft_content
from ..services.word_back import apply_changes, changes_in
from ..states import WRITABLE
from .desk import output_or_404
from .files import WORD_TYPE, attachment


def _written(request: HttpRequest, code: str) -> Output:
    output = output_or_404(request, code)
    require(request.user, "outputs.write_output", output)
    return output


@require_safe
def draft_word(request: HttpRequest, code: str) -> HttpResponse:
    """The present draft as a Word file."""
    output = _written(request, code)
    today = date_format(timezone.localtime(), "j F Y")
    about = [(_("State"), output.get_state_display()), (_("Made on"), today)]
    content = draft_content(output, language=request.LANGUAGE_CODE)
    return attachment(render_word(content, code=output.code, about=about), WORD_TYPE, f"{output.kind}-draft.docx")


@require_http_methods(["GET", "HEAD", "POST"])
def word_upload(request: HttpRequest, code: str) -> HttpResponse:
    """Send an edited file and see what it would change."""
    output = _written(request, code)
    form = WordUploadForm(request.POST or None, request.FILES or None) if request.method == "POST" else WordUploadForm()
    context = {"output": output, "form": form, "is_writable": output.state in WRITABLE}
    if request.method != "POST" or not context["is_writable"]:
        return render(request, "outputs/word_upload.html", context)
    if form.is_valid():
        try:
            changes = changes_in(output, form.content)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            signed = WordApplyForm.signed([change.packed for change in changes], output=output.code)
            context |= {"changes": changes, "signed": signed, "faults": sum(bool(change.fault) for change in changes)}
            return render(request, "outputs/word_preview.html", context)
    return render(request, "outputs/word_upload.html", context, status=422)


@require_POST
def word_apply(request: HttpRequest, code: str) -> HttpResponse:
    """Take the chosen changes into the draft."""
    output = _written(request, code)
    form = WordApplyForm(request.POST, output=output.code)
    try:
        if not form.is_valid():
            raise Refused(_("This preview is too old. Send the file again."))
        count = apply_changes(output, form.wanted, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("outputs:word-upload", code=output.code)
    messages.success(
        request,
        ngettext("%(n)d change is in the draft now.", "%(n)d changes are in the draft now.", count) % {"n": count},
    )
    return redirect(output)
