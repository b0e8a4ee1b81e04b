import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from twinning.core.pictures.labels import text_width
from twinning.core.pictures.timeline import LEFT, RIGHT, WIDTH, Mark, Module, draw_timeline, whole_months

START = date(2026, 9, 1)
MODULES = [
    Module("1 Getting started", START, date(2027, 2, 28)),
    Module("2 Co-creating", date(2027, 3, 1), date(2027, 8, 31)),
    Module("3 Capitalising", date(2027, 9, 1), date(2028, 2, 29)),
]


def span(mark):
    width = text_width(mark.label, 12)
    left = {"start": mark.label_x, "middle": mark.label_x - width / 2, "end": mark.label_x - width}[mark.anchor]
    return left, left + width


def test_without_any_date_there_is_no_picture():
    assert draw_timeline([], [], []) is None


def test_the_months_reach_from_the_first_module_to_the_last():
    picture = draw_timeline(MODULES, [], [], today=date(2027, 5, 14))
    assert [picture.months[0].starts_on, picture.months[-1].starts_on] == [START, date(2028, 2, 1)]
    assert len(picture.months) == 18
    assert [month.starts_on for month in picture.months if month.has_year] == [
        START,
        date(2027, 1, 1),
        date(2028, 1, 1),
    ]
    assert [band.is_now for band in picture.bands] == [False, True, False]


def test_the_modules_fill_the_width_without_overlap():
    bands = draw_timeline(MODULES, [], []).bands
    assert bands[0].x == LEFT + 1
    assert round(bands[-1].x + bands[-1].width + 1) == RIGHT
    assert all(a.x + a.width < b.x for a, b in itertools.pairwise(bands))


def test_today_outside_the_calendar_has_no_line():
    assert draw_timeline(MODULES, [], [], today=date(2030, 1, 1)).today_x is None


def test_what_lies_before_today_is_past_and_what_is_done_says_so():
    marks = [Mark(date(2026, 9, 5), "Kick-off", done=True), Mark(date(2027, 6, 5), "Workshop 2")]
    (lane,) = draw_timeline(MODULES, marks, [], today=date(2027, 5, 14)).lanes
    assert [(mark.label, mark.is_past, mark.done) for mark in lane.marks] == [
        ("Kick-off", True, True),
        ("Workshop 2", False, False),
    ]


def test_a_label_near_the_end_stays_in_the_picture():
    (lane,) = draw_timeline(MODULES, [Mark(date(2028, 2, 28), "Closing event of the cohort")], []).lanes
    assert lane.marks[0].anchor == "end"
    assert span(lane.marks[0])[1] <= WIDTH


marks = st.builds(
    Mark,
    st.integers(0, 900).map(lambda days: START + timedelta(days=days)),
    st.text("abc deMW", min_size=1, max_size=18),
    st.sampled_from(["event", "visit"]),
)


@given(st.lists(marks, min_size=1, max_size=30))
def test_labels_of_one_row_never_touch(events):
    (lane,) = draw_timeline([], events, [], today=START + timedelta(days=100)).lanes
    rows = {}
    for mark in lane.marks:
        if mark.label:
            rows.setdefault(mark.label_y, []).append(span(mark))
    for spans in rows.values():
        ordered = sorted(spans)
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(ordered))
    assert len(lane.marks) == len(events)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 4000))
def test_a_later_day_never_stands_further_left(first, days):
    last = first + timedelta(days=days)
    scale = whole_months([first, last])
    assert LEFT <= scale.x(first) <= scale.x(last) <= RIGHT
    assert scale.months()[0].is_named
