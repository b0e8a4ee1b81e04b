"""Programmes: read, copied, and edited with a look at what would move."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from twinning.audit.selectors import history_of
from twinning.core.access import get_visible_or_404, may, require
from twinning.core.answers import try_for

from ..forms.programmes import CopyForm, ProgrammeEditor
from ..models import Programme
from ..selectors.calendar import summed_moves
from ..selectors.programmes import programme_rows, programmes_for_list
from ..services.calendar import apply_programme_change, fingerprint_of_change, preview_programme_change
from ..services.programmes import copy_programme


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    require(request.user, "cohorts.view_programmes")
    context = {
        "programmes": programmes_for_list(request.user),
        "may_manage": may(request.user, "cohorts.manage_programmes"),
    }
    return render(request, "cohorts/programme_list.html", context)


def _programme(request: HttpRequest, slug: str) -> Programme:
    return get_visible_or_404(Programme.objects, request.user, slug=slug)


@require_safe
def programme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What an edition consists of, in the order of its days."""
    programme = _programme(request, slug)
    context = {
        "programme": programme,
        "modules": programme_rows(programme),
        "cohorts": programme.cohorts.order_by("title", "pk"),
        "history": history_of(programme),
        "may_manage": may(request.user, "cohorts.manage_programmes"),
    }
    return render(request, "cohorts/programme_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def programme_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a programme: first what that would move in its cohorts, then, on a second press, the change itself."""
    programme = _programme(request, slug)
    require(request.user, "cohorts.manage_programmes")
    editor = ProgrammeEditor(programme, request.POST or None)
    changes, shown = [], ""
    is_previewed = False
    if request.method == "POST" and editor.is_valid():
        draft = editor.draft()
        changes = preview_programme_change(draft)
        shown, is_previewed = fingerprint_of_change(changes), True
        if editor.form.cleaned_data["shown"] == shown or not any(change.moves for change in changes):
            now = timezone.now()
            if try_for(editor.form, lambda: apply_programme_change(draft, shown=shown, by=request.user, now=now)):
                messages.success(request, _("The programme was changed."))
                return redirect(programme)
    context = {
        "programme": programme,
        "editor": editor,
        "form": editor.form,
        "is_previewed": is_previewed,
        "shown": shown,
        "changes": [
            (change.cohort, summed_moves(change.moves), len(change.moves)) for change in changes if change.moves
        ],
        "total": sum(len(change.moves) for change in changes),
    }
    return render(request, "cohorts/programme_edit.html", context, status=422 if editor.has_errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def programme_copy(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a new edition from this one."""
    programme = _programme(request, slug)
    require(request.user, "cohorts.manage_programmes")
    form = CopyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made: list[Programme] = []
        now = timezone.now()
        if try_for(form, lambda: made.append(copy_programme(programme, by=request.user, now=now, **form.cleaned_data))):
            return redirect("cohorts:programme-edit", made[0].slug)
    context = {"programme": programme, "form": form}
    return render(request, "cohorts/programme_copy.html", context, status=422 if form.errors else 200)
