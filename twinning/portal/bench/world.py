"""The data that pages are measured on: the demo's cohort, and copies of its twins, hosts and pairings in the same cohort."""

import copy
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import models
from django.urls import reverse

from cohorts.models import (
    City,
    Cohort,
    Event,
    FacilitatorAssignment,
    Host,
    HostCity,
    Hosting,
    Pairing,
    Participation,
)
from outputs.models import Output
from twinning.core.models import new_code
from twinning.people.models import User

BATCH = 500
STEP = 1000  # positions of a copy begin at so many times its number


def build(copies: int) -> dict:
    """A migrated and seeded database with the cohort `copies` times as large. Returns what `pages` asks for and as whom."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("seed_demo", verbosity=0)
    cohort = Cohort.objects.get(slug="cohort-1")
    originals = rows_of(cohort)
    for number in range(1, copies):
        copier = Copier(number)
        for rows in originals:
            copier.copy(rows)
    return {"pages": addresses(cohort), "sessions": sessions()}


def rows_of(cohort: Cohort) -> list[list[models.Model]]:
    """What makes a cohort large, in the order in which it must be copied: what is pointed to comes first."""
    twins, hostings = Participation.objects.in_cohort(cohort), Hosting.objects.in_cohort(cohort)
    pairings = Pairing.objects.in_cohort(cohort)
    return [
        list(rows.order_by("pk"))
        for rows in (
            City.objects.filter(participations__in=twins),
            twins,
            Host.objects.filter(hostings__in=hostings),
            HostCity.objects.filter(host__hostings__in=hostings),
            hostings,
            pairings,
            FacilitatorAssignment.objects.filter(pairing__in=pairings),
            Event.objects.filter(pairing__in=pairings),
            Output.objects.filter(participation__in=twins),
        )
    ]


class Copier:
    """Copies rows, and points each copy to the copies of what its original pointed to."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.copies: dict[tuple[type[models.Model], int], models.Model] = {}

    def copy(self, rows: list[models.Model]) -> None:
        copies = [self._copy_of(row) for row in rows]
        type(rows[0]).objects.bulk_create(copies, batch_size=BATCH)
        self.copies |= {(type(row), row.pk): twin for row, twin in zip(rows, copies, strict=True)}

    def _copy_of(self, row: models.Model) -> models.Model:
        twin = copy.copy(row)
        twin._state = models.base.ModelState()
        for field in (field for field in row._meta.concrete_fields if field.is_relation):
            target = self.copies.get((field.related_model, getattr(row, field.attname)))
            if target is not None:
                setattr(twin, field.name, target)
        twin.pk = None
        if hasattr(row, "code"):
            twin.code = new_code()
        if hasattr(row, "slug"):
            twin.slug = f"{row.slug}-{self.number}"
        if isinstance(row, Participation | Pairing):
            twin.position = row.position + STEP * self.number
        if isinstance(row, City):
            twin.name = f"{row.name} {self.number}"
        return twin


def addresses(cohort: Cohort) -> list[dict]:
    """What is measured: name, address, as whom, and which kind of page it is; for a save also the place and its text."""
    roadmap = Output.objects.get(kind="learning_roadmap", participation__city__slug="belfast")
    form = reverse("outputs:output-section", args=[roadmap.code, "objectives"])
    autosave, written = reverse("outputs:output-autosave", args=[roadmap.code]), roadmap.answers.get(field="baseline")
    return [
        {"name": "desk of a coordinator", "url": "/", "as": "coordinator", "kind": "dashboard"},
        {"name": "desk of a facilitator", "url": "/", "as": "facilitator", "kind": "dashboard"},
        {"name": "desk of an officer", "url": "/", "as": "officer.belfast", "kind": "dashboard"},
        {"name": "cohort page", "url": cohort.get_absolute_url(), "as": "coordinator", "kind": "dashboard"},
        {"name": "pairing list", "url": reverse("cohorts:pairing-list"), "as": "coordinator", "kind": "list"},
        {"name": "roadmap form", "url": form, "as": "officer.belfast", "kind": "form"},
        {
            "name": "autosave",
            "url": autosave,
            "as": "officer.belfast",
            "kind": "save",
            "place": f"answer:{written.field}",
            "text": written.text,
        },
    ]


def sessions() -> dict[str, str]:
    """Local part of an address -> a session that is signed in."""
    people = ("coordinator", "facilitator", "officer.belfast")
    return {each: session_of(User.objects.get(email=f"{each}@example.org")) for each in people}


def session_of(user: User) -> str:
    """The key of a session in which this person is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.set_expiry(timedelta(days=1))
    session.save()
    return session.session_key
