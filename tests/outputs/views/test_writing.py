import pytest
from django.urls import reverse

from cohorts.models import HostContact
from outputs.models import Answer, LearningObjective, Output
from outputs.selectors.places import Draft
from outputs.states import LearnerSide, OutputState
from tests.factories.outputs import AnswerFactory, LearningObjectiveFactory, OutputFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def output(world):
    return OutputFactory(pairing=world.pairing)


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def autosave(client, output, place, text, base=""):
    address = reverse("outputs:output-autosave", args=[output.code])
    return client.post(address, {"place": place, "text": text, "base": base})


def section(output, slug):
    return reverse("outputs:output-section", args=[output.code, slug])


def value(output, name):
    return Draft(output).find(name).value


# --- Autosave ---------------------------------------------------------------------------------------------------------


def test_a_field_is_saved_and_the_answer_says_when_with_the_zone(officer, output):
    answer = autosave(officer, output, "answer:plan", "Adopted in 2024.  ")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["state"], body["value"], body["words"]) == ("saved", "Adopted in 2024.", 3)
    assert "CET" in body["message"] or "CEST" in body["message"]


def test_a_conflict_answers_with_the_text_of_the_other_and_changes_nothing(officer, output, world):
    AnswerFactory(output=output, field="plan", text="Theirs", edited_by=world.lead_officer)
    answer = autosave(officer, output, "answer:plan", "Mine", base="Old")
    assert answer.status_code == 409
    assert (answer.json()["theirs"], answer.json()["by"]) == ("Theirs", "Lea Lead")
    assert value(output, "answer:plan") == "Theirs"


def test_a_row_that_was_removed_answers_that_it_is_gone(officer, output):
    row = LearningObjectiveFactory(output=output, removed=True)
    answer = autosave(officer, output, f"objective:{row.code}:question", "Still there?", base=row.question)
    assert (answer.status_code, answer.json()["state"]) == (410, "gone")


def test_what_does_not_fit_is_refused_with_a_sentence(officer, output):
    row = LearningObjectiveFactory(output=output)
    answer = autosave(officer, output, f"objective:{row.code}:due_on", "soon", base="2027-03-01")
    assert (answer.status_code, answer.json()["message"]) == (422, "Write the date like 2027-03-31.")


def test_what_is_submitted_cannot_be_saved_any_more(officer, world):
    output = OutputFactory(pairing=world.pairing, submitted=True)
    answer = autosave(officer, output, "answer:plan", "Late")
    assert answer.status_code == 422
    assert "submitted" in answer.json()["message"]


def test_a_lost_session_is_sent_to_sign_in(client, output):
    assert autosave(client, output, "answer:plan", "x").status_code == 302


def test_the_host_writes_its_offers_and_its_objectives_and_nothing_else(client, output, world):
    client.force_login(world.host_contact)
    row = LearningObjectiveFactory(output=output, offer="")
    own = LearningObjectiveFactory(output=output, of_host=True, offer="Ours")
    assert autosave(client, output, f"objective:{row.code}:offer", "Our agency").status_code == 200
    assert autosave(client, output, f"objective:{own.code}:question", "How?", base=own.question).status_code == 200
    assert autosave(client, output, f"objective:{row.code}:question", "How?", base=row.question).status_code == 403
    assert autosave(client, output, f"objective:{own.code}:offer", "x", base="Ours").status_code == 403
    assert autosave(client, output, "answer:plan", "x").status_code == 403


def test_officers_leave_the_hosts_part_alone_unless_the_host_has_nobody(officer, output):
    own = LearningObjectiveFactory(output=output, of_host=True)
    assert autosave(officer, output, f"objective:{own.code}:question", "How?", base=own.question).status_code == 403
    HostContact.objects.all().delete()
    assert autosave(officer, output, f"objective:{own.code}:question", "How?", base=own.question).status_code == 200


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("other_officer", 404),
        ("other_host_contact", 404),
        ("other_facilitator", 404),
        ("outsider", 404),
        ("facilitator", 403),
        ("observer", 403),
        ("coordinator", 403),
    ],
)
def test_nobody_else_writes(client, output, world, person, status):
    client.force_login(getattr(world, person))
    assert autosave(client, output, "answer:plan", "x").status_code == status
    assert client.get(section(output, "risks")).status_code == status
    assert not Answer.objects.exists()


