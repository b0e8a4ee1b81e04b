"""The studio page: one scenario's plan as figures, rows to sort, and the pair that somebody looks at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import replace as replaced

from django.utils.translation import gettext as _

from cohorts.models.city import fold

from ..engine.directions import learns_back, teaches
from ..engine.matcher import Outcome
from ..engine.optimiser import solve
from ..engine.plans import measure
from ..engine.stability import blocking_pairs, own_values
from ..models import Run
from .explanations import Solved, bars_of, solved
from .matrix import Matrix, Row, host_names, points_of, twin_names
from .scenarios import Acts, Difference, difference_of, plan_of, stored_plan

SORTS = {
    "name": lambda row: (fold(row.name), row.twin),
    "score": lambda row: (row.points, fold(row.name)),
    "firmness": lambda row: (row.firmness.trials if row.firmness else 101, fold(row.name)),
    "host": lambda row: (fold(row.host_name), fold(row.name)),
}


def sort_choices() -> list[tuple[str, str]]:
    return [("name", _("Name")), ("score", _("Lowest score first")), ("firmness", _("Fragile first")),
            ("host", _("Host"))]  # fmt: skip


def show_choices() -> list[tuple[str, str]]:
    return [("all", _("All twins")), ("fragile", _("Fragile")), ("touched", _("Locked, moved or forbidden")),
            ("waiting", _("Without a host")), ("low", _("Below 40 points"))]  # fmt: skip


def column_choices() -> list[tuple[str, str]]:
    return [("all", _("All hosts")), ("theirs", _("Hosts of the twins shown"))]


def chosen_rows(matrix: Matrix, acts: Acts, *, sort: str, show: str, find: str = "") -> list[Row]:
    """The rows that somebody wants to see, in the order they want. `find`: in the name of the twin or of its host."""
    wanted = fold(find.strip())
    touched = {*acts.locks, *acts.moves, *(twin for twin, _host in acts.vetoes)}
    keep = {
        "fragile": lambda row: bool(row.firmness and row.firmness.is_fragile),
        "touched": lambda row: row.twin in touched,
        "waiting": lambda row: not row.host,
        "low": lambda row: row.points < 40,
    }.get(show, lambda row: True)
    found = (row for row in matrix.rows if wanted in fold(row.name) or wanted in fold(row.host_name))
    return sorted((row for row in found if keep(row)), key=SORTS.get(sort, SORTS["name"]))


def shown_part(matrix: Matrix, rows: Iterable[Row], acts: Acts, *, columns: str) -> Matrix:
    """The part of the matrix that a page shows: these rows with their locks, and all hosts or those proposed to them."""
    rows = list(rows)
    theirs = {row.host for row in rows}
    hosts = tuple((slug, name) for slug, name in matrix.hosts if columns != "theirs" or slug in theirs)
    slugs = tuple(slug for slug, _name in hosts)
    locks = {twin: host for twin, (host, _why) in acts.locks.items()}
    return Matrix(
        hosts, tuple(replaced(row, columns=slugs, locked_to=locks.get(row.twin, "")) for row in rows)
    )  # fmt: skip


def names_of(run: Run) -> dict[str, str]:
    return host_names(run) | twin_names(run)


@dataclass(frozen=True, slots=True)
class Health:
    """What the plan is like beyond its scores: pairs that would both rather have each other, wishes that came true."""

    blocking: tuple[str, ...]
    first_wishes: int
    with_wishes: int


def health_of(run: Run, matrix: Matrix) -> Health:
    """Computed from the kept solution."""
    outcome, names, chosen = solved(run).outcome, names_of(run), plan_of(matrix)
    problem = outcome.problem
    column = {host: place for place, host in enumerate(problem.host_ids)}
    plan = measure(problem, [column.get(chosen.get(twin, ""), -1) for twin in problem.twin_ids])
    pairs = blocking_pairs(problem, plan, *own_values(outcome.scorer))
    wishes = [twin for twin in outcome.market.twins if twin.preferences]
    return Health(
        blocking=tuple(f"{names[problem.twin_ids[i]]} + {names[problem.host_ids[j]]}" for i, j in pairs),
        first_wishes=sum(chosen.get(twin.id) == twin.preferences[0] for twin in wishes),
        with_wishes=len(wishes),
    )


def second_best(kept: Solved, twin: str, names: Mapping[str, str]) -> str:
    """The host that would cost the least instead of the proposed one; "" where there is none."""
    problem = kept.outcome.problem
    other = kept.explainer.second_best(problem.twin_ids.index(twin))
    return "" if other is None else names[problem.host_ids[other]]


@dataclass(frozen=True, slots=True)
class Way:
    """One direction of learning: points of 100, or None where nothing is known, with the reasons."""

    points: int | None
    bars: tuple


def both_ways(outcome: Outcome, twin: str, host: str) -> tuple[Way, Way]:
    """What the twin learns from the host, and the host from the twin."""
    row, column = outcome.problem.twin_ids.index(twin), outcome.problem.host_ids.index(host)
    ways = (way(outcome.scorer, row, column) for way in (teaches, learns_back))
    return tuple(Way(points_of(one.score) if one.known else None, bars_of(one.parts)) for one in ways)


def effect_of(before: Run, after: Run, matrix: Matrix) -> Difference:
    """What the last step changed, both plans scored by the weights of now. `matrix`: of the run after it."""
    return difference_of(stored_plan(before), plan_of(matrix), solved(after).outcome, names_of(after))


def preview_of(run: Run, matrix: Matrix, *, weights: Mapping[str, int], objective: str) -> Difference:
    """What other weights or another aim would change, without keeping anything. Moves by hand are left out."""
    outcome = solved(run).outcome
    scorer = outcome.scorer.reweighted(weights)
    problem = replaced(outcome.problem, score=scorer.table())
    plan = solve(problem, objective)
    after = {
        twin: problem.host_ids[plan.host_of[row]] if plan.host_of[row] >= 0 else ""
        for row, twin in enumerate(problem.twin_ids)
    }
    return difference_of(plan_of(matrix), after, replaced(outcome, problem=problem), names_of(run))
