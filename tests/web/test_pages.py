"""Pages for people: what they say, in which language, and what they never do."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, urlencode

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsvc.model import MediaObject
from feedsvc.web.guide import GUIDES
from feedsvc.web.present import size
from feedsvc.web.subscribing import OWN_READERS, reader_links
from feedsvc.web.words import EN, VI

PAGES = (
    "/",
    "/?q=le+hoi",
    "/docs",
    "/feeds/suoi-bac",
    "/feeds/suoi-bac/tin-tuc",
    "/feeds/suoi-bac/tin-tuc?q=le+hoi",
    "/feeds/suoi-bac/tin-tuc?server=tin.example.org&reader=Miniflux",
    "/feeds/le-hoi",
    "/items/1",
    "/status",
    "/nothing",
)
VIDEO = MediaObject(
    url="https://suoibac.example.org/phim/khen.mp4",
    kind="video",
    mime="video/mp4",
    width=640,
    height=360,
    caption="Màn múa khèn mở đầu lễ hội",
    thumbnail="https://suoibac.example.org/phim/khen.jpg",
)
PAPER = MediaObject(
    url="https://suoibac.example.org/tep/lich.pdf",
    kind="document",
    mime="application/pdf",
    length=1258291,
    title="Lịch lễ hội",
)


def soup(client, address, **headers):
    """The page at an address."""
    """The page at an address."""
    return BeautifulSoup(client.get(address, headers=headers).text, "lxml")


def words(page):
    """Its text on one line."""
    """Its text on one line."""
    return " ".join(page.get_text(" ").split())


@pytest.fixture
def show(world):
    """Stores one item with changes, and gives its page."""

    def stored(address=None, **changes):
        world.publish("suoi-bac/tin-tuc", **changes)
        return soup(world.client(), address or "/items/4")

    return stored


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("query", "language"), [("", "vi"), ("?lang=en", "en")])
def test_every_page_is_well_built(client, address, query, language):
    """A language, one h1, headings in order, a skip link to a landmark, a name for every picture and table."""
    page = soup(client, address + (query.replace("?", "&") if "?" in address else query))
    assert page.html["lang"] == language
    assert len(page("h1")) == 1
    levels = [int(heading.name[1]) for heading in page(re.compile("^h[1-6]$"))]
    assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))
    assert page.select_one("a.skip")["href"] == "#main"
    assert page.select_one("main#main")
    assert all(image.has_attr("alt") for image in page("img"))
    assert all(table.caption and table.select("th[scope]") for table in page("table"))
    assert page.title.get_text(strip=True)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_light_and_inert(client, address):
    """Under 60 KB, no inline script or style, frame or outside file, forms that only ask us, and a policy for all that."""
    answer = client.get(address)
    page = BeautifulSoup(answer.text, "lxml")
    assert len(answer.data) < 60_000
    assert not page.select("style, iframe, object, embed, [style], [onclick], [onload]")
    assert all(form["method"] == "get" and form["action"].startswith("/") for form in page("form"))
    assert all(tag.get("src", "").startswith("/static/") for tag in page("script"))
    assert all(tag["href"].startswith("/static/") for tag in page.select("link[rel=stylesheet], link[rel=icon]"))
    policy = answer.headers["Content-Security-Policy"]
    for rule in (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src https: http:",
        "media-src https: http:",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ):
        assert rule in policy.split("; ")


@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_links_lead_somewhere(client, query):
    """Every link of our own on the pages is answered, and a chosen language stays chosen."""
    seen, waiting = set(), [f"/{query}"]
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = client.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == 200, address
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for link in BeautifulSoup(answer.text, "lxml").select("a[href]"):
            href = link["href"]
            if href.startswith("/"):
                assert ("lang=en" in href) == bool(query), (address, href)
                waiting += [href] if href not in seen | set(waiting) else []
    assert len(seen) > 15


def test_home_names_sources_and_the_newest(client):
    """The home page names every source and category, with three feeds each, and the newest items with pictures."""
    page = soup(client, "/")
    for name in (
        "Thị trấn Suối Bạc",
        "Tin tức",
        "Thông báo",
        "Hồ sơ lưu trữ",
        "Lễ hội",
        "Nước sạch về tới bản cuối cùng",
    ):
        assert name in words(page)
    hrefs = {link["href"] for link in page("a")}
    for path in ("suoi-bac/tin-tuc", "suoi-bac/thong-bao", "suoi-bac", "ho-so/trang-chu", "le-hoi"):
        assert {f"/feeds/{path}{end}" for end in ("", ".rss", ".atom", ".json")} <= hrefs
    assert len(page.select("article img")) == 3


def test_home_of_an_empty_service(make_world):
    """Without any source the home page is there all the same."""
    world = make_world(config='[service]\ntitle = "Trống"\n')
    answer = world.client().get("/")
    assert answer.status_code == 200
    assert VI.no_items in answer.text


def test_channel_page_tells_how_to_subscribe(client):
    """The subscribe box holds the address to copy, a feed: link, every format, and what a feed is."""
    page = soup(client, "/feeds/suoi-bac/tin-tuc")
    box, public = page.select_one(".subscribe"), "https://feeds.example.org/feeds/suoi-bac/tin-tuc"
    assert box.code.get_text() == f"{public}.rss"
    assert box.select_one(f'a[href="feed:{public}.rss"]')
    assert VI.what_is_a_feed in words(box)
    assert {"RSS", "Atom", "JSON Feed"} <= {link.get_text() for link in box("a")}
    alternates = {link["type"]: link["href"] for link in page.select("link[rel=alternate]")}
    assert alternates == {
        "application/rss+xml": f"{public}.rss",
        "application/atom+xml": f"{public}.atom",
        "application/feed+json": f"{public}.json",
    }


def test_older_pages_hold_every_item_once(make_world):
    """Walking the older pages meets every item once, newest first, and ends."""
    world = make_world()
    world.publish("suoi-bac/tin-tuc", 45)
    client, address, found = world.client(), "/feeds/suoi-bac/tin-tuc", []
    while address:
        page = soup(client, address)
        found += [int(re.search(r"\((\d+)\)", heading.get_text())[1]) for heading in page.select("article h3")]
        older = page.select_one("a[rel=next]")
        address = older and older["href"]
    assert found == list(range(44, -1, -1))


@pytest.mark.parametrize("count", [20, 40])
def test_a_full_last_page_is_the_last(make_world, count):
    """When the items fill the pages to the brim, no link leads to an empty one."""
    world = make_world()
    world.publish("suoi-bac/tin-tuc", count)
    page = soup(world.client(), f"/feeds/suoi-bac/tin-tuc?page={count // 20}")
    assert len(page("article")) == 20
    assert not page.select("a[rel=next]")


@pytest.mark.parametrize("query", ["page=99", "page=9999999"])
def test_past_the_last_page_is_404(client, query):
    """There is no page after the last."""
    assert client.get(f"/feeds/suoi-bac/tin-tuc?{query}").status_code == 404


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=-1", "page=1", "page=", "page=99999999999", "else=1"])
def test_meaningless_parameters_are_ignored(client, query):
    """What is no page number shows the first page."""
    assert len(soup(client, f"/feeds/suoi-bac/tin-tuc?{query}")("article")) == 3


def test_item_page_holds_the_item(show):
    """Title, date, byline, lead, text, picture with caption, files with size, and the way to the portal."""
    page = show(media=(VIDEO, PAPER))
    told = words(page)
    assert page.h1.get_text() == "Chợ phiên đổi ngày họp trong tháng Chạp (3)"
    for part in (
        "22/11/2026 10:38",
        "Lý Thị Mẩy (Đài truyền thanh Suối Bạc)",
        "Sáng nay, bà con các bản cùng về dự",
        "Trời trong sau ba ngày mưa.",
        "Màn múa khèn mở đầu lễ hội",
        "Lịch lễ hội (1,2 MB)",
    ):
        assert part in told
    assert page.find("a", string=VI.read_original)["href"] == "https://suoibac.example.org/tin-tuc/3"
    assert page.video["poster"] == VIDEO.thumbnail
    assert (page.video["width"], page.video["height"]) == ("640", "360")
    assert not page.video.has_attr("autoplay")


def test_media_of_the_text_are_not_shown_twice(show):
    """A picture that stands in the text is not repeated beside it."""
    address = "https://suoibac.example.org/anh/a.jpg?w=1&h=2"
    shown = MediaObject(url=address, kind="image")
    page = show(media=(shown,), html=f'<p>Xem ảnh.</p><img src="{address.replace("&", "&amp;")}" alt="">')
    assert len(page("img")) == 1


def test_lead_is_not_said_twice(show):
    """A lead that opens the text is not put above it again."""
    page = show(summary="Trời trong sau ba ngày mưa.")
    assert words(page.main).count("Trời trong sau ba ngày mưa") == 1


def test_day_is_shown_without_an_hour(show):
    """Where the portal tells the day alone, so do we; its zone decides which day."""
    page = show(published=datetime(2022, 9, 18, 17, 0, tzinfo=UTC), precision="day")
    time = page.select_one("time")
    assert (time.get_text(), time["datetime"]) == ("19/09/2022", "2022-09-19")


def test_dropped_document_has_no_original(make_world):
    """An item without an address of its own links nowhere but to its own page."""
    world = make_world()
    world.publish("ho-so/trang-chu", url="")
    page = soup(world.client(), "/items/1")
    assert page.find("a", string=VI.read_original) is None
    assert soup(world.client(), "/feeds/ho-so").select_one('article h3 a[href="/items/1"]')


def test_hostile_text_does_nothing(show):
    """Markup in title, lead, caption, author or address is text on every page, and no script address is linked."""
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    bad = MediaObject(url="javascript:alert(1)", kind="document", title=evil)
    picture = MediaObject(url="https://suoibac.example.org/a.jpg", kind="image", caption=evil)
    for address in ("/items/4", "/feeds/suoi-bac", "/"):
        page = show(address, title=evil, summary=evil, url="javascript:alert(1)", media=(picture, bad))
        assert not page.select("script:not([src]), [onerror], [href^=javascript]")
        assert evil in page.get_text()


def test_corrected_item_says_so(world):
    """A correction shows when it was made."""
    stored = world.service.store.item(1)
    world.clock.pass_time(3600)
    changed = replace(stored, title="Tên đã sửa", revision=2, updated=world.clock.now, fingerprint="g")
    world.poll("suoi-bac/tin-tuc", changed=[changed])
    told = words(soup(world.client(), "/items/1"))
    assert "Tên đã sửa" in told
    assert f"{VI.corrected} 23/11/2026 11:35" in told


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", None, "vi"),
        ("", "vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "en;q=0.5, vi;q=0.4", "en"),
        ("", "fr,de", "vi"),
        ("?lang=en", "vi", "en"),
        ("?lang=vi", "en", "vi"),
        ("?lang=fr", "en", "vi"),
        ("?lang=%00", "", "vi"),
    ],
)
def test_language(client, query, header, language):
    """Vietnamese first, English by wish or by the browser's."""
    headers = {"Accept-Language": header} if header else {}
    page = soup(client, f"/{query}", **headers)
    assert page.html["lang"] == language
    assert {"vi": VI, "en": EN}[language].sources in words(page)


