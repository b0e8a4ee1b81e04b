import datetime

import pytest
from django.urls import reverse

from cohorts.models import Pairing
from cohorts.states import PairingState
from matching.engine.scoring import DEFAULT_WEIGHTS
from matching.models import Run
from matching.selectors.criteria import weights_of
from matching.services.runs import confirm_run, discard_run
from matching.states import RunState
from tests.factories.cohorts import (
    HostContactFactory,
    HostingFactory,
    MembershipFactory,
    PairingFactory,
    ParticipationFactory,
)
from tests.factories.matching import RuleFactory, RunFactory, cohort_to_match
from tests.factories.people import UserFactory
from twinning.mail.models import Letter

NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)
ACTIONS = ["run-confirm", "run-discard", "run-announce"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    user = UserFactory(coordinator=True)
    client.force_login(user)
    return user


def weights(cohort, **changes):
    return {f"weight_{slug}": weight for slug, weight in (weights_of(cohort) | changes).items()}


def list_url(cohort):
    return reverse("matching:run-list", args=[cohort.slug])


def start(client, cohort, **changes):
    data = {"scope": "open", "objective": "total", "keep": "on", "seed": "0", **weights(cohort), **changes}
    return client.post(list_url(cohort), data)


def url_of(run, name="run-detail", *args):
    return reverse(f"matching:{name}", args=[run.code, *args])


def test_a_coordinator_matches_confirms_and_announces(client, coordinator):
    cohort = cohort_to_match(planned=True)
    officer = MembershipFactory(participation=cohort.participations.get(city__name="Twin 0")).user

    assert start(client, cohort).status_code == 302
    run = Run.objects.get()
    assert client.get(url_of(run)).status_code == 200
    assert client.post(url_of(run, "run-confirm")).status_code == 302
    assert not Letter.objects.filter(kind="pairing_announced").exists()
    asked = {"letter": f"{Pairing.objects.get(participation__city__name='Twin 0').code}/{officer.code}"}
    letter = client.get(url_of(run, "run-announce"), asked).context["letter"]
    assert (letter.to, f"Dear {officer.name}," in letter.body_text) == (officer, True)
    assert f'href="?letter={asked["letter"]}#letter"' in client.get(url_of(run, "run-announce")).text
    assert "Announce…" in client.get(url_of(run)).text
    assert client.post(url_of(run, "run-announce")).status_code == 302
    assert "Announce…" not in client.get(url_of(run)).text

    assert {row.state for row in Pairing.objects.in_cohort(cohort)} == {PairingState.ANNOUNCED}
    assert [letter.to for letter in Letter.objects.filter(kind="pairing_announced")] == [officer]


def test_started_weights_are_kept_for_the_cohort_when_asked(client, coordinator):
    cohort = cohort_to_match()

    start(client, cohort, weight_text="70")
    start(client, cohort, weight_text="90", keep="")

    assert weights_of(cohort)["text"] == 70
    assert sorted(run.weights["text"] for run in Run.objects.all()) == [70, 90]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weight_text": "101"}, "Write 100 or less."),
        ({"weight_text": "many"}, "whole number"),
        ({"scope": "some"}, "Choose from the list."),
        (dict.fromkeys([f"weight_{s}" for s in DEFAULT_WEIGHTS], "0"),
         "at least one criterion"),
    ],
)  # fmt: skip
def test_wrong_input_is_said_at_the_form_and_starts_nothing(client, coordinator, changes, words):
    response = start(client, cohort_to_match(), **changes)

    assert response.status_code == 422
    assert words in response.text
    assert not Run.objects.exists()


def test_a_run_with_nobody_to_match_is_refused_at_the_form(client, coordinator):
    response = start(client, cohort_to_match(twins=0))

    assert response.status_code == 422
    assert "There is nobody to match" in response.text


def test_what_stands_in_the_way_is_known_before_a_run(client, coordinator):
    cohort = cohort_to_match(twins=2, hosts=1)
    cohort.hostings.update(capacity_maximum=1)
    own = cohort.hostings.get().host.cities.get()
    own.name = "Stuckville"
    own.save()
    ParticipationFactory(cohort=cohort, city=own)

    page = client.get(list_url(cohort)).text

    assert "No host is open to Stuckville" in page
    assert "2 places are missing" in page
    assert "Of 1 twin without a host nobody knows" in page


