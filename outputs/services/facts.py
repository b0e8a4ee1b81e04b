"""A host checks what its twin wrote about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import FactCheck, OutputVersion
from ..selectors.facts import CHECKED_WHILE, facts_of
from ..states import FactVerdict
from .drafting import lock_output
from .submitting import facilitators_of, officers_of, tell


@dataclass(frozen=True)
class Checked:
    """What the host says about one row. Without a verdict it has not said anything."""

    anchor: str
    verdict: str = ""
    remark: str = ""


@transaction.atomic
def check_facts(version: OutputVersion, *, by, now: datetime, checks: Iterable[Checked]) -> list[FactCheck]:
    """Keep what the host says, journal it, and tell officers and facilitators. Refuses once the version is superseded."""
    output = lock_output(version.output)
    if output.state not in CHECKED_WHILE or output.versions.filter(number__gt=version.number).exists():
        raise Refused(_("This version is not being checked any more."))
    known = {fact.anchor: fact.check for fact in facts_of(version)}
    changed = []
    for given in checks:
        remark = given.remark.strip()
        before = known.get(given.anchor)
        is_same = before is not None and (before.verdict, before.remark) == (given.verdict, remark)
        if given.anchor not in known or not given.verdict or is_same:
            continue
        if given.verdict == FactVerdict.NOT_RIGHT and not remark:
            raise Refused(_("Say what is not right."))
        if before is None or before.version_id != version.pk:  # what was said about an earlier version stays there
            before = FactCheck(version=version, anchor=given.anchor)
        check = before
        check.verdict, check.remark, check.checked_by, check.checked_at = given.verdict, remark, by, now
        check.save()
        changed.append(check)
    if changed:
        record(output, "outputs.facts.checked", by=by, at=now, data={"version": version.number})
        facts = facts_of(version)
        for person in {person.pk: person for person in [*facilitators_of(output), *officers_of(output)]}.values():
            tell(person, "facts_checked", output, now=now, version=version, by=by, facts=facts)
    return changed
