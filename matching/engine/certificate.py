"""A proof that a plan cannot be beaten, and its check by code that shares nothing with the optimiser.

The proof is a price for every seat and a profit for every twin, in whole numbers, such that no allowed pair is
worth more than its price and profit together. Summed up, prices and profits bound every plan from above; a plan
that reaches the bound is optimal. The value of a plan adds, above its total, one large constant per matched twin
and a larger one per filled minimum seat, so the bound covers the aims in their order.

Worst-first is proven in two steps: the total above the floor here, and the floor itself by the fact that nothing above
it keeps the first two aims, with a second set of prices (``higher``). Leximin is proven at once: a score counts as a
power of the number of twins, so that one twin fewer at a low score outweighs everything above it. Under side
constraints a group pays a toll at each host; the bound then holds, and is reached whenever the rules do not force
fractions. The reserve is proven on its own (``then``), with all others where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .flow import FAR, Classes, assign, classes_of, places_of, prices_of
from .groups import tolls_of
from .plans import leftover, measure, regular
from .types import SCALE, IntVector, Plan, Problem

SCALES = (1, 2, 6, 60)
"""Tolls are whole numbers after multiplying everything with one of these."""

__all__ = ["FAR", "Certificate", "Verdict", "certificate_as_json", "certificate_from_json", "certify", "verify"]


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """Seats come in two classes, minimum seats first: ``price`` is [2, hosts], ``profit`` [twins]; locked twins: 0.

    All numbers are multiplied with ``scale``. ``tolls`` is [groups, hosts].
    """

    price: NDArray[Any]
    profit: NDArray[Any]
    floor: int = 0
    tolls: IntVector | None = None
    scale: int = 1
    higher: Certificate | None = None
    then: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """``bound`` is what no plan can exceed, in points of the total; ``faults`` say why a proof does not hold.

    For leximin, where more points may be less fair, the bound is that of the plan itself when it is proven.
    """

    valid: bool
    optimal: bool
    total: int
    bound: int
    faults: tuple[str, ...] = ()


def certify(problem: Problem, plan: Plan) -> Certificate | None:
    """Prices from the plan itself by longest paths (Bellman-Ford); None when the plan can be improved.

    Under side constraints the prices come from a relaxation and may fall short of a proof.
    """
    if problem.reserve:
        return _certify_reserve(problem, plan)
    if problem.groups:
        found = _certify_groups(problem, plan)
    else:
        base, _, seat = worth_of(problem, plan)
        found = _prices(problem, plan, classes_of(problem, base, seat, plan.floor))
    if found is None or plan.objective != "worst_first":
        return found
    higher = _prove_floor(problem, plan)
    return replace(found, higher=higher) if higher is not None else None


def _certify_reserve(problem: Problem, plan: Plan) -> Certificate | None:
    first_problem = regular(problem)
    first = certify(first_problem, _part(first_problem, plan))
    rest_problem = leftover(problem, plan)
    last = certify(rest_problem, _last(rest_problem, plan))
    return replace(first, then=last) if first is not None and last is not None else None


def _part(problem: Problem, plan: Plan) -> Plan:
    """What the plan says about those who are not in reserve."""
    locked = dict(problem.locks)
    kept = [j if j < 0 or i in locked or problem.allowed[i].any() else -1 for i, j in enumerate(plan.host_of)]
    figures = measure(problem, kept, plan.objective)
    return replace(figures, floor=plan.floor, bands=plan.bands)


def _last(problem: Problem, plan: Plan) -> Plan:
    """What the plan says about the reserve, with its own floor."""
    locked = dict(problem.locks)
    scores = [int(problem.score[i, j]) for i, j in enumerate(plan.host_of) if j >= 0 and i not in locked]
    floor = min(scores, default=_least(problem)) if plan.objective == "worst_first" else 0
    return replace(measure(problem, plan.host_of, plan.objective), floor=floor, bands=plan.bands)


def _least(problem: Problem) -> int:
    return int(problem.score[problem.allowed].max(initial=0))


def _prices(problem: Problem, plan: Plan, classes: Classes) -> Certificate | None:
    found = prices_of(classes, places_of(problem, plan.host_of, classes))
    return None if found is None else _certificate(problem, classes, *found, plan.floor)


def _certificate(
    problem: Problem, classes: Classes, price: NDArray[Any], profit: NDArray[Any], floor: int
) -> Certificate:
    prices = np.zeros(2 * len(problem.host_ids), dtype=classes.worth.dtype)
    prices[classes.columns] = price
    profits = np.zeros(len(problem.twin_ids), dtype=classes.worth.dtype)
    profits[classes.free] = profit
    return Certificate(prices.reshape(2, -1), profits, floor)


def _prove_floor(problem: Problem, plan: Plan) -> Certificate | None:
    """The best first two aims of plans with every score above the floor, with prices; groups may only lower them."""
    matched, seat = _constants(problem)
    flat = np.full(problem.score.shape, matched, dtype=np.int64)
    classes = classes_of(problem, flat, seat, plan.floor + 1)
    place = assign(classes)
    found = prices_of(classes, place)
    if found is None:
        return None
    return _certificate(problem, classes, *found, plan.floor + 1)


def _certify_groups(problem: Problem, plan: Plan) -> Certificate | None:
    """The best of some roundings of the relaxation's tolls; with given tolls, seat prices are exact."""
    if plan.objective == "leximin":
        return None
    matched, seat = _constants(problem)
    raw = tolls_of(problem, plan.floor)
    value, best = _value(problem, plan.host_of), None
    for scale in SCALES:
        whole = sum(
            (
                factor * np.rint(toll * scale).astype(np.int64)
                for factor, toll in zip((seat, matched, 1), raw, strict=True)
            )
        )
        tolls = np.asarray(whole, dtype=np.int64)
        worth = scale * (problem.score.astype(np.int64) + matched) - _paid(problem, tolls)
        low = min(int(worth.min(initial=0)), 0)
        classes = classes_of(problem, worth, scale * seat, plan.floor)
        classes = replace(classes, allowed=classes.allowed & (classes.worth > 0)) if low < 0 else classes
        try:
            place = assign(replace(classes, worth=np.maximum(classes.worth, 0)))
        except OverflowError:
            break
        found = prices_of(classes, place)
        if found is None:
            continue
        certificate = replace(_certificate(problem, classes, *found, plan.floor), tolls=tolls, scale=scale)
        bound = _ceiling(problem, certificate)
        if best is None or bound * best[1].scale < best[0] * scale:
            best = (bound, certificate)
        if bound // scale <= value:
            break
    return best[1] if best else None


