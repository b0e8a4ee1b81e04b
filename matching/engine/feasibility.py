"""Which pairs may be at all, what contradicts itself, and why a twin stays without a host."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .context import fact_of, shared, words_of
from .types import (
    BoolMatrix,
    Group,
    GroupCap,
    Host,
    Issue,
    Market,
    Place,
    Plan,
    Problem,
    Tag,
    Trait,
    Twin,
    ValueRule,
)


def allowed_pairs(market: Market) -> BoolMatrix:
    """[twins, hosts]: no rule forbids the pair. A city is never paired with a host that it is part of."""
    allowed = np.ones((len(market.twins), len(market.hosts)), dtype=bool)
    for forbidden in prohibitions(market).values():
        allowed &= ~forbidden
    return allowed


def forbidden_because(market: Market, twin: Twin, host: Host) -> tuple[str, ...]:
    """Codes of the rules that forbid a pair, none when it is allowed.

    own_activity, veto, conflict, same_country, same_language, or value_rule:<name>.
    """
    alone = replace(market, twins=(twin,), hosts=(host,))
    return tuple(code for code, forbidden in prohibitions(alone).items() if forbidden[0, 0])


def prohibitions(market: Market) -> dict[str, BoolMatrix]:
    """Which pairs each kind of rule forbids, by the code of the rule."""
    rules = market.rules
    found = {
        "own_activity": _own(market),
        "veto": named_pairs(market, [(veto.twin, veto.host) for veto in rules.vetoes]),
        "conflict": named_pairs(market, [(one.twin, one.host) for one in rules.conflicts]),
    }
    if rules.same_country == "forbid":
        found["same_country"] = shared(market, "country")
    if rules.same_language == "forbid":
        found["same_language"] = shared(market, "language")
    for rule in rules.values:
        found[f"value_rule:{rule.name}"] = _by_value(market, rule)
    return found


def _own(market: Market) -> BoolMatrix:
    own = np.zeros((len(market.twins), len(market.hosts)), dtype=bool)
    row = {twin.id: place for place, twin in enumerate(market.twins)}
    for place, host in enumerate(market.hosts):
        for city in host.places:
            if city.id in row:
                own[row[city.id], place] = True
    return own


def named_pairs(market: Market, pairs: Iterable[tuple[str, ...]]) -> BoolMatrix:
    """[twins, hosts]: the pairs of these (twin id, host id); who takes no part is passed over."""
    named = np.zeros((len(market.twins), len(market.hosts)), dtype=bool)
    row = {twin.id: place for place, twin in enumerate(market.twins)}
    column = {host.id: place for place, host in enumerate(market.hosts)}
    for twin, host in pairs:
        if twin in row and host in column:
            named[row[twin], column[host]] = True
    return named


def _by_value(market: Market, rule: ValueRule) -> BoolMatrix:
    twins = np.array([twin_passes(rule.twins, twin) for twin in market.twins], dtype=bool)
    hosts = np.array([host_passes(rule.hosts, host) for host in market.hosts], dtype=bool)
    return np.asarray(twins[:, None] & (hosts if rule.kind == "must_not" else ~hosts)[None, :])


def twin_passes(trait: Trait, twin: Twin) -> bool:
    """Whether a twin has a trait; what was inferred or is unknown never passes."""
    return _passes(trait, twin.id, (twin.place,), twin.domains, twin.levers)


def host_passes(trait: Trait, host: Host) -> bool:
    """Whether a host, or one of its cities, has a trait."""
    return _passes(trait, host.id, host.places, host.domains, host.levers)


def _passes(trait: Trait, name: str, places: Sequence[Place], domains: Sequence[Tag], levers: Sequence[Tag]) -> bool:
    wanted = trait.value.strip().casefold()
    if trait.field == "any":
        return True
    if trait.field == "id":
        return name.casefold() == wanted
    if trait.field in ("domain", "lever"):
        tags = domains if trait.field == "domain" else levers
        return any(tag.stated and tag.code.casefold() == wanted for tag in tags)
    return any(wanted in traits_of(place, trait.field) for place in places)


def traits_of(place: Place, what: str) -> frozenset[str]:
    """The values of a place that a rule can speak of (country, kind, language), folded; none where unknown."""
    if what == "country":
        return frozenset({place.country.casefold()} - {""})
    fact = fact_of(place, what)
    return words_of(fact.value) if fact else frozenset()


def groups_of(market: Market) -> tuple[Group, ...]:
    """The side constraints of a market over its rows and columns; a cap that cannot bind is left out."""
    groups = []
    for cap in market.rules.groups:
        by_label: dict[str, list[int]] = {}
        for row, twin in enumerate(market.twins):
            for label in _labels(cap, twin):
                by_label.setdefault(label, []).append(row)
        bound = np.array([cap.host in ("", host.id) for host in market.hosts], dtype=bool)
        for label, rows in sorted(by_label.items()):
            most = np.where(bound, max(cap.most, 0), len(rows)).astype(np.int64)
            if (most < len(rows)).any():
                groups.append(Group(f"{cap.name}: {label}", tuple(rows), most))
    return tuple(groups)


def _labels(cap: GroupCap, twin: Twin) -> Iterable[str]:
    if cap.by == "list":
        return [cap.members[twin.id]] if twin.id in cap.members else []
    if cap.by == "domain":
        return sorted(tag.code for tag in twin.domains if tag.stated)
    return sorted(traits_of(twin.place, cap.by))


@dataclass(frozen=True, slots=True)
class Stranded:
    """A twin that no host is open to, with the codes of the rules that stand in its way (no_seat: nothing else does)."""

    twin: str
    codes: tuple[str, ...]


def twins_without_host(market: Market) -> tuple[Stranded, ...]:
    """Twins that cannot get any host, known before a run. Locks and other twins are not looked at."""
    seats = np.array([host.maximum > 0 for host in market.hosts], dtype=bool)
    forbidding = prohibitions(market)
    open_pairs = allowed_pairs(market) & seats[None, :]
    found = []
    for row in np.flatnonzero(~open_pairs.any(axis=1)).tolist():
        codes = [code for code, forbidden in forbidding.items() if forbidden[row].any()]
        found.append(Stranded(market.twins[row].id, tuple(codes) or ("no_seat",)))
    return tuple(found)


def waiting_list(problem: Problem, plan: Plan) -> tuple[int, ...]:
    """Twins without a host, those first whose best open score is highest; reserve twins last, equals by id."""
    best = np.where(problem.allowed, problem.score, -1).max(axis=1, initial=-1)
    waiting = [i for i, host in enumerate(plan.host_of) if host < 0]
    return tuple(sorted(waiting, key=lambda i: (i in problem.reserve, -int(best[i]), problem.twin_ids[i])))


def next_for(problem: Problem, plan: Plan, host: int) -> tuple[int, ...]:
    """Who gets a seat at this host if one comes free: waiting twins that may go there, the best score first."""
    waiting = [i for i in waiting_list(problem, plan) if problem.allowed[i, host]]
    return tuple(
        sorted(waiting, key=lambda i: (i in problem.reserve, -int(problem.score[i, host]), problem.twin_ids[i]))
    )


def faults(problem: Problem) -> tuple[Issue, ...]:
    """Everything that makes the problem malformed or its rules contradictory, all at once."""
    return (
        *_faults_of_shape(problem),
        *_faults_of_seats(problem),
        *_faults_of_locks(problem),
        *_faults_of_groups(problem),
    )


def _faults_of_shape(problem: Problem) -> Iterator[Issue]:
    shape = (len(problem.twin_ids), len(problem.host_ids))
    for name, ids in (("twin", problem.twin_ids), ("host", problem.host_ids)):
        for repeated in sorted(one for one, count in Counter(ids).items() if count > 1):
            yield Issue("repeated_id", (repeated,), f"The {name} {repeated} occurs twice.")
    if problem.score.shape != shape or problem.allowed.shape != shape:
        yield Issue("shape", (), f"Scores and permissions must be {shape[0]} by {shape[1]}.")
    elif not np.issubdtype(problem.score.dtype, np.integer):
        yield Issue("score_kind", (), "Scores must be whole numbers.")
    elif problem.score.size and problem.score.min() < 0:
        yield Issue("score_negative", (), "A score cannot be below zero.")
    if problem.minimum.shape != (shape[1],) or problem.maximum.shape != (shape[1],):
        yield Issue("shape", (), "Every host needs a minimum and a maximum.")


def _faults_of_seats(problem: Problem) -> Iterator[Issue]:
    for host, least, most in zip(problem.host_ids, problem.minimum.tolist(), problem.maximum.tolist(), strict=False):
        if not 0 <= least <= most:
            yield Issue("seats", (host,), f"Host {host}: the minimum of {least} must lie between 0 and {most} seats.")


def _faults_of_locks(problem: Problem) -> Iterator[Issue]:
    n, m = len(problem.twin_ids), len(problem.host_ids)
    sound = [(i, j) for i, j in problem.locks if 0 <= i < n and 0 <= j < m]
    if len(sound) < len(problem.locks):
        yield Issue("lock_unknown", (), "A lock names a twin or a host that takes no part.")
    for twin, count in sorted(Counter(i for i, _ in sound).items()):
        if count > 1:
            yield Issue("lock_twice", (problem.twin_ids[twin],), f"{problem.twin_ids[twin]} is locked to two hosts.")
    if problem.allowed.shape == (n, m):
        for i, j in sound:
            if not problem.allowed[i, j]:
                ids = (problem.twin_ids[i], problem.host_ids[j])
                yield Issue("lock_forbidden", ids, f"{ids[0]} is locked to {ids[1]}, which another rule forbids.")
    if problem.maximum.shape == (m,):
        for host, count in sorted(Counter(j for _, j in sound).items()):
            if count > problem.maximum[host]:
                name, seats = problem.host_ids[host], int(problem.maximum[host])
                yield Issue("lock_seats", (name,), f"{count} twins are locked to {name}, which has {seats} seats.")


def _faults_of_groups(problem: Problem) -> Iterator[Issue]:
    locks, m = dict(problem.locks), len(problem.host_ids)
    for group in problem.groups:
        held = [locks[i] for i in group.members if 0 <= locks.get(i, -1) < m]
        load = np.bincount(held, minlength=m)
        for j in np.flatnonzero(load > group.most).tolist():
            name = problem.host_ids[j]
            text = f"{load[j]} twins of “{group.name}” are locked to {name}, which may have {group.most[j]} of them."
            yield Issue("lock_group", (group.name, name), text)


def without_host(problem: Problem) -> tuple[int, ...]:
    """Twins that no rule leaves any host with a seat; known before a run."""
    possible = problem.allowed & (problem.maximum > 0)[None, :]
    return tuple(np.flatnonzero(~possible.any(axis=1)).tolist())


def crowd_of(problem: Problem, plan: Plan, twin: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Why a twin waits: the twins that compete, and the only hosts they can go to, all of whose seats are taken.

    The hosts are those reachable by moving twins along; there are more of these twins than seats (Hall's theorem).
    Both are empty when no host is allowed.
    """
    open_hosts = problem.allowed & (problem.maximum > 0)[None, :]
    locked = {i for i, _ in problem.locks}
    twins, hosts, frontier = {twin}, set[int](), [twin]
    while frontier:
        for host in np.flatnonzero(open_hosts[frontier.pop()]).tolist():
            if host not in hosts:
                hosts.add(host)
                seated = [i for i, taken in enumerate(plan.host_of) if taken == host and i not in twins]
                twins.update(seated)
                frontier.extend(i for i in seated if i not in locked)
    return tuple(sorted(twins)) if hosts else (), tuple(sorted(hosts))
