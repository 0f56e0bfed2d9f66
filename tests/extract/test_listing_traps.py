"""What stands on portals' pages beside their lists, and looks like one (reading.md 3, "Traps")."""

import json
from datetime import UTC, datetime

import pytest

from feedsvc.errors import LayoutChanged
from feedsvc.extract.listing import read_listing
from feedsvc.model import Page, Source

NOW = datetime(2022, 9, 25, 3, 0, tzinfo=UTC)
HOME = "https://thixa.vidu.gov.vn/"
TITLES = [
    "Bà con bản Nậm Cang dựng lại cầu gỗ sau trận lũ",
    "Thư viện lưu động đến với học sinh ba điểm trường",
    "Hợp tác xã rau sạch ký hợp đồng với siêu thị",
    "Cán bộ thú y xuống từng nhà tiêm phòng cho đàn vật nuôi",
    "Tổ hòa giải thôn giữ yên tình làng nghĩa xóm",
    "Nghệ nhân dạy trẻ em chế tác khèn và sáo trúc",
    "Mái ấm cho hai cụ già neo đơn trước mùa đông",
]


def read(body, *, path="tin-tuc", **given):
    """What the page with this body lists."""
    markup = f'<!DOCTYPE html><html lang="vi"><head><title>Tin tức - Thị xã</title></head><body>{body}</body></html>'
    page = Page(
        url=HOME + path, final_url=HOME + path, status=200, body=markup.encode(), content_type="text/html",
        fetched_at=NOW,
    )  # fmt: skip
    return read_listing(page, Source(slug="thixa", title="Thị xã", home=HOME), **given)


def titles(listing):
    """The titles alone."""
    return [stub.title for stub in listing.stubs]


def rows(numbers, *, dated=True, folder="tin", name="hang"):
    """Lines of a list: a headline, and perhaps a day."""
    return "".join(
        f'<div class="{name}"><a href="/{folder}/{n}-bai-so-{n}7781">{TITLES[n]}</a>{f" <i>{20 - n}/09/2022</i>" if dated else ""}</div>'
        for n in numbers
    )


def test_tables_of_rates_and_weather_are_no_list():
    """Rows of currencies with links and today's date, and towns with their weather, lose against three headlines."""
    rates = "".join(
        f'<tr><td><a href="/ty-gia/{c}">{c}</a></td><td>23.{n}50</td><td>25/09/2022</td></tr>'
        for n, c in enumerate(["USD", "EUR", "JPY", "CNY", "GBP", "KRW", "THB", "AUD"])
    )
    towns = "".join(
        f'<li><a href="/thoi-tiet/{n}">Thị trấn số {n}</a> <span>2{n}°C, có mưa rào</span></li>' for n in range(9)
    )
    body = f"<div class=b><h3>Tỷ giá ngoại tệ</h3><table>{rates}</table></div><div class=b><h3>Thời tiết</h3><ul>{towns}</ul></div>"
    assert titles(read(body + f"<div class=ds>{rows(range(3))}</div>")) == TITLES[:3]


def test_a_mega_menu_longer_than_the_list_is_no_list():
    """Eighty links of the menu, without any mark that they are one, do not outweigh four headlines without dates."""
    menu = "".join(f"<li><a href='/muc-{n}'>Chuyên mục thứ {n}</a></li>" for n in range(80))
    assert titles(read(f"<ul>{menu}</ul><div class=ds>{rows(range(4), dated=False)}</div>")) == TITLES[:4]


def test_most_read_with_the_lists_own_classes_is_told_by_its_heading():
    """Before or behind the list: what stands under "Đọc nhiều" is not in it."""
    most = f"<div><h3>Đọc nhiều</h3>{rows((5, 6), folder='tin')}</div>"
    for body in (
        most + f"<div><h1>Tin tức</h1>{rows(range(4))}</div>",
        f"<div><h1>Tin tức</h1>{rows(range(4))}</div>" + most,
    ):
        assert titles(read(body)) == TITLES[:4]