def test_a_pair_is_explained_with_its_reasons_and_its_price(client, coordinator):
    run = RunFactory(cohort=cohort_to_match(), solved=True)
    twin = run.proposals.get(participation__city__name="Twin 0").participation.city.slug
    hosts = {row.host.acronym: row.host.slug for row in run.cohort.hostings.select_related("host")}

    proposed = client.get(url_of(run), {"twin": twin, "host": hosts["Host 0"]}).text
    other = client.get(url_of(run), {"twin": twin, "host": hosts["Host 1"]}).text

    assert "both write: networks, heat" in proposed
    assert "This is what the engine proposes." in proposed
    assert "no words in common" in other
    assert "points of the total. Nobody else would move." in other


def test_an_unknown_pair_in_the_address_shows_the_first_one(client, coordinator):
    run = RunFactory(cohort=cohort_to_match(), solved=True)

    response = client.get(url_of(run), {"twin": "nowhere", "host": "<script>", "page": "x"})

    assert response.status_code == 200
    assert response.context["story"].twin_name == "Twin 0"


def test_the_fragment_is_the_part_of_the_page(client, coordinator):
    run = RunFactory(cohort=cohort_to_match(), solved=True)
    proposal = run.proposals.get(participation__city__name="Twin 0")
    story = {"twin": proposal.participation.city.slug, "host": proposal.hosting.host.slug}

    fragment = client.get(url_of(run), story, headers={"HX-Request": "true", "HX-Target": "pair"}).text
    page = client.get(url_of(run), story).text

    said, rest = fragment.split("</p>", 1)
    assert 'role="status"' in said
    assert rest.strip() in page
    assert "<html" not in fragment


def test_every_cell_is_a_link_with_its_whole_name(client, coordinator):
    cohort = cohort_to_match(twins=1, hosts=1)
    own = cohort.hostings.get().host.cities.get()
    ParticipationFactory(cohort=cohort, city=own)
    run = RunFactory(cohort=cohort, solved=True)

    page = client.get(url_of(run)).text

    score = run.proposals.get(participation__city__name="Twin 0").score // 100
    assert f'aria-label="Twin 0 with {own.name}: {score}, proposed"' in page
    assert f'aria-label="{own.name} with {own.name}: not allowed"' in page


def test_a_change_by_hand_shows_in_the_run(client, coordinator):
    run = RunFactory(cohort=cohort_to_match(), solved=True)
    proposal = run.proposals.get(participation__city__name="Twin 0")
    other = run.cohort.hostings.get(host__acronym="Host 1").host
    url = url_of(run, "proposal-change", proposal.participation.city.slug)

    assert "It costs" in client.get(url, {"host": other.slug}).text
    assert client.post(url, {"host": other.slug, "reason": ""}).status_code == 422
    response = client.post(url, {"host": other.slug, "reason": "One river, two banks."}, follow=True)

    assert "One river, two banks." in response.text
    assert "proposed before the change by hand" in response.text
    proposal.refresh_from_db()
    assert proposal.hosting.host == other


def test_a_refused_change_is_said_at_the_form(client, coordinator):
    cohort = cohort_to_match()
    cohort.hostings.update(capacity_maximum=1)
    run = RunFactory(cohort=cohort, solved=True)
    proposal = run.proposals.get(participation__city__name="Twin 0")
    other = cohort.hostings.get(host__acronym="Host 1").host

    response = client.post(
        url_of(run, "proposal-change", proposal.participation.city.slug), {"host": other.slug, "reason": "Better"}
    )

    assert response.status_code == 422
    assert "has no free place" in response.text


def test_confirming_says_every_obstacle(client, coordinator):
    run = RunFactory(cohort=cohort_to_match(), solved=True)
    run.cohort.hostings.update(withdrawn_on="2026-09-30")

    response = client.post(url_of(run, "run-confirm"))

    assert response.status_code == 422
    assert response.text.count("has withdrawn from this cohort") == 2
    assert "The cohort has changed since this run" in client.get(url_of(run)).text


def test_a_run_that_failed_says_why(client, coordinator):
    run = RunFactory(cohort=cohort_to_match(), state=RunState.FAILED, error="Host 0: the minimum is above the seats.")

    assert "the minimum is above the seats" in client.get(url_of(run)).text


def test_a_run_that_waits_for_a_worker_asks_again_by_itself(client, coordinator):
    run = RunFactory(cohort=cohort_to_match())

    page = client.get(url_of(run)).text

    assert "Being solved" in page
    assert 'hx-trigger="every 2s"' in page


