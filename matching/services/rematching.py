"""Carrying out one way out of a broken matching: pairings end and begin with a reason; nobody is told yet."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Hosting, Pairing, Participation
from cohorts.services.pairings import assign_facilitator, confirm_pairing, end_pairing
from twinning.audit.services import record
from twinning.core.errors import Refused

from ..engine.types import UnsolvableRules
from ..selectors.rematching import Change, Option, options_of, situation_of


@transaction.atomic
def accept_option(cohort: Cohort, *, option: str, movable: str, reason: str, by, now: datetime) -> list[Pairing]:
    """Make the option with this fingerprint come true. Journals it; returns the new pairings, which wait to be announced.

    Pairings that it changes end with the reason, those that it makes are confirmed, their facilitators go along. No letter
    goes to either side before `announce_pairings`. Refused without a reason, when the cohort has changed since the option
    was shown, and when the option changes nothing.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why you re-match."))
    situation = situation_of(cohort)
    try:
        options = options_of(situation, movable=movable)
    except (UnsolvableRules, OverflowError) as error:
        raise Refused(str(error)) from error
    chosen = next((one for one in options if one.digest == option), None)
    if chosen is None:
        raise Refused(_("The cohort has changed since you saw this option. Look at the options again."))
    new = _carry_out(cohort, chosen, situation.pairings, reason=reason, by=by, now=now)
    if not new and not any(change.before for change in chosen.changes):
        raise Refused(_("This option changes nothing."))
    figures = {"kept": chosen.kept, "changed": len(new), "reason": reason}
    record(cohort, "matching.rematch.accepted", by=by, at=now, data=figures)
    return new


def _carry_out(cohort: Cohort, chosen: Option, pairings, *, reason: str, by, now: datetime) -> list[Pairing]:
    """First everything ends that must, so that the seats are free; then the new pairings come into being."""
    guides = {}
    for change in chosen.changes:
        if pairing := pairings.get(change.twin):
            current = pairing.assignments.current().select_related("user").order_by("pk")
            guides[change.twin] = [(row.user, row.is_lead) for row in current]
            end_pairing(pairing, by=by, now=now, reason=reason)
    new = []
    for change in [*chosen.placed, *chosen.moved]:
        twin, hosting = _sides(cohort, change)
        pairing = confirm_pairing(twin, hosting=hosting, by=by, now=now, reason=reason)
        for user, is_lead in guides.get(change.twin, []):
            assign_facilitator(pairing, user=user, is_lead=is_lead, by=by, now=now)
        new.append(pairing)
    return new


def _sides(cohort: Cohort, change: Change) -> tuple[Participation, Hosting]:
    participation = Participation.objects.in_cohort(cohort).get(city__slug=change.twin)
    return participation, Hosting.objects.in_cohort(cohort).get(host__slug=change.hosting)
