"""A run as a picture that is also a table: every twin with every host. Built from what the run stored, never anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from cohorts.models.city import fold

from ..engine.types import SCALE
from ..models import Proposal, Run

BANDS = 6
FIRM, FRAGILE = 80, 50  # kept in so many of 100 trials with varied weights
BEST = 6  # hosts that the phone shows for a twin


@dataclass(frozen=True, slots=True)
class Cell:
    """One pair. `points` is 0..100, or None where a rule forbids the pair; `name` says all of it in words.

    `mark`: the glyph of what somebody did with the pair by hand, "lock" or "".
    """

    host: str
    points: int | None
    band: int
    is_proposed: bool
    was_proposed: bool
    mark: str
    name: str


@dataclass(frozen=True, slots=True)
class BestHost:
    slug: str
    name: str
    points: int
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class Firmness:
    """Whether a proposal hangs on the exact weights. `trials` of 100 with varied weights kept it."""

    label: str
    trials: int
    is_fragile: bool

    @classmethod
    def of(cls, trials: int) -> "Firmness":
        if trials >= FIRM:
            return cls(_("Firm"), trials, is_fragile=False)
        return cls(_("Fragile") if trials < FRAGILE else _("Fairly firm"), trials, is_fragile=trials < FRAGILE)


@dataclass(frozen=True)
class Row:
    """A twin with a cell for every host, made when somebody asks for them, and its best hosts in order."""

    twin: str
    name: str
    proposal: Proposal
    host: str
    host_name: str
    points: int
    names: Mapping[str, str]
    span: tuple[int, int]
    present: str  # the host that the twin is paired with today, in a what-if over all twins
    columns: tuple[str, ...]  # the hosts that have a cell
    locked_to: str = ""

    @property
    def address(self) -> str:
        """The place in the run's page that explains this proposal."""
        return f"?twin={self.twin}&host={self.host}#pair"

    @property
    def is_changed(self) -> bool:
        return self.proposal.changed_at is not None

    @property
    def firmness(self) -> Firmness | None:
        """How sure the engine's proposal is; nothing after a change by hand, or where it was not tried."""
        trials = self.proposal.firmness
        return None if trials is None or self.is_changed else Firmness.of(trials)

    @cached_property
    def scores(self) -> dict[str, int]:
        """Host id -> score, the best first."""
        return dict(self.proposal.ranking)

    @property
    def best(self) -> list[BestHost]:
        best = list(self.scores.items())[:BEST]
        return [BestHost(slug, self.names[slug], points_of(score), slug == self.host) for slug, score in best]

    @cached_property
    def cells(self) -> list[Cell]:
        """One cell for every host, in the order of the columns."""
        engine = self.proposal.engine_hosting.host.slug if self.proposal.engine_hosting else ""
        return [self._cell(slug, self.names[slug], engine) for slug in self.columns]

    @cached_property
    def _words(self) -> dict[tuple[bool, bool, bool], str]:
        """What is said of a cell that is forbidden, proposed, or was proposed before a change by hand."""
        plain, forbidden = _("%(twin)s with %(host)s: %(points)s"), _("%(twin)s with %(host)s: not allowed")
        proposed = _("%(twin)s with %(host)s: %(points)s, proposed")
        before = _("%(twin)s with %(host)s: %(points)s, proposed before the change by hand")
        by_hand = {(False, False): plain, (True, False): proposed, (False, True): before}
        allowed = {(False, *what): words for what, words in by_hand.items()}
        return allowed | {(True, *what): forbidden for what in by_hand}

    def _cell(self, slug: str, name: str, engine: str) -> Cell:
        is_proposed, was_proposed = slug == self.host, slug == engine and slug != self.host
        score = self.scores.get(slug)
        points = None if score is None else points_of(score)
        words = self._words[points is None, is_proposed, was_proposed]
        words %= {"twin": self.name, "host": name, "points": points}
        mark = "lock" if slug == self.locked_to else ""
        if mark:
            words = _("%(pair)s, locked") % {"pair": words}
        return Cell(slug, points, _band(score or 0, *self.span), is_proposed, was_proposed, mark, words)


@dataclass(frozen=True, slots=True)
class Matrix:
    hosts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]

    @property
    def matched(self) -> list[Row]:
        return [row for row in self.rows if row.host]


def host_names(run: Run) -> dict[str, str]:
    """Host id -> name as it was at the time of the run, by name."""
    names = {host["id"]: host["name"] for host in run.snapshot["hosts"]}
    return dict(sorted(names.items(), key=lambda item: (fold(item[1]), item[0])))


def twin_names(run: Run) -> dict[str, str]:
    return {twin["place"]["id"]: twin["place"]["name"] for twin in run.snapshot["twins"]}


def matrix_of(run: Run, *, present: Mapping[str, str] | None = None) -> Matrix:
    """All pairs of a solved run, twins and hosts by name. One query, whatever the size."""
    present = present or {}
    names, twins = host_names(run), twin_names(run)
    proposals = run.proposals.select_related(
        "participation__city", "hosting__host", "engine_hosting__host", "changed_by"
    ).order_by("pk")
    known = [score for proposal in proposals for _host, score in _ends(proposal.ranking)]
    span = min(known, default=0), max(known, default=0)
    rows = []
    for proposal in proposals:
        city, host = proposal.participation.city, proposal.hosting.host.slug if proposal.hosting else ""
        row = Row(
            twin=city.slug,
            name=twins.get(city.slug, city.name),
            proposal=proposal,
            host=host,
            host_name=names.get(host, ""),
            points=points_of(proposal.score),
            names=names,
            span=span,
            present=present.get(city.slug, ""),
            columns=tuple(names),
        )
        rows.append(row)
    return Matrix(tuple(names.items()), tuple(sorted(rows, key=lambda row: (fold(row.name), row.twin))))


def _ends(ranking: list) -> list:
    """The best and the worst host of a ranking."""
    return [ranking[0], ranking[-1]] if ranking else []


def _band(score: int, lowest: int, highest: int) -> int:
    """Six equal bands between the lowest and the highest score of the run."""
    return min(BANDS - 1, (score - lowest) * BANDS // max(highest - lowest, 1)) if score > lowest else 0


def points_of(score: int) -> int:
    """Scores as people read them: 0 to 100."""
    return (score * 100 + SCALE // 2) // SCALE
