import datetime

import pytest

from outputs.selectors.desk import (
    late_outputs,
    next_steps_for_officer,
    output_states_by_participation,
    waiting_for_reviewer,
)
from tests.factories.cohorts import PairingFactory
from tests.factories.outputs import DUE, OutputFactory

pytestmark = pytest.mark.django_db
TODAY = DUE + datetime.timedelta(days=2)


def test_an_officer_is_told_what_is_owed_earliest_first_with_the_verb(world):
    roadmap = OutputFactory(pairing=world.pairing, draft=True)
    plan = OutputFactory(pairing=world.pairing, kind="action_plan", due_on=TODAY, position=4)
    earlier = OutputFactory(pairing=world.pairing, kind="stakeholder_plan", sent_back=True, due_on=DUE, position=2)
    OutputFactory(pairing=world.pairing, kind="info_session", submitted=True)
    OutputFactory(pairing=world.other_pairing)
    steps = next_steps_for_officer(world.officer, TODAY)
    assert [(step.output, step.days_late, str(step.action)) for step in steps] == [
        (roadmap, 2, "Go on writing"),
        (earlier, 2, "Make the changes"),
        (plan, 0, "Begin to write"),
    ]
    assert steps[0].url == roadmap.get_absolute_url()


def test_an_extension_moves_a_step_down_and_stops_it_being_late(world):
    extended = OutputFactory(
        pairing=world.pairing, extended_until=DUE + datetime.timedelta(days=30), extension_reason="Elections"
    )
    other = OutputFactory(pairing=world.pairing, kind="action_plan", due_on=TODAY, position=4)
    steps = next_steps_for_officer(world.officer, TODAY)
    assert [step.output for step in steps] == [other, extended]
    assert [step.days_late for step in steps] == [0, 0]


def test_before_the_announcement_and_after_leaving_nothing_is_asked_for(world):
    for traits in ({"pairing__confirmed": True}, {"pairing__participation__withdrawn": True}):
        output = OutputFactory(**traits)
        output.participation.memberships.create(user=world.outsider, since="2026-09-01T00:00Z")
    assert next_steps_for_officer(world.outsider, TODAY) == []


def test_what_waits_for_a_reviewer_is_theirs_alone_longest_first(world):
    second = OutputFactory(
        pairing=world.pairing, submitted=True, submitted_at=datetime.datetime(2026, 9, 3, tzinfo=datetime.UTC)
    )
    first = OutputFactory(pairing=world.pairing, kind="action_plan", submitted=True)
    OutputFactory(pairing=world.pairing, kind="info_session", draft=True)
    foreign = OutputFactory(pairing=world.other_pairing, submitted=True)
    assert list(waiting_for_reviewer(world.facilitator)) == [first, second]
    assert list(waiting_for_reviewer(world.other_facilitator)) == [foreign]
    assert set(waiting_for_reviewer(world.coordinator)) == {first, second, foreign}
    assert list(waiting_for_reviewer(world.observer)) == []
    assert list(waiting_for_reviewer(world.lead_officer)) == []


def test_late_outputs_are_those_one_sees_longest_overdue_first(world):
    late = OutputFactory(pairing=world.pairing, due_on=DUE - datetime.timedelta(days=30))
    less = OutputFactory(pairing=world.pairing, kind="action_plan", draft=True)
    OutputFactory(pairing=world.pairing, kind="info_session", accepted=True)
    foreign = OutputFactory(pairing=world.other_pairing)
    gone = OutputFactory(pairing__participation__withdrawn=True)
    assert list(late_outputs(world.facilitator, TODAY)) == [late, less]
    assert set(late_outputs(world.observer, TODAY)) == {late, less, foreign}
    assert gone not in late_outputs(world.observer, TODAY)
    assert list(late_outputs(world.outsider, TODAY)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_whole_cohort_costs_one_query(world, count, django_assert_num_queries):
    outputs = [OutputFactory(pairing=PairingFactory(participation__cohort=world.cohort)) for _ in range(count)]
    with django_assert_num_queries(1):
        states = output_states_by_participation(world.cohort)
        assert [row.days_late(TODAY) for rows in states.values() for row in rows] == [2] * count
        assert all(row.label and row.get_absolute_url() for rows in states.values() for row in rows)
    assert states == {output.participation_id: [output] for output in outputs}


@pytest.mark.parametrize("read", [next_steps_for_officer, late_outputs])
def test_a_desk_costs_one_query_with_the_names(world, read, django_assert_num_queries):
    OutputFactory(pairing=world.pairing)
    OutputFactory(pairing=world.pairing, kind="action_plan")
    with django_assert_num_queries(1):
        rows = list(read(world.officer, TODAY))
        assert {str(row.participation.city) for row in rows} == {world.pairing.participation.city.name}
