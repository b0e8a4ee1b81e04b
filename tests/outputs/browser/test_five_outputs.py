"""One pairing's whole work, through the forms that people use: five outputs written, each sent back twice, answered, accepted.

No waiting for time to pass and no signing in: what takes long here is what an officer would type.
"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cohorts.models.vocabulary import DOMAINS, LEVERS
from cohorts.states import EventKind
from outputs.models import LibraryEntry, Output, VisitIdea
from outputs.states import OutputState
from tests.factories.cohorts import ContextFactFactory, EventFactory, TermFactory
from tests.factories.outputs import OutputFactory
from twinning.mail.models import Letter

from .person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

KINDS = ("learning_roadmap", "stakeholder_plan", "transferability_assessment", "action_plan", "info_session")


@pytest.fixture
def pairing(world, monkeypatch):
    """The world's pairing with its five outputs, a visit behind it and one fact about each city. No PDF is made here."""
    monkeypatch.setattr("outputs.services.documents.hint_worker", lambda pk: None)
    for vocabulary, code in ((DOMAINS, "buildings"), (LEVERS, "finance")):
        TermFactory(vocabulary__slug=vocabulary, code=code)
    EventFactory(cohort=world.cohort, pairing=world.pairing, kind=EventKind.SITE_VISIT, number=1, title="Site visit 1")
    host_city = world.pairing.hosting.host.cities.get()
    for city, value in ((world.pairing.participation.city, "Cfb"), (host_city, "Dfb")):
        ContextFactFactory(city=city, value=value, source=f"Atlas of {city}")
    for position, kind in enumerate(KINDS, start=1):
        OutputFactory(pairing=world.pairing, kind=kind, position=position)
    return world.pairing


@pytest.fixture
def people(chromium, live_server, world, pairing):
    """The officer, the facilitator and the host's contact, each in a window of their own."""
    present = [
        Person(chromium, live_server.url, user) for user in (world.officer, world.facilitator, world.host_contact)
    ]
    yield present
    for person in present:
        person.context.close()


def test_five_outputs_are_written_sent_back_twice_answered_and_accepted(people, pairing):
    officer, facilitator, contact = people
    for write in (write_roadmap, write_stakeholder_plan, write_assessment, write_action_plan, write_info_session):
        kind = KINDS[len(written := Output.objects.filter(state=OutputState.ACCEPTED))]
        assert len(written) == KINDS.index(kind)
        output = Output.objects.get(participation=pairing.participation, kind=kind)
        change = write(officer, contact, output)
        submit(officer, output)
        first_round(officer, facilitator, output, change)
        second_round(officer, facilitator, output, change)
        accept(facilitator, output)
    assert LibraryEntry.objects.count() == len(KINDS)
    assert [person.complaints for person in people] == [[], [], []]


# --- Writing ----------------------------------------------------------------------------------------------------------
# Each returns (section, how the text is found again, label) of a text that is changed when the output comes back.


def begin(officer, output):
    """From the desk to the first section."""
    officer.goto("/")
    assert f"Begin your {output.label}" in officer.text
    officer.leave_by(officer.page.locator(".next a.btn")).follow("Begin to write")
    return officer


def section_of(output, slug):
    return reverse("outputs:output-section", args=[output.code, slug])


