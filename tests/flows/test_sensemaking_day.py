"""A day of sensemaking: a session set up from its twelve themes, six people in three rooms, two harvesters, up to the published report.

And a session with the keyboard alone: joined by link, written, grouped, connected, voted, moved on the canvas, taken back.
"""

import sys
import time

import pytest
from playwright.sync_api import expect

from tests.helpers.processes import health, started, wait_until
from tests.servers import free_port
from twinning.portal.demo.sessions import THEMES

from .stage import PASSWORD
from .test_keyboard import Keyboard
from .visitor import PATIENCE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

SET_UP_SECONDS = 600  # ten minutes, of which a person needs most to read
ROOMS = THEMES[:3]


@pytest.fixture(scope="module")
def live(stage):
    """Pages and streams of the stage's data on one port, as the demo serves them."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "twinning.asgi:everything_on_one_port", "--port", port]
    with started([*command, "--lifespan", "off", "--no-access-log"], stage.var / "live.log", stage.environment):
        base = f"http://127.0.0.1:{port}"
        wait_until(lambda: health(base)[0] == 200, 60, "pages and streams")
        yield base


@pytest.fixture
def team(chromium, live):
    visitor = Visitor(chromium, live, "coordinator@example.org", PASSWORD).sign_in()
    yield visitor
    visitor.context.close()


@pytest.fixture
def windows(chromium):
    """Opens a browser of its own for each person."""
    contexts = []

    def window(address):
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}))
        contexts[-1].set_default_timeout(PATIENCE)
        page = contexts[-1].new_page()
        page.goto(address)
        return page

    yield window
    for context in contexts:
        context.close()


def set_up(team, themes, harvesters, *, day):
    """Plan the session, name its rooms and harvesters and open the link; returns (address of the session, link, links of harvesters)."""
    page = team.page
    team.goto("/cohorts/cohort-1/sensemaking/plan/")
    page.locator("[name=title]").fill(f"Second all-cluster session, {day}")
    page.locator("[name=kind]").select_option(label="All-cluster session")
    page.locator("[name=held_on]").fill(day)
    page.locator("[name=starts]").fill("10:00")
    page.locator("[name=minutes]").fill("180")
    page.get_by_label("Agenda").fill("Welcome, 10\nFirst rooms, 60\nBreak, 15\nTogether, 60")
    page.get_by_label("Guiding questions").fill("What stood out in your cluster?")
    team.press("Save")
    session = page.url.split("#")[0]
    page.goto(f"{session}rooms/add/")
    page.locator("[name=themes]").fill("\n".join(themes))
    team.press("Add rooms")
    page.goto(f"{session}people/")
    links = []
    for name in harvesters:
        page.locator("[name=name]").fill(name)
        page.get_by_label("Organisation").fill("Team")
        page.locator("[name=role]").select_option(label="Harvester")
        team.press("Add to the list")
        links.append(page.locator("td a", has_text=f"Link: {name}").get_attribute("href"))
    page.goto(f"{session}joining/")
    page.locator("[name=is_join_open]").check()
    page.locator("[name=consent_text]").fill("We keep what you write and may quote it.")
    team.press("Save")
    return session, page.get_by_label("Link to join").input_value(), links


def join(page, name, city):
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your city").select_option(index=city)
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Second all-cluster session")


def write(page, text):
    page.get_by_label("A note: one remark").fill(text)
    page.get_by_role("button", name="Write the note").click()


def note(page, text):
    return page.locator(".note", has_text=text)


def test_a_session_from_the_twelve_themes_to_the_published_report(team, live, windows):  # noqa: C901 one day, told in its order
    began = time.monotonic()
    session, link, links = set_up(team, THEMES, ["Hana", "Hugo"], day="2024-06-16")
    assert time.monotonic() - began < SET_UP_SECONDS
    hana, hugo = (windows(f"{live}{each}board/") for each in links)
    people = []
    for number in range(6):
        page = windows(link)
        join(page, f"Person {number}", number + 1)
        page.locator(".kicker a, h1 ~ * a, a", has_text=f"Person {number}").first.click()
        room = page.locator(".choices li", has_text=ROOMS[number % 3])
        room.get_by_role("button").click()
        page.get_by_role("link", name="Go to the board").click()
        expect(page.locator(".roomtabs [aria-current]")).to_contain_text(ROOMS[number % 3])
        people.append(page)
    # The agenda runs: who sits before the board sees the point and its time.
    team.page.goto(f"{session}run/")
    team.press("Open the session")
    team.press("Start: Welcome")
    expect(people[0].locator("[data-agenda-point]")).to_have_text("Welcome")
    expect(people[0].locator("[data-agenda-left]")).to_contain_text(":")
    team.press("Next: First rooms")
    expect(people[5].locator("[data-agenda-point]")).to_have_text("First rooms")
    hana.get_by_role("button", name="Let notes wait for a harvester").click()
    rooms = {}
    for harvester, names in ((hana, ROOMS[:2]), (hugo, ROOMS[2:])):
        for name in names:
            harvester.locator(".roomtabs a", has_text=name).click()
            rooms[name] = harvester.url.split("#")[0]
    for number, page in enumerate(people):
        write(page, f"Remark {number}: what nobody had planned")
        expect(note(page, f"Remark {number}:")).to_have_count(1)
    # Who sits beside the writer sees that a note waits, not what it says; a harvester lets it in, and it is there.
    expect(note(people[3], "Remark 0:")).to_have_count(0)
    for name, harvester in ((ROOMS[0], hana), (ROOMS[1], hana), (ROOMS[2], hugo)):
        harvester.goto(rooms[name])
        for _note in range(2):
            waiting = harvester.get_by_role("button", name="Put on the board")
            left = waiting.count()
            waiting.first.click()
            expect(waiting).to_have_count(left - 1)
    for number in range(6):
        expect(note(people[(number + 3) % 6], f"Remark {number}:")).to_have_count(1)
    # What a harvester writes for somebody is seen by the others of the room without a new page.
    write(hugo, "Said aloud: the pilot ended and the chairs stayed")
    expect(note(people[2], "Said aloud:")).to_have_count(1)
    # The shared picture: one remark of each room is moved to the surface for all, and everybody is called there.
    for number, name, harvester in ((0, ROOMS[0], hana), (1, ROOMS[1], hana), (2, ROOMS[2], hugo)):
        harvester.goto(rooms[name])
        note(harvester, f"Remark {number}:").get_by_role("link", name="Change").click()
        harvester.get_by_label("Move to").select_option(label="For all")
        harvester.get_by_role("button", name="Move", exact=False).first.click()
        expect(note(harvester, f"Remark {number}:")).to_have_count(0)
    hana.locator(".roomtabs a", has_text="For all").click()
    hana.get_by_role("button", name="Call everybody here").click()
    for page in people:
        page.get_by_role("link", name="For all").first.click()
        expect(page.locator(".note")).to_have_count(3)
    # Notes to an insight, the insight into the report.
    page = team.page
    page.goto(f"{session}insights/")
    for each in page.locator(".remarks li", has_text="Remark").all()[:3]:
        each.get_by_role("checkbox").check()
    page.get_by_label("What the chosen notes say").fill("What stays is what nobody had planned.")
    team.press("Make an insight of the chosen notes")
    team.follow("What stays is what nobody had planned.")
    team.press("Confirm")
    page.goto(f"{session}report/?draft=1")
    team.press("Publish")
    page.goto(f"{session}report/")
    expect(page.locator("main")).to_contain_text("What stays is what nobody had planned.")
    expect(page.locator("main")).to_contain_text("Remark")
    expect(page.get_by_role("table", name="Points of the agenda")).to_contain_text("First rooms")
    assert team.complaints == []


def test_a_session_with_the_keyboard_alone(team, live, windows):
    _session, link, links = set_up(team, THEMES[:2], ["Keya"], day="2024-06-17")
    page = windows(link)
    keyboard = Keyboard(page)
    keyboard.reach("Your name").type("Kim").reach("Your city").press("ArrowDown").reach("I agree").press("Space")
    with page.expect_navigation():
        keyboard.reach("Join").press("Enter")
    keyboard.reach("A note: one remark")
    for text in ("First by keyboard", "Second by keyboard"):
        keyboard.type(text).reach("Write the note").press("Enter")
        expect(note(page, text)).to_have_count(1)
        expect(page.get_by_label("A note: one remark")).to_be_focused()
    with page.expect_navigation():
        keyboard.reach("First by keyboard").press("Enter")
    with page.expect_navigation():
        keyboard.reach("Group (empty for none)").type("What lasts").reach("Group").press("Enter")
    expect(page.get_by_role("heading", name="What lasts")).to_be_visible()
    with page.expect_navigation():
        keyboard.reach("First by keyboard").press("Enter")
    with page.expect_navigation():
        keyboard.reach("Connect with").reach("Connect").press("Enter")
    expect(note(page, "First by keyboard").first).to_contain_text("Connected with: Second by keyboard")
    harvester = windows(f"{live}{links[0]}board/")
    leading = Keyboard(harvester)
    with harvester.expect_navigation():
        leading.reach("Votes for each person").press("ArrowUp").reach("Set votes").press("Enter")
    page.reload()
    with page.expect_navigation():
        keyboard.reach("Vote").press("Enter")
    expect(note(page, "First by keyboard").first).to_contain_text("1 vote")
    page.goto(page.url.split("#")[0])  # else Tab goes on from the note
    with page.expect_navigation():
        keyboard.reach("As a canvas").press("Enter")
    expect(page.locator(".canvas .note")).to_have_count(2)
    with page.expect_response(lambda answer: answer.url.endswith("/board/act/") and answer.ok) as moved:
        keyboard.reach("Notes as a picture").reach("First by keyboard").press("ArrowRight")
    assert moved.value.json()["act"] == "move_note"
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The chosen note")).to_be_focused()
    with page.expect_response(lambda answer: answer.url.endswith("/board/act/") and answer.ok):
        keyboard.reach("Remove the note").press("Enter")
    expect(page.locator(".canvas .note")).to_have_count(1)
    page.reload()
    with page.expect_navigation():
        keyboard.reach("Undo my last act").press("Enter")
    expect(page.locator(".canvas .note")).to_have_count(2)
