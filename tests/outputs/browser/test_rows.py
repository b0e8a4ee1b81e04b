"""Rows in a real browser: sorted by drag, undone, pasted with their table; colleagues are seen."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from outputs.models import Stakeholder
from tests.factories.outputs import OutputFactory
from tests.factories.rows import StakeholderFactory
from tests.helpers.axe import accessibility_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=15_000)


@pytest.fixture
def register(world):
    output = OutputFactory(pairing=world.pairing, kind="stakeholder_plan", draft=True)
    for position, name in enumerate(("Housing", "Treasurer", "Tenants"), start=1):
        StakeholderFactory(output=output, position=position, name=name, owner="Lea")
    return output


@pytest.fixture
def open_page(chromium, live_server):
    """Opens an address as somebody, each time in a window of its own."""
    windows = []

    def opened(person, name, *arguments):
        client = Client()
        client.force_login(person)
        window = chromium.new_context(bypass_csp=True, viewport={"width": 1280, "height": 900})
        windows.append(window)
        window.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = window.new_page()
        page.set_default_timeout(15_000)
        page.goto(live_server.url + reverse(f"outputs:{name}", args=arguments))
        return page

    yield opened
    for window in windows:
        window.close()


def test_rows_are_sorted_by_drag_as_by_the_buttons(open_page, world, register):
    page = open_page(world.officer, "output-section", register.code, "register")
    page.locator(".paged .line").nth(2).drag_to(page.locator(".paged").nth(0))
    expect(page.locator(".paged .line a").first).to_have_text("1. Tenants")
    page.get_by_role("button", name=re.compile("Move up.*stakeholder 3")).click()
    expect(page.locator(".paged .line a")).to_have_text(["1. Tenants", "2. Treasurer", "3. Housing"])
    assert accessibility_faults(page) == []


def test_undo_brings_the_text_before_the_last_save_back_and_a_colleague_is_seen(open_page, world, register):
    row = Stakeholder.objects.get(name="Housing")
    page = open_page(world.officer, "output-row", register.code, "register", "stakeholders", row.code)
    owner = page.locator(f"[name='row:stakeholders:{row.code}:owner']")
    owner.fill("Otto")
    expect(page.locator("[data-tw-savestate]")).to_contain_text("Saved at")
    page.get_by_role("button", name="Undo").click()
    expect(owner).to_have_value("Lea")
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    expect(page.locator("[data-tw-savestate]")).to_contain_text("Saved at")
    other = open_page(world.lead_officer, "output-section", register.code, "readiness")
    expect(other.get_by_text("Otto Officer is writing too: Who matters")).to_be_visible()
    row.refresh_from_db()
    assert row.owner == "Lea"


def test_a_table_of_a_text_program_is_pasted_cell_by_cell_without_its_styling(open_page, world, register):
    page = open_page(world.officer, "row-paste", register.code, "register", "stakeholders")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/html", "<table><tr><td><b>Who it is</b></td><td>Relation today</td></tr>" +
                "<tr><td style='color: red'>Grid</td><td><p>One</p><p>Two</p></td></tr></table>");
            const field = document.querySelector("[data-tw-paste]");
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.get_by_role("heading", name="1 row will be added")).to_be_visible()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Add these rows").click()
    expect(page.locator(".paged .line a").last).to_have_text("4. Grid")
    assert Stakeholder.objects.get(name="Grid").relation == "One\nTwo"
