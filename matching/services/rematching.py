"""Carrying out one way out of a broken matching: accepted first, seen by the team alone; announced by a further act."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Hosting, Pairing, Participation
from cohorts.services.pairings import (
    announce_pairings,
    assign_facilitator,
    confirm_pairing,
    end_pairing,
    preview_announcement,
    preview_end,
    tell_of_end,
)
from twinning.audit.services import record
from twinning.core.errors import Refused, require_clean
from twinning.mail.models import Letter

from ..engine.certificate import certify, verify
from ..engine.matcher import Outcome
from ..engine.optimiser import solve
from ..engine.types import UnsolvableRules
from ..models import Criterion, Run
from ..selectors.rematching import (
    PRICE_SLUGS,
    SEED,
    STAGES,
    AcceptedChange,
    Change,
    Option,
    Situation,
    accepted_changes,
    accepted_rematch,
    is_rematch,
    options_of,
    prices_of,
    situation_of,
)
from ..states import RUN_MOVES, RunScope
from .runs import discard_run, new_run, stage_run


@transaction.atomic
def accept_option(cohort: Cohort, *, option: str, movable: str, reason: str, by, now: datetime) -> Run:
    """Decide for the option with this fingerprint. It becomes a run that says who goes where; journals it.

    No pairing changes: both sides go on as they are until `announce_rematch`. Until then `discard_run` takes it back,
    and accepting another option takes its place. Refused without a reason, when the cohort has changed since the option
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
    changes = [change for change in chosen.changes if change.before or change.hosting]
    if not changes:
        raise Refused(_("This option changes nothing."))
    if waiting := accepted_rematch(cohort):
        discard_run(waiting, by=by, now=now)
    run = _run_of(cohort, situation, chosen, by=by, now=now)
    run.moves = [_move(situation, change, reason, by=by, now=now) for change in changes]
    run.save(update_fields=["moves", "updated_at"])
    figures = {"kept": chosen.kept, "changed": len(changes), "reason": reason}
    record(cohort, "matching.rematch.accepted", by=by, at=now, data=figures)
    return run


def _run_of(cohort: Cohort, situation: Situation, chosen: Option, *, by, now: datetime) -> Run:
    """The option as a staged run: its data frozen, its bound proven against every plan with the same pairs locked."""
    market, problem = situation.market_with_locks(chosen.locked), situation.with_locks(chosen.locked)
    run = new_run(cohort, by=by, now=now, weights=situation.weights, scope=RunScope.ALL, seed=SEED, market=market)
    run.save()
    proof = certify(problem, solve(problem))
    outcome = Outcome(
        market, situation.scorer, problem, chosen.plan, proof, verify(problem, chosen.plan, proof), chosen.digest
    )
    stage_run(run, outcome, now=now, seconds=0)
    return run


def _move(situation: Situation, change: Change, reason: str, *, by, now: datetime) -> dict[str, object]:
    pairing = situation.pairings.get(change.twin)
    before = pairing.hosting.host.slug if pairing else ""
    return {
        "twin": change.twin, "before": before, "host": change.hosting, "reason": reason, "by": by.pk,
        "at": now.isoformat(),
    }  # fmt: skip


@transaction.atomic
def announce_rematch(run: Run, *, by, now: datetime) -> list[Pairing]:
    """Carry out an accepted re-match and tell both sides, in one step. Journals it; returns the new pairings.

    What it changes ends with the reason, what it makes begins, the facilitators go along, and the letters of
    `announce_pairings` leave; a host that loses its twin, and a twin that gets no other host, get a letter that says so.
    All or nothing: refused with every obstacle where the cohort has changed since.
    """
    run = Run.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=run.pk)
    if not is_rematch(run):
        raise Refused(_("This run is no re-match."))
    run.state = RUN_MOVES.target("confirm", state=run.state)
    pairings = {row.participation.city.slug: row for row in Pairing.objects.in_cohort(run.cohort).open().with_sides()}
    if elsewhere := _elsewhere(run, pairings):
        said = _("Since this was accepted, others were given another host: %(twins)s. Look at the options again.")
        raise Refused(said % {"twins": ", ".join(elsewhere)})
    changes = accepted_changes(run)
    guides = _end_before(run, pairings, by=by, now=now)
    for change in changes:
        if change.old:
            tell_of_end(change.old, readers=change.told, reason=change.reason, now=now)
    new = _begin_after(run, guides, by=by, now=now)
    announce_pairings(run.cohort, pairings=new, by=by, now=now)
    run.decided_by, run.decided_at = by, now
    run.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])
    record(run.cohort, "matching.rematch.announced", by=by, at=now, data={"count": len(new)})
    return new


