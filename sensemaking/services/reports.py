"""The report of a session: written, published edition by edition, its PDF made by a worker, names and quotations taken out."""

import datetime
import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused
from twinning.core.jobs import MOVING, QUEUES, JobState, Workshop

from ..models import Board, Guest, Insight, LineageLink, Note, Recommendation, ReportFile, Session, SessionReport
from ..selectors.reports import missing_for, quotable_notes, report_content
from ..states import REPORT_MOVES, LinkKind, ReportState

logger = logging.getLogger(__name__)

FOLDER = "reports"
LONG_REPORT = 150  # notes; beyond it the PDF takes longer than a short document may wait
MOST_RECOMMENDATIONS, MOST_QUOTATIONS = 40, 60


def open_report(session: Session) -> SessionReport:
    """The session's report; made on first use."""
    return SessionReport.objects.get_or_create(session=session)[0]


def _draft(report: SessionReport) -> SessionReport:
    report = SessionReport.objects.select_for_update(of=("self",)).select_related("session").get(pk=report.pk)
    if report.state != ReportState.DRAFT:
        raise Refused(_("This edition is published. Begin the next edition to change it."))
    return report


@transaction.atomic
def introduce_report(report: SessionReport, text: str, *, by, now: datetime.datetime) -> None:
    report = _draft(report)
    report.introduction = text.strip()
    report.save(update_fields=["introduction", "updated_at"])
    record(report.session, "sensemaking.report.changed", by=by, at=now)


@transaction.atomic
def recommend(
    report: SessionReport,
    text: str,
    insights: Sequence[Insight],
    *,
    by,
    now: datetime.datetime,
    recommendation: Recommendation | None = None,
) -> Recommendation:
    """Add a recommendation, or change one. Refused without an insight of the session that it rests on."""
    report = _draft(report)
    if not text.strip():
        raise Refused(_("Write the recommendation first."))
    if not insights or any(insight.session_id != report.session_id or not insight.stands for insight in insights):
        raise Refused(_("Name at least one insight of this session that the recommendation rests on."))
    if recommendation is None:
        if report.recommendations.count() >= MOST_RECOMMENDATIONS:
            raise Refused(_("At most %(most)d recommendations.") % {"most": MOST_RECOMMENDATIONS})
        last = report.recommendations.aggregate(last=Max("position"))["last"] or 0
        recommendation = Recommendation(report=report, position=last + 1)
    recommendation.text = text.strip()[:500]
    recommendation.save()
    recommendation.origins.exclude(insight__in=list(insights)).delete()
    for insight in insights:
        LineageLink.objects.get_or_create(
            kind=LinkKind.RECOMMENDED,
            insight=insight,
            to_recommendation=recommendation,
            defaults={"made_by": by, "made_at": now},
        )
    record(report.session, "sensemaking.report.changed", by=by, at=now)
    return recommendation


@transaction.atomic
def drop_recommendation(recommendation: Recommendation, *, by, now: datetime.datetime) -> None:
    report = _draft(recommendation.report)
    recommendation.delete()
    record(report.session, "sensemaking.report.changed", by=by, at=now)


@transaction.atomic
def quote_notes(report: SessionReport, notes: Iterable[Note], *, by, now: datetime.datetime) -> None:
    """Quote these notes and no others. Refused where an author has not agreed to be quoted."""
    report = _draft(report)
    chosen = {note.pk for note in notes}
    if len(chosen) > MOST_QUOTATIONS:
        raise Refused(_("At most %(most)d quotations.") % {"most": MOST_QUOTATIONS})
    if chosen - set(quotable_notes(report).values_list("pk", flat=True)):
        raise Refused(_("Somebody whose words you chose has not agreed to be quoted."))
    report.quotations.exclude(note__in=chosen).delete()
    for note in sorted(chosen):
        LineageLink.objects.get_or_create(
            kind=LinkKind.QUOTATION, note_id=note, to_report=report, defaults={"made_by": by, "made_at": now}
        )
    record(report.session, "sensemaking.report.changed", by=by, at=now)


@transaction.atomic
def publish_report(report: SessionReport, *, by, now: datetime.datetime) -> SessionReport:
    """The next edition: everybody of the session's cohorts reads it from now on. Queues its PDF.

    Refused with every reason at once where a claim would rest on nothing.
    """
    report = _draft(report)
    content = report_content(report, edition=report.edition + 1, now=now)
    is_private = Board.objects.filter(session=report.session, is_private=True).exists()
    faults = missing_for(content, is_private=is_private)
    if report.session.insights.confirmed().filter(to_reread_since__isnull=False).exists():
        faults.append(_("Insights wait to be read again: a note under them was withdrawn."))
    if faults:
        raise Refused(" ".join(faults))
    report.state = REPORT_MOVES.target("publish", state=report.state)
    report.content, report.edition = content, report.edition + 1
    report.published_at, report.published_by = now, by
    report.save()
    queue_file(report, now=now)
    record(report.session, "sensemaking.report.published", by=by, at=now, data={"edition": report.edition})
    return report


