"""What was frozen or written before outputs had tables stays readable."""

import pytest
from django.urls import reverse

from outputs.kinds import KINDS
from outputs.quality import check_content
from outputs.selectors.comparing import compare_contents
from outputs.selectors.content import draft_content
from outputs.selectors.reading import general_comments, read_content
from tests.factories.outputs import AnswerFactory, OutputFactory, OutputVersionFactory
from tests.factories.rows import PlanActionFactory

pytestmark = pytest.mark.django_db


def as_before(content):
    """The same content as `twinning-output/1` held it."""
    sections = [{key: value for key, value in section.items() if key != "tables"} for section in content["sections"]]
    sections[0]["fields"].append({"slug": "gone", "label": "A field of then", "text": "Written then."})
    earlier = {key: value for key, value in content.items() if key != "reasons"}
    return earlier | {"format": "twinning-output/1", "sections": sections}


@pytest.mark.parametrize("kind", KINDS)
def test_a_version_of_the_earlier_format_is_read_checked_and_compared(kind):
    output = OutputFactory(kind=kind, draft=True)
    earlier = as_before(draft_content(output))
    first = read_content(earlier)[0]
    assert ("A field of then", "Written then.") in [(str(each.label), each.text) for each in first.passages]
    assert general_comments(earlier, []) == []
    assert not any(check.anchor.startswith(("row:", "table:")) for check in check_content(earlier))
    assert compare_contents(earlier, draft_content(output))


def test_pages_of_an_earlier_version_open_beside_a_draft_with_rows(client, world):
    action = PlanActionFactory(output=OutputFactory(pairing=world.pairing, kind="action_plan", submitted=True))
    version = OutputVersionFactory(output=action.output, content=as_before(draft_content(action.output)))
    client.force_login(world.lead_officer)
    page = client.get(reverse("outputs:version-detail", args=[action.output.code, version.number]))
    assert "Written then." in page.content.decode()
    assert client.get(reverse("outputs:version-print", args=[action.output.code, version.number])).status_code == 200


def test_a_text_of_a_field_that_is_no_more_is_shown_to_be_taken_over(client, world):
    output = OutputFactory(pairing=world.pairing, kind="stakeholder_plan", draft=True)
    AnswerFactory(output=output, field="other_stakeholders", text="Housing association, 4 and 3.")
    client.force_login(world.lead_officer)
    page = client.get(reverse("outputs:output-section", args=[output.code, "register"]))
    assert "Housing association, 4 and 3." in page.content.decode()
