"""Putting words beside marks so that they cover neither each other nor a mark. Greedy and deterministic."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]  # left, top, right, bottom

NARROW, WIDE = set("ijlI.,:;'’|()!ftr1 "), set("mwMWÅÆŒ%—@")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word that would like to stand beside the point (x, y)."""

    x: float
    y: float
    text: str
    kind: str = ""  # becomes the class of the text element
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A word with its place: `x`, `y` is the base line at the side that `anchor` names (start, middle, end)."""

    x: float
    y: float
    text: str
    anchor: str
    kind: str = ""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide `text` is, in the unit of `size`; a little more than Noto Sans needs."""
    ems = sum(0.34 if c in NARROW else 0.88 if c in WIDE else 0.66 if c.isupper() else 0.565 for c in text)
    return ems * size * (1.07 if bold else 1.0)


class Grid:
    """Boxes, found again by where they lie. Asking costs what lies nearby, not what lies in the picture."""

    def __init__(self, boxes: Iterable[Box] = (), *, cell: float = 40.0) -> None:
        self.cell = cell
        self.cells: dict[tuple[int, int], list[Box]] = defaultdict(list)
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        for key in self._keys(box):
            self.cells[key].append(box)

    def hits(self, box: Box) -> bool:
        left, top, right, bottom = box
        return any(
            left < b[2] and right > b[0] and top < b[3] and bottom > b[1]
            for key in self._keys(box)
            for b in self.cells.get(key, ())
        )

    def _keys(self, box: Box) -> Iterator[tuple[int, int]]:
        for column in range(int(box[0] // self.cell), int(box[2] // self.cell) + 1):
            for row in range(int(box[1] // self.cell), int(box[3] // self.cell) + 1):
                yield column, row


def place_labels(
    wanted: Sequence[Wanted],
    *,
    size: float,
    frame: Box,
    marks: Iterable[Box],
    lines: Iterable[Box] = (),
    limit: int | None = None,
) -> list[Label]:
    """A place for each word, in the order given, at most `limit` of them.

    The first of 24 places around the point wins that meets no mark, no label and no line; failing that, the first that
    meets no mark and no label (a label has a halo and may cross a line). A word that fits nowhere is left out: the table
    beside the picture has it.
    """
    taken, crossed = Grid(marks), Grid(lines)
    placed: list[Label] = []
    for word in wanted:
        if limit is not None and len(placed) >= limit:
            break
        found = _first_free(word, size, frame, taken, crossed)
        if found:
            label, box = found
            placed.append(label)
            taken.add(box)
    return placed


def _first_free(word: Wanted, size: float, frame: Box, taken: Grid, crossed: Grid) -> tuple[Label, Box] | None:
    second_best = None
    for label, box in _places(word, size):
        if box[0] < frame[0] or box[1] < frame[1] or box[2] > frame[2] or box[3] > frame[3] or taken.hits(box):
            continue
        if not crossed.hits(box):
            return label, box
        second_best = second_best or (label, box)
    return second_best


def _places(word: Wanted, size: float) -> Iterator[tuple[Label, Box]]:
    width, height = text_width(word.text, size, bold=word.bold), size * 1.02
    for step in (0.75, 1.25, 1.9) if word.bold else (0.75, 1.25):
        gap = size * step
        for dx, dy, anchor in (
            (gap, 0, "start"),
            (-gap, 0, "end"),
            (0, -gap - 2, "middle"),
            (0, gap + 3, "middle"),
            (gap * 0.8, -gap, "start"),
            (gap * 0.8, gap, "start"),
            (-gap * 0.8, -gap, "end"),
            (-gap * 0.8, gap, "end"),
        ):
            x, y = word.x + dx, word.y + dy
            left = x if anchor == "start" else x - width if anchor == "end" else x - width / 2
            box = (left, y - height / 2, left + width, y + height / 2)
            yield Label(round(x, 1), round(y + size * 0.34, 1), word.text, anchor, word.kind), box
