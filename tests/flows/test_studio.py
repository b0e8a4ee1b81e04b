"""A facilitator matches the real first cohort in the studio, from weights to the announcement; one city declines, and is
re-matched with the least disruption."""

import pytest

from .visitor import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.both, pytest.mark.timeout(600)]

HERE = "/cohorts/cohort-1/matching"


def test_a_facilitator_matches_announces_and_re_matches_a_city_that_declines(visitors, stage):
    stage.free()
    fay = visitors("facilitator")
    page = fay.page

    # A scenario with the weights of the cohort, then with her own.
    fay.goto(f"{HERE}/scenarios/")
    page.get_by_label("Name").fill("By interest")
    fay.press("Start the scenario")
    first = page.url.removeprefix(stage.base).partition("?")[0]
    page.get_by_role("spinbutton", name="Context").fill("0")
    page.locator("#preview", has_text="With these weights").wait_for()
    fay.press("Use these weights")
    assert "Weights and aim" in page.locator(".studio-said").inner_text()

    # A pair is forbidden by a rule of the cohort; the studio says that the rules have changed, and looks anew.
    fay.goto(f"{first}?twin=belfast")
    forbidden = page.locator("#pair h2").inner_text().split("\n")[-1].strip()
    fay.goto(f"{HERE}/rules/")
    form = page.locator("details", has=page.get_by_text("For one twin and one host"))
    form.get_by_label("Twin").select_option("Belfast")
    form.get_by_label("Host").select_option(label=forbidden)
    form.get_by_label("Reason").fill("They have been partners for years")
    fay.leave_by(form.get_by_role("button", name="Add the rule"))
    fay.goto(f"{first}?twin=belfast")
    fay.press("Look at the cohort anew")
    assert forbidden in page.locator("#pair h2").inner_text()
    assert "A rule forbids this pair. Reason: They have been partners for years" in page.locator("#pair").inner_text()
    assert forbidden not in fay.goto(f"{first}?twin=belfast").page.locator("#pair h2").inner_text()

    # Why, and why not.
    assert page.locator("#pair .bars li").count() > 0
    assert page.locator("#pair .why li").count() > 0
    page.locator("#pair .why a").first.click()
    page.locator("#pair", has_text="Why not another host?").wait_for()

    # Two twins are moved, to hosts that have a place.
    fay.goto(f"{HERE}/scenarios/")
    page.get_by_label("Name").fill("By hand")
    fay.press("Start the scenario")
    second = page.url.removeprefix(stage.base).partition("?")[0]
    moved = 0
    for twin in ("braga", "lund", "belfast", "wiesbaden"):
        fay.goto(f"{second}?twin={twin}")
        others = page.locator(f'[data-tw-matrix] a[href^="?twin={twin}&host="]:not(.prop):not(.veto)')
        for address in others.evaluate_all("cells => cells.map((cell) => cell.getAttribute('href'))")[::3]:
            fay.goto(f"{second}{address}")
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
    fay.goto(second)
    fay.follow("Confirm…")
    page.get_by_label("Why this scenario?").fill("The team agreed on both moves")
    fay.press("Confirm the pairings")
    fay.follow("Announce…").leave_by(page.locator("main form button[type=submit]").first)
    assert page.locator("h1").count() == 1

    # One city declines, on a phone, in its own browser.
    braga = visitors("officer.braga")
    braga.page.set_viewport_size(PHONE)
    braga.goto("/").follow("Answer")
    braga.page.get_by_label("We decline it").check()
    braga.page.get_by_label("Reason").fill("Our council wants a host with a river harbour.")
    braga.press("Send the answer")
    braga.page.reload()
    told = braga.page.locator("main").inner_text()

    # The least disruption is accepted. The city sees its pairing as it was.
    fay.goto("/cohorts/cohort-1/")
    fay.follow("Braga declined: re-match")
    assert "river harbour" in page.locator("main").inner_text()
    page.get_by_label("Choose option A").check()
    page.get_by_label("Reason").fill("Braga declined; this host has the harbour.")
    fay.press("Accept the chosen option")
    row = page.locator("main tbody tr", has_text="Braga")
    assert page.locator("main tbody tr").count() == 1
    host = row.locator("b").inner_text()
    braga.page.reload()
    assert braga.page.locator("main").inner_text() == told

    # Announced: the old pairing has ended, and the city is asked about the new one.
    fay.press("Announce now")
    assert "Every twin has a host" in page.locator("main").inner_text()
    braga.page.reload()
    assert "Braga declined; this host has the harbour." in braga.page.locator("main").inner_text()
    assert host in braga.goto("/").page.locator("#next-step").inner_text()

    for visitor in (fay, braga):
        assert visitor.complaints == []
        # Each page once; the studio itself and its rules have axe in a test of their own.
        pages = {path.partition("?")[0]: path for path in visitor.seen}
        visitor.seen = [path for page, path in pages.items() if page not in {first, second, f"{HERE}/rules/"}]
        assert visitor.inspect() == []
