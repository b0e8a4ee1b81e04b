"""Runs as pages and commands read them."""

from dataclasses import dataclass

from django.db.models import Prefetch

from cohorts.models import Cohort, HostContact, Membership, Pairing, Participation, host_label
from cohorts.states import PairingState

from ..engine.feasibility import twins_without_host
from ..engine.matcher import Outcome
from ..models import Run
from ..snapshot import fingerprint_of, market_from_json, market_of
from ..states import RunScope
from .clashing import Clash, clash_in_words, clash_to_keep
from .criteria import CRITERION_LABELS
from .matrix import Matrix, Row, points_of
from .reasons import sentences_of, unmatched_reason
from .rematching import is_rematch
from .scenarios import acts_of, holding, steps_of


def runs_of(cohort: Cohort, user):
    """The runs of a cohort that the person may see, newest first; scenarios and re-matches stand on pages of their own."""
    return (
        Run.objects.visible_to(user)
        .in_cohort(cohort)
        .filter(scenario=None, moves=[])
        .select_related("started_by", "decided_by")
        .order_by("-pk")
    )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a run would face, known before it starts."""

    twins: int
    hosts: int
    places: int
    without_interests: int
    without_host: tuple[str, ...]
    seated: int
    clash: Clash | None

    @property
    def places_missing(self) -> int:
        return max(self.twins - self.places, 0)


def outlook_of(cohort: Cohort) -> Outlook:
    """Twins and places that are open now, the twins that no host is open to, and rules that cannot hold together."""
    market = market_of(cohort, scope=RunScope.OPEN)
    names = {twin.id: twin.place.name for twin in market.twins}
    return Outlook(
        twins=len(market.twins),
        hosts=len(market.hosts),
        places=sum(host.maximum for host in market.hosts),
        without_interests=sum(not (twin.interests or twin.challenges or twin.domains) for twin in market.twins),
        without_host=tuple(names[stranded.twin] for stranded in twins_without_host(market)),
        seated=Participation.objects.in_cohort(cohort).participating().count() - len(market.twins),
        clash=clash_in_words(clash_to_keep(market), market),
    )


def clash_of(run: Run) -> Clash | None:
    """The rules that made this run fail, in words."""
    return clash_in_words(run.clash, market_from_json(run.snapshot)) if run.clash else None


@dataclass(frozen=True, slots=True)
class Figures:
    """The run in a line of numbers, after changes by hand."""

    matched: int
    twins: int
    total: int
    best_total: int
    mean: int
    lowest: int
    same_country: int
    fragile: int
    tried: int
    hosts_used: int
    hosts: int
    changed: int


def figures_of(run: Run, matrix: Matrix) -> Figures:
    scores = [row.proposal.score for row in matrix.matched]
    return Figures(
        matched=len(scores),
        twins=len(matrix.rows),
        total=points_of(sum(scores)),
        best_total=points_of(run.total or 0),
        mean=points_of(round(sum(scores) / len(scores))) if scores else 0,
        lowest=points_of(min(scores, default=0)),
        same_country=sum(_is_same_country(row) for row in matrix.matched),
        fragile=sum(bool(row.firmness and row.firmness.is_fragile) for row in matrix.matched),
        tried=sum(row.firmness is not None for row in matrix.rows),
        hosts_used=len({row.host for row in matrix.matched}),
        hosts=len(matrix.hosts),
        changed=sum(row.is_changed for row in matrix.rows),
    )


def _is_same_country(row: Row) -> bool:
    facts = [fact["code"] for part in row.proposal.reasons for fact in part["facts"]]
    return "country_same" in facts or "country_same_avoided" in facts


def unmatched_rows(run: Run, matrix: Matrix) -> list[dict]:
    """The twins without a host now, each with the reason: the engine's, or that of the change by hand."""
    reasons = {row["twin"]: unmatched_reason(row) for row in run.unmatched}
    return [
        {"twin": row.name, "slug": row.twin, "reason": row.proposal.changed_reason or reasons.get(row.twin, "")}
        for row in matrix.rows
        if not row.host
    ]


def is_outdated(run: Run) -> bool:
    """Whether the cohort holds other facts now than the run looked at. A re-match is asked when it is announced."""
    if is_rematch(run):
        return False
    market = market_of(run.cohort, scope=run.scope)
    if run.scenario_id:
        market = acts_of(run.scenario, holding(steps_of(run.scenario))).on(market)
    return fingerprint_of(market) != run.snapshot_hash


def present_hosts(run: Run) -> dict[str, str]:
    """Twin id -> name of the host it is paired with today, for a what-if over all twins; else nothing."""
    if run.scope != RunScope.ALL:
        return {}
    pairings = Pairing.objects.in_cohort(run.cohort).open().with_sides().order_by("pk")
    return {pairing.participation.city.slug: host_label(pairing.hosting.host) for pairing in pairings}


def pairings_to_announce(run: Run, user):
    """The pairings of a run that nobody has been told of, with names and the people who would get a letter."""
    pairings = Pairing.objects.visible_to(user).filter(proposal__run=run, state=PairingState.CONFIRMED)
    members = Membership.objects.current().filter(user__is_active=True).select_related("user").order_by("pk")
    contacts = HostContact.objects.current().filter(user__is_active=True).select_related("user").order_by("pk")
    return (
        pairings.with_sides()
        .prefetch_related(
            Prefetch("participation__memberships", members, to_attr="present_members"),
            Prefetch("hosting__contacts", contacts, to_attr="present_contacts"),
        )
        .order_by("participation__city__name", "pk")
    )


def readers_of(pairing: Pairing) -> list:
    """Who gets the letter about a pairing of `pairings_to_announce`, each person once."""
    rows = [*pairing.participation.present_members, *pairing.hosting.present_contacts]
    return list({row.user_id: row.user for row in rows}.values())


def result_of(run: Run, outcome: Outcome, unmatched: list[dict]) -> dict:
    """A run as the command prints it. `run` is null where it was not stored."""
    problem, plan = outcome.problem, outcome.plan
    seated = [(i, j) for i, j in enumerate(plan.host_of) if j >= 0]
    return {
        "cohort": run.cohort.slug,
        "run": run.code if run.pk else None,
        "snapshot": run.snapshot_hash,
        "total": outcome.verdict.total,
        "bound": outcome.verdict.bound,
        "optimal": outcome.verdict.optimal,
        "pairings": [_pairing_row(outcome, i, j) for i, j in seated],
        "unmatched": [{"twin": row["twin"], "reason": unmatched_reason(row)} for row in unmatched],
        "rankings": {twin: [list(row) for row in outcome.ranking(i)] for i, twin in enumerate(problem.twin_ids)},
    }


def _pairing_row(outcome: Outcome, twin: int, host: int) -> dict:
    parts = outcome.scorer.parts(twin, host)
    ordered = sorted(parts, key=lambda part: (not part.known, -part.weight * part.score, part.criterion))
    return {
        "twin": outcome.problem.twin_ids[twin],
        "host": outcome.problem.host_ids[host],
        "score": int(outcome.problem.score[twin, host]),
        "criteria": {part.criterion: part.score for part in parts},
        "reasons": [
            f"{CRITERION_LABELS[part.criterion]}: {sentence}" for part in ordered for sentence in sentences_of(part)
        ],
    }
