"""Importing and exporting cohort packages.

A package carries facts, not decisions. What the file states is taken over and what it leaves out stays; nothing is
deleted. What people decided in this application (the state of a participation once it has moved, pairings confirmed
or ended here) is not undone by a file: the plan lists it as kept.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from pydantic import ValidationError

from twinning.audit.services import record, record_many
from twinning.core.errors import Refused

from ..models import Cohort, Vocabulary
from ..models.vocabulary import DOMAINS, LEVERS
from ..package_format import (
    MAX_BYTES,
    CohortPackage,
    KnownCodes,
    PackageRefused,
    faults_of,
    read_package,
    too_large_sentence,
    write_package,
)
from ..selectors.package_plan import Plan, plan_import
from ..selectors.packages import known_codes, package_of
from .package_rows import write_plan
from .vocabularies import shipped_vocabularies

SHOWN = 80  # characters of a value in the journal


def read_package_file(file: BinaryIO) -> CohortPackage:
    """The package in an open file, checked. Reads no more than the limit; raises PackageRefused with every fault."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PackageRefused.because(too_large_sentence())
    return read_package(data, usable_codes())


def read_package_path(path: Path) -> CohortPackage:
    """The package at a path; one that is too large is refused before it is read. Raises OSError, PackageRefused."""
    if path.stat().st_size > MAX_BYTES:
        raise PackageRefused.because(too_large_sentence())
    with path.open("rb") as file:
        return read_package_file(file)


def usable_codes() -> KnownCodes:
    """The codes in the database; where a vocabulary is not there yet, those that importing would load."""
    codes = known_codes()
    if codes.domains and codes.levers:
        return codes
    shipped = {slug: {code for code, _label in entry["terms"]} for slug, entry in shipped_vocabularies().items()}
    return KnownCodes(
        domains=codes.domains or frozenset(shipped[DOMAINS]), levers=codes.levers or frozenset(shipped[LEVERS])
    )


@transaction.atomic
def import_package(package: CohortPackage, *, by, now: datetime, fingerprint: str | None = None) -> Plan:
    """Take over what the package states, all or nothing; returns what was done.

    Journals one line with the counts, and one on the page of each thing that was here before and is changed. Where
    nothing changes, nothing is written. New pairings are announced facts; in a cohort that has its calendar they are
    followed up like confirmed ones. `by` is None for the platform itself.
    Raises Refused when the plan is no longer the one with this fingerprint, or when somebody else imports meanwhile.
    """
    _wait_for_other_imports()
    plan = plan_import(package)
    if fingerprint is not None and fingerprint != plan.fingerprint:
        raise Refused(_("Something has changed since this report was made. Look at the new one and confirm again."))
    if not plan.has_changes:
        return plan
    try:
        with transaction.atomic():
            write_plan(plan, by=by, now=now)
    except IntegrityError as error:
        raise Refused(_("Somebody else changed the same data at the same moment. Try again.")) from error
    record(plan.cohort, "cohorts.package.imported", by=by, at=now, data=plan.totals)
    record_many(_changed_things(plan), "cohorts.package.changed", by=by, at=now)
    return plan


def _changed_things(plan: Plan) -> Iterator[tuple[Model, dict]]:
    """What was here before, with its changes in words. What a cohort newly says of a host is no change of the host."""
    things = {"cities": plan.cities, "hosts": plan.hosts, "twins": plan.participations, "pairings": plan.open_pairings}
    for part, present in things.items():
        for key, changes in plan.changed(part).items():
            told = [
                change for change in changes if change.before is not None or not change.field.startswith("capacity")
            ]
            if told:
                said = "; ".join(f"{change.field} {_said(change.before)} → {_said(change.after)}" for change in told)
                yield present[key], {"cohort": plan.cohort.title, "changes": said}


def _said(value: object) -> str:
    if value in (None, "", []):
        return _("nothing")
    return shorten(", ".join(map(str, value)) if isinstance(value, list) else str(value), SHOWN, placeholder=" …")


def _wait_for_other_imports() -> None:
    """Two imports at once would create the same cities; the second one plans after the first has committed."""
    list(Vocabulary.objects.select_for_update().filter(slug=DOMAINS).order_by("pk"))


def export_package(cohort: Cohort) -> bytes:
    """The cohort as a package in canonical form, which imports into an empty database and exports again byte for byte.

    Raises Refused where the database holds something that the format cannot say; the sentence names it.
    """
    try:
        return write_package(package_of(cohort))
    except ValidationError as error:
        fault = faults_of(error)[0]
        said = _("%(path)s cannot be written into a package: %(sentence)s")
        raise Refused(said % {"path": fault.path, "sentence": fault.sentence}) from error
