"""Measuring: figures beside their bars, and scratch data that is really so many times as large."""

import pytest
from django.test import Client

from cohorts.models import Cohort, Event, Hosting, Pairing, Participation
from outputs.models import Output
from twinning.portal.bench import Figure, as_json, as_table, bare, world


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


def test_the_bare_views_answer_without_any_middleware(db, rf):
    from tests.factories.cohorts import CityFactory

    CityFactory.create_batch(60)
    handler = bare.BareHandler()

    answer = handler.get_response(rf.get("/bare/rows"))

    assert answer.status_code == 200
    assert answer.content.decode().count("<tr") == 1 + bare.ROWS
    assert "Content-Security-Policy" not in answer
