"""The main path, walked in real browsers on the real first cohort: from a cohort without pairings to an accepted roadmap."""

import datetime
import io
import json
import re

import openpyxl
import pypdf
import pytest

from .stage import COHORT

pytestmark = [pytest.mark.browser, pytest.mark.both, pytest.mark.timeout(900)]

PROSE = {
    "baseline": "Buildings make 40 % of our emissions, traffic 30 %. Source: inventory of 2024.",
    "plan": "The climate plan was adopted in 2022 and binds the city to neutrality by 2040.",
    "competences": "Planning and own buildings are in our hands; energy prices are not.",
}
TOGETHER = {
    "language": "English on calls.",
    "frequency": "A call each month, we invite.",
    "confidentiality": "Slides may be passed on.",
}
QUESTIONS = [
    "How do owners of old houses come to sign a contract?",
    "Which figures show the council that it works?",
    "Who pays when the grant ends?",
]


def test_a_cohort_runs_from_matching_to_an_accepted_roadmap(stage, visitors):
    facilitator = visitors("facilitator")
    host = match_confirm_and_announce(stage, facilitator)
    the_calendar_stands(stage, facilitator)
    accompany_belfast(facilitator)

    officer = visitors("officer.belfast")
    accept_the_pairing(officer)
    output = write_the_starting_point(officer)
    write_the_rest(officer, output)
    the_host_writes_its_part(visitors(f"contact.{host}"), output)
    submit(officer, output)

    send_back(facilitator, output)
    change_and_submit(officer, output)
    accept(facilitator, output)
    download_the_pdf(officer, output)

    reminders_go_to_those_who_owe(stage)
    the_workbook_opens(visitors("administrator"))

    for visitor in (facilitator, officer):
        assert visitor.inspect() == []
        assert visitor.complaints == []


def match_confirm_and_announce(stage, facilitator):
    """The facilitator sees the cohort, starts a run, confirms it, announces. Gives the id of Belfast's host."""
    facilitator.follow("Cohort")
    assert facilitator.heading == "Twinning Learning Programme, cohort 1"
    assert "0 pairings" in facilitator.page.locator("#pairings-heading").inner_text()
    foretold = json.loads(stage.manage("match_cohort", COHORT, "--dry-run", "--json"))
    facilitator.follow("Match")
    facilitator.press("Start the run")
    facilitator.page.get_by_role("link", name="Confirm…").wait_for()
    facilitator.follow("Confirm…")
    facilitator.press("Confirm these pairings")
    facilitator.page.get_by_role("link", name="Announce…").wait_for()
    facilitator.follow("Announce…")
    facilitator.press("Announce now")
    facilitator.goto(f"/cohorts/{COHORT}/")
    heading = facilitator.page.locator("#pairings-heading").inner_text()
    assert int(heading.split()[0]) >= len(foretold["pairings"]) > 20
    return next(pairing["host"] for pairing in foretold["pairings"] if pairing["twin"] == "belfast")


def the_calendar_stands(stage, facilitator):
    assert facilitator.page.locator("svg.timeline").is_visible()
    facilitator.follow("Calendar")
    text = facilitator.page.locator("main").inner_text()
    assert "Kick-off" in text
    assert "Site visit 1" in text


def accompany_belfast(facilitator):
    facilitator.goto(f"/cohorts/{COHORT}/?q=belfast")
    facilitator.leave_by(facilitator.page.locator("#pairings tbody a.pair"))
    facilitator.follow("Assign")
    choice = facilitator.page.locator("[name=facilitator]")
    choice.select_option(choice.locator("option", has_text="Fay Facilitator").get_attribute("value"))
    facilitator.press("Assign")
    assert "Fay Facilitator" in facilitator.page.locator("main").inner_text()


# --- The officer writes -----------------------------------------------------------------------------------------------


def place(visitor, name):
    return visitor.page.locator(f"textarea[name='{name}'], input[type=text][name='{name}'], select[name='{name}']")


def wait_until_saved(visitor):
    visitor.page.locator("[data-tw-savestate].s-ok").wait_for()


def accept_the_pairing(visitor):
    """One side's yes: the first thing that either side is asked for."""
    assert "Do you accept the pairing with" in visitor.page.locator("#next-step").inner_text()
    visitor.leave_by(visitor.page.locator(".next a.btn"))
    visitor.page.locator("input[type=radio][value=accepted]").check()
    visitor.press("Send the answer")
    visitor.goto("/")


def write_the_starting_point(officer):
    """Some of it saves itself; then the browser is closed in the middle of a text, and the text is there on coming back."""
    assert "Begin your Learning Roadmap" in officer.page.locator("#next-step").inner_text()
    officer.leave_by(officer.page.locator(".next a.btn"))
    output = re.search(r"/outputs/([0-9A-Z]{8})/", officer.page.url).group(1)
    officer.follow("Begin to write")
    address = officer.page.url
    place(officer, "answer:baseline").fill(PROSE["baseline"])
    wait_until_saved(officer)
    place(officer, "answer:plan").fill(PROSE["plan"])
    remembered = officer.close_browser()

    officer.open_browser(remembered)
    officer.page.goto(address)
    assert place(officer, "answer:baseline").input_value() == PROSE["baseline"]
    assert place(officer, "answer:plan").input_value() == PROSE["plan"]
    wait_until_saved(officer)
    place(officer, "answer:competences").fill(PROSE["competences"])
    officer.press("Save and continue")
    return output


