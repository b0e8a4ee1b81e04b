"""Changing what a run proposes, by hand and with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Hosting, host_label
from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Proposal, Run
from ..selectors.explanations import solved
from ..selectors.rematching import is_rematch
from ..states import RunScope, RunState
from .runs import explain_proposal


@transaction.atomic
def change_proposal(proposal: Proposal, *, hosting: Hosting | None, reason: str, by, now: datetime) -> Proposal:
    """Propose another host for a twin, or none. What the engine proposed stays on record. Journals it.

    Refused without a reason, after the run was decided, for a host that is full here, or for the twin's own activity.
    """
    run = Run.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=proposal.run_id)
    proposal = run.proposals.select_related("participation__city", "hosting__host").get(pk=proposal.pk)
    if run.scenario_id:
        raise Refused(_("This run is a step of a scenario. Move the twin there."))
    if is_rematch(run):
        raise Refused(_("This is an accepted re-match. Take it back and choose another option."))
    if run.state != RunState.STAGED:
        raise Refused(_("This run is decided; its proposals cannot change any more."))
    if not reason.strip():
        raise Refused(_("Say why you change the proposal."))
    if hosting == proposal.hosting:
        raise Refused(_("That is the host proposed already."))
    if hosting is not None:
        _refuse_impossible(run, proposal, hosting)
    before, proposal.hosting = _name(proposal.hosting), hosting
    outcome = solved(run).outcome
    twin = outcome.problem.twin_ids.index(proposal.participation.city.slug)
    explain_proposal(proposal, outcome, twin, outcome.problem.host_ids.index(hosting.host.slug) if hosting else -1)
    proposal.changed_reason, proposal.changed_by, proposal.changed_at = reason.strip(), by, now
    proposal.full_clean(exclude=["criteria", "reasons", "ranking"])
    proposal.save()
    words = {"twin": proposal.participation.city.name, "before": before, "after": _name(hosting)}
    record(run, "matching.proposal.changed", by=by, at=now, data=words | {"reason": proposal.changed_reason})
    return proposal


def _name(hosting: Hosting | None) -> str:
    if hosting is None:
        return _("no host")
    return host_label(hosting.host)


def _refuse_impossible(run: Run, proposal: Proposal, hosting: Hosting) -> None:
    frozen = {host["id"]: host for host in run.snapshot["hosts"]}
    names = {"twin": proposal.participation.city.name, "host": _name(hosting)}
    if hosting.cohort_id != run.cohort_id or hosting.host.slug not in frozen:
        raise Refused(_("%(host)s takes no part in this run.") % names)
    host = frozen[hosting.host.slug]
    if any(place["id"] == proposal.participation.city.slug for place in host["places"]):
        raise Refused(_("%(twin)s is a city of %(host)s itself.") % names)
    seated = run.proposals.filter(hosting=hosting).exclude(pk=proposal.pk).select_related("participation__city")
    if seated.count() >= host["maximum"]:
        others = ", ".join(row.participation.city.name for row in seated.order_by("participation__city__name", "pk"))
        names |= {"others": others or _("earlier pairings") if run.scope == RunScope.OPEN else others}
        raise Refused(
            _("%(host)s has no free place; it is taken by %(others)s. Move a twin away from it first.") % names
        )
