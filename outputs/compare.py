"""What changed between two writings of one output: words within texts; rows added, removed, changed, moved.

Plain data in, plain data out. A writing is what people wrote, place by place; `selectors.comparing` makes it from the
content of a draft or version. Rows are matched by their code, never by their position. `apply` proves completeness:
the difference of two writings, applied to the first, gives the second.
"""

import difflib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

# How many pairs of equal words one pass may look at. Above it lines are compared, above it again whole texts: a text of
# twenty thousand characters that repeats one word would otherwise hold a worker for minutes.
MOST_PAIRS = 1_000_000

Named = TypeVar("Named")


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # of rows: the same texts at another position


# --- A writing ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """One text with its label and the name of its place."""

    anchor: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `parent` is the code of the row that it belongs to, "" for none; `label` is its fixed name."""

    code: str
    texts: tuple[Text, ...]
    parent: str = ""
    label: str = ""

    @property
    def name(self) -> str:
        """What to call it: its fixed name, else its first text that says anything."""
        return self.label or next((text.text for text in self.texts if text.text.strip()), "")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in their order. `anchor` is what the anchors of its rows begin with, before their code."""

    anchor: str
    label: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: str
    texts: tuple[Text, ...] = ()
    tables: tuple[Table, ...] = ()


Writing = tuple[Section, ...]


