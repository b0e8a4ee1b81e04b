"""A cohort as a whole: its figures, its map, its timeline, its pairings. Shaped for the cohort page; outputs come on top.

Everything starts from what the reader knows: a pairing that is not announced is not even counted for outsiders.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from twinning.core.pictures import timeline

from ..models import (
    Cohort,
    Event,
    Hosting,
    Pairing,
    Participation,
    ProgrammeEvent,
    ProgrammeMilestone,
    ProgrammeModule,
    ProgrammeOutput,
)
from ..states import EventKind, EventScope, EventState, PairingState
from .pairs import TAKES_PART


def cohorts_for_list(user) -> models.QuerySet[Cohort]:
    """The cohorts the reader has a part in, youngest first, with numbers of twins, hosts and known pairings."""
    twins = Participation.objects.known_to(user).filter(state__in=TAKES_PART)
    pairings = Pairing.objects.known_to(user).open()
    return (
        Cohort.objects.visible_to(user)
        .select_related("programme")
        .annotate(
            twin_count=count_of(twins, "cohort"),
            host_count=count_of(Hosting.objects.receiving(), "cohort"),
            pairing_count=count_of(pairings, "participation__cohort"),
        )
        .order_by(models.F("kickoff_on").desc(nulls_last=True), "-starts", "-pk")
    )


def count_of(rows: models.QuerySet, path: str) -> models.functions.Coalesce:
    """How many of these rows belong to a cohort, inside a query of cohorts; `path` leads from a row to its cohort."""
    counted = rows.filter(**{path: models.OuterRef("pk")}).order_by().values(path).annotate(n=models.Count("pk"))
    return models.functions.Coalesce(models.Subquery(counted.values("n")), 0)


class CountOf(models.Subquery):
    """How many rows there are, inside a query of something else. Cheaper to write than `count_of`, but for rows of one cohort."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = models.IntegerField()

    def __init__(self, rows: models.QuerySet) -> None:
        super().__init__(rows.order_by().values("pk"))


class CountBeside(CountOf):
    """The same inside an aggregate of other rows: a number that does not depend on them."""

    contains_aggregate = True


@dataclass(frozen=True)
class CohortFigures:
    """What the cohort consists of, as far as the reader knows."""

    twins: int  # known by name and taking part
    hosts: int
    pairings: int  # open ones that the reader knows of
    more: dict[str, object]


def cohort_figures(cohort: Cohort, user, **more: models.expressions.Combinable) -> CohortFigures:
    """The numbers above a cohort page, as far as the reader knows. One query, whatever the size.

    `more`: what else somebody wants to know of these pairings, or of the cohort, in the same query.
    """
    twins = Participation.objects.known_to(user).in_cohort(cohort).filter(state__in=TAKES_PART)
    known = Pairing.objects.known_to(user).in_cohort(cohort).open()
    hosts = Hosting.objects.in_cohort(cohort).receiving()
    numbers = known.aggregate(twins=CountBeside(twins), hosts=CountBeside(hosts), pairings=models.Count("*"), **more)
    return CohortFigures(more={name: numbers.pop(name) for name in more}, **numbers)


@dataclass(frozen=True)
class CohortTimeline:
    """Ready for `{% cohort_timeline %}`. Empty in a cohort without programme or kick-off."""

    modules: tuple[timeline.Module, ...] = ()
    events: tuple[timeline.Mark, ...] = ()
    deadlines: tuple[timeline.Mark, ...] = ()  # due dates of the programme's outputs, and milestones


