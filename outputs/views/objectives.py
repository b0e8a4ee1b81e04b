"""Rows of a roadmap: added, moved, removed and brought back by buttons that save the form around them first."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from twinning.core.access import get_visible_or_404, require
from twinning.core.errors import Refused

from ..kinds import Part, Section
from ..models import LearningObjective, Output
from ..selectors.content import SIDES
from ..selectors.places import HOST_WRITES, TWIN_WRITES
from ..services.drafting import add_objective, move_objective, remove_objective, restore_objective
from .section_page import section_page, section_url
from .writing import save_posted


@require_POST
def objective_add(request: HttpRequest, code: str, section: str) -> HttpResponse:
    """An empty objective at the end. What the form around the button held is saved first, here and below."""
    output, form_section = _arrangeable(request, code, section)
    written = save_posted(request, output)
    if not written.is_saved:
        return section_page(request, output, form_section, written)
    try:
        row = add_objective(output, side=SIDES[form_section.part], by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(section_url(output, form_section))
    return redirect(_row_url(output, form_section, row))


@require_POST
def objective_move(request: HttpRequest, code: str, section: str, objective: str, direction: str) -> HttpResponse:
    """One place up or down."""
    if direction not in ("up", "down"):
        raise Http404
    output, form_section = _arrangeable(request, code, section)
    row = get_object_or_404(output.objectives.filter(removed_at=None, side=SIDES[form_section.part]), code=objective)
    written = save_posted(request, output)
    if not written.is_saved:
        return section_page(request, output, form_section, written)
    try:
        move_objective(row, up=direction == "up", by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_row_url(output, form_section, row))


@require_POST
def objective_remove(request: HttpRequest, code: str, section: str, objective: str) -> HttpResponse:
    """Take a row out; the message that says so can bring it back."""
    output, form_section = _arrangeable(request, code, section)
    row = get_object_or_404(output.objectives.filter(removed_at=None, side=SIDES[form_section.part]), code=objective)
    written = save_posted(request, output)
    if not written.is_saved:
        return section_page(request, output, form_section, written)
    try:
        remove_objective(row, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        undo = reverse("outputs:objective-restore", args=[output.code, form_section.slug, row.code])
        words = format_html('{} <a href="{}">{}</a>', _("The objective was removed."), undo, _("Bring it back"))
        messages.info(request, words)
    return redirect(section_url(output, form_section))


@require_http_methods(["GET", "HEAD", "POST"])
def objective_restore(request: HttpRequest, code: str, section: str, objective: str) -> HttpResponse:
    """Ask, then bring a removed row back where it stood."""
    output, form_section = _arrangeable(request, code, section)
    row = get_object_or_404(
        LearningObjective.objects.exclude(removed_at=None).filter(output=output, side=SIDES[form_section.part]),
        code=objective,
    )
    if request.method == "POST":
        try:
            restore_objective(row, by=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(section_url(output, form_section))
        return redirect(_row_url(output, form_section, row))
    context = {"output": output, "row": row, "back_url": section_url(output, form_section)}
    return render(request, "outputs/objective_restore.html", context)


def _arrangeable(request: HttpRequest, code: str, slug: str) -> tuple[Output, Section]:
    """The output and its section of rows, where the person may add, move and remove."""
    output = get_visible_or_404(Output.objects.with_participation(), request.user, code=code)
    section = output.form.section(slug)
    if section is None or section.part not in SIDES:
        raise Http404
    require(request.user, HOST_WRITES if section.part == Part.HOST_OBJECTIVES else TWIN_WRITES, output)
    return output, section


def _row_url(output: Output, section: Section, row: LearningObjective) -> str:
    return f"{section_url(output, section)}?open={row.code}#objective-{row.code}"
