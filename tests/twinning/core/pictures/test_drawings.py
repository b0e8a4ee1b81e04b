"""The pictures of stakeholders, conditions, actions and money: everything given is drawn or counted, inside the frame."""

import datetime
from collections import Counter
from decimal import Decimal

from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from twinning.core.pictures.budget import LEFT, RIGHT, Budget, Part, draw_budget
from twinning.core.pictures.conditions import STATES, Candidate, draw_conditions
from twinning.core.pictures.gantt import MOST_ROWS, Action, Step, draw_gantt
from twinning.core.pictures.influence import Stakeholder, draw_influence

DAY = datetime.date(2027, 3, 1)
RATINGS = st.one_of(st.none(), st.integers(0, 4))


@given(st.lists(st.tuples(RATINGS, RATINGS), min_size=1, max_size=60))
def test_every_rated_stakeholder_is_a_dot_or_counted_by_one(ratings):
    picture = draw_influence([Stakeholder(n, f"S{n}", *both) for n, both in enumerate(ratings, start=1)])
    counted = sum(int(dot.text[1:]) if dot.text.startswith("+") else 1 for dot in picture.dots)
    assert counted == sum(None not in both for both in ratings)
    assert all(picture.left < dot.x < picture.right and picture.top < dot.y < picture.bottom for dot in picture.dots)
    assert all(times == 1 for times in Counter((dot.x, dot.y) for dot in picture.dots).values())
    assert len(picture.key) == len(ratings)


def test_more_influence_stands_higher_and_more_interest_further_right():
    low, high = draw_influence([Stakeholder(1, "a", 0, 0), Stakeholder(2, "b", 4, 4)]).dots
    assert (low.x < high.x, low.y > high.y) == (True, True)


def test_a_condition_that_nobody_filled_in_has_no_sign():
    cells = tuple((state, state) for state in ("", *STATES))
    picture = draw_conditions(["a", "b", "c", "d", "e"], [Candidate(1, "Coaches", cells)])
    assert [sign.state for sign in picture.rows[0].signs] == list(STATES)


def test_a_bar_reaches_from_the_first_to_the_last_day_of_action_and_steps():
    late = Step(DAY + datetime.timedelta(days=200), "done")
    (picture,) = draw_gantt(
        [Action(1, "Desk", DAY, DAY + datetime.timedelta(days=90), (late,)), Action(2, "x", None, None)]
    )
    desk, undated = picture.rows
    assert round(desk.bar_x + desk.bar_width, 1) == desk.marks[0][0]
    assert not undated.has_dates


def test_many_actions_become_several_pictures_on_one_scale():
    actions = [Action(n, f"Action {n}", DAY, DAY + datetime.timedelta(days=n)) for n in range(1, 2 * MOST_ROWS)]
    first, second = draw_gantt(actions)
    assert (len(first.rows), len(second.rows)) == (MOST_ROWS, MOST_ROWS - 1)
    assert first.months == second.months


@given(st.lists(st.lists(st.decimals(0, 10**9, places=2), max_size=4), max_size=40))
def test_segments_are_as_wide_as_their_share_and_never_leave_the_frame(amounts):
    budgets = [Budget(n, f"A{n}", tuple(Part(k, a) for k, a in enumerate(row)), "") for n, row in enumerate(amounts)]
    rows = [row for picture in draw_budget(budgets, ["a", "b", "c", "d"]) for row in picture.rows]
    assert bool(rows) == any(budget.total > 0 for budget in budgets)
    for row in rows:
        assert all(part.x >= LEFT and part.x + part.width <= RIGHT + 0.2 for part in row.segments)
    if rows:
        widest = max(rows, key=lambda row: row.budget.total)
        assert abs(sum(part.width for part in widest.segments) - (RIGHT - LEFT)) < 1


def test_pictures_say_in_words_what_they_show():
    markup = Template(
        "{% load pictures %}{% influence_interest people %}{% gantt_chart actions %}{% budget_chart money kinds %}"
    ).render(
        Context(
            {
                "people": [Stakeholder(1, "Utility", 4, 1), Stakeholder(2, "University", None, 2)],
                "actions": [Action(1, "Desk", DAY, DAY, (Step(DAY, "Room found"),))],
                "money": [Budget(1, "Desk", (Part(0, Decimal(10)),), "10 EUR")],
                "kinds": ["Secured"],
            }
        )
    )
    for words in (
        "1. Utility – influence 4, interest 1; 2. University – not rated yet",
        "1. Desk – 1 March 2027 – 1 March 2027, Room found: 1 March 2027",
        "1. Desk – 10 EUR",
    ):
        assert words in markup


def test_nothing_to_draw_says_so_in_words():
    markup = Template(
        "{% load pictures %}{% influence_interest n %}{% conditions_matrix n n %}{% gantt_chart n %}{% budget_chart n n %}"
    )
    assert markup.render(Context({"n": []})).count('class="empty"') == 4
