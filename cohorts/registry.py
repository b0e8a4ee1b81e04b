"""What higher apps do when something happens here. They register from `AppConfig.ready`; we call, downward stays down.

The follow-ups run inside the transaction of the service that calls them: with it they stand or fall.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

# moment -> functions, in the order of registration
FOLLOW_UPS: dict[str, list[Callable[..., None]]] = {
    "pairing_confirmed": [],  # (pairing, *, by, now)
    "calendar_planned": [],  # (cohort, *, by, now)
    "participation_left": [],  # (participation, *, by, now)
}


@dataclass(frozen=True)
class Frame:
    """A programme on its kick-off: what a calendar is made from. The rows may carry changes that nobody saved yet."""

    kickoff_on: date
    events: Sequence  # of ProgrammeEvent
    outputs: Sequence  # of ProgrammeOutput
    milestones: Sequence  # of ProgrammeMilestone


@dataclass(frozen=True)
class Move:
    """One date that a changed calendar would set: from `before` (None: it is new) to `after` (None: cancelled)."""

    what: str  # event, milestone or output
    label: str
    about: str  # the twin or pairing; empty for the whole cohort
    before: date | None
    after: date | None


# What a calendar would move besides events and milestones: (cohort, frame) -> list of moves. Reads only.
PREVIEWS: list[Callable[[object, Frame], list[Move]]] = []


def register_preview(preview: Callable[[object, Frame], list[Move]]) -> None:
    PREVIEWS.append(preview)


def register_follow_up(moment: str, follow_up: Callable[..., None]) -> None:
    FOLLOW_UPS[moment].append(follow_up)


def follow_up(moment: str, *args: object, **kwargs: object) -> None:
    for function in FOLLOW_UPS[moment]:
        function(*args, **kwargs)


@dataclass(frozen=True)
class Panel:
    """A part of a pairing's page that a higher app fills: things that follow one another, as `ladder.html` shows them."""

    title: str
    rungs: list[dict]


@dataclass(frozen=True)
class EventPart:
    """A part of an event's page that a higher app fills: what came of the event, and where one goes on with it."""

    title: str
    lines: list[str]
    empty: str  # what stands there without lines
    url: str
    action: str


# Who adds to the page of an event: (event, user) -> EventPart, or None where there is nothing for this reader
EVENT_PARTS: list[Callable[..., EventPart | None]] = []


def register_event_part(make: Callable[..., EventPart | None]) -> None:
    EVENT_PARTS.append(make)


# Who adds to the page of a pairing: (pairing, user, *, today) -> Panel, or None where there is nothing for this reader
PAIRING_PANELS: list[Callable[..., Panel | None]] = []


def register_pairing_panel(make: Callable[..., Panel | None]) -> None:
    PAIRING_PANELS.append(make)
