import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts.models import Term
from sensemaking.models import Insight, LineageLink
from sensemaking.selectors.insights import (
    advice_for,
    compare_rounds,
    insight_rows,
    notes_of,
    remembered,
    suggestions_for,
)
from sensemaking.selectors.lineage import coverage_of, family_of, traces_of, use_of
from sensemaking.services.insights import (
    add_notes,
    change_insight,
    make_insight,
    merge_insights,
    move_insight,
    split_insight,
    take_notes,
)
from sensemaking.services.lineage import build_on, continue_insight, unlink
from sensemaking.states import InsightOrigin, InsightState, LinkKind, NoteState, Sureness
from tests.factories.cohorts import CityFactory, CohortFactory, HostCityFactory, HostingFactory, ParticipationFactory
from tests.factories.people import UserFactory
from tests.factories.rows import PlanActionFactory
from tests.factories.sensemaking import (
    BoardFactory,
    GuestFactory,
    NoteFactory,
    RoomFactory,
    RoundFactory,
    SessionFactory,
    VoteFactory,
)
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 10, 21, 12, 0, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory(coordinator=True)


@pytest.fixture
def board():
    return BoardFactory()


def notes_on(board, count=3, **fields):
    return [NoteFactory(board=board, **fields) for _n in range(count)]


def make(board, notes, by, statement="Banks want a guarantee", **fields):
    return make_insight(board.session, notes, by=by, now=NOW, statement=statement, **fields)


def confirm(insight, by):
    return move_insight(insight, "confirm", by=by, now=NOW)


def under(insight):
    return set(LineageLink.objects.filter(kind=LinkKind.EVIDENCE, to_insight=insight).values_list("note", flat=True))


def reaching(row):
    """Notes from which one comes to what was built."""
    insights = LineageLink.objects.filter(to_action=row).values("insight")
    return set(
        LineageLink.objects.filter(kind=LinkKind.EVIDENCE, to_insight__in=insights).values_list("note", flat=True)
    )


def test_an_insight_is_made_of_notes_with_its_facets(board, by):
    notes = notes_on(board)
    theme = Term.objects.of("fields_of_action_ccc").first()
    insight = make(board, notes, by, themes=[theme], sureness=Sureness.LIKELY, is_advice=True)
    assert under(insight) == {note.pk for note in notes}
    assert (insight.state, insight.author, insight.origin) == (InsightState.DRAFT, by, InsightOrigin.BY_HAND)
    assert list(insight.themes.all()) == [theme]


def test_without_a_note_without_a_statement_or_with_a_note_of_elsewhere_none_is_made(board, by):
    (note,) = notes_on(board, 1)
    with pytest.raises(Refused, match="at least one note"):
        make(board, [], by)
    with pytest.raises(Refused, match="statement"):
        make(board, [note], by, statement="  ")
    with pytest.raises(Refused, match="another cohort"):
        make(board, [NoteFactory()], by)
    with pytest.raises(Refused, match="does not stand"):
        make(board, [NoteFactory(board=board, state=NoteState.INBOX)], by)
    assert Insight.objects.count() == 0


def test_only_the_team_confirms_nothing_without_notes_and_a_new_wording_is_a_draft_again(board, by):
    notes = notes_on(board, 1)
    insight = confirm(make(board, notes, by), by)
    assert (insight.state, insight.confirmed_by) == (InsightState.CONFIRMED, by)
    same = change_insight(insight, by=by, now=NOW, statement=insight.statement, explanation="More words")
    assert same.state == InsightState.CONFIRMED
    other = change_insight(insight, by=by, now=NOW, statement="Banks ask for a guarantee of the state")
    assert (other.state, other.confirmed_at) == (InsightState.DRAFT, None)
    notes[0].state = NoteState.REMOVED
    notes[0].save()
    with pytest.raises(Refused, match="No note"):
        confirm(other, by)


def test_withdrawn_it_takes_no_notes_and_can_come_back_as_a_draft(board, by):
    insight = confirm(make(board, notes_on(board, 1), by), by)
    gone = move_insight(insight, "withdraw", by=by, now=NOW, reason="said twice")
    assert (gone.state, gone.withdrawn_reason) == (InsightState.WITHDRAWN, "said twice")
    with pytest.raises(Refused, match="withdrawn"):
        add_notes(gone, notes_on(board, 1), by=by, now=NOW)
    assert move_insight(gone, "restore", by=by, now=NOW).state == InsightState.DRAFT


def test_notes_come_and_go_but_the_last_one_stays(board, by):
    first, second = notes_on(board, 2)
    insight = make(board, [first], by)
    assert add_notes(insight, [first, second], by=by, now=NOW) == 1
    assert take_notes(insight, [first], by=by, now=NOW) == 1
    with pytest.raises(Refused, match="At least one"):
        take_notes(insight, [second], by=by, now=NOW)
    assert under(insight) == {second.pk}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6))
