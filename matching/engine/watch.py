"""How a long question is watched and ended from outside."""

from __future__ import annotations

from .types import Progress, Stage, Stop, check


class Watch:
    """One piece of work and who watches it."""

    def __init__(self, stop: Stop | None = None, progress: Progress | None = None) -> None:
        self._stop, self._progress, self._told = stop, progress, 0.0

    def __call__(self, share: float, stage: Stage) -> None:
        """Tell how far the work is. Raises Cancelled when asked to stop."""
        check(self._stop)
        self.tell(share, stage)

    def tell(self, share: float, stage: Stage) -> None:
        """Tell how far the work is, and let it go on in any case."""
        if self._progress is not None:
            self._told = max(self._told, share)
            self._progress(self._told, stage)

    def part(self, low: float, high: float) -> Watch:
        """The watch over a smaller piece, whose own 0..1 are ``low`` to ``high`` of this one."""
        return Watch(self._stop, lambda share, stage: self.tell(low + share * (high - low), stage))
