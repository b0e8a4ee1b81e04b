"""What could be transferred against the conditions it needs at home: a grid of signs. States in, positions out."""

from collections.abc import Sequence
from dataclasses import dataclass

from .objectives import broken, shortened

WIDTH, LEFT = 760.0, 212.0
CELL, ROW, HEAD = 56.0, 46.0, 40.0
CHARACTERS, LINES = 30, 2
VERDICT_CHARACTERS = 14
STATES = ("present", "partly", "missing", "unknown")


@dataclass(frozen=True, slots=True)
class Candidate:
    """`cells`: for each condition its state at home (one of STATES, or empty) and the state in words."""

    number: int
    name: str
    cells: tuple[tuple[str, str], ...]
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    x: float
    y: float
    state: str


@dataclass(frozen=True, slots=True)
class CandidateRow:
    number: int
    y: float
    lines: tuple[tuple[float, str], ...]
    signs: tuple[Sign, ...]
    verdict: str
    verdict_y: float


@dataclass(frozen=True, slots=True)
class ConditionsPicture:
    height: float
    bottom: float
    columns: tuple[tuple[float, float, str], ...]  # x, y, name
    rows: tuple[CandidateRow, ...]
    verdict_x: float
    right: float
    words: tuple[tuple[int, str, tuple[tuple[str, str], ...], str], ...]  # number, name, (condition, state), verdict

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH:g} {self.height:g}"


def draw_conditions(conditions: Sequence[str], candidates: Sequence[Candidate]) -> ConditionsPicture | None:
    """A row for each candidate, a column for each condition. `None` without candidates or conditions."""
    if not candidates or not conditions:
        return None
    cell = min(CELL, (WIDTH - LEFT - 92) / len(conditions))
    centres = [LEFT + cell * (index + 0.5) for index in range(len(conditions))]
    right = LEFT + cell * len(conditions)
    rows = tuple(_row(each, centres, HEAD + ROW * index) for index, each in enumerate(candidates))
    bottom = HEAD + ROW * len(rows)
    return ConditionsPicture(
        height=bottom + 6,
        bottom=bottom,
        # Neighbours stand on two lines: their names are wider than their columns.
        columns=tuple(
            (x, 14.0 + 15 * (n % 2), shortened(name, 20))
            for n, (x, name) in enumerate(zip(centres, conditions, strict=True))
        ),
        rows=rows,
        verdict_x=right + 12,
        right=WIDTH - 4,
        words=tuple(
            (
                each.number,
                each.name,
                tuple((name, words) for name, (_state, words) in zip(conditions, each.cells, strict=True)),
                each.verdict,
            )
            for each in candidates
        ),
    )


def _row(candidate: Candidate, centres: Sequence[float], y: float) -> CandidateRow:
    lines = broken(candidate.name, CHARACTERS, LINES)
    first = ROW / 2 + 4 - (len(lines) - 1) * 15 / 2
    return CandidateRow(
        number=candidate.number,
        y=y,
        lines=tuple((first + 15 * index, line) for index, line in enumerate(lines)),
        signs=tuple(
            Sign(x, ROW / 2, state) for x, (state, _words) in zip(centres, candidate.cells, strict=True) if state
        ),
        verdict=shortened(candidate.verdict, VERDICT_CHARACTERS),
        verdict_y=ROW / 2 + 4,
    )
