"""Who may do what with letters. Which letters somebody sees is `Letter.objects.visible_to`."""

import rules


@rules.predicate
def is_active(user) -> bool:
    """Anybody with an active account."""
    return user.is_authenticated and user.is_active


@rules.predicate
def steers(user) -> bool:
    """An active administrator or coordinator."""
    return user.is_authenticated and user.steers


rules.add_perm("mail.view_letters", is_active)
rules.add_perm("mail.steer_letters", steers)  # send again, cancel
