"""Actions over time: a bar from the first to the last day, a mark for each step. Dates in, positions out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .objectives import broken
from .timeline import Month, Scale, whole_months

WIDTH, LEFT, RIGHT = 760.0, 262.0, 748.0
ROW, TOP = 32.0, 22.0
CHARACTERS, LINES = 38, 2
MOST_ROWS = 16  # of one picture: two of them fill a page, one leaves little of it empty


@dataclass(frozen=True, slots=True)
class Step:
    on: date
    label: str
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    number: int
    name: str
    starts_on: date | None
    ends_on: date | None
    steps: tuple[Step, ...] = ()

    @property
    def days(self) -> list[date]:
        return [day for day in (self.starts_on, self.ends_on, *(step.on for step in self.steps)) if day]


@dataclass(frozen=True, slots=True)
class ActionRow:
    action: Action
    y: float
    lines: tuple[tuple[float, str], ...]
    bar_x: float
    bar_width: float
    marks: tuple[tuple[float, bool], ...]  # x, is done
    has_dates: bool


@dataclass(frozen=True, slots=True)
class GanttPicture:
    height: float
    months: tuple[Month, ...]
    rows: tuple[ActionRow, ...]
    bottom: float
    today_x: float | None
    top: float = TOP
    left: float = LEFT
    right: float = RIGHT

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH:g} {self.height:g}"


def draw_gantt(actions: Sequence[Action], *, today: date | None = None) -> list[GanttPicture]:
    """One picture for each sixteen actions, all on the same scale. Empty where no action has a date."""
    days = [day for action in actions for day in action.days]
    if not days:
        return []
    scale = whole_months(days, left=LEFT, right=RIGHT)
    return [_picture(actions[start : start + MOST_ROWS], scale, today) for start in range(0, len(actions), MOST_ROWS)]


def _picture(actions: Sequence[Action], scale: Scale, today: date | None) -> GanttPicture:
    bottom = TOP + ROW * len(actions)
    return GanttPicture(
        height=bottom + 6,
        months=scale.months(least_width=36),
        rows=tuple(_row(action, scale, TOP + ROW * index) for index, action in enumerate(actions)),
        bottom=bottom,
        today_x=scale.x(today) if today and scale.holds(today) else None,
    )


def _row(action: Action, scale: Scale, y: float) -> ActionRow:
    lines = broken(action.name, CHARACTERS, LINES)
    first = ROW / 2 + 4 - (len(lines) - 1) * 13 / 2
    days = action.days
    start = scale.x(min(days)) if days else scale.left
    return ActionRow(
        action=action,
        y=y,
        lines=tuple((first + 13 * index, line) for index, line in enumerate(lines)),
        bar_x=start,
        bar_width=max(round(scale.x(max(days)) - start, 1), 3.0) if days else 0.0,
        marks=tuple((scale.x(step.on), step.is_done) for step in action.steps),
        has_dates=bool(days),
    )
