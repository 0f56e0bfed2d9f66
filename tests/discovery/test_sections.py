"""A portal searched: which of its pages are categories, what they are called, how much is asked for it."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portals.build import build
from portals.families import FAMILIES
from portals.server import served

from feedsvc.discovery import ALIKE, MOST_FAILURES, MOST_PAGES, MOST_REQUESTS, discover
from feedsvc.errors import ExtractError, Refused
from feedsvc.extract.links import key_of
from feedsvc.fetch.http import HttpFetcher
from feedsvc.reading import Reading


def titles(found):
    """What was found is called."""
    return [one.title for one in found.categories]


async def test_categories_are_found_and_named_as_the_portal_names_them(town, reads, make):
    """Lists of news in the order of the menu; pages without a list of their own are told with the reason."""
    found = await discover(make.source, town, reads)
    assert [(one.title, one.url.removeprefix(make.home), one.kind) for one in found.categories] == [
        ("Tin tức", "tin-tuc", "news"),
        ("Văn hóa", "van-hoa", "news"),
        ("Thông báo", "thong-bao", "news"),
    ]
    assert [len(one.stubs) for one in found.categories] == [8, 8, 8]
    (other,) = found.passed
    assert other.title == "Lịch công tác"
    assert other.reason
    assert found.title == "Cổng thông tin Mường La"


async def test_pages_that_are_no_lists_by_name_are_not_asked_for(town, reads, make):
    """Introduction and contact cost no request."""
    await discover(make.source, town, reads)
    assert not {f"{make.home}gioi-thieu", f"{make.home}lien-he"} & set(town.asked)
    assert len(town.asked) == len(set(town.asked)) == 5


async def test_a_side_block_makes_no_category(town, reads, make):
    """A page that lists nothing but the newest news, as every page does, is none."""
    found = await discover(make.source, town, reads)
    assert "Lịch công tác" not in titles(found)


async def test_the_same_list_under_two_names_is_one_category(town, reads, make):
    """The first name in the menu stands for both."""
    town.pages = {
        url: body.replace("</ul></nav>", '<li><a href="/su-kien">Sự kiện</a></li></ul></nav>')
        for url, body in town.pages.items()
    }
    town.pages[f"{make.home}su-kien"] = town.pages[f"{make.home}tin-tuc"]
    found = await discover(make.source, town, reads)
    assert titles(found) == ["Tin tức", "Văn hóa", "Thông báo"]
    assert {one.title: one.reason for one in found.passed}["Sự kiện"] == 'its list is that of "Tin tức"'


async def test_a_list_of_offices_is_no_category(town, reads, make):
    """Addresses unlike those of the news, and no dates: a list of something else."""
    offices = "".join(
        f'<li><h3><a href="/don-vi?ma={n}">Ủy ban nhân dân xã thứ {n} của huyện</a></h3></li>' for n in range(6)
    )
    town.pages[f"{make.home}lich"] = make.whole("Các xã", f"<h1>Các xã</h1><ul class='xa'>{offices}</ul>")
    found = await discover(make.source, town, reads)
    assert "Lịch công tác" not in titles(found)


async def test_pages_elsewhere_and_meagre_ones_are_passed_over(town, reads, make):
    """A page that leads to another host or back home, a list of two, a list of other portals: each is told why."""
    entries = ("khac", "ve-dau", "it-tin", "lien-ket-hay", "su-kien-nong")
    names = ["Cổng khác", "Về đầu", "Ít tin", "Bạn bè", "Sự kiện nóng"]
    links = "".join(f'<li><a href="/{slug}">{name}</a></li>' for slug, name in zip(entries, names, strict=True))
    town.pages = {url: page.replace("</ul></nav>", f"{links}</ul></nav>") for url, page in town.pages.items()}
    portals = "".join(
        f'<li><h3><a href="https://cong-{n}.example.vn/tin.html">Cổng thông tin điện tử của huyện thứ {n}</a></h3>'
        "<span>20/11/2026</span></li>"
        for n in range(6)
    )
    home = town.pages[make.home]
    side = home[home.index('<div class="sidebar">') :]
    bodies = {
        "khac": (make.whole("Khác", make.items("khac", 5)), "https://khac.example.vn/"),
        "ve-dau": (home, make.home),
        "it-tin": (make.whole("Ít", "<h1>Ít tin</h1>", make.items("it-tin", 2)), f"{make.home}it-tin"),
        "lien-ket-hay": (make.whole("Bạn", f"<h1>Bạn bè</h1><ul class='b'>{portals}</ul>"), f"{make.home}lien-ket-hay"),
        "su-kien-nong": (make.whole("Nóng", "<h1>Sự kiện</h1>", side), f"{make.home}su-kien-nong"),
    }
    plain = town.get

    async def get(url: str, **more: object):
        slug = url.removeprefix(make.home)
        return make.page(url, bodies[slug][0], final=bodies[slug][1]) if slug in bodies else await plain(url, **more)

    town.get = get
    found = await discover(make.source, town, reads)
    assert titles(found) == ["Tin tức", "Văn hóa", "Thông báo"]
    reasons = {one.title: one.reason for one in found.passed}
    assert "another host, khac.example.vn" in reasons["Cổng khác"]
    assert "back to the home page" in reasons["Về đầu"]
    assert reasons["Ít tin"]
    assert reasons["Bạn bè"]
    assert reasons["Sự kiện nóng"]


async def test_menus_of_category_pages_lead_further(town, reads, make):
    """A category below a category, named on its page alone, is found too."""
    below = '<nav class="submenu"><ul><li><a href="/van-hoa/le-hoi">Lễ hội</a></li></ul></nav>'
    page = town.pages[f"{make.home}van-hoa"]
    town.pages[f"{make.home}van-hoa"] = page.replace("<h1>", f"{below}<h1>")
    town.pages[f"{make.home}van-hoa/le-hoi"] = page.replace("van-hoa/", "le-hoi/").replace("Văn hóa", "Lễ hội")
    found = await discover(make.source, town, reads)
    assert titles(found) == ["Tin tức", "Văn hóa", "Lễ hội", "Thông báo"]


async def test_a_page_that_fails_spoils_itself_alone(town, reads, make):
    """A category whose page cannot be had is told, and the others are found."""
    del town.pages[f"{make.home}van-hoa"]
    found = await discover(make.source, town, reads)
    assert titles(found) == ["Tin tức", "Thông báo"]
    assert "404" in {one.title: one.reason for one in found.passed}["Văn hóa"]


async def test_a_list_is_the_one_category(town, reads, make):
    """The address of a list, not of a home page, gives that list; nothing else is asked for."""
    source = type(make.source)(slug="x", title="", home=f"{make.home}tin-tuc")
    found = await discover(source, town, reads)
    assert (titles(found), found.is_list, town.asked) == (["Tin tức"], True, [f"{make.home}tin-tuc"])


@pytest.mark.parametrize(
    "root",
    [
        '<html><head><meta http-equiv="Refresh" content="0; URL=/vi/Pages/home.aspx"></head><body></body></html>',
        "<html><body><script>window.location.href = '/vi/Pages/home.aspx';</script></body></html>",
        "<html><body><script>location.replace('/vi/Pages/home.aspx')</script></body></html>",
    ],
)
async def test_an_empty_root_leads_to_the_real_home_page(town, reads, make, root):
    """A root that only sends its visitors on, by a meta element or a script, is followed once, within its host."""
    town.pages[f"{make.home}vi/Pages/home.aspx"] = town.pages[make.home]
    town.pages[make.home] = root
    found = await discover(make.source, town, reads)
    assert titles(found) == ["Tin tức", "Văn hóa", "Thông báo"]
    town.pages[make.home] = root.replace("/vi/", "https://khac.example.vn/vi/")
    assert (await discover(make.source, town, reads)).categories == ()


async def test_a_home_page_that_fails_fails_the_search(make, reads):
    """Without its home page a portal cannot be searched, and the reason is handed on."""
    with pytest.raises(Refused):
        await discover(make.source, make.Pages({}), reads)
    with pytest.raises(ExtractError):
        await discover(make.source, make.Pages({make.home: " "}), reads)


async def test_a_page_built_by_a_script_is_told_as_such(make, reads):
    """No links and a script: the search says what the page looks like."""
    pages = make.Pages({make.home: "<html><body><div id=app></div><script src=/app.js></script></body></html>"})
    found = await discover(make.source, pages, reads)
    assert (found.categories, found.is_scripted) == ((), True)


async def test_a_menu_without_end_costs_a_bounded_number_of_requests(make, reads):
    """However many links there are, at most 30 pages and 40 requests are asked for, and the rest is counted."""
    names = [(f"Chuyên mục {n}", f"/muc-{n}") for n in range(200)]
    pages = {make.home: make.whole("Trang chủ", make.menu(*names), make.items("muc-1"))}
    pages |= {f"{make.home}muc-{n}": make.whole(f"Mục {n}", make.items(f"muc-{n}")) for n in range(200)}
    portal = make.Pages(pages)
    found = await discover(make.source, portal, reads)
    assert len(found.categories) == MOST_PAGES
    assert len(portal.asked) == MOST_PAGES + 1
    assert (found.untried, found.requests <= MOST_REQUESTS) == (170, True)


async def test_redirects_count_as_requests(make, reads):
    """A portal that answers every address by another costs no more than 40 requests either."""
    names = [(f"Chuyên mục {n}", f"/muc-{n}") for n in range(60)]
    pages = {make.home: make.whole("Trang chủ", make.menu(*names), make.items("muc-1"))}
    pages |= {f"{make.home}muc-{n}": make.whole(f"Mục {n}", make.items(f"muc-{n}")) for n in range(60)}
    portal = make.Moved(pages)
    found = await discover(make.source, portal, reads)
    assert 2 * len(portal.asked) - 1 <= found.requests <= MOST_REQUESTS


async def test_time_bounds_a_search(town, reads, make):
    """When time is up nothing more is asked for, and what was left is told."""
    found = await discover(make.source, town, reads, is_late=lambda: len(town.asked) >= 2)
    assert (titles(found), found.late, found.untried) == (["Tin tức"], True, 3)


@pytest.mark.parametrize(("status", "asked"), [(503, 1 + MOST_FAILURES), (429, 2), (404, 31)])
async def test_a_portal_in_trouble_is_left_alone(make, reads, status, asked):
    """After a few failures in a row, or at the wish to be left alone, nothing more is asked for; missing pages are none."""

    class Failing(make.Pages):
        async def get(self, url: str, **more: object):
            if url == make.home:
                return await super().get(url, **more)
            self.asked.append(url)
            raise Refused(f"{url} answers {status}", url=url, status=status)

    names = [(f"Chuyên mục {n}", f"/muc-{n}") for n in range(40)]
    portal = Failing({make.home: make.whole("Trang chủ", make.menu(*names), make.items("muc-1"))})
    found = await discover(make.source, portal, reads)
    assert len(portal.asked) == asked
    assert bool(found.trouble) == (status != 404)


async def test_addresses_that_differ_by_their_query_are_not_all_tried(make, reads):
    """Rates and weather of many places: after a few that are no lists, the others are left alone."""
    names = [(f"Thời tiết {n}", f"/thoi-tiet?noi={n}") for n in range(12)]
    portal = make.Pages({make.home: make.whole("Trang chủ", make.menu(*names), make.items("tin"))})
    await discover(make.source, portal, reads)
    assert len(portal.asked) == 1 + ALIKE


async def test_feeds_of_the_portal_are_judged(town, reads, make):
    """A declared feed is reported with the reason why it is not used."""
    link = '<link rel="alternate" type="application/rss+xml" href="/rss"></head>'
    town.pages[make.home] = town.pages[make.home].replace("</head>", link)
    found = await discover(make.source, town, reads)
    assert [(one.url, one.stubs, "404" in one.shortcoming) for one in found.feeds] == [(f"{make.home}rss", (), True)]


SCRIPTED = """<html><head><title>Mường La</title><link rel="alternate" type="application/rss+xml" href="/rss"></head>
<body><div id=app></div><script src=/app.js></script></body></html>"""


def rss(make, day: str) -> str:
    """A feed of four items of that day."""
    lines = (
        f"<item><title>Bản tin số {n} của thị trấn</title><link>{make.home}tin-{n}</link><pubDate>{day}</pubDate></item>"
        for n in range(4)
    )
    return f"<rss version='2.0'><channel><title>Tin Mường La</title>{''.join(lines)}</channel></rss>"


async def test_a_fresh_feed_stands_in_for_pages_that_give_no_list(make, reads):
    """Of a portal that a script builds, its own feed becomes the category, when it is fresh."""
    pages = make.Pages({make.home: SCRIPTED, f"{make.home}rss": rss(make, "Fri, 20 Nov 2026 08:00:00 +0700")})
    found = await discover(make.source, pages, reads)
    assert [(one.title, one.url, len(one.stubs)) for one in found.categories] == [
        ("Tin Mường La", f"{make.home}rss", 4)
    ]
    pages.pages[f"{make.home}rss"] = rss(make, "Fri, 20 Nov 2020 08:00:00 +0700")
    stale = await discover(make.source, pages, reads)
    assert (stale.categories, "20/11/2020" in stale.feeds[0].shortcoming) == ((), True)


async def test_the_address_of_a_feed_is_a_list(make, reads):
    """A person who names a feed gets it as the one category."""
    pages = make.Pages({f"{make.home}rss": rss(make, "Fri, 20 Nov 2026 08:00:00 +0700")})
    source = type(make.source)(slug="x", title="", home=f"{make.home}rss")
    found = await discover(source, pages, reads)
    assert (titles(found), found.is_list) == (["Tin Mường La"], True)


async def test_wordpress_completes_the_menu(town, reads, make):
    """Categories that WordPress tells, and no menu, are tried as well."""
    link = '<link rel="https://api.w.org/" href="/wp-json/"></head>'
    town.pages[make.home] = town.pages[make.home].replace("</head>", link)
    told = f'[{{"name":"Thể thao","link":"{make.home}the-thao","count":8}}]'
    town.pages[f"{make.home}wp-json/wp/v2/categories?per_page=100&_fields=name,link,count"] = told
    town.pages[f"{make.home}the-thao"] = make.whole("Thể thao", make.items("the-thao", 6, first=4000))
    found = await discover(make.source, town, reads)
    assert titles(found) == ["Tin tức", "Văn hóa", "Thông báo", "Thể thao"]


async def test_progress_tells_what_is_looked_at(town, reads, make):
    """Each page is named before it is asked for, the likeliest first, and the end is told."""
    told = []
    await discover(make.source, town, reads, lambda *step: told.append(step))
    assert [what for what, _, _ in told] == [make.home, "Tin tức", "Văn hóa", "Thông báo", "Lịch công tác", make.home]
    assert told[-1][1:] == (4, 4)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=400))
def test_any_bytes_end_in_an_answer_or_an_error_of_ours(make, reads, one, other):
    """Whatever a portal sends, a search ends with what it found, or says why it could not."""
    home = b"<html><body><nav><ul class=menu>" + one + b"<li><a href=/tin>Tin</a></ul></nav>" + other
    pages = make.Pages({make.home: home, f"{make.home}tin": other})
    try:
        asyncio.run(discover(make.source, pages, reads))
    except ExtractError:
        return


@pytest.fixture(scope="module")
def reading():
    """The real reading child."""
    child = Reading(workers=1)
    yield child
    child.close()


@pytest.mark.parametrize("layout", FAMILIES)
async def test_generated_portals_give_every_category(layout, reading):
    """Of portals of every family, over HTTP, from the home address alone: each category, by its name, kind, address."""
    with served(lambda home: build(layout, 11, home=home, scale=0.5)) as (portal, asked):
        async with HttpFetcher(
            user_agent="feedsvc/0",
            clock=lambda: portal.now,
            allow_private=[portal.home.removeprefix("http://").strip("/")],
            per_host_delay=type(portal.now - portal.now)(0),
        ) as fetcher:
            found = await discover(portal.source, fetcher.for_poll(), reading)
        wanted = {(key_of(one.url), one.name, one.kind) for one in portal.sections}
        got = {(key_of(one.url), one.title, one.kind) for one in found.categories}
        assert got == wanted
        assert len(asked) <= MOST_REQUESTS
