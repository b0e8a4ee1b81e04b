import pytest
from django.urls import reverse

from outputs.models import FactCheck
from outputs.services.reviewing import accept_output
from tests.factories.outputs import NOON, OutputFactory, OutputVersionFactory
from twinning.mail.models import Letter

pytestmark = pytest.mark.django_db


def table(slug, columns, rows, parent=""):
    return {
        "slug": slug,
        "label": slug.title(),
        "parent": parent,
        "columns": [{"slug": each, "label": each.title(), "control": "text"} for each in columns],
        "rows": rows,
    }


def row(code, values, parent="", label=""):
    return {"code": code, "parent": parent, "position": 1, "label": label, "values": values, "labels": {}}


@pytest.fixture
def version(world):
    """An assessment of two practices; the first depends on a law at the host."""
    output = OutputFactory(pairing=world.pairing, submitted=True, kind="transferability_assessment")
    version = OutputVersionFactory(output=output)
    candidates = [
        row("AAAA", {"name": "One advice office", "host_result": "900 homes a year", "need": "We have none"}),
        row("BBBB", {"name": "Heat network", "host_result": ""}),
    ]
    conditions = [row("AAAA.law", {"at_host": "A city statute", "at_home": "missing"}, "AAAA", "Law")]
    section = next(each for each in version.content["sections"] if each["slug"] == "candidates")
    section["tables"] = [
        table("candidates", ["name", "host_result", "need"], candidates),
        table("conditions", ["at_host", "at_home"], conditions, "candidates"),
    ]
    version.save()
    return version


def url(version):
    return reverse("outputs:version-facts", args=[version.output.code, version.number])


def test_the_host_reads_what_is_said_about_it_and_nothing_else(client, version, world):
    client.force_login(world.host_contact)
    page = client.get(url(version)).content.decode()
    for said in ("One advice office", "900 homes a year", "Law: At_Host", "A city statute", "Heat network"):
        assert said in page
    assert "We have none" not in page


def test_what_the_host_says_is_kept_told_and_shown(client, version, world):
    client.force_login(world.host_contact)
    client.post(url(version), {"verdict_1": "not_right", "remark_1": "It was 700.", "verdict_2": "right"})
    checks = FactCheck.objects.order_by("anchor").values_list("anchor", "verdict", "remark")
    assert list(checks) == [
        ("row:candidates:AAAA", "not_right", "It was 700."),
        ("row:candidates:BBBB", "right", ""),
    ]
    letters = Letter.objects.filter(kind="facts_checked")
    assert {letter.to for letter in letters} == {world.facilitator, world.lead_officer, world.officer}
    assert "One advice office: Not right. It was 700." in letters[0].body_text
    for person in (world.officer, world.facilitator):
        client.force_login(person)
        page = client.get(reverse("outputs:version-detail", args=[version.output.code, 1])).content.decode()
        assert "It was 700." in page


def test_saying_the_same_again_writes_no_second_letter(client, version, world):
    client.force_login(world.host_contact)
    for _ in range(2):
        client.post(url(version), {"verdict_1": "right"})
    assert Letter.objects.filter(kind="facts_checked", to=world.officer).count() == 1


def test_not_right_needs_a_remark(client, version, world):
    client.force_login(world.host_contact)
    answer = client.post(url(version), {"verdict_1": "not_right", "verdict_2": "right"})
    assert answer.status_code == 422
    assert "Say what is not right." in answer.content.decode()
    assert not FactCheck.objects.exists()


def test_an_accepted_version_is_not_checked_any_more(client, version, world):
    accept_output(version.output, by=world.facilitator, now=NOON)
    client.force_login(world.host_contact)
    answer = client.post(url(version), {"verdict_1": "right"})
    assert answer.status_code == 422
    assert not FactCheck.objects.exists()


def test_outputs_that_say_nothing_about_the_host_have_no_such_page(client, world):
    version = OutputVersionFactory(output__pairing=world.pairing)
    client.force_login(world.host_contact)
    assert client.get(url(version)).status_code == 404
