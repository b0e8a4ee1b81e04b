"""The calendar of a cohort as a picture: modules, events, deadlines. Dates in, positions out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .labels import text_width

WIDTH, LEFT, RIGHT = 1260.0, 74.0, 1250.0
TOP = 34.0  # where the month lines begin
LABEL_SIZE = 12.0
LINE = 15.0  # height of one row of labels
GAP = 7.0  # at least so far apart
MOST_ROWS = 3  # of labels, above and below a lane


@dataclass(frozen=True, slots=True)
class Module:
    label: str
    starts_on: date
    ends_on: date  # the last day


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a day. `kind`: event, visit, deadline or milestone. `done` where it is held or handed in."""

    on: date
    label: str
    kind: str = "event"
    done: bool = False
    title: str = ""  # the whole name where the label is short
    url: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    x: float
    label_x: float
    starts_on: date
    is_named: bool
    has_year: bool


@dataclass(frozen=True, slots=True)
class Band:
    x: float
    width: float
    label: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class PlacedMark:
    x: float
    y: float
    label: str  # empty where no room was left; the list beside the picture has it
    label_x: float
    label_y: float
    anchor: str
    leader: str  # path from the mark to a label that stands further off
    kind: str
    done: bool
    is_past: bool
    title: str
    url: str
    on: date


@dataclass(frozen=True, slots=True)
class Lane:
    kind: str  # events or deadlines
    y: float  # where its marks stand
    marks: tuple[PlacedMark, ...]


@dataclass(frozen=True, slots=True)
class TimelinePicture:
    height: float
    bottom: float  # where the month lines end
    months: tuple[Month, ...]
    end_x: float
    bands: tuple[Band, ...]
    lanes: tuple[Lane, ...]
    today_x: float | None
    today_tag_x: float | None

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH:g} {self.height:g}"


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to units: whole months between two edges."""

    first: date
    last: date  # the day after the last month
    left: float = LEFT
    right: float = RIGHT

    def x(self, day: date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        return round(self.left + (self.right - self.left) * min(max(share, 0.0), 1.0), 1)

    def holds(self, day: date) -> bool:
        return self.first <= day < self.last

    def months(self, *, least_width: float = 42.0) -> tuple[Month, ...]:
        """Every month with its line; named where there is room, with the year at the first and at each January."""
        starts = [self.first]
        while (following := _next_month(starts[-1])) < self.last:
            starts.append(following)
        step = 1
        while (self.right - self.left) / len(starts) * step < least_width:
            step = next(wider for wider in (2, 3, 6, 12, 24, 60, 120, 10_000) if wider > step)
        return tuple(
            Month(
                x=self.x(start),
                label_x=round((self.x(start) + self.x(_next_month(start))) / 2, 1),
                starts_on=start,
                is_named=_month_number(start) % step == _month_number(self.first) % step,
                has_year=start == self.first or start.month == 1,
            )
            for start in starts
        )


def whole_months(days: Iterable[date], *, left: float = LEFT, right: float = RIGHT) -> Scale:
    """The scale from the first of the first month to the end of the last one."""
    days = list(days)
    return Scale(min(days).replace(day=1), _next_month(max(days)), left, right)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month


def draw_timeline(
    modules: Sequence[Module], events: Sequence[Mark], deadlines: Sequence[Mark], *, today: date | None = None
) -> TimelinePicture | None:
    """The calendar of a cohort in three lanes: modules, events, deadlines. `None` where there is no date at all."""
    days = [day for module in modules for day in (module.starts_on, module.ends_on)]
    days += [mark.on for mark in (*events, *deadlines)]
    if not days:
        return None
    scale = whole_months(days)
    top, lanes = TOP + 34.0, []
    for kind, marks in (("events", events), ("deadlines", deadlines)):
        if marks:
            lane, top = _lane(kind, marks, scale, top, today)
            lanes.append(lane)
    bottom = round(top + 12, 1)
    today_x = scale.x(today) if today and scale.holds(today) else None
    return TimelinePicture(
        height=bottom + (26 if today_x is not None else 4),
        bottom=bottom,
        months=scale.months(),
        end_x=scale.right,
        bands=tuple(_band(module, scale, today) for module in modules),
        lanes=tuple(lanes),
        today_x=today_x,
        today_tag_x=None if today_x is None else min(max(today_x, LEFT + 46), WIDTH - 48),
    )


def _band(module: Module, scale: Scale, today: date | None) -> Band:
    x, end = scale.x(module.starts_on), scale.x(module.ends_on + timedelta(days=1))
    is_now = today is not None and module.starts_on <= today <= module.ends_on
    room = end - x - 20
    label = module.label if text_width(module.label, LABEL_SIZE, bold=True) <= room else ""
    return Band(round(x + 1, 1), round(max(end - x - 2, 1), 1), label, is_now)


def _lane(kind: str, marks: Sequence[Mark], scale: Scale, top: float, today: date | None) -> tuple[Lane, float]:
    """The lane with its labels, and where the next lane may begin."""
    ordered = sorted(marks, key=lambda mark: (mark.on, mark.label))
    rows = _rows_for(ordered, scale, today)
    above = max((-row for _x, _anchor, row in rows if row < 0), default=0)
    below = max((row for _x, _anchor, row in rows if row > 0), default=0)
    y = top + 20 + above * LINE
    placed = tuple(_placed(mark, place, scale, y, today) for mark, place in zip(ordered, rows, strict=True))
    return Lane(kind, y, placed), y + 16 + below * LINE


def _rows_for(marks: Sequence[Mark], scale: Scale, today: date | None) -> list[tuple[float, str, int]]:
    """For each mark where its label starts from, its anchor and its row: 1, 2, 3 below, -1, -2, -3 above, 0 for none."""
    rows = [row for step in range(1, MOST_ROWS + 1) for row in (step, -step)]
    taken: dict[int, list[tuple[float, float]]] = {row: [] for row in rows}
    line = [(scale.x(today) - 1, scale.x(today) + 1)] if today and scale.holds(today) else []
    return [
        _row_for(mark, scale, rows, taken, line)
        or _row_for(mark, scale, rows, taken, [])
        or (scale.x(mark.on), "middle", 0)
        for mark in marks
    ]


def _row_for(
    mark: Mark,
    scale: Scale,
    rows: Sequence[int],
    taken: dict[int, list[tuple[float, float]]],
    line: list[tuple[float, float]],
) -> tuple[float, str, int] | None:
    """The nearest row with room; takes the room. `line` is where today's line runs through every row."""
    x, width = scale.x(mark.on), text_width(mark.label, LABEL_SIZE)
    for row in rows:
        # A leader runs from a far label to its mark, so rows nearer to the lane must leave its column free.
        nearer = [inner if row > 0 else -inner for inner in range(1, abs(row))]
        spot = _spot(x, width, [*taken[row], *line], scale)
        if spot and not any(a - 3 < x < b + 3 for inner in nearer for a, b in taken[inner]):
            label_x, anchor, span = spot
            taken[row].append(span)
            for inner in nearer:
                taken[inner].append((x - 1, x + 1))
            return label_x, anchor, row
    return None


