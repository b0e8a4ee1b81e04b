"""Files that workers make: a row for each job is the truth, a broker message only a hint.

Life of a row: queued -> rendering (claimed by exactly one worker) -> ready or failed. A claim is one UPDATE that names
the state it expects, so two workers never hold the same row. Whoever finishes must still hold the claim; otherwise what
it made is thrown away. `Workshop.sweep` gives back what dead workers held and reminds workers of rows whose hint was
lost. The file appears under its name by a rename inside the transaction that makes the row ready: there is never a ready
row without its file, nor a second file of one job.
"""

import logging
import os
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import PublicCode, TimeStamped

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(minutes=3)  # a row claimed longer ago belonged to a worker that died
HINT_AGAIN_AFTER = timedelta(seconds=60)
HINTS_A_PASS = 20
TRIES = 5  # to find a waiting row that no other worker takes at the same moment
MOST_ATTEMPTS = 4  # a row whose workers died so often is given up, with its reason on the page
QUEUES = {False: "pdf", True: "long"}


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RENDERING = "rendering", _("Being rendered")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


MOVING = (JobState.QUEUED, JobState.RENDERING)


class FileJob(PublicCode, TimeStamped):
    """A file and the job that makes it. Models add what it is made of, `file_name`, and `objects` with `with_subject`."""

    is_long = models.BooleanField(
        _("takes long"), default=False
    )  # waits in a queue of its own, so that short ones do not
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    file = models.FileField(_("file"), blank=True, max_length=200)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    done = models.PositiveSmallIntegerField(_("steps done"), default=0)
    total = models.PositiveSmallIntegerField(_("steps in all"), default=0)  # 0 where it is made in one step
    error = models.CharField(_("what went wrong"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    queued_at = models.DateTimeField(_("queued at"))
    claimed_at = models.DateTimeField(null=True, blank=True)
    # Who holds it, "host:process:random": a late worker must not overwrite a newer one, a dead one is recognised.
    claim = models.CharField(max_length=160, blank=True)
    hinted_at = models.DateTimeField(null=True, blank=True)  # when a worker was last told of it
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def file_name(self) -> str:
        return f"{self.code}.pdf"

    @property
    def is_moving(self) -> bool:
        return self.state in MOVING

    def opened(self) -> File | None:
        """The file, for reading; None where the disk does not give it, which is for those who run the machine to see."""
        try:
            return self.file.open("rb")
        except OSError:
            logger.exception("File %s is ready and cannot be read", self.code)
            return None


READY_HAS_FILE = models.Q(state=JobState.READY, finished_at__isnull=False) & ~models.Q(file="") | ~models.Q(
    state=JobState.READY
)


class ClaimLost(Exception):
    """Somebody else holds the row now; going on would be in vain."""


class Unmakeable(Exception):
    """This machine cannot make it, another may; the text says what is missing."""


@dataclass(frozen=True)
class Workshop:
    """The jobs of one model.

    `make(job, clock)` gives (file, number of pages or None); `hint(job)` tells a worker; `note(job, what, now, data)`
    journals "ready", "failed" and "retried". `clock` gives the present time: making a file takes seconds.
    """

    model: type[FileJob]
    folder: str
    make: Callable[[Any, Callable[[], datetime]], tuple[bytes, int | None]]
    hint: Callable[[Any], None]
    note: Callable[[Any, str, datetime, dict[str, Any]], None]

    def hint_after_commit(self, job: FileJob) -> None:
        transaction.on_commit(partial(self.hint, job))

    def queue_again(self, jobs: models.QuerySet, *, now: datetime) -> int:
        """Put these back at the beginning of their lives; a worker that holds one loses its claim."""
        return jobs.update(
            state=JobState.QUEUED,
            claim="",
            attempts=0,
            done=0,
            total=0,
            error="",
            queued_at=now,
            hinted_at=now,
            finished_at=None,
        )

    def claim(self, pk: int, *, now: datetime) -> Any | None:
        """Take a queued job for this process. None where somebody else has it or it is done."""
        claim = f"{socket.gethostname()[:100]}:{os.getpid()}:{secrets.token_hex(8)}"
        taken = self.model.objects.filter(pk=pk, state=JobState.QUEUED).update(
            state=JobState.RENDERING, claim=claim, claimed_at=now, error="", attempts=models.F("attempts") + 1
        )
        if not taken:
            return None
        return self.model.objects.with_subject().get(pk=pk)

    def _claim_instead(self, pk: int, *, now: datetime) -> Any | None:
        """Take the next one that waits, short ones first; a hint for a short one never begins a long one.

        Rows that wait are hinted at again and again. Were those hints good for nothing once their row is done, each would
        still take its turn between two long ones, and short ones would wait behind hints.
        """
        is_long = self.model.objects.filter(pk=pk).values_list("is_long", flat=True).first()
        waiting = self.model.objects.filter(state=JobState.QUEUED)
        if not is_long:
            waiting = waiting.filter(is_long=False)
        for other in waiting.order_by("is_long", "queued_at", "pk").values_list("pk", flat=True)[:TRIES]:
            if job := self.claim(other, now=now):
                return job
        return None

    def run(self, pk: int, *, clock: Callable[[], datetime]) -> bool:
        """Claim a job, do it and finish it. Returns whether this call made one ready. A hint whose job is taken or done
        already serves the next one that waits.

        What cannot be made or stored leaves the row failed with the reason. Where this machine lacks something the row goes back
        into the queue and says so.
        """
        job = self.claim(pk, now=clock()) or self._claim_instead(pk, now=clock())
        if job is None:
            return False
        try:
            content, pages = self.make(job, clock)
        except Unmakeable as missing:
            self.release(job, why=str(missing))
            return False
        except ClaimLost:
            return False
        except Exception as error:
            logger.exception("File %s could not be made", job.code)
            self.fail(job, now=clock(), why=f"{type(error).__name__}: {error}")
            return False
        try:
            return self.finish(job, content=content, pages=pages, now=clock())
        except OSError as error:  # no space, no right to write: said at once, not after the row has gone stale
            logger.exception("File %s could not be put in its place", job.code)
            reason = error.strerror or type(error).__name__  # not the name of the file: the page is read by cities
            self.fail(job, now=clock(), why=gettext("The file could not be stored: %(reason)s") % {"reason": reason})
            return False

    def _held(self, job: FileJob) -> models.QuerySet:
        return self.model.objects.filter(pk=job.pk, state=JobState.RENDERING, claim=job.claim)

    def note_progress(self, job: FileJob, done: int, total: int, *, clock: Callable[[], datetime]) -> None:
        """Say how far it is, and that this worker lives. Raises `ClaimLost` where the row was given to another."""
        if not self._held(job).update(done=done, total=total, claimed_at=clock()):
            raise ClaimLost

    def finish(self, job: FileJob, *, content: bytes, pages: int | None, now: datetime) -> bool:
        """Put the file in its place and make the row ready, if `job.claim` still holds it. Else nothing is left."""
        name = f"{self.folder}/{job.file_name}"
        final = Path(default_storage.path(name))
        part = final.with_name(f"{job.code}.{job.claim.rpartition(':')[2]}.part")
        final.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            with transaction.atomic():
                held = self._held(job).update(
                    state=JobState.READY, file=name, pages=pages, claim="", error="", finished_at=now
                )
                if not held:
                    return False
                self.note(job, "ready", now, {})
                part.replace(final)
        finally:
            part.unlink(missing_ok=True)
        return True

    def fail(self, job: FileJob, *, now: datetime, why: str) -> None:
        """Say on the row why there is no file, if this claim still holds it."""
        with transaction.atomic():
            if self._held(job).update(state=JobState.FAILED, error=why[:500], claim="", finished_at=now):
                self.note(job, "failed", now, {"error": why[:200]})

    def release(self, job: FileJob, *, why: str) -> None:
        """Back into the queue, with the reason; it does not count as an attempt."""
        self._held(job).update(
            state=JobState.QUEUED, error=why[:500], claim="", claimed_at=None, attempts=models.F("attempts") - 1
        )

    def sweep(self, *, now: datetime) -> dict[str, int]:
        """Give back what dead workers held; remind workers of rows that wait. Returns how many of each.

        A worker is dead when its process is gone from this machine, or when it held a row longer than `STALE_AFTER`.
        """
        requeued = given_up = 0
        for job in self.model.objects.filter(state=JobState.RENDERING).order_by("pk"):
            if not (_process_is_gone(job.claim) or job.claimed_at < now - STALE_AFTER):
                continue
            if job.attempts >= MOST_ATTEMPTS:
                why = gettext("The worker stopped in the middle, %(n)d times.") % {"n": MOST_ATTEMPTS}
                self.fail(job, now=now, why=why)
                given_up += 1
                continue
            requeued += self._held(job).update(state=JobState.QUEUED, claim="", claimed_at=None, hinted_at=None)
            self._remove_parts(job)
        waiting = self.model.objects.filter(state=JobState.QUEUED).filter(
            models.Q(hinted_at=None) | models.Q(hinted_at__lt=now - HINT_AGAIN_AFTER)
        )
        hinted = list(waiting.order_by("is_long", "queued_at", "pk")[:HINTS_A_PASS])
        self.model.objects.filter(pk__in=[job.pk for job in hinted]).update(hinted_at=now)
        for job in hinted:
            self.hint(job)
        return {"requeued": requeued, "given_up": given_up, "hinted": len(hinted)}

    def _remove_parts(self, job: FileJob) -> None:
        """Throw away what a dead worker left of a file."""
        for part in Path(default_storage.path(self.folder)).glob(f"{job.code}.*.part"):
            with suppress(OSError):
                part.unlink()


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
