"""The look in a real browser: nothing that axe finds, nothing wider than the screen, nothing the content policy stops."""

import json

import pytest

from tests.factories.people import UserFactory
from tests.helpers.axe import accessibility_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
CASES = [
    pytest.param(colours, size, id=f"{colours}-{size['width']}")
    for colours in ("light", "dark")
    for size in (WIDE, PHONE)
]


@pytest.fixture
def open_page(chromium, live_server, client):
    """Opens a path for a person (or nobody) and gives the page; complaints of the browser fail the test."""
    contexts = []

    def open_path(path, *, by=None, colours="light", size=WIDE, **options):
        context = chromium.new_context(color_scheme=colours, viewport=size, **options)
        contexts.append(context)
        if by is not None:
            client.force_login(by)
            cookie = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_path
    for context in contexts:
        context.close()


def width_beyond_the_screen(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize(("colours", "size"), CASES)
@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/accessibility/"]
)
def test_pages_before_signing_in(open_page, path, colours, size):
    page = open_page(path, colours=colours, size=size, bypass_csp=True)
    assert accessibility_faults(page) == []
    assert width_beyond_the_screen(page) <= 0
    assert page.complaints == []


@pytest.mark.parametrize(("colours", "size"), CASES)
def test_the_gallery_of_components(open_page, colours, size):
    page = open_page("/components/", by=UserFactory(administrator=True), colours=colours, size=size, bypass_csp=True)
    assert page.locator("h1").inner_text() == "Components"
    assert accessibility_faults(page) == []
    assert width_beyond_the_screen(page) <= 0
    assert page.complaints == []


@pytest.mark.parametrize(
    "path", ["/accounts/password/change/", "/accounts/email/", "/accounts/2fa/", "/accounts/sessions/"]
)
def test_the_pages_of_an_account(open_page, path):
    page = open_page(path, by=UserFactory(), colours="dark", size=PHONE, bypass_csp=True)
    assert accessibility_faults(page) == []
    assert width_beyond_the_screen(page) <= 0
    assert page.complaints == []


def test_the_content_policy_stops_nothing_of_ours(open_page):
    page = open_page("/components/", by=UserFactory(administrator=True))
    assert page.complaints == []
    assert page.evaluate("typeof window.htmx") == "object"
    assert page.evaluate("document.fonts.check('16px \"Noto Sans Variable\"')")


def test_no_page_carries_a_style_attribute_or_inline_script(open_page):
    page = open_page("/components/", by=UserFactory(administrator=True))
    assert page.evaluate("document.querySelectorAll('[style], style').length") == 0
    assert page.evaluate("document.querySelectorAll('script:not([src]):not([type=\"application/json\"])').length") == 0


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_a_persons_choice_of_colours_beats_the_device(open_page, choice):
    other = {"light": "dark", "dark": "light"}[choice]
    page = open_page("/components/", by=UserFactory(administrator=True, theme=choice), colours=other)
    lightness = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]")
    assert (lightness > 200) == (choice == "light")


def test_a_question_opens_as_a_dialog_and_escape_closes_it(open_page):
    page = open_page("/components/", by=UserFactory(administrator=True))
    page.get_by_role("link", name="Withdraw", exact=True).press("Enter")
    dialog = page.get_by_role("dialog", name="Withdraw Belfast?")
    assert dialog.is_visible()
    page.keyboard.press("Escape")
    assert dialog.is_hidden()


def test_without_script_the_question_is_a_page_away(open_page):
    page = open_page("/components/", by=UserFactory(administrator=True), java_script_enabled=False)
    page.get_by_role("link", name="Withdraw", exact=True).click()
    assert page.url.endswith("#confirm")


def test_a_column_sorts_by_a_press_and_says_so(open_page):
    page = open_page("/components/", by=UserFactory(administrator=True))
    names = page.locator("#pairings-table tbody .t")
    page.get_by_role("button", name="Visits").click()
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    assert [page.locator("#pairings-table tbody td.num").nth(n).inner_text()[0] for n in range(7)] == list("0011223")
    page.get_by_role("button", name="Twin and host").click()
    assert names.first.inner_text() == "Belfast"


def test_the_skip_link_leads_past_the_navigation(open_page):
    page = open_page("/components/", by=UserFactory(administrator=True))
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_focused_element_is_never_under_the_top_bar(open_page):
    page = open_page("/components/", by=UserFactory(administrator=True))
    bar = page.locator(".topbar").bounding_box()
    covered = page.evaluate(
        """height => [...document.querySelectorAll('main a, main button, main input, main select, main textarea')].filter(element => {
            element.focus();
            const box = element.getBoundingClientRect();
            return document.activeElement === element && box.height > 1 && box.bottom <= height;
        }).map(element => element.outerHTML.slice(0, 120))""",
        bar["height"],
    )
    assert covered == []


def test_buttons_and_links_of_a_phone_can_be_hit(open_page):
    page = open_page("/components/", by=UserFactory(administrator=True), size=PHONE)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.btn, .page-link, .tabbar a, .sort, .menu > summary')].filter(element => {
            const box = element.getBoundingClientRect();
            return box.width && (box.height < 24 || box.width < 24);
        }).map(element => element.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_nothing_needs_sideways_scrolling_at_400_percent_zoom(open_page):
    page = open_page("/components/", by=UserFactory(administrator=True), size={"width": 320, "height": 256})
    assert width_beyond_the_screen(page) <= 0


def test_the_account_menu_opens_and_escape_closes_it(open_page):
    page = open_page("/components/", by=UserFactory(administrator=True, name="Ada Administrator"))
    page.locator(".me > summary").press("Enter")
    assert page.get_by_role("button", name="Sign out").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Sign out").is_hidden()
    assert page.evaluate("document.activeElement.matches('.me > summary')")


def test_a_message_on_a_stream_fetches_the_part_anew(open_page):
    page = open_page("/components/", by=UserFactory(administrator=True))
    page.route(
        "**/example-stream/", lambda route: route.fulfill(content_type="text/event-stream", body="data: hint\n\n")
    )
    page.evaluate(
        """() => {
            document.querySelector('#empty').innerHTML = 'stale';
            document.querySelector('#bars').setAttribute('data-tw-refresh', '#empty');
            document.querySelector('#bars').setAttribute('data-tw-stream', '/example-stream/');
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    page.locator("#empty", has_text="No visits yet.").wait_for()
    assert page.locator("#empty").count() == 1


def test_a_session_that_ended_leads_to_the_sign_in_page_and_back(open_page, live_server):
    page = open_page("/components/?page=2", by=UserFactory(administrator=True))
    page.context.clear_cookies()
    page.evaluate("htmx.ajax('GET', '/components/', {target: '#empty'})")
    page.wait_for_url("**/accounts/login/**")
    assert page.url == f"{live_server.url}/accounts/login/?next=%2Fcomponents%2F%3Fpage%3D2"


def test_a_link_is_copied_by_a_press(open_page, live_server):
    page = open_page(
        "/components/", by=UserFactory(administrator=True), permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "https://twinning.example/cohorts/?late=1"


def test_a_log_in_of_the_demo_is_filled_in_by_a_press(open_page, settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    officer = {"email": "officer@example.org", "password": "a pass+word&more"}
    (tmp_path / "demo-logins.json").write_text(json.dumps({"officer": officer}))
    page = open_page("/accounts/login/")
    page.locator("[data-tw-fill]", has_text="officer").click()
    assert page.locator("[name=login]").input_value() == "officer@example.org"
    assert page.locator("[name=password]").input_value() == "a pass+word&more"