@pytest.mark.parametrize("name", ["slick-slide slick-cloned", "owl-item cloned", "swiper-slide swiper-slide-duplicate"])
def test_clones_of_a_slider_are_given_once(name):
    """Sliders repeat their stories at both ends."""
    slides = "".join(
        f'<div class="{name}"><a href="/tin/{n}-bai-so-{n}7781"><img src="/s/{n}.jpg"><h3>{TITLES[n]}</h3></a></div>'
        for n in (3, 0, 1, 2, 3, 0)
    )
    found = titles(read(f'<div class="truot">{slides}</div><div class="ds">{rows(range(6))}</div>'))
    assert sorted(found) == sorted(TITLES[:6])


def test_a_list_without_any_date_is_read():
    """Headlines with pictures and summaries need no day."""
    lines = "".join(
        f'<div class="o"><img src="/anh/{n}.jpg"><h3><a href="/tin/{n}-bai-{n}771">{TITLES[n]}</a></h3>'
        "<p>Công việc được bà con trong thôn cùng nhau bàn bạc và làm trong hai tuần.</p></div>"
        for n in range(5)
    )
    listing = read(f"<div>{lines}</div>")
    assert titles(listing) == TITLES[:5]
    assert all(stub.published is None for stub in listing.stubs)


def test_a_dated_list_of_other_news_below_an_article_is_refused():
    """An article's page is no listing, though "Các tin khác" below it has dates, and the page is long."""
    story = f"<h1>{TITLES[0]}</h1><p>20/09/2022</p>" + "<p>Một đoạn dài kể lại việc dựng cầu của bà con.</p>" * 9
    with pytest.raises(LayoutChanged):
        read(f"<div class=nd>{story}<div class=k><b>Các tin khác:</b>{rows(range(1, 7))}</div></div>", path="tin/0-bai")


def test_forty_agencies_in_the_footer_are_no_list():
    """Hosts of others, each once, are links and not news."""
    agencies = "".join(
        f"<li><a href='https://so{n}.vidu.gov.vn/'>Sở ban ngành thứ {n} của tỉnh nhà</a></li>" for n in range(40)
    )
    assert titles(read(f"<div>{rows(range(3))}</div><div><ul>{agencies}</ul></div>")) == TITLES[:3]


def test_the_same_article_in_two_blocks_is_one_item():
    """The lead box and the list show one story: one item, with the fields of both."""
    box = f'<div class="to"><a href="/tin/0-bai-so-07781"><img src="/anh/0.jpg"></a><h2><a href="/tin/0-bai-so-07781">{TITLES[0]}</a></h2></div>'
    assert titles(read(box + f"<div class=ds>{rows(range(5))}</div>")) == TITLES[:5]


def declared(numbers, *, folder):
    """A list in JSON-LD."""
    entries = [{"@type": "ListItem", "position": n, "url": f"{HOME}{folder}/{n}-bai-so-{n}7781"} for n in numbers]
    data = {"@context": "https://schema.org", "@graph": [{"@type": "ItemList", "itemListElement": entries}]}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_a_declared_list_confirms_the_block_that_shows_it():
    """Of two blocks alike, the one that the page declares as its list is it."""
    one, other = rows(range(3), dated=False, folder="a"), rows(range(3, 6), dated=False, folder="b", name="khac")
    body = f"<div>{one}</div><div>{other}</div>"
    assert titles(read(body)) == TITLES[:3]
    assert titles(read(declared(range(3, 6), folder="b") + body)) == TITLES[3:6]


@pytest.mark.parametrize(
    "script",
    [
        declared(range(5), folder="khong-co-tren-trang"),
        '<script type="application/ld+json">{"@type": "ItemList", "itemListElement": [}</script>',
        '<script type="application/ld+json">{"@type": "ItemList", "itemListElement": 7}</script>'.replace("7", "null"),
        '<script type="application/ld+json">' + "[" * 5000 + '"ItemList"</script>',
    ],
)
def test_a_declared_list_replaces_none(script):
    """A list of elsewhere, or none at all, changes nothing of what the page shows."""
    assert titles(read(script + f"<div>{rows(range(4))}</div>")) == TITLES[:4]


