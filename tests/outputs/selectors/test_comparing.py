from hypothesis import given
from hypothesis import strategies as st

from outputs.selectors.reviews import word_pieces


@given(before=st.text(), after=st.text())
def test_both_texts_can_be_rebuilt_from_the_pieces(before, after):
    pieces = word_pieces(before, after)
    assert "".join(piece.text for piece in pieces if piece.change != "added") == before
    assert "".join(piece.text for piece in pieces if piece.change != "removed") == after


def test_a_changed_word_is_one_removed_and_one_added():
    pieces = [(piece.change, piece.text) for piece in word_pieces("renovate 1,200 homes", "renovate 1,400 homes")]
    assert pieces == [("same", "renovate "), ("removed", "1,200"), ("added", "1,400"), ("same", " homes")]
