"""The pages: all answer, pagers walk a whole category, counters move and nothing else does."""

from __future__ import annotations

import html
import re

import pytest
from bs4 import BeautifulSoup

from feedsvc.demo.content import CATEGORIES, load_content

CONTENT = load_content()


def soup(answer):
    """The page as a tree."""
    return BeautifulSoup(answer.get_data(as_text=True), "lxml")


def titles(category):
    """The titles of a category, newest first."""
    return [article.title for article in CONTENT.articles if article.category == category]


@pytest.mark.parametrize("mode", ["normal", "redesign"])
def test_every_page_answers(client, report, order, mode):
    """No address of the report, the menu or a list leads nowhere, in either look."""
    order(mode=mode)
    pages = ["/", "/gioi-thieu", "/lien-he", "/dang-nhap", "/video", "/thu-vien-anh", "/van-ban", "/robots.txt"]
    pages += [f"/{category.slug}" for category in CATEGORIES]
    shown = report()
    pages += [*shown["videos"], *shown["albums"], *shown["documents"]]
    pages += [address for article in shown["articles"] for address in article["addresses"]]
    links = {
        link["href"].strip()
        for page in pages[:11]
        for link in soup(client.get(page)).select('a[href^="/"], a[href^=" /"]')
    }
    assert len(links) > 60
    for page in {*pages, *links}:
        assert client.get(page).status_code == 200, page


def test_the_head_names_the_towns_categories(client):
    """The home page is Vietnamese and names all three news categories."""
    page = soup(client.get("/"))
    assert page.html["lang"] == "vi"
    assert {category.title for category in CATEGORIES} <= {link.get_text() for link in page.select(".menu a")}
    assert page.select_one(".date-now").get_text() == "Thứ Hai, ngày 23/11/2026 19:24 GMT+7"


@pytest.mark.parametrize("generation", [1, 2])
def test_links_walk_the_whole_first_category(client, order, generation):
    """Following the numbers of the pager gives every article once, in order, with the generation's addresses."""
    order(generation=generation)
    found, page = [], "/tin-tuc"
    while page:
        tree = soup(client.get(page))
        found += tree.select(".news-list h3 a")
        following = tree.select_one(".pager .current").find_next_sibling("a")
        page = following["href"] if following else None
    assert [link.get_text() for link in found] == titles("tin-tuc")
    assert all(link["href"].startswith("/1227/27461/54439/" if generation == 1 else "/tin-tuc/") for link in found)


def test_queries_walk_the_third_category(client):
    """The pager of the notices is a PageIndex; page 1 answers with it and without."""
    pages = [soup(client.get(f"/thong-bao?PageIndex={number}")) for number in (1, 2, 3)]
    assert [link.get_text() for page in pages for link in page.select(".tbl-news b")] == titles("thong-bao")
    assert [link["href"] for link in pages[1].select(".pager a")] == [
        "/thong-bao?PageIndex=1",
        "/thong-bao?PageIndex=3",
    ]
    assert client.get("/thong-bao?PageIndex=4").status_code == 404


def fields(page):
    """The hidden fields of the page's form."""
    return {field["name"]: field["value"] for field in page.select("#aspnetForm input[type=hidden]")}


def events(page):
    """Targets and arguments of the pager's postbacks, by their text."""
    calls = {link.get_text(): link["href"] for link in page.select(".pager a")}
    return {text: re.findall(r"'([^']*)'", html.unescape(call)) for text, call in calls.items()}


def post(client, page, text):
    """Clicks the link `text` of the pager of `page`."""
    target, argument = events(page)[text]
    return client.post("/kinh-te-xa-hoi", data={**fields(page), "__EVENTTARGET": target, "__EVENTARGUMENT": argument})


@pytest.mark.parametrize("steps", [["2", "3"], ["Trang sau", "Trang sau"]])
def test_postbacks_walk_the_second_category(client, steps):
    """Posting the latest state with a number, or with "next", gives every article once, in order."""
    pages = [soup(client.get("/kinh-te-xa-hoi"))]
    for step in steps:
        pages.append(soup(post(client, pages[-1], step)))
    found = [link["title"] for page in pages for link in page.select(".item-title")]
    assert found == titles("kinh-te-xa-hoi")
    assert "Trang sau" not in events(pages[-1])


@pytest.mark.parametrize("step", ["number", "Trang sau"])
def test_postbacks_walk_a_long_category(client, order, step):
    """With more than five pages the dots lead to the next block of numbers; nothing is left out or shown twice."""
    order(publish=40, category="kinh-te-xa-hoi")
    expected = [one["title"] for one in order()["articles"] if one["category"] == "kinh-te-xa-hoi"]
    page, found = soup(client.get("/kinh-te-xa-hoi")), []
    while True:
        found += [link["title"] for link in page.select(".item-title")]
        current = page.select_one(".pager .current")
        following = current.find_next_sibling("a")
        if following is None:
            break
        page = soup(post(client, page, following.get_text() if step == "number" else step))
    assert found == expected
    assert current.get_text() == "7"


def test_an_older_state_is_refused(client):
    """With cookies kept, only the state of the latest answer is taken."""
    first = soup(client.get("/kinh-te-xa-hoi"))
    assert post(client, first, "2").status_code == 200
    assert post(client, first, "3").status_code == 500


