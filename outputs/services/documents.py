"""The PDFs: a row per job is the truth, a broker message only a hint.

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

from twinning.audit.services import record

from ..models import Document, OutputVersion
from ..pdf.engine import EngineMissing
from ..states import DocumentState

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(minutes=3)  # a row claimed longer ago belonged to a worker that died
HINT_AGAIN_AFTER = timedelta(seconds=60)
HINTS_A_PASS = 20
MOST_ATTEMPTS = 4  # a row whose workers died so often is given up, with its reason on the page
FOLDER = "documents"


@transaction.atomic
def queue_document(version: OutputVersion, *, now: datetime, file_format: str = "pdf") -> Document:
    """The document of this version, queued for a worker. One for each version and format, however often asked."""
    document, is_new = Document.objects.get_or_create(
        version=version, format=file_format, defaults={"queued_at": now, "hinted_at": now}
    )
    if is_new:
        transaction.on_commit(partial(hint_worker, document.pk))
    return document


@transaction.atomic
def renew_documents(version: OutputVersion, *, now: datetime) -> None:
    """Make the documents of a version anew: every page names its state, and that has changed. A worker that renders the
    old state just now loses its claim."""
    for pk in version.documents.order_by("pk").values_list("pk", flat=True):
        Document.objects.filter(pk=pk).update(
            state=DocumentState.QUEUED, claim="", attempts=0, error="", queued_at=now, hinted_at=now, finished_at=None
        )
        transaction.on_commit(partial(hint_worker, pk))


def hint_worker(pk: int) -> None:
    """Tell a worker of a queued document. Only a hint: without a broker the sweeper finds the row."""
    from ..tasks import render_document  # noqa: PLC0415 circular: a task imports its service

    try:
        render_document.delay(pk)
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
    return Document.objects.select_related(
        "version__output__participation__city", "version__output__participation__cohort"
    ).get(pk=pk)


def make_document(pk: int, *, clock) -> bool:
    """Claim a document, render it and finish it. Returns whether this call made it ready.

    `clock` gives the present time: rendering takes seconds. A version that cannot be rendered leaves the row failed with
    the reason. Where this machine lacks the PDF engine the row goes back into the queue and says so.
    """
    document = claim_document(pk, now=clock())
    if document is None:
        return False
    from ..pdf.render import render_version  # noqa: PLC0415 slow

    try:
        content, pages = render_version(document.version)
    except EngineMissing as missing:
        release_document(document, why=str(missing))
        return False
    except Exception as error:
        logger.exception("Document %s could not be rendered", document.code)
        fail_document(document, now=clock(), why=f"{type(error).__name__}: {error}")
        return False
    return finish_document(document, content=content, pages=pages, now=clock())


def finish_document(document: Document, *, content: bytes, pages: int, now: datetime) -> bool:
    """Put the file in its place and make the row ready, if `document.claim` still holds it. Else nothing is left."""
    name = f"{FOLDER}/{document.code}.{document.format}"
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
            record(document.version.output, "outputs.document.ready", by=None, at=now)
            part.replace(final)
    finally:
        part.unlink(missing_ok=True)
    return True


def fail_document(document: Document, *, now: datetime, why: str) -> None:
    """Say on the row why there is no PDF, if this claim still holds it."""
    with transaction.atomic():
        held = Document.objects.filter(pk=document.pk, state=DocumentState.RENDERING, claim=document.claim).update(
            state=DocumentState.FAILED, error=why[:500], claim="", finished_at=now
        )
        if held:
            data = {"error": why[:200]}
            record(document.version.output, "outputs.document.failed", by=None, at=now, data=data)


def release_document(document: Document, *, why: str) -> None:
    """Back into the queue, with the reason; it does not count as an attempt."""
    Document.objects.filter(pk=document.pk, state=DocumentState.RENDERING, claim=document.claim).update(
        state=DocumentState.QUEUED, error=why[:500], claim="", claimed_at=None, attempts=models.F("attempts") - 1
    )


@transaction.atomic
def retry_document(document: Document, *, by, now: datetime) -> bool:
    """Queue a failed document anew. False where it is no longer failed."""
    again = Document.objects.filter(pk=document.pk, state=DocumentState.FAILED).update(
        state=DocumentState.QUEUED, error="", attempts=0, queued_at=now, hinted_at=now, finished_at=None
    )
    if again:
        record(document.version.output, "outputs.document.retried", by=by, at=now)
        transaction.on_commit(partial(hint_worker, document.pk))
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
    hinted = list(waiting.order_by("queued_at", "pk").values_list("pk", flat=True)[:HINTS_A_PASS])
    Document.objects.filter(pk__in=hinted).update(hinted_at=now)
    for pk in hinted:
        hint_worker(pk)
    return {"requeued": requeued, "given_up": given_up, "hinted": len(hinted)}


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
