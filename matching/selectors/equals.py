"""Plans as good as the one that a run proposes: how many, and which twins they place elsewhere."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..engine.matcher import Outcome
from ..engine.ties import ties
from ..engine.types import Stop
from ..models import Run
from .matrix import host_names, twin_names

MOST_PLANS = 1_000  # counted; beyond it a run says "at least"
MOST_TWINS, MOST_HOSTS = 200, 20  # listed
MOST_PAIRS = 10_000_000  # beyond it the prices of all pairs, which tell the equal ones, take minutes


def ties_to_keep(outcome: Outcome, *, stop: Stop | None = None) -> dict:
    """The equally good plans as a run keeps them; {} where the plan is not proven best, or too large. Raises Cancelled."""
    if not outcome.verdict.optimal or outcome.problem.score.size > MOST_PAIRS:
        return {}
    try:
        found = ties(outcome.problem, outcome.plan, limit=MOST_PLANS, stop=stop)
    except OverflowError:  # the numbers of a large leximin do not fit
        return {}
    problem, hosts = outcome.problem, {}
    for row, column in found.pairs:
        hosts.setdefault(row, set()).add(column)
    for plan in found.plans:
        for row, column in enumerate(plan):
            if column < 0:
                hosts.setdefault(row, set()).add(column)
    return {
        "count": found.count,
        "is_exact": found.exact,
        "differing": sum(len(places) > 1 for places in hosts.values()),
        "twins": [
            {
                "twin": problem.twin_ids[row],
                "hosts": [problem.host_ids[place] if place >= 0 else "" for place in sorted(places)[:MOST_HOSTS]],
            }
            for row, places in sorted(hosts.items())
            if len(places) > 1
        ][:MOST_TWINS],
    }


@dataclass(frozen=True, slots=True)
class Equals:
    """`sentence` says how many; `twins` are those that stand elsewhere in some of them, with where they could be."""

    sentence: str
    twins: tuple[tuple[str, str], ...]
    left_out: int


def equals_of(run: Run) -> Equals | None:
    """What was counted when the run was solved; None where nothing was, or after moves by hand."""
    kept = run.ties
    if not kept or run.moves:
        return None
    names, cities = host_names(run) | {"": _("no host")}, twin_names(run)
    twins = tuple(
        (cities[one["twin"]], ", ".join(names[host] for host in one["hosts"])) for one in kept["twins"]
    )  # fmt: skip
    return Equals(_how_many(kept["count"], is_exact=kept["is_exact"]), twins, kept["differing"] - len(twins))


def _how_many(count: int, *, is_exact: bool) -> str:
    if count == 1:
        return (
            _("This is the only plan that is so good.")
            if is_exact
            else _("Other plans may be just as good. Under these rules they are not counted.")
        )
    words = (
        ngettext("%(count)s plan is equally good.", "%(count)s plans are equally good.", count)
        if is_exact
        else ngettext("At least %(count)s plan is equally good.", "At least %(count)s plans are equally good.", count)
    )
    return words % {"count": count} + " " + _("Among them the seed decides.")
