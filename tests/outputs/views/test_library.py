import pytest
from django.core.management import call_command
from django.urls import reverse

from cohorts.models.vocabulary import DOMAINS, LEVERS
from outputs.models import ActionStep, LibraryEntry, Output, PlanAction, Publication, RowOrigin
from outputs.services.library import enter_library
from outputs.services.reviewing import accept_output
from tests.factories.cohorts import MembershipFactory, PairingFactory, TermFactory, VocabularyFactory
from tests.factories.outputs import NOON, DecisionFactory, OutputFactory, OutputVersionFactory
from tests.factories.rows import ActionStepFactory, PlanActionFactory
from twinning.audit.models import JournalEntry

pytestmark = pytest.mark.django_db

LIBRARY = "/outputs/library/"


def accepted_plan(pairing, *, name="Advice office in Łódź", **action):
    """An accepted action plan with one action and its step, in the library."""
    output = OutputFactory(pairing=pairing, kind="action_plan", accepted=True)
    row = PlanActionFactory(output=output, position=1, name=name, responsible="Housing office", **action)
    ActionStepFactory(parent=row, title="Find a room", owner="Somebody")
    version = OutputVersionFactory(output=output)
    DecisionFactory(version=version, verdict="accepted", letter="")
    enter_library(version, now=NOON)
    return version


@pytest.fixture
def plan(world):
    return accepted_plan(world.other_pairing)


def found(client, **query):
    return client.get(LIBRARY, query).content.decode().count("/versions/1/")


def test_accepting_puts_an_output_into_the_library(client, world):
    output = OutputFactory(pairing=world.other_pairing, kind="action_plan", submitted=True)
    OutputVersionFactory(output=output)
    accept_output(output, by=world.facilitator, now=NOON)
    assert LibraryEntry.objects.get().version == output.versions.get()
    client.force_login(world.officer)
    assert found(client) == 1
    Output.objects.update(state="sent_back", accepted_at=None)
    assert found(client) == 0


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("officer", 1),
        ("host_contact", 1),
        ("other_facilitator", 2),
        ("observer", 2),
        ("coordinator", 2),
        ("outsider", 0),
    ],
)
def test_people_of_the_programme_read_all_cohorts_and_officers_their_own(client, world, plan, person, seen):
    far = accepted_plan(world.far_pairing)
    client.force_login(getattr(world, person))
    assert found(client) == seen
    page = reverse("outputs:version-detail", args=[far.output.code, 1])
    assert client.get(page).status_code == (200 if seen == 2 else 404)


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({"q": "lodz OFFICE"}, 1),
        ({"q": "advice heat"}, 0),
        ({"q": "%"}, 0),
        ({"kind": "action_plan"}, 1),
        ({"kind": "info_session"}, 0),
        ({"domain": "energy"}, 1),
        ({"domain": "built"}, 0),
        ({"lever": "energy"}, 0),
        ({"city": "nowhere"}, 0),
    ],
)
def test_the_library_is_searched_by_words_kind_domain_lever_and_city(client, world, query, seen):
    domains, levers = (VocabularyFactory(slug=slug) for slug in (DOMAINS, LEVERS))
    energy = TermFactory(vocabulary=domains, code="energy")
    for vocabulary, code in ((domains, "built"), (levers, "energy")):
        TermFactory(vocabulary=vocabulary, code=code)
    version = accepted_plan(world.other_pairing, domain=energy)
    version.library_entry.terms.set([energy])
    client.force_login(world.officer)
    assert found(client, **query) == seen
    assert found(client, city=version.output.participation.city.name) == 1


def test_a_reader_of_the_library_reads_the_version_and_no_comments(client, world, plan):
    client.force_login(world.officer)
    page = client.get(reverse("outputs:version-detail", args=[plan.output.code, 1])).content.decode()
    assert "Advice office" in page
    assert f"outputs/{plan.output.code}/comments/" not in page
    assert client.get(plan.output.get_absolute_url()).status_code == 404