def cohort_timeline(
    cohort: Cohort, common: Iterable[Event], of_pairings: Iterable["EventOfPairings"]
) -> CohortTimeline:
    """The programme's frame in dates: modules, events of the cohort, one mark for what each pairing does, due dates.

    One query. `common`: those of `common_events`; `of_pairings`: those of `events_of_pairings`. What became of the
    outputs is the outputs' to say: their marks are never done.
    """
    if not cohort.programme_id or not cohort.kickoff_on:
        return CohortTimeline()
    frame = _frame_of(cohort.programme_id)
    marks = [*_event_marks(common), *_pairing_marks(cohort, frame[ProgrammeEvent], of_pairings)]
    deadlines = _deadline_marks(cohort, frame[ProgrammeOutput], frame[ProgrammeMilestone])
    return CohortTimeline(_modules(cohort, frame[ProgrammeModule]), tuple(marks), deadlines)


# Part of a programme -> the fields that hold its place in the order, its kind and its title.
FRAME = {
    ProgrammeModule: ("position", "", "title"),
    ProgrammeEvent: ("number", "kind", "title"),
    ProgrammeOutput: ("position", "kind", "label"),
    ProgrammeMilestone: ("number", "", "title"),
}


def _frame_of(programme: int) -> dict[type[models.Model], list]:
    """What each twin does by the programme, and its modules, in their order: unsaved rows with what a calendar needs.

    One query, because a calendar stands on pages that ask for much else.
    """
    by_name = {part._meta.model_name: part for part in FRAME}
    first, *others = [_part_of(programme, part) for part in FRAME]
    frame = defaultdict(list)
    rows = sorted(first.union(*others, all=True), key=lambda row: (row[0], row[-1]))  # by place, then by key
    for place, said, months, days, name, sort, _key in rows:
        part = by_name[name]
        named = dict(zip(FRAME[part], (place, sort, said), strict=True))
        named.pop("", None)
        frame[part].append(part(offset_months=months, offset_days=days, **named))
    return frame


def _part_of(programme: int, part: type[models.Model]) -> models.QuerySet:
    place, sort, said = FRAME[part]
    rows = part.objects.filter(programme=programme).order_by()
    if part is ProgrammeEvent:
        rows = rows.filter(scope=EventScope.PAIRING)
    name, kind = _word(part._meta.model_name), models.F(sort) if sort else _word("")
    return rows.values_list(place, said, "offset_months", "offset_days", name, kind, "pk")


def _word(word: str) -> models.Value:
    return models.Value(word, output_field=models.CharField())


def _modules(cohort: Cohort, modules: list[ProgrammeModule]) -> tuple[timeline.Module, ...]:
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


def common_events(cohort: Cohort) -> list[Event]:
    """The events of the whole cohort, cancelled ones left out, in the order of their days. One query."""
    # Not put in this order by the database: it would then look for them among the many events of pairings.
    events = Event.objects.in_cohort(cohort).not_cancelled().filter(pairing=None).order_by("kind", "number", "pk")
    return sorted(events, key=lambda event: (event.planned_on, event.pk))


@dataclass(frozen=True, slots=True)
class EventOfPairings:
    """One event that every pairing has on its own days, such as the first visit, in numbers of open pairings."""

    kind: str
    number: int
    is_open: bool  # whether some pairing, known to the reader or not, has yet to hold it
    planned: int  # held ones included, as far as the reader knows of the pairing
    held: int
    without_hour: int  # planned for a day of `soon`, no hour agreed, as far as the reader sees
    first_without_hour: date | None


def events_of_pairings(cohort: Cohort, user, *, soon: tuple[date, date]) -> list[EventOfPairings]:
    """What the pairings of the cohort do by the programme, one row for each event. One query."""
    # Few pairings have ended: to leave these out is cheaper than to look at the pairing of each event.
    ended = Pairing.objects.filter(state=PairingState.ENDED).values("pk")
    events = Event.objects.in_cohort(cohort).not_cancelled().exclude(pairing=None).exclude(pairing__in=ended)
    known, seen = models.Q(), models.Q()
    if not user.sees_all:
        known = models.Q(pairing__in=Pairing.objects.known_to(user).values("pk"))
        seen = models.Q(pairing__in=Pairing.objects.visible_to(user).values("pk"))
    waiting = seen & models.Q(state=EventState.PLANNED, starts_at=None, planned_on__range=soon)
    by_state = events.order_by("kind", "number").values_list("kind", "number", "state")
    counted = by_state.annotate(
        known=models.Count("pk", filter=known),
        waiting=models.Count("pk", filter=waiting),
        first=models.Min("planned_on", filter=waiting),
    )
    return [
        _of_pairings(kind, number, {row[2]: row[3:] for row in rows})
        for (kind, number), rows in groupby(counted, key=lambda row: row[:2])
    ]


