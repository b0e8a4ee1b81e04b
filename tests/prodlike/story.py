"""Run as a program with the environment of production: one officer owes a roadmap in two days, another one submits theirs."""

import json
import os
from datetime import timedelta

import django


def tell():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")
    django.setup()
    from django.utils import timezone

    from outputs.services.submitting import submit_output
    from tests.factories.cohorts import MembershipFactory
    from tests.factories.outputs import OutputFactory, complete_roadmap

    now = timezone.now()
    owed = OutputFactory(draft=True, due_on=timezone.localdate(now) + timedelta(days=2))
    late = MembershipFactory(participation=owed.participation, lead=True).user
    done = OutputFactory(draft=True, due_on=timezone.localdate(now) + timedelta(days=2))
    early = MembershipFactory(participation=done.participation, lead=True).user
    complete_roadmap(done, by=early)
    version = submit_output(done, by=early, now=now)
    print(json.dumps({"late": late.email, "early": early.email, "document": version.documents.get().pk}))


if __name__ == "__main__":
    tell()
