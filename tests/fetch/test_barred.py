"""Whether pages elsewhere may show a picture is learned while it is measured, at no cost to servers that let them."""

from __future__ import annotations

import pytest

from feedsvc.errors import Blocked, Malformed, Refused, TooLarge
from feedsvc.fetch.measuring import referer
from feedsvc.model import Measure

ELSEWHERE = "https://feeds.example.org/"
PICTURE = b"\xff\xd8\xff" + b"x" * 500


@pytest.fixture
def page(portal):
    """The address of the article that shows the pictures."""
    return portal.url("/tin-tuc/cho-phien-1.html")


@pytest.fixture
def abroad(make_fetcher):
    """A fetcher that measures pictures as from a page elsewhere."""
    return make_fetcher(referrer=ELSEWHERE)


def only_for(hostile, page, otherwise, mime="image/jpeg"):
    """A picture that only a request from `page` gets; all others get `otherwise`."""
    good = hostile.plain(200, PICTURE, f"Content-Type: {mime}")

    async def reply(portal, visit, writer):
        mine = visit.headers.get("referer") == page
        await (good if mine else otherwise)(portal, visit, writer)

    return reply


def asked(portal, path):
    """Methods and referrers of the requests for a path."""
    return [(visit.method, visit.headers.get("referer")) for visit in portal.visits if visit.target == path]


async def test_an_open_server_is_asked_once(abroad, portal, page):
    """Where everybody may show the picture one HEAD tells all, as if nobody cared."""
    url = portal.url("/picture.jpg")
    assert await abroad.measure(url, page=page) == Measure(url=url, status=200, mime="image/jpeg", length=4321)
    assert asked(portal, "/picture.jpg") == [("HEAD", ELSEWHERE)]


async def test_files_that_are_no_pictures_are_asked_for_from_nowhere(abroad, portal):
    """Without the page that shows it, a file is measured without any Referer."""
    await abroad.measure(portal.url("/picture.jpg"))
    assert asked(portal, "/picture.jpg") == [("HEAD", None)]


async def test_nothing_is_told_of_a_page_when_nobody_wants_to_know(fetcher, portal, page):
    """With no page elsewhere to ask from, no Referer is sent at all."""
    await fetcher.measure(portal.url("/picture.jpg"), page=page)
    assert asked(portal, "/picture.jpg") == [("HEAD", None)]


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_refusal_of_strangers_is_known(abroad, portal, hostile, page, status):
    """A picture that is refused to pages elsewhere but not to its own is barred, and measured all the same."""
    portal.answers["/rieng.jpg"] = only_for(hostile, page, hostile.plain(status, b"khong"))
    url = portal.url("/rieng.jpg")
    told = await abroad.measure(url, page=page)
    assert told == Measure(url=url, status=200, mime="image/jpeg", length=len(PICTURE), barred=True)
    assert len(asked(portal, "/rieng.jpg")) <= 3


@pytest.mark.parametrize("mime", ["text/html", "image/gif", "image/png"])
async def test_something_else_in_the_place_of_a_picture_is_a_refusal(abroad, portal, hostile, page, mime):
    """A web page, or a picture of another type that says that this is not allowed, bars pages elsewhere."""
    portal.answers["/rieng.jpg"] = only_for(hostile, page, hostile.plain(200, b"GIF89a", f"Content-Type: {mime}"))
    assert (await abroad.measure(portal.url("/rieng.jpg"), page=page)).barred


async def test_a_detour_to_another_picture_is_a_refusal(abroad, portal, hostile, page):
    """Pages elsewhere that are sent on to a picture of another name are barred."""
    portal.answers["/cam.jpg"] = hostile.plain(200, b"\xff\xd8\xff", "Content-Type: image/jpeg")
    portal.answers["/rieng.jpg"] = only_for(hostile, page, hostile.redirect(portal.url("/cam.jpg")))
    told = await abroad.measure(portal.url("/rieng.jpg"), page=page)
    assert (told.barred, told.length) == (True, len(PICTURE))


