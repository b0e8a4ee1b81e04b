"""Notes of a file onto the board of a session: choose it, read what it would do or what is wrong with it, confirm; and take it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.services.package_uploads import discard_upload, keep_upload, open_upload
from twinning.core.answers import answer
from twinning.core.errors import Refused

from ..forms.imports import NotesConfirmForm, NotesFileForm
from ..imports import Fault
from ..models import Session
from ..selectors.imports import Unreadable, imports_of, plan_of, read_file
from ..services.imports import end_import, import_notes
from ..states import Topic
from .people import run_session_or_404

SHOWN_FAULTS, SHOWN_NOTES = 200, 50


def imports_url(session: Session) -> str:
    return reverse("sensemaking:note-import", args=[session.code])


@require_http_methods(["GET", "HEAD", "POST"])
def note_import(request: HttpRequest, code: str) -> HttpResponse:
    """Choose a file; a faulty one is answered with all of its faults, each with its row and column."""
    session = run_session_or_404(request, code)
    form = NotesFileForm(request.POST or None, request.FILES or None) if request.method == "POST" else NotesFileForm()
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            faults = plan_of(session, read_file(session, data)).faults
        except Unreadable as trouble:
            form.add_error("file", str(trouble))
        else:
            if not faults:
                token = keep_upload(data, by=request.user, now=timezone.now())
                return redirect("sensemaking:note-import-review", session.code, token)
            form.add_error("file", _("Nothing was imported. What is to be mended stands below."))
    context = {
        "session": session,
        "form": form,
        "faults": faults[:SHOWN_FAULTS],
        "more_faults": max(0, len(faults) - SHOWN_FAULTS),
        "imports": imports_of(session),
        "topics": Topic.labels,
    }
    return render(request, "sensemaking/note_import.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def note_import_review(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """What the file would bring; confirming it writes exactly that."""
    session = run_session_or_404(request, code)
    upload = open_upload(token, by=request.user)
    if upload is None:
        raise Http404
    with upload:
        table = read_file(session, upload.read())
    form, refused = NotesConfirmForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            count = import_notes(
                session, table, fingerprint=form.cleaned_data["fingerprint"], by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            refused = str(refusal)
        else:
            discard_upload(token, by=request.user)
            said = ngettext("%(count)d note is on the board.", "%(count)d notes are on the board.", count)
            messages.success(
                request, said % {"count": count} if count else _("Every note of the file was there already.")
            )
            return redirect(imports_url(session))
    plan = plan_of(session, table)
    context = {
        "session": session,
        "plan": plan,
        "shown": plan.new[:SHOWN_NOTES],
        "more": max(0, len(plan.new) - SHOWN_NOTES),
        "topics": dict(Topic.choices),
        "form": NotesConfirmForm(initial={"fingerprint": plan.fingerprint}),
        "refused": refused,
    }
    return render(request, "sensemaking/note_import_review.html", context, status=409 if refused else 200)


@require_POST
def note_import_end(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take one import back as a whole."""
    session: Session = run_session_or_404(request, code)
    act = lambda: end_import(session, number, by=request.user, now=timezone.now())  # noqa: E731
    return answer(request, act, said=_("The import is taken back."), then=imports_url(session))