def _paid(problem: Problem, tolls: IntVector) -> IntVector:
    """[twins, hosts]: the tolls that a twin's groups pay."""
    paid = np.zeros(problem.score.shape, dtype=np.int64)
    for number, group in enumerate(problem.groups):
        paid[list(group.members)] += tolls[number][None, :]
    return paid


def _constants(problem: Problem) -> tuple[int, int]:
    """The worth of one matched twin and of one filled minimum seat, above the score."""
    n = len(problem.twin_ids)
    matched = int(problem.score.max(initial=0)) * n + 1
    return matched, matched * (n + 1)


def worth_of(problem: Problem, plan: Plan) -> tuple[NDArray[Any], int, int]:
    """[twins, hosts]: score (or, for leximin, what it weighs) with the constant of a matched twin; then constants."""
    if plan.objective != "leximin":
        matched, seat = _constants(problem)
        return problem.score.astype(np.int64) + matched, matched, seat
    return _fair_worth(problem, plan)


def _fair_worth(problem: Problem, plan: Plan) -> tuple[NDArray[Any], int, int]:
    """Leximin in one number. Levels between those of the plan count as one: nobody of the plan is there."""
    locked = {i for i, _ in problem.locks}
    n = len(problem.twin_ids)
    level = problem.score.astype(np.int64)
    if plan.bands:
        level = np.minimum(level * plan.bands // (SCALE + 1), plan.bands - 1)
    used = sorted({int(level[i, j]) for i, j in enumerate(plan.host_of) if j >= 0 and i not in locked})
    # Step 2k+1 is the k-th level of the plan, step 2k the gap below it.
    step = 2 * np.searchsorted(used, level.ravel(), side="left") + np.isin(level.ravel(), used)
    top = 2 * len(used)
    spread = (int(problem.score.max(initial=0)) * n + 1) if plan.bands else 1
    matched = (n + 1) ** (top + 1) * spread
    weights = [matched - (n + 1) ** (top - k) * spread for k in range(top + 1)]
    worth = np.array([weights[k] for k in step.tolist()], dtype=object).reshape(problem.score.shape)
    if plan.bands:
        worth = worth + problem.score.astype(object)
    return worth, matched + spread, (matched + spread) * (n + 1)


def verify(problem: Problem, plan: Plan, certificate: Certificate | None) -> Verdict:
    """Check a plan against the rules and its proof, by arithmetic alone."""
    wrong = list(_broken_rules(problem, plan))
    if certificate is None:
        return Verdict(False, False, plan.total, plan.total, (*wrong, "There is no proof for this plan."))
    if not problem.reserve:
        return _verify_one(problem, plan, certificate, wrong)
    first = _verify_one(regular(problem), _part(regular(problem), plan), certificate, wrong)
    rest = leftover(problem, plan)
    if certificate.then is None:
        return Verdict(False, False, plan.total, plan.total, (*wrong, "There is no proof for the reserve."))
    last = _verify_one(rest, _last(rest, plan), certificate.then, [])
    valid = first.valid and last.valid
    bound = plan.total + (first.bound - first.total) + (last.bound - last.total)
    return Verdict(valid, first.optimal and last.optimal, plan.total, bound, (*first.faults, *last.faults))


def _verify_one(problem: Problem, plan: Plan, certificate: Certificate, wrong: list[str]) -> Verdict:
    if faults := _misfits(problem, certificate):
        return Verdict(False, False, plan.total, plan.total, (*wrong, *faults))
    if certificate.floor != plan.floor:
        wrong = [*wrong, "The proof is about another floor."]
    fair = plan.objective == "leximin"
    worth, matched, seat = _fair_worth(problem, plan) if fair else (None, *_constants(problem))
    wrong = [*wrong, *_overpriced(problem, certificate, worth, matched, seat)]
    ceiling = _ceiling(problem, certificate, worth, seat)
    value = _value(problem, plan.host_of, worth, seat)
    valid = not wrong
    reached = ceiling // certificate.scale == value
    if plan.objective == "worst_first":
        reached = reached and _floor_is_proven(problem, plan, certificate.higher)
    bound = plan.total if fair else plan.total + ceiling // certificate.scale - value
    return Verdict(valid, valid and reached, plan.total, bound, tuple(wrong))


def _misfits(problem: Problem, certificate: Certificate) -> list[str]:
    m = len(problem.host_ids)
    if certificate.price.shape != (2, m) or certificate.profit.shape != (len(problem.twin_ids),):
        return ["The proof does not fit the problem."]
    if certificate.scale < 1:
        return ["The proof does not fit the problem."]
    tolls = certificate.tolls
    if tolls is not None and (tolls.shape != (len(problem.groups), m) or (tolls < 0).any()):
        return ["A toll of the proof means nothing here."]
    return (
        ["A price or a profit is below zero."]
        if (certificate.price < 0).any() or (certificate.profit < 0).any()
        else []
    )


def _overpriced(
    problem: Problem, certificate: Certificate, worth: NDArray[Any] | None, matched: int, seat: int
) -> list[str]:
    """Twins with a pair that is worth more than its price, profit and tolls."""
    wrong = []
    least, most = _seats_left(problem)
    locked = {i for i, _ in problem.locks}
    paid = _paid(problem, certificate.tolls) if certificate.tolls is not None else None
    for i, profit in enumerate(certificate.profit):
        if i in locked:
            continue
        may = problem.allowed[i] & (problem.score[i] >= certificate.floor)
        gain = certificate.scale * (problem.score[i].astype(np.int64) + matched if worth is None else worth[i])
        if paid is not None:
            gain = gain - paid[i]
        for klass, extra, seats in ((0, certificate.scale * seat, least), (1, 0, most - least)):
            if (may & (seats > 0) & (gain + extra > profit + certificate.price[klass])).any():
                wrong.append(f"A pair of {problem.twin_ids[i]} is worth more than its price.")
                break
    return wrong


def _seats_left(problem: Problem) -> tuple[IntVector, IntVector]:
    """Minimum and maximum of each host less its locked twins."""
    taken = np.zeros(len(problem.host_ids), dtype=np.int64)
    for _, j in problem.locks:
        taken[j] += 1
    return np.maximum(problem.minimum - taken, 0), problem.maximum - taken


def _ceiling(
    problem: Problem, certificate: Certificate, worth: NDArray[Any] | None = None, seat: int | None = None
) -> int:
    """What no plan can exceed, times the scale: locked pairs, profits, prices of all seats, tolls of all groups."""
    least, most = _seats_left(problem)
    locks = dict(problem.locks)
    locked = [locks.get(i, -1) for i in range(len(problem.twin_ids))]
    ceiling = certificate.scale * _value(problem, locked, worth, seat)
    ceiling += sum(int(p) for i, p in enumerate(certificate.profit) if i not in locks)
    ceiling += sum(int(p) * int(a) for p, a in zip(certificate.price[0], least, strict=True))
    ceiling += sum(int(p) * int(b - a) for p, a, b in zip(certificate.price[1], least, most, strict=True))
    if certificate.tolls is not None:
        for tolls, group in zip(certificate.tolls, problem.groups, strict=True):
            used = np.bincount([locks[i] for i in group.members if i in locks], minlength=len(problem.host_ids))
            ceiling += sum(int(t) * int(a) for t, a in zip(tolls, group.most - used, strict=True))
    return ceiling


def _floor_is_proven(problem: Problem, plan: Plan, higher: Certificate | None) -> bool:
    """Whether no plan whose free twins all lie above the floor has as good first aims as this one."""
    if higher is None or higher.floor != plan.floor + 1 or _misfits(problem, higher):
        return False
    matched, seat = _constants(problem)
    flat = np.full(problem.score.shape, matched, dtype=np.int64)
    if _overpriced(problem, higher, flat, matched, seat):
        return False
    mine = _value(problem, plan.host_of, flat, seat)
    free = sum(1 for j in plan.host_of if j >= 0) - len(problem.locks)
    return free == 0 or _ceiling(problem, higher, flat, seat) < mine


def _value(problem: Problem, host_of: Sequence[int], worth: NDArray[Any] | None = None, seat: int | None = None) -> int:
    """Total (or weight), matched twins and filled minimum seats in one whole number."""
    matched, default = _constants(problem)
    load = [0] * len(problem.host_ids)
    value = 0
    for i, j in enumerate(host_of):
        if j >= 0:
            value += int(problem.score[i, j]) + matched if worth is None else int(worth[i, j])
            load[j] += 1
    filled = sum(min(here, int(least)) for here, least in zip(load, problem.minimum, strict=True))
    return value + (default if seat is None else seat) * filled


def _broken_rules(problem: Problem, plan: Plan) -> Iterator[str]:
    locks = dict(problem.locks)
    for i, j in enumerate(plan.host_of):
        if i in locks and j != locks[i]:
            yield f"{problem.twin_ids[i]} is not where it is locked."
        if j >= 0 and not problem.allowed[i, j]:
            yield f"{problem.twin_ids[i]} may not go to {problem.host_ids[j]}."
        if j >= 0 and i not in locks and i not in problem.reserve and problem.score[i, j] < plan.floor:
            yield f"{problem.twin_ids[i]} lies below the floor."
    seated = [(i, j) for i, j in enumerate(plan.host_of) if j >= 0]
    load = np.bincount([j for _, j in seated], minlength=len(problem.host_ids))
    for j in np.flatnonzero(load > problem.maximum).tolist():
        yield f"{problem.host_ids[j]} has {load[j]} twins and {problem.maximum[j]} seats."
    for group in problem.groups:
        here = np.bincount([plan.host_of[i] for i in group.members if plan.host_of[i] >= 0], minlength=len(load))
        for j in np.flatnonzero(here > group.most).tolist():
            yield f"{problem.host_ids[j]} has {here[j]} twins of “{group.name}”, at most {group.most[j]} may be."
    total = sum(int(problem.score[i, j]) for i, j in seated)
    if total != plan.total:
        yield f"The total is {total}, not {plan.total}."


def certificate_as_json(certificate: Certificate) -> dict[str, Any]:
    """Plain values; numbers beyond 2**53 as text, because JSON readers would round them."""
    data: dict[str, Any] = {
        "price": [[_plain(one) for one in row] for row in certificate.price.tolist()],
        "profit": [_plain(one) for one in certificate.profit.tolist()],
        "floor": certificate.floor,
        "scale": certificate.scale,
    }
    if certificate.tolls is not None:
        data["tolls"] = certificate.tolls.tolist()
    for name, part in (("higher", certificate.higher), ("then", certificate.then)):
        if part is not None:
            data[name] = certificate_as_json(part)
    return data


def certificate_from_json(data: Mapping[str, Any]) -> Certificate:
    """The certificate that `certificate_as_json` wrote. Raises KeyError or ValueError for anything else."""
    prices = [[int(one) for one in row] for row in data["price"]]
    profits = [int(one) for one in data["profit"]]
    large = any(abs(one) >= 2**62 for row in (*prices, profits) for one in row)
    kind = object if large else np.int64
    tolls = data.get("tolls")
    parts = {name: certificate_from_json(data[name]) if name in data else None for name in ("higher", "then")}
    return Certificate(
        np.array(prices, dtype=kind).reshape(2, -1),
        np.array(profits, dtype=kind),
        int(data.get("floor", 0)),
        None if tolls is None else np.array(tolls, dtype=np.int64),
        int(data.get("scale", 1)),
        **parts,
    )


def _plain(number: int) -> int | str:
    return number if abs(number) < 2**53 else str(number)
