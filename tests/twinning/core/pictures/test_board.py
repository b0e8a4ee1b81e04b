from hypothesis import given, settings
from hypothesis import strategies as st

from twinning.core.pictures.board import CARD, PAD, SIZE, TALLEST, WIDTH, Note, draw_board
from twinning.core.pictures.labels import text_width

TEXTS = st.text(st.sampled_from("abc Wm.,"), min_size=1, max_size=300).filter(str.strip)
NOTES = st.lists(st.tuples(TEXTS, st.sampled_from(["", "Money", "People"])), max_size=12)


def notes_of(rows):
    return [Note(number, "success", "Success", text, group=name) for number, (text, name) in enumerate(rows, start=1)]


@settings(max_examples=60, deadline=None)
@given(NOTES)
def test_every_note_is_drawn_once_whole_within_the_paper_and_beside_the_others(rows):
    notes = notes_of(rows)
    pictures = draw_board(notes)
    cards = [card for picture in pictures for card in picture.cards]
    assert sorted(card.note.number for card in cards) == [note.number for note in notes]
    for picture in pictures:
        assert picture.height <= TALLEST + 30
        boxes = [(card.x, card.y, card.x + CARD, card.y + card.height) for card in picture.cards]
        for place, (left, top, right, bottom) in enumerate(boxes):
            assert min(left, top) >= 0
            assert right <= WIDTH + 0.1
            assert bottom <= picture.height
            assert not any(left < b[2] and b[0] < right and top < b[3] and b[1] < bottom for b in boxes[:place])
    for card in cards:
        assert "".join(line for _y, line in card.lines).replace(" ", "") == "".join(card.note.text.split())
        assert all(text_width(line, SIZE) <= CARD - 2 * PAD + 0.01 for _y, line in card.lines)
        assert card.lines[-1][0] < card.height


def test_a_group_that_goes_over_the_page_has_its_name_on_both():
    pictures = draw_board(notes_of([("word " * 60, "Money")] * 18))
    assert len(pictures) > 1
    assert [frame.name for picture in pictures for frame in picture.frames] == ["Money"] * len(pictures)


def test_named_groups_come_before_what_is_in_none():
    (picture,) = draw_board(notes_of([("one", ""), ("two", "Money")]))
    assert [frame.name for frame in picture.frames] == ["Money", ""]
    assert [card.note.number for card in picture.cards] == [2, 1]
    assert draw_board([]) == []
