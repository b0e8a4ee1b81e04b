import re
from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.core.paginator import Paginator
from django.utils import timezone, translation

from twinning.core.templatetags import ui


def words(markup):
    """What a reader sees: the text outside the tags, without the names of glyphs."""
    text, depth = "", 0
    for character in str(markup):
        depth += {"<": 1, ">": -1}.get(character, 0)
        text += character if not depth and character != ">" else ""
    return text


@pytest.mark.parametrize(
    ("value", "tone", "label"),
    [
        ("not_started", "none", "Not started"),
        ("draft", "draft", "Draft"),
        ("submitted", "sent", "Submitted"),
        ("accepted", "ok", "Accepted"),
        ("waived", "waived", "Waived"),
    ],
)
def test_a_state_is_a_glyph_and_a_word(value, tone, label):
    markup = ui.state(value)
    assert f'class="state s-{tone} chip"' in markup
    assert f"#g-{tone}" in markup
    assert words(markup) == label


def test_the_word_of_another_app_stands_in_place_of_ours():
    assert words(ui.state("confirmed", text="Confirmed, not announced")) == "Confirmed, not announced"


def test_late_always_counts_its_days():
    markup = ui.state("draft", days_late=9)
    assert words(markup) == "Draft, late by 9 days"
    assert "s-late" in markup


@pytest.mark.parametrize("value", ["accepted", "waived"])
def test_what_is_settled_is_never_late(value):
    assert ui.state(value, days_late=9) == ui.state(value)


def test_a_glyph_alone_carries_its_words_as_its_name():
    assert 'aria-label="Learning Roadmap: Draft, late by 1 day"' in ui.state_glyph(
        "draft", "Learning Roadmap", days_late=1
    )


def test_a_glyph_beside_a_word_is_decoration():
    assert 'aria-hidden="true"' in ui.glyph("ok")


def test_an_unknown_state_is_shown_by_its_value():
    assert words(ui.state("on_the_moon")) == "on_the_moon"


def test_names_of_cities_are_escaped():
    assert "&lt;script&gt;" in ui.pair("<script>", "Galway")
    assert "&quot;" in ui.pair("Braga", "Uppsala", url='/?"onclick')


def test_a_twin_without_host_says_so():
    assert words(ui.pair("Oulu")) == "Ouluno host yet"


def test_the_whole_pair_is_one_link_or_each_side_its_own():
    assert ui.pair("Braga", "Uppsala", url="/p/").count("<a ") == 1
    assert ui.pair("Braga", "Uppsala", twin_url="/b/", host_url="/u/").count("<a ") == 2


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 5, 14), "due Thursday 14 May, today"),
        (date(2026, 5, 15), "due Friday 15 May, tomorrow"),
        (date(2026, 5, 13), "due Wednesday 13 May, yesterday"),
        (date(2026, 5, 24), "due Sunday 24 May, in 10 days"),
        (date(2027, 1, 4), "due Monday 4 January 2027, in 235 days"),
        (date(2026, 5, 4), "due Monday 4 May, 10 days ago"),
    ],
)
def test_a_due_date_says_how_far_off_it_is(day, expected):
    assert words(ui.due(day, date(2026, 5, 14))) == expected


def test_a_moment_is_told_in_the_readers_zone_with_its_name():
    with timezone.override(ZoneInfo("Europe/Lisbon")):
        markup = ui.moment(datetime(2026, 5, 14, 12, 32, tzinfo=ZoneInfo("Europe/Brussels")))
    assert words(markup) == "14 May 2026, 11:32 WEST"
    assert 'datetime="2026-05-14T11:32+01:00"' in markup


def test_a_moment_near_midnight_is_the_readers_day():
    with timezone.override(ZoneInfo("Europe/Athens")):
        assert words(ui.day(datetime(2026, 5, 14, 22, 0, tzinfo=ZoneInfo("UTC")))) == "15 May 2026"


def test_missing_dates_leave_no_trace():
    assert (ui.day(None), ui.moment(None), ui.due(None, date(2026, 5, 14))) == ("", "", "")


def test_long_lists_of_pages_are_shortened():
    assert ui.page_range(Paginator(range(400), 25), 7) == [1, "…", 6, 7, 8, "…", 16]


def test_every_tone_has_its_glyph_in_the_sprite(settings):
    sprite = (settings.BASE_DIR / "templates" / "components" / "sprite.html").read_text()
    assert {look.tone for look in ui.STATE_LOOKS.values() if f'id="g-{look.tone}"' not in sprite} == set()


class Finder(forms.Form):
    q = forms.CharField(required=False, label="City or host")
    country = forms.ChoiceField(
        required=False, label="Country", choices=[("", "All"), ("PT", "Portugal"), ("TR", "<Türkiye>")]
    )


@pytest.mark.parametrize("data", [None, {}, {"q": '"Łódź" & more', "country": "TR"}, {"country": "nowhere"}])
def test_a_field_of_a_filter_is_drawn_as_the_form_library_draws_it(data):
    form = Finder(data)
    for field in form:
        assert without_gaps(ui.filter_field(field)) == without_gaps(as_crispy_field(field))


def without_gaps(html):
    return re.sub(r">\s+|\s+<", lambda gap: gap.group().strip(), re.sub(r"\s+", " ", html)).strip()


def test_a_row_has_a_cell_for_each_output_or_one_that_is_empty():
    cells = [SimpleNamespace(label="Roadmap", state="draft", days_late=0)] * 2
    html = ui.state_cells(cells, cells)
    assert html.count("<td") == 2
    assert f'<td data-l="O2">{ui.state_glyph("draft", "Roadmap")}</td>' in html
    assert ui.state_cells([], cells) == '<td colspan="2"></td>'


def test_a_glyph_speaks_the_language_of_the_reader(monkeypatch):
    monkeypatch.setattr(ui, "late_words", lambda days: f"{days} late in {translation.get_language()}")
    for language in ("en", "pt", "en"):
        with translation.override(language):
            assert f"9 late in {language}" in ui.state_glyph("draft", "Roadmap of Łódź", days_late=9)
