"""The life of a scenario: started, worked on step by step, then confirmed or put aside. Nothing leaves it before."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Hosting, Participation, host_label
from cohorts.services.hostings import change_capacity
from twinning.audit.services import record
from twinning.core.errors import Refused, require_clean

from ..engine.clashes import Change
from ..engine.types import Market, UnsolvableRules
from ..models import Run, Scenario, ScenarioComment, ScenarioStep
from ..selectors.clashing import Clash, Words, changes_of, clash_in_words, clash_to_keep, way_out
from ..selectors.comparing import points_of_curve
from ..selectors.explanations import keep_solved, outcome_of, solved
from ..selectors.rules import issue_sentences
from ..selectors.scenarios import Acts, acts_of, holding, next_to_redo, places_missing, steps_of
from ..snapshot import market_of
from ..states import SCENARIO_MOVES, Objective, RunScope, RunState, ScenarioState, StepAction
from .runs import AT_ONCE, confirm_run, hint_worker, new_run, stage_run

NEEDS_REASON = (StepAction.LOCK, StepAction.VETO, StepAction.MOVE)


class Clashing(Refused):
    """The rules and acts cannot hold together. `clash`: which, and what would have to give way."""

    def __init__(self, message: str, clash: Clash | None) -> None:
        super().__init__(message)
        self.clash = clash


@transaction.atomic
def start_scenario(
    cohort: Cohort,
    *,
    name: str,
    weights: Mapping[str, int],
    by,
    now: datetime,
    scope: str = RunScope.OPEN,
    objective: str = Objective.TOTAL,
    seed: str = "0",
) -> Scenario:
    """A new way to match the cohort, solved at once. Journals it. Refused for a name that exists, or with no twins."""
    scenario = Scenario(
        cohort=cohort, name=name.strip(), weights=dict(weights), scope=scope, objective=objective, seed=seed,
        created_by=by,
    )  # fmt: skip
    require_clean(scenario)
    scenario.save()
    record(scenario, "matching.scenario.started", by=by, at=now)
    scenario.run = scenario.first_run = _solve(scenario, acts_of(scenario, []), by=by, now=now)
    scenario.save(update_fields=["run", "first_run", "updated_at"])
    return scenario


@transaction.atomic
def take_step(
    scenario: Scenario,
    *,
    action: str,
    by,
    now: datetime,
    participation: Participation | None = None,
    hosting: Hosting | None = None,
    reason: str = "",
    aims: Mapping | None = None,
    repair: str = "",
) -> ScenarioStep:
    """Lock, forbid, move or release a pair, or change the aims; solve; keep both. Journals it.

    A move changes this twin alone, everything else solves anew. Where rules and acts cannot hold together it is
    refused as `Clashing`, which names repairs; with one of them as `repair`, this gives way in the scenario alone, and
    comes back when the step is undone. Refused also where a moved twin finds no free place, or the reason is missing.
    """
    scenario = _open(scenario)
    reason = reason.strip()
    if (action in NEEDS_REASON or repair) and not reason:
        raise Refused(_("Say why. The decision memo will show it."))
    if action in (StepAction.LOCK, StepAction.VETO) and hosting is None:
        raise Refused(_("Choose a host."))
    steps = steps_of(scenario)
    step = ScenarioStep(
        scenario=scenario, number=len(steps) + 1, action=action, participation=participation, hosting=hosting,
        reason=reason, aims=dict(aims or {}), by=by, at=now,
    )  # fmt: skip
    if repair:
        step.gives_way = _gives_way(scenario, acts_of(scenario, [*holding(steps), step]), repair)
    acts = acts_of(scenario, [*holding(steps), step])
    step.run = _solve(scenario, acts, by=by, now=now, step=step)
    step.save()
    scenario.steps.filter(undone_at__isnull=False).update(is_dropped=True)
    _stand_on(scenario, step.run)
    record(scenario, "matching.scenario.stepped", by=by, at=now, data={"act": act_of(step)})
    return step


def act_of(step: ScenarioStep) -> str:
    """The step in a few words, with its reason."""
    words = [str(StepAction(step.action).label)]
    if step.participation:
        words.append(step.participation.city.name)
    if step.hosting:
        words.append(f"→ {host_label(step.hosting.host)}")
    elif step.action == StepAction.MOVE:
        words.append("→ " + _("no host"))
    said = " ".join(words) + (f" ({step.reason})" if step.reason else "")
    given = "; ".join(change["words"] for change in step.gives_way)
    return _("%(act)s. Gives way: %(changes)s") % {"act": said, "changes": given} if given else said


def _gives_way(scenario: Scenario, acts: Acts, repair: str) -> list[dict]:
    """The changes of this repair, each in the words of now, as the step keeps them. Refused where it is none."""
    market = acts.on(market_of(scenario.cohort, scope=scenario.scope))
    found = way_out(market, repair)
    if found is None:
        raise Refused(_("The rules have changed since you saw this way out. Look at them again."))
    words = Words(market)
    return [asdict(change) | {"words": words.of_change(change)} for change in found.changes]


@transaction.atomic
def undo_step(scenario: Scenario, *, by, now: datetime) -> ScenarioStep:
    """Take the last step back: the plan from before it stands again. Journals it. Refused where there is none."""
    scenario = _open(scenario)
    steps = holding(steps_of(scenario))
    if not steps:
        raise Refused(_("There is nothing to undo."))
    last = steps[-1]
    last.undone_at = now
    last.save(update_fields=["undone_at", "updated_at"])
    _stand_on(scenario, steps[-2].run if len(steps) > 1 else scenario.first_run)
    record(scenario, "matching.scenario.undone", by=by, at=now, data={"act": act_of(last)})
    return last


@transaction.atomic
def redo_step(scenario: Scenario, *, by, now: datetime) -> ScenarioStep:
    """Do the last undone step again. Journals it. Refused where another act has taken its place."""
    scenario = _open(scenario)
    step = next_to_redo(steps_of(scenario))
    if step is None:
        raise Refused(_("There is nothing to do again."))
    step.undone_at = None
    step.save(update_fields=["undone_at", "updated_at"])
    _stand_on(scenario, step.run)
    record(scenario, "matching.scenario.redone", by=by, at=now, data={"act": act_of(step)})
    return step


@transaction.atomic
def comment_on(
    scenario: Scenario, *, text: str, by, now: datetime, participation: Participation | None = None
) -> ScenarioComment:
    """Say something about a scenario, or about one twin in it; also after it was decided. Journals it."""
    comment = ScenarioComment(scenario=scenario, participation=participation, text=text.strip(), by=by, at=now)
    require_clean(comment)
    comment.save()
    record(scenario, "matching.scenario.commented", by=by, at=now)
    return comment


@transaction.atomic
def confirm_scenario(scenario: Scenario, *, reason: str, by, now: datetime, adds_places: bool = False) -> Scenario:
    """Decide for this scenario: its present plan becomes pairings, all or none. Nobody is told before the announcement.

    Weights, fingerprint and moves by hand stay frozen in its run. With `adds_places`, the cohort's hosts get the places
    that were added in the scenario alone. Journals all of it. Refused without a reason, for a what-if, where places are
    missing, and with every obstacle where the world has changed.
    """
    scenario = _locked(scenario)
    scenario.state = SCENARIO_MOVES.target("confirm", state=scenario.state)
    if not reason.strip():
        raise Refused(_("Say why you decide so. The decision memo will show it."))
    scenario.decided_reason, scenario.decided_by, scenario.decided_at = reason.strip(), by, now
    scenario.save(update_fields=["state", "decided_reason", "decided_by", "decided_at", "updated_at"])
    _add_places(scenario, adds_places=adds_places, by=by, now=now)
    run = confirm_run(scenario.run, by=by, now=now, scenario=scenario)
    data = {"count": run.proposals.exclude(pairing=None).count(), "reason": scenario.decided_reason}
    record(scenario, "matching.scenario.confirmed", by=by, at=now, data=data)
    return scenario


def _add_places(scenario: Scenario, *, adds_places: bool, by, now: datetime) -> None:
    missing = places_missing(scenario.run) if scenario.scope == RunScope.OPEN else []
    if missing and not adds_places:
        hosts = ", ".join(f"{one.name} ({one.wanted} > {one.places})" for one in missing)
        raise Refused(
            _("The scenario gives these hosts more twins than they have places: %(hosts)s.") % {"hosts": hosts}
        )
    for one in missing:
        change_capacity(one.hosting, fewest=one.hosting.capacity_minimum, most=one.wanted, by=by, now=now)
        record(one.hosting, "matching.places.added", by=by, at=now, data={"reason": scenario.decided_reason})


@transaction.atomic
def discard_scenario(scenario: Scenario, *, by, now: datetime) -> Scenario:
    """Put a scenario aside. It stays readable. Journals it."""
    scenario = _locked(scenario)
    scenario.state = SCENARIO_MOVES.target("discard", state=scenario.state)
    scenario.decided_by, scenario.decided_at = by, now
    scenario.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])
    record(scenario, "matching.scenario.discarded", by=by, at=now)
    return scenario


def _solve(scenario: Scenario, acts: Acts, *, by, now: datetime, step: ScenarioStep | None = None) -> Run:
    """The run of these acts: solved while the page waits, or by a worker where it is large. Raises Refused, Clashing.

    `step`: what is tried now, which no way out shall take back.
    """
    market = acts.on(market_of(scenario.cohort, scope=scenario.scope))
    run = new_run(
        scenario.cohort, by=by, now=now, weights=acts.weights, scope=scenario.scope, objective=acts.objective,
        seed=scenario.seed, market=market,
    )  # fmt: skip
    run.scenario, run.moves = scenario, list(acts.moves.values())
    run.save()
    if len(market.twins) * len(market.hosts) > AT_ONCE:
        transaction.on_commit(lambda: hint_worker(run.pk))
        return run
    try:
        outcome = outcome_of(run)
    except UnsolvableRules as clash:
        raise _clashing(clash, market, step) from clash
    keep_solved(run, outcome)
    stage_run(run, outcome, now=now, seconds=0)
    run.refresh_from_db(fields=["state"])
    if run.state != RunState.STAGED:
        raise Refused(_("The run could not be kept. Try again."))
    return run


def _clashing(clash: UnsolvableRules, market: Market, step: ScenarioStep | None) -> Clashing:
    kept = clash_to_keep(market)
    if kept and step and step.hosting:
        tried = Change(step.action, (step.participation.city.slug, step.hosting.host.slug))
        kept["repairs"] = [way for way in kept["repairs"] if tried not in changes_of(way)]
    return Clashing(" ".join(issue_sentences(clash.issues, market)), clash_in_words(kept, market))


def _stand_on(scenario: Scenario, run: Run) -> None:
    scenario.run = run
    scenario.save(update_fields=["run", "updated_at"])


def _locked(scenario: Scenario) -> Scenario:
    rows = Scenario.objects.select_for_update(of=("self",)).select_related("cohort")
    return rows.get(pk=scenario.pk)


def _open(scenario: Scenario) -> Scenario:
    scenario = _locked(scenario)
    if scenario.state != ScenarioState.OPEN:
        raise Refused(_("This scenario is decided; it cannot change any more."))
    return scenario


@transaction.atomic
def start_at_floor(scenario: Scenario, *, floor: int, name: str, by, now: datetime) -> Scenario:
    """A scenario that stands on one point of another's curve: the twins that this point moves are locked there.

    `floor`: the lowest score of the point, 0..10,000. Journals it. Refused for a point that the curve has not.
    """
    if scenario.run is None or scenario.run.total is None:
        raise Refused(_("The scenario is not solved yet."))
    outcome = solved(scenario.run).outcome
    point = next((one for one in points_of_curve(scenario.run) if one.worst == floor), None)
    if point is None:
        raise Refused(_("The curve has no such point. Reload the page."))
    problem, held = outcome.problem, holding(steps_of(scenario))
    acts = acts_of(scenario, held)
    twins = {row.city.slug: row for row in Participation.objects.in_cohort(scenario.cohort).select_related("city")}
    hosts = {row.host.slug: row for row in Hosting.objects.in_cohort(scenario.cohort).with_host()}
    new = start_scenario(
        scenario.cohort, name=name, weights=acts.weights, by=by, now=now, scope=scenario.scope, seed=scenario.seed
    )
    steps = [
        ScenarioStep(action=StepAction.VETO, participation=twins[twin], hosting=hosts[host], reason=why)
        for (twin, host), why in acts.vetoes.items()
    ]
    why = _("Point of the curve: nobody below %(points)s") % {"points": floor // 100}
    for row, column in enumerate(point.plan.host_of):
        if (column >= 0 and column != outcome.plan.host_of[row]) or problem.twin_ids[row] in acts.locks:
            twin, host = twins[problem.twin_ids[row]], hosts[problem.host_ids[column]]
            steps.append(ScenarioStep(action=StepAction.LOCK, participation=twin, hosting=host, reason=why))
    if steps:
        steps[0].gives_way = [change for step in held for change in step.gives_way]
    run = _solve(new, acts_of(new, _numbered(new, steps, by=by, now=now)), by=by, now=now) if steps else new.run
    for step in steps:
        step.run = run
    ScenarioStep.objects.bulk_create(steps)
    _stand_on(new, run)
    return new


def _numbered(scenario: Scenario, steps: list[ScenarioStep], *, by, now: datetime) -> list[ScenarioStep]:
    for number, step in enumerate(steps, 1):
        step.scenario, step.number, step.by, step.at = scenario, number, by, now
    return steps
