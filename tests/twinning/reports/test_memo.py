"""The decision memo of a confirmed run: the same facts as PDF and as Word file."""

import datetime
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from cohorts.models import Hosting, Participation
from matching.engine.scoring import DEFAULT_WEIGHTS
from matching.selectors.rematching import options_of, situation_of
from matching.services.proposals import change_proposal
from matching.services.rematching import accept_option, announce_rematch
from matching.services.runs import confirm_run
from matching.services.scenarios import comment_on, confirm_scenario, start_scenario, take_step
from matching.states import StepAction
from tests.factories.cohorts import ParticipationFactory
from tests.factories.matching import RunFactory, cohort_to_match
from tests.factories.people import UserFactory
from twinning.core.errors import Refused
from twinning.reports.memo import memo_of

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def run():
    """Three twins on two hosts with one place each: one proposal changed by hand, one twin without a host."""
    cohort = cohort_to_match(twins=2, hosts=3, title="Cohort of the memo")
    cohort.hostings.update(capacity_maximum=1)
    ParticipationFactory(cohort=cohort, city__name="Late")
    ParticipationFactory(cohort=cohort, city__name="Later")
    run = RunFactory(cohort=cohort, solved=True)
    by = UserFactory(coordinator=True, name="Cora Coordinator")
    left = run.proposals.get(participation__city__name="Later")
    taken = run.proposals.get(participation__city__name="Late")
    free = taken.hosting or left.hosting
    for proposal in (left, taken):
        if proposal.hosting:
            change_proposal(proposal, hosting=None, reason="Not ready.", by=by, now=NOW)
    first = run.proposals.get(participation__city__name="Twin 0")
    change_proposal(first, hosting=free, reason="The mayors know each other.", by=by, now=NOW)
    return confirm_run(run, by=by, now=NOW)


def test_the_memo_says_who_decided_on_what_and_with_which_proof(run):
    memo = memo_of(run)
    assert memo.decided == "Cora Coordinator, 1 October 2026, 14:00 (Europe/Brussels)"
    assert ("Fingerprint of the data", run.snapshot_hash) in memo.facts
    assert ("Total of the engine's plan", f"{run.total / 100:.2f}") in memo.proof
    assert ("What no plan can exceed", f"{run.bound / 100:.2f}") in memo.proof
    assert dict(memo.weights)["Fields of action"] == run.weights["domains"]
    assert [pair.twin for pair in memo.pairs] == ["Twin 0", "Twin 1"]
    assert [row[0] for row in memo.unmatched] == ["Late", "Later"]


def test_the_reason_given_in_the_studio_stands_in_the_memo():
    cohort = cohort_to_match(twins=1, hosts=1)
    by = UserFactory(coordinator=True)
    scenario = start_scenario(cohort, name="A", weights=DEFAULT_WEIGHTS, by=by, now=NOW)
    confirm_scenario(scenario, reason="Both mayors agreed.", by=by, now=NOW)
    scenario.refresh_from_db()
    assert memo_of(scenario.run).why == "Both mayors agreed."


@pytest.fixture
def studied():
    """A scenario with a lock, a move and two comments, decided beside another one that puts one twin elsewhere."""
    cohort = cohort_to_match(twins=2, hosts=3, title="Cohort of the memo")
    by = UserFactory(coordinator=True, name="Cora Coordinator")
    twin = Participation.objects.get(city__name="Twin 0")
    spare = Hosting.objects.get(host__acronym="Host 2")
    with time_machine.travel(NOW, tick=False):
        start_scenario(cohort, name="By the book", weights=DEFAULT_WEIGHTS, by=by, now=NOW)
        scenario = start_scenario(cohort, name="By hand", weights=DEFAULT_WEIGHTS, by=by, now=NOW)
    take_step(
        scenario,
        action=StepAction.MOVE,
        participation=twin,
        hosting=spare,
        reason="The mayors know each other.",
        by=by,
        now=NOW,
    )
    comment_on(scenario, text="Too far to travel?", by=by, now=NOW, participation=twin)
    comment_on(scenario, text="Two hours by train.", by=by, now=NOW)
    confirm_scenario(scenario, reason="Both mayors agreed.", by=by, now=NOW)
    scenario.refresh_from_db()
    return scenario.run


def test_the_memo_of_a_scenario_tells_what_was_done_said_and_considered(studied):
    memo = memo_of(studied)
    when = "Cora Coordinator, 1 October 2026, 14:00 (Europe/Brussels)"
    (act,) = memo.acts
    assert (act.text, act.who) == ("Move Twin 0 → Host 2 (The mayors know each other.)", when)
    assert [(row.about, row.text, row.who) for row in memo.comments] == [
        ("Twin 0", "Too far to travel?", when),
        ("", "Two hours by train.", when),
    ]
    (other,) = memo.alternatives
    assert (other.name, other.state, other.matched, other.others) == ("By the book", "Open", "2 of 2", 1)
    assert other.total > sum(pair.points for pair in memo.pairs)


