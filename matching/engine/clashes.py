"""Rules that cannot hold together: the smallest such set, and the cheapest changes after which they can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import combinations, count
from math import comb
from typing import Literal

import numpy as np

from .feasibility import faults, groups_of, named_pairs, prohibitions
from .flow import most_seated
from .groups import Model, Row
from .types import GroupCap, Host, Market, Problem, Stop, check

Kind = Literal[
    "lock", "veto", "conflict", "value_rule", "own_activity", "same_country", "same_language",
    "seats", "minimum", "group", "everyone",
]  # fmt: skip

COSTS: dict[str, int] = {
    "minimum": 1,
    "seats": 2,
    "group": 2,
    "lock": 3,
    "everyone": 3,
    "veto": 4,
    "value_rule": 4,
    "same_country": 5,
    "same_language": 5,
}
"""What giving way costs by kind, a proposal. A conflict of interest, and a city's own activity, never give way."""

SETS = 1_000
"""Up to so many sets of one size are tried to see whether a smaller clash exists."""
TRIES = 400
"""Markets tried at most in the search for repairs."""


@dataclass(frozen=True, slots=True, order=True)
class Demand:
    """One thing that is asked for: a rule, the seats of a host, a host for a twin. ``ids`` are twins, hosts or names."""

    kind: Kind
    ids: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """Demands that cannot hold together; without any one of them the others can. ``smallest``: no clash has fewer."""

    demands: tuple[Demand, ...]
    smallest: bool


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """Give way on one demand: one seat more, one twin fewer as minimum, one more of a group, or the rule dropped."""

    kind: Kind
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes after which all that is left can hold together; applied and checked before it is proposed."""

    changes: tuple[Change, ...]
    cost: int


def demands_of(market: Market) -> tuple[Demand, ...]:
    """Everything that must hold. Minimums and a host for everyone only where the rules say must."""
    rules, found = market.rules, list[Demand]()
    found += [Demand("lock", (lock.twin, lock.host), lock.reason) for lock in rules.locks]
    found += [Demand("veto", (veto.twin, veto.host), veto.reason) for veto in rules.vetoes]
    found += [Demand("conflict", (one.twin, one.host), one.reason) for one in rules.conflicts]
    found += [Demand("value_rule", (rule.name,), rule.reason) for rule in rules.values]
    found += [Demand("group", (cap.name,), cap.reason) for cap in rules.groups]
    found += [Demand("same_country", ())] if rules.same_country == "forbid" else []
    found += [Demand("same_language", ())] if rules.same_language == "forbid" else []
    twins = {twin.id for twin in market.twins}
    for host in market.hosts:
        found.append(Demand("seats", (host.id,)))
        found += [Demand("own_activity", (city.id, host.id)) for city in host.places if city.id in twins]
        if rules.minimums == "must" and host.minimum > 0:
            found.append(Demand("minimum", (host.id,)))
    if rules.everyone:
        found += [Demand("everyone", (twin.id,)) for twin in market.twins if not twin.reserve]
    return tuple(sorted(set(found)))


def clashes(market: Market, *, stop: Stop | None = None) -> Clash | None:
    """A set of demands that cannot hold together and could without any one of them; None when all can hold.

    The fewest that were found from several starting orders; where trying all smaller sets is cheap, that is done, and
    the clash is then known to be a smallest one. Raises Cancelled.
    """
    demands = demands_of(market)
    holds = _Checker(market, stop)
    if holds(demands):
        return None
    best = _minimal(demands, holds)
    for order in (tuple(reversed(demands)), *(tuple(d for d in demands if d != gone) for gone in best)):
        if not holds(order):
            best = min(best, _minimal(order, holds), key=len)
    for size in range(1, len(best)):
        if comb(len(demands), size) > SETS:
            return Clash(tuple(sorted(best)), smallest=False)
        fewer = next((some for some in combinations(demands, size) if not holds(some)), None)
        if fewer:
            return Clash(tuple(sorted(fewer)), smallest=True)
    return Clash(tuple(sorted(best)), smallest=True)


def _minimal(demands: Sequence[Demand], holds: _Checker) -> tuple[Demand, ...]:
    """A set that clashes and would not without any one of its demands, by halving (QuickXplain)."""

    def explain(base: tuple[Demand, ...], added: bool, rest: tuple[Demand, ...]) -> tuple[Demand, ...]:
        if added and not holds(base):
            return ()
        if len(rest) == 1:
            return rest
        half = len(rest) // 2
        late = explain((*base, *rest[:half]), True, rest[half:])
        early = explain((*base, *late), bool(late), rest[:half])
        return (*early, *late)

    return explain((), False, tuple(demands))


class _Checker:
    """Whether some plan satisfies a set of demands; answers are kept."""

    def __init__(self, market: Market, stop: Stop | None) -> None:
        self._market, self._stop = market, stop
        self._known: dict[frozenset[Demand], bool] = {}

    def __call__(self, demands: Sequence[Demand]) -> bool:
        key = frozenset(demands)
        if key not in self._known:
            check(self._stop)
            self._known[key] = _can_hold(self._market, key)
        return self._known[key]


def _can_hold(market: Market, demands: frozenset[Demand]) -> bool:
    by_kind: dict[str, set[tuple[str, ...]]] = {}
    for demand in demands:
        by_kind.setdefault(demand.kind, set()).add(demand.ids)
    pairs = by_kind.get("lock", set())
    locked: dict[str, str] = {}
    for twin, host in sorted(pairs):
        if locked.setdefault(twin, host) != host:
            return False
    row = {twin.id: i for i, twin in enumerate(market.twins)}
    column = {host.id: j for j, host in enumerate(market.hosts)}
    locks = tuple((row[twin], column[host]) for twin, host in sorted(locked.items()) if twin in row and host in column)
    problem = _problem(market, by_kind, locks)
    if any(not problem.allowed[i, j] for i, j in locks):
        return False
    wanted = [row[ids[0]] for ids in by_kind.get("everyone", set()) if ids[0] in row]
    return _has_plan(problem, wanted)


def _problem(market: Market, by_kind: dict[str, set[tuple[str, ...]]], locks: tuple[tuple[int, int], ...]) -> Problem:
    """The bare problem with the rules that are asked for and no others; seats that are not asked for have no end."""
    rules, n = market.rules, len(market.twins)
    kept = replace(
        market.rules,
        vetoes=tuple(veto for veto in rules.vetoes if (veto.twin, veto.host) in by_kind.get("veto", ())),
        conflicts=tuple(one for one in rules.conflicts if (one.twin, one.host) in by_kind.get("conflict", ())),
        values=tuple(rule for rule in rules.values if (rule.name,) in by_kind.get("value_rule", ())),
        groups=tuple(cap for cap in rules.groups if (cap.name,) in by_kind.get("group", ())),
        same_country="forbid" if "same_country" in by_kind else "neutral",
        same_language="forbid" if "same_language" in by_kind else "neutral",
    )
    asked = replace(market, rules=kept)
    forbidden = prohibitions(asked)
    own = by_kind.get("own_activity", set())
    forbidden["own_activity"] = named_pairs(market, own)
    allowed = np.ones((n, len(market.hosts)), dtype=bool)
    for pairs in forbidden.values():
        allowed &= ~pairs
    seats, minimums = by_kind.get("seats", set()), by_kind.get("minimum", set())
    shape = (n, len(market.hosts))
    return Problem(
        tuple(twin.id for twin in market.twins),
        tuple(host.id for host in market.hosts),
        np.zeros(shape, dtype=np.int32),
        allowed,
        np.array([host.minimum if (host.id,) in minimums else 0 for host in market.hosts], dtype=np.int64),
        np.array(
            [host.maximum if (host.id,) in seats else max(n, host.maximum) for host in market.hosts], dtype=np.int64
        ),
        locks,
        groups=groups_of(asked),
    )


def _has_plan(problem: Problem, wanted: Sequence[int]) -> bool:
    if faults(problem):  # locks beyond the seats or a cap, a minimum above the seats
        return False
    load = np.bincount([j for _, j in problem.locks], minlength=len(problem.host_ids))
    if problem.groups:
        return _has_grouped_plan(problem, wanted)
    # A plan that seats all wanted twins, and one that fills all minimum seats, make one that does both
    # (Mendelsohn and Dulmage): so each is looked at alone.
    locked = {i for i, _ in problem.locks}
    free = [i for i in range(len(problem.twin_ids)) if i not in locked]
    short = np.maximum(problem.minimum - load, 0)
    waiting = [i for i in wanted if i not in locked]
    return most_seated(problem.allowed[waiting], problem.maximum - load) == len(waiting) and (
        most_seated(problem.allowed[free], short) == int(short.sum())
    )


def _has_grouped_plan(problem: Problem, wanted: Sequence[int]) -> bool:
    model = Model(problem, problem.allowed)
    locked = {i for i, _ in problem.locks}
    rows = [Row(model.fills(), float(model.short.sum()), np.inf)] if model.short.any() else []
    for twin in wanted:
        if twin not in locked:
            mine = np.concatenate([(model.twin == twin).astype(np.float64), np.zeros(model.hosts)])
            rows.append(Row(mine, 1.0, np.inf))
    return model.best(np.zeros(model.pairs + model.hosts), rows) is not None


def repairs(market: Market, *, most: int = 5, stop: Stop | None = None) -> tuple[Repair, ...]:
    """The cheapest ways to make the rules hold together, none of which contains another; none when they already do.

    Search by cost: each clash that is left must give way somewhere. Every repair was applied and checked. Conflicts of
    interest and own activities never give way, so there may be no repair. Raises Cancelled.
    """
    found: list[Repair] = []
    order = count()
    queue: list[tuple[int, int, tuple[Change, ...]]] = [(0, next(order), ())]
    seen: set[tuple[Change, ...]] = {()}
    for _ in range(TRIES):
        if not queue or len(found) >= most:
            break
        check(stop)
        cost, _number, changes = heappop(queue)
        if any(_within(repair.changes, changes) for repair in found):
            continue
        mended = apply_repair(market, Repair(changes, cost))
        demands = demands_of(mended)
        holds = _Checker(mended, stop)
        if holds(demands):
            if changes:
                found.append(Repair(changes, cost))
            continue
        for demand in _minimal(demands, holds):
            if demand.kind in COSTS:
                more = tuple(sorted((*changes, Change(demand.kind, demand.ids))))
                if more not in seen:
                    seen.add(more)
                    heappush(queue, (cost + COSTS[demand.kind], next(order), more))
    return tuple(found)


def _within(some: tuple[Change, ...], more: tuple[Change, ...]) -> bool:
    left = list(more)
    for change in some:
        if change not in left:
            return False
        left.remove(change)
    return True


def apply_repair(market: Market, repair: Repair) -> Market:
    """The market after the changes; the given one is left as it is."""
    for change in repair.changes:
        market = _MENDERS[change.kind](market, change.ids)
    return market


def _without_lock(market: Market, ids: tuple[str, ...]) -> Market:
    kept = tuple(lock for lock in market.rules.locks if (lock.twin, lock.host) != ids)
    return replace(market, rules=replace(market.rules, locks=kept))


def _without_veto(market: Market, ids: tuple[str, ...]) -> Market:
    kept = tuple(veto for veto in market.rules.vetoes if (veto.twin, veto.host) != ids)
    return replace(market, rules=replace(market.rules, vetoes=kept))


def _country_avoided(market: Market, ids: tuple[str, ...]) -> Market:
    if market.rules.same_country != "forbid":
        return market
    return replace(market, rules=replace(market.rules, same_country="avoid"))


def _language_avoided(market: Market, ids: tuple[str, ...]) -> Market:
    if market.rules.same_language != "forbid":
        return market
    return replace(market, rules=replace(market.rules, same_language="avoid"))


def _host(change: Callable[[Host], Host]) -> Callable[[Market, tuple[str, ...]], Market]:
    return lambda market, ids: replace(
        market, hosts=tuple(change(host) if host.id == ids[0] else host for host in market.hosts)
    )


def _more_of_group(market: Market, ids: tuple[str, ...]) -> Market:
    def widened(cap: GroupCap) -> GroupCap:
        return replace(cap, most=cap.most + 1) if cap.name == ids[0] else cap

    return replace(market, rules=replace(market.rules, groups=tuple(map(widened, market.rules.groups))))


def _without_rule(market: Market, ids: tuple[str, ...]) -> Market:
    kept = tuple(rule for rule in market.rules.values if rule.name != ids[0])
    return replace(market, rules=replace(market.rules, values=kept))


def _into_reserve(market: Market, ids: tuple[str, ...]) -> Market:
    """The twin may wait: it joins the reserve."""
    twins = tuple(replace(twin, reserve=True) if twin.id == ids[0] else twin for twin in market.twins)
    return replace(market, twins=twins)


_MENDERS: dict[str, Callable[[Market, tuple[str, ...]], Market]] = {
    "lock": _without_lock,
    "veto": _without_veto,
    "value_rule": _without_rule,
    "same_country": _country_avoided,
    "same_language": _language_avoided,
    "seats": _host(lambda host: replace(host, maximum=host.maximum + 1)),
    "minimum": _host(lambda host: replace(host, minimum=host.minimum - 1)),
    "group": _more_of_group,
    "everyone": _into_reserve,
}
