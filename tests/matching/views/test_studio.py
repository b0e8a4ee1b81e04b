import time

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Pairing
from matching.engine.scoring import DEFAULT_WEIGHTS
from matching.models import Run, Scenario
from matching.services.scenarios import start_scenario
from tests.factories.cohorts import PairingFactory
from tests.factories.matching import RuleFactory, RunFactory, ScenarioFactory, cohort_to_match
from tests.factories.people import UserFactory

ALLOWED_SECONDS = 0.3

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    user = UserFactory(coordinator=True)
    client.force_login(user)
    return user


@pytest.fixture
def begin(coordinator):
    def start(twins=3, hosts=3, name="First", cohort=None):
        cohort = cohort or cohort_to_match(twins=twins, hosts=hosts, planned=True)
        weights = dict(DEFAULT_WEIGHTS)
        return start_scenario(cohort, name=name, weights=weights, by=coordinator, now=timezone.now())

    return start


def pair(scenario, twin=0, host=1):
    cohort = scenario.cohort
    return {
        "twin": cohort.participations.get(city__name=f"Twin {twin}").city.slug,
        "host": cohort.hostings.get(host__acronym=f"Host {host}").host.slug,
    }


def act(client, scenario, name, **data):
    return client.post(scenario.get_absolute_url(), {"act": name, **data}, follow=True)


def test_a_pair_is_locked_moved_released_and_the_effect_said(client, begin):
    scenario = begin()
    chosen = pair(scenario)

    page = act(client, scenario, "lock", **chosen, reason="Partners").text
    assert "Lock Twin 0 → Host 1 (Partners)" in page
    assert "stands elsewhere" in page
    page = act(client, scenario, "undo", **chosen).text
    assert "This is the plan as solved" in page
    page = act(client, scenario, "move", **chosen, reason="They met").text
    assert "Moved by hand: They met" in page
    page = act(client, scenario, "release", **chosen).text
    assert "Moved by hand: They met" not in page
    page = act(client, scenario, "veto", **chosen, reason="Too near").text
    assert "A rule forbids this pair. Reason: Too near" in page
    assert "Allow again" in page


def test_a_pair_says_between_which_weights_it_stays_once_it_is_asked(client, begin):
    scenario = begin()
    row = scenario.first_run.proposals.select_related("participation__city", "hosting__host").first()
    chosen = {"twin": row.participation.city.slug, "host": row.hosting.host.slug}
    page = client.get(scenario.get_absolute_url(), chosen).text
    assert "How far may the weights change?" in page
    page = client.get(scenario.get_absolute_url(), {**chosen, "weights": "1"}).text
    assert "How far weights may change" in page
    assert "(now " in page
    run = client.get(scenario.first_run.get_absolute_url(), {**chosen, "weights": "1"}).text
    assert "How far weights may change" in run


def test_leximin_is_not_solved_a_thousand_times_for_a_page(client, begin):
    scenario = begin()
    Run.objects.update(objective="leximin")
    page = client.get(scenario.get_absolute_url(), {"weights": "1"}).text
    assert "How far weights may change" not in page
    assert "How far may the weights change?" not in page


def test_what_is_refused_is_said_on_the_page(client, begin):
    scenario = begin()

    response = act(client, scenario, "lock", **pair(scenario))

    assert response.status_code == 422
    assert "Say why" in response.text
    assert act(client, scenario, "dance").status_code == 400
    assert act(client, scenario, "lock", twin="nobody", host="nowhere", reason="x").status_code == 404


def test_weights_are_tried_without_being_kept_then_used(client, begin):
    scenario = begin()
    weights = {f"weight_{slug}": 0 for slug in DEFAULT_WEIGHTS} | {"weight_context": 10, "objective": "leximin"}

    tried = client.get(scenario.get_absolute_url(), weights, headers={"HX-Request": "true", "HX-Target": "preview"})
    assert "With these weights: Total" in tried.text
    assert "<html" not in tried.text
    assert not scenario.steps.exists()

    assert act(client, scenario, "aims", **weights).status_code == 200
    scenario.refresh_from_db()
    assert scenario.run.weights["context"] == 10
    assert act(client, scenario, "aims", **(weights | {"weight_context": 0})).status_code == 422


