"""Who may do what in the shared world. Predicates ask role and scope; moves ask their table for the stage.

A predicate's object may be a cohort or anything that leads to one (`_cohort_of`). Predicates query at most once per
object; lists decide per role instead (`user.steers`), never per row.
"""

import rules

from twinning.people.rules import is_administrator, sees_all, steers

from .models import Cohort, FacilitatorAssignment, HostContact, Membership, Participation
from .states import MemberRole


def _cohort_of(obj) -> Cohort | None:
    if isinstance(obj, Cohort) or obj is None:
        return obj
    if hasattr(obj, "cohort"):
        return obj.cohort
    return obj.participation.cohort


@rules.predicate
def is_on_team(user, obj) -> bool:
    """A facilitator whom the cohort's team lists."""
    cohort = _cohort_of(obj)
    return bool(cohort) and user.is_facilitator and cohort.team_members.filter(user=user).exists()


@rules.predicate
def is_observer(user) -> bool:
    """An active observer: reads everything, changes nothing."""
    return user.is_authenticated and user.is_observer


@rules.predicate
def is_assigned(user, pairing) -> bool:
    """A facilitator assigned to this pairing now."""
    if pairing is None or not user.is_facilitator:
        return False
    return FacilitatorAssignment.objects.current().filter(pairing=pairing, user=user).exists()


def _participation_id(obj) -> int | None:
    """The key of a participation, or of the one that something belongs to; reads nothing."""
    return obj.pk if isinstance(obj, Participation) else getattr(obj, "participation_id", None)


@rules.predicate
def is_officer(user, participation) -> bool:
    """A lead officer or officer of this participation now."""
    pk = _participation_id(participation)
    return pk is not None and Membership.objects.current().filter(participation=pk, user=user).exists()


@rules.predicate
def is_lead_officer(user, participation) -> bool:
    """The lead officer of this participation now."""
    pk = _participation_id(participation)
    lead = Membership.objects.current().filter(participation=pk, user=user, role=MemberRole.LEAD_OFFICER)
    return pk is not None and lead.exists()


@rules.predicate
def is_host_contact(user, pairing) -> bool:
    """Somebody who speaks for this pairing's host in the cohort now."""
    return pairing is not None and HostContact.objects.current().filter(hosting=pairing.hosting, user=user).exists()


@rules.predicate
def is_officer_of_city(user, city) -> bool:
    """An officer of this city now, in any cohort."""
    return city is not None and Membership.objects.current().filter(participation__city=city, user=user).exists()


@rules.predicate
def is_contact_of_city(user, city) -> bool:
    """Somebody who speaks now for a host that this city belongs to."""
    return city is not None and HostContact.objects.current().filter(hosting__host__cities=city, user=user).exists()


@rules.predicate
def event_is_of_assigned_pairing(user, event) -> bool:
    """A facilitator assigned to the pairing whose event this is."""
    return event is not None and event.pairing_id is not None and is_assigned(user, event.pairing)


@rules.predicate
def event_is_of_own_pairing(user, event) -> bool:
    """An officer or host contact of the pairing whose event this is."""
    if event is None or event.pairing_id is None:
        return False
    return is_officer(user, event.pairing) or is_host_contact(user, event.pairing)


runs_cohort = steers | is_on_team
sees_cohort_whole = sees_all | is_on_team

rules.add_perm("cohorts.manage_programmes", is_administrator)
rules.add_perm("cohorts.view_programmes", sees_all)
rules.add_perm("cohorts.manage_vocabularies", is_administrator)
rules.add_perm("cohorts.import_package", is_administrator)
rules.add_perm("cohorts.create_cohort", is_administrator)
rules.add_perm("cohorts.manage_register", steers)  # cities and hosts
rules.add_perm("cohorts.state_fact", steers | is_officer_of_city | is_contact_of_city)  # object: city
rules.add_perm("cohorts.describe_participation", runs_cohort | is_officer)  # object: participation
rules.add_perm("cohorts.plan_calendar", steers)
rules.add_perm("cohorts.change_cohort", steers)  # reminder rule, team
rules.add_perm("cohorts.export_cohort", sees_all)  # workbook
rules.add_perm("cohorts.view_cohort_whole", sees_cohort_whole)  # every pairing, states of outputs, letters
rules.add_perm("cohorts.change_participation", runs_cohort)
rules.add_perm("cohorts.manage_members", runs_cohort | is_lead_officer)  # object: participation
rules.add_perm("cohorts.change_hosting", runs_cohort)
rules.add_perm("cohorts.confirm_pairing", runs_cohort)
rules.add_perm("cohorts.announce_pairings", runs_cohort)
rules.add_perm("cohorts.end_pairing", runs_cohort)
rules.add_perm("cohorts.answer_pairing", is_officer | is_host_contact)
rules.add_perm("cohorts.state_fit", is_officer | is_host_contact)
rules.add_perm("cohorts.assign_facilitator", runs_cohort)
rules.add_perm("cohorts.change_event", steers | is_on_team | event_is_of_assigned_pairing | event_is_of_own_pairing)
rules.add_perm("cohorts.hold_event", steers | is_on_team | event_is_of_assigned_pairing)
rules.add_perm("cohorts.sign_off_milestone", steers | is_on_team)
