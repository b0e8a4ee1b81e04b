"""Rows to notes. Two layouts are understood:

A table with a heading row: one column named "Note", and any of topic, room, round, city, said by, group. The sheets of a workbook are
rooms where no column names them.

A Miro board's CSV, whose layout Miro does not publish: the board's name, then frame by frame the frame's title in a row of its own behind an empty row,
and below it one row for each sticky note, its tags in further columns. Frames are rooms; tags that name a topic or a city are taken for
that, the first other one is a group.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .reading import Row, Sheet, Unreadable, name_of_column, read_sheets

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "text": ("note", "notes", "text", "remark", "sticky note", "sticky notes", "content"),
    "topic": ("topic", "kind", "type", "colour", "color", "tag"),
    "room": ("room", "theme", "frame", "breakout room"),
    "part": ("round", "round of rooms", "part"),
    "city": ("city", "municipality"),
    "author": ("said by", "author", "name", "participant", "person"),
    "group": ("group", "cluster", "group of notes"),
}
MOST_CHARACTERS = {"text": 600, "room": 160, "group": 120}
LOOK_FOR_HEADINGS = 10  # rows


@dataclass(frozen=True)
class ImportedNote:
    """One note of a file. Empty texts say nothing; `part` counts rounds of rooms from 1."""

    sheet: str
    row: int
    text: str
    topic: str = "other"
    room: str = ""
    part: int = 1
    city: str = ""
    author: str = ""
    group: str = ""
    columns: Mapping[str, str] = field(
        default_factory=dict, compare=False
    )  # field -> name of its column, for faults found later


@dataclass(frozen=True)
class Fault:
    """One thing to mend: where, and a sentence that says what to do. `row` 0 is the whole sheet."""

    sheet: str
    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Table:
    """What a file holds. Nothing of it may be written while there are faults."""

    notes: tuple[ImportedNote, ...]
    faults: tuple[Fault, ...]
    layout: str  # "table" or "miro"
    ignored: tuple[str, ...] = ()  # headings of columns that are not understood


def read_notes(data: bytes, *, topics: Mapping[str, str], cities: Iterable[str], parts: int) -> Table:
    """All notes and all faults of a file. `topics`: value -> label; `cities`: every spelling; `parts`: rounds of rooms. Raises `Unreadable`."""
    sheets = [sheet for sheet in read_sheets(data) if any(not row.is_empty for row in sheet.rows)]
    if not sheets:
        raise Unreadable(_("The file holds no text."))
    known = {plain(name): value for value, label in topics.items() for name in (value, str(label))}
    headed = [(sheet, found) for sheet in sheets if (found := _heading_of(sheet))]
    if not headed and len(sheets) == 1 and not sheets[0].title:
        return _read_miro(sheets[0], topics=known, cities={plain(city) for city in cities})
    faults = [
        Fault(sheet.title, 0, "", _("There is no heading row. Call the column with the notes “Note”."))
        for sheet in sheets
        if not any(sheet is each for each, _found in headed)
    ]
    notes: list[ImportedNote] = []
    ignored: list[str] = []
    for sheet, (heading, columns) in headed:
        reader = _SheetReader(
            sheet, heading, columns, topics=known, labels=list(map(str, topics.values())), parts=parts
        )
        reader.is_a_room = len(sheets) > 1 and "room" not in columns
        notes += reader.notes()
        faults += reader.faults
        ignored += [cell for place, cell in enumerate(heading.cells) if cell and place not in columns.values()]
    return Table(tuple(notes), tuple(faults), "table", tuple(dict.fromkeys(ignored)))


def plain(text: str) -> str:
    """For comparing: lower case, without accents and doubled spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).split())


def _heading_of(sheet: Sheet) -> tuple[Row, dict[str, int]] | None:
    """The heading row, and field -> column."""
    for row in [row for row in sheet.rows if not row.is_empty][:LOOK_FOR_HEADINGS]:
        columns: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            for name, words in HEADINGS.items():
                if plain(cell) in words:
                    columns.setdefault(name, place)
        if "text" in columns and (len(columns) > 1 or sum(map(bool, row.cells)) == 1):
            return row, columns
    return None


