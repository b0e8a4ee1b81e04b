"""Seats that a worker looks for: found, ended, begun again after a worker's death."""

import datetime

import pytest
from django.urls import reverse

from sensemaking.models import RoomPlan, RoomSearch, Seat
from sensemaking.services import searching
from sensemaking.services.rooms import add_rooms
from sensemaking.states import SearchState
from sensemaking.views import rooms
from tests.factories.people import UserFactory
from tests.factories.sensemaking import GuestFactory, RoomSearchFactory, SessionFactory
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 10, 20, 12, 0, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    session = SessionFactory()
    add_rooms(session, ["", ""], by=UserFactory(), now=NOW)
    GuestFactory.create_batch(6, session=session)
    return session


@pytest.fixture
def team(client):
    client.force_login(UserFactory(coordinator=True))
    return client


def test_a_large_session_is_seated_by_a_worker_while_the_page_tells(team, session, monkeypatch):
    monkeypatch.setattr(rooms, "AT_ONCE", 3)
    hinted = []
    monkeypatch.setattr(searching, "_hint", hinted.append)
    address = reverse("sensemaking:room-list", args=[session.code])
    team.post(reverse("sensemaking:room-allocate", args=[session.code]), {"search": "final"})
    search = RoomSearch.objects.get()
    assert (hinted, search.state, Seat.objects.count()) == ([search.pk], SearchState.QUEUED, 0)
    assert "End the search" in team.get(address).content.decode()
    poll = team.get(address, headers={"HX-Request": "true"})
    assert poll.content.decode().strip() == "<p>Waiting for a worker</p>"
    RoomSearch.objects.update(moves=300)
    searching.run_search(search.pk, clock=lambda: NOW)
    assert (RoomSearch.objects.get().state, Seat.objects.count(), RoomPlan.objects.count()) == (SearchState.DONE, 6, 1)
    assert team.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_session_has_one_search_at_a_time_and_ending_it_leaves_the_seats(session, monkeypatch):
    by = UserFactory()
    search = RoomSearchFactory(session=session, moves=1_000_000)
    with pytest.raises(Refused, match="already"):
        searching.queue_search(session, moves=100, seed=0, by=by, now=NOW)
    ticks = iter(range(10_000))

    def clock():
        """A second passes between two looks; at the third somebody ends the search."""
        tick = next(ticks)
        if tick == 3:
            searching.cancel_search(session, by=by, now=NOW)
        return NOW + datetime.timedelta(seconds=tick)

    searching.run_search(search.pk, clock=clock)
    assert (RoomSearch.objects.get().state, Seat.objects.count()) == (SearchState.CANCELLED, 0)
    with pytest.raises(Refused, match="No search"):
        searching.cancel_search(session, by=by, now=NOW)


def test_what_does_not_fit_is_said_in_the_words_of_the_rooms(session):
    session.rooms.update(least=1, most=2)
    search = RoomSearchFactory(session=session)
    searching.run_search(search.pk, clock=lambda: NOW)
    search.refresh_from_db()
    assert search.state == SearchState.FAILED
    assert search.error == "In round 1 there are 6 people and 4 seats. Add a room or make rooms larger."


def test_a_search_whose_worker_died_or_whose_message_was_lost_begins_again(session, monkeypatch):
    hinted = []
    monkeypatch.setattr(searching, "_hint", hinted.append)
    search = RoomSearchFactory(session=session, state=SearchState.RUNNING, alive_at=NOW)
    searching.sweep_searches(now=NOW + datetime.timedelta(seconds=59))
    assert hinted == []
    searching.sweep_searches(now=NOW + datetime.timedelta(seconds=61))
    searching.sweep_searches(now=NOW + datetime.timedelta(seconds=62))
    assert (hinted, RoomSearch.objects.get().state) == ([search.pk], SearchState.QUEUED)
