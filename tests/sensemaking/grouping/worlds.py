"""Small sessions for the tests of the allocation: by hand, at random, and all their plans by enumeration."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from hypothesis import strategies as st

from sensemaking.grouping import Person, Problem, Room, broken_rules, cost_of

COUNTRIES = ("", "ES", "IT", "SE")
THEMES = ("finance", "data", "citizens")


def rooms(*sizes: tuple[int, int], themes: tuple[str, ...] = ()) -> tuple[Room, ...]:
    """Rooms with these least and most numbers of people, called A, B, C ..."""
    names = themes or ("",) * len(sizes)
    return tuple(Room(chr(65 + k), names[k], least, most) for k, (least, most) in enumerate(sizes))


def people(*ids: str, **fields) -> tuple[Person, ...]:
    return tuple(Person(each, **fields) for each in ids)


def pairs(*those: str) -> frozenset[frozenset[str]]:
    """`pairs("ab", "cd")`: a with b and c with d."""
    return frozenset(frozenset(each) for each in those)


@st.composite
def problems(draw, most_people: int = 9, most_rounds: int = 3) -> Problem:
    """Solvable sessions of any shape: several roles, silent people, people who are away, pairs of all kinds."""
    count = draw(st.integers(2, most_people))
    round_count = draw(st.integers(1, most_rounds))
    ids = [chr(97 + n) for n in range(count)]
    members = tuple(
        Person(
            each,
            draw(st.sampled_from(("pilot", "twin"))),
            draw(st.sampled_from(COUNTRIES)),
            draw(st.sampled_from(("", "", "g"))),
            frozenset(draw(st.lists(st.sampled_from(THEMES), max_size=2))),
            frozenset(draw(st.lists(st.integers(0, round_count - 1), max_size=1))),
        )
        for each in ids
    )
    guides = tuple(Person(f"f{n}", "facilitator") for n in range(draw(st.integers(0, 2))))
    room_count = draw(st.integers(1, 3))
    rounds = tuple(
        tuple(Room(chr(65 + k), draw(st.sampled_from(("", *THEMES))), 0, count) for k in range(room_count))
        for _r in range(round_count)
    )
    pair = st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True).map(frozenset)
    return Problem(
        members + guides,
        rounds,
        pins=draw(
            st.dictionaries(st.tuples(st.integers(0, round_count - 1), st.sampled_from(ids)), st.just("A"), max_size=1)
        ),
        apart=frozenset(draw(st.lists(pair, max_size=1))),
        pairings=frozenset(draw(st.lists(pair, max_size=2))),
        pairings_together=draw(st.booleans()),
        met=frozenset(draw(st.lists(pair, max_size=2))),
    )


@st.composite
def tiny_problems(draw) -> Problem:
    """Sessions so small that all their plans can be tried, with rooms of any sizes that fit. Some have no plan at all that keeps the hard rules."""
    count, room_count, round_count = draw(st.sampled_from([(5, 2, 2), (4, 3, 2), (4, 2, 3), (6, 3, 1), (5, 1, 3)]))
    ids = "abcdef"[:count]
    guides = draw(st.integers(0, 1))
    members = tuple(
        Person(
            each,
            "facilitator" if number < guides else "twin",
            draw(st.sampled_from(COUNTRIES[:3])),
            draw(st.sampled_from(("", "", "", "g"))),
            frozenset(draw(st.lists(st.sampled_from(THEMES), max_size=2))),
            frozenset(draw(st.sampled_from([(), (), (), (round_count - 1,)]))),
        )
        for number, each in enumerate(ids)
    )

    def room(name: str) -> Room:
        least = draw(st.integers(0, 2))
        return Room(name, draw(st.sampled_from(("", *THEMES))), least, draw(st.integers(max(least, 1), count)))

    rounds = tuple(tuple(room(chr(65 + k)) for k in range(room_count)) for _r in range(round_count))
    pair = st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True).map(frozenset)
    places = st.tuples(st.integers(0, round_count - 1), st.sampled_from(ids))
    return Problem(
        members,
        rounds,
        pins=draw(st.dictionaries(places, st.sampled_from([each.id for each in rounds[0]]), max_size=2)),
        apart=frozenset(draw(st.lists(pair, max_size=1))),
        pairings=frozenset(draw(st.lists(pair, max_size=2))),
        pairings_together=draw(st.booleans()),
        met=frozenset(draw(st.lists(pair, max_size=3))),
    )


def all_plans(problem: Problem) -> Iterator[tuple[dict[str, str], ...]]:
    """Every plan that keeps the hard rules."""
    each_round = []
    for r, rooms_of in enumerate(problem.rounds):
        ids = [person.id for person in problem.people if r not in person.away]
        pins = {(0, each): room for (pinned, each), room in problem.pins.items() if pinned == r}
        alone = replace(problem, rounds=(rooms_of,), pins=pins)
        seatings = (
            dict(zip(ids, choice, strict=True)) for choice in product([room.id for room in rooms_of], repeat=len(ids))
        )
        each_round.append([seating for seating in seatings if not broken_rules(alone, [seating])])
    return product(*each_round)


def numbers(problem: Problem, r: int, seating, role: str = "") -> list[int]:
    """How many of a role sit in each room of round `r`; without one, how many who speak."""
    counted = {person.id for person in problem.people if (person.role == role if role else not person.guides)}
    inside = [room for each, room in seating.items() if each in counted]
    return [inside.count(room.id) for room in problem.rounds[r]]


def shapes(problem: Problem, seats) -> list[list[tuple[str, str]]]:
    """How many of which role sit in which room of each round."""
    role = {person.id: person.role for person in problem.people}
    return [sorted((room, role[each]) for each, room in seating.items()) for seating in seats]


def cheapest(problem: Problem, like) -> int:
    """The least cost of all plans that break no hard rule and have the shape of `like`; tiny problems only."""
    wanted = shapes(problem, like)
    each_round = []
    for r, rooms_of in enumerate(problem.rounds):
        ids = sorted(like[r])
        seatings = (
            dict(zip(ids, choice, strict=True)) for choice in product([room.id for room in rooms_of], repeat=len(ids))
        )
        each_round.append([seating for seating in seatings if shapes(problem, [seating]) == [wanted[r]]])
    return min(cost_of(problem, seats).total for seats in product(*each_round) if not broken_rules(problem, seats))
