"""A news sitemap: read as a list, found where a portal names it, used where its pages give none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from portals.server import served
from portals.truth import Answer

from feedsvc.discovery import MOST_REQUESTS, discover
from feedsvc.errors import ExtractError, LayoutChanged
from feedsvc.extract.feed_list import feed_listing, is_feed, read_feed
from feedsvc.extract.native import sitemaps, told_sitemaps
from feedsvc.extract.page import open_page
from feedsvc.fetch.http import HttpFetcher
from feedsvc.model import Source
from feedsvc.reading import Reading
from feedsvc.sites.generic import GenericSite

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/xsl" href="/main-sitemap.xsl"?>'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
SCRIPTED = (
    "<html><head><title>Mường La</title>{}</head><body><div id=app></div><script src=/app.js></script></body></html>"
)
LINK = '<link rel="sitemap" type="application/xml" href="{}">'


def entry(number: int = 1, day: str = "2026-11-22T08:30:00+07:00", home: str = "https://muongla.example.vn/") -> str:
    """One reported article, with a picture that has a title of its own."""
    return (
        f"<url><!-- báo --><loc>{home}tin-so-{number}.html</loc><news:news><news:publication><news:name>Báo Mường La"
        f"</news:name><news:language>vi</news:language></news:publication><news:publication_date>{day}"
        f"</news:publication_date><news:title>Bản Nà Lốc thu hoạch &amp;quot;mận&amp;quot; đợt {number}</news:title>"
        f"</news:news><image:image><image:loc>{home}anh/{number}.jpg</image:loc><image:title>Vườn mận</image:title>"
        "</image:image></url>"
    )


def sitemap(*entries: str) -> str:
    """A news sitemap of these entries."""
    return f"{HEAD}{''.join(entries)}</urlset>"


PLAIN = "<url><loc>https://muongla.example.vn/gioi-thieu</loc><lastmod>2026-11-22</lastmod></url>"
INDEX = (
    '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{0}news/page-sitemap.xml</loc>'
    "</sitemap><sitemap><loc>{0}news-sitemap.xml</loc></sitemap></sitemapindex>"
)


def test_reported_articles_are_the_lines_of_a_list(make):
    """Title, address, moment with its zone and pictures of each; pages without news are passed over."""
    page = make.page(f"{make.home}news.xml", sitemap(PLAIN, entry(1), entry(2, "2026-11-21")), "application/xml")
    listing = GenericSite().listing(page, make.source)
    first, second = listing.stubs
    assert listing.title == "Báo Mường La"
    assert (first.title, first.url) == ('Bản Nà Lốc thu hoạch "mận" đợt 1', f"{make.home}tin-so-1.html")
    assert (first.published, first.precision) == (datetime(2026, 11, 22, 1, 30, tzinfo=UTC), "second")
    assert [(one.url, one.kind) for one in first.media] == [(f"{make.home}anh/1.jpg", "image")]
    assert second.published == datetime(2026, 11, 21, tzinfo=make.source.timezone)
    assert second.precision == "day"


def test_a_sitemap_without_end_is_read_to_a_bound(make):
    """Of a sitemap of a thousand articles, the first hundred are read."""
    page = make.page(f"{make.home}news.xml", sitemap(PLAIN * 200, *map(entry, range(1000))))
    assert len(read_feed(page, make.source).stubs) == 100


@pytest.mark.parametrize(
    "body",
    [
        sitemap(PLAIN),
        sitemap(),
        HEAD.replace("<urlset", '<!DOCTYPE urlset [<!ENTITY a "tin">]><urlset') + f"{entry()}</urlset>",
        INDEX.format("https://muongla.example.vn/").replace("news-sitemap", "post-sitemap"),
    ],
    ids=["pages", "empty", "doctype", "index"],
)
def test_what_holds_no_news_is_no_feed(make, body):
    """A sitemap of mere pages, a list of such, and whatever has a document type: none is taken for a feed."""
    with pytest.raises(ExtractError, match="is no feed"):
        read_feed(make.page(f"{make.home}sitemap.xml", body), make.source)


def test_an_index_tells_where_the_news_are(make):
    """A person who names a list of sitemaps is told the address of the one of news."""
    page = make.page(f"{make.home}sitemap.xml", INDEX.format(make.home))
    assert is_feed(page)
    with pytest.raises(LayoutChanged, match=f"give {make.home}news-sitemap.xml"):
        feed_listing(page, make.source)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
@example("<url><news:news/></url>")
@example("<url><loc>x</loc><news:news><news:title>a</news:title><news:publication_date/></news:news></url>")
def test_any_text_gives_lines_or_an_error_of_ours(make, text):
    """Broken sitemaps cost themselves alone."""
    try:
        read_feed(make.page(f"{make.home}news.xml", sitemap(text, entry())), make.source)
    except ExtractError:
        return


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        (LINK.format("/sitemap.xml"), ["sitemap.xml"]),
        ('<a href="/sitemap.xml">Sơ đồ</a><a href="sitemap-news.xml?v=2">Tin</a>', ["sitemap-news.xml?v=2", "sitemap.xml"]),
        ('<a href="/so-do-trang">Sơ đồ</a><link rel="stylesheet" href="/a.css">', []),
        ('<link rel="https://api.w.org/" href="/wp-json/">', ["news-sitemap.xml"]),
        ('<script src="/wp-includes/js/jquery.js"></script>', ["news-sitemap.xml"]),
        ('<script src="/wp-includes/js/jquery.js"></script><a href="/sitemap_index.xml">x</a>', ["sitemap_index.xml"]),
    ],
)  # fmt: skip
def test_sitemaps_are_found_where_the_page_names_them(make, markup, found):
    """By a link element, or a link to such an address; WordPress is asked at its one address where it names none."""
    document = open_page(make.page(make.home, f"<html><body>{markup}<p>Tin</p></body></html>"))
    assert list(sitemaps(document)) == [f"{make.home}{one}" for one in found]


def test_robots_txt_names_sitemaps(make):
    """Lines "Sitemap:" in any spelling; those of news come first, and what is no address is passed over."""
    text = (
        "User-agent: *\r\nSitemap: https://a.example/sitemap.xml\r\n sitemap :https://a.example/news.xml\nSitemap: /x"
    )
    told = told_sitemaps(make.page(f"{make.home}robots.txt", text))
    assert told == ("https://a.example/news.xml", "https://a.example/sitemap.xml")


async def test_a_news_sitemap_is_told_and_not_used_where_pages_give_lists(town, reads, make):
    """It is reported with the verdict; the categories are those of the pages."""
    town.pages[make.home] = town.pages[make.home].replace("</head>", f"{LINK.format('/news.xml')}</head>")
    town.pages[f"{make.home}news.xml"] = sitemap(*map(entry, range(5)))
    found = await discover(make.source, town, reads)
    assert [one.title for one in found.categories] == ["Tin tức", "Văn hóa", "Thông báo"]
    assert [(one.url, len(one.stubs)) for one in found.feeds] == [(f"{make.home}news.xml", 5)]
    assert "carries 0 of the" in found.feeds[0].shortcoming


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (sitemap(PLAIN), []),
        (sitemap(*(entry(n, "2020-03-02") for n in range(5))), ["its newest item is of 02/03/2020"]),
    ],
)
async def test_old_news_and_mere_pages_are_no_category(make, reads, body, told):
    """A stale sitemap is told with the reason, one of pages is no feed at all; neither stands in for a list."""
    pages = make.Pages({make.home: SCRIPTED.format(LINK.format("/sitemap.xml")), f"{make.home}sitemap.xml": body})
    found = await discover(make.source, pages, reads)
    assert (found.categories, [one.shortcoming for one in found.feeds]) == ((), told)


async def test_a_feed_comes_before_a_sitemap(make, reads):
    """Where the portal has both, its feed, which keeps its items for longer, is the category."""
    items = "".join(
        f"<item><title>Tin {n}</title><link>{make.home}tin-{n}</link><pubDate>Sun, 22 Nov 2026 08:00:00 +0700</pubDate></item>"
        for n in range(3)
    )
    head = f'{LINK.format("/news.xml")}<link rel="alternate" type="application/rss+xml" href="/rss">'
    found = await discover(
        make.source,
        make.Pages({
            make.home: SCRIPTED.format(head),
            f"{make.home}rss": f"<rss><channel><title>Tin</title>{items}</channel></rss>",
            f"{make.home}news.xml": sitemap(*map(entry, range(9))),
        }),
        reads,
    )  # fmt: skip
    assert [one.url for one in found.categories] == [f"{make.home}rss"]
    assert [one.url for one in found.feeds] == [f"{make.home}rss", f"{make.home}news.xml"]


async def test_sitemaps_stay_within_the_requests_of_a_search(make, reads):
    """After a menu without end, sitemaps are asked for only while requests are left."""
    names = [(f"Chuyên mục {n}", f"/muc-{n}") for n in range(60)]
    head = make.whole("Trang chủ", make.menu(*names), make.items("muc-1"))
    pages = {make.home: head.replace("</head>", f"{LINK.format('/sitemap.xml')}</head>")}
    pages |= {f"{make.home}muc-{n}": make.whole(f"Mục {n}", make.items(f"muc-{n}")) for n in range(60)}
    pages |= {f"{make.home}sitemap.xml": INDEX.format(make.home), f"{make.home}news-sitemap.xml": sitemap(entry())}
    found = await discover(make.source, make.Moved(pages), reads)
    assert found.requests <= MOST_REQUESTS


@pytest.mark.parametrize("way", ["robots", "link", "wordpress"])
async def test_a_portal_of_scripts_has_its_news_sitemap_as_the_one_category(way):
    """Over HTTP, from the home address alone: the sitemap that robots.txt, the page or WordPress leads to."""
    heads = {"link": LINK.format("/sitemap.xml"), "wordpress": '<link rel="https://api.w.org/" href="/?rest_route=/">'}

    def portal(home: str) -> SimpleNamespace:
        pages = {
            "/": SCRIPTED.format(heads.get(way, "")),
            "/robots.txt": f"User-agent: *\nAllow: /\nSitemap: {home}sitemap.xml\n",
            "/sitemap.xml": INDEX.format(home),
            "/news-sitemap.xml": sitemap(*(entry(n, home=home) for n in range(4))),
        }

        def respond(path: str, _: object) -> Answer:
            body = pages.get(path)
            return Answer(body=body.encode()) if body else Answer(body=b"404", status=404)

        return SimpleNamespace(home=home, respond=respond)

    reading = Reading(workers=1)
    try:
        with served(portal) as (given, asked):
            async with HttpFetcher(
                user_agent="feedsvc/0",
                clock=lambda: NOON,
                allow_private=[given.home.removeprefix("http://").strip("/")],
                per_host_delay=timedelta(),
            ) as fetcher:
                source = Source(slug="muong-la", title="", home=given.home)
                found = await discover(source, fetcher.for_poll(), reading)
    finally:
        reading.close()
    (only,) = found.categories
    assert (only.title, only.url, len(only.stubs)) == ("Báo Mường La", f"{given.home}news-sitemap.xml", 4)
    assert [(one.url, one.shortcoming) for one in found.feeds] == [(only.url, "")]
    assert len(asked) <= found.requests


def test_an_article_has_title_and_day_of_its_line_where_its_page_says_nothing(make):
    """The page of a reported article that has neither headline nor date gets those of the sitemap."""
    listing = feed_listing(make.page(f"{make.home}news.xml", sitemap(entry())), make.source)
    words = "Sáng nay bà con bản Nà Lốc ra vườn hái mận từ sớm, xe của hợp tác xã chờ sẵn ở đầu bản. " * 3
    markup = f"<html><body><div id='noi-dung'>{f'<p>{words}</p>' * 3}</div></body></html>"
    item = GenericSite().article(make.page(listing.stubs[0].url, markup), listing.stubs[0], make.source)
    assert item.title == 'Bản Nà Lốc thu hoạch "mận" đợt 1'
    assert item.published == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
