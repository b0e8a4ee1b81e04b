"""The two questions of every view: does this person see it (else 404), may they do it (else 403).

What a person sees is `QuerySet.visible_to(user)`; what they may do is the table in each app's `rules.py`
(permission name -> predicate, django-rules), asked through `require`.
"""

from typing import TypeVar

import rules
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

ModelT = TypeVar("ModelT", bound=Model)


def get_visible_or_404(queryset: QuerySet[ModelT], user, **lookup: object) -> ModelT:
    """The one object of `queryset` that `user` may see. What they may not see does not exist: 404."""
    return get_object_or_404(queryset.visible_to(user), **lookup)


def may(user, permission: str, obj: object = None) -> bool:
    """Whether the policy lets `user` do this. An unknown permission is a programming error, never a quiet no."""
    if not rules.perm_exists(permission):
        raise LookupError(f"No rule is named {permission!r}.")
    return rules.has_perm(permission, user, obj)


def require(user, permission: str, obj: object = None) -> None:
    """Raise 403 unless the policy lets `user` do this."""
    if not may(user, permission, obj):
        raise PermissionDenied
