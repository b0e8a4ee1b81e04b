"""Downloads of a cohort: the workbook and the package."""

import datetime
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.models import Cohort
from cohorts.services.packages import export_package
from matching.models import Run
from outputs.pdf.engine import EngineMissing
from twinning.core.access import get_visible_or_404, require
from twinning.core.errors import Refused

from .memo import memo_of, render_memo
from .memo_docx import render_docx
from .workbook import render_workbook

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def cohort_workbook(request: HttpRequest, slug: str) -> HttpResponse:
    """The cohort with everything in it as a spreadsheet, as of now."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    require(request.user, "cohorts.export_cohort", cohort)
    now = timezone.now()
    return _download(render_workbook(cohort, now=now), WORKBOOK_TYPE, f"{slug}-{_today(cohort, now)}.xlsx")


@require_safe
def cohort_package(request: HttpRequest, slug: str) -> HttpResponse:
    """The cohort's published facts as a package, for another installation."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    require(request.user, "cohorts.export_cohort", cohort)
    try:
        data = export_package(cohort)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(cohort)
    return _download(data, "application/json", f"{slug}.json")


@require_safe
def run_memo(request: HttpRequest, code: str) -> HttpResponse:
    """The decision memo of a confirmed run as a PDF."""
    return _memo(request, code, render_memo, "application/pdf", "pdf")


@require_safe
def run_memo_docx(request: HttpRequest, code: str) -> HttpResponse:
    """The same memo as a Word file, for those who have to add to it."""
    return _memo(request, code, render_docx, WORD_TYPE, "docx")


def _memo(request: HttpRequest, code: str, render: Callable, content_type: str, ending: str) -> HttpResponse:
    run = get_visible_or_404(Run.objects.select_related("cohort", "started_by", "decided_by"), request.user, code=code)
    require(request.user, "matching.view_run", run)
    try:
        data = render(memo_of(run))
    except (Refused, EngineMissing) as refusal:
        messages.error(request, str(refusal))
        return redirect(run)
    return _download(data, content_type, f"{run.cohort.slug}-decision-{run.code}.{ending}")


def _today(cohort: Cohort, now: datetime.datetime) -> datetime.date:
    return timezone.localtime(now, ZoneInfo(cohort.time_zone)).date()


def _download(data: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to keep. It is made anew each time, so no cache may hold it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=content_type, headers=headers)
