"""The sheets of the cohort workbook as plain data: titles, kinds of columns, rows."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cohorts.models import Cohort, Hosting, Pairing
from cohorts.models.vocabulary import DOMAINS, LEVERS
from cohorts.states import Confidence, StatementKind
from matching.selectors.criteria import CRITERION_LABELS
from matching.selectors.reasons import part_from_json, sentences_of
from twinning.people.models import User

from . import selectors

LINE = "\n"


class Kind(Enum):
    """What a column holds; decides format and alignment. Moments are shown in the cohort's time zone."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    COUNT = "count"  # a number on the left, among texts
    DEGREES = "degrees"
    DATE = "date"
    MOMENT = "moment"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Column:
    """One column; `value` takes an object of the sheet's list. Width in characters."""

    title: str
    value: Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    width: int = 20


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: Sequence[Column]
    objects: Iterable[Any]


def sheets_of(cohort: Cohort, *, today: datetime.date) -> list[Sheet]:
    """All sheets but the cover, in their order. `today` decides what is late."""
    zone = ZoneInfo(cohort.time_zone).key
    return [
        Sheet(_("Cities"), _city_columns(), selectors.cities_of(cohort)),
        Sheet(_("Facts"), _fact_columns(zone), selectors.facts_of(cohort)),
        Sheet(_("Hosts"), _host_columns(), selectors.hostings_of(cohort)),
        Sheet(_("Participations"), _participation_columns(), selectors.participations_of(cohort)),
        Sheet(_("Pairings"), _pairing_columns(zone), selectors.pairings_of(cohort)),
        Sheet(_("Events"), _event_columns(zone), selectors.events_of(cohort)),
        Sheet(_("Milestones"), _milestone_columns(zone), selectors.milestones_of(cohort)),
        Sheet(_("Outputs"), _output_columns(zone, today), selectors.outputs_of(cohort)),
        Sheet(_("Reminders"), _reminder_columns(zone), selectors.reminders_of(cohort)),
    ]


def person(user: User) -> str:
    """A name; one that was invented for the demo says so."""
    return f"{user}, {pgettext('mark', 'example')}" if user.is_example else str(user)


def _city_columns() -> list[Column]:
    return [
        Column(_("City"), lambda city: city.name, width=24),
        Column(_("Other spellings"), lambda city: ", ".join(sorted(name.name for name in city.names.all())), width=24),
        Column(_("Country"), lambda city: city.country.name, width=18),
        Column(_("Country code"), lambda city: city.country.code, width=9),
        Column(_("Kind of authority"), lambda city: city.get_kind_display(), width=16),
        Column(_("Mission City"), lambda city: city.is_mission_city, Kind.YES_NO, 10),
        Column(_("Twin here"), lambda city: city.is_twin, Kind.YES_NO, 10),
        Column(_("In a host here"), lambda city: city.is_host, Kind.YES_NO, 10),
        Column(_("Population"), lambda city: city.population, Kind.NUMBER, 12),
        Column(_("Year of the population"), lambda city: city.population_year, Kind.TEXT, 12),
        Column(_("Source of the population"), lambda city: city.population_source, width=22),
        Column(_("Latitude"), lambda city: city.latitude, Kind.DEGREES, 11),
        Column(_("Longitude"), lambda city: city.longitude, Kind.DEGREES, 11),
        Column(_("Sources"), lambda city: LINE.join(city.sources), Kind.LONG, 64),
        Column(_("Id"), lambda city: city.slug, width=20),
    ]