@pytest.mark.parametrize(
    "change",
    [
        {"__VIEWSTATE": "AAAA"},
        {"__VIEWSTATE": "không phải base64"},
        {"__EVENTARGUMENT": "9"},
        {"__EVENTARGUMENT": "Tiếp"},
        {"__EVENTTARGET": "ctl00$btnLogin"},
    ],
)
def test_a_changed_state_is_refused(client, change):
    """A state that was tampered with, or an event that the page did not offer, gives a server error."""
    page = soup(client.get("/kinh-te-xa-hoi"))
    target, argument = events(page)["2"]
    sent = {**fields(page), "__EVENTTARGET": target, "__EVENTARGUMENT": argument, **change}
    assert client.post("/kinh-te-xa-hoi", data=sent).status_code == 500


def test_a_pressed_button_is_no_paging(client):
    """A form sent with its login button, without an event, ends at the login page."""
    page = soup(client.get("/kinh-te-xa-hoi"))
    answer = client.post("/kinh-te-xa-hoi", data={**fields(page), "ctl00$btnLogin": "Đăng nhập"})
    assert "mật khẩu không đúng" in answer.get_data(as_text=True)


@pytest.mark.parametrize("address", ["/", "/tin-tuc", "/thong-bao", "/video", "/van-ban"])
def test_counters_move_and_nothing_else(client, address):
    """Two fetches differ, but only in the counters."""

    def without_counters(text):
        return re.sub(r"<li>(?:Đang truy cập|Hôm nay|Trong năm|Tất cả): [\d,]+</li>", "", text)

    first, second = (client.get(address).get_data(as_text=True) for _ in range(2))
    assert first != second
    assert without_counters(first) == without_counters(second)


def test_long_titles_are_cut_in_one_list(client):
    """The second category cuts long titles with three dots and keeps the whole one in `title`."""
    links = soup(client.get("/kinh-te-xa-hoi")).select(".item-title")
    cut = [link for link in links if link.get_text().endswith("...")]
    assert cut
    assert all(link["title"].startswith(link.get_text()[:-3]) for link in cut)


def test_html_has_no_validators(client):
    """Pages carry neither ETag nor Last-Modified: their counters would make both untrue."""
    headers = client.get("/tin-tuc").headers
    assert "ETag" not in headers
    assert "Last-Modified" not in headers


@pytest.mark.parametrize("article", CONTENT.articles[::5], ids=lambda article: article.slug[:30])
def test_an_article_page_shows_all_of_it(client, article):
    """Both addresses show title, lead in bold, every paragraph, captions after pictures, and the byline last."""
    old = f"/1227/27461/54439/{article.old_number}/{article.category}/{article.slug}"
    for address in (old, f"/{article.category}/{article.slug}-{article.number}"):
        detail = soup(client.get(address)).select_one(".detail")
        text = detail.get_text(" ")
        assert detail.h1.get_text() == article.title
        assert detail.strong.get_text() == article.lead
        assert all(block in text for block in article.body if isinstance(block, str))
        assert all(
            image.find_next(string=picture.caption)
            for image, picture in zip(detail.select("img"), article.pictures, strict=True)
        )
        assert detail.select(".detail-content > p")[-1].get_text() == article.byline
        assert f"{article.published:%d}" in detail.select_one(".detail-date").get_text()


def test_date_lines_come_in_all_habits(client, report):
    """Six ways to write the date, some without the time of day, all with the article's day."""
    lines = {article["published"]: client.get(article["addresses"][1]) for article in report()["articles"]}
    texts = [soup(page).select_one(".detail-date").get_text() for page in lines.values()]
    shapes = {re.sub(r"\d+", "9", re.sub(r"Thứ \w+|Chủ Nhật", "Thứ", text)) for text in texts}
    assert len(shapes) == 6


def test_other_news_is_dated_and_paged(client, report):
    """`Tin khác` holds other articles of the category with dates, never the page itself, and a pager."""
    article = report()["articles"][0]
    first, second = (soup(client.get(article["addresses"][1] + query)) for query in ("", "?tk=2"))
    shown = [[link["href"] for link in page.select(".other-news li a")] for page in (first, second)]
    assert not set(shown[0]) & set(shown[1])
    assert article["addresses"][0] not in shown[0]
    assert all(re.fullmatch(r"\(\d\d/\d\d/2026\)", date.get_text()) for date in first.select(".other-news .date"))
    assert first.select_one(".other-news .pager").get_text().split()[:4] == ["1", "2", "3", "4"]


def test_unknown_addresses_are_missing(client, report):
    """Wrong numbers, wrong categories and pages beyond the last give 404 with a page in Vietnamese."""
    number = report()["articles"][0]["number"]
    for address in ("/tin-tuc/x-1", "/tin-tuc/khong-so", f"/thong-bao/x-{number}", "/tin-tuc/trang-9.html", "/video/x-1",
                    "/video?page=7", "/media/anh/x.png", "/media/video/x.mp4", "/media/van-ban/x.pdf"):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert "Không tìm thấy trang" in client.get("/tin-tuc/x-1").get_data(as_text=True)
