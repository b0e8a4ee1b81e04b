"""Long searches for seats, done by a worker: asked for, under way, ended. The row is the truth, the message to the worker a hint."""

import datetime
import logging
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..grouping import prices_of_rules
from ..models import RoomSearch, Session
from ..states import SEARCHING, SearchState
from .allocation import find_plan, keep_plan

logger = logging.getLogger(__name__)

STALE_AFTER = datetime.timedelta(minutes=1)  # without a sign of life the worker has died
HINT_AGAIN_AFTER = datetime.timedelta(seconds=20)
LOOK_EVERY = datetime.timedelta(seconds=0.5)


@transaction.atomic
def queue_search(session: Session, *, moves: int, seed: int, by, now: datetime.datetime) -> RoomSearch:
    """Have a worker look for seats. Refused while a search of this session is under way."""
    try:
        with transaction.atomic():
            search = RoomSearch.objects.create(
                session=session, moves=moves, seed=seed, asked_by=by, asked_at=now, alive_at=now
            )
    except IntegrityError:
        raise Refused(_("Seats are being looked for already.")) from None
    record(session, "sensemaking.rooms.sought", by=by, at=now)
    transaction.on_commit(lambda: _hint(search.pk))
    return search


@transaction.atomic
def cancel_search(session: Session, *, by, now: datetime.datetime) -> None:
    """End the search under way; its worker notices within a moment and writes nothing."""
    if not RoomSearch.objects.filter(session=session, state__in=SEARCHING).update(state=SearchState.CANCELLED):
        raise Refused(_("No search is under way."))
    record(session, "sensemaking.rooms.search_ended", by=by, at=now)


def run_search(pk: int, *, clock: Callable[[], datetime.datetime]) -> None:
    """Do a search that waits. One that another worker has claimed, or that was ended, is left alone."""
    waiting = RoomSearch.objects.filter(pk=pk, state=SearchState.QUEUED)
    if not waiting.update(state=SearchState.RUNNING, alive_at=clock(), percent=0):
        return
    search = RoomSearch.objects.select_related("session", "asked_by").get(pk=pk)
    watch = _Watch(pk, clock)
    began = clock()
    try:
        problem, plan = find_plan(
            search.session, moves=search.moves, seed=search.seed, progress=watch.progress, stop=watch.stop
        )
        prices = {} if watch.stop() else prices_of_rules(problem, plan, seed=search.seed)
        with transaction.atomic():
            # Ended meanwhile: the seats stay as they are.
            if not RoomSearch.objects.filter(pk=pk, state=SearchState.RUNNING).update(
                state=SearchState.DONE, percent=100
            ):
                return
            seconds = (clock() - began).total_seconds()
            by, now = search.asked_by, clock()
            keep_plan(search.session, problem, plan, prices=prices, seconds=seconds, seed=search.seed, by=by, now=now)
    except Refused as refusal:
        _fail(pk, str(refusal))
    except Exception as error:
        logger.exception("The seats of session %s could not be found.", search.session.code)
        _fail(pk, f"{type(error).__name__}: {error}")


def sweep_searches(*, now: datetime.datetime) -> None:
    """Give searches whose message was lost, or whose worker died, to a worker again."""
    stale = RoomSearch.objects.filter(state=SearchState.RUNNING, alive_at__lt=now - STALE_AFTER)
    stale.update(state=SearchState.QUEUED, alive_at=now - STALE_AFTER)
    forgotten = RoomSearch.objects.filter(state=SearchState.QUEUED, alive_at__lt=now - HINT_AGAIN_AFTER)
    for pk in list(forgotten.order_by("pk").values_list("pk", flat=True)):
        RoomSearch.objects.filter(pk=pk).update(alive_at=now)
        _hint(pk)


class _Watch:
    """Tells how far a search is and asks whether it was ended, at most twice a second."""

    def __init__(self, pk: int, clock: Callable[[], datetime.datetime]) -> None:
        self._pk, self._clock = pk, clock
        self._looked_at = clock()
        self._is_over = False
        self._percent = 0

    def progress(self, share: float) -> None:
        self._percent = min(99, round(share * 100))

    def stop(self) -> bool:
        now = self._clock()
        if not self._is_over and now - self._looked_at >= LOOK_EVERY:
            self._looked_at = now
            mine = RoomSearch.objects.filter(pk=self._pk, state=SearchState.RUNNING)
            self._is_over = not mine.update(percent=self._percent, alive_at=now)
        return self._is_over


def _fail(pk: int, error: str) -> None:
    RoomSearch.objects.filter(pk=pk, state=SearchState.RUNNING).update(state=SearchState.FAILED, error=error[:500])


def _hint(pk: int) -> None:
    from ..tasks import search_seats  # noqa: PLC0415 circular: a task imports its service

    try:
        search_seats.delay(pk)
    except Exception:
        logger.warning("The broker cannot be reached; the search waits for the sweeper.", exc_info=True)
