"""Rooms of a session: made, allocated, mended on the day, shown; as a page, a list to print and a file for the call."""

import csv

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outputs.pdf.engine import EngineMissing
from twinning.core.access import get_visible_or_404, may
from twinning.core.answers import answer, try_for
from twinning.core.asked import whole_number
from twinning.core.errors import Refused

from ..forms import NewRoomsForm, RoomForm
from ..models import RoomPlan, RoomRule, RoomSearch, Seat, Session
from ..pdf.rooms import render_rooms, rooms_html
from ..selectors.rooms import rooms_of, unguided, unseated, worth_of
from ..selectors.sessions import people_of
from ..services.allocation import allocate_rooms, present_cost, repair_rooms
from ..services.rooms import (
    add_rooms,
    change_room,
    end_keeping_apart,
    keep_apart,
    pin_seat,
    place_guest,
    remove_room,
    show_rooms,
)
from ..services.searching import cancel_search, queue_search
from ..services.sessions import set_questions
from ..states import SEATED, SeatState
from .people import run_session_or_404

MOVES = {"preview": 30_000, "final": 150_000}
AT_ONCE = 30  # people who are seated thoroughly while the page waits; more are left to a worker


@require_safe
def room_list(request: HttpRequest, code: str) -> HttpResponse:
    """Who sits where. The team sees the draft, what it is worth, and the buttons; everybody else what was shown."""
    session = get_visible_or_404(Session.objects, request.user, code=code)
    runs = may(request.user, "sensemaking.run_session", session)
    if not runs and session.rooms_shown_at is None:
        raise Http404
    search = RoomSearch.objects.filter(session=session).first() if runs else None
    if request.htmx and search:
        if not search.is_under_way:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "sensemaking/room_list.html#search", {"search": search})
    parts = rooms_of(session)
    context = {"session": session, "parts": parts, "runs": runs, "choices": _choices(parts)}
    if runs:
        people = people_of(session)
        problem, plan = present_cost(session)
        last = RoomPlan.objects.filter(session=session).first()
        has_seats = all(plan.seats)
        context |= {
            "people": people,
            "unseated": unseated(people, parts) if has_seats else [],
            "unguided": unguided(parts) if has_seats else [],
            "worth": worth_of(session, problem, plan, people, last) if has_seats and session.is_allocated else None,
            "has_seats": has_seats,
            "last": last,
            "search": search,
            "rules": list(session.room_rules.select_related("one__city", "other__city").order_by("pk")),
            "form": NewRoomsForm(),
        }
    return render(request, "sensemaking/room_list.html", context)


def _choices(parts) -> dict[int, list[tuple[str, str]]]:
    """For each part: (code, name) of its rooms, to move people into."""
    return {part: [(row.room.code, str(row.room)) for row in rows] for part, rows in parts}


def rooms_url(session: Session) -> str:
    return reverse("sensemaking:room-list", args=[session.code])


