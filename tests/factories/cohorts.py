import datetime

import factory

from cohorts.models import (
    City,
    CityName,
    Cohort,
    CohortTeamMember,
    ContextFact,
    Event,
    FacilitatorAssignment,
    FitStatement,
    Host,
    HostCity,
    HostContact,
    Hosting,
    HostNeed,
    HostStatement,
    HostTerm,
    Membership,
    Milestone,
    Pairing,
    PairingAnswer,
    Participation,
    ParticipationStrength,
    ParticipationTerm,
    Programme,
    ProgrammeEvent,
    ProgrammeMilestone,
    ProgrammeModule,
    ProgrammeOutput,
    Term,
    Vocabulary,
)
from cohorts.models.vocabulary import DIMENSIONS, DOMAINS
from cohorts.states import (
    AnswerKind,
    CityKind,
    EventKind,
    FactConfidence,
    HostKind,
    MemberRole,
    PairingState,
    ParticipationState,
    Side,
    StatementKind,
)

from .people import UserFactory

KICKOFF = datetime.date(2026, 9, 7)
LONG_AGO = datetime.datetime(2026, 9, 1, 9, 0, tzinfo=datetime.UTC)


class VocabularyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Vocabulary
        django_get_or_create = ("slug",)

    slug = DOMAINS
    title = factory.LazyAttribute(lambda vocabulary: vocabulary.slug)


class TermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Term
        django_get_or_create = ("vocabulary", "code")

    vocabulary = factory.SubFactory(VocabularyFactory)
    code = factory.Sequence(lambda n: f"term-{n}")
    label = factory.LazyAttribute(lambda term: term.code.replace("-", " ").capitalize())


class CityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = City

    slug = factory.Sequence(lambda n: f"city-{n}")
    name = factory.Sequence(lambda n: f"City {n}")
    country = "PT"
    kind = CityKind.MUNICIPALITY
    latitude = 41.0
    longitude = -8.0
    search_text = factory.LazyAttribute(lambda city: f"{city.name.lower()} {city.slug}")


class CityNameFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CityName

    city = factory.SubFactory(CityFactory)
    kind = CityName.Kind.LOCAL
    name = factory.Sequence(lambda n: f"Local name {n}")


class ContextFactFactory(factory.django.DjangoModelFactory):
    """A fact of a city; `dimension="language"` names the term of the list of dimensions."""

    class Meta:
        model = ContextFact

    class Params:
        inferred = factory.Trait(confidence=FactConfidence.INFERRED)

    city = factory.SubFactory(CityFactory)
    dimension = "climate"
    value = "Cfb"
    source = "The climate atlas"
    year = 2024
    stated_at = LONG_AGO

    @classmethod
    def _adjust_kwargs(cls, **kwargs):
        if isinstance(kwargs["dimension"], str):
            kwargs["dimension"] = TermFactory(vocabulary__slug=DIMENSIONS, code=kwargs["dimension"])
        return kwargs


class ProgrammeFactory(factory.django.DjangoModelFactory):
    """A bare programme. The trait `small` gives it one module, a kick-off, a visit, a roadmap and a milestone."""

    class Meta:
        model = Programme
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"programme-{n}")
    title = factory.Sequence(lambda n: f"Programme {n}")
    length_months = 18

    @factory.post_generation
    def small(self, create, wanted, **kwargs):
        if not wanted:
            return
        module = ProgrammeModuleFactory(programme=self)
        ProgrammeEventFactory(programme=self, module=module)
        ProgrammeEventFactory(
            programme=self,
            module=module,
            kind=EventKind.SITE_VISIT,
            scope="pairing",
            title="Visit 1",
            is_online=False,
            offset_months=5,
        )
        ProgrammeOutputFactory(programme=self, module=module)
        ProgrammeMilestoneFactory(programme=self)


class ProgrammeModuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProgrammeModule

    programme = factory.SubFactory(ProgrammeFactory)
    position = factory.Sequence(lambda n: n % 30000)
    title = "Getting started"


class ProgrammeEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProgrammeEvent

    programme = factory.SubFactory(ProgrammeFactory)
    module = factory.SubFactory(ProgrammeModuleFactory, programme=factory.SelfAttribute("..programme"))
    kind = EventKind.KICK_OFF
    number = 1
    title = "Kick-off"


class ProgrammeOutputFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProgrammeOutput

    programme = factory.SubFactory(ProgrammeFactory)
    module = factory.SubFactory(ProgrammeModuleFactory, programme=factory.SelfAttribute("..programme"))
    kind = "learning_roadmap"
    position = 1
    label = "Learning Roadmap"
    offset_months = 3


class ProgrammeMilestoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProgrammeMilestone

    programme = factory.SubFactory(ProgrammeFactory)
    number = 1
    title = "Milestone 1"
    offset_months = 9


