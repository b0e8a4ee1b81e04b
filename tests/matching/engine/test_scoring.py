from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.feasibility import allowed_pairs, forbidden_because
from matching.engine.matcher import in_order, match
from matching.engine.scoring import DEFAULT_WEIGHTS, Scorer, score_of
from matching.engine.types import SCALE, Fact, Host, Market, Place, Rules, Tag, Twin, Veto

DOMAINS = {"energy-systems": "Energy systems", "built-environment": "Built environment", "mobility": "Mobility"}
LEVERS = {"finance-funding": "Finance & funding", "governance-policy": "Governance & policy"}
TEXTS = ["", "home retrofit and one-stop shops", "cycling to work in winter", "finance for renovation of homes"]

places = st.builds(
    Place,
    id=st.just(""),
    name=st.just("Somewhere"),
    country=st.sampled_from(["", "FI", "SE"]),
    kind=st.sampled_from(["", "city", "district"]),
    population=st.sampled_from([None, 900, 50_000, 1_000_000]),
)


def tags(codes):
    return st.lists(
        st.builds(Tag, st.sampled_from(sorted(codes)), st.booleans()), max_size=2, unique_by=lambda t: t.code
    )


@st.composite
def markets(draw):
    twins = [
        Twin(
            replace(draw(places), id=f"t{number}"),
            domains=tuple(draw(tags(DOMAINS))),
            levers=tuple(draw(tags(LEVERS))),
            interests=draw(st.sampled_from(TEXTS)),
            offers=draw(st.sampled_from(TEXTS)),
            preferences=tuple(draw(st.lists(st.sampled_from(["h0", "h1", "h2"]), max_size=2, unique=True))),
        )
        for number in range(draw(st.integers(0, 4)))
    ]
    hosts = [
        Host(
            f"h{number}",
            f"Host {number}",
            places=tuple(replace(draw(places), id=f"c{number}{k}") for k in range(draw(st.integers(0, 2)))),
            domains=tuple(draw(tags(DOMAINS))),
            levers=tuple(draw(tags(LEVERS))),
            summary=draw(st.sampled_from(TEXTS)),
            expectations=tuple(draw(st.lists(st.sampled_from(TEXTS[1:]), max_size=1))),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    rules = Rules(same_country=draw(st.sampled_from(["neutral", "avoid", "forbid"])))
    return Market(tuple(twins), tuple(hosts), rules, domains=DOMAINS, levers=LEVERS)


weights = st.fixed_dictionaries({slug: st.integers(0, 30) for slug in DEFAULT_WEIGHTS})


@given(markets(), weights)
def test_the_parts_of_every_pair_add_up_to_its_score(market, weights):
    scorer = Scorer(market, weights)
    table = scorer.table()

    assert table.shape == (len(market.twins), len(market.hosts))
    for twin in range(len(market.twins)):
        for host in range(len(market.hosts)):
            parts = scorer.parts(twin, host)
            assert score_of(parts) == table[twin, host]
            assert all(0 <= part.score <= SCALE for part in parts)
            assert all(part.facts and all(fact.field for fact in part.facts) for part in parts)
    pairs = [(twin, host) for host in range(len(market.hosts)) for twin in reversed(range(len(market.twins)))]
    assert scorer.parts_of(pairs) == [scorer.parts(twin, host) for twin, host in pairs]


@given(markets(), weights)
def test_every_twin_weighs_the_same_however_little_it_said(market, weights):
    scorer = Scorer(market, weights)

    sums = {sum(part.weight for part in scorer.parts(twin, 0)) for twin in range(len(market.twins)) if market.hosts}

    assert sums <= {2 * sum(scorer.weights.values())}


@given(markets(), weights, st.randoms(use_true_random=False))
def test_the_order_of_twins_and_hosts_never_shows(market, weights, random):
    twins, hosts = list(market.twins), list(market.hosts)
    random.shuffle(twins)
    random.shuffle(hosts)

    one, other = match(market, weights), match(replace(market, twins=tuple(twins), hosts=tuple(hosts)), weights)

    assert (one.digest, one.plan) == (other.digest, other.plan)
    assert (one.problem.score == other.problem.score).all()
    assert one.verdict.optimal


@given(markets(), weights, st.sampled_from(["neutral", "avoid", "forbid"]))
def test_facts_that_were_read_before_give_the_same_plan_under_other_rules(market, weights, together):
    veto = Veto("t0", "h0")
    ruled = replace(market, rules=replace(market.rules, same_country=together, vetoes=(veto,)))

    one = match(ruled, weights, before=Scorer(in_order(market), DEFAULT_WEIGHTS))

    other = match(ruled, weights)
    assert (one.digest, one.plan, one.market) == (other.digest, other.plan, other.market)
    assert (one.problem.score == other.problem.score).all()
    changed = replace(market, twins=(*market.twins, Twin(Place("new", "New"))))
    assert Scorer(market, weights).moved_to(changed, weights) is None


@given(markets())
def test_all_weights_on_another_scale_give_the_same_scores(market):
    doubled = {slug: 2 * weight for slug, weight in DEFAULT_WEIGHTS.items()}

    assert (Scorer(market, doubled).table() == Scorer(market, DEFAULT_WEIGHTS).table()).all()


@given(markets())
def test_without_any_weight_all_pairs_are_equal(market):
    assert not Scorer(market, dict.fromkeys(DEFAULT_WEIGHTS, 0)).table().any()


@given(markets(), st.sampled_from(["domains", "levers"]))
def test_more_that_a_host_states_never_lowers_it(market, slug):
    if not market.hosts:
        return
    vocabulary = DOMAINS if slug == "domains" else LEVERS
    fuller = replace(market.hosts[0], **{slug: tuple(Tag(code) for code in vocabulary)})
    if not getattr(market.hosts[0], slug):
        return
    better = replace(market, hosts=(fuller, *market.hosts[1:]))

    assert (Scorer(better, {slug: 1}).table() >= Scorer(market, {slug: 1}).table()).all()


@given(markets())
def test_every_forbidden_pair_has_a_rule_that_forbids_it(market):
    market = in_order(market)
    allowed = allowed_pairs(market)

    for row, twin in enumerate(market.twins):
        for column, host in enumerate(market.hosts):
            assert allowed[row, column] == (not forbidden_because(market, twin, host))


def market_of(twin=None, host=None, *, rules=None):
    place = Place("lahti", "Lahti", "FI", "city", 120_000)
    city = Place("umea", "Umeå", "SE", "city", 90_000)
    return Market(
        (replace(Twin(place), **(twin or {})),),
        (replace(Host("north-star", "The North Star", places=(city,)), **(host or {})),),
        rules or Rules(),
        domains=DOMAINS,
        levers=LEVERS,
    )


def part_of(market, slug):
    parts = {part.criterion: part for part in Scorer(market, DEFAULT_WEIGHTS).parts(0, 0)}
    return parts.get(slug)


STATED, INFERRED = Tag("energy-systems"), Tag("energy-systems", stated=False)


@pytest.mark.parametrize(
    ("asked", "offered", "score", "fact"),
    [
        ([STATED], [STATED], SCALE, Fact("tag_shared", "host.domains", ("Energy systems",))),
        ([STATED], [INFERRED], SCALE // 2, Fact("tag_shared_inferred", "host.domains_inferred", ("Energy systems",))),
        ([STATED], [INFERRED, STATED], SCALE, Fact("tag_shared", "host.domains", ("Energy systems",))),
        ([STATED], [Tag("mobility")], 0, Fact("tags_none_shared", "host.domains", ("Energy systems",))),
        ([STATED, Tag("mobility")], [STATED], SCALE // 2, Fact("tag_shared", "host.domains", ("Energy systems",))),
        ([STATED], [], 2_000, Fact("tags_unknown_host", "host.domains")),
    ],
)
def test_domains_count_by_the_share_of_the_choices_that_the_host_covers(asked, offered, score, fact):
    # A second host keeps the criterion in play where the first has said nothing.
    market = market_of({"domains": tuple(asked)}, {"domains": tuple(offered)})
    market = replace(market, hosts=(*market.hosts, Host("other", "Other", domains=(STATED,))))

    part = part_of(market, "domains")

    assert (part.score, part.facts, part.weight, part.known) == (score, (fact,), 40, bool(offered))


def test_a_domain_read_from_a_text_counts_half_and_the_text_the_other_half():
    market = market_of({"interests": "cycling; retrofit of homes"}, {"domains": (Tag("built-environment"),)})

    domains, text = part_of(market, "domains"), part_of(market, "text")

    assert (domains.score, domains.weight) == (SCALE, 20)
    assert domains.facts == (Fact("tag_read", "host.domains", ("Built environment", "retrofit")),)
    assert text.weight == 2 * 15 + 20


def test_a_text_in_which_nothing_was_recognised_takes_the_whole_weight_of_the_question():
    market = market_of({"interests": "zeppelins"}, {"domains": (STATED,), "summary": "zeppelins"})
    # Another twin keeps domains in play.
    market = replace(market, twins=(*market.twins, Twin(Place("oulu", "Oulu"), domains=(STATED,))))

    assert (part_of(market, "domains").weight, part_of(market, "text").weight) == (0, 2 * 15 + 40)


def test_shared_words_are_shown_as_people_wrote_them():
    market = market_of({"interests": "Retrofitting homes"}, {"summary": "A retrofit of many Homes"})

    facts = part_of(market, "text").facts

    assert Fact("words_shared", "twin.interests host.description", ("homes",)) in facts
    assert Fact("words_alike", "twin.interests host.description", ("Retrofitting", "retrofit")) in facts


def test_accents_and_inflections_do_not_hide_a_shared_word():
    near = part_of(market_of({"interests": "rénovation énergétique"}, {"summary": "energy renovations"}), "text")
    far = part_of(market_of({"interests": "rénovation énergétique"}, {"summary": "winter cycling"}), "text")

    assert near.score > 3 * far.score


@pytest.mark.parametrize(("population", "score"), [(60_000, SCALE), (120_000, SCALE), (2_400_000, 3_333)])
def test_context_is_full_up_to_twice_the_size_and_empty_at_twenty_times(population, score):
    city = Place("x", "X", "SE", "city", population)

    assert part_of(market_of(host={"places": (city,)}), "context").score == score


def test_an_unknown_population_counts_neither_as_equal_nor_as_different():
    city = Place("x", "X", "SE", "", None)
    market = market_of(host={"places": (city,)})
    market = replace(market, hosts=(*market.hosts, Host("other", "Other", places=(Place("y", "Y", "", "", 5_000),))))

    part = part_of(market, "context")

    assert (part.score, part.known, part.facts) == (5_000, False, (Fact("size_unknown", "city.population"),))


def test_the_nearest_city_of_a_group_counts():
    cities = (Place("rome", "Rome", "IT", "city", 2_500_000), Place("prato", "Prato", "IT", "city", 190_000))

    part = part_of(market_of(host={"places": cities}), "context")

    assert part.score == SCALE
    assert part.facts[0] == Fact("size", "city.population", ("Lahti", "120000", "Prato", "190000"))


def test_the_same_country_is_told_but_counts_only_by_a_rule():
    home = {"places": (Place("turku", "Turku", "FI", "city", 190_000),)}

    neutral, avoided = market_of(host=home), market_of(host=home, rules=Rules(same_country="avoid"))
    forbidden = market_of(host=home, rules=Rules(same_country="forbid"))

    assert part_of(neutral, "context").score == SCALE
    assert Fact("country_same", "city.country", ("FI",)) in part_of(neutral, "context").facts
    assert part_of(avoided, "context").score == SCALE // 2
    assert match(forbidden, DEFAULT_WEIGHTS).plan.host_of == (-1,)


def test_a_wish_counts_by_its_rank_and_a_reason_makes_it_whole():
    hosts = tuple(Host(f"h{number}", f"Host {number}") for number in range(6))
    twin = Twin(Place("t", "T"), preferences=("h3", "h1"), evidence={"h1": "its winter cycling", "h3": " "})

    scorer = Scorer(Market((twin,), hosts), {"preference": 1})

    assert scorer.table().tolist() == [[0, 8_000, 0, 7_500, 0, 0]]
    assert scorer.parts(0, 1)[0].facts[1] == Fact("preference_reason", "twin.evidence", ("its winter cycling",))
    assert scorer.parts(0, 3)[0].facts[1] == Fact("preference_unreasoned", "twin.evidence")


def test_what_the_twin_offers_meets_what_the_host_expects():
    market = market_of({"offers": "winter cycling"}, {"expectations": ("feedback on winter cycling",)})

    assert part_of(market, "offer").score > 5_000


def test_a_city_is_never_matched_with_its_own_activity():
    own = Place("lahti", "Lahti", "FI", "city", 120_000)
    market = market_of(host={"places": (own,)})

    assert forbidden_because(market, market.twins[0], market.hosts[0]) == ("own_activity",)
    assert not allowed_pairs(market).any()


def test_a_veto_forbids_exactly_its_pair():
    market = market_of(rules=Rules(vetoes=(Veto("lahti", "north-star", "travel"),)))
    market = replace(market, hosts=(*market.hosts, Host("other", "Other")))

    assert allowed_pairs(market).tolist() == [[False, True]]


def test_a_weight_that_means_nothing_is_refused():
    with pytest.raises(ValueError, match="no criterion called beauty"):
        Scorer(market_of(), {"beauty": 1})
    with pytest.raises(ValueError, match="below zero"):
        Scorer(market_of(), {"text": -1})


def test_a_thousand_twins_and_four_hundred_hosts_are_scored_in_numbers_that_fit():
    twins = tuple(Twin(Place(f"t{n}", "T", "FI", "city", 1000 + n), interests=TEXTS[1 + n % 3]) for n in range(1000))
    hosts = tuple(Host(f"h{n}", "H", summary=TEXTS[1 + n % 3], domains=(STATED,), maximum=3) for n in range(400))

    outcome = match(Market(twins, hosts, domains=DOMAINS, levers=LEVERS), DEFAULT_WEIGHTS)

    assert outcome.problem.score.dtype == np.int32
    assert (outcome.plan.matched, outcome.verdict.optimal) == (1000, True)
    far_apart = [(999, 3), (0, 399), (500, 3)]
    assert outcome.scorer.parts_of(far_apart) == [outcome.scorer.parts(*pair) for pair in far_apart]


def test_words_that_share_a_sliver_by_chance_are_no_evidence():
    asked, offered = "programmes changing homes", "Drammen is charging homes"
    part = part_of(market_of({"interests": asked}, {"summary": offered}), "text")

    assert part.facts == (Fact("words_shared", "twin.interests host.description", ("homes",)),)
