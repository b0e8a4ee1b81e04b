import datetime
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from sensemaking.models import RoomPlan, Seat
from sensemaking.services.allocation import allocate_rooms, present_cost, repair_rooms, seat_late_comer
from sensemaking.services.guests import add_guest, invite_roster, mark_guest
from sensemaking.services.rooms import add_rooms, keep_apart, place_guest
from sensemaking.snapshot import problem_of
from sensemaking.states import GuestRole, GuestState, RoomMode
from tests.factories.cohorts import (
    CohortFactory,
    HostCityFactory,
    HostingFactory,
    MembershipFactory,
    PairingFactory,
    ParticipationFactory,
)
from tests.factories.people import UserFactory
from tests.factories.sensemaking import (
    ClusterFactory,
    ClusterMemberFactory,
    GuestFactory,
    SeatFactory,
    SessionCohortFactory,
    SessionFactory,
)
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 10, 20, 12, 0, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory(coordinator=True)


def full_session(by, people=8, parts=1, rooms=2, **fields):
    session = SessionFactory(parts=parts, **fields)
    add_rooms(session, [f"Theme {n}" for n in range(rooms)], by=by, now=NOW, least=1, most=people)
    GuestFactory.create_batch(people, session=session)
    return session


def seats_of(session):
    return set(Seat.objects.filter(room__session=session).values_list("guest__code", "room__code", "part"))


def test_a_place_is_kept_for_every_city_once_and_a_pilot_of_two_cities_has_two(by):
    cohort = CohortFactory()
    pairing = PairingFactory(participation__cohort=cohort)
    HostCityFactory(host=pairing.hosting.host, position=1)
    lead = MembershipFactory(participation=pairing.participation, lead=True, user__name="Lea Lead").user
    session = SessionFactory(cohort=cohort)
    assert invite_roster(session, by=by, now=NOW) == 3
    assert invite_roster(session, by=by, now=NOW) == 0
    twin = session.guests.get(participation=pairing.participation)
    assert (twin.user, twin.name) == (lead, "Lea Lead")
    assert session.guests.filter(hosting=pairing.hosting).count() == 2


def test_a_cluster_session_invites_its_cluster_alone(by):
    cluster = ClusterFactory()
    member = ClusterMemberFactory(cluster=cluster)
    ParticipationFactory(cohort=cluster.cohort)
    session = SessionFactory(cohort=cluster.cohort)
    session.clusters.add(cluster)
    invite_roster(session, by=by, now=NOW)
    assert set(session.guests.values_list("hosting", flat=True)) == {member.hosting.pk}


def test_a_host_of_two_cohorts_comes_with_its_place_in_the_cohort_of_the_cluster(by):
    cluster = ClusterFactory()
    here = ClusterMemberFactory(cluster=cluster).hosting
    elsewhere = HostingFactory(host=here.host)
    session = SessionFactory(cohort=elsewhere.cohort)
    SessionCohortFactory(session=session, cohort=cluster.cohort)
    session.clusters.add(cluster)
    invite_roster(session, by=by, now=NOW)
    assert set(session.guests.values_list("hosting", flat=True)) == {here.pk}


def test_everybody_gets_one_seat_in_every_part(by):
    session = full_session(by, parts=2)
    plan = allocate_rooms(session, by=by, now=NOW, moves=300)
    assert Seat.objects.filter(room__session=session).count() == 16
    assert plan.total == present_cost(session)[1].cost.total
    assert RoomPlan.objects.get() == plan


def test_the_same_seed_gives_the_same_seats(by):
    session = full_session(by)
    allocate_rooms(session, by=by, now=NOW, moves=300, seed=3)
    first = seats_of(session)
    allocate_rooms(session, by=by, now=NOW, moves=300, seed=3)
    assert seats_of(session) == first


def test_a_pinned_seat_stays(by):
    session = full_session(by)
    guest, room = session.guests.order_by("pk").first(), session.rooms.order_by("pk").last()
    place_guest(guest, room, by=by, now=NOW)
    for seed in range(3):
        allocate_rooms(session, by=by, now=NOW, moves=200, seed=seed)
        assert Seat.objects.get(guest=guest).room == room