def test_portal_text_keeps_its_language(client):
    """On an English page Vietnamese items are marked as such."""
    assert all(article["lang"] == "vi" for article in soup(client, "/?lang=en")("article"))


@pytest.mark.parametrize("code", [400, 404, 405, 410, 413, 414, 429, 500, 503])
def test_mistakes_are_explained_in_both_languages(world, code):
    """Every mistake page says in Vietnamese and English what happened, and leads home."""
    app = world.app()
    app.add_url_rule("/mistake", view_func=lambda: __import__("flask").abort(code))
    answer = app.test_client().get("/mistake")
    assert answer.status_code == code
    for words_ in (VI, EN):
        title, advice = words_.mistakes[code]
        assert title in answer.text
        assert advice in answer.text
    assert 'href="/"' in answer.text


def test_unforeseen_mistake_shows_nothing_of_the_inside(world):
    """A bug is answered with 500 in words, without its traceback."""
    app = world.app()
    app.add_url_rule("/bug", view_func=lambda: 1 / 0)
    app.logger.disabled = True
    answer = app.test_client().get("/bug")
    assert answer.status_code == 500
    assert VI.mistakes[500][0] in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_long_queries_and_bodies_are_refused(client):
    """A query over 2 kB is 414, a body over 64 KiB 413."""
    assert client.get(f"/?x={'a' * 3000}").status_code == 414
    assert client.get(f"/feeds/suoi-bac.rss?x={'a' * 3000}").status_code == 414
    assert client.get("/", data=b"a" * 70_000).status_code == 413


