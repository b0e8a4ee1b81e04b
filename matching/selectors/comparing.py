"""Two scenarios side by side, and the curve between the best total and the best for the worst-off."""

from dataclasses import dataclass

from cohorts.models import City, Cohort, HostCity
from twinning.core.pictures import europe

from ..engine.curve import Point, tradeoff
from ..models import Run, Scenario
from .explanations import solved
from .matrix import matrix_of, points_of
from .scenarios import Difference, difference_of, plan_of
from .studio import names_of

MOST_POINTS = 12
MOST_PAIRS_ON_CURVE = 5_000  # a larger market takes longer than a page may
WIDTH, HEIGHT, EDGE = 400, 220, 36


@dataclass(frozen=True, slots=True)
class Side:
    """One of two scenarios in figures; points of 100, by its own weights."""

    scenario: Scenario
    matched: int
    total: int
    lowest: int
    changed: int


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Side
    right: Side
    difference: Difference  # right minus left, both scored by the weights of the right
    hosts: dict  # twin id -> (host id left, host id right)
    same_weights: bool


def comparison_of(left: Scenario, right: Scenario) -> Comparison:
    before, after = matrix_of(left.run), matrix_of(right.run)
    names = names_of(left.run) | names_of(right.run)
    old, new = plan_of(before), plan_of(after)
    difference = difference_of(old, new, solved(right.run).outcome, names)
    hosts = {shift.twin: (old.get(shift.twin, ""), new.get(shift.twin, "")) for shift in difference.shifts}
    same = left.run.weights == right.run.weights
    return Comparison(_side(left, before), _side(right, after), difference, hosts, same)


def _side(scenario: Scenario, matrix) -> Side:
    scores = [row.proposal.score for row in matrix.matched]
    changed = sum(row.is_changed for row in matrix.rows)
    return Side(scenario, len(scores), points_of(sum(scores)), points_of(min(scores, default=0)), changed)


def moved_map(cohort: Cohort, comparison: Comparison) -> dict:
    """The twins that the right scenario places elsewhere, with the hosts it gives them, as the map wants them."""
    wanted = {host for _old, host in comparison.hosts.values() if host}
    cities = City.objects.filter(slug__in=comparison.hosts).order_by("name", "pk")
    rows = HostCity.objects.filter(host__slug__in=wanted, host__hostings__cohort=cohort)
    names, places = names_of(comparison.right.scenario.run), {}
    for row in rows.select_related("host", "city").order_by("host__slug", "position"):
        places.setdefault(row.host.slug, []).append(_place(row.city))
    return {
        "twins": [europe.Twin(city.slug, _place(city)) for city in cities],
        "hosts": [europe.Host(slug, names.get(slug, slug), tuple(found)) for slug, found in places.items()],
        "pairings": [europe.Pairing(twin, host) for twin, (_old, host) in comparison.hosts.items() if host in places],
    }


def _place(city: City) -> europe.Place:
    return europe.Place(city.name, city.longitude, city.latitude)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One plan of the curve; `x`, `y` in the picture, the rest in points of 100. `floor` as the engine counts."""

    floor: int
    lowest: int
    total: int
    lost: float
    first_hosts: int
    x: float
    y: float


def points_of_curve(run: Run) -> tuple[Point, ...]:
    """Plans from the best total to the best for the worst-off; none for a market too large for a page."""
    problem = solved(run).outcome.problem
    return tradeoff(problem, points=MOST_POINTS) if problem.score.size <= MOST_PAIRS_ON_CURVE else ()


def curve_of(run: Run) -> dict:
    """The curve with its picture: the lowest score to the right, the total upwards."""
    found = points_of_curve(run)
    if not found:
        return {"points": (), "path": ""}
    lowest, totals = [one.worst for one in found], [one.total for one in found]
    points = tuple(
        CurvePoint(
            one.worst,
            points_of(one.worst),
            points_of(one.total),
            round((totals[0] - one.total) / 100, 1),
            one.first_hosts,
            _along(one.worst, lowest, WIDTH),
            HEIGHT - _along(one.total, totals, HEIGHT),
        )
        for one in found
    )
    path = "M" + " L".join(f"{point.x} {point.y}" for point in points)
    return {"points": points, "path": path, "width": WIDTH, "height": HEIGHT}


def _along(value: int, values: list[int], length: int) -> float:
    span = max(max(values) - min(values), 1)
    return round(EDGE + (length - 2 * EDGE) * (value - min(values)) / span, 1)
