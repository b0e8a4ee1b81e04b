from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from twinning.core.pictures.objectives import CHARACTERS, Objective, Occasion, draw_objectives

START, END = date(2026, 9, 1), date(2028, 2, 29)


def draw(objectives, occasions=()):
    return draw_objectives(objectives, list(occasions), starts_on=START, ends_on=END)


def test_without_objectives_there_is_no_picture():
    assert draw([]) is None


def test_each_objective_has_its_row_in_the_order_given():
    picture = draw([Objective(1, "What?", START, date(2027, 2, 1), "Visit 1"), Objective(2, "How?")])
    assert [(row.number, row.activity, row.mark_x is None) for row in picture.rows] == [
        (1, "Visit 1", False),
        (2, "", True),
    ]
    assert picture.rows[1].bar_width == 0


def test_a_long_question_is_broken_into_lines_and_kept_whole_for_those_who_listen():
    question = "Which steps turn the interest of residents into a signed contract for the retrofit of a whole street, and who pays for them?"
    (row,) = draw([Objective(1, question)]).rows
    assert len(row.lines) == 3
    assert row.lines[-1].endswith("…")
    assert row.question == question


def test_names_of_occasions_on_the_same_day_stand_below_each_other():
    day = date(2027, 2, 1)
    picture = draw([Objective(1, "What?")], [Occasion(day, "Visit 1"), Occasion(day, "Workshop 2")])
    first, second = picture.occasions
    assert first.x == second.x
    assert first.label_y < second.label_y < picture.top


@given(st.text(min_size=0, max_size=300))
def test_no_line_is_longer_than_its_room(question):
    (row,) = draw([Objective(1, question)]).rows
    assert 1 <= len(row.lines) <= 3
    assert all(len(line) <= CHARACTERS for line in row.lines)
