from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensemaking.clustering import Remark, find_matches, suggest_clusters
from sensemaking.clustering.likeness import likenesses
from sensemaking.clustering.suggesting import MOST_REMARKS
from twinning.core.words import alike, fold

from .remarks import PUT_ASIDE, TUNED_ON

WORDS = st.sampled_from(
    "heat pump permit owner flat assembly bank guarantee data Wärme Genehmigung prêt banque".split()
)
TEXTS = st.lists(WORDS, min_size=0, max_size=6).map(" ".join)


def remarks_of(rows):
    return [Remark(f"{number}", text) for number, (_matter, text) in enumerate(rows)]


def pairs_found(rows):
    """(right, wrong, missed) pairs of remarks against the matters that a person gave."""
    matters = [matter or f"alone {number}" for number, (matter, _text) in enumerate(rows)]
    together = {
        pair
        for suggestion in suggest_clusters(remarks_of(rows))
        for pair in combinations(sorted(map(int, suggestion.keys)), 2)
    }
    wanted = {(one, other) for one, other in combinations(range(len(rows)), 2) if matters[one] == matters[other]}
    return len(together & wanted), len(together - wanted), len(wanted - together)


@pytest.mark.parametrize("rows", [TUNED_ON, PUT_ASIDE], ids=["tuned on", "put aside"])
def test_most_suggested_pairs_are_those_of_a_person_and_most_of_hers_are_found(rows):
    right, wrong, missed = pairs_found(rows)
    assert right / (right + wrong) > 0.9
    assert right / (right + missed) > 0.6


@settings(max_examples=40, deadline=None)
@given(
    st.lists(TEXTS, max_size=10).flatmap(lambda texts: st.tuples(st.just(texts), st.permutations(range(len(texts)))))
)
def test_the_order_of_remarks_changes_nothing(case):
    texts, order = case
    remarks = [Remark(f"key {place}", text) for place, text in enumerate(texts)]
    assert suggest_clusters([remarks[place] for place in order]) == suggest_clusters(remarks)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, max_size=10))
def test_a_remark_is_in_one_suggestion_at_most_and_never_alone(texts):
    suggestions = suggest_clusters(Remark(f"{place}", text) for place, text in enumerate(texts))
    keys = [key for suggestion in suggestions for key in suggestion.keys]
    assert len(keys) == len(set(keys))
    assert all(len(suggestion.keys) > 1 for suggestion in suggestions)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=10))
def test_the_words_that_are_shown_stand_in_as_many_remarks_as_is_said(texts):
    for suggestion in suggest_clusters(Remark(f"{place}", text) for place, text in enumerate(texts)):
        said = [texts[int(key)] for key in suggestion.keys]
        assert suggestion.kin
        for kin in suggestion.kin:
            holding = [text for text in said if any(word in text.split() for word in kin.written)]
            assert len(holding) == kin.remarks > 1
            assert all(alike(fold(kin.written[0]), fold(word)) for word in kin.written)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_likeness_is_the_same_both_ways_and_whole_with_oneself(texts):
    table = likenesses(texts)
    assert (table == table.T).all()
    assert [round(float(table[place, place]), 6) for place in range(len(texts))] == [float(bool(t)) for t in texts]


def test_words_of_other_forms_and_kindred_languages_meet():
    remarks = [
        Remark("de", "Genehmigungen für Wärmepumpen dauern"),
        Remark("de2", "Wärmepumpe: die Genehmigung dauerte ein Jahr"),
        Remark("en", "Financing of renovations"),
        Remark("fr", "Financement des rénovations"),
        Remark("alone", "Football fans came for the stadium roof"),
    ]
    suggestions = {tuple(sorted(suggestion.keys)): suggestion for suggestion in suggest_clusters(remarks)}
    assert set(suggestions) == {("de", "de2"), ("en", "fr")}
    assert {"Financing", "Financement"} in [set(kin.written) for kin in suggestions["en", "fr"].kin]


def test_remarks_of_little_words_alone_are_like_none():
    assert suggest_clusters([Remark("a", "We need it, and now!"), Remark("b", "We need it, and now!")]) == ()


def test_a_statement_of_an_earlier_round_is_found_again_once():
    earlier = [Remark("e1", "Banks ask for a guarantee"), Remark("e2", "Volunteers stay with a role")]
    later = [Remark("l1", "A guarantee is what banks still ask for"), Remark("l2", "Banks want a guarantee too")]
    matches = find_matches(earlier, later)
    assert [match.one for match in matches] == ["e1"]
    assert matches == find_matches(earlier[::-1], later[::-1])
    assert find_matches([], later) == ()


def test_more_remarks_than_a_page_can_wait_for_are_refused():
    with pytest.raises(ValueError, match="At most"):
        suggest_clusters(Remark(f"{number}", "heat") for number in range(MOST_REMARKS + 1))
