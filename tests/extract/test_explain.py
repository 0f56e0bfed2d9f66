"""A reading gives an account of itself, where somebody asks; it is the same reading."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ExtractError
from feedsvc.extract import read_article, read_listing
from feedsvc.extract.account import Account
from feedsvc.model import Page, Selectors, Source, Stub

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SOURCE = Source(slug="sapa", title="Sa Pa", home="https://sapa.example.vn/")
ARTICLE = """<html><head><title>Mở lại chợ phiên sau mùa mưa | Xã Mường Sương</title>
<meta property="og:title" content="Mở lại chợ phiên sau mùa mưa"><meta property="og:image" content="/anh/logo.png">
<meta name="author" content="Lò Thị Mai"></head><body><h1>Mở lại chợ phiên sau mùa mưa</h1>
<p class="date">Thứ năm, 19/11/2026 - 07:30</p><div class="detail-content">
<p><strong>Sáng 19/11, chợ phiên họp lại sau ba tuần nghỉ vì mưa lũ, đông người hơn mọi năm.</strong></p>
<p><img src="/anh/cho.jpg" width="800"></p><p><em>Bà con xuống chợ từ sớm.</em></p>
<p>Đường vào chợ đã được dọn sạch, các lán bán hàng được dựng lại chắc chắn hơn, ai cũng phấn khởi ra về.</p>
<p>Hà My (Trung tâm Văn hóa xã)</p></div>
<div class="khac"><p>Một khối chữ khác ở bên lề trang, dài đủ để có thể là nội dung bài viết nhưng không phải.</p></div>
</body></html>"""
LIST = (
    "<html><body><ul class='menu'><li><a href='/a'>Trang chủ</a></li><li><a href='/b'>Giới thiệu</a></li></ul>"
    "<h1>Tin tức</h1><ul class='tin'>"
    + "".join(f"<li><h3><a href='/tin/{n}'>Bản tin thứ {n} của xã nhà</a></h3>(1{n}/11/2026)</li>" for n in range(6))
    + "</ul><div class='pager'><b>1</b> <a href='?page=2'>2</a> <a href='?page=3'>3</a></div></body></html>"
)
POSTBACK = (
    "<form action='/tin'><input type='hidden' name='__VIEWSTATE' value='x'>"
    + LIST.replace("href='?page=2'", "href=\"javascript:__doPostBack('pgr','2')\"")
    + "</form>"
)


def page(body: str) -> Page:
    """A page with this body."""
    url = "https://sapa.example.vn/tin"
    return Page(url=url, final_url=url, status=200, body=body.encode(), content_type="text/html", fetched_at=NOW)


def test_every_field_of_an_article_has_what_gave_it() -> None:
    """Title, date, lead, text, writer and picture: one offer is taken for each, and the others are told."""
    account = Account()
    stub = Stub(keys=(), url="", title="Mở lại chợ phiên...", published=NOW)
    item = read_article(page(ARTICLE), SOURCE, stub, account=account)
    assert item == read_article(page(ARTICLE), SOURCE, stub)
    taken = {name: [one for one in account.of(name) if one.chosen] for name in account.fields()}
    assert {name: [one.rule for one in offers] for name, offers in taken.items()} == {
        "title": ["heading at the text"],
        "lead": ["bold first paragraph"],
        "published": ["line at the headline"],
        "author": ["declared for machines"],
        "body": [taken["body"][0].rule],
        "picture": ["in the text"],
    }
    assert taken["body"][0].value == "div.detail-content"
    assert 0 < (taken["body"][0].weight or 0) <= 1
    assert [one.value for one in account.of("author")] == ["Lò Thị Mai", "Hà My"]
    refused = [one for one in account.of("picture") if not one.chosen]
    assert [one.value for one in refused] == ["https://sapa.example.vn/anh/logo.png"]
    assert "text in the listing" in {one.rule for one in account.of("title")}


def test_what_a_selector_gave_is_told_as_such() -> None:
    """A selector of the source is named, and nothing votes beside it."""
    select = Selectors(title="p.date", body=".khac", summary=".khac p", byline=".date", date=".date")
    account = Account()
    read_article(page(ARTICLE), Source(slug="s", title="S", home="https://x.example/", select=select), account=account)
    for name, selector in (("title", "title"), ("body", "body"), ("lead", "summary"), ("published", "date")):
        assert [one.rule for one in account.of(name) if one.chosen] == [f"[source.select] {selector}"]


@pytest.mark.parametrize(
    ("body", "rule", "value"),
    [
        (LIST, "number 2 in the pager", "https://sapa.example.vn/tin?page=2"),
        (LIST.replace("<h1>", "<link rel='next' href='/tin?page=2'><h1>"), "rel=next", "https://sapa.example.vn/tin?page=2"),
        (POSTBACK, "ASP.NET postback", "pgr 2"),
    ],
    ids=["number", "rel", "postback"],
)  # fmt: skip
def test_a_list_is_told_with_its_rivals_and_its_next_page(body: str, rule: str, value: str) -> None:
    """The block that is the list, with its score and reasons, before the others; how the next page was known."""
    account = Account()
    listing = read_listing(page(body), SOURCE, account=account)
    assert listing == read_listing(page(body), SOURCE)
    best, *rivals = account.of("list")
    assert best.chosen
    assert "6 items in li" in best.value
    assert "dated +3.0" in best.rule
    assert rivals
    assert (account.of("next page")[0].rule, account.of("next page")[0].value) == (rule, value)
    assert account.of("dates")[0].value == "6 of 6"


def test_a_list_of_selectors_is_told_as_such() -> None:
    """Where a selector names the items, it is the reason."""
    select = Selectors(item="ul.tin > li", next=".pager a")
    account = Account()
    read_listing(page(LIST), Source(slug="s", title="S", home="https://x.example/", select=select), account=account)
    assert account.of("list")[0].rule == "[source.select] item"
    assert account.of("next page")[0].rule == "[source.select] next"


@settings(max_examples=120, deadline=None)
@given(st.sampled_from((ARTICLE, LIST, POSTBACK)), st.data())
def test_no_page_breaks_the_account(body: str, data: st.DataObject) -> None:
    """Whatever is cut out of a page or put into it, what can be read can be explained."""
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = min(len(body), start + data.draw(st.integers(0, 120)))
        body = (
            body[:start] + data.draw(st.sampled_from(("", "<p>", "</div>", "<h1>Tin", "<table><tr><td>"))) + body[end:]
        )
    with suppress(ExtractError):
        read_article(page(body), SOURCE, account=Account())
    with suppress(ExtractError):
        read_listing(page(body), SOURCE, account=Account())
