"""What broke in a cohort, and the ways out: what each keeps, who moves, what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Event, Pairing, PairingAnswer, host_label
from cohorts.states import AnswerKind, EventKind, EventState, PairingState, Side

from ..engine.matcher import in_order, pose
from ..engine.optimiser import digest_of, solve
from ..engine.scoring import Scorer
from ..engine.types import Market, Plan, Problem, Veto
from ..models import Run
from ..snapshot import market_of
from ..states import Movable, RunScope, RunState
from .criteria import weights_of
from .matrix import points_of
from .replanning import replans

# What it counts that a pair stays: the further it has come, the more.
WEIGHTS = {Movable.STAGED: 1, Movable.ANNOUNCED: 2, Movable.MET: 4}
STAGES = list(WEIGHTS)


@dataclass(frozen=True, slots=True)
class Affected:
    """A twin that needs a host, and why."""

    twin: str
    name: str
    reason: str
    pairing: Pairing | None  # still open: declined, or the host has left


@dataclass(frozen=True, slots=True)
class Change:
    """One twin of an option that does not stay where it is; empty host names: no host."""

    twin: str
    name: str
    before: str
    after: str
    hosting: str  # id of the host afterwards
    points_before: int | None
    points_after: int | None
    note: str  # why this change weighs more than others


@dataclass(frozen=True, slots=True)
class Option:
    """One way out. Points are of 100; `cost` is what its total lies below the best option that seats as many twins."""

    key: str  # A, B, …
    digest: str
    placed: list[Change]  # twins that needed a host
    moved: list[Change]  # twins that had one and change it
    waiting: list[Change]  # twins that stay without
    kept: int
    of: int
    total: int
    lowest: int
    cost: float

    @property
    def changes(self) -> list[Change]:
        return [*self.placed, *self.moved, *self.waiting]


@dataclass(frozen=True)
class Situation:
    """A cohort as a re-match finds it. Rows are its participating twins, columns its receiving hosts."""

    market: Market
    problem: Problem
    pairings: Mapping[str, Pairing]  # twin id -> open pairing
    affected: list[Affected]
    stages: Mapping[str, str]  # twin id -> how far its pair has come, for pairs that are not affected

    @cached_property
    def present(self) -> tuple[int, ...]:
        """For each twin the column of the host that it keeps unless it moves, or -1."""
        column = {host: place for place, host in enumerate(self.problem.host_ids)}
        return tuple(
            column[self.pairings[twin].hosting.host.slug] if twin in self.stages else -1
            for twin in self.problem.twin_ids
        )

    def count(self, stage: str) -> int:
        return sum(value == stage for value in self.stages.values())

    def locked_at(self, movable: str) -> list[int]:
        """Rows that must stay where they are."""
        free = STAGES[: STAGES.index(movable) + 1]
        return [
            row
            for row, twin in enumerate(self.problem.twin_ids)
            if twin in self.stages and self.stages[twin] not in free
        ]

    def with_locks(self, rows: list[int]) -> Problem:
        """The problem in which these rows stay; for the others the locks of the cohort's rules hold."""
        locks = dict(self.problem.locks) | {row: self.present[row] for row in rows}
        return replace(self.problem, locks=tuple(sorted(locks.items())))


def situation_of(cohort: Cohort) -> Situation:
    """Who needs a host now. Declined pairs are never proposed again. The number of queries does not depend on the size."""
    declined = list(
        PairingAnswer.objects.filter(pairing__participation__cohort=cohort, answer=AnswerKind.DECLINED)
        .select_related("pairing__participation__city", "pairing__hosting__host")
        .order_by("at", "pk")
    )
    market = _market(cohort, declined)
    pairings = {
        row.participation.city.slug: row for row in Pairing.objects.in_cohort(cohort).open().with_sides().order_by("pk")
    }
    met = set(
        Event.objects.filter(
            pairing__in=[row.pk for row in pairings.values()], kind=EventKind.SITE_VISIT, state=EventState.HELD
        ).values_list("pairing_id", flat=True)
    )
    reasons = _reasons(pairings, declined)
    hosts = {host.id for host in market.hosts}
    affected, stages = [], {}
    for twin in market.twins:
        pairing = pairings.get(twin.place.id)
        if pairing is None:
            affected.append(Affected(twin.place.id, twin.place.name, _("It has no host."), None))
        elif pairing.pk in reasons:
            affected.append(Affected(twin.place.id, twin.place.name, reasons[pairing.pk], pairing))
        elif pairing.hosting.host.slug not in hosts:
            words = _("%(host)s has left: %(reason)s") % {
                "host": host_label(pairing.hosting.host),
                "reason": pairing.hosting.withdrawn_reason,
            }
            affected.append(Affected(twin.place.id, twin.place.name, words, pairing))
        else:
            stages[twin.place.id] = _stage(pairing, met)
    scorer = Scorer(market, _weights(cohort))
    problem = pose(market, scorer, seed="0")
    # A host's smallest number is a wish for a whole plan; nobody is moved after the event to fill it.
    problem = replace(problem, minimum=np.zeros_like(problem.minimum))
    return Situation(market, problem, pairings, affected, stages)


