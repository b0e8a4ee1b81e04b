from copy import deepcopy

import pytest
from django.urls import reverse

from outputs.services.reviewing import send_back_output
from outputs.services.submitting import submit_output
from tests.factories.outputs import NOON, OutputFactory, OutputVersionFactory
from twinning.portal.bench.contents import example_content

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(roadmap, world, monkeypatch):
    """Submitted, sent back with another plan, submitted again; then one more word in the draft."""
    monkeypatch.setattr("outputs.services.documents.hint_worker", lambda pk: None)
    submit_output(roadmap, by=world.lead_officer, now=NOON)
    send_back_output(roadmap, by=world.facilitator, now=NOON, letter="More")
    roadmap.answers.filter(field="plan").update(text="Another plan.")
    submit_output(roadmap, by=world.lead_officer, now=NOON)
    send_back_output(roadmap, by=world.facilitator, now=NOON, letter="Still more")
    roadmap.answers.filter(field="plan").update(text="Another plan. Again.")
    return roadmap


def compare(client, output, before, after):
    return client.get(reverse("outputs:version-compare", args=[output.code]), {"before": before, "after": after})


def test_any_two_versions_are_compared_word_by_word(client, twice, world):
    client.force_login(world.officer)
    page = compare(client, twice, 1, 2).content.decode()
    assert "About</ins>" not in page
    assert "removed: </span>About<span" in page
    assert "added: </span>Another<span" in page
    assert "1 text changed" in page


def test_without_a_choice_the_last_version_is_compared_with_what_stands_now(client, twice, world):
    client.force_login(world.officer)
    page = client.get(reverse("outputs:version-compare", args=[twice.code])).content.decode()
    assert "Version 2 → What stands now" in page
    assert "added: </span> Again.<span" in page


def test_each_row_says_of_which_table_it_is(client, world):
    plan = OutputFactory(pairing=world.pairing, kind="action_plan", sent_back=True)
    before = example_content("action_plan", rows={"actions": 1})
    after = deepcopy(before)
    costs = next(table for table in after["sections"][1]["tables"] if table["slug"] == "costs")
    costs["rows"] = costs["rows"][:-1]
    for number, content in enumerate((before, after), start=1):
        OutputVersionFactory(output=plan, number=number, content=content)
    client.force_login(world.officer)
    assert "Row removed · Costs</span>" in compare(client, plan, 1, 2).content.decode()


def test_a_version_compared_with_itself_says_so(client, twice, world):
    client.force_login(world.officer)
    assert "Nothing is different" in compare(client, twice, 2, 2).content.decode()


@pytest.mark.parametrize("bad", ["9", "x", "", "99999999999999999999"])
def test_a_version_that_is_not_there_is_refused_beside_the_form(client, twice, world, bad):
    client.force_login(world.officer)
    answer = compare(client, twice, 1, bad)
    assert answer.status_code == 422
    assert "What changed" in answer.content.decode()


def test_before_the_first_submission_there_is_nothing_to_compare(client, roadmap, world):
    client.force_login(world.officer)
    page = client.get(reverse("outputs:version-compare", args=[roadmap.code])).content.decode()
    assert "Nothing has been submitted yet" in page


def test_the_second_round_shows_what_changed_since_the_first(client, twice, world):
    submit_output(twice, by=world.lead_officer, now=NOON)
    client.force_login(world.facilitator)
    page = client.get(reverse("outputs:output-review", args=[twice.code])).content.decode()
    assert "What changed since version 2" in page
    assert "Changed since last time" in page  # beside the place too
    assert "added: </span> Again.<span" in page
