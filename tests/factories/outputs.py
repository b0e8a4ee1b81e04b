import datetime

import factory

from cohorts.models.vocabulary import DOMAINS, LEVERS
from outputs.kinds import ROADMAP, kind_of
from outputs.models import (
    Answer,
    Comment,
    Decision,
    Document,
    LearningObjective,
    Output,
    OutputTerm,
    OutputVersion,
    Publication,
    Reminder,
)
from outputs.selectors.content import draft_content, fingerprint
from outputs.states import ActivityKind, LearnerSide, LearningType, OutputState, Verdict

from .cohorts import LONG_AGO, PairingFactory, TermFactory, VocabularyFactory
from .people import UserFactory

DUE = datetime.date(2026, 12, 7)
NOON = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)


class OutputFactory(factory.django.DjangoModelFactory):
    """A roadmap that nobody has begun, of a twin whose pairing is announced. `submitted`, `sent_back`, ... set the state."""

    class Meta:
        model = Output

    class Params:
        pairing = factory.SubFactory(PairingFactory)
        draft = factory.Trait(state=OutputState.DRAFT)
        submitted = factory.Trait(state=OutputState.SUBMITTED, submitted_at=LONG_AGO)
        sent_back = factory.Trait(state=OutputState.SENT_BACK, submitted_at=LONG_AGO)
        accepted = factory.Trait(state=OutputState.ACCEPTED, submitted_at=LONG_AGO, accepted_at=LONG_AGO)
        waived = factory.Trait(state=OutputState.WAIVED, waived_reason="The council dropped it.")

    participation = factory.SelfAttribute("pairing.participation")
    kind = ROADMAP
    label = factory.LazyAttribute(lambda output: str(kind_of(output.kind).label))
    position = 1
    due_on = DUE


class AnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Answer

    output = factory.SubFactory(OutputFactory, draft=True)
    field = "baseline"
    text = "Buildings make 40 % of our emissions."
    edited_by = factory.SubFactory(UserFactory)
    edited_at = LONG_AGO


class LearningObjectiveFactory(factory.django.DjangoModelFactory):
    """A row that meets every rule."""

    class Meta:
        model = LearningObjective

    class Params:
        of_host = factory.Trait(side=LearnerSide.HOST)
        removed = factory.Trait(removed_at=LONG_AGO)

    output = factory.SubFactory(OutputFactory, draft=True)
    position = factory.Sequence(lambda n: n % 30000 + 1)
    question = factory.Sequence(lambda n: f"How do owners come to sign contract {n}?")
    learning_type = LearningType.SOCIAL
    why_it_matters = "Owners hesitate."
    offer = "The renovation agency shows its contracts."
    activity = ActivityKind.VISIT
    learners = "Housing department"
    owner = "Head of housing"
    evidence = "A draft contract of our own."
    due_on = datetime.date(2027, 3, 1)


class OutputTermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OutputTerm

    output = factory.SubFactory(OutputFactory, draft=True)
    term = factory.SubFactory(TermFactory)


class OutputVersionFactory(factory.django.DjangoModelFactory):
    """A frozen version of what the output's draft holds when the factory runs."""

    class Meta:
        model = OutputVersion

    output = factory.SubFactory(OutputFactory, submitted=True)
    number = 1
    content = factory.LazyAttribute(lambda version: draft_content(version.output, language="en"))
    content_hash = factory.LazyAttribute(lambda version: fingerprint(version.content))
    submitted_at = LONG_AGO
    submitted_by = factory.SubFactory(UserFactory)


class CommentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Comment

    class Params:
        internal = factory.Trait(audience="internal")

    output = factory.SubFactory(OutputFactory, submitted=True)
    text = factory.Sequence(lambda n: f"Remark {n}")
    author = factory.SubFactory(UserFactory, facilitator=True)
    written_at = LONG_AGO


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    version = factory.SubFactory(OutputVersionFactory)
    verdict = Verdict.SENT_BACK
    letter = "Please name an owner."
    decided_by = factory.SubFactory(UserFactory, facilitator=True)
    decided_at = LONG_AGO


class DocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Document

    version = factory.SubFactory(OutputVersionFactory)
    queued_at = LONG_AGO
    hinted_at = LONG_AGO


class PublicationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Publication

    version = factory.SubFactory(OutputVersionFactory)
    output = factory.SelfAttribute("version.output")
    summary = "We opened an advice office."
    consented_by = factory.SubFactory(UserFactory)
    consented_at = LONG_AGO


class ReminderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Reminder

    output = factory.SubFactory(OutputFactory)
    to = factory.SubFactory(UserFactory)
    due_on = DUE
    days = 14
    sent_at = LONG_AGO


def complete_roadmap(output: Output, *, by=None) -> Output:
    """Write everything that a submission needs."""
    by = by or UserFactory()
    for section in output.form.sections:
        for each in section.fields:
            AnswerFactory(output=output, field=each.slug, text=f"About {each.slug}.", edited_by=by)
    for vocabulary in (DOMAINS, LEVERS):
        term = TermFactory(vocabulary=VocabularyFactory(slug=vocabulary), code=f"{vocabulary[:10]}-1")
        OutputTermFactory(output=output, term=term)
    for position, learning_type in enumerate((LearningType.SOCIAL, LearningType.TECHNICAL, LearningType.CONCEPTUAL), 1):
        LearningObjectiveFactory(output=output, position=position, learning_type=learning_type, edited_by=by)
    LearningObjectiveFactory(output=output, of_host=True, position=1, edited_by=by)
    return output
