"""The plan of an import as a page shows it: totals, changes before and after, what stays."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .package_plan import Kept, Plan, Touched

# part of a package -> all of them, one of them
PART_LABELS: dict[str, tuple[Promise, Promise]] = {
    "cohort": (gettext_lazy("Cohort"), gettext_lazy("Cohort")),
    "cities": (gettext_lazy("Cities"), gettext_lazy("City")),
    "hosts": (gettext_lazy("Hosts"), gettext_lazy("Host")),
    "twins": (gettext_lazy("Twins"), gettext_lazy("Twin")),
    "pairings": (gettext_lazy("Pairings"), gettext_lazy("Pairing of")),
}
MOST_LETTERS = 300


@dataclass(frozen=True)
class ShownChange:
    what: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Report:
    """At most `limit` lines of each kind; the rest is counted."""

    title: str
    is_new_cohort: bool
    has_changes: bool
    totals: dict[str, int]
    counts: list[dict[str, Any]]
    changes: list[ShownChange]
    more_changes: int
    notes: list[str]
    kept: list[tuple[str, Kept]]
    more_kept: int


def report_of(plan: Plan, *, limit: int) -> Report:
    names = _names(plan)
    changes = [
        ShownChange(_what(entry, names), change.field, _shown(change.before), _shown(change.after))
        for entry in plan.touched
        for change in entry.changes
    ]
    return Report(
        title=plan.package.cohort.title,
        is_new_cohort=plan.cohort is None,
        has_changes=plan.has_changes,
        totals=plan.totals,
        counts=[row | {"label": PART_LABELS[row["part"]][0]} for row in plan.counts],
        changes=changes[:limit],
        more_changes=max(0, len(changes) - limit),
        notes=plan.notes,
        kept=[(_what(kept, names), kept) for kept in plan.kept[:limit]],
        more_kept=max(0, len(plan.kept) - limit),
    )


def _names(plan: Plan) -> dict[tuple[str, str], str]:
    """(part, id) -> what people call it, for everything in the package and in the cohort."""
    package = plan.package
    cities = {row.id: row.name for row in package.cities}
    cities |= {slug: row.city.name for slug, row in plan.participations.items() if slug not in cities}
    hosts = {slug: hosting.host.short_name for slug, hosting in plan.hostings.items()}
    hosts |= {row.id: row.acronym or row.title for row in package.hosts}
    named = {"cohort": {package.cohort.id: package.cohort.title}, "cities": cities, "hosts": hosts}
    named |= {"twins": cities, "pairings": cities}
    return {(part, row_id): name for part, entries in named.items() for row_id, name in entries.items()}


def _what(entry: Touched | Kept, names: dict[tuple[str, str], str]) -> str:
    return f"{PART_LABELS[entry.part][1]} {names.get((entry.part, entry.id), entry.id)}"


def _shown(value: Any) -> str:
    """A value of a package in words."""
    if value is None or value in ("", []):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        value = "; ".join(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"
