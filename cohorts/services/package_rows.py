"""Writing the rows of a cohort package, many at a time. Only `import_package` calls this."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from ..models import (
    City,
    CityName,
    Cohort,
    Host,
    HostCity,
    Hosting,
    HostStatement,
    HostTerm,
    Pairing,
    Participation,
    Term,
)
from ..models.vocabulary import DOMAINS, LEVERS
from ..package_format import HostRow, PairingRow, Part
from ..registry import follow_up
from ..selectors.package_plan import Change, Plan, flat
from ..selectors.packages import STATEMENT_LISTS, TERM_LISTS
from ..states import NEEDS_REASON, PairingState
from .calendar import plan_pairing
from .pairings import end_pairing
from .vocabularies import load_vocabularies

BATCH = 500
# What the format has no word for, and the database wants to know.
LEFT_WITHOUT_REASON = "The imported package states no reason."
OTHER_HOST = "The imported package names another host."

# key of a row -> field of the model
COHORT_FIELDS = {
    "title": "title",
    "host_kind": "host_kind",
    "length_months": "length_months",
    "call_opens_on": "call_opens_on",
    "call_closes_on": "call_closes_on",
    "announced_on": "announced_on",
    "starts": "starts",
    "ends": "ends",
    "final_output_name": "final_output_name",
    "twin_rule": "twin_rule",
    "counts.applications": "applications_count",
    "counts.selected": "selected_count",
    "counts.participating": "participating_count",
    "sources": "sources",
}
CITY_FIELDS = {
    "name": "name",
    "country": "country",
    "kind": "kind",
    "latitude": "latitude",
    "longitude": "longitude",
    "population": "population",
    "mission_city": "is_mission_city",
    "sources": "sources",
}
HOST_FIELDS = {
    "kind": "kind",
    "title": "title",
    "acronym": "acronym",
    "pilot_cohort": "pilot_cohort",
    "summary": "summary",
    "sources": "sources",
}
HOSTING_FIELDS = {"capacity.minimum": "capacity_minimum", "capacity.maximum": "capacity_maximum"}
TWIN_FIELDS = {
    "status": "state",
    "interests": "interests",
    "challenges": "challenges",
    "offers": "offers",
    "sources": "sources",
}
PAIRING_FIELDS = {"confidence": "confidence", "source": "source", "note": "note"}


def write_plan(plan: Plan, *, by, now: datetime) -> None:
    """Write everything that the plan touches; `plan.cohort` is set afterwards. Must run inside a transaction."""
    load_vocabularies()
    _write_cohort(plan)
    _write_cities(plan, now)
    _write_hosts(plan, now)
    _write_hostings(plan, now)
    _write_twins(plan, now)
    _write_pairings(plan, by=by, now=now)


def _assign(obj: models.Model, row: Part, fields: dict[str, str], changes: Iterable[Change] | None = None) -> set[str]:
    """Set the fields that `changes` name, or all of them; returns the names of those set."""
    values = dict(flat(row.model_dump()))
    chosen = fields.keys() if changes is None else fields.keys() & {change.field for change in changes}
    for key in chosen:
        setattr(obj, fields[key], values[key])
    return {fields[key] for key in chosen}


def _save_changed(model: Any, changed: list[Any], fields: set[str], now: datetime) -> None:
    """Write the named fields of many objects; `bulk_update` would not set `updated_at`."""
    if not fields:
        return
    for obj in changed:
        obj.updated_at = now
    model.objects.bulk_update(changed, sorted({*fields, "updated_at"}), batch_size=BATCH)


def _write_cohort(plan: Plan) -> None:
    row = plan.package.cohort
    if plan.cohort is None:
        plan.cohort = Cohort(slug=row.id)
        _assign(plan.cohort, row, COHORT_FIELDS)
        plan.cohort.save()
    elif changes := plan.changed("cohort").get(row.id):
        fields = _assign(plan.cohort, row, COHORT_FIELDS, changes)
        plan.cohort.save(update_fields=[*fields, "updated_at"])


def _write_cities(plan: Plan, now: datetime) -> None:
    changes, new, changed, fields = plan.changed("cities"), [], [], set()
    for row in plan.package.cities:
        city = plan.cities.get(row.id)
        if city is None:
            city = City(slug=row.id)
            _assign(city, row, CITY_FIELDS)
            city.refresh_search_text()
            new.append(city)
        elif row.id in changes:
            fields |= _assign(city, row, CITY_FIELDS, changes[row.id])
            changed.append(city)
    if "name" in fields:
        _refresh_search_texts(changed)
        fields.add("search_text")
    _save_changed(City, changed, fields, now)
    plan.cities |= {city.slug: city for city in City.objects.bulk_create(new, batch_size=BATCH)}


def _refresh_search_texts(cities: list[City]) -> None:
    spellings: dict[int, list[str]] = {}
    for batch in _batches(cities):
        for city_id, name in CityName.objects.filter(city__in=batch).order_by("pk").values_list("city_id", "name"):
            spellings.setdefault(city_id, []).append(name)
    for city in cities:
        city.refresh_search_text(spellings.get(city.pk))


def _batches(objects: list[Any]) -> Iterable[list[Any]]:
    return (objects[start : start + BATCH] for start in range(0, len(objects), BATCH))


def _write_hosts(plan: Plan, now: datetime) -> None:
    changes, new, changed, fields = plan.changed("hosts"), [], [], set()
    for row in plan.package.hosts:
        host = plan.hosts.get(row.id)
        if host is None:
            host = Host(slug=row.id)
            _assign(host, row, HOST_FIELDS)
            new.append(host)
        elif row.id in changes:
            fields |= _assign(host, row, HOST_FIELDS, changes[row.id])
            changed.append(host)
    _save_changed(Host, changed, fields, now)
    created = {host.slug: host for host in Host.objects.bulk_create(new, batch_size=BATCH)}
    plan.hosts |= created
    rows_with: dict[str, list[HostRow]] = {name: [] for name in ("cities", *TERM_LISTS, *STATEMENT_LISTS)}
    for row in plan.package.hosts:
        named = {change.field for change in changes.get(row.id, ())}
        for name, rows in rows_with.items():
            if row.id in created or name in named:
                rows.append(row)
    _write_host_cities(plan, rows_with["cities"])
    _write_host_terms(plan, rows_with)
    _write_host_statements(plan, rows_with)


def _clear(plan: Plan, rows: list[HostRow], entries: models.QuerySet) -> None:
    """Delete these entries of the hosts, which are written anew in their new order."""
    for batch in _batches([plan.hosts[row.id] for row in rows]):
        entries.filter(host__in=batch).delete()


def _write_host_cities(plan: Plan, rows: list[HostRow]) -> None:
    _clear(plan, rows, HostCity.objects.all())
    HostCity.objects.bulk_create(
        (
            HostCity(host=plan.hosts[row.id], city=plan.cities[slug], position=position)
            for row in rows
            for position, slug in enumerate(row.cities)
        ),
        batch_size=BATCH,
    )


def _write_host_terms(plan: Plan, rows_with: dict[str, list[HostRow]]) -> None:
    listed = Term.objects.filter(vocabulary__slug__in=(DOMAINS, LEVERS)).select_related("vocabulary").order_by("pk")
    terms = {(term.vocabulary.slug, term.code): term for term in listed}
    entries = []
    for name, (vocabulary, is_inferred) in TERM_LISTS.items():
        _clear(
            plan,
            rows_with[name],
            HostTerm.objects.filter(term__vocabulary__slug=vocabulary, is_inferred=is_inferred),
        )
        entries += [
            HostTerm(host=plan.hosts[row.id], term=terms[vocabulary, code], is_inferred=is_inferred, position=position)
            for row in rows_with[name]
            for position, code in enumerate(getattr(row, name))
        ]
    HostTerm.objects.bulk_create(entries, batch_size=BATCH)


def _write_host_statements(plan: Plan, rows_with: dict[str, list[HostRow]]) -> None:
    entries = []
    for name, kind in STATEMENT_LISTS.items():
        _clear(plan, rows_with[name], HostStatement.objects.filter(kind=kind))
        entries += [
            HostStatement(host=plan.hosts[row.id], kind=kind, text=text, position=position)
            for row in rows_with[name]
            for position, text in enumerate(getattr(row, name))
        ]
    HostStatement.objects.bulk_create(entries, batch_size=BATCH)


def _write_hostings(plan: Plan, now: datetime) -> None:
    changes, new, changed, fields = plan.changed("hosts"), [], [], set()
    for row in plan.package.hosts:
        hosting = plan.hostings.get(row.id)
        if hosting is None:
            hosting = Hosting(cohort=plan.cohort, host=plan.hosts[row.id])
            _assign(hosting, row, HOSTING_FIELDS)
            new.append(hosting)
        elif row.id in changes:
            fields |= _assign(hosting, row, HOSTING_FIELDS, changes[row.id])
            changed.append(hosting)
    _save_changed(Hosting, changed, fields, now)
    plan.hostings |= {hosting.host.slug: hosting for hosting in Hosting.objects.bulk_create(new, batch_size=BATCH)}


def _write_twins(plan: Plan, now: datetime) -> None:
    changes, new, changed, fields = plan.changed("twins"), [], [], set()
    position = _next_position(plan.participations.values())
    for row in plan.package.twins:
        participation = plan.participations.get(row.city)
        if participation is None:
            participation = Participation(cohort=plan.cohort, city=plan.cities[row.city], position=position + len(new))
            _assign(participation, row, TWIN_FIELDS)
            new.append(participation)
        elif row.city in changes:
            fields |= _assign(participation, row, TWIN_FIELDS, changes[row.city])
            changed.append(participation)
        if participation.state in NEEDS_REASON and not participation.state_reason:
            participation.state_reason = LEFT_WITHOUT_REASON
    if "state" in fields:
        fields.add("state_reason")
    _save_changed(Participation, changed, fields, now)
    created = Participation.objects.bulk_create(new, batch_size=BATCH)
    plan.participations |= {participation.city.slug: participation for participation in created}


def _next_position(rows: Iterable[Any]) -> int:
    """Behind the last one; the first position is 0."""
    return max((row.position for row in rows), default=-1) + 1


def _write_pairings(plan: Plan, *, by, now: datetime) -> None:
    touched = plan.changed("pairings") | dict.fromkeys(plan.created("pairings"), ())
    new, changed, fields = [], [], set()
    position = _next_position(plan.open_pairings.values())
    for row in plan.package.pairings:
        if row.twin not in touched:
            continue
        pairing, changes = plan.open_pairings.get(row.twin), touched[row.twin]
        is_other_host = any(change.field == "host" for change in changes)
        if pairing and is_other_host:
            end_pairing(pairing, by=by, now=now, reason=OTHER_HOST)
        if pairing is None or is_other_host:
            new.append(_announced_pairing(plan, row, position=position + len(new), now=now))
        else:
            fields |= _assign(pairing, row, PAIRING_FIELDS, changes)
            changed.append(pairing)
    _save_changed(Pairing, changed, fields, now)
    Pairing.objects.bulk_create(new, batch_size=BATCH)
    if plan.cohort.kickoff_on:  # the calendar is there: the pairing gets its visits and outputs as if confirmed here
        for pairing in new:
            plan_pairing(pairing, by=by, now=now)
            follow_up("pairing_confirmed", pairing, by=by, now=now)


def _announced_pairing(plan: Plan, row: PairingRow, *, position: int, now: datetime) -> Pairing:
    """A pairing that the world knows already. `now` is when this application learned of it."""
    pairing = Pairing(
        participation=plan.participations[row.twin],
        hosting=plan.hostings[row.host],
        state=PairingState.ANNOUNCED,
        confirmed_at=now,
        announced_at=now,
        position=position,
    )
    _assign(pairing, row, PAIRING_FIELDS)
    return pairing