@pytest.mark.parametrize("stripped", [True, False])
def test_below_a_path_every_link_stays_below_it(make_world, stripped):
    """Behind a proxy under /tin/, which takes the path off or leaves it, links and addresses keep it."""
    world = make_world(base_url="https://example.org/tin/")
    world.publish("suoi-bac/tin-tuc", 2)
    client, before = world.client(), "" if stripped else "/tin"
    page = soup(client, f"{before}/feeds/suoi-bac/tin-tuc")
    linked = page.select("a[href], link[href], script[src], form[action]")
    own = [tag.get("href") or tag.get("src") or tag.get("action") for tag in linked]
    own = [address for address in own if address.startswith("/")]
    assert len(own) > 5
    assert all(address.startswith("/tin/") for address in own)
    assert client.get(f"{before}/static/feedsvc.css").close() is None
    feed = client.get(f"{before}/feeds/suoi-bac.rss")
    assert b"https://example.org/tin/feeds/suoi-bac.rss" in feed.data


@pytest.mark.parametrize(
    ("length", "vi", "en"),
    [(0, "0 B", "0 B"), (1023, "1023 B", "1023 B"), (1024, "1 KB", "1 KB"), (1258291, "1,2 MB", "1.2 MB")],
)
def test_sizes(length, vi, en):
    """Sizes have the decimal mark of the language."""
    assert (size(length, "vi"), size(length, "en")) == (vi, en)