@transaction.atomic
def revise_report(report: SessionReport, *, by, now: datetime.datetime) -> SessionReport:
    """Begin the next edition; the present one stays published until then."""
    report = SessionReport.objects.select_for_update(of=("self",)).select_related("session").get(pk=report.pk)
    report.state = REPORT_MOVES.target("revise", state=report.state)
    report.save(update_fields=["state", "updated_at"])
    record(report.session, "sensemaking.report.revised", by=by, at=now)
    return report


def redact_reports(guest: Guest, notes: Sequence[Note], *, now: datetime.datetime) -> int:
    """Take this person's name and these notes' texts out of every edition that was published; their PDFs are made anew.

    Within the caller's transaction. Returns how many reports changed.
    """
    codes = {note.code for note in notes}
    changed = 0
    for report in SessionReport.objects.select_for_update(of=("self",)).exclude(content__isnull=True).order_by("pk"):
        if redacted(report.content, guest.code, codes):
            report.save(update_fields=["content", "updated_at"])
            queue_file(report, now=now)
            record(report.session, "sensemaking.report.redacted", by=None, at=now)
            changed += 1
    return changed


def redacted(content: dict[str, Any], guest: str, codes: set[str]) -> bool:
    """Take one person and notes out of a content, in place. Returns whether anything was in it."""
    touched = False
    numbers = set()
    for note in content["notes"]:
        if note["code"] in codes and note["text"]:
            note["text"], note["group"] = "", ""
            numbers.add(note["n"])
    touched |= bool(numbers)
    content["quotations"] = [each for each in content["quotations"] if each["note"] not in numbers]
    for place in [*content["who"]["cities"], content["who"]["others"]]:
        kept = [person for person in place["people"] if person["guest"] != guest]
        place["unnamed"] += len(place["people"]) - len(kept)
        touched |= len(kept) < len(place["people"])
        place["people"] = kept
    return touched


# --- the PDF --------------------------------------------------------------------------------------------------------------


def queue_file(report: SessionReport, *, now: datetime.datetime) -> ReportFile:
    """Have the PDF of the present edition made; what was made of an earlier one is thrown away at once."""
    is_long = len(report.content["notes"]) > LONG_REPORT
    job, is_new = ReportFile.objects.get_or_create(
        report=report, defaults={"queued_at": now, "hinted_at": now, "is_long": is_long}
    )
    if not is_new:
        old = job.file.name
        ReportFile.objects.filter(pk=job.pk).update(is_long=is_long, file="", pages=None, state=JobState.QUEUED)
        WORKSHOP.queue_again(ReportFile.objects.filter(pk=job.pk), now=now)
        if old:
            transaction.on_commit(lambda: default_storage.delete(old))
    WORKSHOP.hint_after_commit(job)
    return job


@transaction.atomic
def retry_file(job: ReportFile, *, by, now: datetime.datetime) -> bool:
    """Queue a failed PDF anew. False where it is no longer failed."""
    again = WORKSHOP.queue_again(
        ReportFile.objects.exclude(state__in=(*MOVING, JobState.READY)).filter(pk=job.pk), now=now
    )
    if again:
        record(job.report.session, "sensemaking.report.file_retried", by=by, at=now)
        WORKSHOP.hint_after_commit(job)
    return bool(again)


def hint_worker(job: ReportFile) -> None:
    """Tell a worker of a queued PDF. Only a hint: without a broker the sweeper finds the row."""
    from ..tasks import render_report  # noqa: PLC0415 circular: a task imports its service

    try:
        render_report.apply_async((job.pk,), queue=QUEUES[job.is_long])
    except OSError:
        logger.warning("The broker cannot be reached; the report waits for the next pass.", exc_info=True)


def _make(job: ReportFile, _clock) -> tuple[bytes, int]:
    from ..pdf.report import render_report  # noqa: PLC0415 slow

    return render_report(job.report.content)


def _note(job: ReportFile, what: str, now: datetime.datetime, data: dict) -> None:
    verbs = {"ready": "sensemaking.report.file_ready", "failed": "sensemaking.report.file_failed"}
    record(job.report.session, verbs[what], by=None, at=now, data=data)


WORKSHOP = Workshop(ReportFile, FOLDER, _make, lambda job: hint_worker(job), _note)  # noqa: PLW0108 looked up late
make_file, sweep_files = WORKSHOP.run, WORKSHOP.sweep