def write_roadmap(officer, contact, output):
    begin(officer, output).write(
        {
            "Where your city stands": "Buildings make 40 % of our emissions. Source: inventory of 2024.",
            "Plans and decisions": "The climate plan of 2022 binds the city to neutrality by 2040.",
            "What the city can decide": "Planning and own buildings; energy prices are not in our hands.",
        }
    ).saved().press("Save and continue")
    officer.page.get_by_label("Buildings", exact=True).check()
    officer.page.get_by_label("Finance", exact=True).check()
    officer.write({"Why these": "Old houses lose the most heat."}).press("Save and continue")
    for number, question in enumerate(
        ("How do owners come to sign a contract?", "Which figures convince the council?", "Who pays afterwards?")
    ):
        officer.add(
            "Add an objective",
            {
                "Question you want answered": question,
                "Kind of learning": "Technical: tools, methods, calculation"
                if number
                else "Social: how people and organisations work together",
                "Why it matters locally": "Nine of ten owners hesitate.",
                "Activity that will answer it": "Site visit",
                "Event": "Site visit 1, 1 December 2026",
                "Who must learn this": "Housing department",
                "Owner": "Head of housing",
                "Evidence of learning": "A draft contract of our own.",
                "Answered by": "2027-03-01",
            },
        )
    officer.press("Save and continue")
    contact.goto(section_of(output, "host-objectives")).add(
        "Add an objective", {"Question you want answered": "How does the city reach people who never come?"}
    ).saved()
    contact.goto(section_of(output, "objectives"))
    for row in contact.page.locator("details.objective").all():
        row.locator("summary").first.click()
        contact.write({"What the host can show": "The agency shows its contracts."}, row)
    contact.saved()
    officer.goto(section_of(output, "working-together")).write(
        {
            "Language": "English on calls.",
            "How often you talk": "A call each month.",
            "Confidentiality": "Slides may be passed on.",
        }
    ).press("Save and continue").write(
        {"Risks and answers": "Elections in spring: the head of department keeps it going."}
    ).press("Save and continue")
    return "risks", "Risks and answers"


def write_stakeholder_plan(officer, contact, output):
    begin(officer, output)
    for name, kind, part, influence in (
        ("Treasurer", "Own department", "Decides about it", "4"),
        ("Housing association", "Civil society", "Is affected by it", "2"),
    ):
        officer.add(
            "Add a stakeholder",
            {
                "Who it is": name,
                "Kind": kind,
                "Part in the transfer": part,
                "System it belongs to": "Housing",
                "Influence": influence,
                "Interest": "1",
                "Relation today": "A call now and then.",
                "Role you want it to have": "Involve",
                "Barrier": "No figures yet.",
                "What you will do": "Round table on cost and risk.",
                "Owner": "Lea",
                "Until": "2027-05-01",
            },
            row="section.sheet",
        ).press("Save and go back")
    officer.page.get_by_text("As a picture").click()
    assert "Treasurer" in officer.page.locator("details.pictures").inner_text()
    officer.press("Move up").press("Save and continue").write(
        {"Groups that are seldom heard": "Tenants who move often.", "Channels": "Two evening walks."}
    ).press("Save and continue")
    for group in officer.page.locator("fieldset.keyed").all():
        officer.write({"At the start": "1", "In the middle": "2", "Why this rating": "Two people on it."}, group)
    officer.press("Save and continue").write(
        {"Path to the council": "Committee in March, council in May.", "Champion": "The deputy mayor."}
    ).press("Save and continue")
    return "decisions", "Champion"


def write_assessment(officer, contact, output):
    begin(officer, output)
    difference = officer.page.locator("fieldset.keyed", has_text="Atlas of")
    officer.write({"What it means for a transfer": "Insulation is cheaper here."}, difference)
    officer.follow("Ideas from visits").write(
        {"Idea": "One advice office", "What you saw": "From first talk to contract", "Visit": "Site visit 1"}
    ).press("Note it")
    officer.goto(section_of(output, "candidates")).press(re.compile("Begin with this.*One advice office"))
    officer.write(candidate("Adapt")).saved()
    expect(officer.page.get_by_label("Idea from a visit")).to_have_value(VisitIdea.objects.get().code)
    rate_conditions(officer)
    officer.press("Save and go back").add(
        "Add a practice", {"Practice": "Heat network"} | candidate("Reject"), row="section.sheet"
    )
    officer.press("Save and go back").press("Save and continue")
    assert "Heat network" in officer.page.locator(".pictures").inner_text()
    officer.write(
        {"What cannot be transferred": "The heat network: there is no river.", "What comes first": "The office."}
    ).press("Save and continue")
    return "verdict", "What cannot be transferred"