def test_a_run_that_waits_is_cancelled_and_says_who_did(client, coordinator):
    run = RunFactory(cohort=cohort_to_match())

    page = client.post(url_of(run, "run-cancel"), follow=True).text

    assert f"{coordinator} cancelled this run before it was solved." in page
    assert "Being solved" not in page
    again = client.post(url_of(run, "run-cancel"), follow=True)
    assert "the state has changed meanwhile" in again.text


def test_a_run_whose_rules_clash_shows_them_and_runs_again_once_one_gives_way(client, coordinator):
    cohort = cohort_to_match()
    twin, host = cohort.participations.get(city__name="Twin 0"), cohort.hostings.get(host__acronym="Host 1")
    for kind in ("lock", "veto"):
        RuleFactory(cohort=cohort, kind=kind, participation=twin, hosting=host, reason=f"A {kind}")
    assert "These cannot hold together" in client.get(list_url(cohort)).text
    start(client, cohort)
    failed = Run.objects.get()

    page = client.get(url_of(failed))
    assert [sentence for sentence, _reason in page.context["clash"].demands] == [
        "Twin 0 goes to Host 1",
        "Twin 0 must not go to Host 1",
    ]
    way = next(way for way in page.context["clash"].ways if way.words == ("Allow Twin 0 with Host 1",))
    refused = client.post(url_of(failed, "run-mend"), {"repair": way.key, "reason": ""}, follow=True)
    assert "Say why this gives way." in refused.text
    response = client.post(url_of(failed, "run-mend"), {"repair": way.key, "reason": "Agreed"}, follow=True)

    assert response.context["run"].state == RunState.STAGED
    assert response.context["run"] != failed
    assert "These cannot hold together" not in client.get(list_url(cohort)).text


def test_a_run_of_an_earlier_engine_keeps_its_proposals_and_explains_no_more(client, coordinator):
    run = RunFactory(cohort=cohort_to_match(), solved=True)
    Run.objects.filter(pk=run.pk).update(engine_version="0")

    response = client.get(url_of(run))

    assert response.context["story"] is None
    assert "An earlier version of the engine made this run" in response.text


def test_a_discarded_run_can_still_be_read(client, coordinator):
    run = RunFactory(cohort=cohort_to_match(), solved=True)

    assert "Discard this run?" in client.get(url_of(run, "run-discard")).text
    page = client.post(url_of(run, "run-discard"), follow=True)
    assert page.request["PATH_INFO"] == list_url(run.cohort)
    assert "The run is discarded." in page.text
    page = client.get(url_of(run)).text
    assert f"{coordinator} discarded a matching run" in page
    assert "Confirm…" not in page


@pytest.mark.parametrize("name", ["run-confirm", "run-discard", "proposal-change"])
@pytest.mark.parametrize("decide", [confirm_run, discard_run])
def test_an_old_window_of_a_decided_run_leads_back_to_it(client, coordinator, name, decide):
    run = RunFactory(cohort=cohort_to_match(planned=True), solved=True)
    twin = run.proposals.first().participation.city.slug
    url = url_of(run, name, *([twin] if name == "proposal-change" else []))
    run = decide(run, by=coordinator, now=NOW)

    for page in (client.get(url, follow=True), client.post(url, {"host": "-", "reason": "Late"}, follow=True)):
        assert page.redirect_chain == [(run.get_absolute_url(), 302)]
        assert f"Nothing was changed. The state is now: {run.get_state_display()}." in page.text


def test_a_run_without_news_has_nothing_to_announce(client, coordinator):
    run = RunFactory(cohort=cohort_to_match(), solved=True)

    page = client.get(url_of(run, "run-announce")).text

    assert "Nothing to announce" in page
    assert "Announce 0 pairings" not in page
    again = client.post(url_of(run, "run-announce"), follow=True).text
    assert "There was nothing left to announce. Nobody got a letter." in again


def test_an_observer_reads_and_changes_nothing(client):
    run = RunFactory(cohort=cohort_to_match(), solved=True)
    client.force_login(UserFactory(observer=True))
    twin = run.proposals.first().participation.city.slug

    assert client.get(list_url(run.cohort)).status_code == 200
    assert "Start the run" not in client.get(list_url(run.cohort)).text
    assert client.get(url_of(run)).status_code == 200
    assert start(client, run.cohort).status_code == 403
    assert client.get(url_of(run, "proposal-change", twin)).status_code == 403
    assert [client.post(url_of(run, name)).status_code for name in ACTIONS] == [403, 403, 403]
    assert Run.objects.get().state == RunState.STAGED