@require_http_methods(["GET", "HEAD", "POST"])
def room_add(request: HttpRequest, code: str) -> HttpResponse:
    """New rooms, one for each line."""
    session = run_session_or_404(request, code)
    form = NewRoomsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sizes = {"least": data["least"], "most": data["most"]}
        act = lambda: add_rooms(session, data["rooms"], by=request.user, now=timezone.now(), **sizes)  # noqa: E731
        if try_for(form, act):
            messages.success(request, _("The rooms are there."))
            return redirect(rooms_url(session))
    context = {"session": session, "form": form, "back_url": rooms_url(session)}
    return render(request, "sensemaking/room_add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def room_edit(request: HttpRequest, code: str, room: str) -> HttpResponse:
    """Change a room, or take it away while it is empty."""
    session = run_session_or_404(request, code)
    found = get_object_or_404(session.rooms.select_related("session"), code=room)
    if request.method == "POST" and "remove" in request.POST:
        act = lambda: remove_room(found, by=request.user, now=timezone.now())  # noqa: E731
        return answer(request, act, said=_("The room is gone."), then=rooms_url(session))
    initial = {"questions": "\n".join(row.text for row in found.questions.all())}
    form = RoomForm(request.POST or None, instance=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        questions = data.pop("questions")
        fresh = session.rooms.select_related("session").get(pk=found.pk)
        if try_for(form, lambda: change_room(fresh, by=request.user, now=timezone.now(), **data)):
            set_questions(fresh, questions, by=request.user, now=timezone.now())
            messages.success(request, _("The room is changed."))
            return redirect(rooms_url(session))
    context = {"session": session, "room": found, "form": form, "back_url": rooms_url(session)}
    return render(request, "sensemaking/room_edit.html", context, status=422 if form.errors else 200)


@require_POST
def room_allocate(request: HttpRequest, code: str) -> HttpResponse:
    """Seat everybody around pinned seats. A further press tries another seed."""
    session = run_session_or_404(request, code)
    moves = MOVES.get(request.POST.get("search", ""), MOVES["preview"])
    seed = RoomPlan.objects.filter(session=session).count() if "again" in request.POST else 0
    now = timezone.now()
    if moves == MOVES["final"] and session.guests.filter(role__in=SEATED).count() > AT_ONCE:
        search = lambda: queue_search(session, moves=moves, seed=seed, by=request.user, now=now)  # noqa: E731
        return answer(request, search, said=_("Seats are being looked for."), then=rooms_url(session))
    act = lambda: allocate_rooms(  # noqa: E731
        session, by=request.user, now=now, moves=moves, seed=seed, with_prices=moves == MOVES["final"]
    )
    return answer(request, act, said=_("Everybody has a seat."), then=rooms_url(session))


@require_POST
def room_search_cancel(request: HttpRequest, code: str) -> HttpResponse:
    """End the search that is under way; seats stay as they are."""
    session = run_session_or_404(request, code)
    act = lambda: cancel_search(session, by=request.user, now=timezone.now())  # noqa: E731
    return answer(request, act, said=_("The search is ended. The seats are as they were."), then=rooms_url(session))


@require_POST
def room_repair(request: HttpRequest, code: str) -> HttpResponse:
    """Free the seats of those who are not here, with the fewest moves."""
    session = run_session_or_404(request, code)
    try:
        changes = repair_rooms(session, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("%(n)d person moved.", "%(n)d people moved.", len(changes)) % {"n": len(changes)}
        messages.success(request, words if changes else _("Every room has enough people: nobody had to move."))
    return redirect(rooms_url(session))


@require_POST
def room_show(request: HttpRequest, code: str) -> HttpResponse:
    """Show the rooms to everybody, or take them back."""
    session = run_session_or_404(request, code)
    shown = request.POST.get("shown") == "1"
    said = _("Everybody sees the rooms now.") if shown else _("The rooms are in preparation again.")
    act = lambda: show_rooms(session, shown=shown, by=request.user, now=timezone.now())  # noqa: E731
    return answer(request, act, said=said, then=rooms_url(session))


@require_POST
def seat_move(request: HttpRequest, code: str, guest: str) -> HttpResponse:
    """The team seats somebody in the room that the form names; the seat is pinned."""
    session = run_session_or_404(request, code)
    person = get_object_or_404(session.guests.select_related("session"), code=guest)
    room = get_object_or_404(session.rooms.select_related("session"), code=request.POST.get("room", ""))
    said = _("%(guest)s sits in %(room)s now.") % {"guest": person, "room": room}
    act = lambda: place_guest(person, room, by=request.user, now=timezone.now())  # noqa: E731
    return answer(request, act, said=said, then=f"{rooms_url(session)}#{room.code}")


@require_POST
def seat_pin(request: HttpRequest, code: str, guest: str) -> HttpResponse:
    """Pin a seat or let it go. `part` and `pinned` come with the form."""
    session = run_session_or_404(request, code)
    part = whole_number(request.POST.get("part", ""))
    seats = Seat.objects.select_related("room__session").filter(room__session=session, state=SeatState.TAKEN)
    seat = get_object_or_404(seats, guest__code=guest, part=part)
    pinned = request.POST.get("pinned") == "1"
    said = _("The seat is pinned.") if pinned else _("The seat is free to change.")
    act = lambda: pin_seat(seat, pinned=pinned)  # noqa: E731
    return answer(request, act, said=said, then=f"{rooms_url(session)}#{seat.room.code}")


@require_POST
def rule_add(request: HttpRequest, code: str) -> HttpResponse:
    """Keep two people apart."""
    session = run_session_or_404(request, code)
    one, other = (get_object_or_404(session.guests, code=request.POST.get(name, "")) for name in ("one", "other"))
    reason = request.POST.get("reason", "")[:300]
    act = lambda: keep_apart(one, other, reason=reason, by=request.user, now=timezone.now())  # noqa: E731
    return answer(request, act, said=_("They will not share a room."), then=rooms_url(session))


@require_POST
def rule_end(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Two people may share a room again."""
    session = run_session_or_404(request, code)
    rule = get_object_or_404(RoomRule.objects.select_related("session"), session=session, pk=number)
    act = lambda: end_keeping_apart(rule, by=request.user, now=timezone.now())  # noqa: E731
    return answer(request, act, said=_("They may share a room again."), then=rooms_url(session))


@require_safe
def room_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The rooms as a list to print; without a PDF engine the same page for the browser's own printing."""
    session = run_session_or_404(request, code)
    try:
        response = HttpResponse(render_rooms(session), content_type="application/pdf")
    except EngineMissing:
        return HttpResponse(rooms_html(session))
    response["Content-Disposition"] = f'inline; filename="rooms-{session.code}.pdf"'
    return response


@require_safe
def room_csv(request: HttpRequest, code: str) -> HttpResponse:
    """Room and e-mail address of everybody with a seat, as video-meeting tools read it: a file for each round of rooms.

    `?part=2` names the round. People without an address are left out of the address column, never of the file.
    """
    session = run_session_or_404(request, code)
    part = whole_number(request.GET.get("part", "1"))
    if part not in session.part_numbers:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rooms-{session.code}-{part}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["Pre-assign Room Name", "Email Address", "Name", "City", "Role"])
    for _part, rows in rooms_of(session)[part - 1 : part]:
        for row in rows:
            for seat in [*row.guides, *row.speakers]:
                guest = seat.guest
                address = guest.user.email if guest.user_id else ""
                cells = [str(row.room), address, guest.name, str(guest.city or ""), guest.get_role_display()]
                writer.writerow([_plain(cell) for cell in cells])
    return response


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
