"""A cohort as a whole: its figures, its map, its timeline, its pairings. Shaped for the cohort page; outputs come on top.

Everything starts from what the reader knows: a pairing that is not announced is not even counted for outsiders.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from twinning.core.pictures import europe, timeline

from ..models import (
    Cohort,
    Event,
    FacilitatorAssignment,
    HostCity,
    Hosting,
    Pairing,
    Participation,
    host_label,
)
from ..states import OPEN_PAIRING, PARTICIPATING, EventKind, EventScope, EventState, ParticipationState

TAKES_PART = (*PARTICIPATING, ParticipationState.COMPLETED)


def cohorts_for_list(user) -> models.QuerySet[Cohort]:
    """The cohorts the reader has a part in, youngest first, with numbers of twins, hosts and known pairings."""
    twins = Participation.objects.known_to(user).filter(state__in=TAKES_PART)
    pairings = Pairing.objects.known_to(user).open()
    return (
        Cohort.objects.visible_to(user)
        .select_related("programme")
        .annotate(
            twin_count=_count_of(twins, "cohort"),
            host_count=_count_of(Hosting.objects.receiving(), "cohort"),
            pairing_count=_count_of(pairings, "participation__cohort"),
        )
        .order_by(models.F("kickoff_on").desc(nulls_last=True), "-starts", "-pk")
    )


def _count_of(rows: models.QuerySet, path: str) -> models.functions.Coalesce:
    counted = rows.filter(**{path: models.OuterRef("pk")}).order_by().values(path).annotate(n=models.Count("pk"))
    return models.functions.Coalesce(models.Subquery(counted.values("n")), 0)


@dataclass(frozen=True)
class CohortFigures:
    """What the cohort consists of, as far as the reader knows."""

    twins: int  # known by name and taking part
    hosts: int
    pairings: int  # open ones that the reader knows of
    visits_held: int
    visits_planned: int  # held ones included


def cohort_figures(cohort: Cohort, user) -> CohortFigures:
    """The numbers above a cohort page, as far as the reader knows. One query, whatever the size."""
    twins = Participation.objects.known_to(user).in_cohort(cohort).filter(state__in=TAKES_PART)
    known = Pairing.objects.known_to(user).in_cohort(cohort).open()
    visits = (
        Event.objects.in_cohort(cohort)
        .not_cancelled()
        .filter(kind=EventKind.SITE_VISIT, pairing__in=known.values("pk"))
    )
    counted = Cohort.objects.filter(pk=cohort.pk).values(
        twins=_count_of(twins, "cohort"),
        hosts=_count_of(Hosting.objects.in_cohort(cohort).receiving(), "cohort"),
        pairings=_count_of(known, "participation__cohort"),
        visits_held=_count_of(visits.filter(state=EventState.HELD), "cohort"),
        visits_planned=_count_of(visits, "cohort"),
    )
    return CohortFigures(**counted.get())


@dataclass(frozen=True)
class CohortMap:
    """Ready for `{% europe_map %}`. Keys: public codes of participations and hostings."""

    twins: tuple[europe.Twin, ...]
    hosts: tuple[europe.Host, ...]
    pairings: tuple[europe.Pairing, ...]


def cohort_map(cohort: Cohort, user, pairings: list[Pairing], *, late: models.QuerySet, warning: str) -> CohortMap:
    """The whole cohort: these pairings, and all twins and hosts that the reader knows of. Three queries, whatever the size.

    `pairings`: those of `pairings_for_cohort_page`; `late`: keys of the participations whose mark carries the warning.
    """
    twins = (
        Participation.objects.known_to(user)
        .in_cohort(cohort)
        .filter(state__in=TAKES_PART)
        .select_related("city")
        .annotate(is_late=models.Q(pk__in=late))
        .order_by("city__name", "pk")
    )
    hostings = (
        Hosting.objects.in_cohort(cohort)
        .receiving()
        .select_related("host")
        .prefetch_related(models.Prefetch("host__host_cities", HostCity.objects.select_related("city")))
        .order_by("host__title", "pk")
    )
    urls = _addresses(pairings)
    return CohortMap(
        twins=tuple(_map_twin(twin, urls, warning if twin.is_late else "") for twin in twins),
        hosts=tuple(_map_host(hosting) for hosting in hostings),
        pairings=_lines(pairings),
    )


def map_of_pairings(pairings: list[Pairing], *, late: set[int], warning: str) -> CohortMap:
    """These pairings with their two sides and nothing else, where the whole is too much for one picture. No query."""
    urls = _addresses(pairings)
    twins = {pairing.participation_id: pairing.participation for pairing in pairings}.values()
    hostings = {pairing.hosting_id: pairing.hosting for pairing in pairings}.values()
    return CohortMap(
        twins=tuple(
            _map_twin(twin, urls, warning if twin.pk in late else "")
            for twin in sorted(twins, key=lambda twin: (twin.city.name, twin.pk))
        ),
        hosts=tuple(_map_host(row) for row in sorted(hostings, key=lambda row: (row.host.title, row.pk))),
        pairings=_lines(pairings),
    )


def _addresses(pairings: list[Pairing]) -> dict[int, str]:
    """Participation id -> the page of its pairing, where the reader may open it."""
    return {pairing.participation_id: pairing.get_absolute_url() for pairing in pairings if pairing.reader_sees}


def _lines(pairings: list[Pairing]) -> tuple[europe.Pairing, ...]:
    in_order = sorted(pairings, key=lambda pairing: pairing.pk)
    return tuple(europe.Pairing(pairing.participation.code, pairing.hosting.code) for pairing in in_order)


def _map_twin(twin: Participation, urls: dict[int, str], warning: str) -> europe.Twin:
    url = urls.get(twin.pk) or twin.city.get_absolute_url()
    return europe.Twin(twin.code, _place(twin.city), url, warning=warning)


def _place(city) -> europe.Place:
    return europe.Place(city.name, city.longitude, city.latitude)


def _map_host(hosting: Hosting) -> europe.Host:
    rows = sorted(hosting.host.host_cities.all(), key=lambda row: row.position)
    places = tuple(_place(row.city) for row in rows)
    return europe.Host(hosting.code, host_label(hosting.host), places, hosting.host.get_absolute_url())


@dataclass(frozen=True)
class CohortTimeline:
    """Ready for `{% cohort_timeline %}`. Empty in a cohort without programme or kick-off."""

    modules: tuple[timeline.Module, ...] = ()
    events: tuple[timeline.Mark, ...] = ()
    deadlines: tuple[timeline.Mark, ...] = ()  # due dates of the programme's outputs, and milestones


def cohort_timeline(cohort: Cohort, today: date) -> CohortTimeline:
    """The programme's frame in dates: modules, events of the cohort, one mark for what each pairing does, due dates.

    Five queries, whatever the size. What became of the outputs is the outputs' to say: their marks are never done.
    """
    if not cohort.programme_id or not cohort.kickoff_on:
        return CohortTimeline()
    return CohortTimeline(_modules(cohort), _event_marks(cohort), _deadline_marks(cohort))


def _modules(cohort: Cohort) -> tuple[timeline.Module, ...]:
    modules = list(cohort.programme.modules.order_by("position", "pk"))
    starts = [module.date_from(cohort.kickoff_on) for module in modules]
    last_day = cohort.ends_on or max(starts, default=cohort.kickoff_on)
    ends = [*(start - timedelta(days=1) for start in starts[1:]), last_day]
    return tuple(
        timeline.Module(f"{module.position} {module.title}", start, max(start, end))
        for module, start, end in zip(modules, starts, ends, strict=False)
    )


SHORT_NAMES = {
    EventKind.KICK_OFF: lambda number: pgettext("event", "Kick-off"),
    EventKind.SEMINAR: lambda number: _("Seminar %(number)d") % {"number": number},
    EventKind.WORKSHOP: lambda number: _("Workshop %(number)d") % {"number": number},
    EventKind.SITE_VISIT: lambda number: _("Visit %(number)d") % {"number": number},
    EventKind.THEMATIC_SESSION: lambda number: _("Thematic %(number)d") % {"number": number},
    EventKind.CLOSING: lambda number: pgettext("event", "Closing"),
}


def short_event_name(kind: str, number: int) -> str:
    """ "Visit 2": what fits below a mark. `title` says the whole name."""
    return SHORT_NAMES[EventKind(kind)](number)


def _event_marks(cohort: Cohort) -> tuple[timeline.Mark, ...]:
    common = Event.objects.in_cohort(cohort).not_cancelled().filter(pairing=None).order_by("planned_on", "pk")
    marks = [
        timeline.Mark(
            event.planned_on,
            short_event_name(event.kind, event.number),
            "event",
            done=event.state == EventState.HELD,
            title=event.title,
            url=event.get_absolute_url(),
        )
        for event in common
    ]
    return (*marks, *_pairing_marks(cohort))


def _pairing_marks(cohort: Cohort) -> list[timeline.Mark]:
    """One mark for what every pairing does on its own days, on the programme's day; done once all have done it."""
    events = Event.objects.in_cohort(cohort).not_cancelled().filter(pairing__state__in=OPEN_PAIRING)
    same = events.filter(kind=models.OuterRef("kind"), number=models.OuterRef("number"))
    templates = cohort.programme.events.filter(scope=EventScope.PAIRING).annotate(
        is_planned=models.Exists(same), is_open=models.Exists(same.filter(state=EventState.PLANNED))
    )
    marks = []
    for template in templates.order_by("number", "pk"):
        is_done = template.is_planned and not template.is_open
        look = "visit" if template.kind == EventKind.SITE_VISIT else "event"
        label = short_event_name(template.kind, template.number)
        day = template.date_from(cohort.kickoff_on)
        marks.append(timeline.Mark(day, label, look, done=is_done, title=template.title))
    return marks