def test_older_pages_begin_with_their_news(make_world):
    """How to follow a feed is told first on its first page; whoever turns the page wants news first, then the box."""
    world = make_world()
    world.publish("suoi-bac/tin-tuc", 25)
    client = world.client()
    for query, order in (("", ["subscribe", "items"]), ("?page=2", ["items", "subscribe"])):
        page = soup(client, f"/feeds/suoi-bac/tin-tuc{query}")
        assert [heading["id"] for heading in page("h2")] == order
        assert page.select("article.entry")


@pytest.mark.parametrize("path", ["/", "/status", "/feeds/suoi-bac/tin-tuc", "/nothing-here"])
def test_every_page_leads_to_the_list_of_sources(client, path):
    """A phone shows the categories below all news: one link in the head of each page leads there."""
    (link,) = soup(client, path).select("nav a[href$='/#sources']")
    assert link.get_text() == "Nguồn tin"
    assert soup(client, "/").find(id="sources")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["q", "since", "media", "page", "server", "reader", "lang", "limit", "before"]),
        st.one_of(
            st.text(max_size=120), st.binary(max_size=30), st.sampled_from(["video", "vi", "FreshRSS", "2026-11-22"])
        ),
    )
)
def test_no_parameter_breaks_a_page(client, said):
    """Whatever stands behind the question mark, there is a page: what it says is text, and what means nothing is ignored."""
    for path in ("/", "/docs", "/feeds/suoi-bac"):
        answer = client.get(f"{path}?{urlencode(said)}")
        assert answer.status_code in {200, 404, 414}
        page = BeautifulSoup(answer.text, "lxml")
        assert not page.select("script:not([src]), [onerror], [href^=javascript], form:not([action^='/'])")


