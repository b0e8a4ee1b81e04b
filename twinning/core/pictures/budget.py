"""Money as bars: one for each action, in parts by how sure the money is. Amounts in, positions out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .objectives import broken

WIDTH, LEFT, RIGHT = 760.0, 262.0, 640.0
ROW, TOP = 30.0, 30.0
CHARACTERS, LINES = 38, 2
MOST_ROWS = 16  # of one picture: two of them fill a page, one leaves little of it empty


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the money of an action. `kind`: its place among the kinds of the legend."""

    kind: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Budget:
    """The money of one action; `text` is its sum in words of the reader's language."""

    number: int
    name: str
    parts: tuple[Part, ...]
    text: str

    @property
    def total(self) -> Decimal:
        return sum((part.amount for part in self.parts), Decimal(0))


@dataclass(frozen=True, slots=True)
class Segment:
    x: float
    width: float
    kind: int


@dataclass(frozen=True, slots=True)
class BudgetRow:
    budget: Budget
    y: float
    lines: tuple[tuple[float, str], ...]
    segments: tuple[Segment, ...]
    text_x: float


@dataclass(frozen=True, slots=True)
class BudgetPicture:
    height: float
    rows: tuple[BudgetRow, ...]
    legend: tuple[tuple[float, int, str], ...]  # x, kind, words

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH:g} {self.height:g}"


def draw_budget(budgets: Sequence[Budget], kinds: Sequence[str]) -> list[BudgetPicture]:
    """One picture for each sixteen actions, all on the same scale; `kinds` are the words of the legend. Empty without money."""
    most = max((budget.total for budget in budgets), default=Decimal(0))
    if most <= 0:
        return []
    legend = tuple((LEFT + 124.0 * index, index, kind) for index, kind in enumerate(kinds))
    return [
        BudgetPicture(
            height=TOP + ROW * len(chunk) + 6,
            rows=tuple(_row(budget, most, TOP + ROW * index) for index, budget in enumerate(chunk)),
            legend=legend,
        )
        for chunk in (budgets[start : start + MOST_ROWS] for start in range(0, len(budgets), MOST_ROWS))
    ]


def _row(budget: Budget, most: Decimal, y: float) -> BudgetRow:
    lines = broken(budget.name, CHARACTERS, LINES)
    first = ROW / 2 + 4 - (len(lines) - 1) * 13 / 2
    segments, x = [], LEFT
    for part in budget.parts:
        width = float(part.amount / most) * (RIGHT - LEFT)
        if width > 0:
            segments.append(Segment(round(x, 1), round(width, 1), part.kind))
        x += width
    return BudgetRow(
        budget=budget,
        y=y,
        lines=tuple((first + 13 * index, line) for index, line in enumerate(lines)),
        segments=tuple(segments),
        text_x=round(x + 8, 1),
    )