def test_a_comment_stands_with_name_and_twin(client, begin, coordinator):
    scenario = begin()

    page = act(client, scenario, "comment", text="Ask the mayor", about=pair(scenario)["twin"]).text

    assert "Ask the mayor" in page
    assert f"<b>{coordinator.name}</b>" in page


@pytest.mark.parametrize("show", ["all", "fragile", "touched", "waiting", "low", "made-up"])
@pytest.mark.parametrize("sort", ["name", "score", "firmness", "host", "made-up"])
def test_rows_are_sorted_and_filtered(client, begin, sort, show):
    assert client.get(begin().get_absolute_url(), {"sort": sort, "show": show}).status_code == 200


def test_lowest_scores_come_first_when_asked(client, begin):
    scenario = begin()

    page = client.get(scenario.get_absolute_url(), {"sort": "score"})

    points = [row.points for row in page.context["page"]]
    assert points == sorted(points)


def test_two_scenarios_stand_side_by_side(client, begin):
    left = begin()
    right = begin(cohort=left.cohort, name="Second")
    act(client, right, "move", **pair(right), reason="They met")
    right.refresh_from_db()

    page = client.get(reverse("matching:scenario-compare", args=[left.cohort.slug]), {"a": left.code, "b": right.code})

    assert [(shift.name, shift.before, shift.after) for shift in page.context["comparison"].difference.shifts] == [
        ("Twin 0", "Host 0", "Host 1")
    ]
    assert client.get(reverse("matching:scenario-compare", args=[left.cohort.slug])).status_code == 200


def test_the_curve_is_shown_and_a_point_taken(client, begin):
    scenario = begin(twins=6, hosts=4)
    address = reverse("matching:scenario-tradeoff", args=[scenario.cohort.slug, scenario.code])

    point = client.get(address).context["curve"]["points"][-1]
    assert client.post(address, {"floor": point.floor, "name": "Fair"}).status_code == 302

    assert Scenario.objects.get(name="Fair").run.total is not None
    assert client.post(address, {"floor": "low", "name": "Fair"}).status_code == 400
    assert client.post(address, {"floor": point.floor, "name": "Fair"}).status_code == 422


def test_a_scenario_is_started_confirmed_and_only_then_announced(client, coordinator):
    cohort = cohort_to_match(planned=True)
    address = reverse("matching:scenario-list", args=[cohort.slug])
    client.post(address, {"name": "Ours", "scope": "open", "objective": "leximin"})
    scenario = Scenario.objects.get()
    assert client.post(address, {"name": "Ours", "scope": "open", "objective": "total"}).status_code == 422

    confirm = reverse("matching:scenario-confirm", args=[cohort.slug, scenario.code])
    assert client.get(confirm).status_code == 200
    assert client.post(confirm, {"reason": ""}).status_code == 422
    assert client.post(confirm, {"reason": "Fair to all"}).status_code == 302

    assert {pairing.state for pairing in Pairing.objects.in_cohort(cohort)} == {"confirmed"}
    assert "Announce…" in client.get(scenario.get_absolute_url()).text


def test_a_scenario_is_put_aside(client, begin):
    scenario = begin()
    address = reverse("matching:scenario-discard", args=[scenario.cohort.slug, scenario.code])

    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    assert "Put aside…" not in client.get(scenario.get_absolute_url()).text


def test_a_what_if_over_paired_twins_is_never_confirmed(client, coordinator):
    cohort = cohort_to_match(planned=True)
    for participation in cohort.participations.all():
        PairingFactory(participation=participation, hosting=cohort.hostings.first())
    client.post(
        reverse("matching:scenario-list", args=[cohort.slug]), {"name": "If", "scope": "all", "objective": "total"}
    )

    scenario = Scenario.objects.get()

    assert "Confirm…" not in client.get(scenario.get_absolute_url()).text


def waiting():
    """A scenario whose run a worker has begun."""
    cohort = cohort_to_match()
    run = RunFactory(cohort=cohort, state="running", stage="solving", percent=40)
    scenario = ScenarioFactory(cohort=cohort, run=run)
    Run.objects.update(scenario=scenario)
    return scenario


