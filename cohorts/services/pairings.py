"""The life of a pairing: confirmed, announced, ended; and who accompanies it."""

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.days import is_working_day
from twinning.core.errors import Refused
from twinning.mail.models import Letter
from twinning.mail.services import compose_letter, queue_mail
from twinning.people.models import User

from ..models import Cohort, FacilitatorAssignment, Hosting, Pairing, Participation, host_label
from ..registry import follow_up
from ..states import OPEN_PAIRING, PAIRING_MOVES, PARTICIPATING, PARTICIPATION_MOVES, Confidence, PairingState
from .calendar import cancel_pairing_events, plan_pairing
from .participation_moves import move_participation


@transaction.atomic
def confirm_pairing(participation: Participation, *, hosting: Hosting, by, now: datetime, reason: str = "") -> Pairing:
    """Decide that this twin learns with this host. Nobody is told before `announce_pairings`.

    Journals it and lets the higher apps follow up: the twin's outputs and the pairing's visits come into being.
    Refused where the twin has a host already, has left, the host is full or withdrawn, or both sides are one city.
    """
    participation = (
        Participation.objects.select_for_update(of=("self",)).select_related("city", "cohort").get(pk=participation.pk)
    )
    hosting = Hosting.objects.select_for_update(of=("self",)).select_related("host").get(pk=hosting.pk)
    _refuse_impossible(participation, hosting)
    pairing = Pairing(
        participation=participation,
        hosting=hosting,
        state=PairingState.CONFIRMED,
        confidence=Confidence.DECIDED,
        decision_reason=reason,
        confirmed_at=now,
        confirmed_by=by,
    )
    pairing.full_clean(exclude=["code"])
    pairing.save()
    record(pairing, "cohorts.pairing.confirmed", by=by, at=now, data={"reason": reason})
    plan_pairing(pairing, by=by, now=now)
    follow_up("pairing_confirmed", pairing, by=by, now=now)
    return pairing


def _refuse_impossible(participation: Participation, hosting: Hosting) -> None:
    names = {"twin": participation.city.name, "host": host_label(hosting.host)}
    if hosting.cohort_id != participation.cohort_id:
        raise Refused(_("%(host)s is not a host in the cohort of %(twin)s.") % names)
    if participation.state not in PARTICIPATING:
        raise Refused(_("%(twin)s does not take part any more.") % names)
    if hosting.withdrawn_on:
        raise Refused(_("%(host)s has withdrawn from this cohort.") % names)
    if participation.pairings.open().exists():
        raise Refused(_("%(twin)s already has a host. End that pairing first.") % names)
    if hosting.host.cities.filter(pk=participation.city_id).exists():
        raise Refused(_("%(twin)s is a city of %(host)s itself.") % names)
    if hosting.pairings.open().count() >= hosting.capacity_maximum:
        raise Refused(
            _("%(host)s has no free place: it takes %(most)s twins at most.")
            % (names | {"most": hosting.capacity_maximum})
        )


@transaction.atomic
def announce_pairings(cohort: Cohort, *, pairings, by, now: datetime) -> list[Pairing]:
    """Tell both sides. Journals each pairing and queues one letter to every officer and host contact.

    A twin that was selected or confirmed takes part from now on.

    `pairings` are confirmed pairings of the cohort; those announced meanwhile are passed over. From now on both
    sides see the pairing, and the cohort's setting says until when they are asked to accept it.
    """
    announced = []
    answer_by = _answer_day(cohort, now)
    chosen = {pairing.pk for pairing in pairings}
    waiting = (
        Pairing.objects.in_cohort(cohort)
        .filter(pk__in=chosen, state=PairingState.CONFIRMED)
        .select_for_update(of=("self",))
        .select_related("participation__city", "hosting__host")
        .prefetch_related("hosting__host__host_cities__city")
        .order_by("pk")
    )
    for pairing in waiting:
        pairing.state = PAIRING_MOVES.target("announce", state=pairing.state)
        pairing.announced_at = now
        pairing.answer_by = answer_by
        pairing.save(update_fields=["state", "announced_at", "answer_by", "updated_at"])
        record(pairing, "cohorts.pairing.announced", by=by, at=now)
        if PARTICIPATION_MOVES.allows("activate", state=pairing.participation.state):
            move_participation(pairing.participation, "activate", by=by, now=now)
        for person in people_of(pairing):
            queue_mail(
                "pairing_announced",
                to=person,
                about=pairing,
                now=now,
                cohort_slug=cohort.slug,
                context=_announcement(pairing, cohort),
                once_key=f"pairing_announced:{pairing.code}:{person.code}",
            )
        announced.append(pairing)
    return announced


def _announcement(pairing: Pairing, cohort: Cohort) -> dict:
    host = host_label(pairing.hosting.host)
    return {"pairing": pairing, "cohort": cohort, "host": host, "kickoff": cohort.kickoff_on}


def preview_announcement(cohort: Cohort, pairing: Pairing, *, reader, now: datetime):
    """The letter that `announce_pairings` would write to `reader` now, not saved. Changes nothing."""
    as_announced = copy(pairing)
    as_announced.answer_by = _answer_day(cohort, now)
    return compose_letter(
        "pairing_announced", to=reader, about=as_announced, context=_announcement(as_announced, cohort)
    )


