"""What several desks share: the next step, who helps, a small map."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cohorts.models import FacilitatorAssignment, HostContact, Pairing, host_label
from twinning.core.pictures import europe


@dataclass(frozen=True, slots=True)
class Step:
    """The one next thing: what, why, who must do it, and the button."""

    title: str
    text: str
    who: str
    url: str
    action: str | Promise
    state: str = ""
    due_on: date | None = None
    days_late: int = 0


@dataclass(frozen=True, slots=True)
class Helper:
    name: str
    what: str
    email: str


@dataclass(frozen=True, slots=True)
class SmallMap:
    twins: tuple[europe.Twin, ...]
    hosts: tuple[europe.Host, ...]
    pairings: tuple[europe.Pairing, ...]


def answer_step(pairing: Pairing, partner: str) -> Step:
    """Accept or decline the pairing with `partner`: for officers the host, for host contacts the twin."""
    return Step(
        title=_("Do you accept the pairing with %(partner)s?") % {"partner": partner},
        text=_("Accept it, or decline it and say why. Nothing ends by a decline; the team talks to you first."),
        who=_("One answer of your side is enough."),
        url=reverse("cohorts:pairing-answer", args=[pairing.code]),
        action=_("Answer"),
        due_on=pairing.answer_by,
    )


def facilitators_of(pairings: list[Pairing]) -> list[FacilitatorAssignment]:
    """Who accompanies these pairings now, leads first. One query, none without pairings."""
    if not pairings:
        return []
    current = FacilitatorAssignment.objects.current().filter(pairing__in=[pairing.pk for pairing in pairings])
    return list(current.select_related("user").order_by("-is_lead", "pk"))


def facilitator_helpers(assignments: list[FacilitatorAssignment]) -> list[Helper]:
    helpers: dict[int, Helper] = {}
    for row in assignments:
        helpers.setdefault(row.user_id, Helper(str(row.user), _("Your facilitator"), row.user.email))
    return list(helpers.values())


def host_helpers(pairing: Pairing) -> list[Helper]:
    contacts = HostContact.objects.current().filter(hosting=pairing.hosting_id).select_related("user").order_by("pk")
    what = _("Contact at %(host)s, your host") % {"host": host_label(pairing.hosting.host)}
    return [Helper(str(contact.user), what, contact.user.email) for contact in contacts]


def map_of(pairings: list[Pairing]) -> SmallMap:
    """The cities of a few pairings, for a small map. Wants `with_sides()`."""
    twins, hosts = {}, {}
    for pairing in pairings:
        city, host = pairing.participation.city, pairing.hosting.host
        twins[city.slug] = europe.Twin(city.slug, europe.Place(city.name, city.longitude, city.latitude))
        rows = sorted(host.host_cities.all(), key=lambda row: row.position)
        places = tuple(europe.Place(row.city.name, row.city.longitude, row.city.latitude) for row in rows)
        hosts[host.slug] = europe.Host(host.slug, host_label(host), places)
    lines = tuple(europe.Pairing(row.participation.city.slug, row.hosting.host.slug) for row in pairings)
    return SmallMap(tuple(twins.values()), tuple(hosts.values()), lines)
