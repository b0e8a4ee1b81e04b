"""Lists of pairings, and everything that stands on the page of one."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db import models
from django.utils.translation import gettext as _

from twinning.audit.models import JournalEntry
from twinning.core.addresses import addresses_of

from ..models import (
    Cohort,
    Event,
    FacilitatorAssignment,
    HostContact,
    Hosting,
    Membership,
    Pairing,
    host_label,
)
from ..states import OPEN_PAIRING, Confidence, EventKind, PairingState
from .calendar import events_of_twin, next_event, warnings_from
from .cohorts import progress_of


@dataclass(frozen=True, slots=True)
class PairingRow:
    """One row of the list, in words: a table of many rows is drawn much faster from these than from objects."""

    twin: str
    host: str
    url: str
    state: str
    state_label: str
    visits: str  # "1/3", or nothing where none is planned
    next_title: str
    next_on: date | None
    facilitators: str
    known_by: str


def rows_of_list(page: models.QuerySet[Pairing], *, today: date) -> list[PairingRow]:
    """What the rows of one page of pairings `by_twin` show: visits, what is next, facilitators. Three queries.

    Plain columns, asked for the page alone: in a large cohort that is much cheaper than objects with everything counted.
    """
    # Chosen first and read afterwards: the database then sorts nothing but names and keys.
    chosen = Pairing.objects.filter(pk__in=page.values("pk"))
    in_order = chosen.order_by("participation__city__name", "pk", "hosting__host__host_cities__position")
    # A host of several cities has a row for each of them.
    rows = [list(alike) for _pk, alike in groupby(in_order.values_list(*LISTED), key=lambda row: row[0])]
    ids = [alike[0][0] for alike in rows]
    progress, names = progress_of(ids, today=today), _names_of_facilitators(ids)
    states, confidences = _labels(PairingState), _labels(Confidence)
    address, nobody = addresses_of("cohorts:pairing-detail"), _("none yet")
    return [
        PairingRow(
            twin=twin,
            host=city if len(alike) == 1 and city else acronym or title,  # as `host_label`
            url=address(code),
            state=state,
            state_label=states[state],
            visits=progress[pk].visits,
            next_title=progress[pk].next_title,
            next_on=progress[pk].next_on,
            facilitators=", ".join(names[pk]) or (nobody if state in OPEN_PAIRING else ""),
            known_by=confidences[confidence],
        )
        for alike in rows
        for pk, code, state, confidence, twin, acronym, title, city in alike[:1]
    ]


LISTED = (
    "pk",
    "code",
    "state",
    "confidence",
    "participation__city__name",
    "hosting__host__acronym",
    "hosting__host__title",
    "hosting__host__host_cities__city__name",
)


def _labels(choices: type[models.TextChoices]) -> dict[str, str]:
    """Value -> word: each translated once, not for every row."""
    return {value: str(label) for value, label in choices.choices}


def _names_of_facilitators(pairings: list[int]) -> dict[int, list[str]]:
    """Who accompanies these pairings now, leads first."""
    names = defaultdict(list)
    current = FacilitatorAssignment.objects.current().filter(pairing__in=pairings).order_by("-is_lead", "pk")
    for pairing, name, email in current.values_list("pairing", "user__name", "user__email"):
        names[pairing].append(name or email)
    return names


@dataclass(frozen=True)
class PairingPage:
    title: str  # "Belfast – Galway"
    host: str
    officers: list[Membership]
    contacts: list[HostContact]
    facilitators: list[FacilitatorAssignment]
    visits: list[Event]
    meetings: list[Event]  # other events of this pairing
    coming: Event | None
    warnings: list[str]
    others: list[Pairing]  # earlier and later pairings of the same twin that the reader may open
    siblings: list[Pairing]  # other twins of the same host, as far as the reader knows
    history: list[JournalEntry]


def pairing_page(pairing: Pairing, user, *, today: date) -> PairingPage:
    """What the page of a pairing shows besides the pairing itself. Nine queries, whatever the size."""
    host = host_label(pairing.hosting.host)
    of_twin = events_of_twin(pairing)
    events = [event for event in of_twin if event.pairing_id == pairing.pk]
    for event in events:
        event.pairing = pairing  # with both sides, for whoever names it
    siblings = (
        Pairing.objects.known_to(user)
        .open()
        .filter(hosting=pairing.hosting_id)
        .exclude(pk=pairing.pk)
        .select_related("participation__city")
        .order_by("participation__city__name", "pk")
    )
    others = (
        Pairing.objects.visible_to(user)
        .filter(participation=pairing.participation_id)
        .exclude(pk=pairing.pk)
        .with_sides()
        .order_by("-confirmed_at", "-pk")
    )
    return PairingPage(
        title=f"{pairing.participation.city} – {host}",
        host=host,
        officers=_people(pairing.participation.memberships).order_by("role", "pk"),
        contacts=_people(pairing.hosting.contacts).order_by("pk"),
        facilitators=_people(pairing.assignments).order_by("-is_lead", "pk"),
        visits=[event for event in events if event.kind == EventKind.SITE_VISIT],
        meetings=[event for event in events if event.kind != EventKind.SITE_VISIT],
        coming=next_event(events, today=today),
        warnings=warnings_from(pairing, of_twin),
        others=list(others),
        siblings=list(siblings),
        history=history_of_pairing(pairing, events),
    )


def _people(rows):
    return rows.current().select_related("user")


def history_of_pairing(pairing: Pairing, events: list[Event]) -> list[JournalEntry]:
    """The lines of the pairing and of its events, newest first."""
    about = models.Q(object_type=pairing._meta.label_lower, object_id=pairing.pk)
    if events:
        about |= models.Q(object_type=Event._meta.label_lower, object_id__in=[event.pk for event in events])
    return list(JournalEntry.objects.filter(about).select_related("by").order_by("-at", "-pk")[:40])


def hostings_with_room(cohort: Cohort, *, besides: Pairing | None = None) -> models.QuerySet[Hosting]:
    """Hosts of the cohort that can take one more twin, by name; without the host of `besides` and its twin's own."""
    open_pairings = models.Count("pairings", filter=models.Q(pairings__ended_at=None))
    hostings = (
        Hosting.objects.in_cohort(cohort)
        .receiving()
        .annotate(open_pairings=open_pairings)
        .filter(open_pairings__lt=models.F("capacity_maximum"))
    )
    if besides is not None:
        own = Hosting.objects.filter(host__cities=besides.participation.city_id).values("pk")
        hostings = hostings.exclude(pk=besides.hosting_id).exclude(pk__in=own)
    return hostings.select_related("host").prefetch_related("host__host_cities__city").by_label()


def pairings_to_announce(cohort: Cohort, user) -> list[Pairing]:
    """Confirmed pairings of the cohort that nobody outside the team knows of yet, with the people who would get a letter."""
    people = {"to_attr": "current_people"}
    return list(
        Pairing.objects.visible_to(user)
        .in_cohort(cohort)
        .filter(announced_at=None, ended_at=None)
        .with_sides()
        .prefetch_related(
            models.Prefetch(
                "participation__memberships",
                Membership.objects.current().select_related("user").order_by("pk"),
                **people,
            ),
            models.Prefetch(
                "hosting__contacts", HostContact.objects.current().select_related("user").order_by("pk"), **people
            ),
        )
        .order_by("participation__city__name", "pk")
    )


def readers_of_announcement(pairing: Pairing) -> list:
    """Who gets the letter that announces a pairing of `pairings_to_announce`; each person once."""
    rows = [*pairing.participation.current_people, *pairing.hosting.current_people]
    return list({row.user.pk: row.user for row in rows if row.user.is_active}.values())
