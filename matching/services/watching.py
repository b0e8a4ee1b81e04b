"""A run that is being solved, watched from outside: how far it is, whether somebody cancelled it, how long it may take."""

import time
from datetime import datetime, timedelta

from django.conf import settings

from ..engine.types import Cancelled
from ..models import Run
from ..states import RunStage, RunState

EVERY_SECONDS = 1.0  # a run is told how far it is, and asked whether it still stands, at most so often


class Watch:
    """Goes along with one solve, as `stop` and `progress` of the engine.

    Each telling is one UPDATE of its own, outside of any long transaction. It finds no row once the run was cancelled, or
    given to another worker: that is how the solve hears of it.
    """

    def __init__(self, run: Run, *, now: datetime) -> None:
        self._run, self._now = run, now
        self._began = self._told = time.monotonic()
        self._stage, self._share = RunStage.READING, 0.0
        self._is_ours = True

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def is_overdue(self) -> bool:
        return self.seconds > settings.MATCHING_SECONDS

    def stop(self) -> bool:
        """Whether the solve shall end now."""
        if time.monotonic() - self._told >= EVERY_SECONDS:
            self._tell()
        return self.is_overdue or not self._is_ours

    def progress(self, share: float, stage: str) -> None:
        """The engine tells how far it is."""
        self._stage, self._share = (RunStage.READING if stage == "score" else RunStage.SOLVING), 0.6 * share

    def explaining(self, share: float) -> None:
        """The reasons of so many of the proposals are written. Raises Cancelled when the solve shall end."""
        self._stage, self._share = RunStage.EXPLAINING, 0.6 + 0.4 * share
        if self.stop():
            raise Cancelled

    def _tell(self) -> None:
        self._told = time.monotonic()
        row = Run.objects.filter(pk=self._run.pk, state=RunState.RUNNING)
        told = {"stage": self._stage, "percent": int(100 * self._share)}
        self._is_ours = bool(row.update(**told, updated_at=self._now + timedelta(seconds=self.seconds)))
