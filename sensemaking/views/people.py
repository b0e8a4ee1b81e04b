"""The list of people of a session."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.core.access import get_visible_or_404, require
from twinning.core.answers import answer, try_for
from twinning.core.errors import Refused

from ..forms import GuestForm
from ..models import Guest, Session
from ..pictures import code_picture
from ..selectors.rooms import rooms_of, unseated
from ..selectors.sessions import figures_of, people_of
from ..services.allocation import seat_late_comer
from ..services.guests import add_guest, change_guest, invite_roster, mark_guest, remove_guest
from ..states import GuestState


def run_session_or_404(request: HttpRequest, code: str) -> Session:
    """A session that the person sees and may run; 403 where they only see it."""
    session = get_visible_or_404(Session.objects, request.user, code=code)
    require(request.user, "sensemaking.run_session", session)
    return session


@require_http_methods(["GET", "HEAD", "POST"])
def guest_list(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody on the list, and the form that adds one more."""
    session = run_session_or_404(request, code)
    form = GuestForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        act = lambda: add_guest(session, by=request.user, now=timezone.now(), **form.cleaned_data)  # noqa: E731
        if try_for(form, act):
            messages.success(request, _("Added to the list."))
            return redirect("sensemaking:guest-list", session.code)
    people = people_of(session)
    prefetch_related_objects(people, "seats__room")
    parts = rooms_of(session)
    has_seats = any(row.guides or row.speakers for _part, rows in parts for row in rows)
    context = {
        "session": session,
        "form": form,
        "people": people,
        "figures": figures_of(session, people),
        "states": GuestState.choices,
        "late": {guest.pk for guest in unseated(people, parts)} if has_seats else set(),
    }
    return render(request, "sensemaking/guest_list.html", context, status=422 if form.errors else 200)


@require_safe
def code_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet to print and cut: the name of each person with the code of their own page."""
    session = run_session_or_404(request, code)
    address = request.build_absolute_uri
    codes = [(guest, code_picture(address(guest.get_absolute_url()))) for guest in people_of(session)]
    return render(request, "sensemaking/code_sheet.html", {"session": session, "codes": codes})


@require_POST
def guest_invite(request: HttpRequest, code: str) -> HttpResponse:
    """A place for every city that has none."""
    session = run_session_or_404(request, code)
    try:
        count = invite_roster(session, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("%(n)d place was added.", "%(n)d places were added.", count)
        messages.success(request, words % {"n": count} if count else _("Every city has its place already."))
    return redirect("sensemaking:guest-list", session.code)


@require_http_methods(["GET", "HEAD", "POST"])
def guest_edit(request: HttpRequest, code: str, guest: str) -> HttpResponse:
    """Change somebody on the list, or take them off it."""
    session = run_session_or_404(request, code)
    person = get_object_or_404(session.guests, code=guest)
    if request.method == "POST" and "remove" in request.POST:
        act = lambda: remove_guest(person, by=request.user, now=timezone.now())  # noqa: E731
        return answer(request, act, said=_("Taken off the list."), then=_list_url(session))
    form = GuestForm(request.POST or None, instance=person, session=session)
    if request.method == "POST" and form.is_valid():
        fresh = Guest.objects.get(pk=person.pk)
        if try_for(form, lambda: change_guest(fresh, by=request.user, now=timezone.now(), **form.cleaned_data)):
            messages.success(request, _("Changed."))
            return redirect(_list_url(session))
    context = {"session": session, "guest": person, "form": form, "back_url": _list_url(session)}
    return render(request, "sensemaking/guest_edit.html", context, status=422 if form.errors else 200)


def _list_url(session: Session) -> str:
    return reverse("sensemaking:guest-list", args=[session.code])


@require_POST
def guest_mark(request: HttpRequest, code: str, guest: str) -> HttpResponse:
    """Here, not here, or still expected."""
    session = run_session_or_404(request, code)
    person = get_object_or_404(session.guests, code=guest)
    state = request.POST.get("state", "")
    if state not in GuestState.values:
        raise Http404
    act = lambda: mark_guest(person, state, by=request.user, now=timezone.now())  # noqa: E731
    return answer(request, act, said=f"{person}: {GuestState(state).label}", then=f"{_list_url(session)}#{person.code}")


@require_POST
def guest_seat(request: HttpRequest, code: str, guest: str) -> HttpResponse:
    """A seat for somebody who came late; nobody else moves."""
    session = run_session_or_404(request, code)
    person = get_object_or_404(session.guests, code=guest)
    try:
        changes = seat_late_comer(person, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        names = dict(session.rooms.values_list("code", "theme"))
        rooms = ", ".join(names[change.after] or change.after for change in changes)
        messages.success(request, _("%(guest)s sits in: %(rooms)s") % {"guest": person, "rooms": rooms})
    return redirect(f"{_list_url(session)}#{person.code}")
