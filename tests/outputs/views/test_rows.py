"""Pages of rows: opened, filled, pasted, prefilled, and who may do what."""

import pytest
from django.urls import reverse

from outputs.models import ActionStep, HintAnswer, Stakeholder, TransferCandidate, VisitIdea
from outputs.services.presence import SECONDS, note_presence
from tests.factories.cohorts import EventFactory, TermFactory
from tests.factories.outputs import (
    NOON,
    CommentFactory,
    LearningObjectiveFactory,
    OutputFactory,
    OutputVersionFactory,
)
from tests.factories.rows import (
    ActionDependencyFactory,
    ActionStepFactory,
    CandidateConditionFactory,
    ContextNoteFactory,
    HintAnswerFactory,
    PlanActionFactory,
    StakeholderFactory,
    TransferCandidateFactory,
    VisitIdeaFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


@pytest.fixture
def register(world):
    return OutputFactory(pairing=world.pairing, kind="stakeholder_plan", draft=True)


def address(name, output, *arguments):
    return reverse(f"outputs:{name}", args=[output.code, *arguments])


def test_a_large_row_has_a_page_of_its_own_that_saves_and_leads_back_to_the_list(officer, register):
    row = StakeholderFactory(output=register, name="Housing")
    page = address("output-row", register, "register", "stakeholders", row.code)
    name = f"row:stakeholders:{row.code}:influence"
    assert f'name="{name}"' in officer.get(page).content.decode()
    assert f'name="{name}"' not in officer.get(address("output-section", register, "register")).content.decode()
    answer = officer.post(page, {name: "4", f"base:{name}": "2"})
    assert answer.url == address("output-section", register, "register") + f"#row-{row.code}"
    row.refresh_from_db()
    assert row.influence == 4


def test_a_conflict_on_the_page_of_a_row_shows_both_texts_there(officer, register):
    row = StakeholderFactory(output=register, owner="Theirs")
    name = f"row:stakeholders:{row.code}:owner"
    answer = officer.post(
        address("output-row", register, "register", "stakeholders", row.code), {name: "Mine", f"base:{name}": ""}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="Mine"' in page
    assert '<div class="prose">Theirs</div>' in page


def test_a_row_that_hangs_on_another_is_added_from_its_page_and_leads_back_there(officer, world):
    action = PlanActionFactory(output=OutputFactory(pairing=world.pairing, kind="action_plan"))
    add = address("row-add", action.output, "actions", "steps")
    answer = officer.post(f"{add}?parent={action.code}")
    step = action.actionstep_rows.get()
    page = address("output-row", action.output, "actions", "actions", action.code)
    assert answer.url == f"{page}?open={step.code}#row-{step.code}"
    assert officer.get(answer.url).status_code == 200
    assert officer.post(f"{add}?parent=NOSUCH22").status_code == 404
    assert officer.get(address("output-row", action.output, "actions", "steps", step.code)).status_code == 404


def test_a_table_with_keys_has_nothing_to_add_or_remove(officer, register):
    assert officer.post(address("row-add", register, "readiness", "readiness")).status_code == 404
    assert officer.get(address("output-section", register, "readiness")).status_code == 200


def test_a_pasted_table_is_looked_at_first_and_added_when_confirmed(officer, register):
    page = address("row-paste", register, "register", "stakeholders")
    text = "Who it is\tInfluence\nHousing\t4\nTenants\t1"
    look = officer.post(page, {"text": text})
    assert (look.status_code, Stakeholder.objects.count()) == (200, 0)
    assert "2 rows" in look.content.decode()
    assert officer.post(page, {"text": text, "confirmed": "on"}).status_code == 302
    assert list(Stakeholder.objects.order_by("position").values_list("name", "influence")) == [
        ("Housing", 4),
        ("Tenants", 1),
    ]


def test_a_pasted_table_with_a_mistake_adds_nothing_however_often_it_is_confirmed(officer, register):
    page = address("row-paste", register, "register", "stakeholders")
    answer = officer.post(page, {"text": "Who it is\tInfluence\nHousing\t9", "confirmed": "on"})
    assert (answer.status_code, Stakeholder.objects.count()) == (422, 0)
    assert "Influence, “9”" in answer.content.decode()


def test_an_idea_of_a_visit_is_noted_and_becomes_a_practice_once(officer, world):
    assessment = OutputFactory(pairing=world.pairing, kind="transferability_assessment", draft=True)
    officer.post(address("idea-list", assessment), {"title": "Owners advise owners", "note": "On Tuesdays."})
    idea = VisitIdea.objects.get()
    assert "Owners advise owners" in officer.get(address("output-section", assessment, "candidates")).content.decode()
    add = address("row-add", assessment, "candidates", "candidates") + f"?from=idea-{idea.code}"
    officer.post(add)
    officer.post(add)
    practice = TransferCandidate.objects.get()
    assert (practice.name, practice.idea, practice.components) == ("Owners advise owners", idea, "On Tuesdays.")
    foreign = VisitIdeaFactory()
    assert officer.post(address("idea-remove", assessment, foreign.code)).status_code == 404
    officer.post(address("idea-remove", assessment, idea.code))
    assert not VisitIdea.objects.filter(removed_at=None, pk=idea.pk).exists()


def test_a_hint_is_answered_on_the_checklist_and_the_reviewer_reads_the_reason(officer, client, world, roadmap):
    roadmap.objectives.update(learning_type="social")
    about = {"rule": "learning-types", "anchor": "objectives"}
    check = address("output-section", roadmap, "check")
    assert 'value="learning-types"' in officer.get(check).content.decode()
    officer.post(address("hint-answer", roadmap), about | {"reason": "We came for people."})
    page = officer.get(check).content.decode()
    assert "Left open with a reason" in page
    assert "We came for people." in page
    officer.post(address("hint-answer", roadmap), about | {"reason": ""})
    assert not HintAnswer.objects.exists()
    HintAnswerFactory(output=roadmap, reason="We came for people.")
    type(roadmap).objects.filter(pk=roadmap.pk).update(state="submitted", submitted_at=NOON)
    OutputVersionFactory(output=roadmap, submitted_by=world.officer)
    client.force_login(world.facilitator)
    assert "We came for people." in client.get(address("output-review", roadmap)).content.decode()


def test_each_of_two_writers_hears_of_the_other_and_not_of_oneself(officer, world, register):
    first = officer.post(address("output-presence", register, "register")).json()
    assert first == {"others": []}
    officer.force_login(world.lead_officer)
    second = officer.post(address("output-presence", register, "readiness")).json()
    assert second == {"others": ["Otto Officer is writing too: Who matters"]}


def test_whoever_is_silent_for_a_while_has_left(world, register):
    import datetime

    later = NOON + datetime.timedelta(seconds=SECONDS + 1)
    note_presence(register, section="register", by=world.officer, now=NOON)
    assert note_presence(register, section="register", by=world.lead_officer, now=later) == []


@pytest.mark.parametrize(("person", "queries"), [("officer", 17), ("host_contact", 16)])
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_actions_asks_the_same_queries_with_one_action_and_with_three(
    client, world, *, person, queries, count, django_assert_num_queries
):
    plan = OutputFactory(pairing=world.pairing, kind="action_plan", sent_back=True)
    for _number in range(count):
        action = PlanActionFactory(output=plan, edited_by=world.officer, edited_at=NOON)
        ActionStepFactory(parent=action)
        ActionStepFactory(parent=action)
    page = address("output-section", plan, "actions")
    client.force_login(getattr(world, person))
    client.get(page)
    with django_assert_num_queries(queries):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_one_action_asks_the_same_queries_with_one_step_and_with_three(
    officer, world, count, django_assert_num_queries
):
    plan = OutputFactory(pairing=world.pairing, kind="action_plan", draft=True)
    action, *_others = PlanActionFactory.create_batch(count, output=plan)
    ActionStepFactory.create_batch(count, parent=action)
    page = address("output-row", plan, "actions", "actions", action.code)
    officer.get(page)
    with django_assert_num_queries(ACTION_QUERIES):
        officer.get(page)


@pytest.mark.parametrize("person", ["officer", "host_contact"])
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_one_practice_asks_the_same_queries_with_one_practice_and_with_three(
    client, world, person, count, django_assert_num_queries
):
    assessment = OutputFactory(pairing=world.pairing, kind="transferability_assessment", sent_back=True)
    rows = [TransferCandidateFactory(output=assessment) for _number in range(count)]
    for row in rows:
        CandidateConditionFactory(parent=row)
        ContextNoteFactory(output=assessment, key=f"dimension-{row.pk}")
    LearningObjectiveFactory(output=OutputFactory(pairing=world.pairing))
    page = address("output-row", assessment, "candidates", "candidates", rows[0].code)
    client.force_login(getattr(world, person))
    client.get(page)
    with django_assert_num_queries(PRACTICE_QUERIES):
        assert client.get(page).status_code == 200


ACTION_QUERIES, PRACTICE_QUERIES = 19, 15


@pytest.mark.parametrize(
    ("meaning", "state"),
    [(None, "not_started"), ("", "not_started"), ("A smaller team.", "done"), ("word " * 61, "draft")],
)
def test_the_section_of_facts_has_one_state_whether_a_page_shows_the_facts_or_not(officer, world, meaning, state):
    assessment = OutputFactory(pairing=world.pairing, kind="transferability_assessment", draft=True)
    TermFactory(vocabulary__slug="context_dimensions", code="size", label="Size")
    if meaning is not None:
        ContextNoteFactory(output=assessment, key="size", meaning=meaning)
    for section in ("context", "candidates", "verdict", "check"):
        first, *_others = officer.get(address("output-section", assessment, section)).context["steps"]
        assert (first["label"], first["state"]) == ("Two cities compared", state)


def test_an_action_may_wait_for_the_others_of_its_plan_alone(officer, world):
    plan = OutputFactory(pairing=world.pairing, kind="action_plan", draft=True)
    own, other = PlanActionFactory(output=plan), PlanActionFactory(output=plan)
    PlanActionFactory(output=plan, removed=True)
    PlanActionFactory(output=OutputFactory(pairing=world.other_pairing, kind="action_plan"))
    ActionDependencyFactory(parent=own)
    page = officer.get(address("output-row", plan, "actions", "actions", own.code))
    dependencies = next(each for each in page.context["tables"] if each["table"].slug == "dependencies")
    waits_for = dependencies["rows"][0]["places"][0]["place"]
    assert waits_for.choices == ((other.code, other.name),)


def test_what_was_said_about_a_whole_row_stands_in_it_and_is_counted_beside_its_name(officer, register):
    row = StakeholderFactory(output=register)
    anchor = f"row:stakeholders:{row.code}"
    CommentFactory(output=register, anchor=anchor, text="Who is this?")
    CommentFactory(output=register, anchor=f"{anchor}:owner", text="Which post?")
    CommentFactory(output=register, anchor="row:stakeholders:ANOTHER1", text="Of another row")
    assert "2 open comments" in officer.get(address("output-section", register, "register")).content.decode()
    page = officer.get(address("output-row", register, "register", "stakeholders", row.code)).content.decode()
    assert [page.count(text) for text in ("Who is this?", "Which post?", "Of another row")] == [1, 1, 0]


def test_a_table_is_pasted_below_a_row_too(officer, world):
    action = PlanActionFactory(output=OutputFactory(pairing=world.pairing, kind="action_plan", draft=True))
    paste = address("row-paste", action.output, "actions", "steps") + f"?parent={action.code}"
    own = address("output-row", action.output, "actions", "actions", action.code)
    assert paste in officer.get(own).content.decode()
    answer = officer.post(paste, {"text": "Step\tBegins\nFind a shop\t2027-01-04", "confirmed": "on"})
    assert answer.url == f"{own}#f-table-steps"
    assert [step.title for step in ActionStep.objects.filter(parent=action)] == ["Find a shop"]
    assert officer.get(address("row-paste", action.output, "actions", "steps")).status_code == 404


def test_ideas_stand_on_the_page_of_their_visit_which_leads_to_the_form(officer, world):
    visit = EventFactory(cohort=world.cohort, pairing=world.pairing, kind="site_visit", title="Visit 1")
    output = OutputFactory(pairing=world.pairing, kind="transferability_assessment", draft=True, position=3)
    VisitIdeaFactory(participation=output.participation, event=visit, title="Coaches on bicycles")
    page = officer.get(visit.get_absolute_url()).content.decode()
    ideas = address("idea-list", output) + f"?visit={visit.code}"
    assert "Coaches on bicycles" in page
    assert ideas in page
    assert f'value="{visit.code}" selected' in officer.get(ideas).content.decode()
