"""The files that workers make of outputs: PDFs of versions and folders of cities. How a job lives stands in
`twinning.core.jobs`; here stands what a document is made of, and when."""

import logging
from datetime import datetime
from functools import partial

from django.db import transaction

from cohorts.models import Participation
from twinning.audit.services import record
from twinning.core.jobs import MOST_ATTEMPTS, MOVING, QUEUES, ClaimLost, Workshop

from ..models import Document, OutputVersion
from ..selectors.content import canonical_json
from ..states import DocumentFormat, DocumentState
from .folders import make_folder

__all__ = ["MOST_ATTEMPTS", "ClaimLost"]  # beside what is defined here
logger = logging.getLogger(__name__)

FOLDER = "documents"
LONG_CONTENT = 30_000  # characters of data; more than about fifteen pages
VERBS_OF_DOCUMENTS = {
    "ready": "outputs.document.ready",
    "failed": "outputs.document.failed",
    "retried": "outputs.document.retried",
}
VERBS_OF_FOLDERS = {
    "ready": "outputs.folder.ready",
    "failed": "outputs.folder.failed",
    "retried": "outputs.folder.retried",
}


def _make(document: Document, clock) -> tuple[bytes, int | None]:
    """(file, number of pages where it has any)."""
    from ..pdf.render import render_archival, render_version  # noqa: PLC0415 slow

    if document.format == DocumentFormat.FOLDER:
        note = partial(note_progress, document, clock=clock)
        return make_folder(document.participation, now=clock(), note=note), None
    render = render_archival if document.format == DocumentFormat.ARCHIVAL else render_version
    return render(document.version)


def hint_worker(document: Document) -> None:
    """Tell a worker of a queued document. Only a hint: without a broker the sweeper finds the row."""
    from ..tasks import render_document  # noqa: PLC0415 circular: a task imports its service

    try:
        render_document.apply_async((document.pk,), queue=QUEUES[document.is_long])
    except OSError:
        logger.warning("The broker cannot be reached; the document waits for the next pass.", exc_info=True)


def _note(document: Document, what: str, now: datetime, data: dict) -> None:
    verb = (VERBS_OF_DOCUMENTS if document.version_id else VERBS_OF_FOLDERS)[what]
    record(document.subject, verb, by=None, at=now, data=data)


WORKSHOP = Workshop(Document, FOLDER, _make, lambda document: hint_worker(document), _note)  # noqa: PLW0108 looked up late
claim_document, make_document = WORKSHOP.claim, WORKSHOP.run
finish_document, fail_document, release_document = WORKSHOP.finish, WORKSHOP.fail, WORKSHOP.release
note_progress, sweep_documents = WORKSHOP.note_progress, WORKSHOP.sweep


@transaction.atomic
def queue_document(version: OutputVersion, *, now: datetime, file_format: str = DocumentFormat.PDF) -> Document:
    """The document of this version, queued for a worker. One for each version and format, however often asked."""
    is_long = file_format == DocumentFormat.ARCHIVAL or len(canonical_json(version.content)) > LONG_CONTENT
    document, is_new = Document.objects.get_or_create(
        version=version, format=file_format, defaults={"queued_at": now, "hinted_at": now, "is_long": is_long}
    )
    if is_new:
        WORKSHOP.hint_after_commit(document)
    return document


@transaction.atomic
def queue_folder(participation: Participation, *, by, now: datetime) -> Document:
    """Make the folder of a city: everything that it has submitted, as one ZIP. Made anew where there is one already; one
    that is being made is left alone. Also journals it."""
    document, is_new = Document.objects.get_or_create(
        participation=participation,
        format=DocumentFormat.FOLDER,
        defaults={"queued_at": now, "hinted_at": now, "is_long": True},
    )
    old = Document.objects.filter(pk=document.pk).exclude(state__in=MOVING)
    again = not is_new and WORKSHOP.queue_again(old, now=now)
    if is_new or again:
        record(participation, "outputs.folder.asked", by=by, at=now)
        WORKSHOP.hint_after_commit(document)
    document.refresh_from_db()
    return document


@transaction.atomic
def renew_documents(version: OutputVersion, *, now: datetime) -> None:
    """Make the documents of a version anew: every page names its state, and that has changed. A worker that renders the
    old state just now loses its claim."""
    documents = version.documents.order_by("pk")
    WORKSHOP.queue_again(documents, now=now)
    for document in documents:
        WORKSHOP.hint_after_commit(document)


@transaction.atomic
def retry_document(document: Document, *, by, now: datetime) -> bool:
    """Queue a failed document anew. False where it is no longer failed."""
    failed = Document.objects.filter(pk=document.pk, state=DocumentState.FAILED)
    again = WORKSHOP.queue_again(failed, now=now)
    if again:
        verbs = VERBS_OF_DOCUMENTS if document.version_id else VERBS_OF_FOLDERS
        record(document.subject, verbs["retried"], by=by, at=now)
        WORKSHOP.hint_after_commit(document)
    return bool(again)
