"""Collective sensemaking of the first cohort as it was published: clusters, rounds, sessions, the twelve rooms.

Days are those of the real cohort, shifted with its kick-off. Who sat where was never published, so seats are empty or an example.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from cohorts.models import City, Cohort, HostCity
from sensemaking.models import Round, Session, SessionFormat
from sensemaking.services.allocation import allocate_rooms
from sensemaking.services.clusters import Members, add_cluster
from sensemaking.services.guests import add_guest, invite_roster
from sensemaking.services.rooms import add_rooms
from sensemaking.services.sessions import move_session, plan_session
from sensemaking.states import GuestRole, Phase, SessionKind
from twinning.core.days import working_day

from .insights import report_what_was_found, tell_what_was_found
from .people import People

REPORT = "Cross-Fertilization Report D4.8, NetZeroCities"
ANNOUNCED = date(2023, 9, 25)  # of the real cohort; the other days keep their distance from it
CLUSTERS = (
    "Citizens’ actions",
    "Multi-sectoral city-wide ambition",
    "Removing barriers to innovative finance",
    "Decarbonising the built environment",
    "Built environment and heating systems",
    "Better data, knowledge and capacities",
)
# The only cluster of which the report names members.
FIRST_CLUSTER_HOSTS = ("c1-colab", "c1-turku", "c1-nantes", "c1-bristol", "c1-malmo", "c1-urbanew")
ROUNDS = ((Phase.PREPARE, 1), (Phase.ACT, 2), (Phase.ACT, 3), (Phase.ACCELERATE, 4))
THEMES = (
    "Citizen engagement, inclusion and behaviour",
    "Working with the private sector",
    "Political will and multi-level governance",
    "Cooperation of several cities",
    "Data governance, digital tools and platforms",
    "Finance that sustains projects",
    "Good internal governance",
    "Technology: from innovation to use",
    "Scaling and replicating, for Pilots and Twins",
    "Municipal capacity",
    "Monitoring, evaluation, learning, reporting",
    "Pilot activities and Climate City Contracts",
)
HARVESTERS = (
    *("guimaraes", "rivne", "torino", "lahti", "mannheim", "liberec", "malmo", "valencia"),
    *("galway", "turku", "umea", "munster", "kozani", "leuven", "vitoria-gasteiz", "drammen"),
)


@dataclass(frozen=True)
class Real:
    """One session as the report tells it."""

    title: str
    kind: str
    held_on: date
    round_number: int
    format: str
    minutes: int | None
    note: str
    purpose: str


SESSIONS = (
    Real(
        "First all-cluster session",
        SessionKind.ALL_CLUSTER,
        date(2023, 11, 16),
        1,
        "webinar",
        120,
        "More than 100 people, on 16 November 2023",
        "Connect with cities outside the own cluster. Facilitators report what each cluster found; twins speak for the first time.",
    ),
    Real(
        "Second all-cluster session",
        SessionKind.ALL_CLUSTER,
        date(2024, 6, 16),
        2,
        "open-rooms",
        180,
        "More than 100 people, on 16 June 2024",
        "Talk about what stood out in the clusters, in rooms that the cities choose themselves.",
    ),
    Real(
        "Inter-cohort session",
        SessionKind.INTER_COHORT,
        date(2024, 12, 13),
        3,
        "open-rooms",
        None,
        "Both cohorts, on 13 December 2024",
        "The older cohort leads and advises the younger one.",
    ),
    Real(
        "Harvesting better outcome stories",
        SessionKind.HARVESTING,
        date(2025, 4, 30),
        4,
        "allocated-rooms",
        None,
        "Sixteen pilots, on 30 April 2025",
        "Practise to formulate outcomes, and ask each other critical questions.",
    ),
)
QUESTIONS = {
    "Inter-cohort session": ("What should the other cohort avoid?",),
    "Harvesting better outcome stories": (
        "What changed, and for whom?",
        "Why does it matter?",
        "What shows that it happened?",
        "What did the pilot add to it?",
        "What would have happened without it?",
    ),
}
AGENDA = {
    "Harvesting better outcome stories": (
        ("Welcome and introduction", None, None),
        ("Icebreaker on the board", None, None),
        ("Outcome harvesting: what it is, and the report", None, None),
        ("Reflect alone on the board", None, None),
        ("Break", None, None),
        ("In rooms: formulate outcomes", None, 1),
        ("Wrap up", None, None),
    ),
}


def add_sessions(cohort: Cohort, people: People, *, now: datetime) -> None:
    """Clusters, rounds and the four published sessions. Those in the past are closed."""
    by = people.coordinator
    for number, name in enumerate(CLUSTERS):
        hosts = FIRST_CLUSTER_HOSTS if number == 0 else ()
        hostings = cohort.hostings.filter(host__slug__in=hosts).order_by("pk").values_list("pk", flat=True)
        add_cluster(cohort, name, members=Members(list(hostings)), by=by, now=now)
    rounds = {number: Round.objects.create(cohort=cohort, phase=phase, number=number) for phase, number in ROUNDS}
    sessions = {real.title: _plan(cohort, real, rounds[real.round_number], by=by, now=now) for real in SESSIONS}
    _open_rooms(sessions["Second all-cluster session"], people, now=now)
    _harvesting(sessions["Harvesting better outcome stories"], by=by, now=now)
    first = sessions["First all-cluster session"]
    is_past = first.held_on < now.date()
    if is_past:
        tell_what_was_found(first, CLUSTERS, by=by, now=now)
    for session in sessions.values():
        if session.held_on < now.date():
            move_session(session, "close", by=by, now=now)
    if is_past:
        report_what_was_found(first, by=by, now=now)


def _plan(cohort: Cohort, real: Real, in_round: Round, *, by, now: datetime) -> Session:
    day = working_day(cohort.kickoff_on + (real.held_on - ANNOUNCED))
    zone = ZoneInfo("Europe/Brussels")
    session = plan_session(
        [cohort],
        title=real.title,
        kind=real.kind,
        round=in_round,
        format=SessionFormat.objects.get(slug=real.format),
        held_on=day,
        starts_at=datetime.combine(day, time(10), tzinfo=zone) if real.minutes else None,
        minutes=real.minutes,
        purpose=real.purpose,
        agenda=AGENDA.get(real.title, ()),
        questions=QUESTIONS.get(real.title, ()),
        by=by,
        now=now,
    )
    Session.objects.filter(pk=session.pk).update(present_note=real.note, sources=[REPORT])
    session.refresh_from_db()
    return session


def _open_rooms(session: Session, people: People, *, now: datetime) -> None:
    """The twelve published themes, a place for every city, and three invented facilitators."""
    by = people.coordinator
    add_rooms(session, THEMES, by=by, now=now, least=3, most=8)
    invite_roster(session, by=by, now=now)
    for person in people.facilitators:
        role = GuestRole.FACILITATOR
        add_guest(session, name=str(person), organisation="Example", user=person, role=role, by=by, now=now)


def _harvesting(session: Session, *, by, now: datetime) -> None:
    """Sixteen cities of pilots in rooms of three and four, allocated by the application."""
    add_rooms(session, [""] * 4, by=by, now=now, least=3, most=4)
    hostings = {row.city_id: row.host for row in _host_cities(session)}
    for city in City.objects.filter(slug__in=HARVESTERS).order_by("slug"):
        hosting = hostings[city.pk].hostings.get(cohort__in=session.cohorts.all()) if city.pk in hostings else None
        add_guest(session, city=city, hosting=hosting, by=by, now=now)
    allocate_rooms(session, by=by, now=now, moves=2_000)


def _host_cities(session: Session):
    rows = HostCity.objects.filter(host__hostings__cohort__in=session.cohorts.all()).select_related("host")
    return rows.order_by("pk")
