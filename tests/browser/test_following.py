"""Following a feed from its page: by keyboard, by telephone, without a script."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from zxingcpp import read_barcodes

from feedsvc.web.words import EN, VI

CHANNEL = "/feeds/muong-suong/tin-tuc"
SEARCH = "/feeds/muong-suong?q=m%C6%B0a+l%C5%A9"


@pytest.mark.parametrize("width", [360, 1280])
def test_keyboard_alone_copies_the_address(eye, width):
    """Tab leads to the copy button, visibly; Enter copies the address and says that it did."""
    page = eye.open(CHANNEL, width, permissions=["clipboard-read", "clipboard-write"])
    for _ in range(15):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.hasAttribute('data-copy')"):
            break
    else:
        pytest.fail("the copy button was not reached")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.locator("[role=status]").get_by_text(VI.copied).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{eye.base}{CHANNEL}.rss"
    assert eye.heard(page) == []


def test_without_a_clipboard_the_address_is_selected(eye):
    """Where a browser refuses its clipboard, as over plain http, the address is selected or copied the old way."""
    page = eye.open("/docs")
    page.context.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(eye.base + CHANNEL)
    page.get_by_role("button", name=VI.copy, exact=True).click()
    page.locator("[role=status]").filter(has_text=VI.copied).or_(
        page.locator("[role=status]").filter(has_text=VI.not_copied)
    ).wait_for()
    assert page.evaluate("getSelection().toString().trim()") == f"{eye.base}{CHANNEL}.rss"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(("path", "feed"), [(CHANNEL, f"{CHANNEL}.rss"), (SEARCH, "/feeds/muong-suong.rss?q=lu%20mua")])
def test_qr_code_leads_to_the_feed(eye, width, scheme, path, feed):
    """A scanner that sees the page reads the address of the feed, in light and in dark, of a search as well."""
    page = eye.open(path, width, scheme)
    seen = Image.open(BytesIO(page.screenshot(full_page=True)))
    # Many telephones read no light code on a dark ground: such a one does not count here.
    assert [code.text for code in read_barcodes(seen, try_invert=False)] == [eye.base + feed]
    assert page.get_by_role("img", name=VI.qr_label.format(address=eye.base + feed)).count() == 1


def test_without_javascript_only_the_copy_button_is_missing(eye):
    """Items, older ones, search, links, own server, QR code and formats are all there without a script."""
    scripted, plain = eye.open(CHANNEL), eye.open(CHANNEL, java_script_enabled=False)
    gone = set(scripted.locator("main").inner_text().splitlines()) - set(
        plain.locator("main").inner_text().splitlines()
    )
    assert gone == {VI.copy}
    assert plain.locator("#address").inner_text() == f"{eye.base}{CHANNEL}.rss"
    assert plain.locator("svg.qr").is_visible()
    plain.get_by_label(VI.search_label).fill("sương")
    plain.get_by_role("button", name=VI.search).click()
    assert plain.get_by_role("heading", name="Tin có “sương”").is_visible()
    plain.get_by_text(VI.own_server.format(readers="FreshRSS, Miniflux")).click()
    plain.get_by_label(VI.server_address).fill("tin.example.org")
    plain.get_by_role("button", name="FreshRSS").click()
    link = plain.get_by_role("link", name=VI.add_at.format(reader="FreshRSS", host="tin.example.org"))
    (given,) = parse_qs(urlsplit(link.get_attribute("href")).query)["url_rss"]
    assert given == f"{eye.base}{CHANNEL}.rss?q=suong"


def test_one_click_for_every_reader(eye):
    """Under each reader's name there is a link that holds the whole address of the feed."""
    page, feed = eye.open(CHANNEL), f"{eye.base}{CHANNEL}.rss"
    escaped = feed.replace(":", "%3A").replace("/", "%2F")
    links = {link.inner_text(): link.get_attribute("href") for link in page.locator(".subscribe a.chip").all()}
    assert links == {
        VI.open_in_reader: f"feed:{feed}",
        "Feedly": f"https://feedly.com/i/subscription/feed/{escaped}",
        "Inoreader": f"https://www.inoreader.com/?add_feed={escaped}",
        "NetNewsWire (Mac)": f"x-netnewswire-feed:{feed}",
    }


def test_the_page_speaks_the_language_of_the_browser(eye):
    """An English browser gets English, a switch leads to Vietnamese, and both stay on the page that one looks at."""
    page = eye.open(SEARCH, locale="en-GB")
    assert page.get_by_role("heading", name=EN.follow_chosen).is_visible()
    page.get_by_role("link", name=VI.name).click()
    assert page.get_by_role("heading", name="Tin có “mưa lũ”").is_visible()


def test_on_paper_the_address_stays(eye):
    """Printed, the page keeps the news, the address and the QR code, without what can only be pressed."""
    page = eye.open(CHANNEL)
    page.emulate_media(media="print")
    assert page.locator("#address").is_visible()
    assert page.locator("svg.qr").is_visible()
    assert page.locator("article h3").first.is_visible()
    for gone in ("button", ".chip", "nav", "input", "summary"):
        assert not any(one.is_visible() for one in page.locator(gone).all()), gone