def test_both_files_show_the_acts_the_comments_and_the_alternatives(client, studied):
    from docx import Document

    client.force_login(UserFactory(observer=True))
    pdf = PdfReader(BytesIO(client.get(reverse("reports:run-memo", args=[studied.code])).content))
    on_paper = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    document = Document(BytesIO(client.get(reverse("reports:run-memo-docx", args=[studied.code])).content))
    in_word = " ".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for words in ("The mayors know each other.", "Two hours by train.", "By the book", "Both mayors agreed."):
        assert words in on_paper
        assert words in in_word


def test_the_memo_of_a_re_match_gives_the_reason_of_its_acceptance():
    cohort = cohort_to_match()
    by = UserFactory(coordinator=True)
    (option, *_more) = options_of(situation_of(cohort), movable="staged")
    run = accept_option(cohort, option=option.digest, movable="staged", reason="A host left.", by=by, now=NOW)
    announce_rematch(run, by=by, now=NOW)
    run.refresh_from_db()
    memo = memo_of(run)
    assert (memo.why, len(memo.pairs)) == ("A host left.", 2)


def test_a_change_by_hand_is_told_with_the_proposal_of_the_engine(run):
    (override,) = memo_of(run).overrides
    assert override.twin == "Twin 0"
    assert override.by_hand == "Cora Coordinator, instead of Host 0: The mayors know each other."
    assert override.firmness == ""


def test_a_pair_carries_its_reasons_in_words_and_points_that_add_up(run):
    pair = next(pair for pair in memo_of(run).pairs if pair.twin == "Twin 1")
    assert any("both write: cycling, winter" in reason.words for reason in pair.reasons)
    assert round(sum(float(reason.points.split()[0]) for reason in pair.reasons)) == pair.points
    assert pair.firmness.endswith("of 100 trials with other weights")


def test_before_the_decision_there_is_no_memo(client):
    run = RunFactory(cohort=cohort_to_match(), solved=True)
    with pytest.raises(Refused, match="only of a confirmed run"):
        memo_of(run)
    client.force_login(UserFactory(coordinator=True))
    assert client.get(reverse("reports:run-memo", args=[run.code])).url == run.get_absolute_url()


def test_the_pdf_is_tagged_and_says_the_same(client, run):
    client.force_login(UserFactory(observer=True))
    response = client.get(reverse("reports:run-memo", args=[run.code]))
    assert response["Content-Type"] == "application/pdf"
    pdf = PdfReader(BytesIO(response.content))
    text = " ".join(page.extract_text() for page in pdf.pages).replace("\n", " ")
    assert pdf.metadata.title == "Decision on the pairings of Cohort of the memo"
    assert (pdf.trailer["/Root"]["/MarkInfo"]["/Marked"], str(pdf.trailer["/Root"]["/Lang"])) == (True, "en")
    for words in ("Cora Coordinator", "The mayors know each other.", "Twin 1", "Without a host"):
        assert words in text


def test_the_word_file_has_headings_header_rows_title_and_language(client, run):
    from docx import Document

    client.force_login(UserFactory(coordinator=True))
    response = client.get(reverse("reports:run-memo-docx", args=[run.code]))
    assert f'filename="{run.cohort.slug}-decision-{run.code}.docx"' in response["Content-Disposition"]
    document = Document(BytesIO(response.content))
    assert document.core_properties.title == "Decision on the pairings of Cohort of the memo"
    assert document.core_properties.language == "en"
    headings = [row.text for row in document.paragraphs if row.style.name == "Heading 1"]
    assert headings == [
        "What the decision stands on",
        "Proof",
        "Pairs",
        "Changed by hand",
        "What was said about it",
        "What else was considered",
        "Without a host",
        "Why these pairs",
    ]
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    pairs = next(table for table in tables if table[0] == ["Twin", "Host", "Score", "Firm or fragile"])
    assert [row[0] for row in pairs[1:]] == ["Twin 0", "Twin 1"]
    assert document.element.xml.count("w:tblHeader") >= 4


@pytest.mark.parametrize("count", [1, 3])
def test_the_memo_costs_the_same_for_one_pair_and_for_three(django_assert_num_queries, count):
    run = RunFactory(cohort=cohort_to_match(twins=count, hosts=count), solved=True)
    run = confirm_run(run, by=UserFactory(coordinator=True), now=NOW)
    with django_assert_num_queries(3):
        memo_of(run)
