import datetime
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from sensemaking.models import RoomWish, Seat, Session
from sensemaking.states import GuestRole, GuestState, RoomMode, SeatState
from tests.factories.cohorts import CohortFactory, PairingFactory
from tests.factories.people import UserFactory
from tests.factories.sensemaking import ClusterFactory, GuestFactory, RoomFactory, SeatFactory, SessionFactory
from twinning.audit.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(UserFactory(coordinator=True))
    return client


def url(name, *args):
    return reverse(f"sensemaking:{name}", args=args)


def session_data(cohort, **changes):
    return {
        "title": "All together",
        "kind": "all_cluster",
        "cohorts": [cohort.pk],
        "held_on": "2027-06-16",
        "starts": "10:00",
        "minutes": "180",
        "time_zone": "Europe/Brussels",
        "room_mode": "choice",
        "parts": "1",
        "agenda": "Welcome, 10\nIn rooms: 90 min\nWrap up",
        "questions": "What should others avoid?",
    } | changes


def test_a_session_is_planned_with_agenda_and_questions(signed_in):
    cohort = CohortFactory()
    signed_in.post(url("session-plan", cohort.slug), session_data(cohort))
    session = Session.objects.get()
    assert [(item.title, item.minutes) for item in session.agenda.all()] == [
        ("Welcome", 10),
        ("In rooms", 90),
        ("Wrap up", None),
    ]
    assert session.starts_at == datetime.datetime(2027, 6, 16, 8, 0, tzinfo=datetime.UTC)
    assert [str(question) for question in session.questions.all()] == ["What should others avoid?"]


def test_an_agenda_longer_than_the_session_is_refused_and_nothing_is_planned(signed_in):
    cohort = CohortFactory()
    page = signed_in.post(url("session-plan", cohort.slug), session_data(cohort, minutes="60"))
    assert page.status_code == 422
    assert "The agenda takes 100 minutes, the session lasts 60." in page.content.decode()
    assert not Session.objects.exists()


def test_an_hour_without_a_length_is_a_fault_of_its_field(signed_in):
    cohort = CohortFactory()
    page = signed_in.post(url("session-plan", cohort.slug), session_data(cohort, minutes=""))
    assert page.context["form"].errors["minutes"] == ["Say how many minutes the session lasts."]


def test_the_twelve_rooms_are_made_from_twelve_lines(signed_in):
    session = SessionFactory()
    themes = "\n".join(f"Theme {n}" for n in range(12))
    signed_in.post(url("room-add", session.code), {"themes": themes, "least": "3", "most": "8"})
    assert session.rooms.count() == 12


def test_the_list_of_sessions_asks_the_same_number_of_queries_for_one_and_three(signed_in, django_assert_num_queries):
    cohort = CohortFactory()
    SessionFactory(cohort=cohort)
    ClusterFactory(cohort=cohort)
    signed_in.get(url("session-list", cohort.slug))
    with django_assert_num_queries(8):
        signed_in.get(url("session-list", cohort.slug))
    SessionFactory.create_batch(2, cohort=cohort)
    ClusterFactory.create_batch(2, cohort=cohort)
    with django_assert_num_queries(8):
        signed_in.get(url("session-list", cohort.slug))


def test_the_page_of_rooms_asks_the_same_number_of_queries_for_two_people_and_six(signed_in, django_assert_num_queries):
    session = SessionFactory()
    room = RoomFactory(session=session, most=8)
    SeatFactory.create_batch(2, guest__session=session, room=room)
    signed_in.get(url("room-list", session.code))
    with django_assert_num_queries(17):
        signed_in.get(url("room-list", session.code))
    SeatFactory.create_batch(4, guest__session=session, room=room)
    with django_assert_num_queries(17):
        signed_in.get(url("room-list", session.code))


def three_who_wish_for_a_room_of_two(seated):
    """A session whose two rooms hold one or two people each; `seated`: how many of the three sit in the room that all of them wish for."""
    session = SessionFactory()
    wished, other = (RoomFactory(session=session, theme=theme, most=2) for theme in ("Finance", "Data"))
    for number in range(3):
        guest = GuestFactory(session=session, city=None, name=f"Guest {number}")
        RoomWish.objects.create(guest=guest, room=wished, rank=1)
        SeatFactory(guest=guest, room=wished if number < seated else other)
    return session


@pytest.mark.parametrize(
    ("seated", "sentence"),
    [
        (1, "can have fewer than 6: at most 6 could still be saved."),
        (2, "No allocation that keeps to the sizes of the rooms and to the fixed rules can have fewer."),
        (3, "Once everybody has a seat, and sizes and fixed rules are kept, there will be at least 6."),
    ],
)
def test_the_page_of_rooms_says_how_much_better_another_allocation_could_be(signed_in, seated, sentence):
    session = three_who_wish_for_a_room_of_two(seated)
    page = signed_in.get(url("room-list", session.code)).content.decode()
    assert sentence in " ".join(page.split())


def test_the_page_of_rooms_says_where_nobody_leads_or_writes_down(signed_in):
    session = SessionFactory()
    led, alone, _empty = RoomFactory.create_batch(3, session=session)
    for room in (led, alone):
        SeatFactory(guest__session=session, room=room)
    SeatFactory(guest__session=session, guest__role=GuestRole.FACILITATOR, guest__city=None, room=led)
    page = signed_in.get(url("room-list", session.code)).content.decode()
    assert "1 room has no facilitator. 2 rooms have no harvester." in page