def test_before_the_pairing_is_announced_its_city_sees_no_output(client, world):
    output = OutputFactory(pairing__confirmed=True, pairing__participation__cohort=world.cohort)
    output.participation.memberships.create(user=world.outsider, since="2026-09-01T00:00Z")
    client.force_login(world.outsider)
    assert client.get(output.get_absolute_url()).status_code == 404
    assert autosave(client, output, "answer:plan", "x").status_code == 404


def test_whoever_is_no_facilitator_any_more_sees_no_output_of_the_pairings_once_assigned(client, output, world):
    world.facilitator.platform_role = ""
    world.facilitator.save()
    client.force_login(world.facilitator)
    assert client.get(output.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_saving_a_field_asks_few_queries_however_long_the_draft_is(
    officer, output, world, count, django_assert_num_queries
):
    for field in output.form.fields[:count]:
        AnswerFactory(output=output, field=field.slug, text="Old")
        LearningObjectiveFactory(output=output)
    Output.objects.update(state=OutputState.DRAFT)
    with django_assert_num_queries(AUTOSAVE_QUERIES):
        assert autosave(officer, output, "answer:baseline", "New", base="Old").status_code == 200


@pytest.mark.parametrize("count", [1, 6])
def test_saving_what_the_host_offers_asks_few_queries_however_long_the_draft_is(
    client, output, world, count, django_assert_num_queries
):
    rows = [LearningObjectiveFactory(output=output, offer="Old") for _number in range(count)]
    Output.objects.update(state=OutputState.DRAFT)
    client.force_login(world.host_contact)
    with django_assert_num_queries(HOST_AUTOSAVE_QUERIES):
        answer = autosave(client, output, f"objective:{rows[-1].code}:offer", "New", base="Old")
    assert answer.status_code == 200


AUTOSAVE_QUERIES, HOST_AUTOSAVE_QUERIES = 6, 9


# --- Without script -----------------------------------------------------------------------------------------------------


def test_a_section_without_script_saves_what_changed_and_goes_on(officer, output):
    AnswerFactory(output=output, field="plan", text="Kept")
    page = {
        "answer:baseline": "One\r\nTwo",
        "base:answer:baseline": "",
        "answer:plan": "Kept",
        "base:answer:plan": "Kept",
    }
    answer = officer.post(section(output, "starting-point"), page)
    assert (answer.status_code, answer.url) == (302, section(output, "domains"))
    assert value(output, "answer:baseline") == "One\nTwo"
    output.refresh_from_db()
    assert output.state == OutputState.DRAFT


def test_a_conflict_without_script_shows_both_texts_and_saving_again_keeps_mine(officer, output):
    AnswerFactory(output=output, field="plan", text="Theirs")
    sent = {"answer:plan": "Mine", "base:answer:plan": ""}
    answer = officer.post(section(output, "starting-point"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Mine</textarea>" in page
    assert '<div class="prose">Theirs</div>' in page
    assert 'name="base:answer:plan" value="Theirs"' in page
    assert officer.post(section(output, "starting-point"), sent | {"base:answer:plan": "Theirs"}).status_code == 302
    assert value(output, "answer:plan") == "Mine"


def test_text_for_a_removed_row_is_shown_again_instead_of_lost(officer, output):
    row = LearningObjectiveFactory(output=output, removed=True)
    name = f"objective:{row.code}:question"
    answer = officer.post(section(output, "objectives"), {name: "My long thought?", f"base:{name}": row.question})
    assert answer.status_code == 422
    assert "My long thought?" in answer.content.decode()


def test_domains_are_unticked_without_script(officer, output, world):
    from tests.factories.cohorts import TermFactory
    from tests.factories.outputs import OutputTermFactory

    OutputTermFactory(output=output, term=TermFactory(code="heat"))
    answer = officer.post(section(output, "domains"), {"base:terms:domains": "heat"})
    assert answer.status_code == 302
    assert value(output, "terms:domains") == ""


def rows(output):
    return [row.question for row in output.objectives.filter(side=LearnerSide.TWIN).present()]


def act(client, output, name, *arguments, **posted):
    return client.post(reverse(f"outputs:{name}", args=[output.code, "objectives", "objectives", *arguments]), posted)


def test_rows_are_added_moved_removed_and_brought_back_by_buttons(officer, output):
    first = LearningObjectiveFactory(output=output, position=1, question="A?")
    LearningObjectiveFactory(output=output, position=2, question="B?")
    act(officer, output, "row-add")
    act(officer, output, "row-move", first.code, to=2)
    assert rows(output) == ["B?", "A?", ""]
    act(officer, output, "row-remove", first.code)
    assert rows(output) == ["B?", ""]
    undo = reverse("outputs:row-restore", args=[output.code, "objectives", "objectives", first.code])
    assert undo in officer.get(section(output, "objectives")).content.decode()
    assert officer.get(undo).status_code == 200
    assert officer.post(undo).status_code == 302
    assert "A?" in rows(output)


def test_a_button_of_a_row_saves_the_form_around_it_first(officer, output):
    row = LearningObjectiveFactory(output=output, question="Before?")
    name = f"objective:{row.code}:question"
    act(officer, output, "row-add", **{name: "After?", f"base:{name}": "Before?"})
    assert rows(output) == ["After?", ""]


def test_a_strange_place_or_row_is_not_found(officer, output):
    row = LearningObjectiveFactory(output=output)
    foreign = LearningObjectiveFactory()
    assert act(officer, output, "row-move", row.code, to="sideways").status_code == 404
    assert act(officer, output, "row-remove", foreign.code).status_code == 404
    assert LearningObjective.objects.filter(removed_at=None).count() == 2


# --- The pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    ["learning_roadmap", "stakeholder_plan", "transferability_assessment", "action_plan", "info_session"],
)
def test_every_section_of_every_kind_opens_and_can_be_written(officer, world, kind):
    output = OutputFactory(pairing=world.pairing, kind=kind)
    for each in output.form.sections:
        assert officer.get(section(output, each.slug)).status_code == 200
        for field in each.fields:
            assert autosave(officer, output, f"answer:{field.slug}", "Written.").status_code == 200
    assert officer.get(output.get_absolute_url()).status_code == 200


def test_an_unknown_section_is_not_found(officer, output):
    assert officer.get(section(output, "nothing")).status_code == 404


def test_the_check_links_to_the_place_and_opens_its_row(officer, roadmap):
    row = roadmap.objectives.filter(side=LearnerSide.TWIN).order_by("position").first()
    LearningObjective.objects.filter(pk=row.pk).update(owner="")
    page = officer.get(section(roadmap, "check")).content.decode()
    assert f"{section(roadmap, 'objectives')}?open={row.code}#f-objective-{row.code}-owner" in page
    assert f'id="f-objective-{row.code}-owner"' in officer.get(section(roadmap, "objectives")).content.decode()


def test_submitting_what_is_not_ready_shows_what_is_missing(officer, roadmap):
    roadmap.answers.filter(field="risks").delete()
    answer = officer.post(reverse("outputs:output-submit", args=[roadmap.code]), {"language": "en"})
    assert answer.status_code == 422
    assert "Risks and answers: nothing is written yet" in answer.content.decode()


def test_text_is_never_taken_for_markup(officer, output):
    autosave(officer, output, "answer:plan", "</textarea><script>alert(1)</script>")
    page = officer.get(section(output, "starting-point")).content.decode()
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("count", [1, 3, 6])
def test_a_section_asks_the_same_queries_with_one_row_and_with_six(
    officer, output, world, count, django_assert_num_queries
):
    for position in range(count):
        LearningObjectiveFactory(output=output, position=position, edited_by=world.officer)
    officer.get(section(output, "objectives"))
    with django_assert_num_queries(SECTION_QUERIES):
        officer.get(section(output, "objectives"))


SECTION_QUERIES = 12
