"""The page of one person, by a link that needs no account: where they sit, and what they may choose."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from twinning.core.errors import Refused

from ..models import Guest
from ..pictures import code_picture
from ..selectors.agenda import now_at
from ..selectors.rooms import rooms_of, seats_for
from ..services.boards import board_of
from ..services.rooms import choose_room, leave_room, set_wishes
from ..states import UPCOMING, GuestRole, RoomMode, SeatState


def _guest(key: str) -> Guest:
    return get_object_or_404(Guest.objects.select_related("session__board", "city", "user"), key=key)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def your_room(request: HttpRequest, key: str) -> HttpResponse:
    """Where the holder of this link sits. They choose or wish here, as the session has it.

    Whoever holds the link is taken for the person: it is sent to them alone, and reaches no other page.
    """
    guest = _guest(key)
    board = board_of(guest)  # read first: what happens meanwhile comes by the stream
    if request.method == "POST":
        try:
            messages.success(request, _act(request, guest))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(guest)
    session = guest.session
    speaks = guest.role == GuestRole.SPEAKER and session.state in UPCOMING
    chooses = speaks and session.room_mode == RoomMode.CHOICE
    wishes = speaks and session.room_mode == RoomMode.ALLOCATED
    parts = rooms_of(session) if chooses or wishes else []
    seats = seats_for(guest)
    context = {
        "guest": guest,
        "session": session,
        "seats": [seat for seat in seats if seat.state == SeatState.TAKEN],
        "waiting": [seat for seat in seats if seat.state == SeatState.WAITING],
        "sees_seats": chooses or session.rooms_shown_at is not None,
        "chooses": chooses,
        "wishes": wishes,
        "wished": [wish.room_id for wish in guest.wishes.all()],
        "parts": parts,
        "questions": list(session.questions.filter(room=None)),
        "held": {seat.room_id: seat.state for seat in seats},
        "present": now_at(session),
        "now": timezone.now(),
        "stream": f"/stream/boards/{guest.key}/?about=agenda&after={board.last_sequence}",
    }
    return render(request, "sensemaking/your_room.html", context)


def _act(request: HttpRequest, guest: Guest) -> str:
    """Choose, leave or wish, as the form says; returns what to tell. Raises `Refused`."""
    session, now, by = guest.session, timezone.now(), guest.user
    if "wish" in request.POST:
        codes = [code for code in request.POST.getlist("wish") if code]
        rooms = {room.code: room for room in session.rooms.filter(code__in=codes)}
        if session.room_mode != RoomMode.ALLOCATED:
            raise Refused(_("Rooms of this session are chosen, not wished for."))
        set_wishes(guest, [rooms[code] for code in codes if code in rooms], by=by, now=now)
        return _("Your wishes are noted.")
    if session.room_mode != RoomMode.CHOICE:
        raise Refused(_("The rooms of this session are allocated."))
    room = get_object_or_404(session.rooms.select_related("session"), code=request.POST.get("room", ""))
    if "leave" in request.POST:
        leave_room(guest, room, by=by, now=now)
        return _("You left %(room)s.") % {"room": room}
    seat = choose_room(guest, room, by=by, now=now)
    if seat.state == SeatState.WAITING:
        return _("%(room)s is full. You are on its waiting list and move up by yourself.") % {"room": room}
    return _("You sit in %(room)s.") % {"room": room}


@login_not_required
@require_safe
def your_room_code(request: HttpRequest, key: str) -> HttpResponse:
    """The address of the page as a QR code, for a badge or a slide."""
    guest = _guest(key)
    picture = code_picture(request.build_absolute_uri(guest.get_absolute_url()))
    return HttpResponse(picture, content_type="image/svg+xml")
