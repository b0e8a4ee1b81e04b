"""Who may do what with accounts and invitations."""

import rules


@rules.predicate
def is_administrator(user) -> bool:
    """An active administrator."""
    return user.is_authenticated and user.is_administrator


@rules.predicate
def steers(user) -> bool:
    """An active administrator or coordinator."""
    return user.is_authenticated and user.steers


@rules.predicate
def sees_all(user) -> bool:
    """An active administrator, coordinator or observer."""
    return user.is_authenticated and user.sees_all


@rules.predicate
def sent_invitation(user, invitation) -> bool:
    """Who sent this invitation."""
    return invitation is not None and invitation.invited_by_id == user.pk


@rules.predicate
def is_oneself(user, person) -> bool:
    """The person themselves."""
    return person is not None and user.is_authenticated and person.pk == user.pk


rules.add_perm("people.manage_people", is_administrator)  # list, roles, deactivation
rules.add_perm("people.view_person", is_administrator | is_oneself)
rules.add_perm("people.invite_person", steers)
rules.add_perm("people.change_invitation", steers | sent_invitation)  # send again, withdraw