def test_matching_does_not_exist_for_anybody_outside_the_team(client, world):
    HostingFactory(cohort=world.cohort)
    run = RunFactory(cohort=world.cohort, scope="all", solved=True)
    confirmed = RunFactory(cohort=cohort_to_match(planned=True), solved=True)
    confirm_run(confirmed, by=world.coordinator, now=NOW)
    insider = MembershipFactory(participation=confirmed.proposals.first().participation).user
    contact = HostContactFactory(hosting=confirmed.proposals.first().hosting).user
    outside = [world.facilitator, world.lead_officer, world.officer, world.host_contact, world.outsider]

    for person, seen in [*((person, run) for person in outside), (insider, confirmed), (contact, confirmed)]:
        client.force_login(person)
        twin = seen.proposals.first().participation.city.slug
        urls = [list_url(seen.cohort), url_of(seen), url_of(seen, "proposal-change", twin)]
        urls += [url_of(seen, name) for name in ACTIONS]
        for url in urls:
            assert (client.get(url).status_code, client.post(url).status_code) in {(404, 404), (404, 405)}, (
                person,
                url,
            )


def test_the_team_facilitator_of_a_cohort_matches_it_and_no_other(client, world):
    HostingFactory(cohort=world.cohort)
    ParticipationFactory(cohort=world.cohort)
    client.force_login(world.team_facilitator)

    assert start(client, world.cohort).status_code == 302
    assert client.post(url_of(Run.objects.get(), "run-confirm")).status_code == 302
    assert start(client, world.elsewhere).status_code == 404


@pytest.mark.parametrize("size", [3, 30])
def test_the_page_of_a_run_asks_the_same_number_of_queries(size, client, coordinator, django_assert_num_queries):
    run = RunFactory(cohort=cohort_to_match(twins=size, hosts=size), solved=True)
    client.get(url_of(run))

    with django_assert_num_queries(22):
        client.get(url_of(run))


@pytest.mark.parametrize("size", [3, 30])
def test_the_list_of_runs_asks_the_same_number_of_queries(size, client, coordinator, django_assert_num_queries):
    cohort = cohort_to_match(twins=size, hosts=size)
    for _number in range(min(size, 15)):
        RunFactory(cohort=cohort)
    client.get(list_url(cohort))

    with django_assert_num_queries(24):
        client.get(list_url(cohort))


@pytest.mark.parametrize("size", [3, 30])
def test_the_page_before_announcing_asks_the_same_number_of_queries(
    size, client, coordinator, django_assert_num_queries
):
    run = RunFactory(cohort=cohort_to_match(twins=size, hosts=size, planned=True), solved=True)
    confirm_run(run, by=coordinator, now=NOW)
    client.get(url_of(run, "run-announce"))

    with django_assert_num_queries(8):
        client.get(url_of(run, "run-announce"))


def test_a_proposal_says_how_firm_it_is(client, coordinator):
    run = RunFactory(cohort=cohort_to_match(), solved=True)
    fragile, firm = run.proposals.order_by("participation__city__name")
    fragile.firmness, firm.firmness = 31, 97
    fragile.save()
    firm.save()

    page = " ".join(client.get(url_of(run)).text.split())

    assert 'data-tw-value="031">Fragile <small class="text-body-secondary">31 of 100</small>' in page
    assert 'data-tw-value="097">Firm <small class="text-body-secondary">97 of 100</small>' in page
    assert "<dt>Fragile pairs</dt><dd>1 <small>talk about these</small></dd>" in page


def test_a_what_if_stands_beside_what_is_decided(client, coordinator):
    cohort = cohort_to_match()
    other = cohort.hostings.get(host__acronym="Host 1")
    PairingFactory(participation=cohort.participations.get(city__name="Twin 0"), hosting=other)
    run = RunFactory(cohort=cohort, scope="all", solved=True)

    response = client.get(url_of(run))

    assert "Paired now with" in response.text
    assert {row.name: row.present for row in response.context["page"]} == {"Twin 0": "Host 1", "Twin 1": ""}
    assert "Confirm…" not in response.text
