"""What an import would do: the package beside what the database holds. Reads only."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import City, Cohort, Host, Hosting, Pairing, Participation
from ..package_format import CohortPackage, Fault, PackageRefused, Part, order_faults
from ..states import OPEN_PAIRING, Confidence, PairingState
from . import packages as stored

PARTS = ("cohort", "cities", "hosts", "twins", "pairings")


@dataclass(frozen=True)
class Change:
    """One value that the package states differently; `field` as in its path, for example `capacity.maximum`."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Touched:
    """One object that the import creates (no changes listed) or changes."""

    part: str
    id: str
    changes: tuple[Change, ...] = ()

    @property
    def is_new(self) -> bool:
        return not self.changes


@dataclass(frozen=True)
class Kept:
    """One object that stays as it is although the package does not mention it, or says otherwise."""

    part: str
    id: str
    why: str | Promise


@dataclass
class Plan:
    """The package, what is there already, and the difference."""

    package: CohortPackage
    cohort: Cohort | None = None
    cities: dict[str, City] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    hostings: dict[str, Hosting] = field(default_factory=dict)  # by id of the host
    participations: dict[str, Participation] = field(default_factory=dict)  # by id of the city
    open_pairings: dict[str, Pairing] = field(default_factory=dict)  # by id of the twin's city
    touched: list[Touched] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchanged: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    @property
    def has_changes(self) -> bool:
        return bool(self.touched)

    def created(self, part: str) -> set[str]:
        return {entry.id for entry in self.touched if entry.part == part and entry.is_new}

    def changed(self, part: str) -> dict[str, tuple[Change, ...]]:
        return {entry.id: entry.changes for entry in self.touched if entry.part == part and not entry.is_new}

    @property
    def counts(self) -> list[dict[str, Any]]:
        """Per part: how many rows are created, changed, unchanged."""
        return [
            {
                "part": part,
                "created": len(self.created(part)),
                "changed": len(self.changed(part)),
                "unchanged": self.unchanged[part],
            }
            for part in PARTS
        ]

    @property
    def totals(self) -> dict[str, int]:
        return {key: sum(row[key] for row in self.counts) for key in ("created", "changed", "unchanged")}

    @property
    def fingerprint(self) -> str:
        """Changes whenever anything that the import would do changes: what was shown is what is confirmed."""
        said = repr([self.package.cohort.id, self.touched, [(kept.part, kept.id) for kept in self.kept]])
        return hashlib.sha256(said.encode()).hexdigest()


def plan_import(package: CohortPackage) -> Plan:
    """Compare a package with the database. Raises PackageRefused where the two together would break a rule."""
    plan = Plan(package)
    plan.cohort = Cohort.objects.filter(slug=package.cohort.id).first()
    plan.cities = City.objects.in_bulk([row.id for row in package.cities], field_name="slug")
    plan.hosts = stored.hosts_for_package(row.id for row in package.hosts)
    if plan.cohort:
        plan.hostings = {hosting.host.slug: hosting for hosting in _hostings(plan.cohort)}
        plan.participations = {row.city.slug: row for row in stored.participations_for_package(plan.cohort)}
    _compare_cohort(plan)
    _compare_cities(plan)
    _compare_hosts(plan)
    _compare_twins(plan)
    _compare_pairings(plan)
    plan.kept += _not_mentioned(plan)
    plan.notes += _unused_cities(package)
    return plan


def _hostings(cohort: Cohort):
    return Hosting.objects.in_cohort(cohort).select_related("host").order_by("pk")


