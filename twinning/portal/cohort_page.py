"""The cohort page: what cohorts and outputs know, put together row by row as far as the reader may know it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from cohorts.models import Cohort, Hosting, Pairing
from cohorts.selectors.cohorts import CohortFigures, EventOfPairings, Progress, progress_of
from cohorts.selectors.pairs import HostSide, Pair, hosts_of, pairs_of
from cohorts.states import EventKind, HostKind, PairingState
from outputs.models import Output
from outputs.states import OWED, OutputState
from twinning.core.addresses import addresses_of

HOST_NOTES = {HostKind.PILOT_ACTIVITY: _lazy("Pilot Activities"), HostKind.MISSION_CITY: _lazy("Mission Cities")}
ROWS_PER_PAGE, ROWS_OF_LARGE = 50, 25  # a cohort of the usual size stands on one page
MOST_ON_MAP = 150  # above so many pairings a cohort is large: shorter pages, and a map of those on the page


@dataclass(frozen=True, slots=True)
class Cell:
    """One output of one twin, as a glyph."""

    label: str
    position: int
    state: str
    days_late: int


@dataclass(frozen=True, slots=True)
class Row:
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


def outputs_known_to(user, *, whole: bool) -> models.QuerySet[Output]:
    """The outputs whose state the reader may know among those of a cohort: all for those who see it whole, else those they see.

    Of every cohort: whoever asks for those of some pairings would only be held up by asking for the cohort too.
    """
    return Output.objects.all() if whole else Output.objects.visible_to(user)


def pairings_known_to(user, cohort: Cohort) -> models.QuerySet[Pairing]:
    """The open pairings of the cohort that the reader knows of."""
    return Pairing.objects.known_to(user).in_cohort(cohort).open()


def longest_late_first(
    pairings: models.QuerySet[Pairing], outputs: models.QuerySet[Output], today: date
) -> models.QuerySet[Pairing]:
    """In the order in which somebody should look at them: the longest overdue output first, then by the twin's name."""
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

    pair: Pair
    outputs: list[Cell]
    progress: Progress
    overdue_since: date | None  # the earliest day on which an output should have been there


def read_page(
    chosen: models.QuerySet[Pairing], user, outputs: models.QuerySet[Output], today: date, *, opens_all: bool
) -> list[Listed]:
    """The pairings of one page of `longest_late_first`, in the same order. Three queries.

    `opens_all`: whether it is known already that the reader may open every one of them.
    What a row shows is asked of the rows that are shown: in a large cohort that is much cheaper than asking it of all.
    """
    pairs = pairs_of(Pairing.objects.filter(pk__in=chosen.values("pk")), user, opens_all=opens_all)
    progress = progress_of([pair.pk for pair in pairs], today=today)
    cells, overdue = _cells_of(outputs, [pair.twin.pk for pair in pairs], today)
    listed = [Listed(pair, cells[pair.twin.pk], progress[pair.pk], overdue.get(pair.twin.pk)) for pair in pairs]
    return sorted(listed, key=lambda row: row.overdue_since or date.max)


def _cells_of(
    outputs: models.QuerySet[Output], twins: list[int], today: date
) -> tuple[dict[int, list[Cell]], dict[int, date]]:
    """By participation: its outputs in the programme's order, and since when the longest overdue of them is. One query."""
    cells: dict[int, list[Cell]] = defaultdict(list)
    overdue: dict[int, date] = {}
    rows = outputs.filter(participation__in=twins).with_effective_due().order_by("position", "pk")
    for twin, label, position, state, due in rows.values_list(
        "participation", "label", "position", "state", "effective_due_on"
    ):
        days = max(0, (today - due).days) if state in OWED else 0
        cells[twin].append(Cell(label, position, state, days))
        if days:
            overdue[twin] = min(due, overdue.get(twin, due))
    return cells, overdue


def hosts_of_rows(listed: list[Listed]) -> dict[int, HostSide]:
    """The hosts of these pairings. One query."""
    return hosts_of(Hosting.objects.filter(pk__in={row.pair.hosting for row in listed}))


def rows_of(listed: list[Listed], hosts: dict[int, HostSide]) -> list[Row]:
    """Table rows with the states of the outputs that the reader may know."""
    pairing_at = addresses_of("cohorts:pairing-detail")
    return [_row(each, hosts[each.pair.hosting], pairing_at) for each in listed]


def _row(listed: Listed, host: HostSide, pairing_at: Callable[[str], str]) -> Row:
    pair = listed.pair
    progress = listed.progress if pair.reader_sees else Progress()
    tone, words = _attention(pair, listed.outputs)
    return Row(
        twin=pair.twin.city,
        host=host.name,
        url=pairing_at(pair.code) if pair.reader_sees else "",
        countries=_countries(pair.twin.country, host.countries),
        visits=progress.visits,
        cells=listed.outputs,
        next_title=progress.next_title,
        next_on=progress.next_on,
        attention_tone=tone,
        attention=words,
    )


def _countries(of_twin: str, of_host: tuple[str, ...]) -> str:
    """ "PT – FI", or "DE – ES, 7 cities" for a group."""
    codes = sorted(set(of_host))
    words = f"{of_twin} – {', '.join(codes[:2])}{' …' if len(codes) > 2 else ''}"
    if len(of_host) < 2:
        return words
    return _("%(countries)s, %(count)d cities") % {"countries": words, "count": len(of_host)}


def _attention(pair: Pair, outputs: list[Cell]) -> tuple[str, str]:
    """The one thing that somebody should look at: (tone, words); tone "" where all is well, words "" where nothing is known."""
    if pair.state == PairingState.CONFIRMED:
        return "draft", _("not announced")
    late = max(outputs, key=lambda output: output.days_late, default=None)
    if late and late.days_late:
        words = ngettext("O%(number)d late by %(days)d day", "O%(number)d late by %(days)d days", late.days_late)
        return "late", words % {"number": late.position, "days": late.days_late}
    states = {output.state for output in outputs}
    if OutputState.SUBMITTED in states:
        return "sent", _("waits for review")
    if OutputState.SENT_BACK in states:
        return "back", _("answer awaited")
    if pair.reader_sees and not pair.is_accompanied:
        return "none", _("no facilitator")
    return "", _("on course") if outputs else ""


def count_outputs(outputs: models.QuerySet[Output]) -> dict[str, int]:
    """How many there are (waived ones left out) and are accepted. One query."""
    accepted = models.Count("pk", filter=models.Q(state=OutputState.ACCEPTED))
    return outputs.exclude(state=OutputState.WAIVED).aggregate(all=models.Count("*"), accepted=accepted)


def figures_of(
    cohort: Cohort,
    figures: CohortFigures,
    outputs: dict[str, int],
    of_pairings: list[EventOfPairings],
    *,
    are_own: bool,
) -> list[dict[str, object]]:
    """The line of key figures. What was published stands beside what is known by name.

    `outputs`: by `count_outputs`; `are_own`: only the reader's.
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
    if outputs["all"]:
        note = _("of %(all)d") % outputs
        label = _("Your outputs accepted") if are_own else _("Outputs accepted")
        line.append({"label": label, "value": outputs["accepted"], "note": note})
    return line