def test_whatever_is_merged_and_split_every_note_still_reaches_what_was_built_and_nothing_runs_in_a_circle(
    django_db_blocker, steps
):
    by = UserFactory(coordinator=True)
    board = BoardFactory()
    notes = notes_on(board, 6)
    action = PlanActionFactory()
    for start in (0, 2, 4):
        insight = confirm(make(board, notes[start : start + 2], by, statement=f"Statement {start}"), by)
        build_on(insight, action, by=by, now=NOW)
    everything = {note.pk for note in notes}
    for merges, one, other in steps:
        standing = list(Insight.objects.filter(session=board.session).standing().order_by("pk"))
        chosen = standing[one % len(standing)]
        try:
            if merges:
                merge_insights(chosen, [standing[other % len(standing)]], by=by, now=NOW)
            else:
                some = [note for note in notes if note.pk in under(chosen)][: 1 + other % 3]
                split_insight(chosen, some, statement="A part", by=by, now=NOW)
        except Refused:
            continue
        assert reaching(action) == everything
    _assert_no_circle()


def _assert_no_circle():
    ways = {}
    for link in LineageLink.objects.exclude(insight=None).exclude(to_insight=None):
        ways.setdefault(link.insight_id, set()).add(link.to_insight_id)

    def walk(here, path):
        assert here not in path
        for there in ways.get(here, ()):
            walk(there, {*path, here})

    for start in ways:
        walk(start, set())


def test_merged_insights_give_notes_themes_and_what_was_built_to_one(board, by):
    one, other = (confirm(make(board, notes_on(board, 2), by, statement=f"S{n}"), by) for n in range(2))
    action = PlanActionFactory()
    for insight in (one, other):
        build_on(insight, action, by=by, now=NOW)
    merge_insights(one, [other], by=by, now=NOW)
    other.refresh_from_db()
    assert (other.state, len(under(one)), len(under(other))) == (InsightState.MERGED, 4, 0)
    assert LineageLink.objects.filter(to_action=action).count() == 1
    family = family_of(one, by)
    assert family.merged == [other]
    assert family_of(other, by).merged_into == one
    with pytest.raises(Refused):
        merge_insights(other, [one], by=by, now=NOW)


def test_split_needs_some_notes_and_leaves_some(board, by):
    notes = notes_on(board, 3)
    insight = make(board, notes, by)
    for chosen in ([], notes):
        with pytest.raises(Refused, match="not all"):
            split_insight(insight, chosen, statement="A part", by=by, now=NOW)
    part = split_insight(insight, notes[:1], statement="A part", by=by, now=NOW)
    assert (under(part), under(insight)) == ({notes[0].pk}, {note.pk for note in notes[1:]})
    assert family_of(part, by).split_from == insight
    assert family_of(insight, by).split_off == [part]


def test_suggested_clusters_leave_out_what_stands_under_an_insight_already(board, by):
    said = ["Banks want a guarantee", "No loan without a guarantee of banks", "Guarantee: the banks insist"]
    notes = [NoteFactory(board=board, text=text) for text in said]
    NoteFactory(board=board, text="Night buses were the first request of nurses")
    (cluster,) = suggestions_for(board.session)
    assert {note.text for note in cluster.notes} == set(said)
    assert {"guarantee", "banks"} <= {word.lower() for kin in cluster.kin for word in kin.written}
    make(board, notes, by, origin=InsightOrigin.SUGGESTED)
    assert suggestions_for(board.session) == []


def test_both_directions_are_known_from_note_to_action_and_back(board, by):
    notes = notes_on(board, 2)
    insight = confirm(make(board, notes, by), by)
    action = PlanActionFactory()
    link = build_on(insight, action, by=by, now=NOW)
    assert build_on(insight, action, by=by, now=NOW) == link
    use = use_of(notes[0])
    assert (use.insights, use.built) == ([insight], 1)
    (trace,) = traces_of(action, by)
    assert (trace.title, trace.url) == (insight.statement, insight.get_absolute_url())
    assert "2 notes, 2 cities" in trace.detail
    assert [row.insights for row in remembered(notes_of(board.session))] == [[insight], [insight]]
    family = family_of(insight, UserFactory())
    assert (family.built, family.hidden) == (
        [],
        1,
    )  # a stranger to that city's output only learns that there is something
    unlink(link, by=by, now=NOW)
    assert traces_of(action, by) == []


@pytest.mark.parametrize("count", [1, 3])
def test_from_what_an_action_grew_is_one_query(board, by, count, django_assert_num_queries):
    action, seen, unseen = PlanActionFactory(), by, UserFactory()
    for number in range(count):
        here = CityFactory()
        notes = [*notes_on(board, 2, city=here), *notes_on(board, 2)]
        insight = confirm(make(board, notes, by, f"Insight {number}"), by)
        notes[-1].state = NoteState.REMOVED
        notes[-1].save()
        build_on(insight, action, by=by, now=NOW)
    with django_assert_num_queries(1):
        traces = traces_of(action, seen)
    assert [trace.title for trace in traces] == [f"Insight {number}" for number in range(count)]
    assert all(trace.url and trace.detail.startswith("3 notes, 2 cities, ") for trace in traces)
    assert {trace.url for trace in traces_of(action, unseen)} == {""}


