"""A facilitator matches the real first cohort in the studio, from weights to the announcement."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.prodlike]

HERE = "/cohorts/cohort-1/matching"


def act(fay, button, reason=""):
    """One act in the panel; waits for the plan that follows."""
    page = fay.page
    if reason:
        page.locator("#pair").get_by_label("Reason").fill(reason)
    with page.expect_response(lambda answer: "/studio/" in answer.url and answer.request.method == "GET"):
        page.locator("#pair").get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state("networkidle")


def test_a_facilitator_matches_compares_confirms_and_announces(visitors, stage):
    fay = visitors("facilitator")
    page = fay.page

    # A scenario with the weights of the cohort, then with her own.
    fay.goto(f"{HERE}/scenarios/")
    page.get_by_label("Name").fill("By interest")
    fay.press("Start the scenario")
    first = page.url
    page.get_by_role("spinbutton", name="Context").fill("0")
    page.locator("#preview", has_text="With these weights").wait_for()
    fay.press("Use these weights")
    assert "Weights and aim" in page.locator(".studio-said").inner_text()

    # A pair is forbidden by a rule of the cohort; the studio says that the rules have changed, and looks anew.
    page.goto(f"{first.partition('?')[0]}?twin=belfast")
    forbidden = page.locator("#pair h2").inner_text().split("\n")[-1].strip()
    fay.goto(f"{HERE}/rules/")
    form = page.locator("details", has=page.get_by_text("For one twin and one host"))
    form.get_by_label("Twin").select_option("Belfast")
    form.get_by_label("Host").select_option(label=forbidden)
    form.get_by_label("Reason").fill("They have been partners for years")
    fay.leave_by(form.get_by_role("button", name="Add the rule"))
    page.goto(f"{first.partition('?')[0]}?twin=belfast")
    fay.press("Look at the cohort anew")
    assert forbidden not in page.locator("#pair h2").inner_text()

    # Why, and why not.
    assert page.locator("#pair .bars li").count() > 0
    assert page.locator("#pair .why li").count() > 0
    page.locator("#pair .why a").first.click()
    page.locator("#pair", has_text="Why not another host?").wait_for()

    # Two twins are moved, to hosts that have a place.
    fay.goto(f"{HERE}/scenarios/")
    page.get_by_label("Name").fill("By hand")
    fay.press("Start the scenario")
    second = page.url.partition("?")[0]
    moved = 0
    for twin in ("braga", "lund", "belfast", "wiesbaden"):
        for best in range(6):
            page.goto(f"{second}?twin={twin}")
            cells = page.locator(f'[data-tw-matrix] a[href^="?twin={twin}&host="]:not(.prop):not(.veto)')
            page.goto(f"{second}{cells.nth(best * 3).get_attribute('href')}")
            page.locator("#pair").get_by_label("Reason").fill("They met at the kick-off")
            page.locator("#pair").get_by_role("button", name="Move here", exact=True).click()
            page.wait_for_load_state("networkidle")
            page.locator(".studio-said b, .alert-danger").first.wait_for()
            if not page.locator(".alert-danger").count():
                moved += 1
                break
        if moved == 2:
            break
    assert moved == 2

    # Side by side, decided, announced.
    fay.goto(f"{HERE}/scenarios/").press("Compare")
    assert page.locator("#moved tbody tr").count() >= 2
    page.goto(second)
    fay.follow("Confirm…")
    page.get_by_label("Why this scenario?").fill("The team agreed on both moves")
    fay.press("Confirm the pairings")
    fay.follow("Announce…").leave_by(page.locator("main form button[type=submit]").first)
    assert page.locator("h1").count() == 1

    assert fay.complaints == []
    assert fay.inspect() == []
