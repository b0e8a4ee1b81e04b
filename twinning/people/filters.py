"""Narrowing the lists of people and invitations."""

import django_filters
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import Invitation, User
from .roles import PlatformRole

INVITATION_STATES = [
    ("open", _("Open")),
    ("accepted", _("Accepted")),
    ("expired", _("Expired")),
    ("withdrawn", _("Withdrawn")),
]


class PersonFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        label=_("Name, address or organisation"),
        method="filter_search",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    role = django_filters.ChoiceFilter(
        label=_("Role"),
        field_name="platform_role",
        choices=[(value or "none", label) for value, label in PlatformRole.choices],
        method="filter_role",
        empty_label=_("All roles"),
    )
    is_active = django_filters.ChoiceFilter(
        label=_("Account"),
        choices=[("yes", _("Active")), ("no", _("Deactivated"))],
        method="filter_active",
        empty_label=_("All accounts"),
    )

    class Meta:
        model = User
        fields = ["search", "role", "is_active"]

    def filter_search(self, people: models.QuerySet, name: str, value: str) -> models.QuerySet:
        for word in value.split():
            people = people.filter(
                models.Q(name__icontains=word)
                | models.Q(email__icontains=word)
                | models.Q(organisation__icontains=word)
            )
        return people

    def filter_role(self, people: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return people.filter(platform_role="" if value == "none" else value)

    def filter_active(self, people: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return people.filter(is_active=value == "yes")


class InvitationFilter(django_filters.FilterSet):
    """`now` decides what is open and what has expired."""

    search = django_filters.CharFilter(
        label=_("Name or address"), method="filter_search", widget=forms.TextInput(attrs={"type": "search"})
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=INVITATION_STATES, method="filter_state", empty_label=_("All states")
    )

    class Meta:
        model = Invitation
        fields = ["search", "state"]

    def __init__(self, *args: object, now, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def filter_search(self, invitations: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return invitations.filter(models.Q(name__icontains=value) | models.Q(email__icontains=value))

    def filter_state(self, invitations: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return invitations.in_state(value, self.now)
