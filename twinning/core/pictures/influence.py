"""Stakeholders by influence and interest, both rated from 0 to 4. Ratings in, positions out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .objectives import shortened

WIDTH, LEFT, TOP = 760.0, 74.0, 22.0
CELL_WIDTH, CELL_HEIGHT = 76.0, 58.0
STEPS = 5  # ratings 0 to 4
HIGH = 3  # from here on a stakeholder counts as influential
IN_ROW, MOST_IN_CELL = 3, 6
KEY_LEFT, KEY_LINE, KEY_CHARACTERS = 486.0, 17.0, 40


@dataclass(frozen=True, slots=True)
class Stakeholder:
    number: int
    name: str
    influence: int | None  # None: not rated yet
    interest: int | None

    @property
    def is_rated(self) -> bool:
        return self.influence is not None and self.interest is not None


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    text: str  # the number, or how many more stand here


@dataclass(frozen=True, slots=True)
class KeyLine:
    x: float
    y: float
    number: int
    name: str
    is_rated: bool


@dataclass(frozen=True, slots=True)
class InfluencePicture:
    height: float
    columns: tuple[tuple[float, int], ...]  # centre of the column, rating
    rows: tuple[tuple[float, int], ...]
    lines_x: tuple[float, ...]
    lines_y: tuple[float, ...]
    high: tuple[float, float, float, float]  # x, y, width, height of the part of high influence
    dots: tuple[Dot, ...]
    key: tuple[KeyLine, ...]
    stakeholders: tuple[Stakeholder, ...]
    left: float = LEFT
    top: float = TOP
    right: float = LEFT + STEPS * CELL_WIDTH
    bottom: float = TOP + STEPS * CELL_HEIGHT

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH:g} {self.height:g}"


def draw_influence(stakeholders: Sequence[Stakeholder]) -> InfluencePicture | None:
    """Interest to the right, influence upwards, a numbered dot for each stakeholder, a key beside. `None` without any."""
    if not stakeholders:
        return None
    cells: dict[tuple[int, int], list[Stakeholder]] = defaultdict(list)
    for each in stakeholders:
        if each.influence is not None and each.interest is not None:
            cells[each.interest, each.influence].append(each)
    bottom = TOP + STEPS * CELL_HEIGHT
    key = tuple(
        KeyLine(KEY_LEFT, TOP + 10 + KEY_LINE * index, each.number, shortened(each.name, KEY_CHARACTERS), each.is_rated)
        for index, each in enumerate(stakeholders)
    )
    return InfluencePicture(
        height=max(bottom + 40, key[-1].y + 10),
        columns=tuple((LEFT + CELL_WIDTH * (rating + 0.5), rating) for rating in range(STEPS)),
        rows=tuple((bottom - CELL_HEIGHT * (rating + 0.5), rating) for rating in range(STEPS)),
        lines_x=tuple(LEFT + CELL_WIDTH * step for step in range(STEPS + 1)),
        lines_y=tuple(TOP + CELL_HEIGHT * step for step in range(STEPS + 1)),
        high=(LEFT, TOP, CELL_WIDTH * STEPS, CELL_HEIGHT * (STEPS - HIGH)),
        dots=tuple(dot for place, group in sorted(cells.items()) for dot in _dots(place, group)),
        key=key,
        stakeholders=tuple(stakeholders),
    )


def _dots(place: tuple[int, int], group: Sequence[Stakeholder]) -> list[Dot]:
    """The dots of one cell, in rows around its middle; what finds no room is counted by the last dot."""
    texts = [str(each.number) for each in group]
    if len(texts) > MOST_IN_CELL:
        texts = [*texts[: MOST_IN_CELL - 1], f"+{len(texts) - MOST_IN_CELL + 1}"]
    rows = [texts[start : start + IN_ROW] for start in range(0, len(texts), IN_ROW)]
    middle_x = LEFT + CELL_WIDTH * (place[0] + 0.5)
    middle_y = TOP + CELL_HEIGHT * (STEPS - place[1] - 0.5)
    return [
        Dot(
            round(middle_x + 23 * (column - (len(row) - 1) / 2), 1),
            round(middle_y + 24 * (line - (len(rows) - 1) / 2), 1),
            text,
        )
        for line, row in enumerate(rows)
        for column, text in enumerate(row)
    ]
