"""The exact optimum of the assignment: every host repeated by its seats, solved as a linear assignment.

Aims in strict order: fill the minimum seats, match as many twins as possible, then the objective. Everything is a
whole number below 2**52 inside float64, so nothing is rounded. Ties are broken by a hash of both ids and the
seed; rows and columns are put in the order of their ids first, so the order of the input never shows.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .feasibility import faults
from .flow import EXACT, assign, classes_of, hosts_of, locked_load, most_seated
from .groups import grouped
from .leximin import EXACT_TWINS, Leximin, bands_for
from .plans import leftover, measure, regular
from .types import (
    Cancelled,
    Group,
    IntVector,
    Objective,
    Plan,
    Problem,
    Progress,
    Stop,
    UnsolvableRules,
)
from .watch import Watch

HASH_BITS = 12


def solve(
    problem: Problem,
    objective: Objective = "total",
    *,
    stop: Stop | None = None,
    progress: Progress | None = None,
    settle: bool = False,
) -> Plan:
    """The best plan.

    Raises UnsolvableRules with every fault when the input contradicts itself. When ``stop`` says so, raises Cancelled,
    or with ``settle`` returns the best plan found so far as not proven.
    """
    if found := faults(problem):
        raise UnsolvableRules(found)
    rows = sorted(range(len(problem.twin_ids)), key=problem.twin_ids.__getitem__)
    columns = sorted(range(len(problem.host_ids)), key=problem.host_ids.__getitem__)
    in_order = rows == list(range(len(rows))) and columns == list(range(len(columns)))
    ordered = problem if in_order else permuted(problem, rows, columns)
    watch = Watch(stop, progress)
    first, rest_of_it = (watch.part(0, 0.7), watch.part(0.7, 1)) if ordered.reserve else (watch, watch)
    plan = _solve(regular(ordered), objective, first, settle=settle)
    if ordered.reserve:
        rest = _solve(leftover(ordered, plan), objective, rest_of_it, settle=settle)
        figures = measure(ordered, rest.host_of)
        plan = replace(figures, floor=plan.floor, bands=plan.bands, proven=plan.proven and rest.proven)
    watch.tell(1, "solve")
    host_of = [-1] * len(rows)
    for row, place in zip(rows, plan.host_of, strict=True):
        host_of[row] = columns[place] if place >= 0 else -1
    return replace(plan, host_of=tuple(host_of), objective=objective)


def _solve(problem: Problem, objective: Objective, watch: Watch, *, settle: bool) -> Plan:
    (watch.tell if settle else watch)(0, "solve")  # who settles gets a plan, however little time there was
    if problem.groups:
        return grouped(problem, objective, watch, settle=settle)
    if objective == "worst_first":
        return _worst_first(problem, watch, settle=settle)
    if objective == "leximin":
        return _leximin(problem, watch, settle=settle)
    return _best_total(problem, *_with_tie_break(problem))


def digest_of(problem: Problem, plan: Plan) -> str:
    """A fingerprint of who goes where, the same for any order of the input."""
    pairs = sorted(
        f"{twin}\t{problem.host_ids[host] if host >= 0 else ''}"
        for twin, host in zip(problem.twin_ids, plan.host_of, strict=True)
    )
    return hashlib.sha256("\n".join(pairs).encode()).hexdigest()


def permuted(problem: Problem, rows: list[int], columns: list[int]) -> Problem:
    grid = np.ix_(rows, columns)
    row_of, column_of = {row: k for k, row in enumerate(rows)}, {column: k for k, column in enumerate(columns)}
    return Problem(
        twin_ids=tuple(problem.twin_ids[row] for row in rows),
        host_ids=tuple(problem.host_ids[column] for column in columns),
        score=problem.score[grid],
        allowed=problem.allowed[grid],
        minimum=problem.minimum[columns],
        maximum=problem.maximum[columns],
        locks=tuple(sorted((row_of[i], column_of[j]) for i, j in problem.locks)),
        seed=problem.seed,
        groups=tuple(
            Group(group.name, tuple(sorted(row_of[i] for i in group.members)), group.most[columns])
            for group in problem.groups
        ),
        reserve=tuple(sorted(row_of[i] for i in problem.reserve)),
        keep=tuple(column_of.get(problem.keep[row], -1) for row in rows) if problem.keep else (),
    )


def _best_total(problem: Problem, worth: IntVector, seat: int, floor: int = 0) -> Plan:
    """Locked twins leave the problem with their seat; the rest is one assignment."""
    classes = classes_of(problem, worth, seat, floor)
    return measure(problem, hosts_of(problem, classes, assign(classes)))


def _with_tie_break(problem: Problem) -> tuple[IntVector, int]:
    """[twins, hosts]: what a pair is worth, being matched included, with a hash of both ids in the last digits; then
    what a minimum seat is worth. The hash shrinks, and ends, where exactness would suffer.
    """
    score, locked = problem.score.astype(np.int64), [i for i, _ in problem.locks]
    n = len(score) - len(locked)
    top = int((np.delete(score, locked, axis=0) if locked else score).max(initial=0))
    least = bool((problem.minimum > locked_load(problem)).any())
    for bits in range(HASH_BITS, 3, -1):
        scale = (n << bits) + 1
        matched, seat = _penalties(top * scale + (1 << bits), n, least)
        if top * scale + (1 << bits) + matched + seat < EXACT:
            score *= scale
            score += _hashes(problem, bits) + matched
            return score, seat
    matched, seat = _penalties(top, n, least)
    return score + matched, seat


def _hashes(problem: Problem, bits: int) -> NDArray[np.int64]:
    """[twins, hosts] of ``bits`` bits, not linear in either id (a linear one would cancel in a swap)."""
    if problem.keep:
        before = np.array(problem.keep, dtype=np.int64)
        return np.where(before[:, None] == np.arange(len(problem.host_ids))[None, :], (1 << bits) - 1, 0)
    twins = np.array([_word(problem.seed, twin) for twin in problem.twin_ids], dtype=np.uint64)
    hosts = np.array([_word(problem.seed, host) for host in problem.host_ids], dtype=np.uint64)
    mixed = twins[:, None] ^ (hosts[None, :] << np.uint64(1))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed >>= np.uint64(64 - bits)
    return mixed.view(np.int64)


def _word(seed: str, name: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=8).digest(), "big")


def _penalties(top: int, n: int, least: bool) -> tuple[int, int]:
    """What one more twin is worth, and one more minimum seat: each more than all that comes after it together."""
    matched = top * n + 1
    return matched, matched * (n + 1) if least else 0


def _worst_first(problem: Problem, watch: Watch, *, settle: bool) -> Plan:
    """The highest floor under the free twins that keeps unmet and matched as good as they can be, then the total.

    Whether a floor keeps them is asked without scores: minimum seats and twins can each be looked at alone, because a
    plan that fills the one and a plan that seats the others make one that does both (Mendelsohn and Dulmage).
    """
    values = _with_tie_break(problem)
    locked = dict(problem.locks)
    free = np.array([i for i in range(len(problem.twin_ids)) if i not in locked], dtype=np.int64)
    taken = locked_load(problem)
    most, least = problem.maximum - taken, np.maximum(problem.minimum - taken, 0)
    allowed = problem.allowed[free]
    sits, fills = most_seated(allowed, most), most_seated(allowed, least)
    if not sits:
        highest = int(problem.score[problem.allowed].max(initial=0))
        return replace(_best_total(problem, *values), floor=highest)
    score = np.where(allowed, problem.score[free], -1)

    def keeps(floor: int) -> bool:
        allowed = score >= floor
        return most_seated(allowed, most) >= sits and (not fills or most_seated(allowed, least) >= fills)

    low, high = int(score[allowed].min()), int(score.max())
    if sits == len(free):  # nobody can do better than its own best
        high = int(score.max(axis=1).min())
    start, tried = low, high  # the highest first: often it can be had
    while low < high:
        try:
            watch(1 - (high - low) / (high - start + 1), "floor")
        except Cancelled:
            if not settle:
                raise
            break
        low, high = (tried, high) if keeps(tried) else (low, tried - 1)
        tried = (low + high + 1) // 2
    return replace(_best_total(problem, *values, low), floor=low, proven=low == high)


def _leximin(problem: Problem, watch: Watch, *, settle: bool) -> Plan:
    steps, proven = Leximin(problem, bands_for(problem)), True
    try:
        steps.run(watch)
    except Cancelled:
        if not settle:
            raise
        proven = False
    classes = steps.face.classes
    bits = HASH_BITS if len(problem.twin_ids) <= EXACT_TWINS else 4
    ties = _hashes(problem, bits)[np.ix_(classes.free, classes.columns % max(len(problem.host_ids), 1))]
    plan = measure(problem, steps.settled(ties), "leximin")
    return replace(plan, bands=bands_for(problem), proven=proven)
