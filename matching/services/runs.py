"""The life of a matching run: started, solved, then confirmed or discarded. Announcing is an act of its own."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Cohort, Hosting, Participation
from cohorts.services.pairings import confirm_pairing
from twinning.audit.services import record
from twinning.core.errors import Refused

from ..engine.certificate import certificate_as_json
from ..engine.feasibility import crowd_of
from ..engine.matcher import VERSION, Outcome
from ..engine.robustness import survival
from ..engine.scoring import DEFAULT_WEIGHTS
from ..engine.types import Cancelled, Market, Part, UnsolvableRules
from ..models import Proposal, Run, Scenario
from ..selectors.clashing import clash_to_keep
from ..selectors.equals import ties_to_keep
from ..selectors.explanations import outcome_of
from ..selectors.reasons import part_as_json
from ..selectors.rules import issue_sentences
from ..snapshot import as_json, fingerprint_of_json, market_from_json, market_of
from ..states import RUN_MOVES, Objective, RunScope, RunStage, RunState
from .rules import mend_rules
from .watching import Watch

logger = logging.getLogger(__name__)

AT_ONCE = 40_000  # pairs that are matched while the page waits (well under half a second); more go to a worker
TRIED = 5_000  # pairs up to which the weights are varied to see which proposals are firm (a tenth of a second)
EXPLAINED_TOGETHER = 500  # twins: enough that reading rows of scores is shared, few enough to be cancelled in between
LONGEST_RANKING = 200  # hosts kept for a twin, the best first: more than anybody reads, little enough to store
STALE_AFTER = timedelta(minutes=10)  # a run claimed longer ago belonged to a worker that died
OVERDUE_AFTER = timedelta(seconds=30)  # a run queued longer ago lost its message


@transaction.atomic
def start_run(
    cohort: Cohort,
    *,
    by,
    now: datetime,
    weights: Mapping[str, int],
    scope: str = RunScope.OPEN,
    objective: str = Objective.TOTAL,
    seed: str = "0",
) -> Run:
    """Freeze what the cohort holds now and match it. Proposes only: no pairing comes into being.

    Journals the start and the end. A small cohort is solved at once; a large one by a worker after the commit.
    Refused without twins, without hosts or without any weight.
    """
    run = new_run(cohort, by=by, now=now, weights=weights, scope=scope, objective=objective, seed=seed)
    run.save()
    record(run, "matching.run.started", by=by, at=now, data={"cohort": str(cohort)})
    if len(run.snapshot["twins"]) * len(run.snapshot["hosts"]) <= AT_ONCE:
        solve_run(run, now=now)
    else:
        transaction.on_commit(lambda: hint_worker(run.pk))
    return run


def new_run(
    cohort: Cohort,
    *,
    by,
    now: datetime,
    weights: Mapping[str, int],
    scope: str = RunScope.OPEN,
    objective: str = Objective.TOTAL,
    seed: str = "0",
    market: Market | None = None,
) -> Run:
    """The run that `start_run` would save, with the data frozen in it. Writes nothing.

    `market`: what to look at instead of the cohort as it stands, for a scenario with rules of its own.
    """
    weights = {slug: weights.get(slug, 0) for slug in DEFAULT_WEIGHTS}
    if not any(weights.values()):
        raise Refused(_("Give at least one criterion a weight above zero."))
    market = market or market_of(cohort, scope=scope)
    if not market.twins:
        raise Refused(_("There is nobody to match: every twin of this cohort has a host, or there is no twin yet."))
    if not market.hosts:
        raise Refused(_("There is no host in this cohort yet."))
    snapshot = as_json(market)
    return Run(
        cohort=cohort,
        scope=scope,
        objective=objective,
        weights=weights,
        seed=seed,
        engine_version=VERSION,
        snapshot_hash=fingerprint_of_json(snapshot),
        snapshot=snapshot,
        started_by=by,
        started_at=now,
    )


def solve_run(run: Run, *, now: datetime) -> None:
    """Solve a queued run and stage the result as proposals; a clash of rules makes it a failed run that says why.

    The run tells how far it is, and ends when somebody cancels it or its time is up. A run that somebody else has
    claimed or decided meanwhile is left alone.
    """
    begun = {"state": RunState.RUNNING, "stage": RunStage.READING, "percent": 0, "updated_at": now}
    if not Run.objects.filter(pk=run.pk, state=RunState.QUEUED).update(**begun):
        return
    watch = Watch(run, now=now)
    try:
        outcome = outcome_of(run, stop=watch.stop, progress=watch.progress)
        stage_run(run, outcome, now=now, seconds=watch.seconds, watch=watch)
    except Cancelled:
        if watch.is_overdue:
            fail_run(run, now=now, error=_overdue())
    except UnsolvableRules as clash:
        market = market_from_json(run.snapshot)
        error = " ".join(issue_sentences(clash.issues, market))
        fail_run(run, now=now, error=error, clash=clash_to_keep(market))
    except (OverflowError, Refused) as error:
        fail_run(run, now=now, error=str(error))
    except Exception as error:
        logger.exception("Run %s could not be solved.", run.code)
        fail_run(run, now=now, error=f"{type(error).__name__}: {error}")


def _overdue() -> str:
    minutes = max(round(settings.MATCHING_SECONDS / 60), 1)
    return ngettext(
        "No plan was found within %(minutes)s minute, which is the limit. Take the best total as aim, or fewer rules"
        " that count twins; an administrator can raise MATCHING_SECONDS.",
        "No plan was found within %(minutes)s minutes, which is the limit. Take the best total as aim, or fewer rules"
        " that count twins; an administrator can raise MATCHING_SECONDS.",
        minutes,
    ) % {"minutes": minutes}


def stage_run(run: Run, outcome: Outcome, *, now: datetime, seconds: float, watch: Watch | None = None) -> None:
    """Keep what came out: one proposal per twin, the figures and their proof. Journals it.

    Everything is worked out before the transaction, which then is short. Refused where a move by hand finds no place;
    raises Cancelled.
    """
    proposals = _proposals(run, outcome, watch)
    move_by_hand(run, proposals, outcome)
    run.total, run.bound = outcome.verdict.total, outcome.verdict.bound
    run.is_optimal, run.seconds = outcome.verdict.optimal, round(seconds, 3)
    run.certificate = _proof_of(outcome)
    run.unmatched = unmatched_of(outcome)
    run.ties = ties_to_keep(outcome, stop=watch and watch.stop)
    _keep(run, proposals, matched=outcome.plan.matched, now=now)


@transaction.atomic
def _keep(run: Run, proposals: list[Proposal], *, matched: int, now: datetime) -> None:
    locked = Run.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=run.pk)
    if not RUN_MOVES.allows("stage", state=locked.state):
        return  # cancelled while it was being solved
    run.state, run.percent = RUN_MOVES.target("stage", state=locked.state), 100
    run.save()
    Proposal.objects.bulk_create(proposals, batch_size=500)
    if run.scenario_id:
        return  # the scenario journals what was done in it
    figures = {"cohort": str(locked.cohort), "matched": matched, "unmatched": len(run.unmatched)}
    record(run, "matching.run.staged", by=None, at=now, data=figures)


def _proof_of(outcome: Outcome) -> dict:
    proof = {"plan": outcome.digest, "floor": outcome.plan.floor, "unmet": outcome.plan.unmet}
    if outcome.certificate:
        proof["proof"] = certificate_as_json(outcome.certificate)
    return proof


def unmatched_of(outcome: Outcome) -> list[dict]:
    """The twins without a host, each with what keeps it from one."""
    names = {host.id: host.name for host in outcome.market.hosts}
    rows = []
    for place, host in enumerate(outcome.plan.host_of):
        if host >= 0:
            continue
        twins, hosts = crowd_of(outcome.problem, outcome.plan, place)
        row = {"twin": outcome.problem.twin_ids[place], "code": "crowd" if hosts else "no_host"}
        row |= {"twins": len(twins), "hosts": [names[outcome.problem.host_ids[j]] for j in hosts]}
        rows.append(row | {"seats": int(outcome.problem.maximum[list(hosts)].sum())})
    return rows


def _proposals(run: Run, outcome: Outcome, watch: Watch | None) -> list[Proposal]:
    participations = dict(Participation.objects.in_cohort(run.cohort).values_list("city__slug", "pk"))
    hostings = dict(Hosting.objects.in_cohort(run.cohort).values_list("host__slug", "pk"))
    kept = _firmness(run, outcome)
    proposals, twins, parts = [], outcome.problem.twin_ids, {}
    for place, twin in enumerate(twins):
        if place % EXPLAINED_TOGETHER == 0:
            if watch:
                watch.explaining(place / len(twins))
            together = enumerate(outcome.plan.host_of[place : place + EXPLAINED_TOGETHER], place)
            pairs = [(row, column) for row, column in together if column >= 0]
            parts = dict(zip(pairs, outcome.scorer.parts_of(pairs), strict=True))
        host = outcome.plan.host_of[place]
        hosting = hostings[outcome.problem.host_ids[host]] if host >= 0 else None
        proposal = Proposal(
            run=run,
            participation_id=participations[twin],
            hosting_id=hosting,
            engine_hosting_id=hosting,
            firmness=kept[place] if kept else None,
            ranking=outcome.ranking(place)[:LONGEST_RANKING],
        )
        _write(proposal, outcome, place, host, parts.get((place, host), ()))
        proposals.append(proposal)
    return proposals


def move_by_hand(run: Run, proposals: list[Proposal], outcome: Outcome) -> None:
    """Put the moved twins where somebody put them; nobody else moves. Refused beyond the places, or against a rule."""
    if not run.moves:
        return
    problem, hostings = outcome.problem, dict(Hosting.objects.in_cohort(run.cohort).values_list("host__slug", "pk"))
    rows, columns = ({name: place for place, name in enumerate(ids)} for ids in (problem.twin_ids, problem.host_ids))
    after = list(outcome.plan.host_of)
    for move in run.moves:
        if move["twin"] not in rows or move["host"] not in {"", *columns}:
            continue  # takes no part any more
        row, column = rows[move["twin"]], columns.get(move["host"], -1)
        after[row] = column
        proposal = proposals[row]
        proposal.hosting_id = hostings[move["host"]] if move["host"] else None
        explain_proposal(proposal, outcome, row, column)
        proposal.changed_reason, proposal.changed_by_id = move["reason"], move["by"]
        proposal.changed_at = datetime.fromisoformat(move["at"])
    _refuse_overfull(outcome, after)


def _refuse_overfull(outcome: Outcome, after: list[int]) -> None:
    problem, market = outcome.problem, outcome.market
    obstacles = []
    for column, host in enumerate(market.hosts):
        here = [row for row, place in enumerate(after) if place == column]
        for row in here:
            if not problem.allowed[row, column]:
                names = {"twin": market.twins[row].place.name, "host": host.name}
                obstacles.append(_("A rule forbids %(twin)s with %(host)s.") % names)
        if len(here) > host.maximum:
            names = {"host": host.name, "twins": ", ".join(market.twins[row].place.name for row in here)}
            obstacles.append(
                _("%(host)s has no place for all of %(twins)s. Move one away first, or lock the pair.") % names
            )
    if obstacles:
        raise Refused(" ".join(obstacles))


def _firmness(run: Run, outcome: Outcome) -> tuple[int, ...]:
    """For each twin, in how many of 100 trials with varied weights its place stays; empty where it takes too long.

    That is for a large market; and for an act in the studio, which is to answer at once, where one solve takes long.
    """
    takes_long = bool(outcome.problem.groups) or run.objective == Objective.LEXIMIN
    if outcome.problem.score.size > TRIED or (takes_long and run.scenario_id):
        return ()
    return survival(outcome.scorer, outcome.problem, outcome.plan, run.weights)


def explain_proposal(proposal: Proposal, outcome: Outcome, twin: int, host: int) -> None:
    """Write score, points and facts of this pair into the proposal; -1 means no host. The caller saves."""
    _write(proposal, outcome, twin, host, outcome.scorer.parts(twin, host) if host >= 0 else ())


def _write(proposal: Proposal, outcome: Outcome, twin: int, host: int, parts: tuple[Part, ...]) -> None:
    proposal.score = int(outcome.problem.score[twin, host]) if host >= 0 else 0
    proposal.criteria = {part.criterion: part.score for part in parts}
    proposal.reasons = [part_as_json(part) for part in parts]


@transaction.atomic
def fail_run(run: Run, *, now: datetime, error: str, clash: dict | None = None) -> None:
    """Note why a run came to nothing, with the rules that clash. Journals it. A cancelled run stays cancelled."""
    state = _locked(run).state
    if not RUN_MOVES.allows("fail", state=state):
        return
    run.state = RUN_MOVES.target("fail", state=state)
    run.error, run.clash = error or _("Unknown error"), clash or {}
    run.save(update_fields=["state", "error", "clash", "updated_at"])
    record(run, "matching.run.failed", by=None, at=now, data={"cohort": str(run.cohort), "error": run.error})


@transaction.atomic
def cancel_run(run: Run, *, by, now: datetime) -> Run:
    """Stop a run that is not solved yet; it leaves no proposal. Journals it. Refused once it is solved or has failed."""
    run = _locked(run)
    run.state = RUN_MOVES.target("cancel", state=run.state)
    run.decided_by, run.decided_at = by, now
    run.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])
    record(run, "matching.run.cancelled", by=by, at=now)
    return run


@transaction.atomic
def discard_run(run: Run, *, by, now: datetime) -> Run:
    """Discard a run. It stays readable; nothing of it comes into being. Journals it."""
    run = _locked(run)
    run.state = RUN_MOVES.target("discard", state=run.state)
    run.decided_by, run.decided_at = by, now
    run.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])
    record(run, "matching.run.discarded", by=by, at=now)
    return run


@transaction.atomic
def confirm_run(run: Run, *, by, now: datetime, scenario: Scenario | None = None) -> Run:
    """Make a pairing of every proposal that has a host, all or none. Nobody is told before `announce_pairings`.

    Journals the run and each pairing. Refused with every obstacle at once, where the world has changed since the
    run; and for a what-if over all twins, which was never meant to be decided.
    """
    run = _locked(run)
    if run.scenario_id and (scenario is None or scenario.run_id != run.pk):
        raise Refused(_("This run is a step of a scenario. Confirm the scenario."))
    if run.scope == RunScope.ALL and RUN_MOVES.allows("confirm", state=run.state):
        raise Refused(
            _("This run asks what if nothing were decided. Start one for the twins without a host to decide.")
        )
    run.state = RUN_MOVES.target("confirm", state=run.state)
    obstacles, count = [], 0
    proposals = run.proposals.exclude(hosting=None).select_related("participation__city", "hosting__host")
    for proposal in proposals.order_by("participation__city__name", "pk"):
        try:
            proposal.pairing = confirm_pairing(
                proposal.participation, hosting=proposal.hosting, by=by, now=now, reason=proposal.changed_reason
            )
        except Refused as refusal:
            obstacles.append(str(refusal))
            continue
        proposal.save(update_fields=["pairing", "updated_at"])
        count += 1
    if obstacles:
        raise Refused(" ".join(obstacles))
    if not count:
        raise Refused(_("This run proposes nothing that could be confirmed."))
    run.decided_by, run.decided_at = by, now
    run.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])
    record(run, "matching.run.confirmed", by=by, at=now, data={"count": count})
    return run


def _locked(run: Run) -> Run:
    return Run.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=run.pk)


@transaction.atomic
def mend_run(run: Run, *, repair: str, reason: str, by, now: datetime) -> Run:
    """Let rules of the cohort give way so that they can hold together, and match again as this failed run would have.

    Journals what gave way, and the new run. Refused without a reason, and where this is no way out any more.
    """
    if run.state != RunState.FAILED or run.scenario_id:
        raise Refused(_("Only a run that failed is mended."))
    mend_rules(run.cohort, repair=repair, scope=run.scope, reason=reason, by=by, now=now)
    return start_run(
        run.cohort, by=by, now=now, weights=run.weights, scope=run.scope, objective=run.objective, seed=run.seed
    )


def hint_worker(run_pk: int) -> None:
    """Tell a worker that a run waits. Only a hint: the sweeper finds the row anyway."""
    from ..tasks import match_run  # noqa: PLC0415 circular: a task imports its service

    try:
        match_run.delay(run_pk)
    except Exception:
        logger.warning("The broker cannot be reached; the run waits for the sweeper.", exc_info=True)


def sweep_runs(*, now: datetime) -> int:
    """Give runs whose message was lost, or whose worker died, to a worker again. Returns how many."""
    Run.objects.filter(state=RunState.RUNNING, updated_at__lt=now - STALE_AFTER).update(state=RunState.QUEUED)
    overdue = Run.objects.filter(state=RunState.QUEUED, updated_at__lt=now - OVERDUE_AFTER).order_by("pk")
    waiting = list(overdue.values_list("pk", flat=True))
    for pk in waiting:
        hint_worker(pk)
    return len(waiting)
