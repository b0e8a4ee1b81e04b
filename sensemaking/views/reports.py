"""The report of a session: read, written, published, and its files."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outputs.pdf.engine import explain_missing
from twinning.core.access import get_visible_or_404, may
from twinning.core.answers import answer, try_for
from twinning.core.jobs import JobState

from ..formats.word import render_word
from ..forms.insight import IntroductionForm, RecommendationForm
from ..models import Note, ReportFile, Session, SessionReport
from ..pdf.report import report_context
from ..selectors.reports import missing_for, quotable_notes, read_report, report_content
from ..services.reports import (
    drop_recommendation,
    introduce_report,
    open_report,
    publish_report,
    quote_notes,
    recommend,
    retry_file,
    revise_report,
)
from ..states import LinkKind, ReportState
from .people import run_session_or_404

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _published(request: HttpRequest, code: str) -> SessionReport:
    """The report of a session that the reader sees, once an edition of it is published."""
    session = get_visible_or_404(Session.objects, request.user, code=code)
    return get_object_or_404(SessionReport.objects.select_related("session"), session=session, edition__gte=1)


@require_safe
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The last edition; to the team, before there is one or with `?draft=1`, the draft as it would be published now."""
    session = get_visible_or_404(Session.objects.select_related("round"), request.user, code=code)
    runs = may(request.user, "sensemaking.run_session", session)
    found = SessionReport.objects.filter(session=session).select_related("session", "published_by").first()
    is_draft = runs and (found is None or found.edition == 0 or "draft" in request.GET)
    if not is_draft and (found is None or found.edition == 0):
        raise Http404
    found = found or SessionReport(session=session)
    content = _draft_content(found) if is_draft else found.content
    job = ReportFile.objects.filter(report=found).first() if found.pk else None
    is_private = session.board.is_private if hasattr(session, "board") else False
    context = {
        "session": session,
        "report": found,
        "is_draft": is_draft,
        "runs": runs,
        "read": read_report(content),
        "missing": missing_for(content, is_private=is_private) if is_draft else [],
        "job": job,
        "is_being_made": bool(job and job.is_moving),
        "engine_missing": explain_missing(),
    }
    return render(request, "sensemaking/report.html", context)


def _draft_content(found: SessionReport) -> dict:
    if found.pk is None:
        found = open_report(found.session)
    return report_content(found, edition=found.edition + 1, now=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
def report_edit(request: HttpRequest, code: str) -> HttpResponse:
    """What people write into the draft: introduction, recommendations, quotations. `?recommendation=code` changes that one."""
    session = run_session_or_404(request, code)
    found = open_report(session)
    chosen = request.GET.get("recommendation", "")
    changed = get_object_or_404(found.recommendations, code=chosen) if chosen else None
    part = request.POST.get("part", "")
    introduction = IntroductionForm(request.POST if part == "introduction" else None, instance=found)
    form = RecommendationForm(request.POST if part == "recommendation" else None, session=session, instance=changed)
    if request.method == "POST" and _written(request, found, part, (introduction, form)):
        messages.success(request, _("Saved."))
        return redirect("sensemaking:report-edit", session.code)
    quoted = set(found.quotations.filter(kind=LinkKind.QUOTATION).order_by("pk").values_list("note", flat=True))
    context = {
        "session": session,
        "report": SessionReport.objects.get(pk=found.pk),
        "is_published": found.state == ReportState.PUBLISHED,
        "introduction": introduction,
        "form": form,
        "changed": changed,
        "recommendations": list(found.recommendations.prefetch_related("origins__insight").order_by("position", "pk")),
        "quotable": list(quotable_notes(found)),
        "quoted": quoted,
    }
    faulty = bool(introduction.errors or form.errors)
    return render(request, "sensemaking/report_edit.html", context, status=422 if faulty else 200)


def _written(request: HttpRequest, found: SessionReport, part: str, forms: tuple) -> bool:
    """Do what one of the page's forms asks; faults and refusals stand in the form."""
    introduction, form = forms
    by, now = request.user, timezone.now()
    if part == "introduction" and introduction.is_valid():
        text = introduction.cleaned_data["introduction"]
        return try_for(introduction, lambda: introduce_report(found, text, by=by, now=now))
    if part == "recommendation" and form.is_valid():
        text, insights = form.cleaned_data["text"], list(form.cleaned_data["insights"])
        return try_for(
            form,
            lambda: recommend(
                found, text, insights, by=by, now=now, recommendation=form.instance if form.instance.pk else None
            ),
        )
    if part == "drop":
        dropped = get_object_or_404(found.recommendations, code=request.POST.get("recommendation", ""))
        introduction.full_clean()
        return try_for(introduction, lambda: drop_recommendation(dropped, by=by, now=now))
    if part == "quotations":
        notes = list(Note.objects.filter(board__session=found.session, code__in=request.POST.getlist("note")))
        introduction.full_clean()
        return try_for(introduction, lambda: quote_notes(found, notes, by=by, now=now))
    return False


@require_POST
def report_publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the next edition."""
    session = run_session_or_404(request, code)
    act = lambda: publish_report(open_report(session), by=request.user, now=timezone.now())  # noqa: E731
    return answer(request, act, said=_("The report is published. Its PDF is being made."), then=_url(session))


@require_POST
def report_revise(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the next edition."""
    session = run_session_or_404(request, code)
    act = lambda: revise_report(open_report(session), by=request.user, now=timezone.now())  # noqa: E731
    said = _("You write the next edition. The present one stays until you publish.")
    return answer(request, act, said=said, then=f"{_url(session)}?draft=1")


def _url(session: Session) -> str:
    return SessionReport(session=session).get_absolute_url()


@require_safe
def report_print(request: HttpRequest, code: str) -> HttpResponse:
    """The edition as the PDF shows it, for printing from the browser."""
    return render(request, "sensemaking/pdf/report.html", report_context(_published(request, code).content))


@require_safe
def report_word(request: HttpRequest, code: str) -> HttpResponse:
    """The edition as a Word file."""
    found = _published(request, code)
    headers = {
        "Content-Disposition": f'attachment; filename="{_stem(found)}.docx"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(render_word(found.content), content_type=WORD_TYPE, headers=headers)


def _stem(found: SessionReport) -> str:
    return f"{slugify(str(found.session)) or 'session'}-report-{found.edition}"


@require_safe
def report_file(request: HttpRequest, code: str) -> HttpResponse:
    """The PDF of the edition, as an attachment."""
    found = _published(request, code)
    job = get_object_or_404(ReportFile, report=found, state=JobState.READY)
    opened = job.opened()
    if opened is None:
        messages.error(request, _("This file cannot be read now. Please tell the people who run the platform."))
        return redirect(_url(found.session))
    response = FileResponse(opened, as_attachment=True, filename=f"{_stem(found)}.pdf", content_type="application/pdf")
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def report_retry(request: HttpRequest, code: str) -> HttpResponse:
    """Queue a failed PDF anew."""
    session = run_session_or_404(request, code)
    job = get_object_or_404(ReportFile, report__session=session)
    retry_file(job, by=request.user, now=timezone.now())
    messages.success(request, _("The file is being made again."))
    return redirect(_url(session))
