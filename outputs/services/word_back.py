"""An edited Word file taken back into the draft: first a preview of every difference, then what the writer chose of it.

Three texts are weighed for each place: what the file was made with (known by its mark), what stands in the file, and what
stands in the draft now. Only what was edited in the file is a change; where the draft has moved on too, both are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..compare import Piece, word_pieces
from ..formats.word import FIXED, mark_of, mark_of_row
from ..formats.word_back import GoneRow, NewRow, WordContent, Written
from ..kinds import Column, Table
from ..kinds.values import text_of, value_of
from ..models import Output
from ..selectors.places import PERMISSIONS, TWIN_WRITES, Draft, Place, normal_text
from ..selectors.rows import title_of, value_in
from .drafting import lock_writable, save_place
from .rows import add_row, remove_row

NEW, GONE = "new", "gone"
MOST_CHANGES = 400


@dataclass(frozen=True)
class ChangeRead:
    """One difference. `fault` says why it cannot be taken over. A place of a new row is named "new:table:parent", one of a
    row that was deleted "gone:table:code"; its `before` is the mark of what the row says now."""

    place: str
    title: str  # of the row, or empty for prose
    label: str
    before: str  # what stands in the draft now, as it is stored
    after: str  # what the file says, as it would be stored
    pieces: tuple[Piece, ...]
    is_conflict: bool = False  # the draft was changed too since the file was made
    fault: str = ""
    cells: tuple[tuple[str, str], ...] = ()  # of a new row: (column, text)

    @property
    def packed(self) -> list:
        """What is sent through the form of the preview, to be applied exactly as it was shown."""
        return [self.place, self.before, self.after, list(self.cells)]


def changes_in(output: Output, content: WordContent) -> list[ChangeRead]:
    """What the file would change in the draft. Raises `Refused` where the file belongs to another output."""
    if content.output != output.code:
        raise Refused(_("This file was made of another output. Open that output and send the file there."))
    draft = Draft(output)
    changes = [change for written in content.written if (change := _change(draft, written))]
    changes += [change for row in content.new_rows if (change := _new_row(draft, row))]
    changes += [change for row in content.gone_rows if (change := _gone_row(draft, row))]
    if len(changes) > MOST_CHANGES:
        raise Refused(_("The file changes more than %(most)d places. Send it in parts.") % {"most": MOST_CHANGES})
    return changes


def _change(draft: Draft, written: Written) -> ChangeRead | None:
    text = normal_text(written.text)
    if mark_of(text) == written.mark:
        return None
    place = draft.find(written.place)
    if place is None:
        label = _("A row that is no longer there")
        return ChangeRead(
            written.place, "", label, "", text, word_pieces("", text), fault=_("It was removed meanwhile.")
        )
    if place.permission != TWIN_WRITES or place.control in FIXED:
        return None
    now_in_words = _in_words(place.choices, place.value)
    after, fault = _stored(place, text)
    if not fault and after == place.value:
        return None
    return ChangeRead(
        place=place.name,
        title=str(place.row) if place.row is not None else "",
        label=str(place.label),
        before=place.value,
        after=after,
        pieces=word_pieces(now_in_words, _in_words(place.choices, after)),
        is_conflict=not fault and mark_of(now_in_words) != written.mark,
        fault=fault,
    )


def _in_words(choices: Sequence[tuple[str, Any]], value: str) -> str:
    return str(dict(choices).get(value, value)) if value else ""


def _stored(place: Place, text: str) -> tuple[str, str]:
    """(the text as it is stored, what is wrong with it)."""
    if place.column is None:
        return text, ""
    return _stored_in(place.column, text, place.choices)


def _stored_in(column: Column, text: str, choices: Sequence[tuple[str, Any]]) -> tuple[str, str]:
    if column.control in ("choice", "scale"):
        codes = {str(words).casefold(): code for code, words in choices} | {
            code.casefold(): code for code, _w in choices
        }
        if not text:
            return ("", _("Choose one of the options.")) if column.is_always_set else ("", "")
        code = codes.get(text.casefold())
        return (code, "") if code is not None else (text, _("Choose one of the options."))
    try:
        return text_of(column, value_of(column, text)), ""
    except ValueError as error:
        return text, str(error)


def _new_row(draft: Draft, row: NewRow) -> ChangeRead | None:
    spec = draft.output.form.table(row.table)
    if spec is None or spec.has_keys:
        return None
    cells, faults = [], []
    for column, text in zip(spec.columns, row.cells, strict=False):
        if not text or column.control in FIXED:
            continue
        scale = tuple((str(step), str(step)) for step in range(5))
        value, fault = _stored_in(column, normal_text(text), scale if column.control == "scale" else column.choices)
        cells.append((column.slug, value))
        if fault:
            faults.append(f"{column.label}: {fault}")
    if not cells:
        return None
    if spec.parent and draft.row(draft.output.form.table(spec.parent), row.parent) is None:
        faults.append(_("The row that this belongs to was removed meanwhile."))
    words = "; ".join(text for text in row.cells if text)
    return ChangeRead(
        place=f"{NEW}:{spec.slug}:{row.parent}",
        title=str(spec.label),
        label=_("New row"),
        before="",
        after=words,
        pieces=word_pieces("", words),
        fault=" ".join(faults),
        cells=tuple(cells),
    )


def _gone_row(draft: Draft, gone: GoneRow) -> ChangeRead | None:
    """A row that was deleted in the file and still stands in the draft."""
    spec, row = _row_at(draft, gone.place)
    if spec is None or row is None:
        return None
    words = _row_in_words(spec, row)
    mark = mark_of_row(spec, _values(spec, row))
    return ChangeRead(
        place=f"{GONE}:{spec.slug}:{row.code}",
        title=title_of(spec, row) or str(spec.one),
        label=_("Remove this row"),
        before=mark,
        after="",
        pieces=word_pieces(words, ""),
        is_conflict=mark != gone.mark,
    )


def _row_at(draft: Draft, place: str) -> tuple[Table | None, Any]:
    """The table and the row of a place like "row:steps:7K2M4XBC", where the twin's side may remove it."""
    prefix, _colon, code = place.rpartition(":")
    spec = next((table for table in draft.output.form.tables if table.prefix == prefix), None)
    if spec is None or spec.has_keys or PERMISSIONS[spec.writer] != TWIN_WRITES:
        return None, None
    return spec, draft.row(spec, code)


