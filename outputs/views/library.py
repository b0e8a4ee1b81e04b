"""The library of accepted outputs, and taking rows from it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from twinning.core.errors import Refused
from twinning.core.paging import is_narrowed, paginate

from ..filters import LibraryFilter
from ..forms.reuse import ReuseForm
from ..kinds.reuse import REUSABLE
from ..selectors.library import drafts_to_fill, library_for
from ..services.library import reuse_rows
from ..tables import tables_of
from .versions import version_or_404


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Accepted outputs across cohorts, searchable."""
    narrowed = LibraryFilter(request.GET, queryset=library_for(request.user), request=request)
    context = {"filter": narrowed, "page": paginate(request, narrowed.qs), "is_narrowed": is_narrowed(narrowed)}
    return render(request, "outputs/library.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def version_reuse(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Choose rows of another city's version as starting points for the own draft."""
    version = version_or_404(request, code, number)
    drafts = drafts_to_fill(request.user, version)
    if not drafts:
        raise PermissionDenied
    table = tables_of(version.content).get(REUSABLE[version.output.kind].table)
    rows = [row for row in table.rows if row.title] if table else []
    form = ReuseForm(request.POST or None, rows=rows, drafts=drafts)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            origins = reuse_rows(
                version, into=into, codes=form.cleaned_data["rows"], by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            done = ngettext("%(n)d row was added to your draft.", "%(n)d rows were added to your draft.", len(origins))
            messages.success(request, done % {"n": len(origins)})
            return redirect(into)
    context = {"version": version, "output": version.output, "form": form, "rows": rows}
    return render(request, "outputs/version_reuse.html", context, status=422 if form.errors else 200)
