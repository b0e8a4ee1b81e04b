"""Scenarios as pages read them: what their steps add up to, and what tells two plans apart."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import Count, Min, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Cohort, Hosting, Pairing, host_label

from ..engine.clashes import Change, Repair, apply_repair
from ..engine.matcher import Outcome
from ..engine.types import Lock, Market, Veto
from ..models import Proposal, Run, Scenario, ScenarioStep
from ..states import ScenarioState, StepAction
from .clashing import changes_of
from .matrix import Matrix, points_of


@dataclass(frozen=True)
class Acts:
    """What the steps of a scenario add up to: aims, and by twin id what was locked, moved; by pair what was forbidden.

    `changes`: rules of the cohort, or places, that give way in this scenario.
    """

    weights: Mapping[str, int]
    objective: str
    locks: dict[str, tuple[str, str]] = field(default_factory=dict)  # twin -> (host, reason)
    vetoes: dict[tuple[str, str], str] = field(default_factory=dict)  # (twin, host) -> reason
    moves: dict[str, dict] = field(default_factory=dict)  # twin -> as `Run.moves` keeps it
    changes: tuple[Change, ...] = ()

    def with_step(self, step: ScenarioStep) -> "Acts":
        acts = replace(self, locks=dict(self.locks), vetoes=dict(self.vetoes), moves=dict(self.moves))
        twin = step.participation.city.slug if step.participation else ""
        host = step.hosting.host.slug if step.hosting else ""
        if step.action == StepAction.AIMS:
            return replace(acts, weights=step.aims["weights"], objective=step.aims["objective"])
        if step.action == StepAction.LOCK:
            acts.moves.pop(twin, None)
            acts.vetoes.pop((twin, host), None)
            acts.locks[twin] = (host, step.reason)
        elif step.action == StepAction.VETO:
            _drop(acts, twin, host)
            acts.vetoes[twin, host] = step.reason
        elif step.action == StepAction.MOVE:
            acts.locks.pop(twin, None)
            acts.moves[twin] = {
                "twin": twin, "host": host, "reason": step.reason, "by": step.by_id, "at": step.at.isoformat(),
            }  # fmt: skip
        elif step.action == StepAction.RELEASE and host:
            acts.vetoes.pop((twin, host), None)
            _drop(acts, twin, host)
        elif step.action == StepAction.RELEASE:
            acts.locks.pop(twin, None)
            acts.moves.pop(twin, None)
        return acts._giving_way(changes_of(step.gives_way))

    def _giving_way(self, changes: Iterable[Change]) -> "Acts":
        """An own lock or veto that gives way is gone; what a rule of the cohort says is left out in `on`."""
        for change in changes:
            if change.kind == "lock" and self.locks.get(change.ids[0], ("",))[0] == change.ids[1]:
                del self.locks[change.ids[0]]
            elif change.kind == "veto":
                self.vetoes.pop(change.ids, None)
        return replace(self, changes=(*self.changes, *changes))

    def on(self, market: Market) -> Market:
        """The market with these locks and vetoes, after what gives way.

        Those of twins and hosts that take no part any more are left out.
        """
        market = apply_repair(market, Repair(self.changes, 0))
        twins, hosts = {twin.id for twin in market.twins}, {host.id for host in market.hosts}
        vetoes = [Veto(twin, host, why) for (twin, host), why in self.vetoes.items() if twin in twins and host in hosts]
        locks = [Lock(twin, host, why) for twin, (host, why) in self.locks.items() if twin in twins and host in hosts]
        rules = replace(
            market.rules,
            vetoes=(*market.rules.vetoes, *sorted(vetoes, key=lambda one: (one.twin, one.host))),
            locks=(*market.rules.locks, *sorted(locks, key=lambda one: one.twin)),
        )
        return replace(market, rules=rules)


def _drop(acts: Acts, twin: str, host: str) -> None:
    if acts.locks.get(twin, ("",))[0] == host:
        del acts.locks[twin]
    if acts.moves.get(twin, {}).get("host") == host:
        del acts.moves[twin]


def acts_of(scenario: Scenario, steps: Iterable[ScenarioStep]) -> Acts:
    acts = Acts(scenario.weights, scenario.objective)
    for step in steps:
        acts = acts.with_step(step)
    return acts


def steps_of(scenario: Scenario) -> list[ScenarioStep]:
    """All steps in their order, with names; those that hold have no `undone_at`."""
    rows = scenario.steps.select_related("participation__city", "hosting__host", "by")
    return list(rows.prefetch_related("hosting__host__host_cities__city").order_by("number"))


def holding(steps: Iterable[ScenarioStep]) -> list[ScenarioStep]:
    return [step for step in steps if step.undone_at is None]


def next_to_redo(steps: Iterable[ScenarioStep]) -> ScenarioStep | None:
    """The step that "do again" brings back: the first of those undone that no later act replaced."""
    return next((step for step in steps if step.undone_at is not None and not step.is_dropped), None)


def scenarios_of(cohort: Cohort, user):
    """The scenarios of a cohort that the person may see, with their figures: open ones first, then the newest."""
    rows = Scenario.objects.visible_to(user).in_cohort(cohort).select_related("created_by", "run", "cohort")
    seated = Proposal.objects.filter(run=OuterRef("run")).exclude(hosting=None).order_by().values("run")
    rows = rows.annotate(
        comment_count=Count("comments"),
        matched=Subquery(seated.annotate(found=Count("pk")).values("found")),
        total=Subquery(seated.annotate(found=Sum("score")).values("found")),
        lowest=Subquery(seated.annotate(found=Min("score")).values("found")),
    )
    found = sorted(rows.order_by("-pk"), key=lambda scenario: scenario.state != ScenarioState.OPEN)
    for one in found:
        one.points = one.matched and {
            "matched": one.matched, "total": points_of(one.total), "lowest": points_of(one.lowest)
        }  # fmt: skip
    return found


def with_comments(scenario: Scenario):
    return scenario.comments.select_related("participation__city", "by").order_by("pk")


@dataclass(frozen=True, slots=True)
class PlacesMissing:
    """A host that a plan gives more twins than it has places; `wanted` counts those that it has already."""

    hosting: Hosting
    name: str
    places: int
    wanted: int


def places_missing(run: Run) -> list[PlacesMissing]:
    """Where the plan of a scenario needs places that the cohort has not, because one was added in the scenario alone."""
    planned = Counter(run.proposals.exclude(hosting=None).values_list("hosting", flat=True))
    taken = Counter(Pairing.objects.in_cohort(run.cohort).open().values_list("hosting", flat=True))
    hostings = Hosting.objects.in_cohort(run.cohort).with_host().filter(pk__in=planned).order_by("host__slug")
    found = [
        PlacesMissing(row, host_label(row.host), row.capacity_maximum, planned[row.pk] + taken[row.pk])
        for row in hostings
    ]
    return [one for one in found if one.wanted > one.places]


def signed(points: float) -> str:
    """A gain or loss as people write it, with a real minus: +2, −0.5, ±0."""
    return f"{points:+g}".replace("-", "−") if points else "±0"


@dataclass(frozen=True, slots=True)
class Shift:
    """One twin that stands elsewhere in another plan; `gain` in points of 100."""

    twin: str
    name: str
    before: str
    after: str
    gain: int

    @property
    def signed(self) -> str:
        return signed(self.gain)


@dataclass(frozen=True, slots=True)
class Difference:
    """After minus before, both scored by the same weights. Points of 100; `lowest` before and after."""

    shifts: tuple[Shift, ...]
    points: float
    lowest_before: int
    lowest_after: int
    unmatched: int
    kept: int

    @property
    def in_words(self) -> str:
        """What becomes of the total and of the worst-off, and how many stand elsewhere."""
        lowest = (
            _("the lowest stays at %(after)s")
            if self.lowest_before == self.lowest_after
            else _("the lowest goes from %(before)s to %(after)s")
        ) % {"before": self.lowest_before, "after": self.lowest_after}
        if not self.shifts:
            return _("Total %(points)s, %(lowest)s. Nobody stands elsewhere.") % {
                "points": signed(self.points), "lowest": lowest,
            }  # fmt: skip
        return ngettext(
            "Total %(points)s, %(lowest)s. %(moved)s twin stands elsewhere.",
            "Total %(points)s, %(lowest)s. %(moved)s twins stand elsewhere.",
            len(self.shifts),
        ) % {"points": signed(self.points), "lowest": lowest, "moved": len(self.shifts)}

    @property
    def winners(self) -> list[Shift]:
        return [shift for shift in self.shifts if shift.gain > 0]

    @property
    def losers(self) -> list[Shift]:
        return [shift for shift in self.shifts if shift.gain < 0]


def plan_of(matrix: Matrix) -> dict[str, str]:
    """Twin id -> host id, "" for none, after moves by hand."""
    return {row.twin: row.host for row in matrix.rows}


def stored_plan(run: Run) -> dict[str, str]:
    """The same, straight from the rows of a run."""
    rows = run.proposals.order_by("pk").values_list("participation__city__slug", "hosting__host__slug")
    return {twin: host or "" for twin, host in rows}


def difference_of(
    before: Mapping[str, str], after: Mapping[str, str], outcome: Outcome, names: Mapping[str, str]
) -> Difference:
    """What tells two plans over the twins of `outcome` apart, scored by its weights. `names`: of twins and hosts."""
    problem = outcome.problem
    column = {host: place for place, host in enumerate(problem.host_ids)}

    def score(row: int, host: str) -> int:
        return int(problem.score[row, column[host]]) if host in column else 0

    shifts, ends, points, kept = [], ([], []), 0, 0
    for row, twin in enumerate(problem.twin_ids):
        old, new = before.get(twin, ""), after.get(twin, "")
        gain = score(row, new) - score(row, old)
        points += gain
        for end, host in zip(ends, (old, new), strict=True):
            if host:
                end.append(score(row, host))
        if old == new:
            kept += 1
            continue
        shifts.append(Shift(twin, names.get(twin, twin), names.get(old, ""), names.get(new, ""), round(gain / 100)))
    lowest_before, lowest_after = (round(min(end, default=0) / 100) for end in ends)
    unmatched = len(ends[0]) - len(ends[1])
    ordered = tuple(sorted(shifts, key=lambda shift: (-shift.gain, shift.name)))
    return Difference(ordered, round(points / 100, 1), lowest_before, lowest_after, unmatched, kept)
