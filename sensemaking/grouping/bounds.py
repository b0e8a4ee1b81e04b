"""What every plan costs at least. Looks at no plan: only at people, rooms and rules.

Each rule is bounded alone, over all plans that keep the hard rules, whatever sizes they give the rooms within their limits. No point is paid for two rules,
so the sum of these bounds is one for the whole. It is not always reached: the cheapest seats for one rule may be dear ones for another.
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import combinations, pairwise

from .problem import Least, Person, Problem
from .themes import fewest_theme_points


def least_of(problem: Problem) -> Least:
    """The points of each rule below which no plan can be that keeps the hard rules."""
    weights = problem.weights
    return Least(
        again=weights.again * _fewest_again(problem),
        country=weights.country * _fewest_compatriots(problem),
        themes=fewest_theme_points(problem),
        guide_again=weights.guide_again * _fewest_guides_again(problem),
        pairing=weights.pairing * _fewest_pairings(problem),
    )


def fewest_pairs(count: int, limits: Sequence[tuple[int, int]]) -> int:
    """Pairs that share a place when people are spread over places as evenly as their (least, most) allow; limits that cannot hold are left out."""
    if not sum(least for least, _ in limits) <= count <= sum(most for _, most in limits):
        limits = [(0, count)] * len(limits)
    sizes = [least for least, _ in limits]
    open_places = [(size, k) for k, size in enumerate(sizes) if size < limits[k][1]]
    heapify(open_places)
    for _person in range(count - sum(sizes) if open_places else 0):
        size, k = heappop(open_places)
        sizes[k] = size + 1
        if sizes[k] < limits[k][1]:
            heappush(open_places, (sizes[k], k))
    return sum(size * (size - 1) // 2 for size in sizes)


def _fewest_again(problem: Problem) -> int:
    """Encounters that repeat earlier ones: the larger of two counts.

    One: all rounds together seat so many pairs in one room, and only so many pairs may meet for the first time. Two: who sits in two rounds that follow each other
    has one of K x K' pairs of rooms, and people with the same one meet twice. (Of t rounds in which two meet at most t - 1 follow one of the others.)
    """
    meetings = sum(fewest_pairs(len(problem.speakers(r)), problem.limits(r)) for r in range(len(problem.rounds)))
    fresh = sum(
        not _is_barred(problem, one, other)
        and frozenset((one.id, other.id)) not in problem.met
        and any(r not in one.away | other.away for r in range(len(problem.rounds)))
        for one, other in combinations([person for person in problem.people if not person.guides], 2)
    )
    crossings = 0
    for (r, rooms), (s, others) in pairwise(enumerate(problem.rounds)):
        both = sum(s not in person.away for person in problem.speakers(r))
        crossings += fewest_pairs(both, [(0, both)] * (len(rooms) * len(others)))
    return max(0, meetings - fresh, crossings)


def _fewest_compatriots(problem: Problem) -> int:
    """Pairs of one country in one room when each country is spread as evenly as pins and seats allow."""
    pairs = 0
    for r, rooms in enumerate(problem.rounds):
        speakers = problem.speakers(r)
        for country in {person.country for person in speakers if person.country}:
            here = [person for person in speakers if person.country == country]
            pinned = [problem.pins.get((r, person.id)) for person in here]
            pairs += fewest_pairs(len(here), [(pinned.count(room.id), room.most) for room in rooms])
    return pairs


def _fewest_guides_again(problem: Problem) -> int:
    """Encounters of guides with speakers whom they had: a guide meets at least the smallest room of each round, and so many can be new."""
    smallest = [_smallest_rooms(problem, r) for r in range(len(problem.rounds))]
    known = problem.met | problem.apart
    repeats = 0
    for guide in (person for person in problem.people if person.guides):
        rounds = [r for r in range(len(problem.rounds)) if r not in guide.away and problem.rounds[r]]
        seats = 0
        for r in rounds:
            pinned = problem.pins.get((r, guide.id))
            seats += smallest[r][pinned] if pinned else min(smallest[r].values())
        new = sum(
            not person.guides and not person.away.issuperset(rounds) and frozenset((guide.id, person.id)) not in known
            for person in problem.people
        )
        repeats += max(0, seats - new)
    return repeats


def _fewest_pairings(problem: Problem) -> int:
    """Pairings against the setting because pins, or rounds with one room, leave no choice, or because a hard rule keeps them apart."""
    people = {person.id: person for person in problem.people}
    against = 0
    for one, other in (sorted(pair) for pair in problem.pairings if len(pair) == 2 and pair <= people.keys()):
        barred = _is_barred(problem, people[one], people[other])
        for r, rooms in enumerate(problem.rounds):
            if r in people[one].away | people[other].away:
                continue
            only = rooms[0].id if len(rooms) == 1 else None
            places = [problem.pins.get((r, each), only) for each in (one, other)]
            known = None not in places
            if problem.pairings_together:
                against += barred or (known and places[0] != places[1])
            else:
                against += known and places[0] == places[1]
    return against


def _is_barred(problem: Problem, one: Person, other: Person) -> bool:
    """Whether a hard rule keeps these two out of one room."""
    same_group = bool(one.group) and one.group == other.group and not one.guides and not other.guides
    return same_group or frozenset((one.id, other.id)) in problem.apart


def _smallest_rooms(problem: Problem, r: int) -> dict[str, int]:
    """How few people each room of round `r` can have: its least, or what the others cannot hold."""
    limits, speakers = problem.limits(r), len(problem.speakers(r))
    least, most = sum(least for least, _ in limits), sum(most for _, most in limits)
    if not least <= speakers <= most:
        return dict.fromkeys((room.id for room in problem.rounds[r]), 0)
    return {
        room.id: max(fewest, speakers - (most - largest))
        for room, (fewest, largest) in zip(problem.rounds[r], limits, strict=True)
    }
