"""What a file of notes would do to a session: which rooms and notes are new, which are there, and what does not fit."""

import difflib
import hashlib
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cohorts.models import City, CityName

from ..imports import Fault, ImportedNote, Table, Unreadable, plain, read_notes
from ..models import Board, BoardEvent, Note, Room, Session
from ..states import Topic

IMPORT = "import"  # the act, as boards name it

Place = tuple[int, str]  # round of rooms and room, as they are compared; "" is the surface for all


@dataclass(frozen=True)
class Planned:
    """One note that is not on the board yet, with what its words were found to mean."""

    note: ImportedNote
    place: Place
    city: City | None
    author: int | None  # the guest


@dataclass(frozen=True)
class ImportPlan:
    """What importing would do. Nothing may be written while there are faults."""

    table: Table
    faults: tuple[Fault, ...]
    new: tuple[Planned, ...]
    same: int
    new_rooms: tuple[tuple[int, str], ...]  # round of rooms, theme
    rooms: dict[Place, Room]
    strangers: tuple[str, ...]  # names that are not on the list of people

    @property
    def fingerprint(self) -> str:
        """The same for the same consequences: what was shown is what is written."""
        content = repr(([(each.note, each.place) for each in self.new], self.new_rooms))
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def by_room(self) -> list[tuple[str, int]]:
        """(room, new notes in it), in the order of the file."""
        return list(Counter(each.note.room or _("For all") for each in self.new).items())


def read_file(session: Session, data: bytes) -> Table:
    """The notes of a file as they stand there. Raises `Unreadable`."""
    return read_notes(data, topics=dict(Topic.choices), cities=_spellings(), parts=session.parts)


def plan_of(session: Session, table: Table) -> ImportPlan:
    """Compare a file with the session. Six queries, however many notes."""
    cities = _spellings()
    by_city = City.objects.in_bulk(set(cities.values()))
    guests = {plain(guest.name): guest for guest in session.guests.select_related("city") if guest.name}
    rooms = _rooms(session)
    faults, new, strangers = list(table.faults), [], {}
    standing = _standing(session)
    new_rooms: dict[tuple[int, str], str] = {}
    same = 0
    for note in table.notes:
        city = by_city.get(cities.get(plain(note.city), 0))
        if note.city and city is None:
            faults.append(Fault(note.sheet, note.row, note.columns.get("city", ""), _city_sentence(note.city, by_city)))
            continue
        guest = guests.get(plain(note.author))
        if note.author and guest is None:
            strangers[note.author] = None
        city = city or (guest.city if guest else None)
        place = (note.part, plain(note.room)) if note.room else (0, "")
        key = (
            rooms[place].pk if place in rooms else None if not note.room else place,
            note.text,
            city.pk if city else None,
        )
        if standing[key] > 0:
            standing[key] -= 1
            same += 1
            continue
        if note.room and place not in rooms:
            new_rooms.setdefault(place, note.room)
        new.append(Planned(note, place, city, guest.pk if guest else None))
    return ImportPlan(
        table,
        tuple(sorted(faults, key=lambda fault: (fault.sheet, fault.row))),
        tuple(new),
        same,
        tuple((part, theme) for (part, _name), theme in new_rooms.items()),
        rooms,
        tuple(strangers),
    )


def imports_of(session: Session) -> list[BoardEvent]:
    """Imports into this session's board that were not taken back, the newest first."""
    board = Board.objects.filter(session=session).first()
    return list(BoardEvent.objects.filter(board=board, act=IMPORT, undone=False).order_by("-sequence")) if board else []


def _spellings() -> dict[str, int]:
    """Every spelling of every city -> the city."""
    found = {plain(name): pk for pk, name in CityName.objects.order_by("pk").values_list("city", "name")}
    return found | {plain(name): pk for pk, name in City.objects.order_by("pk").values_list("pk", "name")}


def _rooms(session: Session) -> dict[Place, Room]:
    """Rooms by their theme, and by "room 3" where that is no theme."""
    rooms = list(session.rooms.order_by("part", "position"))
    by_number = {(room.part, plain(_("Room %(number)d") % {"number": room.position})): room for room in rooms}
    return by_number | {(room.part, plain(room.theme)): room for room in rooms if room.theme}


def _standing(session: Session) -> Counter:
    """How often each note is on the board, by room, text and city."""
    notes = Note.objects.filter(board__session=session).standing().order_by("pk")
    return Counter(notes.values_list("room", "text", "city"))


def _city_sentence(word: str, cities: dict[int, City]) -> str:
    near = difflib.get_close_matches(word[:80], [city.name for city in cities.values()], n=1)
    sentence = _("“%(word)s” is no city of the register.") % {"word": word[:60]}
    return f"{sentence} " + (
        _("Did you mean “%(near)s”?") % {"near": near[0]} if near else _("Leave it empty, or add the city first.")
    )


__all__ = ["IMPORT", "ImportPlan", "Unreadable", "imports_of", "plan_of", "read_file"]
