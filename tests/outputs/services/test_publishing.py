import pytest
from django.urls import reverse

from outputs.selectors.public import public_part
from outputs.services.publishing import publish_summary, withdraw_summary
from tests.factories.outputs import NOON, DecisionFactory, OutputVersionFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused
from twinning.portal.bench.contents import example_content

pytestmark = pytest.mark.django_db


def accepted(content=None):
    content = content or example_content("action_plan", rows={"actions": 1})
    version = OutputVersionFactory(output__kind=content["kind"], content=content)
    DecisionFactory(version=version, verdict="accepted")
    return version


def test_only_an_accepted_version_becomes_public():
    version = OutputVersionFactory()
    with pytest.raises(Refused, match="accepted"):
        publish_summary(version.output, summary="Read this.", by=UserFactory(), now=NOON)


def test_the_address_stays_when_the_consent_is_taken_back_and_given_again():
    output, lead = accepted().output, UserFactory()
    first = publish_summary(output, summary="Read this.", by=lead, now=NOON)
    assert withdraw_summary(output, by=lead, now=NOON)
    assert not withdraw_summary(output, by=lead, now=NOON)
    again = publish_summary(output, summary="Read that.", by=lead, now=NOON)
    assert (again.pk, again.code, again.is_public) == (first.pk, first.code, True)
    assert [entry.verb for entry in JournalEntry.objects.about(output)] == [
        *("outputs.summary.published", "outputs.summary.withdrawn", "outputs.summary.published")
    ]


def test_the_public_reads_named_columns_alone_and_nobodys_name():
    content = example_content("action_plan", rows={"actions": 1})
    action = content["sections"][1]["tables"][0]["rows"][0]["values"]
    action |= {"owner": "Secret Person", "responsible": "Secret Office", "endorsed_by": "Secret Mayor"}
    shown = str(public_part(content))
    assert action["name"] in shown
    assert "Secret" not in shown


def test_the_page_of_the_consent_leads_to_what_everybody_sees(client, world, roadmap):
    version = OutputVersionFactory(output=roadmap)
    DecisionFactory(version=version, verdict="accepted")
    publication = publish_summary(roadmap, summary="Read this.", by=world.lead_officer, now=NOON)
    client.force_login(world.lead_officer)
    page = client.get(reverse("outputs:publication-edit", args=[roadmap.code])).content.decode()
    assert f'<a href="{publication.get_absolute_url()}">' in page


def test_the_page_is_there_for_everybody_and_gone_when_taken_back(client):
    version = accepted()
    lead = UserFactory()
    publication = publish_summary(version.output, summary="We opened an office.", by=lead, now=NOON)
    page = client.get(publication.get_absolute_url())
    assert (page.status_code, page["Cache-Control"]) == (200, "public, max-age=300")
    assert "We opened an office." in page.content.decode()
    assert str(lead) not in page.content.decode()
    assert str(version.submitted_by) not in page.content.decode()
    withdraw_summary(version.output, by=lead, now=NOON)
    gone = client.get(publication.get_absolute_url())
    assert (gone.status_code, "We opened" in gone.content.decode()) == (410, False)
