"""Rows of a draft: a page for each large one; added, moved, removed and brought back by buttons that save the form around them first."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from twinning.core.access import require
from twinning.core.errors import Refused

from ..forms.rows import PasteForm
from ..kinds import Section, Table
from ..models import ROW_MODELS, Output
from ..pasting import Pasted, read_pasted
from ..selectors.places import PERMISSIONS, Draft
from ..selectors.prefill import suggestions_for
from ..services.rows import add_row, add_rows, move_row, remove_row, restore_row
from .desk import output_or_404
from .section_page import Written, row_url, section_page, section_url
from .writing import save_posted, writable_section


@require_http_methods(["GET", "HEAD", "POST"])
def output_row(request: HttpRequest, code: str, section: str, table: str, row: str) -> HttpResponse:
    """Write one large row with everything that hangs on it. A POST saves what was changed and goes back to the section."""
    output, form_section, rights = writable_section(request, code, section)
    spec = _table(form_section, table)
    if not spec.is_paged:
        raise Http404
    written = Written()
    if request.method == "POST":
        found = _present_row(output, spec, row)
        written = save_posted(request, output)
        if written.is_saved:
            return redirect(f"{section_url(output, form_section)}#row-{found.code}")
    return section_page(request, output, form_section, written, rights=rights, of_row=(spec, row))


@require_POST
def row_add(request: HttpRequest, code: str, section: str, table: str) -> HttpResponse:
    """A row at the end: empty, or `?from=KEY` of a suggestion; `?parent=CODE` for one that hangs on another.

    The form around the button is saved first.
    """
    output, form_section, spec = _arrangeable(request, code, section, table)
    parent = _parent(output, spec, request.GET.get("parent", ""))
    values = {}
    if wanted := request.GET.get("from"):
        known = next((each for each in suggestions_for(output, spec.slug) if each.key == wanted), None)
        if known is None:
            messages.info(request, _("This has become a row already."))
            return redirect(section_url(output, form_section))
        values = known.values
    return _after_saving(
        request,
        output,
        form_section,
        spec,
        parent=parent,
        act=lambda: add_row(output, spec, parent=parent, values=values, by=request.user, now=timezone.now()),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def row_paste(request: HttpRequest, code: str, section: str, table: str) -> HttpResponse:
    """A table copied from elsewhere: first a look at what would be added, then, when confirmed, all of it or nothing.

    `?parent=CODE` for rows that hang on another.
    """
    output, form_section, spec = _arrangeable(request, code, section, table)
    parent = _parent(output, spec, request.GET.get("parent", ""))
    back_url = row_url(output, form_section, spec, None, parent=parent)
    form, pasted = PasteForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        choices = Draft(output).choices_of(spec)
        pasted = read_pasted(form.cleaned_data["text"], spec, choices)
        if pasted.is_clean and "confirmed" in request.POST:
            try:
                rows = [row.values for row in pasted.rows]
                added = add_rows(output, spec, rows, parent=parent, by=request.user, now=timezone.now())
            except Refused as refusal:
                form.add_error("text", str(refusal))
            else:
                count = len(added)
                words = ngettext("%(count)d row was added.", "%(count)d rows were added.", count)
                messages.success(request, words % {"count": count})
                return redirect(back_url)
    context = {"output": output, "table": spec, "form": form, "pasted": pasted, "back_url": back_url}
    context["preview"] = _preview(pasted, choices) if pasted else []
    is_refused = bool(form.errors or (pasted and not pasted.is_clean))
    return render(request, "outputs/row_paste.html", context, status=422 if is_refused else 200)


def _preview(pasted: Pasted, choices: dict) -> list[tuple[int, list[str], tuple[str, ...]]]:
    """(line, cells in words, problems) of each pasted row."""
    words = {slug: dict(offered) for slug, offered in choices.items()}
    return [
        (
            row.line,
            [
                str(words.get(each.slug, {}).get(value := row.values.get(each.slug, ""), value))
                for each in pasted.columns
            ],
            row.problems,
        )
        for row in pasted.rows
    ]


@require_POST
def row_move(request: HttpRequest, code: str, section: str, table: str, row: str) -> HttpResponse:
    """To the place `to` among the rows of its table, counted from 1."""
    output, form_section, spec = _arrangeable(request, code, section, table)
    found = _present_row(output, spec, row)
    place = request.POST.get("to", "")
    if not place.isdecimal():
        raise Http404

    def move() -> Any:
        move_row(output, spec, found, to=int(place[:4]), by=request.user, now=timezone.now())
        return None if spec.is_paged else found

    return _after_saving(request, output, form_section, spec, parent=getattr(found, "parent", None), act=move)


@require_POST
def row_remove(request: HttpRequest, code: str, section: str, table: str, row: str) -> HttpResponse:
    """Take a row out; the message that says so can bring it back."""
    output, form_section, spec = _arrangeable(request, code, section, table)
    found = _present_row(output, spec, row)

    def remove() -> None:
        remove_row(output, found, by=request.user, now=timezone.now())
        undo = reverse("outputs:row-restore", args=[output.code, form_section.slug, spec.slug, found.code])
        words = _("Removed: %(row)s.") % {"row": str(found) or spec.one}
        messages.info(request, format_html('{} <a href="{}">{}</a>', words, undo, _("Bring it back")))

    return _after_saving(request, output, form_section, spec, parent=getattr(found, "parent", None), act=remove)


@require_http_methods(["GET", "HEAD", "POST"])
def row_restore(request: HttpRequest, code: str, section: str, table: str, row: str) -> HttpResponse:
    """Ask, then bring a removed row back where it stood."""
    output, form_section, spec = _arrangeable(request, code, section, table)
    removed = ROW_MODELS[spec.slug].objects.of_output(output).filter(**dict(spec.fixed)).exclude(removed_at=None)
    found = get_object_or_404(removed, code=row)
    back_url = row_url(output, form_section, spec, None, parent=getattr(found, "parent", None))
    if request.method == "POST":
        try:
            restore_row(output, spec, found, by=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(back_url)
        return redirect(row_url(output, form_section, spec, found, parent=getattr(found, "parent", None)))
    return render(request, "outputs/row_restore.html", {"output": output, "row": found, "back_url": back_url})


def _after_saving(
    request: HttpRequest, output: Output, section: Section, spec: Table, *, parent: Any, act: Callable[[], Any]
) -> HttpResponse:
    """Save the form, then act; back to the page that the button stood on, at the row that `act` returns."""
    written = save_posted(request, output)
    if not written.is_saved:
        of_row = (_table(section, spec.parent), parent.code) if parent else None
        return section_page(request, output, section, written, of_row=of_row)
    try:
        row = act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        row = None
    return redirect(row_url(output, section, spec, row, parent=parent))


def _arrangeable(request: HttpRequest, code: str, slug: str, table: str) -> tuple[Output, Section, Table]:
    """The output, its section and the table in which the person may add, move and remove rows."""
    output = output_or_404(request, code)
    section = output.form.section(slug)
    if section is None:
        raise Http404
    spec = _table(section, table)
    if spec.has_keys:
        raise Http404
    require(request.user, PERMISSIONS[spec.writer], output)
    return output, section, spec


def _table(section: Section, slug: str) -> Table:
    for table in section.tables:
        if table.slug == slug:
            return table
    raise Http404


def _present_row(output: Output, spec: Table, code: str) -> Any:
    row = Draft(output).row(spec, code)
    if row is None:
        raise Http404
    return row


def _parent(output: Output, spec: Table, code: str) -> Any:
    """The row that a new one will hang on; None for a table that hangs on no other."""
    if not spec.parent:
        return None
    parent_table = output.form.table(spec.parent)
    row = Draft(output).row(parent_table, code) if parent_table else None
    if row is None:
        raise Http404
    return row
