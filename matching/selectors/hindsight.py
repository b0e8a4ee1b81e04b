"""What both sides say of their pairings later, and what people changed by hand, beside the score that made them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Prefetch

from cohorts.models import Cohort, FitStatement, Pairing, host_label
from cohorts.states import Side

from ..engine.matcher import in_order
from ..engine.scoring import Scorer
from ..engine.weights import Choice, choice_of, explained, suggest_weights
from ..models import Proposal, Run
from ..snapshot import market_from_json
from ..states import RunState
from .criteria import CRITERION_LABELS, weights_of
from .matrix import points_of

RUNS_READ = 5  # the latest decisions; older ones were made for another cohort of facts

WIDTH, HEIGHT, EDGE = 480, 240, 36  # of the picture, in its own units


@dataclass(frozen=True, slots=True)
class Dot:
    """One statement in the picture: the score of then to the right, the fit upwards."""

    x: float
    y: float
    side: str


@dataclass(frozen=True, slots=True)
class HindsightRow:
    pairing: Pairing
    twin: str
    host: str
    points: int | None  # of 100; None where no run proposed the pairing
    by_twin: list[FitStatement]
    by_host: list[FitStatement]

    @property
    def dots(self) -> list[Dot]:
        if self.points is None:
            return []
        return [_dot(self.points, row) for row in [*self.by_twin, *self.by_host]]


def hindsight_of(cohort: Cohort, user) -> list[HindsightRow]:
    """Every pairing of the cohort that was announced, ended ones included, by the twin's name. Three queries."""
    statements = FitStatement.objects.order_by("month", "pk")
    pairings = (
        Pairing.objects.visible_to(user)
        .in_cohort(cohort)
        .filter(announced_at__isnull=False)
        .select_related("proposal")
        .with_sides()
        .prefetch_related(Prefetch("fit_statements", statements))
        .order_by("participation__city__name", "pk")
    )
    return [_row(pairing) for pairing in pairings]


def _row(pairing: Pairing) -> HindsightRow:
    said = list(pairing.fit_statements.all())
    proposal = getattr(pairing, "proposal", None)
    return HindsightRow(
        pairing=pairing,
        twin=str(pairing.participation.city),
        host=host_label(pairing.hosting.host),
        points=points_of(proposal.score) if proposal else None,
        by_twin=[row for row in said if row.side == Side.TWIN],
        by_host=[row for row in said if row.side == Side.HOST],
    )


def _dot(points: int, row: FitStatement) -> Dot:
    x = EDGE + points / 100 * (WIDTH - 2 * EDGE)
    y = HEIGHT - EDGE - (row.score - 1) / 4 * (HEIGHT - 2 * EDGE)
    return Dot(round(x, 1), round(y, 1), row.side)


@dataclass(frozen=True, slots=True)
class ChangedByHand:
    """One twin that somebody put elsewhere than the engine did, and which weights would have put it there."""

    twin: str
    chosen: str
    instead_of: str
    reason: str
    by: str
    is_explained: bool  # by the present weights
    would_be: bool  # by the suggested ones


@dataclass(frozen=True, slots=True)
class WeightRow:
    slug: str
    label: str
    now: int
    suggested: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the changes by hand say about the weights: a suggestion only."""

    choices: list[ChangedByHand]
    weights: list[WeightRow]
    explained_before: int
    explained_after: int

    @property
    def is_better(self) -> bool:
        return self.explained_after > self.explained_before

    @property
    def changed(self) -> list[WeightRow]:
        return [row for row in self.weights if row.now != row.suggested]


def lesson_of(cohort: Cohort) -> Lesson | None:
    """What people chose instead of the engine in the latest decisions, read with the facts of then; None without any.

    Changes from one host to another count; putting a twin on the waiting list says nothing about weights. At most three
    queries.
    """
    changed = (
        Proposal.objects.filter(run__cohort=cohort, run__state=RunState.CONFIRMED, changed_at__isnull=False)
        .exclude(hosting=None)
        .exclude(engine_hosting=None)
        .exclude(hosting=F("engine_hosting"))
        .select_related("participation__city", "hosting__host", "engine_hosting__host", "changed_by")
        .prefetch_related("hosting__host__host_cities__city", "engine_hosting__host__host_cities__city")
        .order_by("participation__city__name", "pk")
    )
    found = _choices(list(changed))
    if not found:
        return None
    weights = weights_of(cohort)
    suggestion = suggest_weights([choice for _proposal, choice in found], weights)
    return Lesson(
        choices=[
            ChangedByHand(
                twin=str(proposal.participation.city),
                chosen=host_label(proposal.hosting.host),
                instead_of=host_label(proposal.engine_hosting.host),
                reason=proposal.changed_reason,
                by=str(proposal.changed_by or ""),
                is_explained=bool(explained([choice], weights)),
                would_be=bool(explained([choice], suggestion.weights)),
            )
            for proposal, choice in found
        ],
        weights=[
            WeightRow(slug, str(CRITERION_LABELS[slug]), weight, suggestion.weights[slug])
            for slug, weight in weights.items()
        ],
        explained_before=suggestion.explained_before,
        explained_after=suggestion.explained_after,
    )


def _choices(proposals: Iterable[Proposal]) -> list[tuple[Proposal, Choice]]:
    """Each change with what every weight speaks for it, in the facts that its run has frozen."""
    by_run: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        by_run.setdefault(proposal.run_id, []).append(proposal)
    latest = sorted(by_run, reverse=True)[:RUNS_READ]
    found = []
    for run in Run.objects.filter(pk__in=latest).order_by("-pk"):
        market = in_order(market_from_json(run.snapshot))
        scorer = Scorer(market, run.weights)
        row = {twin.place.id: place for place, twin in enumerate(market.twins)}
        column = {host.id: place for place, host in enumerate(market.hosts)}
        for proposal in by_run[run.pk]:
            city, chosen = proposal.participation.city.slug, proposal.hosting.host.slug
            places = row[city], column[chosen], column[proposal.engine_hosting.host.slug]
            found.append((proposal, choice_of(scorer, *places, label=city)))
    return found
