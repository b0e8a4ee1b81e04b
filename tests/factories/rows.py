"""Rows of the outputs' tables. Each meets what its table needs."""

import datetime
from decimal import Decimal

import factory

from outputs.models import (
    ActionCost,
    ActionDependency,
    ActionFunding,
    ActionIndicator,
    ActionRisk,
    ActionStep,
    CandidateCondition,
    ContextNote,
    FollowUp,
    HintAnswer,
    InfoSession,
    PlanAction,
    ReadinessRating,
    SessionGroup,
    SessionMaterial,
    SessionMessage,
    SessionQuestion,
    Stakeholder,
    TransferCandidate,
    VisitIdea,
)
from outputs.states import (
    ConditionKind,
    ConditionState,
    FundingState,
    GroupKind,
    Readiness,
    StakeholderKind,
    TransferVerdict,
)

from .cohorts import LONG_AGO, ParticipationFactory
from .outputs import OutputFactory
from .people import UserFactory

PLACE = factory.Sequence(lambda n: n % 30000 + 1)


class RowFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    class Params:
        removed = factory.Trait(removed_at=LONG_AGO)

    position = PLACE


class StakeholderFactory(RowFactory):
    class Meta:
        model = Stakeholder

    output = factory.SubFactory(OutputFactory, draft=True, kind="stakeholder_plan")
    name = factory.Sequence(lambda n: f"Housing association {n}")
    kind = StakeholderKind.BUSINESS
    influence = 2
    interest = 3


class ReadinessRatingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReadinessRating

    output = factory.SubFactory(OutputFactory, draft=True, kind="stakeholder_plan")
    key = Readiness.MANDATE
    at_start = 2


class VisitIdeaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VisitIdea

    participation = factory.SubFactory(ParticipationFactory)
    title = factory.Sequence(lambda n: f"Open advice evening {n}")
    note = "Owners ask owners."
    noted_by = factory.SubFactory(UserFactory)
    noted_at = LONG_AGO


class TransferCandidateFactory(RowFactory):
    class Meta:
        model = TransferCandidate

    output = factory.SubFactory(OutputFactory, draft=True, kind="transferability_assessment")
    name = factory.Sequence(lambda n: f"Advice office {n}")
    components = "A shop, two advisers, a list of firms."
    need = "Owners stop after the first talk."
    evidence = "Report of the renovation agency, 2025."
    verdict = TransferVerdict.ADAPT
    verdict_reason = "Works with a smaller team."


class CandidateConditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CandidateCondition

    parent = factory.SubFactory(TransferCandidateFactory)
    key = ConditionKind.LAW
    at_home = ConditionState.PRESENT


class ContextNoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ContextNote

    output = factory.SubFactory(OutputFactory, draft=True, kind="transferability_assessment")
    key = "size"
    meaning = "A smaller team must do."


class PlanActionFactory(RowFactory):
    class Meta:
        model = PlanAction

    output = factory.SubFactory(OutputFactory, draft=True, kind="action_plan")
    name = factory.Sequence(lambda n: f"Open advice office {n}")
    description = "A shop in the old town, open on two days."
    owner = "Head of housing"
    responsible = "Housing department"


class ActionStepFactory(RowFactory):
    class Meta:
        model = ActionStep

    parent = factory.SubFactory(PlanActionFactory)
    title = "Rent the shop"
    starts_on = datetime.date(2027, 1, 1)
    ends_on = datetime.date(2027, 3, 31)


class ActionCostFactory(RowFactory):
    class Meta:
        model = ActionCost

    parent = factory.SubFactory(PlanActionFactory)
    item = "Rent"
    amount = Decimal("12000.00")


class ActionFundingFactory(RowFactory):
    class Meta:
        model = ActionFunding

    parent = factory.SubFactory(PlanActionFactory)
    source = "City budget"
    amount = Decimal("12000.00")
    state = FundingState.GRANTED


class ActionIndicatorFactory(RowFactory):
    class Meta:
        model = ActionIndicator

    parent = factory.SubFactory(PlanActionFactory)
    name = "Signed contracts"
    baseline = Decimal(0)
    target = Decimal(400)


class ActionDependencyFactory(RowFactory):
    class Meta:
        model = ActionDependency

    parent = factory.SubFactory(PlanActionFactory)
    note = "Decision on the budget"


class ActionRiskFactory(RowFactory):
    class Meta:
        model = ActionRisk

    parent = factory.SubFactory(PlanActionFactory)
    risk = "Nobody applies for the post"


class InfoSessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = InfoSession

    output = factory.SubFactory(OutputFactory, draft=True, kind="info_session")
    key = "session"
    held_on = datetime.date(2027, 3, 3)
    place = "Town hall"
    organiser = "Climate office"


class SessionGroupFactory(RowFactory):
    class Meta:
        model = SessionGroup

    output = factory.SubFactory(OutputFactory, draft=True, kind="info_session")
    name = factory.Sequence(lambda n: f"Department {n}")
    kind = GroupKind.DEPARTMENT
    people = 4


class SessionMessageFactory(RowFactory):
    class Meta:
        model = SessionMessage

    output = factory.SubFactory(OutputFactory, draft=True, kind="info_session")
    text = factory.Sequence(lambda n: f"Begin with one street, {n}.")


class SessionQuestionFactory(RowFactory):
    class Meta:
        model = SessionQuestion

    output = factory.SubFactory(OutputFactory, draft=True, kind="info_session")
    question = "Who pays after the grant?"


class FollowUpFactory(RowFactory):
    class Meta:
        model = FollowUp

    output = factory.SubFactory(OutputFactory, draft=True, kind="info_session")
    text = "Housing asks the treasurer for a plan."
    owner = "Head of housing"
    due_on = datetime.date(2027, 5, 1)


class SessionMaterialFactory(RowFactory):
    class Meta:
        model = SessionMaterial

    output = factory.SubFactory(OutputFactory, draft=True, kind="info_session")
    title = "Slides"
    kept_at = "Intranet, folder climate"
    keeper = "Climate office"


class HintAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HintAnswer

    output = factory.SubFactory(OutputFactory, draft=True)
    rule = "learning-types"
    anchor = "objectives"
    reason = "We came for one kind of learning."
    answered_by = factory.SubFactory(UserFactory)
    answered_at = LONG_AGO