def test_people_kept_apart_and_cities_of_one_pilot_sit_in_different_rooms(by):
    session = full_session(by, people=4)
    one, other, *_rest = session.guests.order_by("pk")
    keep_apart(one, other, reason="They said so", by=by, now=NOW)
    pairing = PairingFactory()
    pilot = [GuestFactory(session=session, hosting=pairing.hosting) for _n in range(2)]
    allocate_rooms(session, by=by, now=NOW, moves=400)
    room = dict(Seat.objects.values_list("guest", "room"))
    assert room[one.pk] != room[other.pk]
    assert room[pilot[0].pk] != room[pilot[1].pk]


def test_who_met_in_an_earlier_session_counts_as_met(by):
    cohort = CohortFactory()
    earlier = SessionFactory(cohort=cohort, held_on=datetime.date(2026, 5, 1))
    seat = SeatFactory(guest__session=earlier)
    neighbour = SeatFactory(guest__session=earlier, room=seat.room)
    session = SessionFactory(cohort=cohort)
    add_rooms(session, ["A", "B"], by=by, now=NOW, least=1, most=2)
    here = [GuestFactory(session=session, city=each.guest.city).code for each in (seat, neighbour)]
    assert problem_of(session).met == {frozenset(here)}


def test_the_problem_is_read_in_a_fixed_number_of_queries(by, django_assert_num_queries):
    small, large = full_session(by, people=2), full_session(by, people=9)
    pairing = PairingFactory()
    for session in (small, large):
        GuestFactory(session=session, participation=pairing.participation)
        GuestFactory(session=session, hosting=pairing.hosting)
        session.refresh_from_db()
        with django_assert_num_queries(7):
            problem_of(session)


def test_an_observer_needs_no_seat(by):
    session = full_session(by, people=3)
    add_guest(session, by=by, now=NOW, name="Olu", role=GuestRole.OBSERVER)
    allocate_rooms(session, by=by, now=NOW, moves=50)
    assert Seat.objects.count() == 3


def test_too_few_seats_are_refused_with_what_to_do(by):
    session = SessionFactory()
    add_rooms(session, ["A"], by=by, now=NOW, least=1, most=2)
    GuestFactory.create_batch(3, session=session)
    with pytest.raises(Refused, match="3 people and 2 seats"):
        allocate_rooms(session, by=by, now=NOW)


def test_an_empty_session_is_refused_with_what_to_do(by):
    with pytest.raises(Refused, match="Put the cities on the list"):
        allocate_rooms(SessionFactory(), by=by, now=NOW)


def test_a_session_whose_people_choose_is_refused(by):
    with pytest.raises(Refused, match="does not allocate"):
        allocate_rooms(SessionFactory(room_mode=RoomMode.CHOICE), by=by, now=NOW)


def test_a_late_comer_gets_a_seat_and_nobody_else_moves(by):
    session = full_session(by, people=5)
    allocate_rooms(session, by=by, now=NOW, moves=100)
    before = seats_of(session)
    late = add_guest(session, by=by, now=NOW, name="Late")
    seat_late_comer(late, by=by, now=NOW)
    assert before < seats_of(session)
    late.refresh_from_db()
    assert late.state == GuestState.HERE


def test_no_shows_are_repaired_with_few_moves(by):
    session = SessionFactory()
    add_rooms(session, ["A", "B"], by=by, now=NOW, least=3, most=8)
    GuestFactory.create_batch(8, session=session)
    allocate_rooms(session, by=by, now=NOW, moves=100)
    room = session.rooms.get(theme="A")
    for seat in list(room.seats.select_related("guest__session"))[:2]:
        mark_guest(seat.guest, GuestState.AWAY, by=by, now=NOW)
    changes = repair_rooms(session, by=by, now=NOW)
    assert len(changes) == 1
    assert sorted(each.seats.count() for each in session.rooms.all()) == [3, 3]


def test_the_command_prints_the_plan_and_a_dry_run_changes_nothing(by):
    session = full_session(by, people=4)
    out = StringIO()
    call_command("allocate_rooms", session.code, "--json", "--dry-run", "--moves", "100", stdout=out)
    answer = json.loads(out.getvalue())
    assert not Seat.objects.exists()
    assert sum(len(room["people"]) for room in answer["rounds"][0]) == 4
    assert answer["total"] == sum(answer["cost"].values())
    call_command("allocate_rooms", session.code, "--moves", "100", stdout=StringIO())
    assert Seat.objects.count() == 4


def test_the_command_says_in_one_sentence_what_is_wrong(by):
    with pytest.raises(CommandError, match="no session 'NOSUCH'"):
        call_command("allocate_rooms", "NOSUCH")
    with pytest.raises(CommandError, match="Put the cities on the list"):
        call_command("allocate_rooms", SessionFactory().code)
