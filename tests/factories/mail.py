import datetime

import factory

from twinning.mail.models import Letter
from twinning.mail.states import LetterState

from .people import UserFactory

QUEUED_AT = datetime.datetime(2026, 11, 21, 9, 0, tzinfo=datetime.UTC)


class LetterFactory(factory.django.DjangoModelFactory):
    """A letter that waits. Its kind is one that everybody may read; `confidential` carries a secret."""

    class Meta:
        model = Letter

    class Params:
        sent = factory.Trait(state=LetterState.SENT, sent_at=QUEUED_AT)
        failed = factory.Trait(state=LetterState.FAILED, error="550 no such mailbox", attempts=1)
        confidential = factory.Trait(kind="person_invited")

    kind = "output_submitted"
    to = factory.SubFactory(UserFactory)
    to_address = factory.LazyAttribute(lambda letter: letter.to.email)
    language = "en"
    subject = factory.Sequence(lambda n: f"Letter {n}")
    body_text = "The text of the letter."
    why = "You get this letter because of a test."
    queued_at = QUEUED_AT