@pytest.mark.parametrize("policy", ["same-origin", "same-site", " Same-Site "])
async def test_a_picture_that_browsers_keep_to_its_site_is_barred(abroad, portal, hostile, page, policy):
    """Cross-Origin-Resource-Policy is believed, and costs no further request."""
    fields = ("Content-Type: image/jpeg", f"Cross-Origin-Resource-Policy: {policy}")
    portal.answers["/rieng.jpg"] = hostile.plain(200, PICTURE, *fields)
    assert (await abroad.measure(portal.url("/rieng.jpg"), page=page)).barred
    assert len(asked(portal, "/rieng.jpg")) == 1


async def test_a_picture_that_nobody_gets_is_not_barred(abroad, portal, hostile, page):
    """What is gone, forbidden or a web page for everybody is what it was without the question."""
    assert (await abroad.measure(portal.url("/404"), page=page)).status == 404
    told = await abroad.measure(portal.url("/html-for-picture.jpg"), page=page)
    assert (told.mime, told.barred) == ("text/html", False)
    with pytest.raises(Refused) as caught:
        await abroad.measure(portal.url("/forbidden.jpg"), page=page)
    assert caught.value.status == 403


async def test_a_picture_under_a_wrong_ending_is_not_barred(abroad, portal, hostile, page):
    """A type that differs from the ending for everybody says nothing; a newer one is not even asked about again."""
    for mime, requests in (("image/png", 2), ("image/webp", 1)):
        portal.answers["/sai.jpg"] = hostile.plain(200, PICTURE, f"Content-Type: {mime}")
        portal.visits.clear()
        assert not (await abroad.measure(portal.url("/sai.jpg"), page=page)).barred
        assert len(asked(portal, "/sai.jpg")) == requests


async def test_a_picture_is_fetched_as_its_page_would(abroad, portal, hostile, page):
    """The article's own address opens what strangers do not get."""
    portal.answers["/rieng.jpg"] = only_for(hostile, page, hostile.plain(403))
    found = await abroad.picture(portal.url("/rieng.jpg"), page=page + "#anh", max_bytes=10_000)
    assert found.body == PICTURE


async def test_a_picture_has_its_own_bounds(abroad, portal, hostile, page, canary):
    """Too many bytes, a part, and an inside address end the fetching, as they do that of a page."""
    portal.answers["/anh.jpg"] = hostile.plain(200, PICTURE, "Content-Type: image/jpeg")
    portal.answers["/di.jpg"] = hostile.redirect(canary.url("/anh.jpg"))
    portal.answers["/phan.jpg"] = hostile.plain(206, PICTURE)
    with pytest.raises(TooLarge):
        await abroad.picture(portal.url("/anh.jpg"), page=page, max_bytes=len(PICTURE) - 1)
    with pytest.raises(Blocked):
        await abroad.picture(portal.url("/di.jpg"), page=page, max_bytes=10_000)
    with pytest.raises(Malformed):
        await abroad.picture(portal.url("/phan.jpg"), page=page, max_bytes=10_000)


async def test_robots_rules_hold_for_pictures(abroad, portal, page):
    """What robots.txt forbids is not copied."""
    portal.robots = b"User-agent: *\nDisallow: /picture.jpg\n"
    with pytest.raises(Blocked):
        await abroad.picture(portal.url("/picture.jpg"), page=page, max_bytes=10_000)
    assert asked(portal, "/picture.jpg") == []


@pytest.mark.parametrize("page", ["", "folder:tin-tuc/a.docx", "khong phai dia chi", "http://[::1", "javascript:1"])
def test_only_web_pages_refer(page):
    """What is no address of a web page is never sent."""
    assert referer(page) == ()


def test_a_referrer_carries_no_secrets():
    """User parts and fragments stay here, and letters beyond ASCII are escaped."""
    assert referer("https://a:b@x.example/tin/lễ?id=1#anh") == (("Referer", "https://x.example/tin/l%E1%BB%85?id=1"),)
