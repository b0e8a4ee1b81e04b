"""Writing in a real browser: what is typed survives a second editor, a lost session, a lost network and a closed window."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from outputs.models import Answer, Output
from outputs.services.drafting import save_place
from outputs.states import OutputState
from tests.factories.outputs import NOON, LearningObjectiveFactory, OutputFactory
from tests.helpers.axe import accessibility_faults

pytestmark = [pytest.mark.browser, pytest.mark.both, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=15_000)
PLAN = "Plans and decisions (required)"


@pytest.fixture
def output(world):
    return OutputFactory(pairing=world.pairing)


@pytest.fixture
def window(chromium, live_server, world):
    """A window in which the officer is signed in; `sign_in()` does it again."""
    context = chromium.new_context(bypass_csp=True, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)

    def sign_in():
        client = Client()
        client.force_login(world.officer)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])

    sign_in()
    context.sign_in = sign_in
    yield context
    context.close()


def open_section(window, live_server, output, slug="starting-point"):
    page = window.new_page()
    page.goto(live_server.url + reverse("outputs:output-section", args=[output.code, slug]))
    return page


def bar(page):
    return page.locator("[data-tw-savestate]")


def stored(output, field="plan"):
    return Answer.objects.get(output=output, field=field).text


def test_what_is_typed_is_saved_without_a_button_and_makes_a_draft(window, live_server, output):
    page = open_section(window, live_server, output)
    page.get_by_label(PLAN).fill("Adopted in 2024.")
    expect(bar(page)).to_contain_text("Saved at")
    assert stored(output) == "Adopted in 2024."
    assert Output.objects.get().state == OutputState.DRAFT
    expect(page.locator("[data-tw-place='answer:plan'] [data-tw-count]")).to_have_text("3")
    assert accessibility_faults(page) == []


def test_a_day_that_does_not_exist_erases_no_date(window, live_server, output):
    row = LearningObjectiveFactory(output=output, due_on="2027-01-14")
    page = open_section(window, live_server, output, "objectives")
    page.locator("details.objective summary").first.click()
    day = page.locator(f"[name='objective:{row.code}:due_on']")
    day.press_sequentially("02312027")  # month, day and year of the browser's own field
    expect(bar(page)).to_contain_text("There is no such date. What was saved before still stands.")
    page.get_by_role("button", name="Save and continue").click()
    expect(day).to_be_focused()
    row.refresh_from_db()
    assert str(row.due_on) in ("2027-01-14", "2027-02-03", "2027-02-14")  # what was a day on the way there may be saved

    day.fill("2027-02-28")
    expect(bar(page)).to_contain_text("Saved at")
    row.refresh_from_db()
    assert str(row.due_on) == "2027-02-28"


def test_what_stands_again_as_before_is_no_longer_called_unsaved(window, live_server, output):
    page = open_section(window, live_server, output)
    before = bar(page).inner_text()
    page.get_by_label(PLAN).press_sequentially("A")
    expect(bar(page)).to_contain_text("Not saved yet")
    page.get_by_label(PLAN).press("Backspace")
    expect(bar(page)).to_have_text(before)


def test_a_second_editor_is_shown_and_the_writer_chooses(window, live_server, output, world):
    page = open_section(window, live_server, output)
    save_place(output, "answer:plan", text="Theirs", base="", by=world.lead_officer, now=NOON)
    page.get_by_label(PLAN).fill("Mine")
    conflict = page.get_by_role("alert").filter(has_text="Lea Lead has changed this text meanwhile")
    expect(conflict).to_contain_text("Theirs")
    assert stored(output) == "Theirs"
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Keep mine").click()
    expect(bar(page)).to_contain_text("Saved at")
    assert stored(output) == "Mine"


def test_the_form_is_not_sent_before_the_writer_has_chosen(window, live_server, output, world):
    page = open_section(window, live_server, output)
    save_place(output, "answer:plan", text="Theirs", base="", by=world.lead_officer, now=NOON)
    page.get_by_label(PLAN).fill("Mine")
    expect(page.get_by_role("button", name="Keep mine")).to_be_visible()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("button", name="Keep mine")).to_be_focused()
    expect(bar(page)).to_contain_text("Choose which one stays")
    assert stored(output) == "Theirs"


def test_taking_theirs_leaves_theirs(window, live_server, output, world):
    page = open_section(window, live_server, output)
    save_place(output, "answer:plan", text="Theirs", base="", by=world.lead_officer, now=NOON)
    page.get_by_label(PLAN).fill("Mine")
    page.get_by_role("button", name="Take theirs").click()
    expect(page.get_by_label(PLAN)).to_have_value("Theirs")
    page.reload()
    expect(page.get_by_label(PLAN)).to_have_value("Theirs")
    assert stored(output) == "Theirs"


def test_whoever_emptied_the_browser_is_asked_to_sign_in_again(window, live_server, output):
    page = open_section(window, live_server, output)
    page.context.clear_cookies()
    page.get_by_label(PLAN).fill("Written without a cookie")
    expect(bar(page)).to_contain_text("You were signed out")
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()


def test_a_lost_session_keeps_the_text_and_saves_it_after_signing_in(window, live_server, output):
    page = open_section(window, live_server, output)
    Session.objects.all().delete()
    page.get_by_label(PLAN).fill("Written while signed out")
    expect(bar(page)).to_contain_text("You were signed out")
    link = page.get_by_role("link", name="Sign in again")
    expect(link).to_be_visible()
    assert not Answer.objects.exists()
    window.sign_in()
    page.goto(live_server.url + link.get_attribute("href").partition("next=")[2])
    expect(page.get_by_label(PLAN)).to_have_value("Written while signed out")
    expect(bar(page)).to_contain_text("Saved at")
    assert stored(output) == "Written while signed out"


def test_without_network_the_text_stays_on_the_device_and_a_closed_window_brings_it_back(window, live_server, output):
    page = open_section(window, live_server, output)
    window.set_offline(True)
    page.get_by_label(PLAN).fill("Written in a tunnel")
    expect(bar(page)).to_contain_text("Not saved, your text is kept on this device")
    page.close()
    assert not Answer.objects.exists()
    window.set_offline(False)
    again = open_section(window, live_server, output)
    expect(again.get_by_label(PLAN)).to_have_value("Written in a tunnel")
    # What the closed window sent on leaving may still get through before the new one opens; then it has nothing left to save.
    expect(bar(again)).to_contain_text(re.compile("Saved at|Last saved by"))
    assert stored(output) == "Written in a tunnel"


def test_a_text_from_the_device_never_overwrites_what_came_meanwhile(window, live_server, output, world):
    page = open_section(window, live_server, output)
    window.set_offline(True)
    page.get_by_label(PLAN).fill("From the tunnel")
    expect(bar(page)).to_contain_text("kept on this device")
    page.close()
    save_place(output, "answer:plan", text="Theirs", base="", by=world.lead_officer, now=NOON)
    window.set_offline(False)
    again = open_section(window, live_server, output)
    expect(again.get_by_role("button", name="Keep mine")).to_be_visible()
    expect(again.get_by_label(PLAN)).to_have_value("From the tunnel")
    assert stored(output) == "Theirs"


def test_trying_again_saves_what_waited(window, live_server, output):
    page = open_section(window, live_server, output)
    page.route("**/autosave/", lambda route: route.abort())
    page.get_by_label(PLAN).fill("Waiting")
    expect(bar(page)).to_contain_text("kept on this device")
    page.unroute("**/autosave/")
    page.get_by_role("link", name="Try again").click()
    expect(bar(page)).to_contain_text("Saved at")
    assert stored(output) == "Waiting"


def test_closing_the_window_right_after_typing_loses_nothing(window, live_server, output):
    page = open_section(window, live_server, output)
    page.get_by_label(PLAN).press_sequentially("Quick")
    page.close()
    again = open_section(window, live_server, output)
    expect(again.get_by_label(PLAN)).to_have_value("Quick")
    again.get_by_label(PLAN).press("End")
    again.get_by_label(PLAN).press_sequentially("er")
    expect(bar(again)).to_contain_text("Saved at")
    assert stored(output) == "Quicker"


def test_an_objective_is_added_filled_and_moved_by_keyboard_alone(window, live_server, output, world):
    LearningObjectiveFactory(output=output, position=1, question="First?", edited_by=world.officer)
    page = open_section(window, live_server, output, "objectives")
    page.get_by_role("button", name="Add an objective").press("Enter")
    question = page.locator("details[open]").get_by_label("Question you want answered (required)")
    question.focus()
    page.keyboard.type("Second?")
    page.keyboard.press("Tab")
    expect(bar(page)).to_contain_text("Saved at")
    page.get_by_role("button", name=re.compile("Move up.*objective 2")).press("Enter")
    expect(page.locator("details.objective summary").first).to_contain_text("Second?")
    assert [row.question for row in output.objectives.present()] == ["Second?", "First?"]


def test_domains_save_themselves_when_they_are_ticked(window, live_server, output):
    from cohorts.models import Term

    term = Term.objects.filter(vocabulary__slug="fields_of_action_ccc").order_by("position").first()
    if term is None:
        from tests.factories.cohorts import TermFactory

        term = TermFactory()
    page = open_section(window, live_server, output, "domains")
    page.get_by_label(term.label, exact=True).check()
    expect(bar(page)).to_contain_text("Saved at")
    assert output.output_terms.get().term == term