def _spot(
    x: float, width: float, taken: Sequence[tuple[float, float]], scale: Scale
) -> tuple[float, str, tuple[float, float]] | None:
    """Under the mark; else towards its right or its left, inside the picture."""
    tried = [(x, "middle", x - width / 2)]
    for shift in (-7, 5):  # begins a little before the mark, else a little behind it; the same towards the left
        tried += [(x + shift, "start", x + shift), (x - shift, "end", x - shift - width)]
    for label_x, anchor, left in tried:
        right = left + width
        if left < scale.left - 6 or right > WIDTH - 2:
            continue
        if all(right + GAP <= a or left - GAP >= b for a, b in taken):
            return round(label_x, 1), anchor, (left, right)
    return None


def _placed(mark: Mark, place: tuple[float, str, int], scale: Scale, y: float, today: date | None) -> PlacedMark:
    label_x, anchor, row = place
    x = scale.x(mark.on)
    label_y = y + 11 + abs(row) * LINE if row > 0 else y - 17 - (abs(row) - 1) * LINE  # clear of the flags
    leader = ""
    if abs(row) > 1:
        end = label_y - 11 if row > 0 else label_y + 3
        leader = f"M{x:g} {y + (10 if row > 0 else -10):g}V{end:g}"
    return PlacedMark(
        x=x,
        y=y,
        label=mark.label if row else "",
        label_x=label_x,
        label_y=round(label_y, 1),
        anchor=anchor,
        leader=leader,
        kind=mark.kind,
        done=mark.done,
        is_past=today is not None and mark.on < today,
        title=mark.title or mark.label,
        url=mark.url,
        on=mark.on,
    )
