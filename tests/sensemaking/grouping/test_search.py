import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensemaking.grouping import (
    Person,
    Problem,
    Room,
    Unsolvable,
    Weights,
    broken_rules,
    cost_of,
    prices_of_rules,
    solve,
)

from .worlds import cheapest, numbers, pairs, people, problems, rooms


@given(problems())
@settings(max_examples=60)
def test_the_cost_that_a_plan_names_is_the_cost_worked_out_from_the_rules(problem):
    plan = solve(problem, moves=60)
    assert plan.cost.parts() == cost_of(problem, plan.seats).parts()


@given(problems())
@settings(max_examples=60)
def test_no_plan_costs_less_than_its_bound(problem):
    plan = solve(problem, moves=60)
    if not problem.pairings_together and not plan.broken:
        assert plan.cost.bound <= plan.cost.total


@given(problems(), st.integers(0, 5))
@settings(max_examples=40)
def test_the_search_leaves_rooms_and_roles_as_even_as_they_were_and_makes_nothing_worse(problem, seed):
    before, after = solve(problem, moves=0), solve(problem, moves=120, seed=seed)
    for r, (seating, sought) in enumerate(zip(before.seats, after.seats, strict=True)):
        for role in {person.role for person in problem.people}:
            counts, found = (sorted(numbers(problem, r, each, role)) for each in (seating, sought))
            assert found == counts
        sizes, found = (numbers(problem, r, each) for each in (seating, sought))
        assert min(sizes) <= min(found) <= max(found) <= max(sizes)
    assert (len(after.broken), after.cost.total) <= (len(before.broken), before.cost.total) or len(after.broken) < len(
        before.broken
    )


@given(problems())
@settings(max_examples=40)
def test_everybody_who_is_there_has_one_seat_in_each_round_and_nobody_else(problem):
    plan = solve(problem, moves=30)
    for r, seating in enumerate(plan.seats):
        assert set(seating) == {person.id for person in problem.people if r not in person.away}


@given(problems())
@settings(max_examples=30)
def test_pins_are_kept(problem):
    plan = solve(problem, moves=60)
    assert not [each for each in plan.broken if each.rule == "pin"]


def test_the_same_seed_and_moves_give_the_same_plan():
    problem = crowd(24, 4, 3)
    assert solve(problem, moves=900, seed=7) == solve(problem, moves=900, seed=7)


@pytest.mark.parametrize("seed", range(4))
def test_tiny_sessions_are_solved_as_well_as_trying_all_plans_solves_them(seed):
    chance = random.Random(seed)
    members = tuple(
        Person(each, country=chance.choice(("ES", "IT")), wishes=frozenset({chance.choice(("finance", "data"))}))
        for each in "abcdef"
    )
    two = rooms((3, 3), (3, 3), themes=("finance", "data"))
    problem = Problem(members, (two, two), apart=pairs("ab"), pairings=pairs("cd"), met=pairs("ef"))
    plan = solve(problem, moves=1500, seed=seed)
    assert not plan.broken
    assert plan.cost.total == cheapest(problem, plan.seats)


def test_a_real_size_has_no_second_encounter_within_twelve_thousand_moves():
    problem = crowd(90, 12, 3)
    plan = solve(problem, moves=12_000, seed=1)
    assert plan.cost.again == 0
    assert not plan.broken


def test_cities_of_one_pilot_never_share_a_room():
    members = people("a", "b", "c", group="g") + people("d", "e", "f", "g", "h", "i")
    plan = solve(Problem(members, (rooms((3, 3), (3, 3), (3, 3)),)), moves=300)
    assert len({plan.seats[0][each] for each in "abc"}) == 3
    assert not plan.broken


def test_a_rule_that_cannot_hold_is_named_and_not_hidden():
    members = people("a", "b", "c", group="g")
    plan = solve(Problem(members, (rooms((1, 3), (0, 3)),)), moves=200)
    assert [(each.rule, each.round) for each in plan.broken] == [("group", 0)]


