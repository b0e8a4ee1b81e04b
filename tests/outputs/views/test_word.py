"""The draft goes to Word and comes back through the pages: upload, preview, the ticked ones."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.cohorts import MembershipFactory
from tests.factories.outputs import AnswerFactory, OutputFactory
from tests.outputs.formats.test_word import box, edited, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    output = OutputFactory(kind="action_plan", draft=True)
    AnswerFactory(output=output, field="vision", text="Warm homes.")
    AnswerFactory(output=output, field="barriers", text="Owners hesitate.")
    return output


@pytest.fixture
def page(client, plan):
    """A client of an officer who writes the plan, and its addresses."""
    client.force_login(MembershipFactory(participation=plan.participation).user)
    return client


def address(name, plan):
    return reverse(f"outputs:{name}", args=[plan.code])


def upload(page, plan, data, name="plan.docx"):
    return page.post(address("word-upload", plan), {"file": SimpleUploadedFile(name, data)})


def change(document):
    write(box(document, "answer:vision"), "Warm homes for all.")
    write(box(document, "answer:barriers"), "Rents.")


def test_only_the_ticked_differences_reach_the_draft(page, plan):
    data = edited(page.get(address("draft-word", plan)).content, change)
    preview = upload(page, plan, data)
    assert preview.status_code == 200
    markup = preview.content.decode()
    assert "2 differences to the draft" in markup
    signed = re.search(r'name="changes" value="([^"]+)"', markup).group(1)
    assert plan.answers.get(field="vision").text == "Warm homes."
    page.post(address("word-apply", plan), {"changes": signed, "take": ["1"]})
    assert dict(plan.answers.values_list("field", "text")) == {"vision": "Warm homes.", "barriers": "Rents."}


def test_a_preview_that_was_tampered_with_or_belongs_to_another_output_is_refused(page, plan):
    data = edited(page.get(address("draft-word", plan)).content, change)
    signed = re.search(r'name="changes" value="([^"]+)"', upload(page, plan, data).content.decode()).group(1)
    other = OutputFactory(kind="stakeholder_plan", draft=True, participation=plan.participation, position=2)
    for target, changes in ((plan, signed[:-3] + "abc"), (other, signed), (plan, "")):
        answer = page.post(address("word-apply", target), {"changes": changes, "take": ["0"]}, follow=True)
        assert "This preview is too old" in answer.content.decode()
    assert plan.answers.get(field="vision").text == "Warm homes."


@pytest.mark.parametrize(
    ("data", "says"), [(b"", "no Word document"), (b"%PDF-1.7 broken", "no Word document")], ids=["empty", "pdf"]
)
def test_a_bad_file_gets_a_clear_word_and_changes_nothing(page, plan, data, says):
    answer = upload(page, plan, data)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)


def test_what_is_submitted_takes_nothing_back(page, plan):
    data = edited(page.get(address("draft-word", plan)).content, change)
    plan.state, plan.submitted_at = "submitted", plan.created_at
    plan.save()
    assert "cannot be changed now" in upload(page, plan, data).content.decode()
