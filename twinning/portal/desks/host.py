"""The desk of whoever speaks for a host: its twins, and what one may add for each of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Event, Hosting, Membership, Pairing
from cohorts.selectors.both_sides import pairings_to_answer
from cohorts.states import Side
from outputs.kinds import WRITTEN_BY_HOSTS_TOO
from outputs.models import Output
from outputs.selectors.facts import versions_to_check
from outputs.states import WRITABLE, OutputState

from ..dates import DateRow, merged, next_events
from ..standing import Standing
from .parts import Helper, SmallMap, Step, answer_step, facilitator_helpers, facilitators_of, map_of


@dataclass(frozen=True, slots=True)
class Twin:
    """One twin of the host, with the output in which the host has a part."""

    pairing: Pairing
    name: str
    state: str
    text: str
    url: str
    action: str | Promise
    may_add: bool


@dataclass(frozen=True)
class HostDesk:
    hosting: Hosting
    name: str
    month: int | None  # of the cohort
    twins: list[Twin]
    step: Step
    dates: list[DateRow]
    helpers: list[Helper]
    map: SmallMap | None


def host_desk(standing: Standing, today: date) -> HostDesk:
    """Twelve queries at most, and a few for each version that waits for the host's word."""
    user, name = standing.user, standing.acting.name
    hosting = Hosting.objects.select_related("host", "cohort").get(pk=standing.acting.subject_id)
    pairings = list(
        Pairing.objects.visible_to(user)
        .filter(hosting=hosting)
        .announced()
        .with_sides()
        .order_by("participation__city__name", "pk")
    )
    twins = _twins(user, pairings)
    events = Event.objects.visible_to(user).in_cohort(hosting.cohort)
    events = events.filter(models.Q(pairing=None) | models.Q(pairing__in=[pairing.pk for pairing in pairings]))
    return HostDesk(
        hosting=hosting,
        name=name,
        month=hosting.cohort.month_on(today),
        twins=twins,
        step=_answer_step(pairings) or _facts_step(pairings, name) or _step(hosting, name, twins),
        dates=merged(next_events(events, today)),
        helpers=[*facilitator_helpers(facilitators_of(pairings)), *_officers(pairings)],
        map=map_of(pairings) if pairings else None,
    )


def _twins(user, pairings: list[Pairing]) -> list[Twin]:
    roadmaps: dict[int, list[Output]] = defaultdict(list)
    ids = [pairing.participation_id for pairing in pairings]
    shared = Output.objects.visible_to(user).filter(participation__in=ids, kind__in=WRITTEN_BY_HOSTS_TOO)
    for output in shared.order_by("position", "pk"):
        roadmaps[output.participation_id].append(output)
    return [_twin(pairing, next(iter(roadmaps[pairing.participation_id]), None)) for pairing in pairings]


def _twin(pairing: Pairing, roadmap: Output | None) -> Twin:
    name = pairing.participation.city.name
    if roadmap is None:
        return Twin(
            pairing,
            name,
            "",
            _("Its outputs are not planned yet."),
            pairing.get_absolute_url(),
            _("Open"),
            may_add=False,
        )
    may_add = roadmap.state in WRITABLE
    if may_add:
        words = _("%(output)s: add what you can show, and what you want to learn yourselves.") % {
            "output": roadmap.label
        }
    else:
        words = _ROADMAP_WORDS.get(roadmap.state, lambda output: "")(roadmap)
    action = _("Add your part") if may_add else _("View")
    return Twin(pairing, name, roadmap.state, words, roadmap.get_absolute_url(), action, may_add)


_ROADMAP_WORDS = {
    OutputState.SUBMITTED: lambda output: (
        _("%(output)s: submitted on %(day)s, in review.") % {"output": output.label, "day": _day(output.submitted_at)}
    ),
    OutputState.ACCEPTED: lambda output: (
        _("%(output)s: accepted on %(day)s.") % {"output": output.label, "day": _day(output.accepted_at)}
    ),
    OutputState.WAIVED: lambda output: _("%(output)s: not asked for.") % {"output": output.label},
}


def _day(moment) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y")


def _answer_step(pairings: list[Pairing]) -> Step | None:
    """The first twin about which the host has not said whether it accepts it."""
    waiting = pairings_to_answer(pairings, Side.HOST)
    return answer_step(waiting[0], waiting[0].participation.city.name) if waiting else None


def _facts_step(pairings: list[Pairing], name: str) -> Step | None:
    """What a twin has written about the host and the host has not checked yet: what waits longest first."""
    waiting = versions_to_check([pairing.participation_id for pairing in pairings])
    if not waiting:
        return None
    version = waiting[0]
    city, output = version.output.participation.city.name, version.output
    title = _("Check the facts in the %(output)s of %(city)s") % {"output": output.label, "city": city}
    text = _("%(city)s has written about what it saw at %(host)s. Say of each practice whether it is right.") % {
        "city": city,
        "host": name,
    }
    who = _("You or another contact of %(host)s; the judgement stays with %(city)s.") % {"host": name, "city": city}
    if more := len(waiting) - 1:
        who += " " + ngettext("%(n)d more waits.", "%(n)d more wait.", more) % {"n": more}
    url = reverse("outputs:version-facts", args=[output.code, version.number])
    return Step(title, text, who, url, _("Check the facts"), state=output.state)


def _step(hosting: Hosting, name: str, twins: list[Twin]) -> Step:
    open_twins = [twin for twin in twins if twin.may_add]
    if open_twins:
        twin = min(
            open_twins, key=lambda twin: twin.state == OutputState.NOT_STARTED
        )  # the first that is being written
        title = _("Add your part to the Learning Roadmap of %(city)s") % {"city": twin.name}
        text = _(
            "Say what %(host)s can show on each question of %(city)s, and write at least one question of your own."
        ) % {
            "host": name,
            "city": twin.name,
        }
        who = _("You or another contact of %(host)s; %(city)s submits it.") % {"host": name, "city": twin.name}
        return Step(title, text, who, twin.url, twin.action, state=twin.state)
    if twins:
        url = twins[0].pairing.get_absolute_url()
        return Step(
            _("Nothing to add now"), _("Your part of every roadmap is handed in."), "", url, _("Open the pairing")
        )
    text = _("As soon as a twin is announced to you, you get a letter and find it here.")
    return Step(_("Your twins will be announced"), text, "", hosting.cohort.get_absolute_url(), _("Open the cohort"))


def _officers(pairings: list[Pairing]) -> list[Helper]:
    ids = [pairing.participation_id for pairing in pairings]
    members = Membership.objects.current().filter(participation__in=ids).select_related("user", "participation__city")
    return [
        Helper(str(row.user), f"{row.get_role_display()}, {row.participation.city}", row.user.email)
        for row in members.order_by("participation__city__name", "role", "pk")
    ]