class _SheetReader:
    """One sheet with a heading row."""

    is_a_room = False

    def __init__(
        self,
        sheet: Sheet,
        heading: Row,
        columns: dict[str, int],
        *,
        topics: dict[str, str],
        labels: list[str],
        parts: int,
    ) -> None:
        self.sheet, self.heading, self.columns = sheet, heading, columns
        self.topics, self.labels, self.parts = topics, labels, parts
        self.names = {name: name_of_column(place) for name, place in columns.items()}
        self.faults: list[Fault] = []

    def notes(self) -> Iterator[ImportedNote]:
        for row in self.sheet.rows:
            if row.number > self.heading.number and not row.is_empty:
                before = len(self.faults)
                note = self._note(row)
                if len(self.faults) == before:
                    yield note

    def _note(self, row: Row) -> ImportedNote:
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in self.columns.items()}
        for name, place in self.columns.items():
            if place in row.formulas:
                self._fault(row, name, _("A formula or its error stands here. Copy the column and paste it as values."))
        if not cells["text"]:
            self._fault(row, "text", _("The note is missing. Write it, or empty the row."))
        for name, most in MOST_CHARACTERS.items():
            if len(cells.get(name, "")) > most:
                sentence = _(
                    "This has %(count)d characters, at most %(most)d fit. Shorten it, or make two notes of it."
                )
                self._fault(row, name, sentence % {"count": len(cells[name]), "most": most})
        return ImportedNote(
            sheet=self.sheet.title,
            row=row.number,
            text=cells["text"],
            topic=self._topic(row, cells.get("topic", "")),
            room=cells.get("room", "") or (self.sheet.title if self.is_a_room else ""),
            part=self._part(row, cells.get("part", "")),
            city=cells.get("city", ""),
            author=cells.get("author", ""),
            group=cells.get("group", ""),
            columns=self.names,
        )

    def _topic(self, row: Row, cell: str) -> str:
        if not cell:
            return "other"
        found = self.topics.get(plain(cell))
        if found is None:
            near = difflib.get_close_matches(cell[:80], self.labels, n=1)
            sentence = _("“%(word)s” is no topic.") % {"word": cell[:40]}
            hint = (
                _("Did you mean “%(near)s”?") % {"near": near[0]}
                if near
                else _("Topics are: %(all)s.") % {"all": ", ".join(self.labels)}
            )
            self._fault(row, "topic", f"{sentence} {hint}")
        return found or "other"

    def _part(self, row: Row, cell: str) -> int:
        if not cell:
            return 1
        if cell.isdecimal() and 1 <= int(cell[:9]) <= self.parts:
            return int(cell)
        sentence = _("“%(word)s” is no round of rooms of this session: it has %(parts)d.")
        self._fault(row, "part", sentence % {"word": cell[:40], "parts": self.parts})
        return 1

    def _fault(self, row: Row, name: str, sentence: str) -> None:
        self.faults.append(Fault(self.sheet.title, row.number, self.names[name], sentence))


def _read_miro(sheet: Sheet, *, topics: dict[str, str], cities: set[str]) -> Table:
    notes: list[ImportedNote] = []
    faults: list[Fault] = []
    frame = ""
    rows = list(sheet.rows)
    for place, row in enumerate(rows):
        if row.is_empty:
            continue
        filled = [(column, cell) for column, cell in enumerate(row.cells) if cell]
        follows_a_gap = place == 0 or rows[place - 1].is_empty
        if follows_a_gap and len(filled) == 1:
            frame = "" if place == 0 else filled[0][1]  # the first is the name of the board
            if len(frame) > MOST_CHARACTERS["room"]:
                faults.append(_too_long(row, filled[0][0], frame, MOST_CHARACTERS["room"]))
            continue
        (column, text), *tags = filled
        if len(text) > MOST_CHARACTERS["text"]:
            faults.append(_too_long(row, column, text, MOST_CHARACTERS["text"]))
            continue
        words = [tag.removeprefix("Tag:").strip() for _column, tag in tags]
        topic = next((topics[plain(word)] for word in words if plain(word) in topics), "other")
        city = next((word for word in words if plain(word) in cities), "")
        others = [word for word in words if plain(word) not in topics and plain(word) not in cities]
        group = others[0][: MOST_CHARACTERS["group"]] if others else ""
        notes.append(ImportedNote("", row.number, text, topic, frame, 1, city, "", group))
    if not notes and not faults:
        faults.append(
            Fault(
                "",
                0,
                "",
                _(
                    "No note was found. Export the board from Miro as “Spreadsheet (CSV)”, or use a table with a column “Note”."
                ),
            )
        )
    return Table(tuple(notes), tuple(faults), "miro")


def _too_long(row: Row, column: int, text: str, most: int) -> Fault:
    sentence = _("This has %(count)d characters, at most %(most)d fit. Shorten it, or make two notes of it.")
    return Fault("", row.number, name_of_column(column), sentence % {"count": len(text), "most": most})
