import pytest
from django.urls import reverse

from outputs.models import LearningObjective, Stakeholder
from outputs.selectors.comparing import compare_contents
from outputs.selectors.content import draft_content
from outputs.selectors.places import HOST_WRITES, TWIN_WRITES
from outputs.services.restoring import restore_version
from tests.factories.outputs import NOON, LearningObjectiveFactory, OutputFactory, OutputVersionFactory
from tests.factories.rows import StakeholderFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused

pytestmark = pytest.mark.django_db

EVERYTHING = {TWIN_WRITES, HOST_WRITES}


def differs(version):
    """What differs between the draft and a version, apart from what stands around the text."""
    difference = compare_contents(draft_content(version.output), version.content)
    return [section.slug for section in difference.sections if section.slug != "frame"]


def test_a_version_comes_back_with_its_texts_terms_and_rows(roadmap, world):
    version = OutputVersionFactory(output=roadmap)
    roadmap.answers.filter(field="plan").update(text="Another plan")
    roadmap.output_terms.all().delete()
    first, second, _third = LearningObjective.objects.filter(output=roadmap, side="twin").order_by("position")
    LearningObjective.objects.filter(pk=first.pk).update(question="Another?", position=9)
    LearningObjective.objects.filter(pk=second.pk).update(removed_at=NOON)
    LearningObjectiveFactory(output=roadmap, position=8)
    assert differs(version) == ["starting-point", "domains", "objectives"]
    assert restore_version(version, by=world.officer, now=NOON, permissions=EVERYTHING) == []
    assert differs(version) == []
    assert JournalEntry.objects.filter(verb="outputs.output.restored").count() == 1


def test_rows_of_a_register_come_back_in_their_order(world):
    output = OutputFactory(pairing=world.pairing, kind="stakeholder_plan", draft=True)
    rows = [StakeholderFactory(output=output, position=position) for position in (1, 2, 3)]
    version = OutputVersionFactory(output=output)
    Stakeholder.objects.filter(pk=rows[0].pk).update(position=7, influence=0, due_on="2031-01-01")
    Stakeholder.objects.filter(pk=rows[1].pk).update(removed_at=NOON)
    added = StakeholderFactory(output=output, position=8)
    restore_version(version, by=world.officer, now=NOON, permissions=EVERYTHING)
    assert differs(version) == []
    added.refresh_from_db()
    assert added.removed_at == NOON  # kept, and can be brought back


def test_the_hosts_part_stays_as_the_host_wrote_it(roadmap, world):
    version = OutputVersionFactory(output=roadmap)
    LearningObjective.objects.filter(output=roadmap, side="host").update(question="What else?")
    roadmap.answers.filter(field="plan").update(text="Another plan")
    restore_version(version, by=world.officer, now=NOON, permissions={TWIN_WRITES})
    assert differs(version) == ["host-objectives"]


def test_what_is_no_longer_offered_is_named(roadmap, world):
    version = OutputVersionFactory(output=roadmap)
    version.content["sections"][1]["domains"] = [{"code": "gone", "label": "Gone"}]
    assert restore_version(version, by=world.officer, now=NOON, permissions=EVERYTHING) == ["terms:domains"]


def test_what_was_submitted_cannot_be_restored(world):
    version = OutputVersionFactory(output__pairing=world.pairing)
    with pytest.raises(Refused):
        restore_version(version, by=world.officer, now=NOON, permissions=EVERYTHING)


def test_the_page_shows_what_would_change_and_asks_first(client, roadmap, world):
    version = OutputVersionFactory(output=roadmap)
    roadmap.answers.filter(field="plan").update(text="Another plan.")
    address = reverse("outputs:version-restore", args=[roadmap.code, 1])
    client.force_login(world.lead_officer)
    assert "removed: </span>Another<span" in client.get(address).content.decode()
    assert differs(version) == ["starting-point"]
    client.post(address)
    assert differs(version) == []