def candidate(verdict):
    return {
        "Its parts": "Two advisers and a shop.",
        "Need that it answers at home": "Owners do not know whom to ask.",
        "What it achieved at the host": "900 homes a year (2025).",
        "Evidence": "Report of the agency, 2025.",
        "What must be adapted": "Opening hours.",
        "Effort": "Medium",
        "Cost, at least": "100 000",
        "Cost, at most": "150000.50",
        "Time until it works": "12",
        "Expected effect": "Less gas.",
        "Risk": "Nobody comes.",
        "Verdict": verdict,
        "Reason of the verdict": "It fits, or it does not.",
        "How sure you are": "Medium",
    }


def rate_conditions(officer):
    for number, row in enumerate(officer.page.locator("details.objective").all()):
        row.locator("summary").click()
        officer.write({"At the host": "A city statute.", "In your city": "Present" if number else "Missing"}, row)
        if not number:
            officer.write({"How you close the gap, or why you stop here": "A statute of our own by May."}, row)
    officer.saved()


def write_action_plan(officer, contact, output):
    begin(officer, output).write(
        {"Vision": "Every owner knows whom to ask.", "Barriers": "Nobody has the time."}
    ).press("Save and continue").press(re.compile("Begin with this.*One advice office"))
    row = officer.page.locator("section.sheet > .compact")
    assert officer.page.get_by_label(re.compile("^Name")).first.input_value() == "One advice office"
    officer.write(
        {
            "Domain": "Buildings",
            "Lever of change": "Finance",
            "Owner": "Head of housing",
            "Responsible body": "Housing department",
            "Partners": "Chamber of crafts",
            "Place and scale": "Old town, 2,000 homes",
            "Who is addressed": "Owners",
            "What changes in one to two years": "Owners ask.",
            "What has changed after three to four years": "Owners sign.",
            "Emissions saved": "1 200",
            "Permits and legal steps": "None.",
            "Political status": "Endorsed",
            "Endorsed on": "2027-02-01",
            "Endorsed by": "City council",
        },
        row,
    )
    officer.add("Add a step", {"Step": "Find a shop", "Begins": "2027-01-04", "Ends": "2027-03-01", "Who": "Lea"})
    officer.add("Add a cost", {"What for": "Two advisers", "Year": "2027", "Amount": "120000"})
    officer.add(
        "Add a source of money", {"Source": "City budget", "Amount": "80.000,00", "State of the money": "Granted"}
    )
    officer.add("Add a source of money", {"Source": "Region", "Amount": "40000", "State of the money": "Applied for"})
    officer.add("Add an indicator", {"Indicator": "Contracts", "Unit": "a year", "Baseline": "10", "Target": "200"})
    officer.add("Add a dependency", {"Or for something else": "The lease of the shop"})
    officer.add("Add a risk", {"What could happen": "Nobody comes", "How likely": "Low", "How bad": "High"})
    officer.press("Save and go back")
    officer.page.get_by_text("As a picture").click()
    total = " ".join(officer.page.locator("tr.total").inner_text().split())
    assert total == "All together 120,000 EUR 80,000 EUR 40,000 EUR –"
    officer.press("Save and continue").write(
        {
            "Governance": "The deputy mayor steers.",
            "Political status": "Decided by the council on 1 February 2027.",
            "Monitoring and learning": "Figures each quarter.",
            "Link with the host": "A call each half year.",
        }
    ).press("Save and continue")
    return "carrying-on", "Governance"