def _values(spec: Table, row: Any) -> dict[str, str]:
    return {column.slug: value_in(row, column) for column in spec.columns}


def _row_in_words(spec: Table, row: Any) -> str:
    values = _values(spec, row)
    words = (_in_words(column.choices, values[column.slug]) for column in spec.columns if column.control not in FIXED)
    return "; ".join(text for text in words if text)


@transaction.atomic
def apply_changes(output: Output, packed: Sequence[list], *, by, now: datetime) -> int:
    """Write the chosen changes into the draft, all or none; returns how many. Also journals it. Raises `Refused` where the
    draft was changed since the preview was shown."""
    output = lock_writable(output)
    for place, before, after, cells in packed:
        if place.startswith(f"{NEW}:"):
            _slug, table, parent = place.split(":")
            _add(output, table, parent, dict(cells), by=by, now=now)
            continue
        if place.startswith(f"{GONE}:"):
            _remove(output, place, before, by=by, now=now)
            continue
        try:
            save_place(output, place, text=after, base=before, by=by, now=now)
        except LookupError:
            raise Refused(_("A row was removed meanwhile. Send the file again.")) from None
    if packed:
        record(output, "outputs.output.read_back", by=by, at=now, data={"count": len(packed)})
    return len(packed)


def _add(output: Output, table: str, parent: str, cells: dict[str, str], *, by, now: datetime) -> None:
    spec = output.form.table(table)
    above: Table | None = output.form.table(spec.parent) if spec and spec.parent else None
    row = Draft(output).row(above, parent) if above else None
    if spec is None or spec.has_keys or (above and row is None):
        raise Refused(_("A row was removed meanwhile. Send the file again."))
    add_row(output, spec, by=by, now=now, parent=row, values=cells)


def _remove(output: Output, place: str, mark: str, *, by, now: datetime) -> None:
    _slug, table, code = place.split(":")
    spec = output.form.table(table)
    row = Draft(output).row(spec, code) if spec else None
    if row is None:
        return  # somebody has removed it meanwhile
    if mark_of_row(spec, _values(spec, row)) != mark:
        raise Refused(_("A row was changed meanwhile. Send the file again."))
    remove_row(output, row, by=by, now=now)
