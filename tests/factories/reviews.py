import datetime

import factory
from django.utils import timezone

from outputs.models import Checklist, ChecklistAnswer, FactCheck, LibraryEntry, PeerInvitation, RowOrigin
from outputs.states import FactVerdict, ReviewMark

from .cohorts import LONG_AGO, MembershipFactory, ProgrammeFactory
from .outputs import OutputFactory, OutputVersionFactory
from .people import UserFactory


class ChecklistFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Checklist

    programme = factory.SubFactory(ProgrammeFactory)
    kind = "learning_roadmap"
    questions = ["Is every objective a question?"]


class ChecklistAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ChecklistAnswer

    version = factory.SubFactory(OutputVersionFactory)
    position = 1
    question = factory.Sequence(lambda n: f"Question {n}?")
    mark = ReviewMark.PARTLY
    answered_by = factory.SubFactory(UserFactory, facilitator=True)
    answered_at = LONG_AGO


class FactCheckFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FactCheck

    version = factory.SubFactory(OutputVersionFactory)
    anchor = factory.Sequence(lambda n: f"row:candidates:C{n}")
    verdict = FactVerdict.RIGHT
    checked_by = factory.SubFactory(UserFactory)
    checked_at = LONG_AGO


class PeerInvitationFactory(factory.django.DjangoModelFactory):
    """Open for a week; the database's clock decides, so the days are counted from now."""

    class Meta:
        model = PeerInvitation

    class Params:
        past = factory.Trait(until=factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=2)))

    version = factory.SubFactory(OutputVersionFactory)
    participation = factory.LazyAttribute(
        lambda made: MembershipFactory(participation__cohort=made.version.output.participation.cohort).participation
    )
    guest = factory.LazyAttribute(lambda made: made.participation.memberships.get().user)
    until = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=7))
    invited_by = factory.SubFactory(UserFactory, facilitator=True)
    invited_at = LONG_AGO


class LibraryEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LibraryEntry

    output = factory.SubFactory(OutputFactory, accepted=True)
    version = factory.LazyAttribute(lambda entry: OutputVersionFactory(output=entry.output))
    search_text = "heat"
    entered_at = LONG_AGO


class RowOriginFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RowOrigin

    output = factory.SubFactory(OutputFactory, draft=True)
    table = "stakeholders"
    row = factory.Sequence(lambda n: f"R{n}")
    source = factory.SubFactory(OutputVersionFactory)
    source_row = "AAAA"
    taken_by = factory.SubFactory(UserFactory)
    taken_at = LONG_AGO