PUBLIC = "https://feeds.example.org/feeds/suoi-bac/tin-tuc"


@pytest.mark.parametrize(
    ("query", "found", "heading", "feed"),
    [
        ("q=nuoc+sach", 1, "Tin có “nuoc sach”", "q=nuoc%20sach"),
        ("q=S%E1%BA%A0CH++n%C6%B0%E1%BB%9Bc", 1, "Tin có “SẠCH nước”", "q=nuoc%20sach"),
        ("media=image&since=2026-11-22", 3, "Tin có ảnh, từ 22/11/2026", "since=2026-11-22&media=image"),
        (
            "q=l%E1%BB%85&since=2026-11-22T10:36",
            0,
            "Tin có “lễ”, từ 22/11/2026 10:36",
            "q=le&since=2026-11-22T10:36:00",
        ),
        ("media=video", 0, "Tin có video", "media=video"),
        ("q=%21%21&media=x&since=x", 3, "Danh sách tin", ""),
    ],
)
def test_search_shows_items_and_their_feed(client, query, found, heading, feed):
    """What is asked for by words, day or medium is shown, and the feed of just that is the one to follow."""
    page = soup(client, f"/feeds/suoi-bac/tin-tuc?{query}")
    ending = f"?{feed}" if feed else ""
    assert page.find(id="items").get_text() == heading
    assert len(page("article")) == found
    assert (VI.no_results in words(page)) == (not found)
    assert page.select_one("#address").get_text() == f"{PUBLIC}.rss{ending}"
    assert page.select_one('a[href^="feed:"]')["href"] == f"feed:{PUBLIC}.rss{ending}"
    alternates = [link["href"] for link in page.select("link[rel=alternate]")]
    assert alternates == [f"{PUBLIC}.{name}{ending}" for name in ("rss", "atom", "json")]
    assert bool(page.select("meta[name=robots]")) == bool(feed)
    followed = client.get(f"/feeds/suoi-bac/tin-tuc.rss{ending}")
    assert followed.data.count(b"<item>") == found


@pytest.mark.parametrize(("query", "found"), [("q=nuoc+sach", 1), ("q=l%E1%BB%85%20h%E1%BB%99i", 2), ("q=zzz", 0)])
def test_search_at_home_leads_to_feeds(make_world, query, found):
    """Everything of all sources is searched, and each source offers the feed of what was searched for."""
    world = make_world()
    world.publish("suoi-bac/tin-tuc", 3)
    world.publish("ho-so/trang-chu", 3)
    page = soup(world.client(), f"/?{query}&lang=en")
    assert len(page("article")) == found
    words_ = page.select_one("#q")["value"]
    assert page.h2.get_text() == EN.chosen.format(chosen=EN.with_words.format(words=words_))
    links = [link["href"] for link in page.select("nav.subscribe a.chip")]
    assert links == [f"/feeds/{path}?{urlencode({'q': words_})}&lang=en" for path in ("suoi-bac", "ho-so")]
    assert (
        soup(world.client(), links[0])
        .select_one("#address")
        .get_text()
        .startswith("https://feeds.example.org/feeds/suoi-bac.rss?q=")
    )


def test_search_is_kept_when_pages_are_turned(make_world):
    """Older pages, the other language and the form for a server of one's own keep what was asked for."""
    world = make_world()
    world.publish("suoi-bac/tin-tuc", 130)
    page = soup(world.client(), "/feeds/suoi-bac/tin-tuc?q=l%E1%BB%85+h%E1%BB%99i&media=image&page=2&lang=en")
    assert len(page("article")) == 6
    (newer,) = page.select("a[rel=prev]")
    assert newer["href"] == "/feeds/suoi-bac/tin-tuc?q=l%E1%BB%85+h%E1%BB%99i&media=image&lang=en"
    (other,) = page.select("a[hreflang=vi]")
    assert parse_qs(other["href"].removeprefix("?")) == {
        "q": ["lễ hội"], "media": ["image"], "page": ["2"], "lang": ["vi"]
    }  # fmt: skip
    search, own = page("form")
    hidden = {field["name"]: field["value"] for field in search.select("input[type=hidden]")}
    assert (search["action"], hidden) == ("/feeds/suoi-bac/tin-tuc", {"media": "image", "lang": "en"})
    assert search.select_one("#q")["value"] == "lễ hội"
    hidden = {field["name"]: field["value"] for field in own.select("input[type=hidden]")}
    assert hidden == {"q": "lễ hội", "media": "image", "lang": "en"}


