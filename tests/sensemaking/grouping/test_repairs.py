from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensemaking.grouping import Problem, Unsolvable, broken_rules, place_late, repair, solve

from .worlds import people, problems, rooms


def without(problem: Problem, *away: str) -> Problem:
    members = tuple(
        replace(person, away=frozenset(range(len(problem.rounds)))) if person.id in away else person
        for person in problem.people
    )
    return replace(problem, people=members)


def after(plan, changes, problem) -> list[dict]:
    away = {person.id: person.away for person in problem.people}
    seats = [
        {each: room for each, room in seating.items() if r not in away[each]} for r, seating in enumerate(plan.seats)
    ]
    for change in changes:
        seats[change.round][change.person] = change.after
    return seats


def test_a_late_comer_gets_a_free_seat_and_nobody_else_moves():
    problem = Problem(people(*"abcde"), (rooms((2, 3), (2, 2)),))
    plan = solve(without(problem, "e"), moves=50)
    changes = place_late(problem, plan, "e", rounds=[0])
    assert [(change.person, change.before, change.after) for change in changes] == [("e", "", "A")]


def test_a_late_comer_avoids_a_compatriot():
    members = people("a", "b", country="ES") + people("c", "d", country="IT") + people("e", country="ES")
    problem = Problem(members, (rooms((2, 3), (2, 3)),), pins={(0, "a"): "A", (0, "b"): "A"})
    changes = place_late(problem, solve(without(problem, "e"), moves=50), "e", rounds=[0])
    assert changes[0].after == "B"


def test_a_full_session_refuses_a_late_comer():
    problem = Problem(people(*"abcde"), (rooms((2, 2), (2, 2)),))
    plan = solve(without(problem, "e"), moves=50)
    with pytest.raises(Unsolvable):
        place_late(problem, plan, "e", rounds=[0])


def test_a_room_that_became_too_small_borrows_one_person():
    pins = {(0, each): "A" if each in "abc" else "B" for each in "abcdefgh"}
    problem = Problem(people(*"abcdefgh"), (rooms((3, 6), (3, 6)),), pins=pins)
    plan = solve(problem, moves=50)
    absent = without(replace(problem, pins={}), "a")
    changes = repair(absent, plan, rounds=[0])
    assert len(changes) == 1
    assert changes[0].after == "A"
    assert not broken_rules(absent, after(plan, changes, absent))


def test_a_room_with_one_person_left_is_given_up():
    problem = Problem(people(*"abcdefghi"), (rooms((3, 5), (3, 5), (3, 5)),))
    plan = solve(problem, moves=50)
    alone = sorted(each for each, room in plan.seats[0].items() if room == "A")
    absent = without(problem, *alone[:2])
    changes = repair(absent, plan, rounds=[0])
    assert [change.person for change in changes] == [alone[2]]
    assert changes[0].after in ("B", "C")


def test_a_repair_that_is_impossible_says_so():
    problem = Problem(people(*"abcd"), (rooms((2, 2), (2, 2)),))
    plan = solve(problem, moves=50)
    with pytest.raises(Unsolvable):
        repair(without(problem, "a"), plan, rounds=[0])


@given(problems(most_people=8, most_rounds=2), st.data())
@settings(max_examples=60)
def test_after_a_repair_every_room_in_use_has_enough_people(problem, data):
    least = data.draw(st.integers(1, 2))
    rounds = tuple(tuple(replace(room, least=0) for room in each) for each in problem.rounds)
    plan = solve(replace(problem, rounds=rounds), moves=40)
    strict = replace(
        problem, rounds=tuple(tuple(replace(room, least=least) for room in each) for each in problem.rounds), pins={}
    )
    absent = without(strict, *data.draw(st.lists(st.sampled_from([each.id for each in problem.people]), max_size=2)))
    try:
        changes = repair(absent, plan, rounds=range(len(rounds)))
    except Unsolvable:
        return
    guides = {person.id for person in problem.people if person.guides}
    for r, seating in enumerate(after(plan, changes, absent)):
        sizes = [
            sum(where == room.id and each not in guides for each, where in seating.items()) for room in absent.rounds[r]
        ]
        assert all(size == 0 or size >= least for size in sizes)
    assert all(change.before != change.after for change in changes)