def _deadline_marks(cohort: Cohort) -> tuple[timeline.Mark, ...]:
    due = [
        timeline.Mark(
            output.date_from(cohort.kickoff_on),
            f"O{output.position} {cohort.label_of(output)}",
            "deadline",
            title=_("%(output)s due") % {"output": cohort.label_of(output)},
        )
        for output in cohort.programme.outputs.order_by("position", "pk")
    ]
    milestones = [
        timeline.Mark(
            milestone.date_from(cohort.kickoff_on), f"M{milestone.number}", "milestone", title=milestone.title
        )
        for milestone in cohort.programme.milestones.order_by("number", "pk")
    ]
    return (*due, *milestones)


def pairings_for_cohort_page(cohort: Cohort, user, *, today: date) -> models.QuerySet[Pairing]:
    """Open pairings of the cohort that the reader knows of, by the twin's name; for `PairingFilter` to narrow.

    Each with both sides, `facilitators` (current assignments), `visits_held`, `visits_planned` (held ones included),
    `next_event_on`, `next_event_title`, and `reader_sees`: whether the reader may open it; else show the names alone.
    """
    return with_progress(Pairing.objects.known_to(user).in_cohort(cohort).open(), user, today=today)


def with_progress(pairings: models.QuerySet[Pairing], user, *, today: date) -> models.QuerySet[Pairing]:
    """Annotates what a row of a pairing list shows. Three queries, whatever the size."""
    events = Event.objects.filter(pairing=models.OuterRef("pk")).not_cancelled()
    visits = events.filter(kind=EventKind.SITE_VISIT)
    upcoming = events.filter(state=EventState.PLANNED, planned_on__gte=today).order_by("planned_on", "pk")
    sees = models.Exists(Pairing.objects.visible_to(user).filter(pk=models.OuterRef("pk")))
    return (
        pairings.select_related("participation__city", "participation__cohort", "hosting__host")
        .prefetch_related(
            models.Prefetch("hosting__host__host_cities", HostCity.objects.select_related("city").order_by("position")),
            models.Prefetch(
                "assignments",
                FacilitatorAssignment.objects.current().select_related("user").order_by("-is_lead", "pk"),
                to_attr="facilitators",
            ),
        )
        .annotate(
            visits_planned=_tally(visits),
            visits_held=_tally(visits.filter(state=EventState.HELD)),
            next_event_on=models.Subquery(upcoming.values("planned_on")[:1]),
            next_event_title=models.Subquery(upcoming.values("title")[:1]),
            reader_sees=models.Value(True, output_field=models.BooleanField()) if user.sees_all else sees,
        )
        .order_by("participation__city__name", "pk")
    )


def _tally(events: models.QuerySet[Event]) -> models.functions.Coalesce:
    counted = events.order_by().values("pairing").annotate(n=models.Count("pk")).values("n")
    return models.functions.Coalesce(models.Subquery(counted), 0)
