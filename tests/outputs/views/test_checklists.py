import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

from outputs.forms.review import ReviewForm
from outputs.kinds.checklists import QUESTIONS
from outputs.models import Checklist, ChecklistAnswer
from outputs.selectors.summary import questions_for
from outputs.services.reviewing import Mark, keep_review
from outputs.services.submitting import submit_output
from tests.factories.outputs import NOON, CommentFactory
from tests.factories.reviews import ChecklistFactory
from twinning.mail.models import Letter

pytestmark = pytest.mark.django_db


def url(name, output):
    return reverse(f"outputs:{name}", args=[output.code])


@pytest.fixture
def submitted(roadmap, world, monkeypatch):
    monkeypatch.setattr("outputs.services.documents.hint_worker", lambda pk: None)
    submit_output(roadmap, by=world.lead_officer, now=NOON)
    roadmap.refresh_from_db()
    return roadmap


@pytest.fixture
def reviewer(client, world):
    client.force_login(world.facilitator)
    return client


def test_answers_are_kept_for_later_and_can_be_taken_back(reviewer, submitted):
    reviewer.post(
        url("review-keep", submitted), {"version": 1, "mark_1": "yes", "mark_2": "no", "comment_2": "Two are not"}
    )
    assert list(ChecklistAnswer.objects.order_by("position").values_list("position", "mark", "comment")) == [
        (1, "yes", ""),
        (2, "no", "Two are not"),
    ]
    page = reviewer.get(url("output-review", submitted)).content.decode()
    assert "Two are not" in page
    reviewer.post(url("review-keep", submitted), {"version": 1, "mark_2": "partly"})
    assert list(ChecklistAnswer.objects.values_list("position", "mark")) == [(2, "partly")]


def test_the_city_does_not_read_the_checklist_before_the_decision(reviewer, submitted, world, client):
    data = {"version": 1, "mark_1": "partly", "comment_1": "Figures are missing"}
    reviewer.post(url("review-keep", submitted), data)
    client.force_login(world.officer)
    assert "Figures are missing" not in client.get(submitted.get_absolute_url()).content.decode()
    client.force_login(world.facilitator)
    client.post(url("output-send-back", submitted), {**data, "letter": "Please look again."})
    client.force_login(world.officer)
    assert "Figures are missing" in client.get(submitted.get_absolute_url()).content.decode()


def test_the_letter_lists_what_is_wanting_and_the_open_shared_comments(reviewer, submitted, world):
    version = submitted.versions.get()
    about = {"output": submitted, "version": version}
    CommentFactory(**about, anchor="answer:plan", text="Which year?")
    objective = submitted.objectives.order_by("position").first()
    CommentFactory(output=submitted, anchor=f"objective:{objective.code}:question", text="Asked before this version")
    CommentFactory(**about, internal=True, text="Weak city")
    CommentFactory(**about, text="Thank you", solved_at=NOON, solved_by=world.facilitator)
    data = {"version": 1, "letter": "Please look again.", "mark_1": "yes", "mark_3": "no", "comment_3": "Number two"}
    reviewer.post(url("output-send-back", submitted), data)
    letter = Letter.objects.filter(kind="output_sent_back").first()
    questions = QUESTIONS[submitted.kind]
    for text in (letter.body_text, letter.body_html):
        assert str(questions[2]) in text
        assert "Number two" in text
        assert str(questions[0]) not in text
        assert "Weak city" not in text
        assert "Thank you" not in text
    assert "Plans and decisions: Which year?" in letter.body_text
    assert f"Question you want answered of “{objective.question}”: Asked before this version" in letter.body_text


def test_a_missing_letter_loses_no_answer(reviewer, submitted):
    answer = reviewer.post(
        url("output-send-back", submitted), {"version": 1, "mark_1": "no", "comment_1": "See page 2"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say what the city should change." in page
    assert "See page 2" in page
    assert not ChecklistAnswer.objects.exists()


def test_a_mark_that_is_none_is_refused(reviewer, submitted):
    assert reviewer.post(url("output-accept", submitted), {"version": 1, "mark_1": "perhaps"}).status_code == 422
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


# --- The questions ------------------------------------------------------------------------------------------------------


def test_a_programme_may_ask_its_own_questions(reviewer, submitted, world):
    ChecklistFactory(programme=world.cohort.programme, questions=["Is it short?"])
    page = reviewer.get(url("output-review", submitted)).content.decode()
    assert "Is it short?" in page
    assert str(QUESTIONS[submitted.kind][0]) not in page


def test_questions_are_changed_and_the_proposal_comes_back(client, world):
    address = reverse("outputs:checklist-edit", args=[world.cohort.programme.slug])
    client.force_login(world.administrator)
    proposal = {kind: "\n".join(str(question) for question in questions) for kind, questions in QUESTIONS.items()}
    client.post(address, proposal)
    assert not Checklist.objects.exists()
    client.post(address, proposal | {"action_plan": " Is it  short? \n\nIs it short?\nIs it true?"})
    assert Checklist.objects.get().questions == ["Is it short?", "Is it true?"]
    client.post(address, proposal | {"action_plan": ""})
    assert not Checklist.objects.exists()


def test_a_question_that_is_too_long_names_its_line(client, world):
    client.force_login(world.administrator)
    answer = client.post(
        reverse("outputs:checklist-edit", args=[world.cohort.programme.slug]), {"action_plan": "Short?\n" + "x" * 301}
    )
    assert answer.status_code == 422
    assert "Question 2 is too long" in answer.content.decode()


def test_reviewers_of_two_languages_mean_the_same_question(submitted, world, monkeypatch):
    """The words of a proposed question are kept once; each reader sees them in their own language."""
    catalog = trans_real.translation("de")
    question = "Does the host learn something too?"
    monkeypatch.setitem(catalog._catalog._catalogs[0], question, "Lernt der Host auch etwas?")
    with translation.override("de"):
        questions = questions_for(submitted)
        form = ReviewForm(questions=questions, needs_letter=False)
        assert "Lernt der Host auch etwas?" in [str(mark.label) for mark, _comment in form.pairs()]
        keep_review(submitted, by=world.facilitator, now=NOON, marks=[Mark(question, "yes")])
    assert question in questions
    answer = ChecklistAnswer.objects.get()
    assert str(ReviewForm(questions=questions_for(submitted), answers=[answer])["mark_4"].value()) == "yes"
    with translation.override("de"):
        assert answer.words == "Lernt der Host auch etwas?"