def _fact_columns(zone: str) -> list[Column]:
    """What a cohort package has no room for: facts of cities by dimension, each with its source."""
    return [
        Column(_("City"), lambda row: row[0].city.name, width=24),
        Column(_("Dimension"), lambda row: row[0].dimension.label, width=24),
        Column(_("Value"), lambda row: row[1], Kind.LONG, 40),
        Column(_("How sure"), lambda row: row[0].get_confidence_display(), width=28),
        Column(_("Source"), lambda row: row[0].source, Kind.LONG, 46),
        Column(_("Year of the source"), lambda row: row[0].year, Kind.COUNT, 12),
        Column(_("Read on"), lambda row: row[0].retrieved_on, Kind.DATE, 13),
        Column(_("Stated by"), lambda row: person(row[0].stated_by) if row[0].stated_by else "", width=24),
        _moment(_("Stated"), zone, lambda row: row[0].stated_at),
        Column(_("Codes"), lambda row: row[0].value, width=20),
        Column(_("Id"), lambda row: row[0].city.slug, width=20),
    ]


def _labels(rows: Iterable[Any]) -> str:
    """Terms in one cell; what a reader inferred says so."""
    mark = _("inferred")
    return ", ".join(f"{row.term.label} ({mark})" if row.is_inferred else row.term.label for row in rows)


def _host_columns() -> list[Column]:
    def terms(vocabulary: str, *, is_inferred: bool) -> Callable[[Hosting], str]:
        return lambda hosting: ", ".join(
            entry.term.label
            for entry in hosting.host.host_terms.all()
            if entry.term.vocabulary.slug == vocabulary and entry.is_inferred == is_inferred
        )

    def statements(kind: str) -> Callable[[Hosting], str]:
        return lambda hosting: LINE.join(said.text for said in hosting.host.statements.all() if said.kind == kind)

    return [
        Column(_("Host"), lambda hosting: hosting.host.title, Kind.LONG, 36),
        Column(_("Acronym"), lambda hosting: hosting.host.acronym, width=14),
        Column(_("Kind"), lambda hosting: hosting.host.get_kind_display(), width=14),
        Column(
            _("Cities"),
            lambda hosting: ", ".join(place.city.name for place in hosting.host.host_cities.all()),
            Kind.LONG,
            30,
        ),
        Column(_("Fewest twins"), lambda hosting: hosting.capacity_minimum, Kind.NUMBER, 9),
        Column(_("Most twins"), lambda hosting: hosting.capacity_maximum, Kind.NUMBER, 9),
        Column(_("Twins now"), lambda hosting: hosting.twins_now, Kind.NUMBER, 9),
        Column(_("Withdrawn on"), lambda hosting: hosting.withdrawn_on, Kind.DATE, 13),
        Column(_("Reason"), lambda hosting: hosting.withdrawn_reason, Kind.LONG, 24),
        Column(_("Domains, as stated"), terms(DOMAINS, is_inferred=False), Kind.LONG, 28),
        Column(_("Domains, inferred"), terms(DOMAINS, is_inferred=True), Kind.LONG, 28),
        Column(_("Levers, as stated"), terms(LEVERS, is_inferred=False), Kind.LONG, 28),
        Column(_("Levers, inferred"), terms(LEVERS, is_inferred=True), Kind.LONG, 28),
        Column(_("Wants to learn"), lambda hosting: _labels(hosting.host.needs.all()), Kind.LONG, 28),
        Column(_("Summary"), lambda hosting: hosting.host.summary, Kind.LONG, 60),
        *(Column(str(kind.label), statements(kind), Kind.LONG, 40) for kind in StatementKind),
        Column(_("Sources"), lambda hosting: LINE.join(hosting.host.sources), Kind.LONG, 50),
        Column(_("Id"), lambda hosting: hosting.host.slug, width=20),
    ]