def write_the_rest(officer, output):
    officer.page.locator("fieldset input[type=checkbox]").first.check()
    officer.press("Save and continue")
    officer.page.wait_for_url("**/write/objectives/**")
    for number, question in enumerate(QUESTIONS, start=1):
        officer.press("Add an objective")
        row = officer.page.locator("details.objective").nth(number - 1)
        row.locator("textarea[name$=':question']").wait_for()
        row.locator("textarea[name$=':question']").fill(question)
        row.locator("select[name$=':activity']").select_option("visit")
        row.locator("input[type=text][name$=':owner']").fill("Head of housing")
        row.locator("select[name$=':learning_type']").select_option("social" if number % 2 else "technical")
        officer.page.keyboard.press("Tab")
        wait_until_saved(officer)
    officer.press("Save and continue")
    officer.goto(f"/outputs/{output}/write/working-together/")
    for field, text in TOGETHER.items():
        place(officer, f"answer:{field}").fill(text)
    officer.press("Save and continue")
    place(officer, "answer:risks").fill("Elections in spring: the head of department keeps it going.")
    officer.press("Save and continue")
    officer.page.wait_for_url("**/write/check/**")
    assert "The host has at least one objective of its own" in officer.page.locator("#checklist").inner_text()


def the_host_writes_its_part(contact, output):
    while "Do you accept the pairing" in contact.page.locator("#next-step").inner_text():
        accept_the_pairing(contact)
    assert "Add your part to the Learning Roadmap of Belfast" in contact.page.locator("#next-step").inner_text()
    contact.leave_by(contact.page.locator(".next a.btn"))
    contact.goto(f"/outputs/{output}/write/host-objectives/")
    contact.press("Add an objective")
    question = contact.page.locator("textarea[name$=':question']").first
    question.fill("How does Belfast reach people who never come to a meeting?")
    contact.page.keyboard.press("Tab")
    wait_until_saved(contact)
    assert contact.inspect() == []
    assert contact.complaints == []


def submit(officer, output):
    officer.goto(f"/outputs/{output}/write/check/")
    officer.press("Submit to the facilitator")
    officer.page.wait_for_url(f"**/outputs/{output}/")
    assert "Submitted" in officer.page.locator(".kicker").inner_text()
    officer.goto("/")
    assert "Learning Roadmap Submitted" in " ".join(officer.page.locator(".ladder li").first.inner_text().split())
    assert "Begin your Stakeholder Engagement Plan" in officer.page.locator("#next-step").inner_text()


# --- The facilitator answers ------------------------------------------------------------------------------------------


def send_back(facilitator, output):
    facilitator.goto("/")
    assert "Learning Roadmap of Belfast waits for review" in facilitator.page.locator(".todo").inner_text()
    facilitator.goto(f"/outputs/{output}/review/")
    facilitator.page.locator("textarea[name=letter]").fill("Please say in objective 3 who must learn it.")
    facilitator.press("Ask for changes")


def change_and_submit(officer, output):
    officer.goto("/")
    step = officer.page.locator(".next").inner_text()
    assert "Make the changes to your Learning Roadmap" in step
    assert "Please say in objective 3 who must learn it." in step
    officer.goto(f"/outputs/{output}/write/objectives/")
    row = officer.page.locator("details.objective").nth(2)
    row.locator("summary").first.click()
    row.locator("textarea[name$=':learners']").fill("Treasurer and housing department")
    officer.page.keyboard.press("Tab")
    wait_until_saved(officer)
    submit(officer, output)


def accept(facilitator, output):
    facilitator.goto(f"/outputs/{output}/review/")
    assert "What changed since version 1" in facilitator.page.locator("#changes").inner_text()
    facilitator.page.locator("textarea[name=letter]").fill("Thank you.")
    facilitator.press("Accept")
    facilitator.goto(f"/outputs/{output}/")
    assert "Accepted" in facilitator.page.locator(".kicker").inner_text()


def download_the_pdf(officer, output):
    """The worker renders it; the page shows it without being reloaded."""
    officer.goto(f"/outputs/{output}/")
    links = officer.page.get_by_role("link", name=re.compile("Download PDF.*version 2"))
    links.wait_for(timeout=60_000)
    with officer.page.expect_download() as coming:
        links.click()
    file = pypdf.PdfReader(coming.value.path())
    text = " ".join(page.extract_text() for page in file.pages)
    assert "Belfast" in text
    assert "Treasurer and housing department" in " ".join(text.split())
    assert file.trailer["/Root"]["/MarkInfo"]["/Marked"]


# --- Afterwards -------------------------------------------------------------------------------------------------------


def reminders_go_to_those_who_owe(stage):
    """Three days before the roadmap is due Braga and Lund, who owe it, are told once; Belfast, who handed in, is not."""
    day = datetime.date.fromisoformat(stage.facts["due"]) - datetime.timedelta(days=3)
    now = f"{day}T06:00:00+00:00"
    first = json.loads(stage.manage("send_reminders", "--now", now, "--json"))["sent"]
    again = json.loads(stage.manage("send_reminders", "--now", now, "--json"))["sent"]
    assert {row["to"] for row in first} == {"officer.braga@example.org", "officer.lund@example.org"}
    assert {row["rule"] for row in first} == {3}
    assert again == []


def the_workbook_opens(administrator):
    administrator.goto(f"/cohorts/{COHORT}/")
    with administrator.page.expect_download() as coming:
        administrator.page.get_by_role("link", name="Workbook").click()
    book = openpyxl.load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert any(row and "Belfast" in [str(cell) for cell in row] for row in rows)
    administrator.goto("/")
    assert administrator.inspect() == []
    assert administrator.complaints == []
