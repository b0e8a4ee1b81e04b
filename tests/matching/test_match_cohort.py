import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from matching.models import Run
from matching.services.scenarios import start_scenario
from tests.factories.cohorts import PairingFactory
from tests.factories.matching import cohort_to_match

pytestmark = pytest.mark.django_db


def match(*args):
    out = StringIO()
    call_command("match_cohort", *args, stdout=out)
    return out.getvalue()


def test_the_result_is_printed_as_json_and_stored_as_a_run():
    cohort = cohort_to_match(twins=3, hosts=2, slug="cohort-9")
    names = {row.host.slug: row.host.acronym for row in cohort.hostings.select_related("host")}

    result = json.loads(match("cohort-9", "--json"))

    run = Run.objects.get()
    assert list(result) == [
        "cohort", "run", "snapshot", "total", "bound", "optimal", "pairings", "unmatched", "rankings"
    ]  # fmt: skip
    assert (result["cohort"], result["run"], result["snapshot"]) == ("cohort-9", run.code, run.snapshot_hash)
    assert (result["total"], result["optimal"]) == (result["bound"], True)
    assert result["total"] == sum(pairing["score"] for pairing in result["pairings"]) == run.total
    first = result["pairings"][0]
    assert names[first["host"]] == "Host 0"
    assert set(first["criteria"]) == {"text", "context"}
    assert "Interests and challenges in words: both write: networks, heat" in first["reasons"]
    assert result["unmatched"] == []
    assert all(len(ranking) == 2 for ranking in result["rankings"].values())
    assert result["rankings"][first["twin"]][0] == [first["host"], first["score"]]


def test_a_dry_run_changes_nothing_and_says_the_same():
    cohort_to_match(slug="cohort-9")

    dry = json.loads(match("cohort-9", "--json", "--dry-run"))

    assert dry["run"] is None
    assert not Run.objects.exists()
    stored = json.loads(match("cohort-9", "--json"))
    assert {**stored, "run": None} == dry


def test_all_twins_are_matched_whatever_was_decided_before():
    cohort = cohort_to_match(slug="cohort-9")
    PairingFactory(
        participation=cohort.participations.get(city__name="Twin 0"),
        hosting=cohort.hostings.get(host__acronym="Host 1"),
    )

    everybody, open_ones = (json.loads(match("cohort-9", "--json", "--dry-run", "--scope", s)) for s in ("all", "open"))

    assert (len(everybody["pairings"]), len(open_ones["pairings"])) == (2, 1)


def test_who_stays_without_a_host_is_told_with_the_reason():
    cohort = cohort_to_match(twins=2, hosts=1, slug="cohort-9")
    cohort.hostings.update(capacity_maximum=1)

    result = json.loads(match("cohort-9", "--json", "--dry-run"))

    assert [row["reason"] for row in result["unmatched"]] == ["2 twins can only go to Host 0, which have 1 place."]


def test_the_objective_and_the_summary():
    cohort_to_match(slug="cohort-9")

    assert "proven best" in match("cohort-9", "--dry-run", "--objective", "worst_first")


def test_an_unknown_cohort_is_one_clear_sentence():
    cohort_to_match(slug="cohort-9")

    with pytest.raises(CommandError) as error:
        match("nowhere", "--json")

    assert str(error.value) == "There is no cohort 'nowhere'. Known: cohort-9."


def test_a_cohort_without_hosts_is_one_clear_sentence():
    cohort_to_match(hosts=0, slug="cohort-9")

    with pytest.raises(CommandError, match="no host in this cohort"):
        match("cohort-9", "--json")


def test_a_pair_is_explained_and_another_one_priced(capsys):
    cohort = cohort_to_match()
    twin = cohort.participations.get(city__name="Twin 0").city.slug
    host = cohort.hostings.get(host__acronym="Host 1").host.slug

    call_command("match_cohort", cohort.slug, "--dry-run", "--explain", twin, "--why-not", twin, host)

    said = capsys.readouterr().out
    assert "Twin 0 with Host 0" in said
    assert "This is what the engine proposes." in said
    assert "Twin 0 with Host 1" in said


def test_reasons_are_printed_as_json_too():
    cohort = cohort_to_match(slug="cohort-9")
    twin = cohort.participations.get(city__name="Twin 0").city.slug
    own, other = (cohort.hostings.get(host__acronym=f"Host {number}").host.slug for number in (0, 1))

    result = json.loads(match("cohort-9", "--json", "--explain", twin, "--why-not", twin, other))

    assert result["run"] == Run.objects.get().code
    assert [(row["twin"], row["host"]) for row in result["explained"]] == [(twin, own), (twin, other)]
    assert result["explained"][0]["price"] == "This is what the engine proposes."
    assert "both write: networks, heat" in [bar["note"] for bar in result["explained"][0]["bars"]]
    assert "points of the total" in result["explained"][1]["price"]


def test_a_twin_without_a_host_is_said_to_have_none():
    cohort = cohort_to_match(twins=2, hosts=1, slug="cohort-9")
    cohort.hostings.update(capacity_maximum=1)
    (left,) = json.loads(match("cohort-9", "--json", "--dry-run"))["unmatched"]
    assert match("cohort-9", "--dry-run", "--explain", left["twin"]) == f"{left['twin']} gets no host.\n"
    (row,) = json.loads(match("cohort-9", "--dry-run", "--json", "--explain", left["twin"]))["explained"]
    assert row == {"twin": left["twin"], "host": None}


@pytest.mark.parametrize(
    ("asked", "words"),
    [(["--explain", "atlantis"], "There is no twin 'atlantis'"), (["--why-not", "TWIN", "x"], "There is no host 'x'")],
)
def test_an_unknown_name_is_one_clear_sentence_and_stores_nothing(asked, words):
    cohort = cohort_to_match(slug="cohort-9")
    twin = cohort.participations.get(city__name="Twin 0").city.slug
    with pytest.raises(CommandError, match=words):
        match("cohort-9", *[twin if word == "TWIN" else word for word in asked])
    assert not Run.objects.exists()


def test_a_scenario_is_matched_by_its_name_and_nothing_stored(capsys):
    cohort = cohort_to_match()
    now = timezone.now()
    start_scenario(cohort, name="Fair", weights={"text": 10}, objective="leximin", by=None, now=now)
    runs = Run.objects.count()

    call_command("match_cohort", cohort.slug, "--scenario", "Fair")

    assert "proven best" in capsys.readouterr().out
    assert Run.objects.count() == runs
    with pytest.raises(CommandError, match="Known: Fair"):
        call_command("match_cohort", cohort.slug, "--scenario", "Unfair")
