"""The board of a session, as an outline that needs no script and as a canvas; both do the same acts on the same rows.

The holder of a guest's link acts as that guest. Those with an account come in by the session's page.
"""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.core.access import get_visible_or_404, may
from twinning.core.answers import answer, try_for
from twinning.core.errors import Refused

from ..forms.board import JoinForm, JoiningForm
from ..models import Board, Guest, Session
from ..models.board import HEIGHT, WIDTH
from ..pictures import code_picture
from ..selectors.agenda import agenda_of, now_at
from ..selectors.boards import Surface, snapshot, surfaces_of
from ..services.boards import act, board_of, open_board
from ..services.joining import guest_of, join_session, set_joining
from ..states import GuestRole, SeatState, SessionState, Topic
from .people import run_session_or_404

MOST_BYTES = 20_000


def _guest(key: str) -> Guest:
    guests = Guest.objects.select_related("session__board", "city")
    return get_object_or_404(guests, key=key)


@require_POST
def board_enter(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody with an account comes to the board: the team leads it, others look on unless they are on the list."""
    session = get_visible_or_404(Session.objects, request.user, code=code)
    runs = may(request.user, "sensemaking.run_session", session)
    open_board(session)
    guest = guest_of(session, request.user, runs=runs, now=timezone.now())
    return redirect("sensemaking:board", guest.key)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def board(request: HttpRequest, key: str) -> HttpResponse:
    """`?room=code` shows that room's surface, `?as=canvas` the picture, `?note=code` what can be done with a note. Forms are sent here."""
    guest = _guest(key)
    found = board_of(guest)
    if request.method == "POST":
        return _act_of_form(request, guest)
    surfaces = surfaces_of(found, guest)
    shown = _chosen(surfaces, request.GET.get("room"), guest)
    standing = sum(surface.count + len(surface.waiting) for surface in surfaces)
    is_over = guest.session.state in (SessionState.CLOSED, SessionState.CANCELLED)
    may_write = guest.guides or not (found.is_locked or is_over or guest.role == GuestRole.OBSERVER)
    as_canvas = request.GET.get("as") == "canvas"
    chosen = shown.row(request.GET.get("note", "")) if may_write else None
    context = {
        "guest": guest,
        "session": guest.session,
        "board": found,
        "surfaces": surfaces,
        "shown": shown,
        "standing": standing,
        "topics": Topic.choices,
        "as_canvas": as_canvas,
        "face": mark_safe('<input type="hidden" name="as" value="canvas">') if as_canvas else "",
        "guides": guest.guides,
        "may_write": may_write,
        "may_vote": found.votes_each > 0 and not is_over and guest.role != GuestRole.OBSERVER,
        "chosen": chosen,
        "connectable": shown.connectable(chosen) if chosen else [],
        "people": list(guest.session.guests.select_related("city").order_by("city__name", "name", "pk"))
        if guest.guides
        else [],
        "present": now_at(guest.session),
        "agenda": agenda_of(guest.session) if guest.role == GuestRole.TEAM else None,
        "now": timezone.now(),
        "settings": _settings(guest, found, shown),
    }
    return render(request, "sensemaking/board.html", context)


def _settings(guest: Guest, found: Board, shown: Surface) -> dict[str, Any]:
    """What the canvas's script starts from."""
    return {
        "act": reverse("sensemaking:board-act", args=[guest.key]),
        "state": reverse("sensemaking:board-state", args=[guest.key]),
        "stream": f"/stream/boards/{guest.key}/",
        "guest": guest.code,
        "guides": guest.guides,
        "runs": guest.role == GuestRole.TEAM,
        "room": shown.code,
        "width": WIDTH,
        "height": HEIGHT,
        "topics": dict(Topic.choices),
        "private": found.is_private,
        "words": {
            "hidden": _("hidden until it is revealed"),
            "waits": _("waits for a harvester"),
            "votes": _("Votes"),
            "offline": _("Not connected. What you write is kept here and sent later."),
            "online": _("Connected"),
            "called": _("Everybody is called to another room."),
            "left": _("Time left"),
            "notes": _("Notes on the board"),
        },
    }


def _chosen(surfaces: list[Surface], code: str | None, guest: Guest) -> Surface:
    """The surface that was asked for, else the room in which this person sits, else the one for all."""
    by_code = {surface.code: surface for surface in surfaces}
    if code is not None and code in by_code:
        return by_code[code]
    seat = guest.seats.filter(state=SeatState.TAKEN).select_related("room").order_by("part").first()
    return by_code.get(seat.room.code if seat else "", surfaces[0])


def _act_of_form(request: HttpRequest, guest: Guest) -> HttpResponse:
    """One act, sent by a form of the outline; the page comes again at the same place."""
    sent = request.POST.dict()
    name, back, face = sent.pop("act", ""), sent.pop("back", ""), sent.pop("as", "")
    sent.pop("csrfmiddlewaretoken", None)
    try:
        event = act(guest, name, sent, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        anchor = str(sent.get("note", ""))
    else:
        anchor = str(event.data.get("note", ""))
    query = {"room": back if name != "call" else sent.get("room", "")} | ({"as": "canvas"} if face == "canvas" else {})
    return redirect(
        reverse("sensemaking:board", args=[guest.key]) + f"?{urlencode(query)}" + (f"#{anchor}" if anchor else "")
    )


@login_not_required
@require_POST
def board_act(request: HttpRequest, key: str) -> HttpResponse:
    """One act as JSON: `{"act", "client_id", "data": {...}}`. 409 with a sentence where it is refused."""
    guest = _guest(key)
    try:
        body = json.loads(request.body[:MOST_BYTES])
        name, sent, client_id = str(body["act"]), dict(body.get("data", {})), str(body.get("client_id", ""))
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": _("This is not an act of a board.")}, status=400)
    board_of(guest)
    try:
        event = act(guest, name, sent, now=timezone.now(), client_id=client_id)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse({"sequence": event.sequence, "act": event.act, "data": event.data})


@login_not_required
@never_cache
@require_safe
def board_state(request: HttpRequest, key: str) -> HttpResponse:
    """The whole board as JSON, with the number of the last event in it."""
    guest = _guest(key)
    return JsonResponse(snapshot(board_of(guest), guest))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, key: str) -> HttpResponse:
    """The session's own link: name and city, and one is there."""
    found = get_object_or_404(Board.objects.select_related("session"), join_key=key)
    form = JoinForm(request.POST or None, board=found)
    if request.method == "POST" and form.is_valid():
        data, made = form.cleaned_data, []
        consents = data.get("consents", False)
        joined = lambda: made.append(  # noqa: E731
            join_session(found, name=data["name"], city=data["city"], consents=consents, now=timezone.now())
        )
        if try_for(form, joined):
            return redirect("sensemaking:board", made[0].key)
    context = {"board": found, "session": found.session, "form": form}
    return render(request, "sensemaking/join.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: HttpRequest, code: str) -> HttpResponse:
    """The team opens and closes the link, and says what people agree to."""
    session = run_session_or_404(request, code)
    found = open_board(session)
    form = JoiningForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        change = lambda: set_joining(  # noqa: E731
            session,
            is_open=data["is_join_open"],
            consent_text=data["consent_text"],
            by=request.user,
            now=timezone.now(),
        )
        return answer(request, change, said=_("Saved."), then=request.path)
    link = request.build_absolute_uri(reverse("sensemaking:join", args=[found.join_key]))
    context = {"session": session, "board": found, "form": form, "link": link, "picture": code_picture(link)}
    return render(request, "sensemaking/joining.html", context, status=422 if form.errors else 200)
