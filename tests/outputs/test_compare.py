import time

from hypothesis import given
from hypothesis import strategies as st

from outputs.compare import Change, Row, Section, Table, Text, apply, compare, flat, word_pieces

# --- Words ------------------------------------------------------------------------------------------------------------

WORDS = st.text(alphabet="ab \n", max_size=30) | st.text(max_size=20)


@given(before=WORDS, after=WORDS)
def test_both_texts_can_be_rebuilt_from_the_pieces(before, after):
    pieces = word_pieces(before, after)
    assert "".join(piece.text for piece in pieces if piece.change != Change.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.change != Change.REMOVED) == after


def pieces_of(before, after):
    return [(str(piece.change), piece.text) for piece in word_pieces(before, after)]


def test_a_changed_word_is_one_removed_and_one_added():
    assert pieces_of("renovate 1,200 homes", "renovate 1,400 homes") == [
        ("same", "renovate "),
        ("removed", "1,200"),
        ("added", "1,400"),
        ("same", " homes"),
    ]


def test_a_rewritten_sentence_is_one_run_and_not_word_salad():
    assert pieces_of("Owners do not sign.", "The agency has no staff.") == [
        ("removed", "Owners do not sign"),
        ("added", "The agency has no staff"),
        ("same", "."),
    ]


def test_words_added_at_the_end_leave_the_last_word_alone():
    assert pieces_of("two homes", "two homes today") == [("same", "two homes"), ("added", " today")]


def test_a_text_that_repeats_one_word_is_compared_in_a_moment():
    began = time.perf_counter()
    pieces = word_pieces("a " * 9_999 + "b", "a " * 9_999 + "c")
    assert time.perf_counter() - began < 2
    assert pieces[0].change == Change.REMOVED


# --- Writings ---------------------------------------------------------------------------------------------------------

TEXT = st.sampled_from(["", "one", "one two", "three", "one\ntwo three"])


@st.composite
def rows(draw):
    """Rows in any order under any parent, each code once."""
    codes = draw(st.permutations("ABCDEF"))[: draw(st.integers(0, 6))]
    return tuple(
        Row(code, (Text(f"t:{code}:name", "Name", draw(TEXT)),), parent=draw(st.sampled_from(["", "P", "Q"])))
        for code in codes
    )


@st.composite
def writings(draw):
    sections = []
    for slug in draw(st.permutations(["one", "two"]))[: draw(st.integers(0, 2))]:
        texts = tuple(Text(f"answer:{slug}-{name}", name, draw(TEXT)) for name in "xy"[: draw(st.integers(0, 2))])
        tables = (Table("t", "Rows", draw(rows())),) if slug == "one" and draw(st.booleans()) else ()
        sections.append(Section(slug, slug.title(), texts, tables))
    return tuple(sections)


@given(before=writings(), after=writings())
def test_the_difference_applied_to_the_first_gives_the_second(before, after):
    assert apply(compare(before, after), before) == flat(after)


@given(writing=writings())
def test_a_writing_does_not_differ_from_itself(writing):
    assert not compare(writing, writing)


@given(before=writings(), after=writings())
def test_what_was_added_one_way_was_removed_the_other_way(before, after):
    def codes(difference, change):
        return {row.code for row in difference.rows() if row.change == change}

    there, back = compare(before, after), compare(after, before)
    assert codes(there, Change.ADDED) == codes(back, Change.REMOVED)
    assert codes(there, Change.CHANGED) == codes(back, Change.CHANGED)


# --- Rows -------------------------------------------------------------------------------------------------------------


def table(*codes, parents=None, texts=None):
    made = [
        Row(
            code,
            (Text(f"t:{code}:name", "Name", (texts or {}).get(code, f"Row {code}")),),
            (parents or {}).get(code, ""),
        )
        for code in codes
    ]
    return (Section("s", "Section", tables=(Table("t", "Rows", tuple(made)),)),)


def changes(before, after):
    return [(row.code, str(row.change), row.number_before, row.number_after) for row in compare(before, after).rows()]


def test_one_row_carried_to_the_front_is_the_only_one_that_moved():
    assert changes(table(*"ABCD"), table(*"DABC")) == [("D", "moved", 4, 1)]


def test_a_removed_row_moves_nobody_else():
    assert changes(table(*"ABC"), table(*"BC")) == [("A", "removed", 1, 0)]


def test_an_added_row_is_named_by_its_first_text():
    (row,) = compare(table("A"), table("A", "B")).rows()
    assert (row.change, row.name, row.texts[0].after) == (Change.ADDED, "Row B", "Row B")


def test_a_row_can_be_moved_and_changed_at_once():
    (row,) = compare(table(*"ABC"), table(*"CAB", texts={"C": "Row C, better"})).rows()
    assert (row.code, row.change, row.is_moved) == ("C", Change.CHANGED, True)


def test_a_row_under_another_parent_has_moved():
    assert changes(table("A", parents={"A": "P"}), table("A", parents={"A": "Q"})) == [("A", "moved", 1, 1)]


def test_an_empty_row_that_was_added_is_told():
    assert changes(table(), table("A", texts={"A": ""})) == [("A", "added", 0, 1)]
