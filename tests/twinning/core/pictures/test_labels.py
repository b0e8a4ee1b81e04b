from hypothesis import given
from hypothesis import strategies as st

from twinning.core.pictures.labels import Grid, Wanted, place_labels, text_width

FRAME = (0.0, 0.0, 400.0, 300.0)


def box_of(label, size):
    width = text_width(label.text, size)
    left = {"start": label.x, "middle": label.x - width / 2, "end": label.x - width}[label.anchor]
    return left, label.y - size * 0.85, left + width, label.y + size * 0.17


def overlap(a, b, slack=0.2):
    return a[0] + slack < b[2] and a[2] - slack > b[0] and a[1] + slack < b[3] and a[3] - slack > b[1]


def test_a_word_stands_to_the_right_of_its_point_where_there_is_room():
    (label,) = place_labels([Wanted(100, 100, "Braga")], size=12, frame=FRAME, marks=[(95, 95, 105, 105)])
    assert (label.anchor, label.x) == ("start", 109.0)


def test_a_word_that_fits_nowhere_is_left_out():
    marks = [(0, 0, 400, 300)]
    assert place_labels([Wanted(100, 100, "Braga")], size=12, frame=FRAME, marks=marks) == []


def test_a_word_crosses_a_line_rather_than_be_left_out():
    lines = [(0, 0, 400, 300)]
    (label,) = place_labels([Wanted(100, 100, "Braga")], size=12, frame=FRAME, marks=[], lines=lines)
    assert label.text == "Braga"


def test_no_more_words_than_the_limit():
    wanted = [Wanted(50, 40 * n, f"City {n}") for n in range(1, 7)]
    assert len(place_labels(wanted, size=12, frame=FRAME, marks=[], limit=3)) == 3


@given(
    st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300), st.text("abcMWi ", min_size=1, max_size=16)), max_size=40)
)
def test_labels_never_cover_each_other_nor_leave_the_frame(points):
    labels = place_labels([Wanted(*point) for point in points], size=12, frame=FRAME, marks=[])
    boxes = [box_of(label, 12) for label in labels]
    assert not [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if overlap(a, b)]
    assert all(box[0] >= -0.2 and box[2] <= 400.2 for box in boxes)


boxes = st.tuples(st.floats(0, 300), st.floats(0, 300), st.floats(0, 90), st.floats(0, 90)).map(
    lambda t: (t[0], t[1], t[0] + t[2], t[1] + t[3])
)


@given(st.lists(boxes, max_size=30), boxes)
def test_the_grid_finds_exactly_what_overlaps(stored, asked):
    expected = any(asked[0] < b[2] and asked[2] > b[0] and asked[1] < b[3] and asked[3] > b[1] for b in stored)
    assert Grid(stored).hits(asked) == expected