def test_own_server_gets_a_link_or_an_explanation(client):
    """Who types the address of a FreshRSS or Miniflux gets the link into it; what is no address is said to be none."""
    good = soup(client, "/feeds/suoi-bac/tin-tuc?server=tin.example.org&reader=Miniflux").find(id="own")
    assert good.has_attr("open")
    assert good.a["href"].startswith("https://tin.example.org/bookmarklet?uri=https%3A%2F%2Ffeeds.example.org%2F")
    assert good.a.get_text() == VI.add_at.format(reader="Miniflux", host="tin.example.org")
    for typed in ("javascript:alert(1)", "&quot;><script>"):
        bad = soup(client, f"/feeds/suoi-bac/tin-tuc?server={quote(typed)}&reader=FreshRSS").find(id="own")
        assert bad.a is None
        assert bad.find(id="server-told").get_text() == VI.server_mistaken
        assert (bad.find(id="server")["value"], bad.find(id="server")["aria-invalid"]) == (typed, "true")
    assert not soup(client, "/feeds/suoi-bac/tin-tuc").find(id="own").has_attr("open")


@pytest.mark.parametrize(("query", "said"), [("", VI), ("?lang=en", EN)])
def test_docs_tell_how_feeds_are_used(client, query, said):
    """What a feed is, readers, addresses and choices that answer as written, and how often to ask."""
    page, guide = soup(client, f"/docs{query}"), GUIDES["vi" if said is VI else "en"]
    assert page.h1.get_text() == said.docs
    for text in (*guide.what_text, *guide.steps, *guide.often_text):
        assert text in words(page)
    written = [code.get_text() for code in page("code")]
    assert len(written) == len(guide.address_list) + len(guide.choice_list)
    for address in written:
        answer = client.get(address.removeprefix("https://feeds.example.org"))
        assert answer.status_code == 200
    assert page.select_one('footer a[href^="/docs"]')


def test_readers_that_the_docs_name_can_be_followed_with():
    """Every reader for which a channel's page has a link is told of, in both languages the same ones."""
    offered = {link.reader.removesuffix(" (Mac)") for link in reader_links("https://a.example/")} | set(OWN_READERS)
    for guide in GUIDES.values():
        assert offered <= {name for name, _, _ in guide.reader_list}
    assert [one[:2] for one in GUIDES["vi"].reader_list] == [one[:2] for one in GUIDES["en"].reader_list]
    for part in ("address_list", "choice_list"):
        assert [one[0] for one in getattr(GUIDES["vi"], part)] == [one[0] for one in getattr(GUIDES["en"], part)]


def test_a_search_at_the_address_of_its_feed_names_its_page(client):
    """Whoever opens the feed of a search in a browser sees the search, and is told where that page stands."""
    answer = client.get("/feeds/suoi-bac.rss?q=nuoc+sach&limit=5&lang=en", headers={"Accept": "text/html"})
    assert answer.headers["Content-Location"] == "/feeds/suoi-bac?q=nuoc+sach&lang=en"
    assert len(BeautifulSoup(answer.text, "lxml")("article")) == 1


def test_lists_tell_of_videos_and_documents(show):
    """A list says which items bring more than words and pictures."""
    page = show("/feeds/suoi-bac/tin-tuc", media=(VIDEO, PAPER))
    assert [VI.with_media["video"] in words(one) for one in page("article")] == [True, False, False, False]
    assert VI.with_media["document"] in words(page.article)
