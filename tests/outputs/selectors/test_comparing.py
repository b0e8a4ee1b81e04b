import copy

import pytest

from outputs.compare import Change
from outputs.selectors.comparing import compare_contents, tally
from outputs.selectors.content import draft_content

pytestmark = pytest.mark.django_db

# The form that tables of typed rows are frozen in.
REGISTER = {
    "slug": "stakeholders",
    "label": "Register",
    "parent": "",
    "columns": [
        {"slug": "name", "label": "Who it is", "control": "line"},
        {"slug": "role", "label": "Role", "control": "choice"},
        {"slug": "budget", "label": "Budget", "control": "money", "unit": "EUR"},
    ],
    "rows": [
        {"code": "AAAA", "parent": "", "position": 1, "values": {"name": "Housing", "role": "inform", "budget": ""}, "labels": {"role": "Inform"}},
        {"code": "BBBB", "parent": "", "position": 2, "values": {"name": "Utility", "role": "", "budget": "10.00"}, "labels": {}},
    ],
}  # fmt: skip


@pytest.fixture
def content(roadmap):
    content = draft_content(roadmap)
    content["sections"][0]["tables"] = [copy.deepcopy(REGISTER)]
    return content


def after(content, change):
    changed = copy.deepcopy(content)
    change(changed)
    return compare_contents(content, changed)


def test_the_same_content_does_not_differ(content):
    assert not compare_contents(content, copy.deepcopy(content))


def test_a_choice_is_compared_in_words_and_an_amount_with_its_unit(content):
    def change(new):
        row = new["sections"][0]["tables"][0]["rows"][0]
        row["values"] |= {"role": "involve", "budget": "5.00"}
        row["labels"]["role"] = "Involve"

    (row,) = after(content, change).rows()
    assert [(text.anchor, text.before, text.after) for text in row.texts] == [
        ("row:stakeholders:AAAA:role", "Inform", "Involve"),
        ("row:stakeholders:AAAA:budget", "", "5\u00a0EUR"),
    ]


def test_rows_are_matched_by_code_and_not_by_place(content):
    def change(new):
        new["sections"][0]["tables"][0]["rows"].reverse()

    (row,) = after(content, change).rows()
    assert (row.change, {row.number_before, row.number_after}) == (Change.MOVED, {1, 2})


def test_what_stands_around_the_text_is_compared_too(content):
    def change(new):
        new["due_on"], new["host"] = "2031-01-01", None

    assert {text.anchor for text in after(content, change).texts()} >= {"frame:due_on"}


def test_an_objective_that_was_dropped_is_one_row_less(content):
    def change(new):
        section = next(each for each in new["sections"] if each["slug"] == "objectives")
        del section["objectives"][0]

    counted = tally(after(content, change))
    assert (counted.removed, counted.moved, counted.texts) == (1, 0, 0)
