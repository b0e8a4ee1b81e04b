import copy

import pytest

from outputs.compare import Change
from outputs.models import ActionStep
from outputs.selectors.comparing import compare_contents
from outputs.selectors.content import draft_content
from outputs.selectors.reading import general_comments, read_content
from tests.factories.outputs import CommentFactory, OutputFactory
from tests.factories.rows import ActionStepFactory, PlanActionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world):
    """Two actions, the first with a step."""
    output = OutputFactory(pairing=world.pairing, kind="action_plan", submitted=True)
    for position in (1, 2):
        PlanActionFactory(output=output, position=position)
    ActionStepFactory(parent=output.planaction_rows.get(position=1))
    return output


def rows_of(content, comments=(), changes=None):
    sections = read_content(content, comments, changes)
    return [
        row for section in sections for table in section.tables if table.table.slug == "actions" for row in table.rows
    ]


def test_comments_on_a_row_and_on_what_hangs_on_it_stand_beside_the_row(plan):
    first = plan.planaction_rows.get(position=1)
    step = ActionStep.objects.get()
    anchors = [f"row:actions:{first.code}", f"row:actions:{first.code}:name", f"row:steps:{step.code}:title"]
    comments = [CommentFactory(output=plan, anchor=anchor) for anchor in anchors]
    content = draft_content(plan)
    one, two = rows_of(content, comments)
    assert ([*one.comments, *one.below[0].comments], two.comments) == (comments, [])
    assert general_comments(content, comments) == []


def test_a_comment_on_a_row_that_is_gone_stands_with_those_on_the_whole(plan):
    comment = CommentFactory(output=plan, anchor="row:actions:GONE:name")
    assert general_comments(draft_content(plan), [comment]) == [comment]


def test_what_changed_in_a_row_or_below_it_stands_beside_the_row(plan):
    before = draft_content(plan)
    after = copy.deepcopy(before)
    tables = {table["slug"]: table for section in after["sections"] for table in section["tables"]}
    tables["steps"]["rows"][0]["values"]["title"] = "Another step"
    tables["actions"]["rows"][1]["values"]["name"] = "Another action"
    one, two = rows_of(after, changes=compare_contents(before, after))
    assert (one.change, one.below[0].change.change) == (None, Change.CHANGED)
    assert (two.change.change, two.change.texts[0].after) == (Change.CHANGED, "Another action")
