"""Reading people and invitations for pages."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from .models import Invitation, User
from .registry import HeldRole, held_roles


def people_for_list(user: User) -> models.QuerySet[User]:
    """The accounts that `user` may see, by name."""
    return User.objects.visible_to(user).order_by("name", "email", "pk")


@dataclass(frozen=True)
class PersonRow:
    person: User
    roles: list[HeldRole]  # outside the platform


def person_rows(people) -> list[PersonRow]:
    """People of one page with the roles that other apps give them; the number of queries does not grow with them."""
    people = list(people)
    roles = held_roles(people)
    return [PersonRow(person, roles[person.pk]) for person in people]


def invitations_for_list(user: User) -> models.QuerySet[Invitation]:
    """The invitations that `user` may see, the newest first."""
    return (
        Invitation.objects.visible_to(user).select_related("invited_by", "accepted_by").order_by("-created_at", "-pk")
    )


@dataclass(frozen=True)
class InvitationRow:
    invitation: Invitation
    state: str  # open, accepted, withdrawn, expired

    @property
    def can_change(self) -> bool:
        """Whether it can be sent again or withdrawn."""
        return self.state in ("open", "expired")


def invitation_rows(invitations, now: datetime) -> list[InvitationRow]:
    return [InvitationRow(invitation, invitation.state_at(now)) for invitation in invitations]
