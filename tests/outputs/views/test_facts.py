import json

import pytest
from django.urls import reverse

from outputs.models import FactCheck
from outputs.selectors.facts import facts_of, versions_to_check
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


def test_the_host_says_it_is_right_beside_the_row_of_the_output_itself(client, version, world):
    from outputs.models import TransferCandidate

    TransferCandidate.objects.create(output=version.output, code="AAAA", position=1, name="One advice office")
    client.force_login(world.host_contact)
    page = client.get(version.output.get_absolute_url()).content.decode()
    assert 'name="verdict_1" value="right"' in page
    answer = client.post(url(version), {"verdict_1": "right", "row": "AAAA"})
    assert answer.url == f"{version.output.get_absolute_url()}#read-AAAA"
    assert FactCheck.objects.get().anchor == "row:candidates:AAAA"
    client.force_login(world.officer)
    page = client.get(version.output.get_absolute_url()).content.decode()
    assert "Hana Host" in page
    assert 'name="verdict_1"' not in page


def next_version(version, **changed):
    """The same content again, with other words in the first row."""
    content = json.loads(json.dumps(version.content))
    section = next(each for each in content["sections"] if each["slug"] == "candidates")
    section["tables"][0]["rows"][0]["values"] |= changed
    return OutputVersionFactory(output=version.output, number=version.number + 1, content=content)


def test_what_was_said_holds_for_later_versions_as_long_as_the_words_are_the_same(client, version, world):
    client.force_login(world.host_contact)
    client.post(url(version), {"verdict_1": "not_right", "remark_1": "It was 700.", "verdict_2": "right"})
    second = next_version(version, host_result="700 homes a year")
    assert [(fact.name, fact.check and fact.check.verdict) for fact in facts_of(second)] == [
        ("One advice office", None),
        ("Heat network", "right"),
    ]
    assert versions_to_check([version.output.participation_id]) == [second]
    client.post(url(second), {"verdict_1": "right", "verdict_2": "right"})
    assert FactCheck.objects.filter(version=second).count() == 1  # the other one stands since the first version
    assert FactCheck.objects.get(version=version, anchor="row:candidates:AAAA").remark == "It was 700."
    third = next_version(second)
    assert [fact.check.verdict for fact in facts_of(third)] == ["right", "right"]
    assert versions_to_check([version.output.participation_id]) == []


def test_the_desk_of_the_host_leads_to_what_it_has_not_checked(client, version, world):
    client.force_login(world.host_contact)
    city = version.output.participation.city
    step = client.get(reverse("portal:desk")).context["desk"].step
    assert (step.title, step.url) == (f"Check the facts in the Transferability Assessment of {city}", url(version))
    client.post(url(version), {"verdict_1": "right", "verdict_2": "right"})
    assert "Check the facts" not in client.get(reverse("portal:desk")).context["desk"].step.title
