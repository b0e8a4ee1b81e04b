"""Why this pair, and why not another one: the frozen data of a run with its plan, read in words."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..engine.certificate import Verdict, certificate_from_json
from ..engine.explain import Explainer, WhyNot
from ..engine.feasibility import forbidden_because
from ..engine.leximin import bands_for
from ..engine.matcher import VERSION, Outcome, in_order, match, pose
from ..engine.optimiser import digest_of
from ..engine.plans import measure
from ..engine.scoring import Scorer
from ..engine.types import Market, Part, Progress, Stop
from ..engine.weights import Range, weight_ranges
from ..models import Run
from ..snapshot import market_from_json
from ..states import Objective
from .criteria import CRITERION_LABELS
from .matrix import host_names, points_of, twin_names
from .reasons import sentences_of, source

FORBIDDEN = {
    "own_activity": gettext_lazy("The twin is a city of this host itself."),
    "veto": gettext_lazy("A rule forbids this pair."),
    "conflict": gettext_lazy("A conflict of interest is declared."),
    "same_country": gettext_lazy("A rule forbids pairs of one country."),
    "same_language": gettext_lazy("A rule forbids pairs of one language."),
    "value_rule": gettext_lazy("A rule by value forbids this pair."),
}
ALTERNATIVES = 3
MOST_PAIRS_VARIED = 5_000  # up to which every whole weight is tried while the page waits (0.1 s at 40 x 25)
ALL_WEIGHTS = Range(0, 100)


def outcome_of(run: Run, *, stop: Stop | None = None, progress: Progress | None = None) -> Outcome:
    """Solve the frozen data of a run again: the same engine gives the same plan. Raises UnsolvableRules, Cancelled."""
    market, latest = market_from_json(run.snapshot), tuple(_solved.values())[-1:]
    before = latest[0].outcome.scorer if latest else None  # most often a step of the same scenario, with the same facts
    return match(
        market, run.weights, objective=run.objective, seed=run.seed, before=before, stop=stop, progress=progress
    )


def kept_outcome(run: Run) -> Outcome | None:
    """What a solved run has stored, put together without solving anything: the engine's plan, its proof and its bound.

    None where it cannot be had from there: the run holds no plan, another engine scored it, or somebody goes by another
    slug now.
    """
    if run.pk is None or "plan" not in run.certificate:
        return None
    market = in_order(market_from_json(run.snapshot))
    scorer = Scorer(market, run.weights)
    problem = pose(market, scorer, seed=run.seed)
    column = {host: place for place, host in enumerate(problem.host_ids)}
    host_of = dict(run.proposals.values_list("participation__city__slug", "engine_hosting__host__slug"))
    if not set(host_of.values()) - {None} <= set(column):
        return None
    plan = measure(problem, [column.get(host_of.get(twin), -1) for twin in problem.twin_ids], run.objective)
    bands = bands_for(problem) if run.objective == Objective.LEXIMIN else 0
    plan = replace(plan, floor=run.certificate["floor"], bands=bands)
    if (digest_of(problem, plan), plan.total) != (run.certificate["plan"], run.total):
        return None
    proof = certificate_from_json(run.certificate["proof"]) if "proof" in run.certificate else None
    verdict = Verdict(proof is not None, bool(run.is_optimal), plan.total, run.bound)
    return Outcome(market, scorer, problem, plan, proof, verdict, run.certificate["plan"])


@dataclass(frozen=True)
class Solved:
    """A run with its plan, and the matrix that answers "why not" once somebody asks."""

    outcome: Outcome

    @cached_property
    def explainer(self) -> Explainer:
        return Explainer(self.outcome.problem, self.outcome.plan)

    @cached_property
    def ranges(self) -> dict[str, tuple[Range, ...]]:
        """By criterion and twin: between which weights its host stays."""
        return weight_ranges(self.outcome.scorer, self.outcome.problem, self.outcome.plan)


_solved: OrderedDict[str, Solved] = OrderedDict()  # what this process looked at last; a run's data never change
KEPT = 8


def solved(run: Run) -> Solved:
    """The run with its plan, from what it stored or else solved again; kept for the next question. Raises UnsolvableRules."""
    found = _solved.get(run.code)
    return found or keep_solved(run, kept_outcome(run) or outcome_of(run))


def keep_solved(run: Run, outcome: Outcome) -> Solved:
    """Keep what was just solved for the page that follows."""
    found = _solved[run.code] = Solved(outcome)
    while len(_solved) > KEPT:
        _solved.popitem(last=False)
    return found


@dataclass(frozen=True, slots=True)
class Bar:
    """One criterion of a pair, in points of 100; fits the component `bars`."""

    label: str
    value: float
    maximum: float
    note: str
    sources: str


@dataclass(frozen=True, slots=True)
class Alternative:
    host: str
    name: str
    points: int
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """Between which weights of one criterion a twin keeps its host, all other weights as they are."""

    label: str
    low: int
    high: int
    present: int
    is_always: bool


@dataclass(frozen=True, slots=True)
class Story:
    """One pair explained. `place` is the host's place in the twin's ranking; `forbidden` says why it cannot be."""

    twin: str
    twin_name: str
    host: str
    host_name: str
    points: int
    place: int
    of: int
    bars: tuple[Bar, ...]
    forbidden: tuple[str, ...]
    price: str
    alternatives: tuple[Alternative, ...]


def _forbidden(code: str, market: Market, twin: str, host: str) -> str:
    """Why a pair cannot be, with the reason that somebody gave for the rule."""
    kind, _colon, name = code.partition(":")
    rules = {
        "veto": [rule.reason for rule in market.rules.vetoes if (rule.twin, rule.host) == (twin, host)],
        "conflict": [rule.reason for rule in market.rules.conflicts if (rule.twin, rule.host) == (twin, host)],
        "value_rule": [rule.reason for rule in market.rules.values if rule.name == name],
    }
    reasons = [reason for reason in rules.get(kind, []) if reason]
    return " ".join([str(FORBIDDEN[kind]), *([_("Reason: %(reason)s") % {"reason": reasons[0]}] if reasons else [])])


class Storyteller:
    """Explains the pairs of one run. `is_current` is false when an older engine made the run: then it keeps silent."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.is_current = run.engine_version == VERSION
        self._hosts, self._twins = host_names(run), twin_names(run)

    @cached_property
    def _solved(self) -> Solved:
        return solved(self.run)

    @property
    def _outcome(self) -> Outcome:
        return self._solved.outcome

    def story(self, twin: str, host: str) -> Story | None:
        """The pair explained; None for a twin or host that takes no part in the run."""
        if not self.is_current or twin not in self._twins or host not in self._hosts:
            return None
        problem = self._outcome.problem
        row, column = problem.twin_ids.index(twin), problem.host_ids.index(host)
        market = self._outcome.market
        codes = forbidden_because(market, market.twins[row], market.hosts[column])
        ranking = [slug for slug, _score in self._outcome.ranking(row)]
        return Story(
            twin=twin,
            twin_name=self._twins[twin],
            host=host,
            host_name=self._hosts[host],
            points=points_of(int(problem.score[row, column])),
            place=ranking.index(host) + 1 if host in ranking else 0,
            of=len(ranking),
            bars=bars_of(self._outcome.scorer.parts(row, column)),
            forbidden=tuple(_forbidden(code, market, twin, host) for code in codes),
            price="" if codes else self._price(row, column),
            alternatives=self._alternatives(row, column, ranking),
        )

    @property
    def varies_weights(self) -> bool:
        """Whether ranges of weights can be had while a page waits: a thousand solves, so not for large runs, leximin or caps."""
        pairs, caps = len(self._twins) * len(self._hosts), self.run.snapshot.get("rules", {}).get("groups")
        is_quick = pairs <= MOST_PAIRS_VARIED and not caps and self.run.objective != Objective.LEXIMIN
        return self.is_current and is_quick

    def spans(self, twin: str) -> list[Span]:
        """How far each weight can go before the engine's plan gives this twin another host; empty where nobody can say at once."""
        if not self.varies_weights or twin not in self._outcome.problem.twin_ids:
            return []
        row = self._outcome.problem.twin_ids.index(twin)
        present = self._outcome.scorer.weights
        return [
            Span(
                str(CRITERION_LABELS[slug]),
                ranges[row].low,
                ranges[row].high,
                present.get(slug, 0),
                ranges[row] == ALL_WEIGHTS,
            )
            for slug, ranges in self._solved.ranges.items()
        ]

    def _alternatives(self, row: int, column: int, ranking: list[str]) -> tuple[Alternative, ...]:
        problem = self._outcome.problem
        others = [slug for slug in ranking if slug != problem.host_ids[column]][:ALTERNATIVES]
        places = [problem.host_ids.index(slug) for slug in others]
        return tuple(
            Alternative(slug, self._hosts[slug], points_of(int(problem.score[row, place])), self._price(row, place))
            for slug, place in zip(others, places, strict=True)
        )

    def _price(self, row: int, column: int) -> str:
        """What this pair costs against the engine's plan, in one or two sentences."""
        if self._outcome.plan.host_of[row] == column:
            return _("This is what the engine proposes.")
        answer = self._solved.explainer.why_not(row, column)
        if not answer.possible:
            return _("Impossible: the host has no place that could be made free.")
        return " ".join([self._cost(answer), *self._moves(answer)])

    @staticmethod
    def _cost(answer: WhyNot) -> str:
        if answer.unmatched > 0:
            return ngettext(
                "It would leave %(count)s more twin without a host.",
                "It would leave %(count)s more twins without a host.",
                answer.unmatched,
            ) % {"count": answer.unmatched}
        if answer.unmet > 0:
            return _("It would leave a host below its smallest number of twins.")
        if answer.points <= 0:
            return _("It costs nothing: both plans are equally good.")
        return _("It costs %(points)s points of the total.") % {"points": _in_points(answer.points)}

    def _moves(self, answer: WhyNot) -> list[str]:
        problem = self._outcome.problem
        sentences = []
        for move in answer.moves[1:]:
            twin = self._twins[problem.twin_ids[move.twin]]
            if move.after < 0:
                sentences.append(_("%(twin)s would stay without a host.") % {"twin": twin})
            else:
                host = self._hosts[problem.host_ids[move.after]]
                sentences.append(_("%(twin)s would move to %(host)s.") % {"twin": twin, "host": host})
        return sentences or [_("Nobody else would move.")]


def weights_of_pair(teller: Storyteller, twin: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """What a page shows of the weights of a pair: the ranges where the address asks for them (`weights=1`), else whether it could."""
    return {"spans": teller.spans(twin) if asked.get("weights") else None, "varies": teller.varies_weights}


def bars_of(parts: tuple[Part, ...]) -> tuple[Bar, ...]:
    """Criteria in the order of their weights, each as points of 100 with its reasons."""
    whole = max(sum(part.weight for part in parts), 1)
    ordered = sorted((part for part in parts if part.weight), key=lambda part: -part.weight)
    return tuple(
        Bar(
            label=str(CRITERION_LABELS[part.criterion]),
            value=round(part.weight * part.score / whole / 100, 1),
            maximum=round(part.weight * 100 / whole, 1),
            note="; ".join(sentences_of(part)),
            sources="; ".join(dict.fromkeys(source(fact) for fact in part.facts)),
        )
        for part in ordered
    )


def _in_points(score: int) -> str:
    """A difference of totals in points of 100, with one decimal where it is small."""
    return f"{score / 100:.0f}" if score >= 1000 else f"{score / 100:.1f}"
