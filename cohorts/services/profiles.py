"""What hosts and twins say about themselves: written in the browser, under the same rules as packages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record

from ..models import City, Host, HostCity, HostStatement, Participation, Term
from ..package_format import HostRow, TwinRow
from ..selectors.packages import STATEMENT_LISTS, TERM_LISTS, twin_row
from ..selectors.profiles import (
    HOST_NEEDS,
    HOST_TERMS,
    PROFILE_LABELS,
    TWIN_STRENGTHS,
    TWIN_TEXTS,
    TWIN_WISHES,
    Profile,
    profile_of_host,
    profile_of_twin,
)
from .package_rows import HOST_FIELDS
from .register_rules import refuse_what_no_package_can_say


@transaction.atomic
def create_host(*, slug: str, values: Mapping[str, Any], by, now: datetime) -> Host:
    """Add a host to the register; `values` are any keys of its profile. Journals it; the host joins no cohort yet.

    Raises ValidationError by field, also for what a cohort package could not say.
    """
    host = Host(slug=slug)
    _refuse_faulty_host(host, dict(values))
    for key in HOST_FIELDS.keys() & values.keys():
        setattr(host, HOST_FIELDS[key], values[key])
    host.full_clean()
    host.save()
    _write_lists(host, values)
    record(host, "cohorts.host.created", by=by, at=now)
    return host


@transaction.atomic
def change_host(host: Host, *, values: Mapping[str, Any], by, now: datetime) -> Host:
    """Set any keys of the host's profile. Journals what changed; the id stays, cohorts and pairings are not touched."""
    host = Host.objects.select_for_update(of=("self",)).get(pk=host.pk)
    before = profile_of_host(host)
    changed = _changed(before, values, of_terms=HOST_TERMS)
    if not changed:
        return host
    _refuse_faulty_host(host, before | dict(values))
    for key in HOST_FIELDS.keys() & set(changed):
        setattr(host, HOST_FIELDS[key], values[key])
    host.full_clean()
    host.save()
    _write_lists(host, {key: values[key] for key in changed})
    record(host, "cohorts.host.changed", by=by, at=now, data={"fields": _words(changed)})
    return host


def _refuse_faulty_host(host: Host, profile: Profile) -> None:
    row = {key: value for key, value in profile.items() if key not in HOST_NEEDS}
    refuse_what_no_package_can_say(HostRow, {"id": host.slug, **row}, {"id": "slug"})


@transaction.atomic
def describe_participation(
    participation: Participation, *, values: Mapping[str, Any], by, now: datetime
) -> Participation:
    """Say what a twin seeks and brings: texts, domains and levers on both sides. Journals what changed.

    What a reader had inferred and is chosen here too stays marked as inferred until it is taken away.
    """
    participation = (
        Participation.objects.select_for_update(of=("self",)).select_related("city").get(pk=participation.pk)
    )
    changed = _changed(profile_of_twin(participation), values, of_terms={**TWIN_WISHES, **TWIN_STRENGTHS})
    if not changed:
        return participation
    for name in [name for name in TWIN_TEXTS if name in changed]:
        setattr(participation, name, values[name])
    refuse_what_no_package_can_say(TwinRow, twin_row(participation), {})
    participation.full_clean()
    participation.save(update_fields=[*TWIN_TEXTS, "updated_at"])
    for rows, keys in ((participation.participation_terms, TWIN_WISHES), (participation.strengths, TWIN_STRENGTHS)):
        for key in [key for key in keys if key in changed]:
            _choose_terms(rows, keys[key], values[key], field=key)
    is_own = participation.memberships.current().filter(user=by).exists()
    city, said = participation.city.name if is_own else "", {"fields": _words(changed)}
    record(participation, "cohorts.participation.described", by=by, at=now, on_behalf_of=city, data=said)
    return participation


def _changed(before: Profile, values: Mapping[str, Any], *, of_terms: Mapping[str, str]) -> list[str]:
    """The keys whose value differs; among terms the order says nothing."""
    unknown = values.keys() - before.keys()
    if unknown:
        raise TypeError(f"A profile has no {', '.join(sorted(unknown))}.")
    return [
        key
        for key, value in values.items()
        if (set(value) != set(before[key]) if key in of_terms else value != before[key])
    ]


def _write_lists(host: Host, values: Mapping[str, Any]) -> None:
    """Write the lists among `values`: cities, statements, terms; others stay."""
    if "cities" in values:
        _write_cities(host, values["cities"])
    for key in STATEMENT_LISTS.keys() & values.keys():
        host.statements.filter(kind=STATEMENT_LISTS[key]).delete()
        HostStatement.objects.bulk_create(
            HostStatement(host=host, kind=STATEMENT_LISTS[key], text=text, position=position)
            for position, text in enumerate(values[key])
        )
    for key in TERM_LISTS.keys() & values.keys():
        vocabulary, is_inferred = TERM_LISTS[key]
        _choose_terms(host.host_terms, vocabulary, values[key], field=key, is_inferred=is_inferred)
    for key in HOST_NEEDS.keys() & values.keys():
        _choose_terms(host.needs, HOST_NEEDS[key], values[key], field=key)


def _write_cities(host: Host, slugs: Sequence[str]) -> None:
    found = City.objects.in_bulk(slugs, field_name="slug")
    missing = [slug for slug in slugs if slug not in found]
    if missing:
        raise ValidationError({"cities": _("There is no city “%(id)s” in the register.") % {"id": missing[0]}})
    host.host_cities.all().delete()
    HostCity.objects.bulk_create(
        HostCity(host=host, city=found[slug], position=position) for position, slug in enumerate(slugs)
    )


def _choose_terms(rows, vocabulary: str, codes: Sequence[str], *, field: str, **fixed: bool) -> None:
    """Make these the terms of one vocabulary among `rows`: those that were there keep their place, new ones follow."""
    terms = {term.code: term for term in Term.objects.of(vocabulary)}
    missing = [code for code in codes if code not in terms]
    if missing:
        raise ValidationError({field: _("“%(code)s” is not in the list. Choose from it.") % {"code": missing[0]}})
    present = rows.filter(term__vocabulary__slug=vocabulary, **fixed)
    present.exclude(term__code__in=codes).delete()
    kept = set(present.values_list("term__code", flat=True))
    last = present.aggregate(last=models.Max("position"))["last"]
    start = 0 if last is None else last + 1
    new = [code for code in codes if code not in kept]
    for position, code in enumerate(new, start=start):
        rows.create(term=terms[code], position=position, **fixed)


def _words(keys: Sequence[str]) -> str:
    return ", ".join(str(PROFILE_LABELS[key]) for key in keys)
