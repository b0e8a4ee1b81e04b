"""The report over the sessions of a round, or of a whole cohort: page, print view, PDF and Word."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from cohorts.models import Cohort
from outputs.pdf.engine import EngineMissing
from twinning.core.access import get_visible_or_404
from twinning.core.asked import whole_number

from ..formats.word import render_gathered as render_word
from ..models import Round
from ..pdf.report import gathered_context, render_gathered
from ..selectors.gathered import Gathered, gather
from ..selectors.insights import rounds_with_insights
from .reports import WORD_TYPE

MOST_NOTES = 150  # in a PDF that is made while somebody waits for it


def _gathered(request: HttpRequest, slug: str) -> Gathered:
    """As the address names it: `?round=2`, or the whole cohort."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    asked = request.GET.get("round", "")
    chosen = get_object_or_404(Round, cohort=cohort, number=whole_number(asked)) if asked else None
    return gather(cohort, chosen, now=timezone.now())


@require_safe
def gathered(request: HttpRequest, slug: str) -> HttpResponse:
    """The report on the screen."""
    found = _gathered(request, slug)
    context = {
        "cohort": found.cohort,
        "gathered": found,
        "rounds": rounds_with_insights(found.cohort),
        "chosen": urlencode({"round": found.round.number if found.round else ""}),
        "is_short": len(found.notes) <= MOST_NOTES,
        "most": MOST_NOTES,
    }
    return render(request, "sensemaking/gathered.html", context)


@require_safe
def gathered_print(request: HttpRequest, slug: str) -> HttpResponse:
    """The report as the PDF shows it, for printing from the browser."""
    return _print_view(request, _gathered(request, slug))


def _print_view(request: HttpRequest, found: Gathered) -> HttpResponse:
    return render(request, "sensemaking/pdf/gathered.html", gathered_context(found))


@require_safe
def gathered_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The report as a PDF; the print view where it is too long to wait for, or no PDF can be made here."""
    found = _gathered(request, slug)
    if len(found.notes) > MOST_NOTES:
        return _print_view(request, found)
    try:
        return _attached(found, render_gathered(found), "pdf", "application/pdf")
    except EngineMissing:
        return _print_view(request, found)


@require_safe
def gathered_word(request: HttpRequest, slug: str) -> HttpResponse:
    """The report as a Word file."""
    found = _gathered(request, slug)
    return _attached(found, render_word(found), "docx", WORD_TYPE)


def _attached(found: Gathered, content: bytes, ending: str, kind: str) -> HttpResponse:
    stem = slugify(f"{found.cohort}-{found.round or ''}") or "cohort"
    headers = {
        "Content-Disposition": f'attachment; filename="{stem}-found.{ending}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
