from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.clashes import COSTS, Change, apply_repair, clashes, demands_of, repairs
from matching.engine.feasibility import allowed_pairs, groups_of
from matching.engine.matcher import match, pose
from matching.engine.scoring import DEFAULT_WEIGHTS, Scorer
from matching.engine.types import (
    Conflict,
    GroupCap,
    Host,
    Lock,
    Market,
    Place,
    Rules,
    Trait,
    Twin,
    UnsolvableRules,
    ValueRule,
    Veto,
)
from tests.matching.engine.test_aims import keeps_groups
from tests.matching.engine.worlds import valid_plans

COUNTRIES = ["FI", "SE"]


@st.composite
def strict_markets(draw):
    """Small markets whose rules often cannot hold together."""
    twins = tuple(
        Twin(Place(f"t{i}", f"T{i}", country=draw(st.sampled_from(COUNTRIES)))) for i in range(draw(st.integers(1, 4)))
    )
    hosts = []
    for j in range(draw(st.integers(1, 3))):
        most = draw(st.integers(0, 2))
        place = Place(f"c{j}", f"C{j}", country=draw(st.sampled_from(COUNTRIES)))
        hosts.append(Host(f"h{j}", f"H{j}", (place,), minimum=draw(st.integers(0, most)), maximum=most))
    pairs = st.tuples(st.sampled_from([t.id for t in twins]), st.sampled_from([h.id for h in hosts]))
    some = st.lists(pairs, max_size=3, unique=True)
    rules = Rules(
        same_country=draw(st.sampled_from(["neutral", "forbid"])),
        vetoes=tuple(Veto(*pair) for pair in draw(some)),
        locks=tuple(Lock(*pair) for pair in draw(st.lists(pairs, max_size=2, unique=True))),
        conflicts=tuple(Conflict(*pair) for pair in draw(st.lists(pairs, max_size=1))),
        groups=(GroupCap("countries", "country", draw(st.integers(0, 1))),) if draw(st.booleans()) else (),
        everyone=draw(st.booleans()),
        minimums=draw(st.sampled_from(["wish", "must"])),
    )
    return Market(twins, tuple(hosts), rules)


def can_hold(market):
    """By enumeration: some plan satisfies everything that is asked for."""
    rules = market.rules
    try:
        problem = pose(market, Scorer(market, DEFAULT_WEIGHTS), seed="")
        match(market, DEFAULT_WEIGHTS)
    except UnsolvableRules:
        return False
    must_sit = [i for i, twin in enumerate(market.twins) if rules.everyone and not twin.reserve]
    return any(
        keeps_groups(problem, plan)
        and all(plan.host_of[i] >= 0 for i in must_sit)
        and (rules.minimums == "wish" or plan.unmet == 0)
        for plan in valid_plans(problem)
    )


@settings(max_examples=50)
@given(strict_markets())
def test_a_clash_is_found_exactly_where_no_plan_satisfies_all(market):
    assert (clashes(market) is None) == can_hold(market)


@settings(max_examples=15)
@given(strict_markets())
def test_every_repair_works_and_no_cheaper_single_change_does(market):
    if can_hold(market):
        assert repairs(market) == ()
        return
    found = repairs(market)
    for repair in found:
        assert can_hold(apply_repair(market, repair))
    assert [repair.cost for repair in found] == sorted(repair.cost for repair in found)
    if found and len(found[0].changes) > 1:
        for demand in demands_of(market):
            if demand.kind not in ("conflict", "own_activity"):
                single = replace(found[0], changes=(Change(demand.kind, demand.ids),))
                assert COSTS[demand.kind] >= found[0].cost or not can_hold(apply_repair(market, single))


def small_market(**rules):
    twins = tuple(Twin(Place(f"t{i}", f"T{i}", "FI")) for i in range(3))
    hosts = (Host("h0", "H0", maximum=1), Host("h1", "H1", maximum=1))
    return Market(twins, hosts, Rules(**rules))


def kinds(clash):
    return [(demand.kind, demand.ids) for demand in clash.demands]


