"""Roles that other apps own: how an invitation gives them, and who holds which. The owning app registers both."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

# kind -> function(user, details: dict, *, by, now)
GRANTS: dict[str, Callable[..., None]] = {}


def register_grant(kind: str, give: Callable[..., None]) -> None:
    GRANTS[kind] = give


@dataclass(frozen=True)
class HeldRole:
    """A role outside the platform that somebody holds now."""

    label: str  # "Lead officer of Belfast, Cohort 1"
    url: str = ""


# functions(users) -> user id -> roles; one call for all users of a page
HELD_ROLES: list[Callable[..., dict[int, list[HeldRole]]]] = []


def register_held_roles(find: Callable[..., dict[int, list[HeldRole]]]) -> None:
    HELD_ROLES.append(find)


def held_roles(users: Iterable) -> dict[int, list[HeldRole]]:
    """The roles of these people outside the platform, by user id."""
    users = list(users)
    found: dict[int, list[HeldRole]] = {user.pk: [] for user in users}
    for find in HELD_ROLES:
        for user_id, roles in find(users).items():
            found[user_id].extend(roles)
    return found


# functions(user, *, by, now): what ends elsewhere when somebody may no longer facilitate
ROLE_LOST: list[Callable[..., None]] = []


def register_role_lost(end: Callable[..., None]) -> None:
    ROLE_LOST.append(end)
