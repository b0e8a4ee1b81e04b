"""Whose notes reached the insights: cities against rooms. A ring for notes, filled as far as they reached. Counts in, positions out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from .objectives import shortened

WIDTH, LEFT, RIGHT = 760.0, 168.0, 112.0
ROW, HEAD = 24.0, 26.0
ROWS = 36  # on one picture: what a page holds
SMALLEST, LARGEST = 3.5, 10.5
NAME_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class City:
    """`cells`: for each column notes and how many of them reached an insight."""

    name: str
    cells: tuple[tuple[int, int], ...]
    words: str  # "3 of 5 notes", at the end of the row

    @property
    def is_unheard(self) -> bool:
        return not any(reached for _notes, reached in self.cells)


@dataclass(frozen=True, slots=True)
class Ring:
    x: float
    radius: float
    inner: float  # 0 where nothing reached


@dataclass(frozen=True, slots=True)
class CityRow:
    y: float
    name: str
    rings: tuple[Ring, ...]
    words: str
    is_unheard: bool


@dataclass(frozen=True, slots=True)
class CoveragePicture:
    height: float
    columns: tuple[tuple[float, int], ...]  # x, number of the column
    rows: tuple[CityRow, ...]

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH:g} {self.height:g}"


def draw_coverage(columns: int, cities: Sequence[City]) -> list[CoveragePicture]:
    """Pictures of at most a page each; areas are to one scale over all of them. Empty without cities or columns."""
    if not columns or not cities:
        return []
    step = (WIDTH - LEFT - RIGHT) / columns
    centres = [round(LEFT + step * (place + 0.5), 1) for place in range(columns)]
    most = max((notes for city in cities for notes, _reached in city.cells), default=0)
    largest = min(LARGEST, step / 2 - 1)
    pictures = []
    for start in range(0, len(cities), ROWS):
        part = cities[start : start + ROWS]
        rows = tuple(_row(city, centres, HEAD + ROW * place, most, largest) for place, city in enumerate(part))
        pictures.append(
            CoveragePicture(HEAD + ROW * len(rows) + 2, tuple(zip(centres, range(1, columns + 1), strict=True)), rows)
        )
    return pictures


def _row(city: City, centres: Sequence[float], y: float, most: int, largest: float) -> CityRow:
    rings = []
    for x, (notes, reached) in zip(centres, city.cells, strict=True):
        if notes:
            radius = max(SMALLEST, largest * sqrt(notes / most))
            rings.append(Ring(x, round(radius, 2), round(radius * sqrt(reached / notes), 2)))
    return CityRow(round(y, 1), shortened(city.name, NAME_CHARACTERS), tuple(rings), city.words, city.is_unheard)
