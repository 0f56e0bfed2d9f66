from datetime import UTC, datetime

import pytest

from feedsvc.errors import LayoutChanged
from feedsvc.extract.listing import read_listing
from feedsvc.model import Page, Source

NOW = datetime(2022, 9, 25, 3, 0, tzinfo=UTC)
HOME = "https://thixa.vidu.gov.vn/"
SOURCE = Source(slug="thixa", title="Thị xã", home=HOME)
TITLES = [
    "Xã vùng cao khánh thành cầu treo mới",
    "Tập huấn kỹ thuật trồng lê trái vụ",
    "Học sinh nội trú đón năm học mới",
    "Ra quân vệ sinh môi trường đầu tuần",
    "Hội thi nấu món ăn truyền thống của bản",
    "Khám bệnh miễn phí cho người cao tuổi",
]
OTHERS = [f"Chuyện cũ thứ {n} kể về đời sống bản làng" for n in range(1, 8)]


def read(main, *, page=1, shape="", side="", others=OTHERS):
    """Read page `page` of a list: `main` in the middle column, `side` beside it with a block of `others`."""
    read_most = "".join(f'<li><a href="/xem/{n}-abc.html">{title}</a></li>' for n, title in enumerate(others))
    body = f"""<html lang="vi"><head><title>Tin tức</title></head><body class="trang-{page}"><div class="wrap">
    <div class="col-giua"><h1>Tin tức</h1>{main}</div>
    <div class="col-ben"><div class="hop"><h3>Thông báo</h3><ul>{read_most}</ul></div>{side}</div></div></body></html>"""
    url = f"{HOME}tin-tuc?page={page}"
    answer = Page(
        url=url, final_url=url, status=200, body=body.encode(), content_type="text/html; charset=utf-8", fetched_at=NOW
    )
    return read_listing(answer, SOURCE, shape=shape)


def boxes(*numbers):
    """Lines in boxes of their own."""
    items = "".join(
        f'<div class="tin"><a class="muc" href="/muc-tin-tuc-su-kien">Tin tức sự kiện trong toàn địa bàn thị xã</a>'
        f'<h3><a href="/bai-so-{n}-{n}000">{TITLES[n]}</a></h3><i>{20 - n}/09/2022</i></div>'
        for n in numbers
    )
    return f'<div class="ds">{items}</div>'


def flat(*numbers):
    """Lines of flat markup, headline, date and summary one after the other."""
    return (
        "<div>"
        + "".join(
            f'<h3><a href="/bai-so-{n}-{n}000">{TITLES[n]}</a></h3><p>{20 - n}/09/2022</p>'
            f"<p>Bà con các bản đã có mặt từ sáng sớm để cùng lo việc chung thứ {n} của xã.</p>"
            for n in numbers
        )
        + "</div>"
    )


def plain(*numbers):
    """Lines of a list without any class."""
    return (
        "<ul>"
        + "".join(f'<li><a href="/bai-so-{n}-{n}000">{TITLES[n]}</a> ({20 - n}/09/2022)</li>' for n in numbers)
        + "</ul>"
    )


def table(*numbers):
    """Lines that are rows of a table."""
    rows = "".join(
        f'<tr><td>{n}</td><td><a href="/bai-so-{n}-{n}000">{TITLES[n]}</a></td><td>{20 - n}/09/2022</td></tr>'
        for n in numbers
    )
    return f'<table class="bang"><tr><th>STT</th><th>Tiêu đề</th><th>Ngày đăng</th></tr>{rows}</table>'


def card(*numbers):
    """Lines that are one link each."""
    return (
        '<div class="the-tin">'
        + "".join(
            f'<a class="the" href="/bai-so-{n}-{n}000"><img src="/anh/{n}.jpg"><h4>{TITLES[n]}</h4><span>{20 - n}/09/2022</span></a>'
            for n in numbers
        )
        + "</div>"
    )


@pytest.mark.parametrize("made", [boxes, flat, plain, table, card])
@pytest.mark.parametrize("left", [(5,), (4, 5)])
def test_the_last_page_of_a_list_is_read_though_one_line_is_left(made, left):
    """The shape of page 1 finds the one or two lines left on the last page, whole, and no block beside them."""
    shape = read(made(0, 1, 2, 3)).shape
    last = read(made(*left), page=3, shape=shape)
    assert [stub.url for stub in last.stubs] == [f"{HOME}bai-so-{n}-{n}000" for n in left]
    assert [stub.title for stub in last.stubs] == [TITLES[n] for n in left]
    assert [stub.published and stub.published.day for stub in last.stubs] == [20 - n for n in left]
    assert last.stubs[-1].summary.startswith("Bà con" if made is flat else "")
    assert last.shape == shape


def test_a_block_of_the_same_markup_at_the_side_is_not_the_list():
    """The surroundings of the list tell it from a side block in the list's own markup."""
    side = "".join(
        f'<div class="tin"><h3><a href="/cu-{n}-abc">{title}</a></h3><i>0{n + 1}/08/2022</i></div>'
        for n, title in enumerate(OTHERS[:5])
    )
    side = f'<div class="ds"><h3>Chuyên đề</h3>{side}</div>'
    shape = read(boxes(0, 1, 2, 3, 4), side=side).shape
    assert [stub.title for stub in read(boxes(5), page=3, shape=shape, side=side).stubs] == [TITLES[5]]


@pytest.mark.parametrize("caption", ["Tin khác", "Các tin khác:"])
def test_other_news_are_not_the_list_though_their_markup_is(caption):
    """A shape never leads to what stands under "Tin khác"."""
    shape = read(plain(0, 1, 2, 3)).shape
    with pytest.raises(LayoutChanged):
        read(f"<p>Không tìm thấy trang này.</p><h4>{caption}</h4>{plain(4, 5)}", page=3, shape=shape, others=())


def test_another_layout_on_the_next_page_is_detected_anew():
    """Where the shape finds nothing the page is read as if none had been given."""
    shape = read(boxes(0, 1, 2)).shape
    assert shape
    second = read(table(3, 4, 5), page=2, shape=shape)
    assert [stub.title for stub in second.stubs] == [TITLES[n] for n in (3, 4, 5)]
    assert second.shape == read(table(3, 4, 5), page=2).shape != shape


def test_a_shape_that_would_find_other_lines_is_not_given():
    """Where the markup cannot tell the list from a menu, no shape is better than a wrong one."""
    lines = "".join(f'<p><a href="/bai-so-{n}-{n}000">{TITLES[n]}</a> ({20 - n}/09/2022)</p>' for n in range(3))
    menu = "".join(f'<p><a href="/muc-{n}">Mục {n}</a> 12 bài</p>' for n in range(9))
    body = f"<html><body><div><div class='goi-y'>{menu}</div><div>{lines}</div></div></body></html>"
    page = Page(
        url=HOME,
        final_url=HOME,
        status=200,
        body=body.encode(),
        content_type="text/html; charset=utf-8",
        fetched_at=NOW,
    )
    listing = read_listing(page, SOURCE)
    assert [stub.title for stub in listing.stubs] == TITLES[:3]
    assert listing.shape == ""
