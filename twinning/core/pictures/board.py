"""The notes of a board as cards, for paper: in groups, each card with its whole text. Notes in, positions out.

On the board itself notes lie where people put them, too small for paper. Here they stand in the order in which they lie
there, from the top left, as large as they have to be.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .labels import text_width

WIDTH, COLUMNS, GAP, PAD = 760.0, 3, 10.0, 9.0
SIZE, LINE, HEAD = 11.0, 14.5, 16.0
FRAME_HEAD, FRAME_PAD = 24.0, 8.0
TALLEST = 980.0  # fits on a page under its name
CARD = (WIDTH - 2 * FRAME_PAD - (COLUMNS - 1) * GAP) / COLUMNS


@dataclass(frozen=True, slots=True)
class Note:
    """`topic` is the code that colours the card, `label` its word; `foot` says votes and connections."""

    number: int
    topic: str
    label: str
    text: str
    city: str = ""
    foot: str = ""
    group: str = ""

    @property
    def fill(self) -> str:
        return COLOURS.get(self.topic, COLOURS["other"])[0]

    @property
    def ink(self) -> str:
        return COLOURS.get(self.topic, COLOURS["other"])[1]


# Paper and ink of each topic, light, as in static/css/tokens.css: documents read no tokens.
COLOURS = {
    "challenge": ("#fde5df", "#9a2f17"),
    "success": ("#dff1dc", "#256327"),
    "failure": ("#ece3e3", "#6d3d45"),
    "question": ("#e4e8fb", "#3a49a8"),
    "method": ("#d9eef2", "#0b5a66"),
    "condition": ("#f5ecc9", "#6b5600"),
    "next": ("#f0e3f7", "#6f2f9c"),
    "other": ("#e6ecea", "#44575d"),
}


@dataclass(frozen=True, slots=True)
class Card:
    x: float
    y: float
    height: float
    note: Note
    lines: tuple[tuple[float, str], ...]  # base line from the card's top, text
    foot: str
    foot_y: float

    @property
    def head(self) -> str:
        return f"{self.note.number}  {self.note.label}"


@dataclass(frozen=True, slots=True)
class Frame:
    """Around a group, or the part of it on this picture; without a name around what is in no group."""

    y: float
    height: float
    name: str

    @property
    def label_y(self) -> float:
        return self.y + 16


@dataclass(frozen=True, slots=True)
class BoardPicture:
    height: float
    frames: tuple[Frame, ...]
    cards: tuple[Card, ...]

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH:g} {self.height:g}"


def draw_board(notes: Sequence[Note]) -> list[BoardPicture]:
    """Pictures of at most a page each, in the order of the notes: named groups first, then the rest. Empty for no notes."""
    names = list(dict.fromkeys(note.group for note in notes))
    pictures: list[BoardPicture] = []
    frames: list[Frame] = []
    cards: list[Card] = []
    y = 0.0
    for name in sorted(names, key=lambda each: (not each, names.index(each))):
        inside = [note for note in notes if note.group == name]
        top: float | None = None  # of the frame that is open
        for row in _rows(inside):
            height = max(_height(note) for note in row)
            if cards and y + height + (FRAME_HEAD if top is None else 0) + FRAME_PAD > TALLEST:
                if top is not None:
                    frames.append(Frame(top, y - GAP + FRAME_PAD - top, name))
                pictures.append(_picture(frames, cards))
                frames, cards, y, top = [], [], 0.0, None
            if top is None:
                top, y = y, y + FRAME_HEAD
            cards += [_card(note, FRAME_PAD + place * (CARD + GAP), y, height) for place, note in enumerate(row)]
            y += height + GAP
        if top is not None:
            frames.append(Frame(top, y - GAP + FRAME_PAD - top, name))
            y += FRAME_PAD + GAP
    if cards:
        pictures.append(_picture(frames, cards))
    return pictures


def _rows(notes: Sequence[Note]) -> Iterator[Sequence[Note]]:
    for start in range(0, len(notes), COLUMNS):
        yield notes[start : start + COLUMNS]


def _picture(frames: Iterable[Frame], cards: Iterable[Card]) -> BoardPicture:
    frames = tuple(frames)
    return BoardPicture(max(frame.y + frame.height for frame in frames) + 1, frames, tuple(cards))


def _height(note: Note) -> float:
    return PAD + HEAD + LINE * (len(_broken(note.text)) + bool(_foot(note))) + PAD - 2


def _foot(note: Note) -> str:
    return " · ".join(words for words in (note.city, note.foot) if words)


def _card(note: Note, x: float, y: float, height: float) -> Card:
    lines = _broken(note.text)
    first = PAD + HEAD + SIZE
    return Card(
        x=round(x, 1),
        y=round(y, 1),
        height=round(height, 1),
        note=note,
        lines=tuple((round(first + LINE * place, 1), line) for place, line in enumerate(lines)),
        foot=_foot(note),
        foot_y=round(height - PAD, 1),
    )


def _broken(text: str) -> list[str]:
    """The whole text in lines that fit a card; a word longer than a line is cut."""
    most = CARD - 2 * PAD
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, most):
            longer = f"{lines[-1]} {piece}".strip()
            if text_width(longer, SIZE) <= most:
                lines[-1] = longer
            else:
                lines.append(piece)
    return lines


def _pieces(word: str, most: float) -> Iterator[str]:
    while word:
        count = len(word)
        while count > 1 and text_width(word[:count], SIZE) > most:
            count -= 1
        yield word[:count]
        word = word[count:]