def _participation_columns() -> list[Column]:
    return [
        Column(_("Twin"), lambda row: row.city.name, width=24),
        Column(_("Country"), lambda row: row.city.country.name, width=18),
        Column(_("State"), lambda row: row.get_state_display(), width=14),
        Column(_("Since"), lambda row: row.state_on, Kind.DATE, 13),
        Column(_("Reason"), lambda row: row.state_reason, Kind.LONG, 30),
        Column(
            _("Host"),
            lambda row: ", ".join(pairing.hosting.host.short_name for pairing in row.pairings.all()),
            width=30,
        ),
        Column(
            _("Officers"),
            lambda row: LINE.join(f"{person(held.user)} ({held.get_role_display()})" for held in row.memberships.all()),
            Kind.LONG,
            34,
        ),
        Column(_("Interests"), lambda row: row.interests, Kind.LONG, 50),
        Column(_("Domains and levers it seeks"), lambda row: _labels(row.participation_terms.all()), Kind.LONG, 30),
        Column(_("Challenges"), lambda row: row.challenges, Kind.LONG, 50),
        Column(_("Strengths"), lambda row: _labels(row.strengths.all()), Kind.LONG, 30),
        Column(_("What the city can teach"), lambda row: row.offers, Kind.LONG, 50),
        Column(_("Sources"), lambda row: LINE.join(row.sources), Kind.LONG, 50),
        Column(_("Code"), lambda row: row.code, width=12),
    ]


def _pairing_columns(zone: str) -> list[Column]:
    def proposal(pairing: Pairing):
        return getattr(pairing, "proposal", None)

    def score(pairing: Pairing) -> float | None:
        return proposal(pairing).score / 100 if proposal(pairing) else None

    def reasons(pairing: Pairing) -> str:
        return LINE.join(reason_lines(proposal(pairing).reasons)) if proposal(pairing) else ""

    def announced_here(pairing: Pairing) -> datetime.datetime | None:
        """When a package was read says nothing about when the world learned of its pairings."""
        return pairing.announced_at if pairing.confidence == Confidence.DECIDED else None

    return [
        Column(_("Twin"), lambda pairing: pairing.participation.city.name, width=24),
        Column(_("Host"), lambda pairing: pairing.hosting.host.short_name, Kind.LONG, 32),
        Column(_("State"), lambda pairing: pairing.get_state_display(), width=20),
        Column(_("How sure"), lambda pairing: pairing.get_confidence_display(), width=26),
        Column(_("Source"), lambda pairing: pairing.source, Kind.LONG, 46),
        Column(_("Note"), lambda pairing: pairing.note, Kind.LONG, 36),
        Column(_("Score of 100"), score, Kind.DEGREES, 10),
        Column(_("Reasons of the matching"), reasons, Kind.LONG, 60),
        Column(_("Decided because"), lambda pairing: pairing.decision_reason, Kind.LONG, 36),
        Column(
            _("Facilitators"),
            lambda pairing: ", ".join(person(held.user) for held in pairing.assignments.all()),
            Kind.LONG,
            26,
        ),
        _moment(_("Recorded"), zone, lambda pairing: pairing.confirmed_at),
        _moment(_("Announced here"), zone, announced_here),
        _moment(_("Ended"), zone, lambda pairing: pairing.ended_at),
        Column(_("Reason of the end"), lambda pairing: pairing.ended_reason, Kind.LONG, 36),
        Column(_("Code"), lambda pairing: pairing.code, width=12),
    ]


def _moment(title: str, zone: str, value: Callable[[Any], Any]) -> Column:
    return Column(f"{title} ({zone})", value, Kind.MOMENT, 19)


def reason_lines(reasons: list[dict[str, Any]]) -> list[str]:
    """The stored reasons of a proposal as lines: criterion, points of 100, and what they rest on."""
    parts = [part_from_json(reason) for reason in reasons]
    return [
        f"{CRITERION_LABELS.get(part.criterion, part.criterion)} {part.score / 100:.0f}: {'; '.join(sentences_of(part))}"
        for part in parts
        if part.weight
    ]