def write_info_session(officer, contact, output):
    begin(officer, output).write(
        {
            "Day": "2027-04-20",
            "How people met": "In person",
            "Place": "Town hall",
            "Organiser": "Climate office",
            "Agenda": "What we saw.",
        }
    )
    for name, kind in (
        ("Housing", "Own department"),
        ("Finance", "Own department"),
        ("Mobility", "Own department"),
        ("Utility", "Outside partner"),
    ):
        officer.add("Add a group", {"Department or organisation": name, "Kind": kind, "People": "7"})
    officer.press("Save and continue")
    for message in ("Ask one office.", "Begin with owners.", "Count contracts."):
        officer.add("Add a message", {"Message": message})
    officer.add(
        "Add a question", {"Question": "Who pays?", "From which group": "Finance", "Answer": "The region, partly."}
    )
    officer.press("Save and continue")
    officer.add("Add a decision or follow-up", {"What": "Write to the region", "Who": "Lea", "Until": "2027-05-01"})
    officer.add(
        "Add material",
        {
            "What it is": "Slides",
            "Address": "https://example.org/slides",
            "Where it is kept": "Intranet",
            "Who answers for it": "Climate office",
        },
    )
    officer.write({"Average score": "4.5", "Number of answers": "20", "What people said": "More of it."}).press(
        "Save and continue"
    )
    return "session", "Agenda"


# --- The review -------------------------------------------------------------------------------------------------------


def submit(officer, output, version=1):
    officer.goto(section_of(output, "check"))
    checklist = officer.page.locator("#checklist")
    assert "Everything needed is there." in checklist.inner_text(), checklist.inner_text()
    officer.press("Submit to the facilitator")
    assert f"Version {version} was submitted." in officer.text
    assert "Submitted" in officer.page.locator(".kicker").inner_text()


def first_round(officer, facilitator, output, change):
    """Checklist and letter; the city changes a text. The second version shows the change word by word."""
    section, label = change
    facilitator.goto("/outputs/review/").leave_by(facilitator.page.get_by_role("link", name=output.label).first)
    for group in facilitator.page.locator("fieldset.asked").all():
        group.get_by_label("Partly").check()
    facilitator.write({"Letter to the city": f"{label}: please say more."}).press("Ask for changes")
    assert Letter.objects.filter(kind="output_sent_back", to_address=officer_address(output)).exists()
    officer.goto("/")
    assert f"Make the changes to your {output.label}" in officer.text
    assert f"{label}: please say more." in officer.text
    officer.goto(section_of(output, section))
    text = officer.page.get_by_label(re.compile(rf"^{label}"))
    text.press("End")
    text.press_sequentially(" Sooner.")
    officer.saved()
    submit(officer, output, 2)


def officer_address(output):
    return output.participation.memberships.order_by("pk").last().user.email


def second_round(officer, facilitator, output, change):
    """What changed is shown; a comment at the place goes back with it and is answered there."""
    section, label = change
    place = "The session" if output.kind == "info_session" else label  # a record is spoken of as a whole
    facilitator.goto(reverse("outputs:output-review", args=[output.code]))
    assert "Sooner." in facilitator.page.locator("#changes ins").first.inner_text()
    facilitator.leave_by(facilitator.page.get_by_role("link", name=re.compile(f"Comment.*{place}")).first)
    facilitator.page.get_by_label("Shared with the city and the host").check()
    facilitator.write({"Comment": "Who says so?"}).press("Save the comment")
    facilitator.write({"Letter to the city": "One question beside the text."}).press("Ask for changes")
    officer.goto(section_of(output, section))
    remark = officer.page.get_by_role("note").filter(has_text="Who says so?")
    officer.leave_by(remark.get_by_role("link", name="Answer"))
    officer.write({"Comment": "The deputy mayor, in writing."}).press("Save the comment")
    officer.goto(section_of(output, section))
    text = officer.page.get_by_label(re.compile(rf"^{label}"))
    text.press("End")
    text.press_sequentially(" The deputy mayor says so.")
    officer.saved()
    submit(officer, output, 3)


def accept(facilitator, output):
    facilitator.goto(reverse("outputs:output-review", args=[output.code]))
    assert "The deputy mayor, in writing." in facilitator.text
    facilitator.press("Accept")
    output.refresh_from_db()
    assert output.state == OutputState.ACCEPTED
    assert [decision.verdict for decision in decisions_of(output)] == ["sent_back", "sent_back", "accepted"]


def decisions_of(output):
    return [version.decision for version in output.versions.select_related("decision").order_by("number")]
