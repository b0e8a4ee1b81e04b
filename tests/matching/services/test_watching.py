"""A run that is being solved tells how far it is, and ends when somebody cancels it or its time is up."""

import datetime

import pytest

from matching.engine.types import Cancelled
from matching.models import Run
from matching.selectors.explanations import outcome_of
from matching.services import watching
from matching.services.runs import cancel_run, fail_run, solve_run, stage_run
from matching.services.watching import Watch
from matching.states import RunStage, RunState
from tests.factories.matching import RunFactory, cohort_to_match
from tests.factories.people import UserFactory

NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch):
    """A run that a worker has just begun, and that is told of at every step."""
    monkeypatch.setattr(watching, "EVERY_SECONDS", 0)
    return RunFactory(cohort=cohort_to_match(twins=4, hosts=4), state=RunState.RUNNING)


def test_a_run_is_told_how_far_it_is_and_never_less(run):
    watch, told = Watch(run, now=NOW), []

    def stop():
        ends = watch.stop()
        told.append(Run.objects.values_list("percent", "stage").get(pk=run.pk))
        return ends

    outcome = outcome_of(run, stop=stop, progress=watch.progress)
    for share in (0, 0.5, 1):
        watch.explaining(share)
        told.append(Run.objects.values_list("percent", "stage").get(pk=run.pk))

    percents = [percent for percent, _stage in told]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert list(dict.fromkeys(stage for _percent, stage in told)) == list(RunStage)
    stage_run(run, outcome, now=NOW, seconds=1, watch=watch)
    run.refresh_from_db()
    assert (run.state, run.percent, run.stage) == (RunState.STAGED, 100, "")


def test_a_run_that_somebody_cancels_ends_in_the_middle_and_leaves_no_proposal(run):
    watch = Watch(run, now=NOW)
    outcome = outcome_of(run, stop=watch.stop, progress=watch.progress)

    cancel_run(run, by=UserFactory(coordinator=True), now=NOW)

    with pytest.raises(Cancelled):
        outcome_of(run, stop=watch.stop)
    with pytest.raises(Cancelled):
        stage_run(run, outcome, now=NOW, seconds=1, watch=watch)
    stage_run(run, outcome, now=NOW, seconds=1)
    fail_run(run, now=NOW, error="Too late")
    run.refresh_from_db()
    assert (run.state, run.total, run.error) == (RunState.CANCELLED, None, "")
    assert not run.proposals.exists()


def test_a_run_given_to_another_worker_is_left_to_it(run):
    watch = Watch(run, now=NOW)
    Run.objects.filter(pk=run.pk).update(state=RunState.QUEUED)

    assert watch.stop()


def test_a_run_beyond_the_limit_fails_and_says_so(run, settings):
    settings.MATCHING_SECONDS = 0
    Run.objects.filter(pk=run.pk).update(state=RunState.QUEUED)

    solve_run(run, now=NOW)

    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.error.startswith("No plan was found within 1 minute, which is the limit.")
    assert not run.proposals.exists()