def _event_columns(zone: str) -> list[Column]:
    return [
        Column(_("Day"), lambda event: event.planned_on, Kind.DATE, 13),
        Column(_("Days"), lambda event: event.days, Kind.NUMBER, 7),
        _moment(_("Starts"), zone, lambda event: event.starts_at),
        _moment(_("Ends"), zone, lambda event: event.ends_at),
        Column(_("Kind"), lambda event: event.get_kind_display(), width=18),
        Column(_("Number"), lambda event: event.number, Kind.NUMBER, 9),
        Column(_("Title"), lambda event: event.title, Kind.LONG, 36),
        Column(_("State"), lambda event: event.get_state_display(), width=12),
        Column(_("Twin"), lambda event: event.pairing.participation.city.name if event.pairing else "", width=24),
        Column(_("Host"), lambda event: event.pairing.hosting.host.short_name if event.pairing else "", width=30),
        Column(_("Online"), lambda event: event.is_online, Kind.YES_NO, 9),
        Column(_("Place"), lambda event: event.place, width=24),
        Column(_("Who travels"), lambda event: event.get_direction_display() if event.direction else "", width=26),
        Column(_("Moved by hand"), lambda event: event.is_moved_by_hand, Kind.YES_NO, 10),
        Column(_("Example"), lambda event: event.is_example, Kind.YES_NO, 10),
        Column(_("Code"), lambda event: event.code, width=12),
    ]


def _milestone_columns(zone: str) -> list[Column]:
    return [
        Column(_("Twin"), lambda row: row.participation.city.name, width=24),
        Column(_("Number"), lambda row: row.number, Kind.NUMBER, 9),
        Column(_("Milestone"), lambda row: row.title, Kind.LONG, 40),
        Column(_("Due"), lambda row: row.due_on, Kind.DATE, 13),
        _moment(_("Signed off"), zone, lambda row: row.signed_off_at),
        Column(_("Signed off by"), lambda row: person(row.signed_off_by) if row.signed_off_by else "", width=24),
    ]


def _output_columns(zone: str, today: datetime.date) -> list[Column]:
    return [
        Column(_("Twin"), lambda output: output.participation.city.name, width=24),
        Column(_("Number"), lambda output: output.position, Kind.NUMBER, 9),
        Column(_("Output"), lambda output: output.label, width=30),
        Column(_("State"), lambda output: output.get_state_display(), width=14),
        Column(_("Due"), lambda output: output.due_on, Kind.DATE, 13),
        Column(_("Extended until"), lambda output: output.extended_until, Kind.DATE, 13),
        Column(_("Date that counts"), lambda output: output.due, Kind.DATE, 13),
        Column(_("Cut-off"), lambda output: output.cut_off_on, Kind.DATE, 13),
        Column(_("Days late"), lambda output: output.days_late(today), Kind.NUMBER, 9),
        _moment(_("Last submitted"), zone, lambda output: output.submitted_at),
        Column(_("Submissions"), lambda output: output.version_count, Kind.NUMBER, 11),
        _moment(_("Accepted"), zone, lambda output: output.accepted_at),
        Column(_("Reason of the extension"), lambda output: output.extension_reason, Kind.LONG, 30),
        Column(_("Reason of the waiver"), lambda output: output.waived_reason, Kind.LONG, 30),
        Column(_("Example"), lambda output: output.is_example, Kind.YES_NO, 10),
        Column(_("Code"), lambda output: output.code, width=12),
    ]


def _reminder_columns(zone: str) -> list[Column]:
    return [
        _moment(_("Sent"), zone, lambda reminder: reminder.sent_at),
        Column(_("To"), lambda reminder: person(reminder.to), width=32),
        Column(_("Twin"), lambda reminder: reminder.output.participation.city.name, width=24),
        Column(_("Output"), lambda reminder: reminder.output.label, width=30),
        Column(_("Due"), lambda reminder: reminder.due_on, Kind.DATE, 13),
        Column(_("Days before the date"), lambda reminder: reminder.days, Kind.NUMBER, 12),
        Column(_("Letter"), lambda reminder: reminder.letter.get_state_display() if reminder.letter else "", width=14),
    ]
