"""The files that workers make: a row per job is the truth, a broker message only a hint.

Life of a row: queued -> rendering (claimed by exactly one worker) -> ready or failed. A claim is one UPDATE that names
the state it expects, so two workers never hold the same row. Whoever finishes must still hold the claim; otherwise what
it made is thrown away. `sweep_documents` gives back what dead workers held and reminds workers of rows whose hint was
lost. The file appears under its name by a rename inside the transaction that makes the row ready: there is never a ready
row without its file, nor a second file of one document.
"""

import logging
import os
import secrets
import socket
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext as _

from cohorts.models import Participation
from twinning.audit.services import record

from ..models import Document, OutputVersion
from ..pdf.engine import EngineMissing
from ..selectors.content import canonical_json
from ..states import DocumentFormat, DocumentState
from .folders import make_folder

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(minutes=3)  # a row claimed longer ago belonged to a worker that died
HINT_AGAIN_AFTER = timedelta(seconds=60)
HINTS_A_PASS = 20
MOST_ATTEMPTS = 4  # a row whose workers died so often is given up, with its reason on the page
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
MOVING = (DocumentState.QUEUED, DocumentState.RENDERING)
QUEUES = {False: "pdf", True: "long"}


@transaction.atomic
def queue_document(version: OutputVersion, *, now: datetime, file_format: str = DocumentFormat.PDF) -> Document:
    """The document of this version, queued for a worker. One for each version and format, however often asked."""
    is_long = file_format == DocumentFormat.ARCHIVAL or len(canonical_json(version.content)) > LONG_CONTENT
    document, is_new = Document.objects.get_or_create(
        version=version, format=file_format, defaults={"queued_at": now, "hinted_at": now, "is_long": is_long}
    )
    if is_new:
        _hint_after_commit(document)
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
    again = not is_new and _queue_again(Document.objects.filter(pk=document.pk).exclude(state__in=MOVING), now=now)
    if is_new or again:
        record(participation, "outputs.folder.asked", by=by, at=now)
        _hint_after_commit(document)
    document.refresh_from_db()
    return document


def _queue_again(documents: models.QuerySet, *, now: datetime) -> int:
    """Put these back at the beginning of their lives; a worker that holds one loses its claim."""
    return documents.update(
        state=DocumentState.QUEUED,
        claim="",
        attempts=0,
        done=0,
        total=0,
        error="",
        queued_at=now,
        hinted_at=now,
        finished_at=None,
    )


@transaction.atomic
def renew_documents(version: OutputVersion, *, now: datetime) -> None:
    """Make the documents of a version anew: every page names its state, and that has changed. A worker that renders the
    old state just now loses its claim."""
    documents = version.documents.order_by("pk")
    _queue_again(documents, now=now)
    for document in documents:
        _hint_after_commit(document)


def _hint_after_commit(document: Document) -> None:
    transaction.on_commit(partial(hint_worker, document))


def hint_worker(document: Document) -> None:
    """Tell a worker of a queued document. Only a hint: without a broker the sweeper finds the row."""
    from ..tasks import render_document  # noqa: PLC0415 circular: a task imports its service

    try:
        render_document.apply_async((document.pk,), queue=QUEUES[document.is_long])
    except OSError:
        logger.warning("The broker cannot be reached; the document waits for the next pass.", exc_info=True)


def claim_document(pk: int, *, now: datetime) -> Document | None:
    """Take a queued document for this process. None where somebody else has it or it is done."""
    claim = f"{socket.gethostname()[:100]}:{os.getpid()}:{secrets.token_hex(8)}"
    taken = Document.objects.filter(pk=pk, state=DocumentState.QUEUED).update(
        state=DocumentState.RENDERING, claim=claim, claimed_at=now, error="", attempts=models.F("attempts") + 1
    )
    if not taken:
        return None
    return Document.objects.with_subject().get(pk=pk)


def make_document(pk: int, *, clock) -> bool:
    """Claim a document, render it and finish it. Returns whether this call made it ready.

    `clock` gives the present time: rendering takes seconds. A version that cannot be rendered leaves the row failed with
    the reason. Where this machine lacks the PDF engine the row goes back into the queue and says so.
    """
    document = claim_document(pk, now=clock())
    if document is None:
        return False
    try:
        content, pages = _make(document, clock)
    except EngineMissing as missing:
        release_document(document, why=str(missing))
        return False
    except ClaimLost:
        return False
    except Exception as error:
        logger.exception("Document %s could not be rendered", document.code)
        fail_document(document, now=clock(), why=f"{type(error).__name__}: {error}")
        return False
    return finish_document(document, content=content, pages=pages, now=clock())


