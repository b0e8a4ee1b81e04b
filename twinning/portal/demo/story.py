"""What has happened in the demo's cohort so far: told in the order of days, through the services, each with the day it happened on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from cohorts.models import Cohort, Event, Pairing, host_label
from cohorts.services.events import change_event, hold_event
from cohorts.services.pairings import assign_facilitator
from cohorts.services.participations import activate_participation
from cohorts.states import EventKind, VisitDirection
from outputs.kinds import ROADMAP
from outputs.models import Output
from outputs.services.drafting import begin_output
from outputs.services.exceptions import extend_output
from outputs.services.reminders import send_reminders
from outputs.services.reviewing import accept_output, comment_on_output, send_back_output, solve_comment
from outputs.services.submitting import submit_output
from twinning.core.days import working_day

from . import texts
from .people import SHOWN_CITY, People

MORNING, NOON, AFTERNOON = time(7, 0, tzinfo=UTC), time(10, 0, tzinfo=UTC), time(14, 0, tzinfo=UTC)
STAKEHOLDER_PLAN = "stakeholder_plan"
DUE, TODAY = "due", "today"
# The pairings of the facilitator whose log-in the demo tells: all kinds of states are among them.
MINE = (SHOWN_CITY, "braga", "eskisehir", "fundao", "jyvaskyla", "laquila", "lulea", "slavonski-brod")

# What a city does with an output: (step, days from its due date or from today). Steps that lie ahead have not happened.
ACCEPTED_AT_ONCE = [("begin", DUE, -40), ("submit", DUE, -5), ("accept", DUE, 4)]
ACCEPTED_IN_TIME = [("begin", DUE, -50), ("submit", DUE, -20), ("accept", DUE, -9)]
ACCEPTED_AFTER_CHANGES = [
    ("begin_weak", DUE, -45),
    ("submit", DUE, -10),
    ("send_back", DUE, -4),
    ("mend", DUE, 8),
    ("accept", DUE, 15),
]
SENT_BACK = [("begin_weak", DUE, -30), ("submit", DUE, -2), ("send_back", TODAY, -5), ("extend", TODAY, -5, 10)]
SENT_BACK_IN_TIME = [("begin_weak", DUE, -35), ("submit", DUE, -6), ("send_back", TODAY, -2), ("extend", TODAY, -2, 20)]
MENDED = [("begin_weak", DUE, -30), ("submit", DUE, -6), ("send_back", DUE, 3), ("mend", TODAY, -3)]
LATE_DRAFT = [("begin", DUE, -12), ("extend", DUE, 6, -9)]
LATE_HALF = [("half", DUE, -6), ("extend", DUE, 5, -14)]
LATE_UNTOUCHED = [("extend", DUE, 2, -19)]
EXTENDED_DRAFT = [("half", DUE, -8), ("extend", DUE, 1, 12)]
ROADMAPS = [
    *(
        ACCEPTED_AT_ONCE,
        ACCEPTED_IN_TIME,
        ACCEPTED_AFTER_CHANGES,
        ACCEPTED_AT_ONCE,
        MENDED,
        LATE_DRAFT,
        ACCEPTED_IN_TIME,
    ),
    *(ACCEPTED_AT_ONCE, ACCEPTED_AFTER_CHANGES, LATE_UNTOUCHED, ACCEPTED_AT_ONCE, SENT_BACK_IN_TIME, ACCEPTED_IN_TIME),
    *(EXTENDED_DRAFT, ACCEPTED_AT_ONCE, ACCEPTED_AFTER_CHANGES, ACCEPTED_AT_ONCE, LATE_HALF, ACCEPTED_IN_TIME, MENDED),
    *(ACCEPTED_AT_ONCE, ACCEPTED_AFTER_CHANGES, ACCEPTED_AT_ONCE, ACCEPTED_IN_TIME, ACCEPTED_AT_ONCE, ACCEPTED_AT_ONCE),
    *(ACCEPTED_AFTER_CHANGES, ACCEPTED_IN_TIME),
]
PLAN_DRAFT = [("half", TODAY, -16)]
WHOLE_DRAFT = [("whole", TODAY, -14)]
PLAN_WAITS = [("whole", TODAY, -25), ("submit", TODAY, -6)]
PLAN_JUST_IN = [("whole", TODAY, -18), ("submit", TODAY, -2)]
PLAN_ACCEPTED = [("whole", TODAY, -30), ("submit", TODAY, -15), ("accept", TODAY, -8)]
PLANS = [PLAN_DRAFT, PLAN_WAITS, [], PLAN_ACCEPTED, [], PLAN_JUST_IN, PLAN_DRAFT, [], []]
EXTENSION_REASON = "Example: the colleague who writes it was ill."


@dataclass(order=True)
class Scene:
    """Something that happened at a moment. `turn` keeps the order of what happened in the same minute."""

    at: datetime
    turn: int
    act: Callable[[datetime], object] = field(compare=False)


class Story:
    """Collects scenes in any order, plays those of the past in the order of time."""

    def __init__(self, cohort: Cohort, people: People, now: datetime) -> None:
        self.cohort, self.people, self.now = cohort, people, now
        self.today = now.date()
        self.scenes: list[Scene] = []
        self.pairings = list(
            Pairing.objects.in_cohort(cohort).open().with_sides().order_by("participation__city__slug", "pk")
        )

    def on(self, day: date, hour: time, act: Callable[[datetime], object]) -> None:
        self.scenes.append(Scene(datetime.combine(day, hour), len(self.scenes), act))

    def play(self) -> None:
        for scene in sorted(self.scenes):
            if scene.at < self.now:
                scene.act(scene.at)


def tell_story(cohort: Cohort, people: People, *, now: datetime) -> None:
    """Everything between the kick-off and now: facilitators, events, outputs, reviews, reminders."""
    story = Story(cohort, people, now)
    _accompany(story)
    _hold_events(story)
    _write_outputs(story)
    _remind(story)
    story.play()
    _agree_hours(story)


def facilitator_of(story: Story, index: int):
    """The first facilitator accompanies those in MINE; the others share the rest."""
    first, *others = story.people.facilitators
    return first if story.pairings[index].participation.city.slug in MINE else others[index % len(others)]


def _accompany(story: Story) -> None:
    by = story.people.coordinator
    for index, pairing in enumerate(story.pairings):
        person = facilitator_of(story, index)
        story.on(
            story.cohort.kickoff_on - timedelta(days=10),
            NOON,
            lambda at, pairing=pairing, person=person: assign_facilitator(pairing, user=person, by=by, now=at),
        )
        story.on(
            story.cohort.kickoff_on,
            NOON,
            lambda at, pairing=pairing: activate_participation(pairing.participation, by=by, now=at),
        )


# --- Events -----------------------------------------------------------------------------------------------------------


def _hold_events(story: Story) -> None:
    by = story.people.coordinator
    for event in Event.objects.in_cohort(story.cohort).filter(pairing=None).order_by("planned_on", "pk"):
        story.on(event.planned_on, AFTERNOON, lambda at, event=event: hold_event(event, by=by, now=at))
    visits = Event.objects.in_cohort(story.cohort).filter(pairing__isnull=False, kind=EventKind.SITE_VISIT)
    by_pairing: dict[int, list[Event]] = {}
    for visit in visits.order_by("planned_on", "pk"):
        by_pairing.setdefault(visit.pairing_id, []).append(visit)
    for index, pairing in enumerate(story.pairings):
        for visit in by_pairing.get(pairing.pk, []):
            if visit.planned_on < story.today:
                _plan_visit(story, index, pairing, visit)


def _plan_visit(story: Story, index: int, pairing: Pairing, visit: Event) -> None:
    """Of the visits that the programme had by now, two in three were held; the others were put off."""
    by = facilitator_of(story, index)
    direction = VisitDirection.HOST_TRAVELS if index % 4 == 3 else VisitDirection.TWIN_TRAVELS
    agreed: dict[str, object] = {"direction": direction, "place": _place(pairing, direction)}
    settled_on = visit.planned_on - timedelta(days=30)
    held_on = working_day(visit.planned_on - timedelta(days=2 + index % 9))
    if index % 3:
        agreed["planned_on"] = held_on
    elif index % 2:
        later = working_day(story.today + timedelta(days=9 + index))
        agreed |= {"planned_on": later, **_hours(later, story.cohort.time_zone)}
    else:
        agreed |= {"planned_on": working_day(story.today + timedelta(days=20 + index)), "place": "", "direction": ""}
    story.on(settled_on, NOON, lambda at: change_event(visit, agreed=agreed, by=by, now=at))
    if index % 3:
        story.on(held_on, AFTERNOON, lambda at: hold_event(visit, by=by, now=at))


def _place(pairing: Pairing, direction: str) -> str:
    if direction == VisitDirection.HOST_TRAVELS:
        return pairing.participation.city.name
    rows = sorted(pairing.hosting.host.host_cities.all(), key=lambda row: row.position)
    return rows[0].city.name


def _hours(day: date, zone: str) -> dict[str, object]:
    return {
        "starts_at": datetime.combine(day, time(9, 0, tzinfo=UTC)),
        "ends_at": datetime.combine(day, time(11, 0, tzinfo=UTC)),
        "time_zone": zone,
    }


def _agree_hours(story: Story) -> None:
    """The next three events of the whole cohort have their hour. All events of the demo are examples."""
    by = story.people.coordinator
    coming = Event.objects.in_cohort(story.cohort).filter(pairing=None, planned_on__gte=story.today)
    for event in coming.order_by("planned_on", "pk")[:3]:
        agreed = _hours(event.planned_on, story.cohort.time_zone)
        change_event(event, agreed=agreed, by=by, now=story.now)
    Event.objects.in_cohort(story.cohort).update(is_example=True)


# --- Outputs ----------------------------------------------------------------------------------------------------------


def _write_outputs(story: Story) -> None:
    outputs: dict[tuple[int, str], Output] = {
        (output.participation_id, output.kind): output
        for output in Output.objects.in_cohort(story.cohort).with_participation().order_by("pk")
    }
    for index, pairing in enumerate(story.pairings):
        is_shown = pairing.participation.city.slug == SHOWN_CITY
        roadmap = outputs.get((pairing.participation_id, ROADMAP))
        if roadmap:
            _follow(story, index, roadmap, SENT_BACK if is_shown else ROADMAPS[index % len(ROADMAPS)])
        plan = outputs.get((pairing.participation_id, STAKEHOLDER_PLAN))
        if is_shown:  # one city has all five filled, in the order in which they build on each other
            for kind in ("transferability_assessment", "action_plan", "info_session"):
                if output := outputs.get((pairing.participation_id, kind)):
                    _follow(story, index, output, WHOLE_DRAFT)
        if plan and (roadmap is None or _days(story, roadmap) < -30):
            _follow(story, index, plan, WHOLE_DRAFT if is_shown else PLANS[index % len(PLANS)])


def _days(story: Story, output: Output) -> int:
    return (output.due_on - story.today).days


def _follow(story: Story, index: int, output: Output, path: list[tuple]) -> None:
    """Put the steps of a path on their days; what would come before the step before it has not happened yet."""
    author = Author(story, index, output)
    last = story.cohort.kickoff_on
    for name, anchor, days, *rest in path:
        day = (output.due_on if anchor == DUE else story.today) + timedelta(days=days)
        if day < last or day >= story.today:
            return
        last = day
        story.on(day, AFTERNOON if name in ("accept", "send_back", "extend") else NOON, author.step(name, *rest))


class Author:
    """Those who work on one output: the city's lead officer writes, the facilitator answers."""

    def __init__(self, story: Story, index: int, output: Output) -> None:
        self.story, self.output = story, output
        pairing = story.pairings[index]
        self.writer = story.people.leads[pairing.participation.city.slug]
        self.reviewer = facilitator_of(story, index)
        self.host_name = host_label(pairing.hosting.host)

    def step(self, name: str, *rest: int) -> Callable[[datetime], None]:
        return lambda at: getattr(self, name)(at, *rest)

    def begin(self, at: datetime) -> None:
        begin_output(self._fresh(), by=self.writer, now=at)
        texts.write_roadmap(self.output, host_name=self.host_name, by=self.writer, at=at)

    def begin_weak(self, at: datetime) -> None:
        begin_output(self._fresh(), by=self.writer, now=at)
        texts.write_roadmap(self.output, host_name=self.host_name, by=self.writer, at=at, is_weak=True)

    def half(self, at: datetime) -> None:
        begin_output(self._fresh(), by=self.writer, now=at)
        texts.write_half(self.output, by=self.writer, at=at)

    def whole(self, at: datetime) -> None:
        begin_output(self._fresh(), by=self.writer, now=at)
        texts.write_whole(self.output, by=self.writer, at=at)

    def submit(self, at: datetime) -> None:
        submit_output(self._fresh(), by=self.writer, now=at)

    def send_back(self, at: datetime) -> None:
        for slug, text in texts.COMMENTS:
            objective = texts.weak_objective(self.output)
            anchor = f"objective:{objective.code}:{slug}" if objective else ""
            comment_on_output(self._fresh(), text=text, anchor=anchor, by=self.reviewer, now=at)
        send_back_output(self._fresh(), letter=texts.LETTER, by=self.reviewer, now=at)

    def mend(self, at: datetime) -> None:
        texts.mend_roadmap(self.output, host_name=self.host_name, by=self.writer, at=at)
        for comment in self.output.comments.filter(solved_at=None).order_by("pk"):
            solve_comment(comment, by=self.writer, now=at)
        submit_output(self._fresh(), by=self.writer, now=at)

    def accept(self, at: datetime) -> None:
        accept_output(self._fresh(), letter=texts.ACCEPTED, by=self.reviewer, now=at)

    def extend(self, at: datetime, days_from_today: int) -> None:
        until = self.story.today + timedelta(days=days_from_today)
        if until > self.output.due_on:
            extend_output(self._fresh(), until=until, reason=EXTENSION_REASON, by=self.reviewer, now=at)

    def _fresh(self) -> Output:
        return Output.objects.with_participation().get(pk=self.output.pk)


# --- Reminders --------------------------------------------------------------------------------------------------------


def _remind(story: Story) -> None:
    """One pass on each day on which a rule applies to some due date or extension."""
    dates = set(Output.objects.in_cohort(story.cohort).order_by().values_list("due_on", flat=True).distinct())
    dates |= {story.today + timedelta(days=days) for days in (10, 12, 20, -9, -14, -19)}
    passes = {day - timedelta(days=rule) for day in dates for rule in story.cohort.reminder_days}
    for day in sorted(passes):
        story.on(day, MORNING, lambda at: send_reminders(now=at, cohort=story.cohort))
