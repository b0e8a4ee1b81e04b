"""Measuring: figures beside their bars, and scratch data that is really so many times as large."""

import pytest
from django.test import Client

from cohorts.models import Cohort, Event, Hosting, Pairing, Participation
from cohorts.models.vocabulary import DOMAINS, LEVERS
from matching.models import Run
from matching.snapshot import market_of
from outputs.models import Output
from tests.factories.cohorts import TermFactory
from tests.factories.people import UserFactory
from twinning.portal.bench import Figure, as_json, as_table, bare, crowd, engine, matches, pages, studio, world


def test_a_figure_is_ok_up_to_its_bar_and_over_beyond():
    assert Figure("pages", "queries", 20, "queries", 20).verdict == "ok"
    assert Figure("pages", "queries", 21, "queries", 20).verdict == "over"
    assert Figure("matching", "time", 21, "s").verdict == ""


def test_the_table_stands_in_columns_and_names_the_bar():
    figures = [Figure("pages", "desk: queries", 19, "queries", 20, "10x"), Figure("import", "time", 61.5, "s", 60)]

    lines = as_table(figures).splitlines()

    assert lines[0].split() == ["part", "what", "scale", "value", "unit", "at", "most", "note"]
    assert [line.split()[-2:] for line in lines[2:]] == [["20", "ok"], ["60", "over"]]
    assert as_json(figures)[1]["verdict"] == "over"


@pytest.fixture
def twice_as_large(db, settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    settings.CELERY_TASK_ALWAYS_EAGER = False  # documents stay queued
    return world.build(2)


def test_the_scratch_cohort_is_really_twice_as_large_and_its_pages_answer(twice_as_large):
    cohort = Cohort.objects.get(slug="cohort-1")
    assert Participation.objects.in_cohort(cohort).count() == 2 * 29
    assert Hosting.objects.in_cohort(cohort).count() == 2 * 25
    assert Pairing.objects.in_cohort(cohort).announced().count() == 2 * 28
    assert Output.objects.in_cohort(cohort).count() == 2 * 28 * 5
    assert Event.objects.in_cohort(cohort).filter(pairing__isnull=False).count() == 2 * 28 * 3
    copies = Pairing.objects.in_cohort(cohort).filter(participation__city__slug__endswith="-1")
    assert copies.count() == copies.filter(hosting__host__slug__endswith="-1").count() == 28
    for page in twice_as_large["pages"]:
        client = Client()
        client.cookies["sessionid"] = twice_as_large["sessions"][page["as"]]
        fields = {"place": page.get("place"), "base": page.get("text"), "text": "Something else."}
        answer = client.post(page["url"], fields) if page["kind"] == "save" else client.get(page["url"])
        assert answer.status_code == 200, page["name"]


def test_a_made_up_cohort_has_its_size_and_is_matched_with_proof_and_in_the_studio(db, monkeypatch):
    for number in range(3):
        TermFactory(vocabulary__slug=DOMAINS, code=f"domain-{number}")
        TermFactory(vocabulary__slug=LEVERS, code=f"lever-{number}")

    cohort = crowd.Crowd(12, 5, ["heat", "trees", "trams"]).build()
    found = matches.time_one(cohort.slug)

    market = market_of(cohort)
    assert (len(market.twins), len(market.hosts)) == (12, 5)
    assert all(len(twin.preferences) == 5 and twin.domains and twin.levers for twin in market.twins)
    assert {*matches.WAY, "bare"} <= set(found)
    assert not Run.objects.exists()
    UserFactory(coordinator=True)
    monkeypatch.setattr(studio, "ROUNDS", 1)
    figures = {figure.what: figure for figure in studio.figures_of("40 x 25", studio.time_one(cohort.slug))}
    assert {"page", "a pair with why not", "lock", "veto", "move"} <= set(figures)
    assert (figures["lock"].bar, figures["page: as sent"].bar) == (0.3, None)


def test_the_engine_is_measured_beside_the_bare_solver_and_ratios_have_their_bars():
    figures = list(engine._figures((37, 25), engine.time_one(37, 25)))

    by_name = {figure.what: figure for figure in figures}
    assert by_name["bare"].value == 1
    assert by_name["proof"].bar == 10
    assert {"worst-first", "leximin", "one country a host", "all prices of why not"} <= set(by_name)
    assert by_name["ten next best plans"].verdict == "ok"


def test_the_bare_views_answer_without_any_middleware(db, rf):
    from tests.factories.cohorts import CityFactory

    CityFactory.create_batch(60)
    handler = bare.BareHandler()

    answer = handler.get_response(rf.get("/bare/rows"))

    assert answer.status_code == 200
    assert answer.content.decode().count("<tr") == 1 + bare.ROWS
    assert "Content-Security-Policy" not in answer


def test_a_bare_form_has_the_fields_of_the_page_that_it_is_compared_with(rf):
    page = '<textarea></textarea><select><option>a</option><option>b</option></select><input name="x" type="date">'
    html = bare.form(rf.get(f"/bare/form?{pages.fields_of(page)}")).content.decode()
    assert pages.fields_of(html) == pages.fields_of(page) == "texts=1&lines=1&choices=2"