def _make(document: Document, clock) -> tuple[bytes, int | None]:
    """(file, number of pages where it has any)."""
    from ..pdf.render import render_archival, render_version  # noqa: PLC0415 slow

    if document.format == DocumentFormat.FOLDER:
        note = partial(note_progress, document, clock=clock)
        return make_folder(document.participation, now=clock(), note=note), None
    render = render_archival if document.format == DocumentFormat.ARCHIVAL else render_version
    return render(document.version)


class ClaimLost(Exception):
    """Somebody else holds the row now; going on would be in vain."""


def note_progress(document: Document, done: int, total: int, *, clock) -> None:
    """Say how far it is, and that this worker lives. Raises `ClaimLost` where the row was given to another."""
    held = Document.objects.filter(pk=document.pk, state=DocumentState.RENDERING, claim=document.claim).update(
        done=done, total=total, claimed_at=clock()
    )
    if not held:
        raise ClaimLost


def finish_document(document: Document, *, content: bytes, pages: int | None, now: datetime) -> bool:
    """Put the file in its place and make the row ready, if `document.claim` still holds it. Else nothing is left."""
    name = f"{FOLDER}/{document.file_name}"
    final = Path(default_storage.path(name))
    part = final.with_name(f"{document.code}.{document.claim.rpartition(':')[2]}.part")
    final.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(content)
    try:
        with transaction.atomic():
            held = Document.objects.filter(pk=document.pk, state=DocumentState.RENDERING, claim=document.claim).update(
                state=DocumentState.READY, file=name, pages=pages, claim="", error="", finished_at=now
            )
            if not held:
                return False
            record(document.subject, _verb(document, "ready"), by=None, at=now)
            part.replace(final)
    finally:
        part.unlink(missing_ok=True)
    return True


def fail_document(document: Document, *, now: datetime, why: str) -> None:
    """Say on the row why there is no file, if this claim still holds it."""
    with transaction.atomic():
        held = Document.objects.filter(pk=document.pk, state=DocumentState.RENDERING, claim=document.claim).update(
            state=DocumentState.FAILED, error=why[:500], claim="", finished_at=now
        )
        if held:
            data = {"error": why[:200]}
            record(document.subject, _verb(document, "failed"), by=None, at=now, data=data)


def release_document(document: Document, *, why: str) -> None:
    """Back into the queue, with the reason; it does not count as an attempt."""
    Document.objects.filter(pk=document.pk, state=DocumentState.RENDERING, claim=document.claim).update(
        state=DocumentState.QUEUED, error=why[:500], claim="", claimed_at=None, attempts=models.F("attempts") - 1
    )


@transaction.atomic
def retry_document(document: Document, *, by, now: datetime) -> bool:
    """Queue a failed document anew. False where it is no longer failed."""
    again = _queue_again(Document.objects.filter(pk=document.pk, state=DocumentState.FAILED), now=now)
    if again:
        record(document.subject, _verb(document, "retried"), by=by, at=now)
        _hint_after_commit(document)
    return bool(again)


def sweep_documents(*, now: datetime) -> dict[str, int]:
    """Give back what dead workers held; remind workers of rows that wait. Returns how many of each.

    A worker is dead when its process is gone from this machine, or when it held a row longer than `STALE_AFTER`.
    """
    requeued = given_up = 0
    for document in Document.objects.filter(state=DocumentState.RENDERING).order_by("pk"):
        if not (_process_is_gone(document.claim) or document.claimed_at < now - STALE_AFTER):
            continue
        if document.attempts >= MOST_ATTEMPTS:
            fail_document(
                document, now=now, why=_("The worker stopped in the middle, %(n)d times.") % {"n": MOST_ATTEMPTS}
            )
            given_up += 1
            continue
        requeued += Document.objects.filter(pk=document.pk, state=DocumentState.RENDERING, claim=document.claim).update(
            state=DocumentState.QUEUED, claim="", claimed_at=None, hinted_at=None
        )
        _remove_parts(document)
    waiting = Document.objects.filter(state=DocumentState.QUEUED).filter(
        models.Q(hinted_at=None) | models.Q(hinted_at__lt=now - HINT_AGAIN_AFTER)
    )
    hinted = list(waiting.order_by("is_long", "queued_at", "pk")[:HINTS_A_PASS])
    Document.objects.filter(pk__in=[document.pk for document in hinted]).update(hinted_at=now)
    for document in hinted:
        hint_worker(document)
    return {"requeued": requeued, "given_up": given_up, "hinted": len(hinted)}


def _verb(document: Document, what: str) -> str:
    return (VERBS_OF_DOCUMENTS if document.version_id else VERBS_OF_FOLDERS)[what]


def _process_is_gone(claim: str) -> bool:
    """Whether the claim names a process of this machine that no longer runs. False where that cannot be known."""
    host, _colon, rest = claim.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname()[:100] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _remove_parts(document: Document) -> None:
    """Throw away what a dead worker left of a file."""
    for part in Path(default_storage.path(FOLDER)).glob(f"{document.code}.*.part"):
        with suppress(OSError):
            part.unlink()
