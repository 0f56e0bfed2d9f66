"""How every page looks, on a telephone and on a desk, in light and in dark."""

from __future__ import annotations

from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

CHANNEL = "/feeds/muong-suong/tin-tuc"
SEARCH = "/feeds/muong-suong?q=mua+lu"
OWN = f"{CHANNEL}?server=tin.example.org&reader=FreshRSS"
PAGES = (
    "/",
    "/?q=suong",
    CHANNEL,
    "/feeds/muong-suong?page=2",
    SEARCH,
    OWN,
    "/items/3",
    "/status",
    "/docs",
    "/nothing-here",
)
LOOKS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_fits_and_complains_of_nothing(eye, tmp_path, width, scheme):
    """No sideways scroll, no error, no breach of the policy; the picture taken is of the chosen width and lightness."""
    for number, path in enumerate(PAGES):
        page = eye.open(path, width, scheme)
        image = Image.open(BytesIO(page.screenshot(path=tmp_path / f"{number}-{width}-{scheme}.png", full_page=True)))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert image.width == width, path
        corner = sum(image.convert("RGB").getpixel((2, 2))) / 3
        assert corner > 200 if scheme == "light" else corner < 60, path
        assert eye.heard(page) == [], path


@pytest.mark.parametrize(
    ("width", "scheme", "locale"),
    [(360, "light", "vi-VN"), (360, "dark", "en-GB"), (1280, "light", "en-GB"), (1280, "dark", "vi-VN")],
)
def test_axe_finds_nothing_serious(eye, width, scheme, locale):
    """axe-core has no serious and no critical finding on any page, in both themes and both languages."""
    for path in PAGES:
        # The policy of our pages keeps out what is injected, as it should: for this one look it is set aside.
        page = eye.open(path, width, scheme, locale=locale, bypass_csp=True)
        found = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], path


def test_fingers_hit_what_matters(eye):
    """What one comes to press is 44 pixels high at least, and links in lines of text 24 pixels apart."""
    for path in PAGES:
        page = eye.open(path, 360)
        heights = page.evaluate(
            "[...document.querySelectorAll('.button, .chip, button, summary, nav a, input:not([type=hidden])')]"
            ".filter(e => e.checkVisibility()).map(e => [e.textContent || e.id, e.getBoundingClientRect().height])"
        )
        assert [(what, height) for what, height in heights if height < 43.5] == [], path


@pytest.mark.parametrize("width", [360, 1280])
def test_pictures_that_are_refused_break_nothing(eye, width):
    """Where a portal refuses its pictures, every headline stands where it stands with them."""
    places = (
        "[...document.querySelectorAll('article h3')].map(e => { const r = e.getBoundingClientRect();"
        " return [Math.round(r.left), Math.round(r.width)]; })"
    )
    page = eye.open(CHANNEL, width)
    before, boxes = page.evaluate(places), page.locator(".thumb").count()
    assert boxes > 5
    page.route("**/*", lambda route: route.abort() if route.request.resource_type == "image" else route.continue_())
    page.reload(wait_until="networkidle")
    assert page.evaluate(places) == before
    sizes = page.evaluate("[...document.querySelectorAll('.thumb')].map(e => e.offsetWidth / e.offsetHeight)")
    assert len(sizes) == boxes
    assert all(abs(ratio - 1.5) < 0.05 for ratio in sizes)


def test_a_page_is_small_and_asks_for_little(eye):
    """Twenty items with everything around them are under 60 kB of HTML, with one style sheet and one small script."""
    asked = []
    page = eye.open("/docs")
    page.on("response", lambda answer: asked.append((answer.request.resource_type, len(answer.body()))))
    page.goto(eye.base + "/feeds/muong-suong", wait_until="networkidle")
    sizes = {kind: [size for what, size in asked if what == kind] for kind in ("document", "stylesheet", "script")}
    assert page.locator("article").count() == 20
    assert sizes["document"][0] < 60_000
    assert len(sizes["stylesheet"]) <= 1
    assert len(sizes["script"]) == 1
    assert sizes["script"][0] < 2_000
