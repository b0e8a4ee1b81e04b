"""Rows of every table, through the services and places that pages use."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from outputs.kinds import KINDS, ROADMAP
from outputs.models import ROW_MODELS, PlanAction, ReadinessRating, Stakeholder
from outputs.selectors.content import draft_content
from outputs.selectors.places import Draft
from outputs.selectors.prefill import suggestions_for
from outputs.services.drafting import save_place
from outputs.services.hints import answer_hint
from outputs.services.rows import add_row, add_rows, move_row, remove_row, restore_row
from tests.factories.cohorts import ContextFactFactory, EventFactory, TermFactory, VocabularyFactory
from tests.factories.outputs import NOON, LearningObjectiveFactory, OutputFactory
from tests.factories.people import UserFactory
from tests.factories.rows import (
    ActionStepFactory,
    CandidateConditionFactory,
    PlanActionFactory,
    StakeholderFactory,
    TransferCandidateFactory,
    VisitIdeaFactory,
)
from twinning.core.errors import Conflict, Refused

pytestmark = pytest.mark.django_db
TEXTS = {
    "text": "Some words.",
    "line": "One line",
    "link": "https://example.org/a",
    "scale": "3",
    "number": "4.5",
    "money": "1200.50",
    "date": "2027-05-01",
}
WITH_ROWS = [kind for kind in KINDS if kind != ROADMAP]


def save(output, name, text, base="", *, by=None):
    return save_place(output, name, text=text, base=base, by=by or UserFactory(), now=NOON)


def value(output, name):
    return Draft(output).find(name).value


def tables_of(output):
    content = draft_content(output)
    return {table["slug"]: table for section in content["sections"] for table in section["tables"]}


@pytest.mark.parametrize("kind", WITH_ROWS)
def test_every_column_of_every_table_takes_a_value_and_the_content_carries_it(kind):
    output = OutputFactory(kind=kind)
    participation = output.participation
    TermFactory(vocabulary=VocabularyFactory(slug="fields_of_action_ccc"), code="heat")
    TermFactory(vocabulary=VocabularyFactory(slug="levers_of_change"), code="money")
    LearningObjectiveFactory(output=OutputFactory(participation=participation, kind=ROADMAP))
    VisitIdeaFactory(participation=participation)
    if kind != "transferability_assessment":
        TransferCandidateFactory(output=OutputFactory(participation=participation, kind="transferability_assessment"))
    by, written = UserFactory(), {}
    for table in output.form.tables:
        if table.has_keys:
            row = Draft(output).rows(table)[0] if not table.is_facts else None
        else:
            parent = Draft(output).parents(table)[0] if table.parent else None
            row = add_row(output, table, parent=parent, by=by, now=NOON)
            if table.slug == "actions":
                add_row(output, table, by=by, now=NOON)  # something to wait for
        for column in table.columns if row else ():
            place = Draft(output).find(table.place(row.code, column.slug))
            if column.control == "fact":
                continue
            text = (
                place.choices[-1][0]
                if place.is_chosen
                else str(max(column.least, 12))
                if column.control == "whole"
                else TEXTS[column.control]
            )
            save(output, place.name, text, base=place.value, by=by)
            written[table.slug, row.code, column.slug] = text
    content = tables_of(output)
    got = {
        (slug, row["code"], column): text
        for slug, table in content.items()
        for row in table["rows"]
        for column, text in row["values"].items()
    }
    assert {key: got[key] for key in written} == written
    output.refresh_from_db()
    assert output.state == "draft"


def test_a_table_with_keys_shows_all_of_them_and_stores_only_what_was_written():
    output = OutputFactory(kind="stakeholder_plan")
    assert len(tables_of(output)["readiness"]["rows"]) == 5
    assert not ReadinessRating.objects.exists()
    save(output, "row:readiness:partners:at_start", "2")
    save(output, "row:readiness:partners:reason", "The agency alone.")
    rating = ReadinessRating.objects.get()
    assert (rating.key, rating.at_start, rating.reason) == ("partners", 2, "The agency alone.")
    with pytest.raises(Conflict):
        save(output, "row:readiness:partners:at_start", "4")


@pytest.mark.parametrize(
    "name",
    [
        "row:readiness:invented:at_start",
        "row:readiness:partners:nothing",
        "row:stakeholders:NOSUCH22:name",
        "row:conditions:NOSUCH22.law:at_home",
        "row:nothing:x:y",
        "row:",
    ],
)
def test_a_place_of_no_table_row_or_column_is_a_lookup_error(name):
    with pytest.raises(LookupError):
        save(OutputFactory(kind="stakeholder_plan"), name, "x")


def test_conditions_of_a_removed_practice_are_gone_with_it_and_come_back_with_it():
    candidate = TransferCandidateFactory()
    CandidateConditionFactory(parent=candidate, key="money", at_home="missing")
    output, by = candidate.output, UserFactory()
    table = output.form.table("candidates")
    name = f"row:conditions:{candidate.code}.money:at_home"
    remove_row(output, candidate, by=by, now=NOON)
    assert tables_of(output)["conditions"]["rows"] == []
    with pytest.raises(LookupError):
        save(output, name, "present", base="missing")
    restore_row(output, table, candidate, by=by, now=NOON)
    assert value(output, name) == "missing"
    assert [row["code"] for row in tables_of(output)["conditions"]["rows"]][:2] == [
        f"{candidate.code}.law",
        f"{candidate.code}.competence",
    ]


def test_rows_of_a_child_table_count_within_their_parent():
    first, output = PlanActionFactory(), None
    output = first.output
    second = PlanActionFactory(output=output)
    table, by = output.form.table("steps"), UserFactory()
    for parent, title in ((second, "B1"), (first, "A1"), (first, "A2")):
        add_row(output, table, parent=parent, values={"title": title}, by=by, now=NOON)
    rows = tables_of(output)["steps"]["rows"]
    assert [(row["parent"], row["position"], row["values"]["title"]) for row in rows] == [
        (first.code, 1, "A1"),
        (first.code, 2, "A2"),
        (second.code, 1, "B1"),
    ]
    with pytest.raises(Refused, match="removed meanwhile"):
        add_row(output, table, parent=PlanActionFactory(), by=by, now=NOON)


def test_an_action_may_wait_for_others_of_its_plan_alone():
    action = PlanActionFactory()
    other, foreign = PlanActionFactory(output=action.output), PlanActionFactory()
    row = add_row(action.output, action.output.form.table("dependencies"), parent=action, by=UserFactory(), now=NOON)
    name = f"row:dependencies:{row.code}:waits_for"
    for code in (action.code, foreign.code):
        with pytest.raises(Refused):
            save(action.output, name, code)
    save(action.output, name, other.code)
    assert tables_of(action.output)["dependencies"]["rows"][0]["labels"]["waits_for"] == other.name


def test_a_pasted_table_is_added_whole_or_not_at_all():
    output, by = OutputFactory(kind="stakeholder_plan"), UserFactory()
    table = output.form.table("stakeholders")
    rows = [{"name": f"No. {n}", "influence": "3"} for n in range(table.most)]
    add_rows(output, table, rows, by=by, now=NOON)
    with pytest.raises(Refused, match="Remove one first"):
        add_rows(output, table, [{"name": "One too many"}], by=by, now=NOON)
    assert Stakeholder.objects.filter(output=output, influence=3).count() == table.most


@given(moves=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 7)), max_size=6))
@settings(max_examples=10)
def test_moving_rows_loses_none_and_puts_each_where_it_was_sent(moves):
    with transaction.atomic():
        output, by = OutputFactory(kind="stakeholder_plan", draft=True), UserFactory()
        table = output.form.table("stakeholders")
        expected = [StakeholderFactory(output=output, position=n, name=str(n)) for n in range(5)]
        for index, to in moves:
            row = expected[index]
            move_row(output, table, row, to=to, by=by, now=NOON)
            expected.remove(row)
            expected.insert(max(0, to - 1), row)
        assert list(output.stakeholder_rows.present()) == expected
        transaction.set_rollback(True)


# --- Filled in from what is known ----------------------------------------------------------------------------------------


def test_differences_of_context_are_filled_in_with_sources_and_unknown_is_never_alike():
    output = OutputFactory(kind="transferability_assessment")
    pairing = output.participation.pairings.get()
    host = pairing.hosting.host.host_cities.get().city
    ContextFactFactory(city=output.participation.city, dimension="target_year", value="2030", source="Plan", year=2024)
    ContextFactFactory(city=host, dimension="target_year", value="2050", source="Contract", year=2023)
    ContextFactFactory(city=host, dimension="legal", value="Finnish law")
    rows = {row["code"]: row for row in tables_of(output)["context"]["rows"]}
    assert (rows["target_year"]["values"]["here"], rows["target_year"]["values"]["there"]) == ("2030", "2050")
    assert rows["target_year"]["values"]["verdict"] == "different"
    assert "Plan, 2024" in rows["target_year"]["values"]["sources"]
    assert rows["legal"]["values"]["verdict"] == "unknown"
    save(output, "row:context:legal:meaning", "We ask a lawyer.")
    assert value(output, "row:context:legal:meaning") == "We ask a lawyer."
    with pytest.raises(Refused):
        save(output, "row:context:legal:here", "Invented", base="")


def test_ideas_and_objectives_become_practices_and_practices_that_fit_become_actions():
    participation = OutputFactory(kind=ROADMAP).participation
    roadmap = participation.outputs.get()
    assessment = OutputFactory(participation=participation, kind="transferability_assessment")
    plan = OutputFactory(participation=participation, kind="action_plan")
    idea = VisitIdeaFactory(participation=participation, title="Owners advise owners")
    VisitIdeaFactory()
    objective = LearningObjectiveFactory(output=roadmap, question="Who pays?")
    LearningObjectiveFactory(output=roadmap, of_host=True)
    table, by = assessment.form.table("candidates"), UserFactory()
    known = suggestions_for(assessment, "candidates")
    assert [each.key for each in known] == [f"idea-{idea.code}", f"objective-{objective.code}"]
    for each in known:
        add_row(assessment, table, values=each.values, by=by, now=NOON)
    assert suggestions_for(assessment, "candidates") == []
    first, second = assessment.transfercandidate_rows.present()
    assert (first.idea, second.objective, second.need) == (idea, objective, objective.why_it_matters)
    assert suggestions_for(plan, "actions") == []
    save(assessment, f"row:candidates:{first.code}:verdict", "adopt")
    save(assessment, f"row:candidates:{second.code}:verdict", "reject")
    (only,) = suggestions_for(plan, "actions")
    add_row(plan, plan.form.table("actions"), values=only.values, by=by, now=NOON)
    assert PlanAction.objects.get().candidate == first


def test_the_money_of_a_plan_is_added_up_whatever_is_removed():
    from outputs.pictures import money_in_all

    action = PlanActionFactory()
    output, by = action.output, UserFactory()
    costs, funding = output.form.table("costs"), output.form.table("funding")
    rows = [
        add_row(output, costs, parent=action, values={"amount": text}, by=by, now=NOON) for text in ("100.10", "0.20")
    ]
    add_row(output, funding, parent=action, values={"amount": "40.00", "state": "granted"}, by=by, now=NOON)
    add_row(output, funding, parent=action, values={"amount": "99.00", "state": "refused"}, by=by, now=NOON)
    money = money_in_all(draft_content(output))
    assert (money.cost, money.granted, money.missing) == (Decimal("100.30"), Decimal("40.00"), Decimal("60.30"))
    remove_row(output, rows[0], by=by, now=NOON)
    assert money_in_all(draft_content(output)).cost == Decimal("0.20")


# --- Hints ---------------------------------------------------------------------------------------------------------------


def test_a_hint_is_answered_once_and_the_answer_travels_with_the_content():
    output, by = OutputFactory(kind="info_session"), UserFactory(name="Lea")
    about = {"rule": "departments", "anchor": "table:groups", "by": by, "now": NOON}
    answer_hint(output, reason="  Two departments\nare all we have. ", **about)
    answer_hint(output, reason="There are only two.", **about)
    assert draft_content(output)["reasons"] == [
        {"rule": "departments", "anchor": "table:groups", "reason": "There are only two.", "by": "Lea"}
    ]
    answer_hint(output, reason="", **about)
    assert draft_content(output)["reasons"] == []
    with pytest.raises(Refused):
        answer_hint(output, reason="Why not", rule="invented", anchor="", by=by, now=NOON)


def test_everything_about_an_output_is_read_in_as_many_queries_with_many_rows_as_with_few(django_assert_num_queries):
    action = PlanActionFactory()
    for _number in range(3):
        for parent in (action, PlanActionFactory(output=action.output)):
            ActionStepFactory(parent=parent)
    EventFactory(cohort=action.output.participation.cohort)
    with django_assert_num_queries(PLAN_QUERIES):
        draft_content(action.output)


PLAN_QUERIES = 11
assert set(ROW_MODELS) == {table.slug for kind in KINDS.values() for table in kind.tables}