def preview_rematch_letter(cohort: Cohort, change: AcceptedChange, *, reader, now: datetime) -> Letter:
    """The letter that `announce_rematch` would write to this reader now, not saved. Changes nothing."""
    if reader in change.told:
        return preview_end(change.old, reader=reader, reason=change.reason)
    return preview_announcement(cohort, change.new, reader=reader, now=now)


def _elsewhere(run: Run, pairings: Mapping[str, Pairing]) -> list[str]:
    """Twins that are not where they were when the re-match was accepted; one without a host now is free all the same."""
    return [
        str(pairing.participation.city)
        for move in run.moves
        if (pairing := pairings.get(move["twin"])) and pairing.hosting.host.slug != move["before"]
    ]


def _end_before(run: Run, pairings: Mapping[str, Pairing], *, by, now: datetime) -> dict[str, list]:
    """End what changes, before anything begins, so that the seats are free. Twin -> its facilitators, who go along."""
    guides = {}
    for move in run.moves:
        if pairing := pairings.get(move["twin"]):
            current = pairing.assignments.current().select_related("user").order_by("pk")
            guides[move["twin"]] = [(row.user, row.is_lead) for row in current]
            end_pairing(pairing, by=by, now=now, reason=move["reason"])
    return guides


def _begin_after(run: Run, guides: Mapping[str, list], *, by, now: datetime) -> list[Pairing]:
    proposals = {row.participation.city.slug: row for row in run.proposals.select_related("participation__city")}
    twins = {row.city.slug: row for row in Participation.objects.in_cohort(run.cohort).select_related("city")}
    hosts = {row.host.slug: row for row in Hosting.objects.in_cohort(run.cohort).select_related("host")}
    new, obstacles = [], []
    for move in run.moves:
        if not move["host"]:
            continue
        twin = move["twin"]
        try:
            pairing = confirm_pairing(twins[twin], hosting=hosts[move["host"]], by=by, now=now, reason=move["reason"])
        except Refused as refusal:
            obstacles.append(str(refusal))
            continue
        for user, is_lead in guides.get(twin, []):
            assign_facilitator(pairing, user=user, is_lead=is_lead, by=by, now=now)
        proposals[twin].pairing = pairing
        proposals[twin].save(update_fields=["pairing", "updated_at"])
        new.append(pairing)
    if obstacles:
        raise Refused(" ".join(obstacles))
    return new


@transaction.atomic
def set_prices(cohort: Cohort, *, prices: Mapping[str, int], by, now: datetime) -> dict[str, int]:
    """Say what changing a pair counts in the re-matches of this cohort, by how far it has come. Journals what changed.

    Refused where a pair that has come further would be cheaper to change.
    """
    ordered = [prices[stage] for stage in STAGES]
    if ordered != sorted(ordered):
        raise Refused(_("A pair that has come further may not count less than one that has not."))
    before = prices_of(cohort)
    for stage, price in prices.items():
        criterion = Criterion(cohort=cohort, slug=PRICE_SLUGS[stage], weight=price)
        require_clean(criterion, exclude=["cohort"], validate_unique=False, validate_constraints=False)
        Criterion.objects.update_or_create(cohort=cohort, slug=criterion.slug, defaults={"weight": price})
    changed = {stage: [before[stage], price] for stage, price in prices.items() if before[stage] != price}
    if changed:
        record(cohort, "matching.criteria.changed", by=by, at=now, data={"changed": changed})
    return prices_of(cohort)
