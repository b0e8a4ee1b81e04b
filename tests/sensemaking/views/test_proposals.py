import pytest
from django.urls import reverse

from sensemaking.models import Insight
from sensemaking.services.insights import move_insight
from sensemaking.states import GuestRole, InsightState
from tests.factories.cohorts import MembershipFactory
from tests.factories.people import UserFactory
from tests.factories.sensemaking import BoardFactory, GuestFactory, NoteFactory, RoomFactory, SeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def harvester():
    guest = GuestFactory(name="Hana", role=GuestRole.HARVESTER)
    SeatFactory(guest=guest, room=RoomFactory(session=guest.session))
    return guest


@pytest.fixture
def note(harvester):
    return NoteFactory(board=BoardFactory(session=harvester.session), room=harvester.seats.get().room, text="It stayed")


@pytest.fixture
def page(harvester):
    return reverse("sensemaking:own-insights", args=[harvester.key])


def data(*notes, statement="What stays was not planned"):
    return {"note": [note.code for note in notes], "statement": statement, "sureness": "open"}


def text(answer):
    return " ".join(answer.content.decode().split())


def test_a_harvester_without_an_account_proposes_and_reads_that_it_waits(client, page, note):
    answer = client.post(page, data(note), follow=True)
    assert "The team has your proposal" in text(answer)
    assert "Waits for the team" in text(answer)


def test_notes_of_other_rooms_are_neither_shown_nor_taken(client, page, harvester, note):
    elsewhere = NoteFactory(board=note.board, room=RoomFactory(session=harvester.session), text="Said elsewhere")
    shown = text(client.get(page))
    assert "It stayed" in shown
    assert "Said elsewhere" not in shown
    assert client.post(page, data(elsewhere)).status_code == 422
    assert not Insight.objects.exists()


def test_what_is_missing_is_said_and_what_was_chosen_stays_chosen(client, page, note):
    answer = client.post(page, data(note, statement=""))
    assert answer.status_code == 422
    assert f'value="{note.code}" id="n-{note.code}" checked' in text(answer)
    assert "Choose at least one note" in text(client.post(page, data()))


def test_what_the_team_sends_back_comes_with_its_word_and_is_proposed_again(client, page, harvester, note):
    client.post(page, data(note))
    insight = Insight.objects.get()
    client.force_login(UserFactory(coordinator=True))
    assert "Proposed by Hana" in text(client.get(reverse("sensemaking:workbench", args=[harvester.session.code])))
    assert "Send it back" in text(client.get(insight.get_absolute_url()))
    client.post(reverse("sensemaking:insight-move", args=[insight.code, "withdraw"]), {"reason": "Name the cities"})
    client.logout()
    assert "Name the cities" in text(client.get(page))
    change = reverse("sensemaking:own-insight", args=[harvester.key, insight.code])
    assert "The team sent it back: Name the cities" in text(client.get(change))
    client.post(change, data(note, statement="In Torino it stayed"))
    insight.refresh_from_db()
    assert (insight.state, insight.statement) == (InsightState.DRAFT, "In Torino it stayed")


def test_a_proposal_that_was_decided_or_is_somebody_elses_has_no_page_to_change_it(client, page, harvester, note):
    client.post(page, data(note))
    insight = Insight.objects.get()
    other = GuestFactory(session=harvester.session, role=GuestRole.HARVESTER)
    assert client.get(reverse("sensemaking:own-insight", args=[other.key, insight.code])).status_code == 404
    move_insight(insight, "confirm", by=UserFactory(coordinator=True), now=insight.created_at)
    assert client.get(reverse("sensemaking:own-insight", args=[harvester.key, insight.code])).status_code == 404
    assert "Confirmed" in text(client.get(page))


@pytest.mark.parametrize("role", [GuestRole.SPEAKER, GuestRole.OBSERVER, GuestRole.FACILITATOR])
def test_others_find_no_such_page_and_no_way_to_it(client, harvester, role):
    guest = GuestFactory(session=harvester.session, role=role)
    page = reverse("sensemaking:own-insights", args=[guest.key])
    assert client.get(page).status_code == 404
    assert page not in text(client.get(guest.get_absolute_url()))
    assert page not in text(client.get(reverse("sensemaking:board", args=[guest.key])))


def test_a_harvester_finds_the_way_from_their_page_and_from_the_board(client, harvester, page):
    assert page in text(client.get(harvester.get_absolute_url()))
    assert page in text(client.get(reverse("sensemaking:board", args=[harvester.key])))


def test_who_proposed_an_insight_is_for_the_team_alone(client, page, harvester, note):
    client.post(page, data(note))
    insight = Insight.objects.get()
    move_insight(insight, "confirm", by=UserFactory(coordinator=True), now=insight.created_at)
    client.force_login(UserFactory(coordinator=True))
    assert "Hana" in text(client.get(insight.get_absolute_url()))
    cohort = harvester.session.cohorts.get()
    client.force_login(MembershipFactory(participation__cohort=cohort).user)
    shown = text(client.get(insight.get_absolute_url()))
    assert insight.statement in shown
    assert "Hana" not in shown


def test_the_page_asks_the_same_number_of_queries_for_one_proposal_and_four(
    client, page, note, django_assert_num_queries
):
    client.post(page, data(note))
    with django_assert_num_queries(7):
        client.get(page)
    for number in range(3):
        client.post(page, data(note, NoteFactory(board=note.board, room=note.room), statement=f"Statement {number}"))
    with django_assert_num_queries(7):
        client.get(page)
