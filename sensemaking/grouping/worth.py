"""What a plan is worth, worked out from the words of the rules; shares no code with the search and so can check it."""

from collections.abc import Mapping, Sequence

from .problem import Broken, Cost, Problem


def cost_of(problem: Problem, seats: Sequence[Mapping[str, str]]) -> Cost:
    """What these seats cost, worked out from the words of the rules and not with the tables of the search; without a bound."""
    weights, people = problem.weights, {person.id: person for person in problem.people}
    times: dict[frozenset[str], int] = dict.fromkeys(problem.met, 1)
    again = guide_again = country = pairing = theme = theme_again = 0
    themes_had: dict[tuple[str, str], int] = {}
    for rooms, seating in zip(problem.rounds, seats, strict=True):
        theme_of = {room.id: room.theme for room in rooms}
        for person_id, room_id in seating.items():
            person, name = people[person_id], theme_of[room_id]
            if not name or person.guides:
                continue
            theme += weights.theme * bool(person.wishes and name not in person.wishes)
            theme_again += weights.theme_again * ((person_id, name) in themes_had)
            themes_had[person_id, name] = 1
        for pair in _pairs_of(seating):
            one, other = (people[each] for each in sorted(pair))
            seen = times.get(pair, 0)
            times[pair] = seen + 1
            if not one.guides and not other.guides:
                again += weights.again * (seen > 0)
                country += weights.country * bool(one.country and one.country == other.country)
            elif one.guides != other.guides:
                guide_again += weights.guide_again * (seen > 0)
        for pair in problem.pairings:
            rooms_of = [seating.get(each) for each in pair]
            if None not in rooms_of and len(rooms_of) == 2:
                pairing += weights.pairing * ((rooms_of[0] == rooms_of[1]) != problem.pairings_together)
    return Cost(again, country, theme, theme_again, guide_again, pairing)


def broken_rules(problem: Problem, seats: Sequence[Mapping[str, str]]) -> list[Broken]:
    """Every hard rule that these seats break; shares no code with the search."""
    people = {person.id: person for person in problem.people}
    broken = []
    for r, (rooms, seating) in enumerate(zip(problem.rounds, seats, strict=True)):
        for room in rooms:
            inside = sorted(each for each, where in seating.items() if where == room.id)
            speakers = [each for each in inside if not people[each].guides]
            if not room.least <= len(speakers) <= room.most:
                broken.append(Broken("size", r, room.id, tuple(speakers)))
        for pair in sorted(_pairs_of(seating), key=sorted):
            one, other = (people[each] for each in sorted(pair))
            if pair in problem.apart:
                broken.append(Broken("apart", r, seating[one.id], (one.id, other.id)))
            if one.group and one.group == other.group and not one.guides and not other.guides:
                broken.append(Broken("group", r, seating[one.id], (one.id, other.id)))
        for (pinned_round, person_id), room_id in problem.pins.items():
            if pinned_round == r and seating.get(person_id, room_id) != room_id:
                broken.append(Broken("pin", r, room_id, (person_id,)))
    return broken


def _pairs_of(seating: Mapping[str, str]) -> list[frozenset[str]]:
    by_room: dict[str, list[str]] = {}
    for person_id, room_id in seating.items():
        by_room.setdefault(room_id, []).append(person_id)
    return [
        frozenset((one, other))
        for inside in by_room.values()
        for number, one in enumerate(inside)
        for other in inside[number + 1 :]
    ]
