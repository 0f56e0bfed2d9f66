"""The pages in a real browser: narrow, without script, by keyboard, and talking to nobody else."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from chromium import started_chromium

from feedsvc.web.words import VI

PAGES = (
    "/",
    "/docs",
    "/feeds/suoi-bac/tin-tuc",
    "/feeds/suoi-bac/tin-tuc?page=2&server=x&reader=Miniflux",
    "/items/1",
    "/status",
    "/nothing",
)


@pytest.fixture(scope="module")
def browser():
    """One headless Chromium for all tests."""
    yield from started_chromium()


@pytest.fixture
def open_page(browser, reading_room):
    """Opens pages of a live service; pictures of portals are answered by nobody, and noted."""
    live, contexts, asked = reading_room, [], []

    def opened(path, **options):
        context = browser.new_context(**{"locale": "vi-VN", "viewport": {"width": 320, "height": 640}, **options})
        contexts.append(context)

        def answer(route):
            asked.append(route.request)
            if urlsplit(route.request.url).hostname == "127.0.0.1":
                route.continue_()
            else:
                route.abort()

        context.route("**/*", answer)
        page = context.new_page()
        page.goto(live.url + path)
        return page

    opened.asked = asked
    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_sideways_scroll_at_320_px(open_page, scheme):
    """Every page fits a narrow screen, in both themes, also with text at twice the size."""
    for path in PAGES:
        page = open_page(path, color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_contrast_in_both_themes(open_page):
    """Text, links, states and buttons stand out from what is behind them by 4.5 to 1 (WCAG 1.4.3)."""
    for scheme in ("light", "dark"):
        for path in ("/feeds/suoi-bac/tin-tuc", "/status"):
            page = open_page(path, color_scheme=scheme)
            assert page.evaluate(LOWEST_CONTRAST) >= 4.5, (scheme, path)


def test_works_without_javascript(open_page):
    """Without a script the address is there to copy by hand, and the button that would not work is not."""
    page = open_page("/feeds/suoi-bac/tin-tuc", java_script_enabled=False)
    assert page.locator("#address").inner_text().endswith("/feeds/suoi-bac/tin-tuc.rss")
    assert not page.locator("button[data-copy]").is_visible()
    page.get_by_role("link", name="Tin cũ hơn").click()
    assert page.locator("article").count() == 10


def test_copy_button_copies_and_says_so(open_page):
    """With a script the button copies the address, and a live region says that it did."""
    page = open_page("/feeds/suoi-bac/tin-tuc", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Sao chép").click()
    page.get_by_text(VI.copied).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#address").inner_text()


def test_nothing_is_asked_of_others_but_pictures(open_page):
    """No request leaves the service, except for pictures of portals."""
    for path in PAGES:
        open_page(path)
    outside = {asked.resource_type for asked in open_page.asked if urlsplit(asked.url).hostname != "127.0.0.1"}
    assert outside <= {"image"}
    assert {asked.resource_type for asked in open_page.asked} >= {"document", "stylesheet"}


def test_policy_is_kept_by_our_own_pages(open_page):
    """No page of ours breaks its own Content-Security-Policy."""
    for path in PAGES:
        page = open_page(path)
        broken = []
        page.on("console", lambda message, broken=broken: broken.append(message.text))
        page.reload()
        assert [text for text in broken if "Content Security Policy" in text] == [], path


def test_keyboard_reaches_the_subscribe_link(open_page):
    """Tab alone leads from the top of the page to the link that opens a feed reader, visibly."""
    page = open_page("/feeds/suoi-bac/tin-tuc")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    for _ in range(15):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href') || ''").startswith("feed:"):
            break
    else:
        pytest.fail("the subscribe link was not reached")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_opening_a_feed_in_a_browser_shows_its_page(open_page):
    """A person who opens a .rss address sees the page, not markup and not a download."""
    page = open_page("/feeds/suoi-bac/tin-tuc.rss")
    assert page.locator("h1").text_content() == "Tin tức – Thị trấn Suối Bạc"
    assert page.locator("article").count() == 20


LOWEST_CONTRAST = """() => {
  const light = c => c.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] !== 0) return c; } return [255, 255, 255]; };
  let lowest = 21;
  for (const e of document.querySelectorAll("body *")) {
    const says = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!says || !e.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color).slice(0, 3)), light(behind(e).slice(0, 3))];
    lowest = Math.min(lowest, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
  }
  return lowest;
}"""