# --- A difference -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: same, added or removed."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class TextChange:
    anchor: str
    label: str
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.change != Change.ADDED)

    @property
    def after(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.change != Change.REMOVED)

    @property
    def change(self) -> Change:
        return Change.ADDED if not self.before else Change.REMOVED if not self.after else Change.CHANGED


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row. Numbers count from 1 among the rows of the same parent; 0 where the row is not there."""

    anchor: str
    code: str
    name: str
    change: Change
    number_before: int
    number_after: int
    parent: str  # where it stands now, or stood
    is_moved: bool = False  # a row can be moved and changed at once
    texts: tuple[TextChange, ...] = ()


@dataclass(frozen=True, slots=True)
class TableChange:
    anchor: str
    label: str
    rows: tuple[RowChange, ...]


@dataclass(frozen=True, slots=True)
class SectionChange:
    slug: str
    title: str
    change: Change  # changed, or added or removed with its section
    texts: tuple[TextChange, ...] = ()
    tables: tuple[TableChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    sections: tuple[SectionChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sections)

    def without(self, slug: str) -> "Difference":
        """The same, but for one section."""
        return Difference(tuple(section for section in self.sections if section.slug != slug))

    def rows(self) -> Iterator[RowChange]:
        for section in self.sections:
            for table in section.tables:
                yield from table.rows

    def texts(self) -> Iterator[TextChange]:
        """Every changed text, those of rows included."""
        for section in self.sections:
            yield from section.texts
        for row in self.rows():
            yield from row.texts


def compare(before: Writing, after: Writing) -> Difference:
    """What has to be done to `before` to get `after`, in the order of `after`; what was removed stands last."""
    old = {section.slug: section for section in before}
    new = {section.slug: section for section in after}
    changes = []
    for section in _both(before, after, key=lambda each: each.slug):
        there, here = old.get(section.slug), new.get(section.slug)
        texts = tuple(_compare_texts(there.texts if there else (), here.texts if here else ()))
        tables = tuple(_compare_tables(there.tables if there else (), here.tables if here else ()))
        change = Change.ADDED if there is None else Change.REMOVED if here is None else Change.CHANGED
        if texts or tables or change != Change.CHANGED:
            changes.append(SectionChange(section.slug, section.title, change, texts, tables))
    return Difference(tuple(changes))


def _both(before: Iterable[Named], after: Iterable[Named], *, key: Callable[[Named], str]) -> list[Named]:
    """Everything of `after`, then what stood in `before` alone."""
    kept = list(after)
    keys = {key(each) for each in kept}
    return kept + [each for each in before if key(each) not in keys]


def _compare_texts(before: Iterable[Text], after: Iterable[Text]) -> Iterator[TextChange]:
    old = {text.anchor: text.text for text in before}
    new = {text.anchor: text.text for text in after}
    for each in _both(before, after, key=lambda text: text.anchor):
        earlier, later = old.get(each.anchor, ""), new.get(each.anchor, "")
        if earlier != later:
            yield TextChange(each.anchor, each.label, word_pieces(earlier, later))


def _compare_tables(before: Iterable[Table], after: Iterable[Table]) -> Iterator[TableChange]:
    old, new = {table.anchor: table for table in before}, {table.anchor: table for table in after}
    for table in _both(before, after, key=lambda each: each.anchor):
        there, here = old.get(table.anchor), new.get(table.anchor)
        rows = tuple(_compare_rows(table.anchor, there.rows if there else (), here.rows if here else ()))
        if rows:
            yield TableChange(table.anchor, table.label, rows)


def _compare_rows(anchor: str, before: tuple[Row, ...], after: tuple[Row, ...]) -> Iterator[RowChange]:
    old, new = {row.code: row for row in before}, {row.code: row for row in after}
    numbers_before, numbers_after = _numbers(before), _numbers(after)
    moved = _moved(before, after)
    for row in _both(before, after, key=lambda each: each.code):
        there, here = old.get(row.code), new.get(row.code)
        texts = tuple(_compare_texts(there.texts if there else (), here.texts if here else ()))
        if there is None:
            change = Change.ADDED
        elif here is None:
            change = Change.REMOVED
        elif texts:
            change = Change.CHANGED
        elif row.code in moved:
            change = Change.MOVED
        else:
            continue
        yield RowChange(
            anchor=f"{anchor}:{row.code}",
            code=row.code,
            name=row.name,
            change=change,
            number_before=numbers_before.get(row.code, 0),
            number_after=numbers_after.get(row.code, 0),
            parent=row.parent,
            is_moved=row.code in moved,
            texts=texts,
        )


def _numbers(rows: Iterable[Row]) -> dict[str, int]:
    """Code -> position among the rows of the same parent, from 1."""
    counted: Counter[str] = Counter()
    numbers = {}
    for row in rows:
        counted[row.parent] += 1
        numbers[row.code] = counted[row.parent]
    return numbers


def _moved(before: Iterable[Row], after: Iterable[Row]) -> set[str]:
    """Codes of the rows that were carried elsewhere: as few as explain the new order. Another parent is elsewhere too."""
    place = {(row.parent, row.code): number for number, row in enumerate(before)}
    known = {row.code for row in before}
    groups: dict[str, list[str]] = {}
    moved = set()
    for row in after:
        if (row.parent, row.code) in place:
            groups.setdefault(row.parent, []).append(row.code)
        elif row.code in known:
            moved.add(row.code)
    for parent, codes in groups.items():
        stayed = _longest_rising([place[parent, code] for code in codes])
        moved |= {code for code in codes if place[parent, code] not in stayed}
    return moved


def _longest_rising(numbers: list[int]) -> set[int]:
    """The members of a longest rising run of `numbers` (all different), not necessarily side by side."""
    ends: list[int] = []  # the smallest end of a rising run of each length
    before: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(ends, number)
        before[number] = ends[length - 1] if length else None
        ends[length : length + 1] = [number]
    run: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        run.add(last)
        last = before[last]
    return run


# --- Words --------------------------------------------------------------------------------------------------------------


def word_pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one row of pieces. Words and the spaces between them are kept, so that both can be rebuilt."""
    old, new = _tokens(before, after)
    pieces = []
    # Spaces as "junk": they follow the words beside them and never hold two different words together.
    matcher = difflib.SequenceMatcher(str.isspace, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece(Change.SAME, "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece(Change.REMOVED, "".join(old[a:b])))
        if d > c:
            pieces.append(Piece(Change.ADDED, "".join(new[c:d])))
    return tuple(pieces)


def _tokens(before: str, after: str) -> tuple[list[str], list[str]]:
    """Both texts in parts: words, spaces and signs where that is quick, else lines, else whole."""
    for pattern in (r"\s+|\w+(?:[^\w\s]\w+)*|[^\w\s]", r"[^\n]*\n|[^\n]+"):
        old, new = re.findall(pattern, before), re.findall(pattern, after)
        counted = Counter(new)
        if sum(counted[token] for token in old if not token.isspace()) <= MOST_PAIRS:
            return old, new
    return [before] if before else [], [after] if after else []


# --- Applying -----------------------------------------------------------------------------------------------------------


def apply(difference: Difference, before: Writing) -> dict[str, str | list[str]]:
    """What `before` becomes, in the shape of `flat`. Says of the difference that it leaves nothing out."""
    state = flat(before)
    for change in difference.texts():
        if change.after:
            state[change.anchor] = change.after
        else:
            state.pop(change.anchor, None)
    for section in difference.sections:
        for table in section.tables:
            _arrange(state, table)
    return state


def flat(writing: Writing) -> dict[str, str | list[str]]:
    """Anchor -> text of every text that is not empty; "<table> <parent>" -> the codes of its rows in their order."""
    state: dict[str, str | list[str]] = {}
    for section in writing:
        texts = [*section.texts, *(text for table in section.tables for row in table.rows for text in row.texts)]
        state |= {text.anchor: text.text for text in texts if text.text}
        for table in section.tables:
            for row in table.rows:
                codes = state.setdefault(f"{table.anchor} {row.parent}", [])
                assert isinstance(codes, list)
                codes.append(row.code)
    return state


def _arrange(state: dict[str, str | list[str]], table: TableChange) -> None:
    """Take out the rows that left or were carried elsewhere, then put each where it stands now, the first first."""
    carried = [row for row in table.rows if row.is_moved or row.change in (Change.ADDED, Change.REMOVED)]
    gone = {row.code for row in carried}
    orders = {
        key: codes for key, codes in state.items() if isinstance(codes, list) and key.startswith(table.anchor + " ")
    }
    for key, codes in orders.items():
        state[key] = [code for code in codes if code not in gone]
    for row in sorted(carried, key=lambda each: each.number_after):
        if row.number_after:
            order = state.setdefault(f"{table.anchor} {row.parent}", [])
            assert isinstance(order, list)
            order.insert(row.number_after - 1, row.code)
    for key in orders:
        if not state[key]:
            del state[key]
