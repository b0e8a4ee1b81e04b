import factory

from matching.engine.matcher import VERSION
from matching.engine.scoring import DEFAULT_WEIGHTS
from matching.models import Criterion, Proposal, Rule, Run, Scenario, ScenarioComment, ScenarioStep, TargetBand, Wish
from matching.services.runs import solve_run
from matching.snapshot import as_json, fingerprint_of, market_of
from matching.states import RunScope, RunState

from .cohorts import LONG_AGO, CityFactory, CohortFactory, HostingFactory, ParticipationFactory
from .people import UserFactory


class CriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Criterion

    cohort = factory.SubFactory(CohortFactory)
    slug = "text"
    weight = 40


class TargetBandFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TargetBand

    cohort = factory.SubFactory(CohortFactory)
    dimension = "target_year"
    centre = 40
    width = 20
    weight = 2


class RunFactory(factory.django.DjangoModelFactory):
    """A queued run over what its cohort holds. `solved=True` solves and stages it."""

    class Meta:
        model = Run
        skip_postgeneration_save = True

    cohort = factory.SubFactory(CohortFactory)
    scope = RunScope.OPEN
    weights = factory.LazyFunction(lambda: dict(DEFAULT_WEIGHTS))
    engine_version = VERSION
    snapshot = factory.LazyAttribute(lambda run: as_json(market_of(run.cohort, scope=run.scope)))
    snapshot_hash = factory.LazyAttribute(lambda run: fingerprint_of(market_of(run.cohort, scope=run.scope)))
    started_by = factory.SubFactory(UserFactory, coordinator=True)
    started_at = LONG_AGO

    @factory.post_generation
    def solved(self, create, wanted, **kwargs):
        if wanted:
            solve_run(self, now=LONG_AGO)
            self.refresh_from_db()


class ProposalFactory(factory.django.DjangoModelFactory):
    """A proposal of a run that is still queued."""

    class Meta:
        model = Proposal

    run = factory.SubFactory(RunFactory)
    participation = factory.SubFactory(ParticipationFactory, cohort=factory.SelfAttribute("..run.cohort"))
    hosting = factory.SubFactory(HostingFactory, cohort=factory.SelfAttribute("..run.cohort"))
    engine_hosting = factory.SelfAttribute("hosting")


class RuleFactory(factory.django.DjangoModelFactory):
    """A veto between a twin and a host of its cohort."""

    class Meta:
        model = Rule

    cohort = factory.SubFactory(CohortFactory)
    kind = "veto"
    participation = factory.SubFactory(ParticipationFactory, cohort=factory.SelfAttribute("..cohort"))
    hosting = factory.SubFactory(HostingFactory, cohort=factory.SelfAttribute("..cohort"))
    reason = "They run the same consortium"


class ScenarioFactory(factory.django.DjangoModelFactory):
    """An open scenario; without `run` nothing was solved yet."""

    class Meta:
        model = Scenario

    cohort = factory.SubFactory(CohortFactory)
    name = factory.Sequence(lambda number: f"Scenario {number}")
    weights = factory.LazyFunction(lambda: dict(DEFAULT_WEIGHTS))
    created_by = factory.SubFactory(UserFactory, coordinator=True)
    run = None
    first_run = factory.SelfAttribute("run")


class ScenarioStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScenarioStep

    scenario = factory.SubFactory(ScenarioFactory)
    number = factory.Sequence(lambda number: number + 1)
    action = "renew"
    run = factory.SubFactory(RunFactory, cohort=factory.SelfAttribute("..scenario.cohort"))
    at = LONG_AGO


class ScenarioCommentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScenarioComment

    scenario = factory.SubFactory(ScenarioFactory)
    text = "Too far to travel"
    at = LONG_AGO


class WishFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Wish

    participation = factory.SubFactory(ParticipationFactory)
    hosting = factory.SubFactory(HostingFactory, cohort=factory.SelfAttribute("..participation.cohort"))
    rank = 1
    evidence = "Its heat network"


def cohort_to_match(twins=2, hosts=2, **fields):
    """A cohort in which twin 0 asks for what host 0 does, twin 1 for what host 1 does, and so on; nobody is paired."""
    topics = ["heat networks", "winter cycling", "home renovation", "waste sorting", "urban trees", "climate budgets"]
    cohort = CohortFactory(**fields)
    for number in range(hosts):
        HostingFactory(
            cohort=cohort,
            host__acronym=f"Host {number}",
            host__summary=f"{topics[number % 6]} {number}",
            host__cities=[CityFactory(name=f"Host {number}", country="SE")],
        )
    for number in range(twins):
        ParticipationFactory(cohort=cohort, city__name=f"Twin {number}", interests=f"{topics[number % 6]} {number}")
    return cohort


__all__ = [
    "CriterionFactory",
    "ProposalFactory",
    "RuleFactory",
    "RunFactory",
    "RunState",
    "ScenarioCommentFactory",
    "ScenarioFactory",
    "ScenarioStepFactory",
    "TargetBandFactory",
    "WishFactory",
    "cohort_to_match",
]
