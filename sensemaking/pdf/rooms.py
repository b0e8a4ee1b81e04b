"""The list of rooms on paper: for the door of each room, and for whoever asks where they sit."""

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from outputs.pdf.render import render_pdf

from ..models import Session
from ..selectors.rooms import RoomRow, rooms_of


def rooms_html(session: Session) -> str:
    """Every room with its people, and everybody in the order of their cities with their rooms."""
    language = translation.get_language()
    parts = rooms_of(session)
    context = {
        "session": session,
        "parts": parts,
        "people": _by_person(parts),
        "document_language": language,
        "LANGUAGE_CODE": language,
        "running_title": f"{_('Rooms')} · {session.title}",
    }
    return render_to_string("sensemaking/pdf/rooms.html", context)


def render_rooms(session: Session) -> bytes:
    """A PDF/UA-1 file. Raises `EngineMissing` where this machine lacks the PDF engine."""
    return render_pdf(rooms_html(session))[0]


def _by_person(parts: list[tuple[int, list[RoomRow]]]) -> list[tuple[str, list[str]]]:
    """(person, their room in each part), by city and name."""
    found: dict[int, tuple[str, list[str]]] = {}
    for place, (_part, rows) in enumerate(parts):
        for row in rows:
            for seat in [*row.guides, *row.speakers]:
                name = ", ".join(
                    each for each in (str(seat.guest.city or seat.guest.organisation), seat.guest.name) if each
                )
                rooms = found.setdefault(seat.guest_id, (name, [""] * len(parts)))[1]
                rooms[place] = str(row.room)
    return sorted(found.values(), key=lambda each: each[0].casefold())
