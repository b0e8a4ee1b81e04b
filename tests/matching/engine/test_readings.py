"""Context by dimension, giving back, both ways of learning, a text model, weights: what is read, and from which field."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.codec import as_json, market_from_json
from matching.engine.context import profile, value_at
from matching.engine.directions import learns_back, teaches
from matching.engine.feasibility import next_for, twins_without_host, waiting_list
from matching.engine.matcher import match
from matching.engine.optimiser import solve
from matching.engine.scoring import DEFAULT_WEIGHTS, Scorer
from matching.engine.types import (
    SCALE,
    Band,
    ContextFact,
    Fact,
    GroupCap,
    Host,
    Lock,
    Market,
    Place,
    Rules,
    Tag,
    Trait,
    Twin,
    ValueRule,
    Veto,
)
from matching.engine.weights import choice_of, explained, suggest_weights, weight_ranges
from tests.matching.engine.test_scoring import DOMAINS, LEVERS, markets
from tests.matching.engine.worlds import problem_of


def place_with(**context):
    facts = tuple(ContextFact(dimension, value, "register", 2025) for dimension, value in context.items())
    return Place("p", "P", context=facts)


def apart(mine, theirs, dimension, **changes):
    """The distance of one dimension of a twin and a host."""
    market = Market((Twin(mine),), (Host("h", "H", (theirs,)),), **changes)
    return next(one for one in profile(market, market.twins[0], market.hosts[0]) if one.dimension == dimension)


@pytest.mark.parametrize(
    ("dimension", "mine", "theirs", "verdict", "distance"),
    [
        ("climate", "Dfb", "Dfb", "similar", 0),
        ("climate", "Dfb", "Dfc", "stretch", 33),
        ("climate", "Dfb", "Csa", "different", 100),
        ("language", "fi; sv", "SV", "similar", 0),
        ("language", "fi", "pt", "different", 100),
        ("competences", "energy; waste", "energy; transport", "different", 67),
        ("legal", "unitary", "federal", "different", 100),
        ("maturity", "1", "3", "stretch", 40),
        ("maturity", "3", "1", "stretch", -40),
        ("target_year", "2030", "2035", "similar", 20),
        ("maturity", "soon", "3", "unknown", None),
        ("climate", "", "Dfb", "unknown", None),
    ],
)
def test_each_dimension_says_how_far_apart_two_places_are(dimension, mine, theirs, verdict, distance):
    found = apart(place_with(**{dimension: mine}), place_with(**{dimension: theirs}), dimension)

    assert (found.verdict, found.distance) == (verdict, distance)
    assert found.host == ContextFact(dimension, theirs, "register", 2025)


@given(st.integers(-40, 90), st.integers(0, 60))
def test_value_rises_to_the_band_and_falls_beyond(centre, width):
    values = value_at(np.arange(-100.0, 101.0), Band("maturity", centre, width))
    top = int(values.argmax())

    assert values.min() >= 0
    assert values.max() <= SCALE
    assert (np.diff(values[: top + 1]) >= 0).all()
    assert (np.diff(values[100 + max(centre + width // 2 + 1, 0) :]) <= 0).all()


def test_too_close_teaches_little_and_too_far_does_not_transfer():
    same, ahead, far = (apart(place_with(maturity="1"), place_with(maturity=m), "maturity").value for m in "125")

    assert ahead == SCALE
    assert same < ahead > far


def test_unknown_context_is_neither_equal_nor_different():
    unknown = apart(place_with(), place_with(climate="Dfb"), "climate")

    assert (unknown.verdict, unknown.value, unknown.distance) == ("unknown", None, None)


@given(st.sampled_from(["Dfb", "Csa", ""]), st.sampled_from(["Dfb", "Cfb", ""]))
def test_distances_without_direction_are_the_same_both_ways(one, other):
    forth = apart(place_with(climate=one), place_with(climate=other), "climate")
    back = apart(place_with(climate=other), place_with(climate=one), "climate")

    assert (forth.verdict, forth.distance) == (back.verdict, back.distance)


def market_with(twin=None, host=None, **changes):
    twin = replace(Twin(Place("lahti", "Lahti", "FI")), **(twin or {}))
    host = replace(Host("star", "Star", (Place("umea", "Umeå", "SE"),)), **(host or {}))
    return Market((twin,), (host,), domains=DOMAINS, levers=LEVERS, **changes)


def test_a_theme_counts_whole_only_where_both_sides_have_chosen_it():
    energy = (Tag("energy-systems"),)
    stated = market_with({"strengths": energy}, {"needs": energy})
    read = market_with({"offers": "our district heating"}, {"needs": energy})

    assert Scorer(stated, {"needs": 1}).table().tolist() == [[SCALE]]
    assert Scorer(stated, {"needs": 1}).parts(0, 0)[0].facts == (
        Fact("need_met", "twin.strengths host.needs", ("Energy systems",)),
    )
    assert Scorer(read, {"needs": 1}).table().tolist() == [[SCALE // 2]]
    fact = Scorer(read, {"needs": 1}).parts(0, 0)[0].facts[0]
    assert (fact.code, fact.field, fact.values[0]) == ("need_met_read", "twin.offers host.needs", "Energy systems")


def test_both_ways_of_learning_are_told_apart():
    energy = (Tag("energy-systems"),)
    market = market_with({"domains": energy, "strengths": ()}, {"domains": energy, "needs": (Tag("mobility"),)})
    market = replace(market, twins=(*market.twins, Twin(Place("oulu", "Oulu"), strengths=(Tag("mobility"),))))
    scorer = Scorer(market, DEFAULT_WEIGHTS)

    assert (teaches(scorer, 0, 0).score, teaches(scorer, 0, 0).known) == (SCALE, True)
    assert learns_back(scorer, 0, 0).known is False
    assert learns_back(scorer, 1, 0).score == SCALE
    assert teaches(scorer, 1, 0).known is False


class Letters:
    """A tiny text model: how often each letter occurs."""

    baseline = 0.5

    def embed(self, texts):
        rows = [[text.lower().count(chr(97 + k)) for k in range(26)] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), 26)


def test_a_text_model_may_take_the_place_of_shared_words():
    market = market_with({"interests": "abc"}, {"summary": "cba"})

    plain, model = Scorer(market, {"text": 1}), Scorer(market, {"text": 1}, embedder=Letters())

    assert plain.table()[0, 0] < model.table()[0, 0] == SCALE
    assert model.parts(0, 0)[0].facts[0].code == "text_by_model"


def test_a_text_model_that_answers_nonsense_is_refused():
    class Broken(Letters):
        def embed(self, texts):
            return super().embed(texts)[:0]

    with pytest.raises(ValueError, match="one row"):
        Scorer(market_with({"interests": "abc"}, {"summary": "cba"}), {"text": 1}, embedder=Broken())


def test_a_language_in_common_halves_the_context_only_by_a_rule():
    finnish = place_with(language="fi")
    neutral = market_with({"place": finnish}, {"places": (replace(finnish, id="x"),)})
    avoided = replace(neutral, rules=Rules(same_language="avoid"))

    assert Scorer(neutral, {"context": 1}).table()[0, 0] == SCALE
    assert Scorer(avoided, {"context": 1}).table()[0, 0] == SCALE // 2
    assert "language_same_avoided" in [fact.code for fact in Scorer(avoided, {"context": 1}).parts(0, 0)[0].facts]


FIELDS = {
    "twin": {"preferences", "evidence", "domains", "levers", "interests", "challenges", "offers", "strengths"},
    "host": {"domains", "domains_inferred", "levers", "levers_inferred", "description", "expectations", "needs"},
    "city": {"population", "kind", "country", "climate", "legal", "competences", "language", "maturity", "target_year"},
}


@given(markets())
def test_every_reason_can_be_traced_to_a_field(market):
    scorer = Scorer(market, DEFAULT_WEIGHTS)
    for twin in range(len(market.twins)):
        for host in range(len(market.hosts)):
            for part in scorer.parts(twin, host):
                for name in [name for fact in part.facts for name in fact.field.split()]:
                    side, field = name.split(".")
                    assert field in FIELDS[side]


@given(markets())
def test_pulls_of_the_weights_add_up_to_the_score(market):
    scorer = Scorer(market, DEFAULT_WEIGHTS)
    weights, table = scorer.weights, scorer.table()
    whole = 2 * sum(weights.values())
    for twin in range(len(market.twins)):
        for host in range(len(market.hosts)):
            pulls = scorer.pulls(twin, host)
            points = sum(weights[slug] * pulls[slug] for slug in weights)
            assert table[twin, host] == (2 * points + whole) // max(2 * whole, 1)


def test_a_market_with_all_kinds_of_rules_comes_back_from_json():
    rules = Rules(
        vetoes=(Veto("a", "b", "c"),),
        locks=(Lock("a", "x"),),
        values=(ValueRule("v", "must", Trait("country", "FI"), Trait("any")),),
        groups=(GroupCap("g", "list", 1, members={"lahti": "north"}),),
        everyone=True,
    )
    market = market_with(
        {"evidence": {"star": "why"}, "reserve": True}, {"needs": (Tag("mobility", False),)}, rules=rules
    )

    assert market_from_json(as_json(market)) == market


def test_a_market_stored_by_an_older_engine_takes_defaults_for_what_it_lacks():
    data = as_json(market_with())
    for part, name in ((data, "bands"), (data["rules"], "groups"), (data["twins"][0], "reserve")):
        del part[name]

    assert market_from_json(data) == market_with()


def test_twins_that_no_host_is_open_to_are_known_before_a_run_with_the_rules_in_their_way():
    market = market_with(rules=Rules(vetoes=(Veto("lahti", "star"),)))
    full = market_with(host={"maximum": 0})

    assert [(one.twin, one.codes) for one in twins_without_host(market)] == [("lahti", ("veto",))]
    assert [(one.twin, one.codes) for one in twins_without_host(full)] == [("lahti", ("no_seat",))]
    assert twins_without_host(market_with()) == ()


def test_who_waits_is_in_order_and_the_reserve_comes_last():
    problem = replace(problem_of([[9], [3], [5], [8]], maximum=[1]), reserve=(3,))
    plan = solve(problem)

    assert plan.host_of == (0, -1, -1, -1)
    assert waiting_list(problem, plan) == next_for(problem, plan, 0) == (2, 1, 3)


@settings(max_examples=15)
@given(markets())
def test_inside_its_range_a_pair_stays_and_just_outside_it_changes(market):
    weights = {"domains": 3, "context": 2, "preference": 1}
    outcome = match(market, weights)
    ranges = weight_ranges(outcome.scorer, outcome.problem, outcome.plan, largest=6)

    assert set(ranges) == set(outcome.scorer.criteria)
    for slug, found in ranges.items():
        for weight in range(7):
            plan = match(market, {**weights, slug: weight}).plan
            for twin, span in enumerate(found):
                if span.low <= weight <= span.high:
                    assert plan.host_of[twin] == outcome.plan.host_of[twin]
                if weight in (span.low - 1, span.high + 1):
                    assert plan.host_of[twin] != outcome.plan.host_of[twin]


def test_weights_are_suggested_that_explain_what_people_chose():
    energy, finance = Tag("energy-systems"), Tag("finance-funding")
    twins = tuple(Twin(Place(f"t{k}", "T"), domains=(energy,), levers=(finance,)) for k in range(3))
    hosts = (Host("by-domain", "A", domains=(energy,), levers=(Tag("governance-policy"),)),)
    hosts += (Host("by-lever", "B", domains=(Tag("mobility"),), levers=(finance,)),)
    weights = {"domains": 20, "levers": 15}
    scorer = Scorer(Market(twins, hosts, domains=DOMAINS, levers=LEVERS), weights)
    choices = [choice_of(scorer, twin, 1, 0) for twin in range(3)]  # people went by levers each time

    found = suggest_weights(choices, weights)

    assert (found.explained_before, found.explained_after, found.of) == (0, 3, 3)
    assert explained(choices, found.weights) == 3
    assert found.weights["levers"] >= found.weights["domains"]
    assert sum(found.weights.values()) == sum(weights.values())


@given(st.lists(st.fixed_dictionaries({"domains": st.integers(-9, 9), "text": st.integers(-9, 9)}), max_size=6))
def test_a_suggestion_never_explains_less_than_the_present_weights(pulls):
    from matching.engine.weights import Choice

    choices = [Choice({slug: 2_000 * pull for slug, pull in some.items()}) for some in pulls]
    weights = {"domains": 20, "text": 15, "context": 10}

    found = suggest_weights(choices, weights)

    assert found.explained_after == explained(choices, found.weights) >= found.explained_before
    assert found.weights["context"] == 10
