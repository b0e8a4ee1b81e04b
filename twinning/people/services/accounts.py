"""Accounts: settings, roles on the platform, deactivation."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import models, transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused
from twinning.mail.services import cancel_letters_to

from ..models import User
from ..registry import ROLE_LOST
from ..roles import FACILITATES, PlatformRole

OWN_SETTINGS = ("name", "organisation", "language", "time_zone", "theme")


@transaction.atomic
def change_settings(user: User, *, by: User, now: datetime, **settings: str) -> User:
    """Change what people decide about themselves (`OWN_SETTINGS`). Journals which ones changed, not the values."""
    unknown = settings.keys() - set(OWN_SETTINGS)
    if unknown:
        raise TypeError(f"No settings of a person: {', '.join(sorted(unknown))}")
    user = _locked(user)
    changed = [name for name, value in settings.items() if getattr(user, name) != value]
    if not changed:
        return user
    for name in changed:
        setattr(user, name, settings[name])
    user.full_clean(exclude=["password", "code"])
    user.save(update_fields=[*changed, "updated_at"])
    labels = [str(User._meta.get_field(name).verbose_name) for name in changed]
    record(user, "people.person.changed", by=by, at=now, data={"fields": ", ".join(labels)})
    return user


@transaction.atomic
def set_role(user: User, *, role: str, by: User, now: datetime) -> User:
    """Give somebody another role on the platform, or none. Journals it.

    Who may no longer facilitate is released from pairings and teams in the same breath.
    Refused where it would leave the platform without an administrator.
    """
    user, is_last = _locked_with_administrators(user)
    role = PlatformRole(role)
    if role == user.platform_role:
        return user
    if is_last:
        _refuse_last_administrator()
    before, user.platform_role = PlatformRole(user.platform_role), role
    user.save(update_fields=["platform_role", "updated_at"])
    data = {"before": str(before.label), "after": str(role.label)}
    record(user, "people.role.changed", by=by, at=now, data=data)
    if before in FACILITATES and role not in FACILITATES:
        for end in ROLE_LOST:
            end(user, by=by, now=now)
    return user


@transaction.atomic
def deactivate_person(user: User, *, by: User, now: datetime, reason: str) -> User:
    """Close an account: no more sign-in, every session ends, letters to it stop. What the person wrote stays.

    Journals it with its reason. Refused for oneself and for the last administrator.
    """
    if user.pk == by.pk:
        raise Refused(_("You cannot deactivate your own account. Ask another administrator."))
    user, is_last = _locked_with_administrators(user)
    if not user.is_active:
        raise Refused(_("The account is deactivated already."))
    if is_last:
        _refuse_last_administrator()
    user.is_active = False
    user.save(update_fields=["is_active", "updated_at"])
    end_sessions(user)
    cancel_letters_to(user, by=by, now=now)
    record(user, "people.person.deactivated", by=by, at=now, data={"reason": reason})
    return user


@transaction.atomic
def reactivate_person(user: User, *, by: User, now: datetime) -> User:
    """Let somebody sign in again, with the roles they had. Journals it."""
    user = _locked(user)
    if user.is_active:
        raise Refused(_("The account is active."))
    user.is_active = True
    user.save(update_fields=["is_active", "updated_at"])
    record(user, "people.person.reactivated", by=by, at=now)
    return user


def end_sessions(user: User) -> None:
    """Sign somebody out everywhere. Whatever session remains unknown here ends too: nobody inactive is let in."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _locked_with_administrators(user: User) -> tuple[User, bool]:
    """The locked person, and whether they are the last active administrator.

    All administrators are locked in one order, so that two of them cannot demote each other at the same moment.
    """
    administrators = models.Q(is_active=True, platform_role=PlatformRole.ADMINISTRATOR)
    people = User.objects.filter(models.Q(pk=user.pk) | administrators).select_for_update(of=("self",)).order_by("pk")
    locked = {person.pk: person for person in people}
    others = [person for person in locked.values() if person.is_administrator and person.pk != user.pk]
    return locked[user.pk], locked[user.pk].is_administrator and not others


def _refuse_last_administrator() -> None:
    raise Refused(_("This is the last administrator. Make somebody else administrator first."))
