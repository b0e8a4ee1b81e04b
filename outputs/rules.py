"""Who may do what with an output. The stage is asked by the moves' table in the services."""

import rules

from cohorts.models import FacilitatorAssignment
from cohorts.rules import is_lead_officer, is_officer
from twinning.people.rules import is_administrator, sees_all, steers

from .models import Output


def _with_roles(user, output: Output) -> Output:
    """The output with what this person is to it: as the page has read it, else asked now, once for each question."""
    if getattr(output, "roles_of", None) == user.pk:
        return output
    return Output.objects.with_roles_of(user).only("pk").get(pk=output.pk)


@rules.predicate
def writes_output(user, output) -> bool:
    """An officer of the output's twin now."""
    return output is not None and _with_roles(user, output).is_of_officer


@rules.predicate
def reviews_output(user, output) -> bool:
    """A facilitator assigned to the open pairing of the output's twin."""
    return output is not None and user.is_facilitator and _with_roles(user, output).is_of_facilitator


@rules.predicate
def hosts_output(user, output) -> bool:
    """A contact of the host to whom the output's twin is paired now, announced."""
    return output is not None and _with_roles(user, output).is_of_host_contact


@rules.predicate
def writes_for_host(user, output) -> bool:
    """A contact of that host; an officer of the twin, as long as nobody has an account for the host."""
    if output is None:
        return False
    roles = _with_roles(user, output)
    return roles.is_of_host_contact or (roles.is_of_officer and not roles.has_host_contact)


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

rules.add_perm("outputs.write_output", writes_output)  # the twin's side
rules.add_perm("outputs.note_idea", writes_output | is_reviewer)  # what was seen on a visit
rules.add_perm("outputs.write_host_part", writes_for_host)  # its offers, its own objectives
rules.add_perm("outputs.submit_output", writes_output)
rules.add_perm("outputs.submit_on_behalf", is_reviewer)  # marked as such
rules.add_perm("outputs.review_output", is_reviewer)  # send back, accept, internal comments
rules.add_perm("outputs.comment_output", writes_output | is_reviewer | hosts_output | reads_as_guest)
rules.add_perm("outputs.extend_output", is_reviewer)
rules.add_perm("outputs.waive_output", steers)
rules.add_perm("outputs.reopen_output", steers)
rules.add_perm("outputs.check_facts", hosts_output)
rules.add_perm("outputs.invite_peer", is_reviewer | is_lead_officer)
rules.add_perm("outputs.manage_checklists", is_administrator)
rules.add_perm("outputs.retry_document", writes_output | is_reviewer)
rules.add_perm("outputs.make_folder", sees_all | is_officer | accompanies_twin)  # everything that a city has submitted
rules.add_perm("outputs.publish_summary", is_lead_officer)  # consent, and taking it back
