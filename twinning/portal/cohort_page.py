"""The cohort page: what cohorts and outputs know, put together row by row as far as the reader may know it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from cohorts.models import Cohort, Pairing, host_label
from cohorts.selectors.cohorts import (
    CohortFigures,
    EventOfPairings,
    Progress,
    cohort_figures,
    count_of,
    progress_of,
    with_both_sides,
)
from cohorts.states import EventKind, HostKind, PairingState
from outputs.models import Output
from outputs.states import OWED, OutputState

HOST_NOTES = {HostKind.PILOT_ACTIVITY: _lazy("Pilot Activities"), HostKind.MISSION_CITY: _lazy("Mission Cities")}
ROWS_PER_PAGE = 50
SHOWN_OF_OUTPUT = ("participation_id", "label", "position", "state", "due_on", "extended_until")
MOST_ON_MAP = 150  # above so many pairings the map shows those of the page


@dataclass(frozen=True, slots=True)
class Cell:
    """One output of one twin, as a glyph."""

    label: str
    state: str
    days_late: int


@dataclass(frozen=True, slots=True)
class Row:
    pairing: Pairing
    twin: str
    host: str
    url: str  # empty where the reader knows the pairing by name alone
    countries: str
    visits: str  # "1/3", or nothing where the reader knows the names alone
    cells: list[Cell]
    next_title: str
    next_on: date | None
    attention_tone: str
    attention: str


def outputs_known_to(user, cohort: Cohort, *, whole: bool) -> models.QuerySet[Output]:
    """The outputs of the cohort whose state the reader may know: all for those who see it whole, else those they see."""
    return (Output.objects.all() if whole else Output.objects.visible_to(user)).in_cohort(cohort)


def pairings_worst_first(
    cohort: Cohort, user, outputs: models.QuerySet[Output], today: date
) -> models.QuerySet[Pairing]:
    """The open pairings that the reader knows of: the longest overdue output first, then by the twin's name."""
    return longest_late_first(Pairing.objects.known_to(user).in_cohort(cohort).open(), outputs, today)


