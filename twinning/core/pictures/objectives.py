"""The objectives of a roadmap as a picture: one row each, and what answers it when. Dates in, positions out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .labels import text_width
from .timeline import GAP, LINE, Month, Scale, whole_months

WIDTH, LEFT, RIGHT = 760.0, 262.0, 748.0  # on an A4 page letters of 12 come out at 7.5 points
ROW = 54.0
CHARACTERS = 35  # of a question on one line
LINES = 3


@dataclass(frozen=True, slots=True)
class Objective:
    """One learning objective: the question, and when which activity is to answer it."""

    number: int
    question: str
    starts_on: date | None = None
    on: date | None = None  # the activity that answers it; None: no date yet
    activity: str = ""
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class Occasion:
    """A visit or session that the objectives lead to; a line through all rows."""

    on: date
    label: str


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    number: int
    y: float
    lines: tuple[str, ...]
    question: str
    bar_x: float
    bar_width: float
    mark_x: float | None
    activity: str
    activity_x: float
    anchor: str
    is_answered: bool
    on: date | None

    @property
    def first_line_y(self) -> float:
        """The base line of the first line of the question, below the top of the row; the lines stand in its middle."""
        return ROW / 2 + 4 - (len(self.lines) - 1) * LINE / 2

    @property
    def placed_lines(self) -> list[tuple[float, str]]:
        return [(self.first_line_y + LINE * index, line) for index, line in enumerate(self.lines)]


@dataclass(frozen=True, slots=True)
class PlacedOccasion:
    x: float
    label: str
    label_x: float
    label_y: float
    anchor: str
    on: date


@dataclass(frozen=True, slots=True)
class ObjectivesPicture:
    height: float
    top: float
    bottom: float
    left: float
    right: float
    months: tuple[Month, ...]
    rows: tuple[ObjectiveRow, ...]
    occasions: tuple[PlacedOccasion, ...]

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH:g} {self.height:g}"


def draw_objectives(
    objectives: Sequence[Objective], occasions: Sequence[Occasion], *, starts_on: date, ends_on: date
) -> ObjectivesPicture | None:
    """One row for each objective between the first and the last day of the programme. `None` where there is none."""
    if not objectives:
        return None
    days = [starts_on, ends_on, *(o.on for o in objectives if o.on), *(o.on for o in occasions)]
    scale = whole_months(days, left=LEFT, right=RIGHT)
    placed_occasions, rows_of_names = _occasions(occasions, scale)
    top = 30.0 + rows_of_names * LINE
    rows = tuple(_objective_row(each, scale, top + ROW * index) for index, each in enumerate(objectives))
    bottom = top + ROW * len(rows)
    return ObjectivesPicture(
        height=bottom + 6,
        top=top,
        bottom=bottom,
        left=scale.left,
        right=scale.right,
        months=scale.months(least_width=36),
        rows=rows,
        occasions=placed_occasions,
    )


def _occasions(occasions: Sequence[Occasion], scale: Scale) -> tuple[tuple[PlacedOccasion, ...], int]:
    ordered = sorted(occasions, key=lambda occasion: (occasion.on, occasion.label))
    taken: list[list[tuple[float, float]]] = []
    placed = []
    for occasion in ordered:
        x, width = scale.x(occasion.on), text_width(occasion.label, 11)
        left = min(max(x - width / 2, 4.0), WIDTH - 4 - width)
        row = next(
            (n for n, spans in enumerate(taken) if all(left + width + GAP <= a or left - GAP >= b for a, b in spans)),
            None,
        )
        if row is None:
            taken.append([])
            row = len(taken) - 1
        taken[row].append((left, left + width))
        placed.append(PlacedOccasion(x, occasion.label, round(left, 1), 30.0 + row * LINE, "start", occasion.on))
    return tuple(placed), len(taken)


def _objective_row(objective: Objective, scale: Scale, y: float) -> ObjectiveRow:
    start = scale.x(objective.starts_on) if objective.starts_on else scale.left
    end = scale.x(objective.on) if objective.on else None
    near_the_edge = end is not None and end + 12 + text_width(shortened(objective.activity, 34), 11) > WIDTH - 4
    return ObjectiveRow(
        number=objective.number,
        y=y,
        lines=broken(objective.question, CHARACTERS, LINES),
        question=objective.question,
        bar_x=min(start, end) if end is not None else start,
        bar_width=round(abs(end - start), 1) if end is not None else 0.0,
        mark_x=end,
        activity=shortened(objective.activity, 34),
        activity_x=scale.left + 8 if end is None else end - 12 if near_the_edge else end + 12,
        anchor="end" if near_the_edge else "start",
        is_answered=objective.is_answered,
        on=objective.on,
    )


def broken(text: str, characters: int, most_lines: int) -> tuple[str, ...]:
    """The text broken into at most so many lines; an ellipsis says that it goes on."""
    words, lines = text.split(), [""]
    for index, word in enumerate(words):
        if len(lines[-1]) + len(word) + 1 <= characters or not lines[-1]:
            lines[-1] = f"{lines[-1]} {word}".strip()
        elif len(lines) < most_lines:
            lines.append(word)
        else:
            lines[-1] = shortened(f"{lines[-1]} {' '.join(words[index:])}", characters)
            break
    return tuple(shortened(line, characters) for line in lines)


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip(" ,;:") + "…"