def _market(cohort: Cohort, declined: list[PairingAnswer]) -> Market:
    market = in_order(market_of(cohort, scope=RunScope.ALL))
    vetoes = {
        (row.pairing.participation.city.slug, row.pairing.hosting.host.slug): row.reason for row in reversed(declined)
    }
    fresh = tuple(Veto(twin, host, reason) for (twin, host), reason in sorted(vetoes.items()))
    locks = tuple(lock for lock in market.rules.locks if (lock.twin, lock.host) not in vetoes)
    return replace(market, rules=replace(market.rules, vetoes=(*market.rules.vetoes, *fresh), locks=locks))


def _weights(cohort: Cohort) -> dict[str, int]:
    """Those of the last decision; those of the cohort where nothing was decided yet."""
    last = Run.objects.in_cohort(cohort).filter(state=RunState.CONFIRMED).order_by("-decided_at", "-pk").first()
    return last.weights if last else weights_of(cohort)


def _reasons(pairings: Mapping[str, Pairing], declined: list[PairingAnswer]) -> dict[int, str]:
    """Open pairing -> who declined it and why."""
    still_open = {pairing.pk: pairing for pairing in pairings.values()}
    reasons: dict[int, list[str]] = {}
    for row in declined:
        if row.pairing_id in still_open:
            pairing = still_open[row.pairing_id]
            who = pairing.participation.city.name if row.side == Side.TWIN else host_label(pairing.hosting.host)
            words = _("%(who)s declined: %(reason)s") % {"who": who, "reason": row.reason}
            reasons.setdefault(row.pairing_id, []).append(words)
    return {key: " ".join(words) for key, words in reasons.items()}


def _stage(pairing: Pairing, met: set[int]) -> str:
    if pairing.pk in met:
        return Movable.MET
    return Movable.ANNOUNCED if pairing.state == PairingState.ANNOUNCED else Movable.STAGED


def options_of(situation: Situation, *, movable: str) -> list[Option]:
    """A keeps every other pair; the following let pairs move as far as `movable` allows, fewest changes first.

    Each is exact: no plan that disturbs as little has a higher total. Raises UnsolvableRules and OverflowError.
    """
    if not situation.problem.host_ids or not situation.problem.twin_ids:
        return []
    weight = [WEIGHTS[situation.stages[twin]] if twin in situation.stages else 0 for twin in situation.problem.twin_ids]
    staying = [row for row, column in enumerate(situation.present) if column >= 0]
    plain = solve(situation.with_locks(staying)).host_of
    plans = [plain]
    loose = situation.with_locks(situation.locked_at(movable))
    plans += [found.host_of for found in replans(loose, situation.present, weight)]
    plans = [plan for place, plan in enumerate(plans) if plan not in plans[:place]]
    best = max((_seated(plan), _figures(situation, plan)[0]) for plan in plans)
    return [_option(situation, plan, chr(ord("A") + place), best) for place, plan in enumerate(plans)]


def _seated(host_of: tuple[int, ...]) -> int:
    return sum(host >= 0 for host in host_of)


def _figures(situation: Situation, host_of: tuple[int, ...]) -> tuple[int, int]:
    """Sum of the scores, and the lowest of those who have a host."""
    scores = [int(situation.problem.score[row, host]) for row, host in enumerate(host_of) if host >= 0]
    return sum(scores), min(scores, default=0)


def _option(situation: Situation, host_of: tuple[int, ...], key: str, best: tuple[int, int]) -> Option:
    total, lowest = _figures(situation, host_of)
    placed, moved, waiting = [], [], []
    for row, (host, now) in enumerate(zip(host_of, situation.present, strict=True)):
        if host == now and host >= 0:
            continue
        change = _change(situation, row, host)
        if host < 0:
            waiting.append(change)
        elif now >= 0:
            moved.append(change)
        else:
            placed.append(change)
    staying = sum(host >= 0 and host == now for host, now in zip(host_of, situation.present, strict=True))
    plan = Plan(host_of, unmet=0, matched=len(host_of) - len(waiting), total=total)
    return Option(
        key, digest_of(situation.problem, plan), placed, moved, waiting,
        kept=staying, of=len(situation.stages), total=points_of(total), lowest=points_of(lowest),
        cost=round((best[1] - total) / 100, 1) if _seated(host_of) == best[0] else 0.0,
    )  # fmt: skip


def _change(situation: Situation, row: int, host: int) -> Change:
    problem, twin = situation.problem, situation.problem.twin_ids[row]
    names = {one.id: one.name for one in situation.market.hosts}
    pairing = situation.pairings.get(twin)
    before = pairing.hosting.host.slug if pairing else ""
    known = problem.host_ids.index(before) if before in problem.host_ids else -1
    notes = {
        Movable.MET: _("These two have met on a visit."),
        Movable.ANNOUNCED: _("Both sides know of this pair."),
    }
    return Change(
        twin=twin,
        name=situation.market.twins[row].place.name,
        before=host_label(pairing.hosting.host) if pairing else "",
        after=names[problem.host_ids[host]] if host >= 0 else "",
        hosting=problem.host_ids[host] if host >= 0 else "",
        points_before=points_of(int(problem.score[row, known])) if known >= 0 else None,
        points_after=points_of(int(problem.score[row, host])) if host >= 0 else None,
        note=notes.get(situation.stages.get(twin, ""), ""),
    )