def longest_late_first(
    pairings: models.QuerySet[Pairing], outputs: models.QuerySet[Output], today: date
) -> models.QuerySet[Pairing]:
    """In the order in which somebody should look at them."""
    overdue = outputs.late_on(today).order_by()
    of_twin = overdue.filter(participation=models.OuterRef("participation"))
    earliest = of_twin.values("participation").annotate(on=models.Min("effective_due_on")).values("on")
    # Few are late: which twins is asked once, and since when of those alone.
    since = models.Case(models.When(participation__in=overdue.values("participation"), then=models.Subquery(earliest)))
    return pairings.annotate(overdue_since=since).order_by(
        models.F("overdue_since").asc(nulls_last=True), "participation__city__name", "pk"
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """One pairing of a page with what its row is made of."""

    pairing: Pairing
    outputs: list[Output]
    progress: Progress
    overdue_since: date | None  # the earliest day on which an output should have been there


def read_page(chosen: models.QuerySet[Pairing], user, outputs: models.QuerySet[Output], today: date) -> list[Listed]:
    """The pairings of one page of `longest_late_first`, in the same order. Three queries.

    What a row shows is asked of the rows that are shown: in a large cohort that is much cheaper than asking it of all.
    """
    pairings = list(with_both_sides(Pairing.objects.filter(pk__in=chosen.values("pk")), user))
    progress = progress_of([pairing.pk for pairing in pairings], today=today)
    owned: dict[int, list[Output]] = defaultdict(list)
    of_page = outputs.filter(participation__in=[pairing.participation_id for pairing in pairings])
    for output in of_page.only(*SHOWN_OF_OUTPUT).order_by("position", "pk"):
        owned[output.participation_id].append(output)
    listed = [
        Listed(
            pairing, rows, progress[pairing.pk], min((row.due for row in rows if row.days_late(today)), default=None)
        )
        for pairing, rows in ((pairing, owned[pairing.participation_id]) for pairing in pairings)
    ]
    return sorted(listed, key=lambda row: row.overdue_since or date.max)


def rows_of(listed: list[Listed], today: date) -> list[Row]:
    """Table rows with the states of the outputs that the reader may know. Wants `load_host_cities`."""
    return [_row(each, today) for each in listed]


def _row(listed: Listed, today: date) -> Row:
    pairing, outputs = listed.pairing, listed.outputs
    progress = listed.progress if pairing.reader_sees else Progress()
    tone, words = _attention(pairing, outputs, today)
    return Row(
        pairing=pairing,
        twin=pairing.participation.city.name,
        host=host_label(pairing.hosting.host),
        url=pairing.get_absolute_url() if pairing.reader_sees else "",
        countries=_countries(pairing),
        visits=progress.visits,
        cells=[Cell(output.label, output.state, output.days_late(today)) for output in outputs],
        next_title=progress.next_title,
        next_on=progress.next_on,
        attention_tone=tone,
        attention=words,
    )


def _countries(pairing: Pairing) -> str:
    """ "PT – FI", or "DE – ES, 7 cities" for a group."""
    cities = [row.city for row in pairing.hosting.host.host_cities.all()]
    codes = sorted({city.country.code for city in cities})
    words = f"{pairing.participation.city.country.code} – {', '.join(codes[:2])}{' …' if len(codes) > 2 else ''}"
    return (
        words if len(cities) < 2 else _("%(countries)s, %(count)d cities") % {"countries": words, "count": len(cities)}
    )


def _attention(pairing: Pairing, outputs: list[Output], today: date) -> tuple[str, str]:
    """The one thing that somebody should look at: (tone, words); tone "" where all is well, words "" where nothing is known."""
    if pairing.state == PairingState.CONFIRMED:
        return "draft", _("not announced")
    late = max(outputs, key=lambda output: output.days_late(today), default=None)
    if late and late.days_late(today):
        days = late.days_late(today)
        words = ngettext("O%(number)d late by %(days)d day", "O%(number)d late by %(days)d days", days)
        return "late", words % {"number": late.position, "days": days}
    states = {output.state for output in outputs}
    if OutputState.SUBMITTED in states:
        return "sent", _("waits for review")
    if OutputState.SENT_BACK in states:
        return "back", _("answer awaited")
    if pairing.reader_sees and not pairing.is_accompanied:
        return "none", _("no facilitator")
    return "", _("on course") if outputs else ""


def output_numbers(outputs: models.QuerySet[Output], today: date) -> dict[str, int]:
    """How many there are (waived ones left out), are accepted, wait for review, are late. One query."""
    due = Coalesce("extended_until", "due_on")
    return (
        outputs.exclude(state=OutputState.WAIVED)
        .annotate(effective=due)
        .aggregate(
            all=models.Count("pk"),
            accepted=models.Count("pk", filter=models.Q(state=OutputState.ACCEPTED)),
            submitted=models.Count("pk", filter=models.Q(state=OutputState.SUBMITTED)),
            late=models.Count("pk", filter=models.Q(state__in=OWED, effective__lt=today)),
        )
    )


def count_cohort(cohort: Cohort, user, outputs: models.QuerySet[Output]) -> CohortFigures:
    """The numbers of `cohort_figures`, and how many of these outputs there are (waived ones left out) and are accepted."""
    path = "participation__cohort"
    return cohort_figures(
        cohort,
        user,
        outputs=count_of(outputs.exclude(state=OutputState.WAIVED), path),
        accepted=count_of(outputs.filter(state=OutputState.ACCEPTED), path),
    )


def figures_of(
    cohort: Cohort, figures: CohortFigures, of_pairings: list[EventOfPairings], *, are_own: bool
) -> list[dict[str, object]]:
    """The line of key figures. What was published stands beside what is known by name. `are_own`: only the reader's outputs.

    `figures`: those of `count_cohort`.
    """
    line = []
    visits = [event for event in of_pairings if event.kind == EventKind.SITE_VISIT]
    if cohort.participating_count:
        note = _("of %(selected)d selected") % {"selected": cohort.selected_count} if cohort.selected_count else ""
        line.append({"label": _("Twins, published"), "value": cohort.participating_count, "note": note})
    line += [
        {"label": _("Twins known by name"), "value": figures.twins},
        {"label": _("Hosts"), "value": figures.hosts, "note": str(HOST_NOTES[cohort.host_kind])},
        {"label": _("Pairings"), "value": figures.pairings},
    ]
    if planned := sum(visit.planned for visit in visits):
        held = sum(visit.held for visit in visits)
        line.append({"label": _("Visits held"), "value": held, "note": _("of %(all)d") % {"all": planned}})
    if all_outputs := figures.more["outputs"]:
        note = _("of %(all)d") % {"all": all_outputs}
        label = _("Your outputs accepted") if are_own else _("Outputs accepted")
        line.append({"label": label, "value": figures.more["accepted"], "note": note})
    return line