def test_rooms_in_preparation_are_for_the_team_until_they_are_shown(client, signed_in):
    pairing = PairingFactory()
    session = SessionFactory(cohort=pairing.participation.cohort)
    SeatFactory(guest__session=session, room__session=session)
    signed_in.post(url("room-show", session.code), {"shown": "1"})
    assert "Shown to everybody" in signed_in.get(url("room-list", session.code)).content.decode()


@pytest.mark.parametrize(("mode", "allocates"), [(RoomMode.CHOICE, False), (RoomMode.ALLOCATED, True)])
def test_only_a_session_of_allocated_rooms_offers_to_allocate(signed_in, mode, allocates):
    session = SessionFactory(room_mode=mode)
    SeatFactory(guest__session=session, room__session=session)
    page = signed_in.get(url("room-list", session.code)).content.decode()
    assert ("Allocate quickly" in page, "How good it is" in page) == (allocates, allocates)
    assert ("People choose their rooms by their own links" in page) == (not allocates)
    assert "Repair after no-shows" in page


def test_the_holder_of_a_link_chooses_a_room_without_an_account(client):
    session = SessionFactory(room_mode=RoomMode.CHOICE)
    room, guest = RoomFactory(session=session), GuestFactory(session=session)
    client.post(guest.get_absolute_url(), {"room": room.code})
    assert Seat.objects.get(guest=guest).room == room
    assert "Leave this room" in client.get(guest.get_absolute_url()).content.decode()


def test_the_holder_of_a_link_waits_for_a_full_room_and_is_told(client):
    session = SessionFactory(room_mode=RoomMode.CHOICE)
    room, guest = RoomFactory(session=session, most=1), GuestFactory(session=session)
    SeatFactory(guest__session=session, room=room)
    page = client.post(guest.get_absolute_url(), {"room": room.code}, follow=True)
    assert "waiting list" in page.content.decode()
    assert Seat.objects.get(guest=guest).state == SeatState.WAITING


def test_the_holder_of_a_link_names_wishes_where_rooms_are_allocated(client):
    session = SessionFactory(room_mode=RoomMode.ALLOCATED)
    rooms, guest = RoomFactory.create_batch(2, session=session), GuestFactory(session=session)
    client.post(guest.get_absolute_url(), {"wish": [rooms[1].code, "", rooms[0].code]})
    assert [wish.room for wish in guest.wishes.all()] == [rooms[1], rooms[0]]


def test_allocated_rooms_stay_hidden_from_the_holder_until_they_are_shown(client):
    seat = SeatFactory(guest__session__room_mode=RoomMode.ALLOCATED)
    assert "as soon as the team shows" in client.get(seat.guest.get_absolute_url()).content.decode()


def test_a_wrong_link_is_not_found(client):
    assert client.get(url("your-room", "nothing")).status_code == 404


def test_the_code_of_a_link_is_a_picture(client):
    page = client.get(url("your-room-code", GuestFactory().key))
    assert page["Content-Type"] == "image/svg+xml"
    assert b"<svg" in page.content


def test_the_file_for_the_call_names_room_and_address_and_holds_no_formula(signed_in):
    session = SessionFactory()
    user = UserFactory(email="lea@example.org")
    guest = GuestFactory(session=session, name="=HYPERLINK(1)", user=user)
    SeatFactory(guest=guest, room=RoomFactory(session=session, theme="Finance"))
    lines = signed_in.get(url("room-csv", session.code)).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Pre-assign Room Name,Email Address,Name,City,Role"
    assert lines[1].startswith("Finance,lea@example.org,'=HYPERLINK(1),")


def test_somebody_is_marked_and_placed_on_the_day(signed_in):
    session = SessionFactory()
    room = RoomFactory(session=session)
    SeatFactory(guest__session=session, room=room)
    late = GuestFactory(session=session)
    signed_in.post(url("guest-mark", session.code, late.code), {"state": "here"})
    signed_in.post(url("guest-seat", session.code, late.code))
    late.refresh_from_db()
    assert late.state == GuestState.HERE
    assert Seat.objects.get(guest=late).room == room


def test_a_cluster_gets_its_members_from_the_form(signed_in):
    pairing = PairingFactory()
    cohort = pairing.participation.cohort
    data = {"name": "Finance", "hostings": [pairing.hosting.pk], "participations": [pairing.participation.pk]}
    signed_in.post(url("cluster-edit", cohort.slug), data)
    cluster = cohort.clusters.get()
    assert cluster.members.count() == 2
    signed_in.post(url("cluster-edit", cohort.slug) + f"?cluster={cluster.code}", data | {"name": "Money"})
    signed_in.post(url("cluster-edit", cohort.slug) + f"?cluster={cluster.code}", {"remove": "1"})
    assert not cohort.clusters.exists()
    told = [(line.verb.rpartition(".")[2], line.data["cluster"]) for line in JournalEntry.objects.about(cohort)]
    assert told == [("removed", "Money"), ("changed", "Money"), ("added", "Finance")]


def test_rooms_are_printed_with_their_people_and_everybody_with_their_rooms(signed_in):
    session = SessionFactory(parts=2)
    guest = GuestFactory(session=session, name="Nia")
    for part, theme in ((1, "Money"), (2, "Trust")):
        SeatFactory(guest=guest, part=part, room=RoomFactory(session=session, part=part, theme=theme))
    answer = signed_in.get(url("room-pdf", session.code))
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for words in ("Round of rooms 2", "Money", "Trust", f"{guest.city.name}, Nia"):
        assert words in text


def test_everybody_has_a_code_to_cut_out(signed_in):
    session = SessionFactory()
    GuestFactory.create_batch(2, session=session)
    page = signed_in.get(url("code-sheet", session.code)).content.decode()
    assert page.count('<svg aria-hidden="true"') == 2