def flat(row: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """`{"capacity": {"minimum": 0}}` -> `("capacity.minimum", 0)`."""
    for key, value in row.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _note(plan: Plan, part: str, row_id: str, row: Part, before: dict[str, Any] | None, *, passing: str = "") -> None:
    """Add one row to the plan: new, changed or unchanged. What the file leaves out counts as unchanged."""
    if before is None:
        plan.touched.append(Touched(part, row_id))
        return
    now = dict(flat(before))
    stated = flat(row.model_dump(mode="json", exclude_unset=True))
    changes = tuple(Change(key, now[key], value) for key, value in stated if key != passing and now[key] != value)
    if changes:
        plan.touched.append(Touched(part, row_id, changes))
    else:
        plan.unchanged[part] += 1


def _compare_cohort(plan: Plan) -> None:
    row = plan.package.cohort
    before = stored.cohort_row(plan.cohort) if plan.cohort else None
    if before:
        # What the file leaves out stays, so that what it says must fit to what stands there.
        faults = list(order_faults(before | row.model_dump(mode="json", exclude_unset=True)))
        if faults:
            raise PackageRefused(faults)
    _note(plan, "cohort", row.id, row, before)


def _compare_cities(plan: Plan) -> None:
    for row in plan.package.cities:
        city = plan.cities.get(row.id)
        before = stored.city_row(city) if city else None
        if before:
            _refuse_half_a_place(row.id, before | row.model_dump(mode="json", exclude_unset=True))
        _note(plan, "cities", row.id, row, before)


def _refuse_half_a_place(city_id: str, merged: dict[str, Any]) -> None:
    if (merged["latitude"] is None) != (merged["longitude"] is None):
        said = f'City "{city_id}" would have a latitude or longitude alone; give both or neither.'
        raise PackageRefused([Fault("cities", said)])


def _compare_hosts(plan: Plan) -> None:
    for row in plan.package.hosts:
        host, hosting = plan.hosts.get(row.id), plan.hostings.get(row.id)
        stated = row
        if host and not hosting:
            # A known host joins this cohort: its capacity here is new, stated or not.
            stated = row.model_copy(update={"capacity": row.capacity})
        _note(plan, "hosts", row.id, stated, stored.host_row(host, hosting) if host else None)


def _compare_twins(plan: Plan) -> None:
    for row in plan.package.twins:
        participation = plan.participations.get(row.city)
        before = stored.twin_row(participation) if participation else None
        is_decided = bool(participation and participation.state_on and participation.state != row.status)
        if is_decided:
            why = _("The state was decided here: “%(here)s” stays, the package says “%(there)s”.")
            plan.kept.append(Kept("twins", row.city, _filled(why, here=participation.state, there=row.status)))
        _note(plan, "twins", row.city, row, before, passing="status" if is_decided else "")


def _compare_pairings(plan: Plan) -> None:
    ended = set()
    if plan.cohort:
        for pairing in stored.pairings_for_package(plan.cohort):
            twin = pairing.participation.city.slug
            if pairing.state in OPEN_PAIRING:
                plan.open_pairings[twin] = pairing
            else:
                ended.add((twin, pairing.hosting.host.slug))
    for row in plan.package.pairings:
        pairing = plan.open_pairings.get(row.twin)
        before = stored.pairing_row(pairing) if pairing else None
        if pairing and _is_decided(pairing) and before != row.model_dump(mode="json"):
            why = _("The pairing with “%(here)s” was decided here; the package’s word on it is not taken over.")
            plan.kept.append(Kept("pairings", row.twin, _filled(why, here=pairing.hosting.host.slug)))
        elif not pairing and (row.twin, row.host) in ended:
            why = _("The pairing with “%(here)s” ended here; it is not opened again.")
            plan.kept.append(Kept("pairings", row.twin, _filled(why, here=row.host)))
        else:
            _note(plan, "pairings", row.twin, row, before)


def _is_decided(pairing: Pairing) -> bool:
    return pairing.confidence == Confidence.DECIDED or pairing.state == PairingState.CONFIRMED


def _filled(sentence: Promise, **words: str) -> str:
    return str(sentence) % words


def _unused_cities(package: CohortPackage) -> Iterator[str]:
    """A word on cities that the cohort does nothing with, because exporting the cohort will leave them out."""
    used = {city for host in package.hosts for city in host.cities} | {twin.city for twin in package.twins}
    unused = [row.id for row in package.cities if row.id not in used]
    if unused:
        yield ngettext(
            "%(count)d city of the file is neither twin nor part of a host: %(names)s. "
            "It goes into the register of cities; an export of this cohort does not list it.",
            "%(count)d cities of the file are neither twin nor part of a host: %(names)s. "
            "They go into the register of cities; an export of this cohort does not list them.",
            len(unused),
        ) % {"count": len(unused), "names": ", ".join(unused[:5]) + (", …" if len(unused) > 5 else "")}


def _not_mentioned(plan: Plan) -> Iterator[Kept]:
    """Whatever the cohort has and the file lacks. An import never deletes."""
    why = _("Not in this file; stays as it is.")
    package = plan.package
    stated = {
        "hosts": ({row.id for row in package.hosts}, plan.hostings),
        "twins": ({row.city for row in package.twins}, plan.participations),
        "pairings": ({row.twin for row in package.pairings}, plan.open_pairings),
    }
    for part, (mentioned, present) in stated.items():
        yield from (Kept(part, row_id, why) for row_id in present if row_id not in mentioned)