def _answer_day(cohort: Cohort, now: datetime) -> date | None:
    """The last day for an answer, in working days of the cohort's zone; None where the cohort asks for none."""
    if not cohort.answer_days:
        return None
    day, left = localdate(now, ZoneInfo(cohort.time_zone)), cohort.answer_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def people_of(pairing: Pairing) -> list:
    """The officers and host contacts of a pairing, each once, in a stable order."""
    members = [row.user for row in pairing.participation.memberships.current().select_related("user").order_by("pk")]
    contacts = [row.user for row in pairing.hosting.contacts.current().select_related("user").order_by("pk")]
    return list({person.pk: person for person in members + contacts if person.is_active}.values())


@transaction.atomic
def end_pairing(pairing: Pairing, *, by, now: datetime, reason: str, tells: bool = False) -> Pairing:
    """End a pairing, with a reason; it stays as history and the outputs stay with the twin.

    Ends the facilitators' assignments and cancels what was still planned. Afterwards the twin can be paired anew.
    With `tells`, both sides of a pairing that they know of get a letter that says so.
    """
    pairing = Pairing.objects.select_for_update(of=("self",)).get(pk=pairing.pk)
    pairing.state = PAIRING_MOVES.target("end", state=pairing.state)
    pairing.ended_at = now
    pairing.ended_reason = reason.strip()
    pairing.full_clean(exclude=["code"])
    pairing.save(update_fields=["state", "ended_at", "ended_reason", "updated_at"])
    pairing.assignments.current().update(ended_at=now)
    cancel_pairing_events(pairing, by=by, now=now)
    record(pairing, "cohorts.pairing.ended", by=by, at=now, data={"reason": pairing.ended_reason})
    if tells and pairing.announced_at:
        tell_of_end(pairing, readers=people_of(pairing), reason=pairing.ended_reason, now=now)
    return pairing


def tell_of_end(pairing: Pairing, *, readers: Iterable[User], reason: str, now: datetime) -> None:
    """Queue one letter to each of these people: this pairing ends, and why."""
    for person in readers:
        queue_mail(
            "pairing_ended",
            to=person,
            about=pairing,
            now=now,
            cohort_slug=pairing.participation.cohort.slug,
            context=_end(pairing, reason),
            once_key=f"pairing_ended:{pairing.code}:{person.code}",
        )


def preview_end(pairing: Pairing, *, reader: User, reason: str) -> Letter:
    """The letter that `tell_of_end` would write to `reader`, not saved. Changes nothing."""
    return compose_letter("pairing_ended", to=reader, about=pairing, context=_end(pairing, reason))


def _end(pairing: Pairing, reason: str) -> dict:
    host = host_label(pairing.hosting.host)
    return {"pairing": pairing, "cohort": pairing.participation.cohort, "host": host, "reason": reason}


@transaction.atomic
def rematch_participation(pairing: Pairing, *, hosting: Hosting, by, now: datetime, reason: str) -> Pairing:
    """Give the twin of `pairing` another host: ends the old pairing and confirms the new one, in one step.

    The facilitators go along. Where both sides knew of the old pairing, the new one is announced in the same step, so
    that nobody sees the end before the beginning, and who hears of no other host is told of the end; otherwise nobody
    is told before `announce_pairings`.
    """
    facilitators = [(row.user, row.is_lead) for row in pairing.assignments.current().select_related("user")]
    end_pairing(pairing, by=by, now=now, reason=reason)
    new = confirm_pairing(pairing.participation, hosting=hosting, by=by, now=now, reason=reason)
    for user, is_lead in facilitators:
        assign_facilitator(new, user=user, is_lead=is_lead, by=by, now=now)
    if pairing.announced_at:
        announce_pairings(new.participation.cohort, pairings=[new], by=by, now=now)
        hear_of_new = people_of(new)
        left = [person for person in people_of(pairing) if person not in hear_of_new]
        tell_of_end(pairing, readers=left, reason=reason, now=now)
        new.refresh_from_db(fields=["state", "announced_at", "answer_by"])
    return new


@transaction.atomic
def assign_facilitator(pairing: Pairing, *, user, by, now: datetime, is_lead: bool = True) -> FacilitatorAssignment:
    """Let this person accompany the pairing, from now on. A new lead releases the lead of before. Queues a letter."""
    if pairing.state not in OPEN_PAIRING:
        raise Refused(_("The pairing has ended."))
    if not (user.is_facilitator or user.steers):
        raise Refused(_("%(person)s is no facilitator.") % {"person": user})
    if pairing.assignments.current().filter(user=user).exists():
        raise Refused(_("%(person)s accompanies this pairing already.") % {"person": user})
    if is_lead:
        for lead in pairing.assignments.current().filter(is_lead=True):
            release_facilitator(lead, by=by, now=now)
    assignment = FacilitatorAssignment.objects.create(pairing=pairing, user=user, is_lead=is_lead, since=now)
    record(pairing, "cohorts.facilitator.assigned", by=by, at=now, data={"person": str(user)})
    queue_mail(
        "facilitator_assigned",
        to=user,
        about=pairing,
        now=now,
        cohort_slug=pairing.participation.cohort.slug,
        context={"pairing": pairing, "host": host_label(pairing.hosting.host)},
    )
    return assignment


@transaction.atomic
def release_facilitator(assignment: FacilitatorAssignment, *, by, now: datetime) -> None:
    """End an assignment; it stays as history."""
    assignment.ended_at = now
    assignment.save(update_fields=["ended_at", "updated_at"])
    record(assignment.pairing, "cohorts.facilitator.released", by=by, at=now, data={"person": str(assignment.user)})