def test_a_draft_is_not_built_on(board, by):
    with pytest.raises(Refused, match="confirmed"):
        build_on(make(board, notes_on(board, 1), by), PlanActionFactory(), by=by, now=NOW)


def test_rounds_are_compared_by_what_people_linked_and_likeness_only_suggests(by):
    cohort = CohortFactory()
    rounds = [RoundFactory(cohort=cohort, number=number) for number in (1, 2)]
    boards = [
        BoardFactory(session=SessionFactory(cohort=cohort, round=each, held_on=datetime.date(2026, 10, each.number)))
        for each in rounds
    ]
    said = (
        ("Banks want a guarantee", "Volunteers stay with a role"),
        ("A guarantee is what banks want", "Measure less"),
    )
    insights = [
        [confirm(make(board, notes_on(board, 1), by, statement=text), by) for text in texts]
        for board, texts in zip(boards, said, strict=True)
    ]
    compared = compare_rounds(cohort, *rounds)
    assert ([row.insight for row in compared.new], compared.persisting) == (insights[1], [])
    ((one, other, match),) = compared.maybe
    assert (one.insight, other.insight) == (insights[0][0], insights[1][0])
    assert match.kin
    with pytest.raises(Refused, match="later"):
        continue_insight(other.insight, one.insight, by=by, now=NOW)
    continue_insight(one.insight, other.insight, by=by, now=NOW)
    compared = compare_rounds(cohort, *rounds)
    assert [(a.insight, b.insight) for a, b in compared.persisting] == [(insights[0][0], insights[1][0])]
    assert ([row.insight for row in compared.new], [row.insight for row in compared.gone], compared.maybe) == (
        [insights[1][1]],
        [insights[0][1]],
        [],
    )


def test_what_one_side_alone_says_ranks_low_however_many_votes_it_has(by):
    cohort = CohortFactory()
    board = BoardFactory(session=SessionFactory(cohort=cohort))
    twin, host = CityFactory(), CityFactory()
    ParticipationFactory(cohort=cohort, city=twin)
    HostingFactory(cohort=cohort, host=HostCityFactory(city=host).host)
    people = {city: [GuestFactory(session=board.session, city=city) for _n in range(4)] for city in (twin, host)}
    loud, broad = (NoteFactory(board=board, author=people[twin][0], city=twin) for _n in range(2))
    for person in people[twin]:
        VoteFactory(note=loud, guest=person)
    VoteFactory(note=broad, guest=people[host][0])
    rows = {
        row.insight.statement: row
        for row in insight_rows(
            Insight.objects.filter(
                pk__in=[make(board, [loud], by, statement="loud").pk, make(board, [broad], by, statement="broad").pk]
            ).order_by("pk")
        )
    }
    assert {name: (row.votes, row.common) for name, row in rows.items()} == {"loud": (4, 0), "broad": (1, 100)}
    assert [(g.label, g.behind, g.present) for g in rows["broad"].grounds] == [("Hosts", 1, 1), ("Twins", 1, 1)]


def test_advice_is_listed_for_other_cohorts_once_it_is_confirmed(by):
    older = CohortFactory()
    board = BoardFactory(session=SessionFactory(cohort=older))
    insight = make(board, notes_on(board, 1), by, is_advice=True)
    younger = CohortFactory()
    assert advice_for(younger) == ([], [])
    confirm(insight, by)
    assert advice_for(younger) == ([insight], [])
    assert advice_for(older) == ([], [insight])


def test_coverage_counts_by_city_room_and_cohort_and_names_orphans(board, by):
    room = RoomFactory(session=board.session)
    heard, silent = GuestFactory(session=board.session), GuestFactory(session=board.session)
    used = NoteFactory(board=board, author=heard, room=room)
    orphan = NoteFactory(board=board, author=heard)
    NoteFactory(board=board, author=heard, state=NoteState.REMOVED)
    draft = make(board, [used], by)
    assert coverage_of([board.session]).reached == 0  # a draft has reached nobody
    confirm(draft, by)
    coverage = coverage_of([board.session])
    assert coverage.columns == [str(room), "For all"]
    cells = {row.name: [(cell.notes, cell.reached) for cell in row.cells] for row in coverage.rows}
    assert cells == {str(heard.city): [(1, 1), (1, 0)], str(silent.city): [(0, 0), (0, 0)]}
    assert [row.name for row in coverage.unheard] == [str(silent.city)]
    assert coverage.orphans == [orphan]
    assert [(row.name, row.notes, row.reached) for row in coverage.groups] == [("No cohort named", 2, 1)]
    by_session = coverage_of([board.session], by_session=True)
    assert [(cell.notes, cell.reached) for cell in by_session.totals] == [(2, 1)]
