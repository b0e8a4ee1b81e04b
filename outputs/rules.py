"""Who may do what with an output. The stage is asked by the moves' table in the services."""

import rules

from cohorts.models import FacilitatorAssignment, HostContact
from cohorts.rules import is_lead_officer, is_officer
from cohorts.states import OPEN_PAIRING, PairingState
from twinning.people.rules import is_administrator, sees_all, steers


@rules.predicate
def reviews_output(user, output) -> bool:
    """A facilitator assigned to the open pairing of the output's twin."""
    if output is None or not user.is_facilitator:
        return False
    return (
        FacilitatorAssignment.objects.current()
        .filter(pairing__participation=output.participation_id, pairing__state__in=OPEN_PAIRING, user=user)
        .exists()
    )


def _contacts_of_host(output):
    """Those who speak for the host to whom the output's twin is paired now, announced."""
    return HostContact.objects.current().filter(
        hosting__pairings__participation=output.participation_id, hosting__pairings__state=PairingState.ANNOUNCED
    )


@rules.predicate
def hosts_output(user, output) -> bool:
    """A contact of the host to whom the output's twin is paired now, announced."""
    return output is not None and _contacts_of_host(output).filter(user=user).exists()


@rules.predicate
def writes_for_host(user, output) -> bool:
    """A contact of that host; an officer of the twin, as long as nobody has an account for the host."""
    if output is None:
        return False
    contacts = set(_contacts_of_host(output).values_list("user", flat=True))
    return user.pk in contacts if contacts else is_officer(user, output)


@rules.predicate
def reads_as_guest(user, output) -> bool:
    """An officer of another city whose invitation to read a version of the output is open."""
    return output is not None and user.peer_invitations.open().filter(version__output=output).exists()


@rules.predicate
def accompanies_twin(user, participation) -> bool:
    """A facilitator assigned to a pairing of this participation now."""
    if participation is None or not user.is_facilitator:
        return False
    return FacilitatorAssignment.objects.current().filter(pairing__participation=participation, user=user).exists()


is_reviewer = steers | reviews_output

rules.add_perm("outputs.write_output", is_officer)  # the twin's side
rules.add_perm("outputs.note_idea", is_officer | is_reviewer)  # what was seen on a visit
rules.add_perm("outputs.write_host_part", writes_for_host)  # its offers, its own objectives
rules.add_perm("outputs.submit_output", is_officer)
rules.add_perm("outputs.submit_on_behalf", is_reviewer)  # marked as such
rules.add_perm("outputs.review_output", is_reviewer)  # send back, accept, internal comments
rules.add_perm("outputs.comment_output", is_officer | is_reviewer | hosts_output | reads_as_guest)
rules.add_perm("outputs.extend_output", is_reviewer)
rules.add_perm("outputs.waive_output", steers)
rules.add_perm("outputs.reopen_output", steers)
rules.add_perm("outputs.check_facts", hosts_output)
rules.add_perm("outputs.invite_peer", is_reviewer | is_lead_officer)
rules.add_perm("outputs.manage_checklists", is_administrator)
rules.add_perm("outputs.retry_document", is_officer | is_reviewer)
rules.add_perm("outputs.make_folder", sees_all | is_officer | accompanies_twin)  # everything that a city has submitted
rules.add_perm("outputs.publish_summary", is_lead_officer)  # consent, and taking it back