class CohortFactory(factory.django.DjangoModelFactory):
    """A cohort without calendar. `planned` gives it a small programme and a kick-off, but makes no events."""

    class Meta:
        model = Cohort

    class Params:
        planned = factory.Trait(
            programme=factory.SubFactory(ProgrammeFactory, small=True), kickoff_on=KICKOFF, length_months=18
        )

    slug = factory.Sequence(lambda n: f"cohort-{n}")
    title = factory.Sequence(lambda n: f"Cohort {n}")
    host_kind = HostKind.PILOT_ACTIVITY


class CohortTeamMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CohortTeamMember

    cohort = factory.SubFactory(CohortFactory)
    user = factory.SubFactory(UserFactory, facilitator=True)
    since = LONG_AGO


class HostFactory(factory.django.DjangoModelFactory):
    """A host of one city. `cities=[...]` gives other ones, `cities=[]` none."""

    class Meta:
        model = Host
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"host-{n}")
    kind = HostKind.PILOT_ACTIVITY
    title = factory.Sequence(lambda n: f"Host activity {n}")

    @factory.post_generation
    def cities(self, create, cities, **kwargs):
        for position, city in enumerate([CityFactory(country="SE")] if cities is None else cities):
            HostCity.objects.create(host=self, city=city, position=position)


class HostCityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HostCity

    host = factory.SubFactory(HostFactory, cities=[])
    city = factory.SubFactory(CityFactory)
    position = 0


class HostTermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HostTerm

    host = factory.SubFactory(HostFactory)
    term = factory.SubFactory(TermFactory)


class HostNeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HostNeed

    host = factory.SubFactory(HostFactory)
    term = factory.SubFactory(TermFactory)


class HostStatementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HostStatement

    host = factory.SubFactory(HostFactory)
    kind = StatementKind.OFFER
    text = "Renovation of whole neighbourhoods"
    position = factory.Sequence(lambda n: n % 30000)


class HostingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hosting

    cohort = factory.SubFactory(CohortFactory)
    host = factory.SubFactory(HostFactory)


class ParticipationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participation

    class Params:
        withdrawn = factory.Trait(state=ParticipationState.WITHDRAWN, state_reason="The council decided so.")

    cohort = factory.SubFactory(CohortFactory)
    city = factory.SubFactory(CityFactory)
    state = ParticipationState.ACTIVE


class ParticipationTermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ParticipationTerm

    participation = factory.SubFactory(ParticipationFactory)
    term = factory.SubFactory(TermFactory)


class ParticipationStrengthFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ParticipationStrength

    participation = factory.SubFactory(ParticipationFactory)
    term = factory.SubFactory(TermFactory)


class PairingFactory(factory.django.DjangoModelFactory):
    """An announced pairing inside one cohort."""

    class Meta:
        model = Pairing

    class Params:
        confirmed = factory.Trait(state=PairingState.CONFIRMED, announced_at=None)
        asked = factory.Trait(answer_by=datetime.date(2026, 9, 15))
        ended = factory.Trait(state=PairingState.ENDED, ended_at=LONG_AGO, ended_reason="The host withdrew.")

    participation = factory.SubFactory(ParticipationFactory)
    hosting = factory.SubFactory(HostingFactory, cohort=factory.SelfAttribute("..participation.cohort"))
    state = PairingState.ANNOUNCED
    confirmed_at = LONG_AGO
    announced_at = LONG_AGO


class PairingAnswerFactory(factory.django.DjangoModelFactory):
    """The twin accepts; `declined=True` with a reason."""

    class Meta:
        model = PairingAnswer

    class Params:
        declined = factory.Trait(answer=AnswerKind.DECLINED, reason="The council wants a harbour city.")

    pairing = factory.SubFactory(PairingFactory, asked=True)
    side = Side.TWIN
    answer = AnswerKind.ACCEPTED
    by = factory.SubFactory(UserFactory)
    at = LONG_AGO


class FitStatementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FitStatement

    pairing = factory.SubFactory(PairingFactory)
    side = Side.TWIN
    month = 3
    score = 4
    by = factory.SubFactory(UserFactory)
    at = LONG_AGO


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    class Params:
        lead = factory.Trait(role=MemberRole.LEAD_OFFICER)
        over = factory.Trait(ended_at=LONG_AGO)

    participation = factory.SubFactory(ParticipationFactory)
    user = factory.SubFactory(UserFactory)
    role = MemberRole.OFFICER
    since = LONG_AGO


class HostContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HostContact

    hosting = factory.SubFactory(HostingFactory)
    user = factory.SubFactory(UserFactory)
    since = LONG_AGO


class FacilitatorAssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FacilitatorAssignment

    pairing = factory.SubFactory(PairingFactory)
    user = factory.SubFactory(UserFactory, facilitator=True)
    since = LONG_AGO


class EventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Event

    cohort = factory.SubFactory(CohortFactory)
    kind = EventKind.SEMINAR
    number = factory.Sequence(lambda n: n % 30000 + 1)
    title = factory.LazyAttribute(lambda event: f"Info seminar {event.number}")
    planned_on = datetime.date(2026, 12, 1)


class MilestoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Milestone

    participation = factory.SubFactory(ParticipationFactory)
    number = 1
    title = "Milestone 1"
    due_on = datetime.date(2027, 6, 7)