def test_a_lock_on_a_forbidden_pair_clashes_with_what_forbids_it():
    clash = clashes(small_market(locks=(Lock("t0", "h0"),), vetoes=(Veto("t0", "h0", "travel"),)))

    assert kinds(clash) == [("lock", ("t0", "h0")), ("veto", ("t0", "h0"))]
    assert clash.demands[1].reason == "travel"
    assert clash.smallest


def test_too_many_twins_for_all_seats_is_repaired_by_a_seat():
    market = small_market(everyone=True)

    assert len(clashes(market).demands) == 5
    assert repairs(market)[0].changes in [(Change("seats", ("h0",)),), (Change("seats", ("h1",)),)]


def test_without_any_one_demand_of_a_clash_the_rest_can_hold():
    market = small_market(locks=(Lock("t0", "h0"), Lock("t1", "h0"), Lock("t2", "h1")), vetoes=(Veto("t2", "h0"),))

    clash = clashes(market)

    assert kinds(clash) == [("lock", ("t0", "h0")), ("lock", ("t1", "h0")), ("seats", ("h0",))]
    for demand in clash.demands:
        change = Change(demand.kind, demand.ids)
        assert clashes(apply_repair(market, replace(repairs(market)[0], changes=(change,)))) is None


def test_locks_beyond_a_cap_clash_with_it():
    market = small_market(locks=(Lock("t0", "h0"), Lock("t1", "h0")), groups=(GroupCap("one country", "country", 1),))
    market = replace(market, hosts=(replace(market.hosts[0], maximum=2), market.hosts[1]))

    assert kinds(clashes(market)) == [("group", ("one country",)), ("lock", ("t0", "h0")), ("lock", ("t1", "h0"))]
    assert (Change("group", ("one country",)),) in [repair.changes for repair in repairs(market)]


def test_a_conflict_of_interest_never_gives_way():
    market = small_market(locks=(Lock("t0", "h0"),), conflicts=(Conflict("t0", "h0"),))

    assert [repair.changes for repair in repairs(market)] == [(Change("lock", ("t0", "h0")),)]


def test_rules_by_value_forbid_what_they_say_and_unknown_never_passes():
    twins = (Twin(Place("a", "A", "FI")), Twin(Place("b", "B", "SE")), Twin(Place("c", "C", "")))
    hosts = (Host("x", "X", (Place("cx", "CX", "DE"),)), Host("y", "Y", (Place("cy", "CY", ""),)))
    never = ValueRule("no Finns to Germany", "must_not", Trait("country", "fi"), Trait("country", "DE"))
    only = ValueRule("Swedes to Germany", "must", Trait("country", "SE"), Trait("country", "DE"))

    allowed = allowed_pairs(Market(twins, hosts, Rules(values=(never, only))))

    assert allowed.tolist() == [[False, True], [True, False], [True, True]]


def test_a_cap_counts_only_twins_with_a_value_and_only_where_it_binds():
    twins = tuple(Twin(Place(f"t{i}", "T", country)) for i, country in enumerate(["FI", "FI", "SE", ""]))
    hosts = (Host("x", "X"), Host("y", "Y"))
    market = Market(twins, hosts, Rules(groups=(GroupCap("one country", "country", 1, host="y"),)))

    groups = groups_of(market)

    assert [(group.name, group.members, group.most.tolist()) for group in groups] == [
        ("one country: fi", (0, 1), [2, 1])
    ]
    hosts_of = match(market, DEFAULT_WEIGHTS).plan.host_of
    assert sum(hosts_of[i] == 1 for i in (0, 1)) <= 1


@pytest.mark.parametrize("rule", ["same_country", "same_language"])
def test_a_hard_rule_against_likeness_can_become_a_soft_one(rule):
    market = small_market(**{rule: "forbid"}, everyone=True)
    assert (Change(rule, ()),) not in [repair.changes for repair in repairs(market)]
    place = Place("c", "C", "FI")
    near = replace(market, twins=market.twins[:1], hosts=(Host("h", "H", (place,)),))

    changes = [repair.changes for repair in repairs(near)]

    assert ((Change(rule, ()),) in changes) == (rule == "same_country")
