"""Reads of an agenda while it runs and afterwards: the present point, and the plan beside what happened."""

import datetime
from dataclasses import dataclass, field

from ..models import AgendaItem, AgendaRun, Session


def present_point(session: Session) -> AgendaRun | None:
    """The point that runs now. One query."""
    return session.agenda_runs.filter(ended_at=None).select_related("item").first()


def point_after(run: AgendaRun) -> AgendaItem | None:
    """What comes next on the plan; nothing where the point is not on it any more. One query."""
    if run.item is None:
        return None
    return AgendaItem.objects.filter(session=run.session_id, position__gt=run.item.position).first()


@dataclass(frozen=True)
class Now:
    """The point that runs now, if one does, and what comes next."""

    run: AgendaRun | None = None
    after: AgendaItem | None = None

    @property
    def title(self) -> str:
        return self.run.title if self.run else ""

    @property
    def ends_at(self) -> datetime.datetime | None:
        return self.run.ends_at if self.run else None

    @property
    def next_title(self) -> str:
        return self.after.title if self.after else ""

    @property
    def told(self) -> dict[str, str]:
        """As browsers are told it; a point without a length has no end, and no point no name."""
        ends_at = self.ends_at.isoformat() if self.ends_at else ""
        return {"point": self.title, "ends_at": ends_at, "next": self.next_title}


def now_at(session: Session) -> Now:
    """At most two queries."""
    run = present_point(session)
    return Now(run, point_after(run)) if run else Now()


@dataclass
class Point:
    """A point of the plan, and each time that it was the present one."""

    title: str
    minutes: int | None
    item: AgendaItem | None = None  # none: it ran, and was taken off the plan afterwards
    runs: list[AgendaRun] = field(default_factory=list)

    @property
    def is_present(self) -> bool:
        return any(run.ended_at is None for run in self.runs)

    @property
    def started_at(self) -> datetime.datetime | None:
        return self.runs[0].started_at if self.runs else None

    @property
    def took(self) -> int | None:
        """Whole minutes of all its times; nothing while it runs or has not begun."""
        if not self.runs or self.is_present:
            return None
        seconds = sum((run.ended_at - run.started_at).total_seconds() for run in self.runs if run.ended_at)
        return round(seconds / 60)


@dataclass
class Agenda:
    """The plan beside what happened."""

    points: list[Point]

    @property
    def place(self) -> int | None:
        """Where on the plan the present point stands."""
        return next((place for place, point in enumerate(self.points) if point.is_present and point.item), None)

    @property
    def before(self) -> Point | None:
        return self.points[self.place - 1] if self.place else None

    @property
    def after(self) -> Point | None:
        """What comes next: behind the present point, or the first one that has not been yet."""
        if self.place is None:
            return next((point for point in self.points if not point.runs), None)
        return next((point for point in self.points[self.place + 1 :] if point.item), None)

    @property
    def running(self) -> Point | None:
        return next((point for point in self.points if point.is_present), None)


def agenda_of(session: Session) -> Agenda:
    """The points of the plan in their order, then those that ran and are not on it any more. Two queries."""
    points = {item.pk: Point(item.title, item.minutes, item) for item in session.agenda.all()}
    gone: dict[str, Point] = {}
    for run in session.agenda_runs.all():
        point = points.get(run.item_id) or gone.setdefault(run.title, Point(run.title, run.minutes))
        point.runs.append(run)
    return Agenda([*points.values(), *gone.values()])
