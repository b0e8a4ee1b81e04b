"""What a screen reader is told of one full form: every control with its role, its name, what describes it and what stands in it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories.outputs import CommentFactory, OutputFactory
from tests.factories.rows import ActionStepFactory, PlanActionFactory

from .person import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TREE = """
- heading "Twin City Action Plan" [level=1]
- navigation "Sections":
  - list:
    - listitem:
      - link "Not started 1. Vision and barriers"
    - listitem:
      - link "Draft 2. Actions"
    - listitem:
      - link "Not started 3. Carrying on"
    - listitem:
      - link "Not started 4. Check and submit"
- heading "Advice office" [level=2]
- textbox "Name (required)": Advice office
- list:
  - listitem:
    - img "Needed"
    - text: "Action 1: say what it costs and where the money stands"
- note "Comment on this field":
  - paragraph: Who pays?
  - link "Answer"
  - link "Mark as solved"
- textbox "What happens (required)"
- combobox "Where it comes from":
  - option "Choose" [selected]
- textbox "Own idea"
- combobox "Domain"
- combobox "Lever of change"
- textbox "Owner (required)"
- list:
  - listitem:
    - img "Needed"
    - text: "Action 1: “Owner” is missing"
- textbox "Responsible body (required)": Housing department
- textbox "Partners"
- textbox "Place and scale"
- textbox "Who is addressed"
- textbox "What changes in one to two years"
- textbox "What has changed after three to four years"
- textbox "Expected effect"
- textbox "Emissions saved"
- textbox "Permits and legal steps"
- combobox "Political status":
  - option "Idea" [selected]
- textbox "Endorsed on"
- textbox "Endorsed by"
- heading "Steps" [level=3]
- group: /Find a shop/
- button "Add a step"
- link /Paste a table.*Steps/
- heading "Costs" [level=3]
- paragraph: Nothing here yet.
- button "Add a cost"
- heading "Money" [level=3]
- button "Add a source of money"
- heading "Indicators" [level=3]
- button "Add an indicator"
- heading "What must happen first" [level=3]
- button "Add a dependency"
- heading "Risks" [level=3]
- button "Add a risk"
- status
- link "Back"
- button "Save and go back"
"""


def test_a_screen_reader_meets_every_control_of_an_action_with_its_name_and_what_is_wrong(chromium, live_server, world):
    plan = OutputFactory(pairing=world.pairing, kind="action_plan", draft=True)
    action = PlanActionFactory(output=plan, name="Advice office", owner="", edited_by=world.officer)
    ActionStepFactory(parent=action, title="Find a shop", edited_by=world.officer)
    CommentFactory(output=plan, anchor=f"row:actions:{action.code}", text="Who pays?", author=world.facilitator)
    officer = Person(chromium, live_server.url, world.officer)
    officer.goto(reverse("outputs:output-row", args=[plan.code, "actions", "actions", action.code]))

    expect(officer.page.locator("main")).to_match_aria_snapshot(TREE)
    by_name = officer.page.locator("section.sheet > .compact").get_by_role
    described = {
        "Owner (required)": ["The post that answers for it.", "“Owner” is missing"],
        "Emissions saved": ["t CO₂e a year"],
    }
    for name, words in described.items():
        for word in words:
            text = by_name("textbox", name=name, exact=True).evaluate(
                "element => element.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).innerText).join(' ')"
            )
            assert word in text

    step = officer.page.locator("details.objective")
    step.locator("summary").press("Enter")
    expect(step).to_match_aria_snapshot(
        """
        - group:
          - textbox "Step (required)": Find a shop
          - textbox "Begins"
          - textbox "Ends"
          - textbox "Who"
          - combobox "State"
          - button /Remove.*step 1/
        """
    )
    officer.context.close()