def test_a_scenario_that_a_worker_solves_says_how_far_it_is_until_it_is_solved(client, coordinator):
    scenario = waiting()
    assert '<progress id="solving-progress" max="100" value="40">' in client.get(scenario.get_absolute_url()).text
    ask = {"HX-Request": "true", "HX-Target": "solving"}

    part = client.get(scenario.get_absolute_url(), headers=ask).text
    assert "Looking for the best plan" in part
    assert "<html" not in part
    Run.objects.update(state="failed", error="No plan")
    assert client.get(scenario.get_absolute_url(), headers=ask).headers["HX-Refresh"] == "true"


def test_a_step_that_was_cancelled_is_undone_or_solved_again(client, coordinator):
    scenario = waiting()

    page = client.post(reverse("matching:run-cancel", args=[scenario.run.code]), follow=True).text

    assert f"{coordinator} cancelled the last step before it was solved." in page
    assert "Undo the last step" not in page
    assert "Total" in act(client, scenario, "renew").text


def test_what_clashes_is_shown_with_ways_out_and_one_is_taken(client, begin):
    scenario = begin()
    chosen = pair(scenario)
    rule = RuleFactory(
        cohort=scenario.cohort,
        participation=scenario.cohort.participations.get(city__slug=chosen["twin"]),
        hosting=scenario.cohort.hostings.get(host__slug=chosen["host"]),
    )

    response = act(client, scenario, "lock", **chosen, reason="They met")

    assert response.status_code == 422
    assert "Twin 0 must not go to Host 1" in response.text
    assert rule.reason in response.text
    (way,) = response.context["clash"].ways
    page = act(client, scenario, "lock", **chosen, reason="They met", repair=way.key).text
    assert "Lock Twin 0 → Host 1 (They met). Gives way: Allow Twin 0 with Host 1" in page
    assert act(client, scenario, "lock", **chosen, reason="They met", repair="made-up").status_code == 422


def test_equally_good_plans_are_counted_beside_the_matrix(client, begin):
    scenario = begin()
    scenario.cohort.participations.update(interests="")
    scenario.cohort.hostings.update(capacity_maximum=1)

    assert "6 plans are equally good." in act(client, scenario, "renew").text


@pytest.mark.parametrize("size", [3, 30])
def test_the_studio_asks_the_same_number_of_queries(client, begin, django_assert_num_queries, size):
    scenario = begin(twins=size, hosts=size)
    act(client, scenario, "lock", **pair(scenario), reason="Partners")

    with django_assert_num_queries(31):
        client.get(scenario.get_absolute_url())


def test_page_and_acts_answer_within_the_time_at_forty_by_twenty_five(client, begin, record_property):
    scenario = begin(twins=40, hosts=25)
    chosen, address = pair(scenario), scenario.get_absolute_url()
    weights = {f"weight_{slug}": weight for slug, weight in DEFAULT_WEIGHTS.items()} | {"objective": "total"}
    asked = {
        "page": lambda: client.get(address),
        "pair and why not": lambda: client.get(address, chosen, headers={"HX-Request": "true", "HX-Target": "pair"}),
        "try weights": lambda: client.get(address, weights, headers={"HX-Request": "true", "HX-Target": "preview"}),
        "lock": lambda: client.post(address, {"act": "lock", "reason": "Partners", **chosen}),
        "undo": lambda: client.post(address, {"act": "undo"}),
        "veto": lambda: client.post(address, {"act": "veto", "reason": "Near", **chosen}),
        "move": lambda: client.post(address, {"act": "move", "reason": "Met", **pair(scenario, 0, 2)}),
    }
    for question in asked.values():
        question()  # templates and catalogues are loaded once
    seconds = {}
    for name, question in asked.items():
        tries = []
        for _try in range(3):
            began = time.process_time()
            assert question().status_code in {200, 302, 422}
            tries.append(time.process_time() - began)
        seconds[name] = min(tries)
        record_property(name, round(seconds[name], 3))
    print({name: round(value, 3) for name, value in seconds.items()})

    assert {name: value for name, value in seconds.items() if value > ALLOWED_SECONDS} == {}