def _of_pairings(kind: str, number: int, counted: dict[str, tuple[int, int, date | None]]) -> EventOfPairings:
    """`counted`: state -> how many the reader knows, how many wait for an hour, the first day of these."""
    nothing = (0, 0, None)
    _known, waiting, first = counted.get(EventState.PLANNED, nothing)
    return EventOfPairings(
        kind=kind,
        number=number,
        is_open=EventState.PLANNED in counted,
        planned=sum(known for known, *_others in counted.values()),
        held=counted.get(EventState.HELD, nothing)[0],
        without_hour=waiting,
        first_without_hour=first,
    )


def _event_marks(events: Iterable[Event]) -> list[timeline.Mark]:
    return [
        timeline.Mark(
            event.planned_on,
            short_event_name(event.kind, event.number),
            "event",
            done=event.state == EventState.HELD,
            title=event.title,
            url=event.get_absolute_url(),
        )
        for event in events
    ]


def _pairing_marks(
    cohort: Cohort, templates: list[ProgrammeEvent], of_pairings: Iterable[EventOfPairings]
) -> list[timeline.Mark]:
    """One mark for what every pairing does on its own days, on the programme's day; done once all have done it."""
    is_open = {(event.kind, event.number): event.is_open for event in of_pairings}
    return [
        timeline.Mark(
            template.date_from(cohort.kickoff_on),
            short_event_name(template.kind, template.number),
            "visit" if template.kind == EventKind.SITE_VISIT else "event",
            done=not is_open.get((template.kind, template.number), True),
            title=template.title,
        )
        for template in templates
    ]


def _deadline_marks(
    cohort: Cohort, outputs: list[ProgrammeOutput], milestones: list[ProgrammeMilestone]
) -> tuple[timeline.Mark, ...]:
    due = [
        timeline.Mark(
            output.date_from(cohort.kickoff_on),
            f"O{output.position} {cohort.label_of(output)}",
            "deadline",
            title=_("%(output)s due") % {"output": cohort.label_of(output)},
        )
        for output in outputs
    ]
    marked = [
        timeline.Mark(
            milestone.date_from(cohort.kickoff_on), f"M{milestone.number}", "milestone", title=milestone.title
        )
        for milestone in milestones
    ]
    return (*due, *marked)


@dataclass(slots=True)
class Progress:
    """How far a pairing is: its visits, and what comes next."""

    visits_planned: int = 0  # held ones included
    visits_held: int = 0
    next_title: str = ""
    next_on: date | None = None

    @property
    def visits(self) -> str:
        """ "1/3", or nothing where none is planned."""
        return f"{self.visits_held}/{self.visits_planned}" if self.visits_planned else ""


def progress_of(pairings: Iterable[int], *, today: date) -> dict[int, Progress]:
    """The progress of a few pairings, by their id. One query: what a pairing has of events is few enough to count here."""
    progress: dict[int, Progress] = defaultdict(Progress)
    events = Event.objects.filter(pairing__in=pairings).not_cancelled().order_by("planned_on", "pk")
    for pairing, kind, state, planned_on, title in events.values_list(
        "pairing", "kind", "state", "planned_on", "title"
    ):
        row = progress[pairing]
        if kind == EventKind.SITE_VISIT:
            row.visits_planned += 1
            row.visits_held += state == EventState.HELD
        if row.next_on is None and state == EventState.PLANNED and planned_on >= today:
            row.next_title, row.next_on = title, planned_on
    return progress
