from hypothesis import given

from matching.engine.matcher import match
from matching.engine.robustness import survival
from matching.engine.scoring import DEFAULT_WEIGHTS
from matching.engine.types import Host, Market, Place, Tag, Twin
from tests.matching.engine.test_scoring import DOMAINS, LEVERS, markets

ENERGY, MOBILITY = Tag("energy-systems"), Tag("mobility")
GOVERNANCE, FINANCE = Tag("governance-policy"), Tag("finance-funding")


@given(markets())
def test_values_computed_once_give_the_same_table_under_any_weights(market):
    outcome = match(market, DEFAULT_WEIGHTS)

    assert (outcome.scorer.combined(outcome.scorer.values()) == outcome.problem.score).all()


def kept_among(*hosts):
    """In how many of 100 trials one twin that asks for energy keeps its host."""
    twin = Twin(Place("twin", "Twin"), domains=(ENERGY,))
    outcome = match(Market((twin,), hosts, domains=DOMAINS, levers=LEVERS), {"domains": 10})
    return survival(outcome.scorer, outcome.problem, outcome.plan, {"domains": 10})[0]


def test_a_host_that_is_better_than_all_others_is_firm():
    assert kept_among(Host("a", "A", domains=(ENERGY,)), Host("b", "B", domains=(MOBILITY,))) == 100


def test_a_host_that_was_drawn_among_equals_is_not_firm():
    assert 30 < kept_among(Host("a", "A", domains=(ENERGY,)), Host("b", "B", domains=(ENERGY,))) < 70


def test_a_pair_between_two_equal_pulls_is_fragile_and_a_clear_one_is_firm():
    torn = Twin(Place("torn", "Torn"), domains=(ENERGY,), levers=(GOVERNANCE,))
    clear = Twin(Place("clear", "Clear"), domains=(MOBILITY,), levers=(FINANCE,))
    hosts = (
        Host("by-domain", "A", domains=(ENERGY,), levers=(FINANCE,)),
        Host("by-lever", "B", domains=(Tag("built-environment"),), levers=(GOVERNANCE,)),
        Host("both", "C", domains=(MOBILITY,), levers=(FINANCE,)),
    )
    weights = {"domains": 20, "levers": 19}
    outcome = match(Market((torn, clear), hosts, domains=DOMAINS, levers=LEVERS), weights)

    one = survival(outcome.scorer, outcome.problem, outcome.plan, weights)
    again = survival(outcome.scorer, outcome.problem, outcome.plan, weights)

    kept = dict(zip(outcome.problem.twin_ids, one, strict=True))
    assert kept["clear"] == 100
    assert 30 < kept["torn"] < 80
    assert one == again
