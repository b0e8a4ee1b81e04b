import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from sensemaking.models import AgendaRun
from sensemaking.services.boards import open_board
from sensemaking.states import GuestRole, SessionState
from tests.factories.people import UserFactory
from tests.factories.sensemaking import AgendaItemFactory, AgendaRunFactory, GuestFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    session = SessionFactory(state=SessionState.OPEN)
    AgendaItemFactory(session=session, position=1, title="Welcome", minutes=10)
    AgendaItemFactory(session=session, position=2, title="In rooms", minutes=60)
    return session


@pytest.fixture
def team(client):
    client.force_login(UserFactory(coordinator=True))
    return client


def url(name, *args):
    return reverse(f"sensemaking:{name}", args=args)


def runs(session, title, *, minutes_left):
    return AgendaRunFactory(
        item=session.agenda.get(title=title), ends_at=timezone.now() + datetime.timedelta(minutes=minutes_left)
    )


def text(answer):
    return " ".join(answer.content.decode().split())


def test_the_team_runs_the_agenda_point_by_point(team, session):
    page = url("session-run", session.code)
    for item in session.agenda.all():
        assert f"{item.title}</button>" in text(team.get(page))
        team.post(page, {"act": "start_point", "point": item.pk})
    team.post(page, {"act": "more_time", "minutes": "5"})
    team.post(page, {"act": "stop_agenda"})
    first, second = AgendaRun.objects.all()
    assert [(run.title, run.minutes) for run in (first, second)] == [("Welcome", 10), ("In rooms", 60)]
    assert first.ended_at == second.started_at
    assert (second.ends_at - second.started_at).total_seconds() == 65 * 60
    assert second.ended_at


def test_what_is_refused_is_a_sentence_on_the_page(team, session):
    answer = team.post(url("session-run", session.code), {"act": "stop_agenda"}, follow=True)
    assert "No point of the agenda runs." in text(answer)


def test_an_act_that_is_no_act_of_an_agenda_is_not_found(team, session):
    assert team.post(url("session-run", session.code), {"act": "write_note", "text": "A"}).status_code == 404


def test_a_planned_session_is_opened_from_the_page_that_runs_it(team):
    session = AgendaItemFactory().session
    page = url("session-run", session.code)
    assert "start_point" not in text(team.get(page))
    answer = team.post(url("session-move", session.code, "open"), {"back": "run"}, follow=True)
    assert answer.redirect_chain[-1][0] == page
    assert "start_point" in text(answer)


def test_a_session_without_an_agenda_says_how_to_write_one(team):
    session = SessionFactory(state=SessionState.OPEN)
    assert "Write the agenda" in text(team.get(url("session-run", session.code)))


@pytest.mark.parametrize("name", ["board", "your-room"])
def test_guests_read_without_script_what_runs_until_when_and_what_comes_next(client, session, name):
    guest = GuestFactory(session=session)
    run = runs(session, "Welcome", minutes_left=4)
    page = text(client.get(url(name, guest.key)))
    assert "Welcome</p>" in page
    assert f'until <time datetime="{timezone.localtime(run.ends_at).isoformat()}"' in page
    assert "Next: In rooms" in page


@pytest.mark.parametrize("name", ["board", "your-room"])
def test_a_time_that_is_up_is_said_in_words(client, session, name):
    runs(session, "Welcome", minutes_left=-1)
    assert "Time is up</p>" in text(client.get(url(name, GuestFactory(session=session).key)))


@pytest.mark.parametrize("name", ["board", "your-room"])
def test_without_a_present_point_its_place_is_there_and_hidden(client, session, name):
    assert "data-agenda-point></p>" in text(client.get(url(name, GuestFactory(session=session).key)))
    assert " hidden>" in text(client.get(url(name, GuestFactory(session=session).key)))


def test_on_the_board_the_team_alone_has_the_buttons(client, session):
    for role in (GuestRole.HARVESTER, GuestRole.SPEAKER):
        assert "start_point" not in text(client.get(url("board", GuestFactory(session=session, role=role).key)))
    guest = GuestFactory(session=session, role=GuestRole.TEAM)
    point = session.agenda.get(title="Welcome").pk
    client.post(url("board", guest.key), {"act": "start_point", "point": point, "back": ""})
    assert AgendaRun.objects.get().item_id == point


def test_somebodys_own_page_listens_from_the_number_that_it_knows(client, session):
    open_board(session)
    guest = GuestFactory(session=session)
    assert (
        f"/stream/boards/{guest.key}/?about=agenda&amp;after=0" in client.get(guest.get_absolute_url()).content.decode()
    )


def test_the_page_that_runs_a_session_asks_the_same_number_of_queries_for_two_points_and_five(
    team, session, django_assert_num_queries
):
    page = url("session-run", session.code)
    runs(session, "Welcome", minutes_left=5)
    team.get(page)
    with django_assert_num_queries(8):
        team.get(page)
    for position in range(3, 6):
        AgendaRunFactory(item=AgendaItemFactory(session=session, position=position), ended_at=timezone.now())
    with django_assert_num_queries(8):
        team.get(page)