def link(n):
    """The address of a line."""
    return f"/tin/{n}-bai-so-{n}7781"


def addresses(numbers):
    """The addresses of lines, absolute."""
    return [f"{HOME}tin/{n}-bai-so-{n}7781" for n in numbers]


def test_writers_beside_headlines_are_no_items():
    """A few writers in turn, linked in the same markup as the headlines, are left out."""
    lines = "".join(
        f'<li><a href="/tac-gia/{n % 3}">Cộng tác viên {n % 3}</a> - <a href="{link(n)}">{TITLES[n]}</a> {20 - n}-09-2022</li>'
        for n in range(7)
    )
    listing = read(f"<ul>{lines}</ul>")
    assert [stub.url for stub in listing.stubs] == addresses(range(7))
    assert titles(listing) == TITLES


def test_the_rest_of_a_category_stands_under_other_news():
    """Below a category's first story "Các tin khác" heads its list; without one it is an article's tail."""
    first = f'<div class=lon><img src=/a.jpg><h2><a href="{link(0)}">{TITLES[0]}</a></h2><p>Tóm tắt.</p><i>20/09/2022</i></div>'
    rest = f"<h4>Các tin khác</h4><ul>{rows(range(1, 7))}</ul>"
    menu = "".join(f"<li><a href='/muc-{n}'>Mục {n}</a></li>" for n in range(12))
    assert titles(read(f"<nav>{menu}</nav><div>{first}{rest}</div>")) == TITLES


def test_a_bold_line_is_the_headline_where_no_link_is():
    """The only link says "Xem tiếp": what is bold is the headline, however long the summary."""
    lines = "".join(
        f"<div class=o><b>{TITLES[n]}</b><br>{20 - n}/09/2022<br>Tóm tắt của bài, dài hơn hẳn một tiêu đề thường có ở đây."
        f'<br><a href="{link(n)}">Xem tiếp...</a></div>'
        for n in range(6)
    )
    assert titles(read(f"<div>{lines}</div>")) == TITLES[:6]


def test_a_day_inside_the_link_of_a_card_is_its_day():
    """A card that is one link, with headline and day side by side in one line of it."""
    cards = "".join(
        f'<a class=the href="{link(n)}"><span><img src="/anh/{n}.jpg"></span><span><strong>{TITLES[n]}</strong><em>{20 - n}.09.2022</em></span></a>'
        for n in range(6)
    )
    listing = read(f"<div>{cards}</div>")
    assert titles(listing) == TITLES[:6]
    assert [stub.published and stub.published.day for stub in listing.stubs] == [20 - n for n in range(6)]


def test_linked_pictures_are_named_by_their_attributes():
    """Pictures alone, each a link with the headline in `title` and `alt`, are a list."""
    pictures = "".join(
        f'<a href="{link(n)}" title="{TITLES[n]}"><img src="/anh/{n}.jpg" alt="{TITLES[n]}"></a>' for n in range(6)
    )
    assert titles(read(f"<div>{pictures}</div>")) == TITLES[:6]


@pytest.mark.parametrize(("day", "wanted"), [("", 6), ("<i>19/09/2022</i>", 8)])
def test_advertisements_between_the_lines_are_no_items(day, wanted):
    """Another host in the list's own markup: without a day it is an advertisement, with one it is news from elsewhere."""
    foreign = f'<div class="hang"><h3><a href="https://quangcao.vn/mua-hang-tet">Mua hàng tết giảm giá sâu</a></h3>{day}</div>'
    other = foreign.replace("mua-hang-tet", "mua-xe-moi").replace("hàng tết", "xe mới")
    lines = [
        f'<div class="hang"><h3><a href="{link(n)}">{TITLES[n]}</a></h3><i>{20 - n}/09/2022</i></div>' for n in range(6)
    ]
    assert (
        len(read("<div>" + "".join([*lines[:2], foreign, *lines[2:4], other, *lines[4:]]) + "</div>").stubs) == wanted
    )
