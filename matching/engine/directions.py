"""Learning both ways: what the host can teach the twin, and what the twin can teach the host."""

from __future__ import annotations

from dataclasses import dataclass

from .scoring import Scorer
from .types import Part

FORTH = ("domains", "levers", "text")
BACK = ("offer", "needs")


@dataclass(frozen=True, slots=True)
class Direction:
    """The mean of the parts that are known, by their weights; 0 and not ``known`` where nothing is."""

    score: int
    known: bool
    parts: tuple[Part, ...]


def teaches(scorer: Scorer, twin: int, host: int) -> Direction:
    """What the twin can learn from the host: its choices and words against what the host covers and says."""
    return _direction(scorer, twin, host, FORTH)


def learns_back(scorer: Scorer, twin: int, host: int) -> Direction:
    """What the host can learn from the twin: its expectations and challenges against what the twin offers."""
    return _direction(scorer, twin, host, BACK)


def _direction(scorer: Scorer, twin: int, host: int, slugs: tuple[str, ...]) -> Direction:
    parts = tuple(part for part in scorer.parts(twin, host) if part.criterion in slugs)
    known = [part for part in parts if part.known and part.weight]
    weight = sum(part.weight for part in known)
    score = sum(part.weight * part.score for part in known) // max(weight, 1)
    return Direction(score, bool(known), parts)
