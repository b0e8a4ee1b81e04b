import datetime

import pytest

from cohorts.models import Host
from matching.engine import matcher
from matching.engine.certificate import verify
from matching.models import Run
from matching.selectors.criteria import weights_of
from matching.selectors.explanations import kept_outcome, outcome_of
from matching.services.proposals import change_proposal
from matching.services.runs import start_run
from matching.states import Objective, RuleKind
from tests.factories.matching import RuleFactory, cohort_to_match
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("objective", "caps"),
    [(Objective.TOTAL, 0), (Objective.WORST_FIRST, 0), (Objective.LEXIMIN, 0), (Objective.TOTAL, 1)],
)
def test_a_run_keeps_its_plan_with_a_proof_that_holds_and_is_never_solved_again(objective, caps, monkeypatch):
    cohort = cohort_to_match(twins=3, hosts=3)
    RuleFactory.create_batch(
        caps, cohort=cohort, kind=RuleKind.CAP, participation=None, hosting=None, group_by="kind", most=1
    )
    by = UserFactory(coordinator=True)
    run = start_run(cohort, by=by, now=NOW, weights=weights_of(cohort), objective=objective)
    change_proposal(run.proposals.order_by("pk").first(), hosting=None, reason="By hand", by=by, now=NOW)
    again = outcome_of(run)

    monkeypatch.setattr(matcher, "solve", None)
    kept = kept_outcome(Run.objects.get(pk=run.pk))

    assert (kept.plan, kept.verdict, kept.digest) == (again.plan, again.verdict, again.digest)
    assert verify(kept.problem, kept.plan, kept.certificate).optimal
    assert (kept.problem.score == again.problem.score).all()


def test_a_run_whose_host_goes_by_another_name_now_is_solved_again():
    cohort = cohort_to_match()
    run = start_run(cohort, by=UserFactory(coordinator=True), now=NOW, weights=weights_of(cohort))
    Host.objects.filter(hostings__cohort=cohort, acronym="Host 1").update(slug="renamed")

    assert kept_outcome(run) is None
