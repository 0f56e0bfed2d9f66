from datetime import UTC, datetime

import pytest

from feedsvc.demo.portal import create_portal
from feedsvc.errors import LayoutChanged
from feedsvc.extract.listing import read_listing
from feedsvc.model import Page, Source

NOW = datetime(2022, 9, 25, 3, 0, tzinfo=UTC)
HOME = "https://muongsuong.example"
OLDER = [f"Chuyện thứ {n} ở một bản làng vùng cao" for n in range(1, 6)]


def read(body, path="/tin-tuc", **given):
    """Read a page of these bytes."""
    page = Page(
        url=HOME + path, final_url=HOME + path, status=200, body=body, content_type="text/html; charset=utf-8",
        fetched_at=NOW,
    )  # fmt: skip
    return read_listing(page, Source(slug="ms", title="Mường Sương", home=HOME), **given)


def page(main, caption="Danh sách video", heading="<h1>Tin tức</h1>"):
    """A page with `main` in the middle and a block of five dated stories with pictures beside it."""
    lines = "".join(
        f'<li><a href="/xem/{n}.html"><img src="/anh/{n}.jpg" alt=""></a><h4><a href="/xem/{n}.html">{title}</a></h4>'
        f"<i>0{n + 1}/09/2022</i></li>"
        for n, title in enumerate(OLDER)
    )
    menu = "".join(f'<li><a href="/muc-{n}">Mục {n}</a></li>' for n in range(8))
    return f"""<html lang="vi"><head><title>Tin tức</title></head><body><ul class="menu">{menu}</ul><div class="khung">
    <div class="giua">{heading}{main}</div><div class="ben"><h3>{caption}</h3><ul>{lines}</ul></div>
    </div></body></html>""".encode()


@pytest.mark.parametrize(
    "path", ["/", "/tin-tuc", "/kinh-te-xa-hoi", "/thong-bao", "/video", "/thu-vien-anh", "/van-ban"]
)
@pytest.mark.parametrize("generation", [1, 2])
def test_an_empty_category_of_the_sample_portal_has_no_items(path, generation):
    """Where a category of the portal is empty, nothing that stands beside it is taken for its items."""
    client = create_portal(clock=lambda: NOW).test_client()
    assert read(client.get(path).data, path).stubs
    client.post("/__control", json={"mode": "empty", "generation": generation})
    with pytest.raises(LayoutChanged):
        read(client.get(path).data, path)


@pytest.mark.parametrize(
    "main",
    [
        "<ul></ul>",
        '<div class="news-list">\n</div>',
        '<table class="tbl"><thead><tr><th>Tiêu đề</th></tr></thead><tbody></tbody></table>',
        "<p>Chưa có tin bài nào.</p>",
        "<div><span>Nội dung đang được cập nhật</span></div>",
        "<p>Không có dữ liệu</p>",
        "<p>Hiện tại chưa có bài viết trong chuyên mục này.</p>",
    ],
)
@pytest.mark.parametrize("caption", ["Danh sách video", "Tin khác", "Xem nhiều", "Tin nổi bật", "Tin tức"])
def test_an_empty_list_is_said_to_be_empty_whatever_stands_beside_it(main, caption):
    """A list without lines, or a notice in its place, is an error that says so, and no other block stands in for it."""
    with pytest.raises(LayoutChanged, match="empty"):
        read(page(main, caption))


@pytest.mark.parametrize("caption", ["Danh sách video", "Xem nhiều"])
def test_a_notice_is_enough_where_the_page_has_no_heading(caption):
    """Without an h1 a notice and the caption of a side block tell that the list is empty."""
    lines = "".join(
        f'<li><h4><a href="/xem/{n}.html">{title}</a></h4><img src="/a/{n}.jpg"> <p>{title}, kể lại bằng lời của bà con trong bản.</p> 0{n + 1}/09/2022</li>'
        for n, title in enumerate(OLDER)
    )
    body = f"<html><body><div><p>Chưa có dữ liệu.</p></div><div><h3>{caption}</h3><ul>{lines}</ul></div></body></html>"
    with pytest.raises(LayoutChanged, match="empty"):
        read(body.encode())
    assert len(read(body.replace("<p>Chưa có dữ liệu.</p>", "").replace(caption, "Tin tức").encode()).stubs) == 5


def test_the_list_itself_may_stand_in_another_column_than_the_heading():
    """Beside a heading with an introduction, and nothing empty, the list is read as ever."""
    assert len(read(page("<p>Chuyên trang về đời sống bản làng.</p>", "Tin mới")).stubs) == 5


ONE = (
    '<div class="news-list"><div class="tin"><a href="/bai-dau-tien-1000"><img src="/anh/dau.jpg"></a>'
    '<h3><a href="/bai-dau-tien-1000">Bản mới có bài viết đầu tiên của chuyên mục</a></h3><i>20/09/2022</i></div></div>'
)


def test_a_list_with_one_clear_item_is_a_list():
    """One dated headline with a picture in a box named like a list is the category's first item."""
    listing = read(page(ONE))
    assert [(stub.url, stub.published and stub.published.day) for stub in listing.stubs] == [
        (HOME + "/bai-dau-tien-1000", 20)
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("news-list", "news-detail"),
        ("<i>20/09/2022</i>", ""),
        ('<img src="/anh/dau.jpg">', ""),
        ("h3>", "p>"),
        ('<div class="news-list">', '<h4>Tin khác</h4><div class="news-list">'),
    ],
)
def test_one_doubtful_line_is_no_list(old, new):
    """Without date, picture, heading or the name of a list, or under "Tin khác", one link makes no listing."""
    body = f'<html><body><h1>Tin tức</h1><div class="giua">{ONE.replace(old, new)}</div></body></html>'
    with pytest.raises(LayoutChanged):
        read(body.encode())


def test_the_names_of_sections_are_no_items():
    """Headings of sections, each with "Xem tất cả", do not make a list."""
    heads = "".join(
        f'<div class="muc"><h2><a href="/muc-tin-so-{n}">Tin tức của khối số {n}</a></h2><a href="/muc-tin-so-{n}">Xem tất cả</a></div>'
        for n in range(6)
    )
    with pytest.raises(LayoutChanged):
        read(f"<html><body><h1>Trang chủ</h1><div>{heads}</div></body></html>".encode(), "/")
