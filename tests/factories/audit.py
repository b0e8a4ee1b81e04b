import datetime

import factory

from twinning.audit.models import JournalEntry

from .people import UserFactory


class JournalEntryFactory(factory.django.DjangoModelFactory):
    """A line about a person."""

    class Meta:
        model = JournalEntry

    class Params:
        about = factory.SubFactory(UserFactory)

    at = datetime.datetime(2026, 11, 21, 9, 0, tzinfo=datetime.UTC)
    by = factory.SubFactory(UserFactory)
    verb = "people.person.reactivated"
    object_type = "people.user"
    object_id = factory.LazyAttribute(lambda line: line.about.pk)
    object_label = factory.LazyAttribute(lambda line: str(line.about))
