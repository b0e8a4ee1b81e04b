from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings

from sensemaking.grouping import Person, Problem, Room, Weights, cost_of, least_of, solve
from twinning.portal.bench.rooms import instance

from .worlds import all_plans, pairs, people, rooms, tiny_problems

POINTS = Weights()


@given(tiny_problems())
@settings(max_examples=120)
def test_no_plan_at_all_costs_less_than_the_bound_of_any_rule(problem):
    costs = [cost_of(problem, seats) for seats in all_plans(problem)]
    assume(costs)
    least = least_of(problem)
    assert least.again <= min(cost.again for cost in costs)
    assert least.country <= min(cost.country for cost in costs)
    assert least.themes <= min(cost.theme + cost.theme_again for cost in costs)
    assert least.guide_again <= min(cost.guide_again for cost in costs)
    assert least.pairing <= min(cost.pairing for cost in costs)
    assert least.total <= min(cost.total for cost in costs)


@given(tiny_problems())
@settings(max_examples=120)
def test_the_bound_of_the_themes_is_reached_where_nobody_is_kept_apart(problem):
    problem = replace(problem, apart=frozenset(), people=tuple(replace(person, group="") for person in problem.people))
    costs = [cost_of(problem, seats) for seats in all_plans(problem)]
    assume(costs)
    assert least_of(problem).themes == min(cost.theme + cost.theme_again for cost in costs)


@pytest.mark.parametrize(("rounds", "themes"), [(3, 20), (4, 4)])
def test_the_wishes_of_ninety_cities_cost_what_the_seats_of_their_themes_lack(rounds, themes):
    problem = instance(rounds)
    least = least_of(problem)
    assert least.themes == least.total == themes
    assert least.total <= solve(problem, moves=600).cost.total


def test_a_theme_that_more_wish_for_than_its_rooms_hold_costs_a_seat_each():
    members = people("a", "b", "c", wishes=frozenset({"data"})) + people("d", wishes=frozenset({"finance"}))
    problem = Problem(members, (rooms((2, 2), (2, 2), themes=("data", "finance")),))
    assert least_of(problem).themes == POINTS.theme


def test_who_wishes_for_fewer_themes_than_there_are_rounds_has_one_again():
    members = people("a", "b", wishes=frozenset({"data"})) + people("c", "d", wishes=frozenset({"finance"}))
    each = rooms((2, 2), (2, 2), themes=("data", "finance"))
    assert least_of(Problem(members, (each, each))).themes == 4 * POINTS.theme_again


def test_a_pin_to_an_unwished_theme_is_paid_for():
    members = people("a", "b", wishes=frozenset({"data"}))
    free = Problem(members, (rooms((0, 2), (0, 2), themes=("data", "finance")),))
    assert least_of(free).themes == 0
    assert least_of(replace(free, pins={(0, "a"): "B"})).themes == POINTS.theme


def test_a_country_with_more_people_than_rooms_has_some_of_them_together():
    problem = Problem(people(*"abcdef", country="ES"), (rooms((3, 3), (3, 3)),))
    assert least_of(problem).country == 6 * POINTS.country


def test_people_who_fill_two_rooms_twice_meet_again():
    each = rooms((4, 4), (4, 4))
    assert least_of(Problem(people(*"abcdefgh"), (each, each))).again == 4 * POINTS.again


def test_more_rounds_than_there_are_partners_make_people_meet_again():
    each = rooms((2, 2), (2, 2))
    assert least_of(Problem(people(*"abcd"), (each,) * 3)).again == 0
    assert least_of(Problem(people(*"abcd"), (each,) * 4)).again == 2 * POINTS.again


def test_who_has_met_before_counts_as_met():
    everybody = pairs("ab", "ac", "ad", "bc", "bd", "cd")
    problem = Problem(people(*"abcd"), (rooms((2, 2), (2, 2)),), met=everybody)
    assert least_of(problem).again == 2 * POINTS.again


def test_a_guide_of_more_rounds_than_rooms_has_some_people_again():
    members = people(*"abcd") + people("guide", role="facilitator")
    assert least_of(Problem(members, (rooms((2, 2), (2, 2)),) * 3)).guide_again == 2 * POINTS.guide_again


def test_a_pairing_in_the_only_room_is_paid_for_unless_it_is_wanted_together():
    problem = Problem(people(*"abc"), (rooms((1, 3)),) * 2, pairings=pairs("ab"))
    assert least_of(problem).pairing == 2 * POINTS.pairing
    assert least_of(replace(problem, pairings_together=True)).pairing == 0


def test_a_pairing_wanted_together_but_kept_apart_is_paid_for():
    each = rooms((1, 2), (1, 2))
    problem = Problem(people(*"abc"), (each,), pairings=pairs("ab"), apart=pairs("ab"), pairings_together=True)
    assert least_of(problem).pairing == POINTS.pairing


def test_sizes_that_cannot_hold_are_left_out_of_the_bound():
    members = people("a", "b", "c", wishes=frozenset({"data"}))
    problem = Problem(members, (rooms((1, 1), (1, 1), themes=("data", "finance")),))
    assert least_of(problem).total == 0


def test_nobody_costs_nothing():
    assert least_of(Problem((), ((Room("A", least=0),),))).total == 0


def test_a_large_session_with_wishes_of_every_kind_is_bounded_the_same_way_twice():
    themes = [f"theme {number}" for number in range(10)]
    members = tuple(
        Person(f"p{n}", wishes=frozenset({themes[n % 10], themes[(n * 3 + 1) % 10], themes[(n * 7 + 2) % 10]}))
        for n in range(200)
    )
    problem = Problem(members, (tuple(Room(name, name, 15, 22) for name in themes),) * 6)
    wanted = Counter(len(person.wishes) for person in members)
    # Six rounds and three wishes at most: every seat beyond the wishes costs at least the lesser of the two rules.
    beyond = sum((6 - wishes) * count for wishes, count in wanted.items())
    least = least_of(problem).themes
    assert least == least_of(problem).themes
    assert least >= beyond * POINTS.theme_again
