"""How long each of some steps takes, taken in turns so that a busy machine is busy for all of them alike."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Taken:
    """The best of several: seconds of the processor, and seconds by the clock in that same round."""

    processor: float
    clock: float


def best_of(steps: Mapping[str, Step], *, rounds: int, once: tuple[str, ...] = ()) -> dict[str, Taken]:
    """Every step in every round; those named in `once` in the first round alone."""
    best: dict[str, Taken] = {}
    for number in range(rounds):
        for name, step in steps.items():
            if number and name in once:
                continue
            taken = _timed(step)
            if name not in best or taken.processor < best[name].processor:
                best[name] = taken
    return best


def _timed(step: Step) -> Taken:
    processor, clock = time.process_time(), time.perf_counter()
    step()
    return Taken(time.process_time() - processor, time.perf_counter() - clock)