def test_people_of_one_country_are_spread():
    members = people("a", "b", country="ES") + people("c", "d", country="IT")
    plan = solve(Problem(members, (rooms((2, 2), (2, 2)),)), moves=100)
    assert plan.cost.country == 0


def test_pairings_meet_in_one_room_where_that_is_wanted():
    members = people("a", "b", "c", "d")
    problem = Problem(members, (rooms((2, 2), (2, 2)),), pairings=pairs("ad", "bc"), pairings_together=True)
    seats = solve(problem, moves=100).seats[0]
    assert seats["a"] == seats["d"] != seats["b"] == seats["c"]


def test_each_room_has_its_facilitator_and_its_harvester():
    members = people(*"abcdefgh") + people("f1", "f2", role="facilitator") + people("h1", "h2", role="harvester")
    seats = solve(Problem(members, (rooms((4, 4), (4, 4)),)), moves=100).seats[0]
    assert {seats["f1"], seats["f2"]} == {seats["h1"], seats["h2"]} == {"A", "B"}


def test_too_few_seats_are_refused_with_the_figures():
    with pytest.raises(Unsolvable) as refused:
        solve(Problem(people(*"abcde"), (rooms((1, 2), (1, 2)),)))
    assert (refused.value.kind, refused.value.people, refused.value.seats) == ("too_few_seats", 5, 4)


def test_too_many_rooms_are_refused_with_the_figures():
    with pytest.raises(Unsolvable) as refused:
        solve(Problem(people(*"abcde"), (rooms((3, 8), (3, 8)),)))
    assert (refused.value.kind, refused.value.people, refused.value.seats) == ("too_many_rooms", 5, 6)


def test_going_on_from_a_plan_keeps_its_seats_where_nothing_is_searched():
    problem = crowd(24, 4, 2)
    plan = solve(problem, moves=600)
    assert solve(problem, moves=0, start=plan).seats == plan.seats


def test_a_search_can_be_stopped_and_tells_how_far_it_is():
    told = []
    solve(crowd(24, 4, 2), moves=9000, progress=told.append)
    assert told == sorted(told)
    assert told
    asked = []
    stopped = solve(crowd(24, 4, 2), moves=9000, stop=lambda: bool(asked.append(1)) or len(asked) > 3)
    assert len(asked) == 4
    assert not stopped.broken


def test_a_rule_costs_what_the_plan_would_gain_without_it():
    members = people("a", "b", country="ES") + people("c", "d", country="IT")
    problem = Problem(members, (rooms((2, 2), (2, 2)),), apart=pairs("ac", "bd", "ad", "bc"))
    plan = solve(problem, moves=200)
    assert prices_of_rules(problem, plan, moves=200) == {"apart": 2 * Weights().country}


def test_no_people_and_one_person_are_no_problem():
    assert solve(Problem((), ((Room("A", least=0),),))).seats == ({},)
    assert solve(Problem(people("a"), ((Room("A", least=1),),))).seats == ({"a": "A"},)


@given(problems())
@settings(max_examples=30)
def test_the_order_of_people_decides_nothing_that_counts(problem):
    turned = replace(problem, people=tuple(reversed(problem.people)))
    assert len(broken_rules(turned, solve(problem, moves=0).seats)) == len(
        broken_rules(problem, solve(problem, moves=0).seats)
    )
    assert cost_of(turned, solve(problem, moves=0).seats) == cost_of(problem, solve(problem, moves=0).seats)


def crowd(count: int, room_count: int, round_count: int) -> Problem:
    chance = random.Random(3)
    members = tuple(Person(f"p{n}", country=f"c{chance.randrange(20)}") for n in range(count))
    size = count // room_count
    each = tuple(Room(f"r{k}", least=size, most=size + 1) for k in range(room_count))
    return Problem(members, (each,) * round_count)
