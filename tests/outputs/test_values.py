"""What people type into a column, and what it means."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.kinds import KINDS, Column
from outputs.kinds.values import text_of, value_of

MONEY, NUMBER = Column("m", "M", "money"), Column("n", "N", "number", least=-1_000_000_000)
WHOLE, SCALE, DATE = Column("w", "W", "whole"), Column("s", "S", "scale"), Column("d", "D", "date")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12000", "12000.00"),
        ("12 000,50", "12000.50"),
        ("12.000,50", "12000.50"),
        ("12,000.50", "12000.50"),
        ("1.234.567", "1234567.00"),
        ("€ 12’000", "12000.00"),
        ("0,125", None),
        ("12.000", None),
        ("12,000", None),
        ("1.2.3", None),
        ("twelve", None),
        ("-5", None),
        ("1e3", None),
        ("NaN", None),
        ("", ""),
    ],
)
def test_amounts_are_read_as_people_write_them_and_never_guessed(text, amount):
    if amount is None:
        with pytest.raises(ValueError, match=r"\w+ \w+"):
            value_of(MONEY, text)
    else:
        assert text_of(MONEY, value_of(MONEY, text)) == amount


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_survives_being_shown_and_read_again(amount):
    assert value_of(MONEY, text_of(MONEY, amount)) == amount


@given(st.decimals(min_value=-(10**8), max_value=10**8, places=3))
def test_a_number_is_shown_as_short_as_it_is_and_read_again_unless_it_could_mean_thousands(number):
    text = text_of(NUMBER, number)
    assert "E" not in text
    assert Decimal(text) == number
    try:
        assert value_of(NUMBER, text) == number
    except ValueError:
        assert len(text.partition(".")[2]) == 3


@given(st.integers(0, 4))
def test_a_rating_is_read_again(rating):
    assert value_of(SCALE, text_of(SCALE, rating)) == rating


@pytest.mark.parametrize(
    ("column", "text"), [(SCALE, "5"), (SCALE, "-1"), (WHOLE, "2,5"), (DATE, "3.3.2027"), (DATE, "1999-01-01")]
)
def test_what_lies_outside_is_refused_with_a_sentence(column, text):
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        value_of(column, text)


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)))
def test_a_date_is_read_again(day):
    assert value_of(DATE, text_of(DATE, day)) == day


def test_an_address_must_be_whole():
    link = Column("l", "L", "link")
    assert value_of(link, "https://example.org/slides") == "https://example.org/slides"
    for text in ("example.org", "javascript:alert(1)", "https://two words.org"):
        with pytest.raises(ValueError, match="https"):
            value_of(link, text)


def test_no_two_tables_or_columns_of_a_kind_share_a_name():
    for kind in KINDS.values():
        slugs = [table.slug for table in kind.tables]
        assert len(slugs) == len(set(slugs))
        for table in kind.tables:
            columns = [column.slug for column in table.columns]
            assert len(columns) == len(set(columns))
            assert set(table.summary) <= set(columns)
            assert table.parent == "" or kind.table(table.parent)
