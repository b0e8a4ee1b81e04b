"""The invented people of the demo. All are marked as examples; their addresses lead nowhere."""

from dataclasses import dataclass, field
from datetime import datetime

from cohorts.models import Cohort, Hosting, Participation, host_label
from cohorts.services.memberships import add_host_contact, add_member, add_team_member
from cohorts.states import MemberRole
from twinning.people.models import User
from twinning.people.roles import PlatformRole

DOMAIN = "example.org"
ZONES = {
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "PT": "Europe/Lisbon",
    "IS": "Atlantic/Reykjavik",
    "GR": "Europe/Athens",
}
ZONES |= {"FI": "Europe/Helsinki", "LT": "Europe/Vilnius", "RO": "Europe/Bucharest", "BG": "Europe/Sofia"}
ZONES |= {"TR": "Europe/Istanbul", "IL": "Asia/Jerusalem", "UA": "Europe/Kyiv"}
SHOWN_CITY, SECOND_CITY, THIRD_CITY, SHOWN_HOST = "belfast", "braga", "matosinhos", "c1-galway"
# Everybody whose log-in the demo tells: role -> local part of the address. The passwords are for the demo alone.
LOGINS = {
    "administrator": "administrator",
    "coordinator": "coordinator",
    "facilitator": "facilitator",
    "observer": "observer",
    "officer": "officer.belfast",
    "lead officer": "lead.belfast",
    "officer of two cities": "officer.two-cities",
    "host contact": "contact.galway",
}


@dataclass
class People:
    administrator: User
    coordinator: User
    observer: User
    facilitators: list[User]
    leads: dict[str, User] = field(default_factory=dict)  # by slug of the city
    contacts: dict[str, User] = field(default_factory=dict)  # by slug of the host


def password_of(local_part: str) -> str:
    return f"demo-{local_part}-password"


def login_rows() -> dict[str, dict[str, str]]:
    """role -> e-mail and password, as `var/demo-logins.json` has it."""
    return {role: {"email": f"{local}@{DOMAIN}", "password": password_of(local)} for role, local in LOGINS.items()}


def example_person(local_part: str, name: str, *, role: str = PlatformRole.NONE, zone: str = "Europe/Brussels") -> User:
    """An invented account. Only those whose log-in is told get a password."""
    return User.objects.create_trusted(
        f"{local_part}@{DOMAIN}",
        password=password_of(local_part) if local_part in LOGINS.values() else None,
        name=name,
        organisation="Invented for the demo",
        platform_role=role,
        time_zone=zone,
        is_example=True,
    )


def invent_people() -> People:
    """Those who work for the programme."""
    return People(
        administrator=example_person("administrator", "Ada Example", role=PlatformRole.ADMINISTRATOR),
        coordinator=example_person("coordinator", "Cora Example", role=PlatformRole.COORDINATOR),
        observer=example_person("observer", "Olu Example", role=PlatformRole.OBSERVER),
        facilitators=[
            example_person("facilitator", "Mara Example", role=PlatformRole.FACILITATOR),
            example_person("facilitator.two", "Niko Example", role=PlatformRole.FACILITATOR),
            example_person("facilitator.three", "Tove Example", role=PlatformRole.FACILITATOR),
        ],
    )


def give_roles(cohort: Cohort, people: People, *, now: datetime) -> None:
    """A lead officer for each twin, a contact for each host, and those whose log-in the demo tells."""
    by = people.coordinator
    add_team_member(cohort, user=people.facilitators[0], by=by, now=now)
    twins = {row.city.slug: row for row in _twins(cohort)}
    for slug, participation in twins.items():
        lead = example_person(f"lead.{slug}", f"Lead Officer {participation.city.name}", zone=_zone(participation.city))
        add_member(participation, user=lead, role=MemberRole.LEAD_OFFICER, by=by, now=now)
        people.leads[slug] = lead
    officer = example_person("officer.belfast", "Officer Belfast", zone="Europe/London")
    add_member(twins[SHOWN_CITY], user=officer, role=MemberRole.OFFICER, by=by, now=now)
    both = example_person("officer.two-cities", "Officer Two Cities", zone="Europe/Lisbon")
    for slug in (SECOND_CITY, THIRD_CITY):
        add_member(twins[slug], user=both, role=MemberRole.OFFICER, by=by, now=now)
    for hosting in _hostings(cohort):
        slug, name = hosting.host.slug, host_label(hosting.host)
        local_part = "contact.galway" if slug == SHOWN_HOST else f"contact.{slug}"
        contact = example_person(local_part, f"Contact {name}", zone=_zone(hosting.host.host_cities.all()[0].city))
        add_host_contact(hosting, user=contact, by=by, now=now)
        people.contacts[slug] = contact


def _twins(cohort: Cohort) -> list[Participation]:
    return list(Participation.objects.in_cohort(cohort).select_related("city", "cohort").order_by("city__slug"))


def _hostings(cohort: Cohort) -> list[Hosting]:
    return list(Hosting.objects.in_cohort(cohort).with_host().order_by("host__slug"))


def _zone(city) -> str:
    return ZONES.get(city.country.code, "Europe/Brussels")