LIBRARY_QUERIES = 8


@pytest.mark.parametrize("count", [1, 3])
def test_the_library_asks_the_same_queries_for_one_entry_and_for_three(client, world, count, django_assert_num_queries):
    for _ in range(count):
        accepted_plan(PairingFactory(participation__cohort=world.cohort))
    client.force_login(world.officer)
    client.get(LIBRARY)
    with django_assert_num_queries(LIBRARY_QUERIES):
        client.get(LIBRARY)


# --- Reusing ------------------------------------------------------------------------------------------------------------


def reuse(client, version, rows, into):
    address = reverse("outputs:version-reuse", args=[version.output.code, 1])
    return client.post(address, {"rows": rows, "into": into.pk})


def test_an_action_is_copied_without_people_and_its_origin_is_named(client, world, plan):
    draft = OutputFactory(pairing=world.pairing, kind="action_plan", draft=True)
    client.force_login(world.officer)
    source = PlanAction.objects.get(output=plan.output)
    assert reuse(client, plan, [source.code], draft).url == draft.get_absolute_url()
    row = PlanAction.objects.get(output=draft)
    city = plan.output.participation.city.name
    assert (row.name, row.responsible) == ("Advice office in Łódź", "")
    assert city in row.origin
    step = ActionStep.objects.get(parent=row)
    assert (step.title, step.owner) == ("Find a room", "")
    origin = RowOrigin.objects.get()
    assert (origin.row, origin.source, origin.source_row) == (row.code, plan, source.code)
    page = client.get(draft.get_absolute_url()).content.decode()
    assert "Taken from other cities" in page
    assert city in page
    assert JournalEntry.objects.filter(verb="outputs.rows.reused").count() == 1


def test_nothing_chosen_and_nothing_known_are_refused(client, world, plan):
    draft = OutputFactory(pairing=world.pairing, kind="action_plan", draft=True)
    client.force_login(world.officer)
    for rows in ([], ["NOSUCH"]):
        assert reuse(client, plan, rows, draft).status_code == 422
    assert not RowOrigin.objects.exists()


def test_rows_go_into_an_own_open_draft_alone(client, world, plan):
    own = OutputFactory(pairing=world.pairing, kind="action_plan", draft=True)
    others = OutputFactory(participation=MembershipFactory().participation, kind="action_plan", draft=True)
    code = PlanAction.objects.get(output=plan.output).code
    client.force_login(world.officer)
    assert reuse(client, plan, [code], others).status_code == 422
    Output.objects.filter(pk=own.pk).update(state="waived", waived_reason="No")
    assert reuse(client, plan, [code], own).status_code == 403


def test_a_public_summary_of_another_cohort_is_found_by_its_own_words_alone(client, world):
    far = accepted_plan(world.far_pairing)
    Publication.objects.create(
        output=far.output, version=far, summary="Heat for everybody", consented_by=world.officer, consented_at=NOON
    )
    client.force_login(world.officer)
    page = client.get(LIBRARY, {"q": "heat"}).content.decode()
    assert "public summary" in page
    assert "Heat for everybody" in page
    assert "public summary" not in client.get(LIBRARY, {"q": "advice"}).content.decode()
    assert client.get(reverse("outputs:version-detail", args=[far.output.code, 1])).status_code == 404


def test_outputs_accepted_before_there_was_a_library_enter_it_once(world, capsys):
    accepted = OutputFactory(pairing=world.pairing, accepted=True)
    version = OutputVersionFactory(output=accepted)
    DecisionFactory(version=version, verdict="accepted")
    DecisionFactory(version=OutputVersionFactory(output__pairing=world.other_pairing), verdict="sent_back")
    for _time in range(2):
        call_command("fill_library")
    assert capsys.readouterr().out.splitlines() == [
        "1 accepted outputs entered the library.",
        "0 accepted outputs entered the library.",
    ]
    assert LibraryEntry.objects.get().version == version
