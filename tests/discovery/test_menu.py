"""Which links of a page may lead to categories."""

from __future__ import annotations

import pytest

from feedsvc.extract.links import page_links
from feedsvc.extract.marks import Marks
from feedsvc.extract.menu import category_links, is_no_category, sure_news
from feedsvc.extract.page import open_page
from feedsvc.model import Stub


@pytest.fixture
def links_of(make):
    """The links that may lead to categories, by name, of a page with this markup."""

    def find(markup: str, news: tuple[str, ...] = ()) -> dict[str, str]:
        # A page has more links than its menu: no menu holds nearly all of them.
        agencies = "".join(f'<p><a href="https://so-{n}.example.vn/">Sở số {n}</a></p>' for n in range(9))
        links = page_links(open_page(make.page(make.home, f"<html><body>{markup}{agencies}</body></html>")))
        found = category_links(links, Marks(links), {make.home + one for one in news}, "muongla.example.vn")
        return {link.title: link.url.removeprefix(make.home) for link in found}

    return find


def test_links_of_a_menu_are_found_in_their_order(links_of, make):
    """The names of a navigation, as they stand there, lead to their addresses."""
    found = links_of(make.menu(("Tin tức", "/tin"), ("Văn hóa - Xã hội", "/van-hoa"), ("Video", "/video")))
    assert list(found.items()) == [("Tin tức", "tin"), ("Văn hóa - Xã hội", "van-hoa"), ("Video", "video")]


def test_menus_of_tables_are_menus(links_of):
    """A hand-made menu, rows of a table without a class, is one."""
    rows = "".join(f'<tr><td><a href="index.php?cat={n}">Chuyên mục {n}</a></td></tr>' for n in range(1, 6))
    assert len(links_of(f"<table>{rows}</table>")) == 5


@pytest.mark.parametrize(
    "name",
    ["Trang chủ", "Giới thiệu", "GIỚI THIỆU CHUNG", "Cơ cấu tổ chức", "Chức năng, nhiệm vụ", "Liên hệ", "Sơ đồ cổng",
     "Đăng nhập", "Tìm kiếm", "Hỏi đáp", "English", "EN", "Tiếng Việt", "RSS", "Góp ý", "Lãnh đạo qua các thời kỳ"],
)  # fmt: skip
def test_pages_that_are_no_lists_are_left_out(links_of, make, name):
    """Who the portal is, how it is reached, and what can be done there, are no categories."""
    found = links_of(make.menu((name, "/x"), ("Tin tức", "/tin"), ("Thông báo", "/thong-bao")))
    assert list(found) == ["Tin tức", "Thông báo"]


@pytest.mark.parametrize(
    "name", ["Tin tức", "Giới thiệu sách", "Hoạt động của lãnh đạo", "Văn bản", "Tổ chức Đảng", "Y tế", "In ấn", "Ảnh"]
)
def test_names_of_categories_are_none_of_those(name):
    """A name that merely begins like another page's stays a category."""
    assert not is_no_category(name)


def test_captions_of_blocks_lead_to_categories(links_of):
    """The heading above a block of news is a link to its category, also when it is in no menu."""
    block = '<div class="box"><h2 class="title"><a href="/lam-nghiep">Lâm nghiệp</a></h2><p><a href="/a-1.html">{}</a></p></div>'
    title = "Xã Mường La trồng mới hai mươi héc ta rừng phòng hộ đầu nguồn"
    assert links_of(block.format(title), ("a-1.html",)) == {"Lâm nghiệp": "lam-nghiep"}


def test_a_link_to_all_has_the_name_of_its_page(links_of):
    """Words such as "Xem tất cả" are no name: what the page is called is found out there."""
    assert links_of('<div><p>Nông nghiệp</p><a class="more" href="/nong-nghiep">Xem tất cả</a></div>') == {
        "": "nong-nghiep"
    }


def test_the_menu_names_what_a_caption_names_too(links_of, make):
    """Where menu and caption differ, the menu's name counts."""
    markup = '<h2><a href="/video">Danh sách video mới</a></h2>' + make.menu(
        ("Video", "/video"), ("Tin tức", "/tin"), ("Ảnh đẹp", "/anh")
    )
    assert set(links_of(markup)) == {"Video", "Tin tức", "Ảnh đẹp"}


def test_other_hosts_files_and_pagers_are_no_categories(links_of, make):
    """External agencies, documents, numbers of a pager, tags and other languages lead to none."""
    markup = make.menu(
        ("Sở Nội vụ", "https://sonoivu.example.vn/"),
        ("Lịch tiếp dân", "/lich.pdf"),
        ("2", "/?page=2"),
        ("»", "/?page=3"),
        ("Mùa lúa chín", "/tag/mua-lua"),
        ("Bản tiếng Anh", "/?lang=en"),
        ("Tin tức", "https://www.muongla.example.vn/tin"),
    )
    assert list(links_of(markup)) == ["Tin tức"]


def test_albums_that_a_side_block_names_are_no_categories(links_of, make):
    """A numbered page below a category's address is one of its albums."""
    side = '<div class="box">' + "".join(
        f'<p><a href="/anh/mua-lua-chin-tren-ruong-bac-thang-{n}">Mùa lúa chín {n}</a></p>' for n in range(1451, 1456)
    )
    found = links_of(make.menu(("Thư viện ảnh", "/anh"), ("Tin tức", "/tin"), ("Thông báo", "/tb")) + f"{side}</div>")
    assert list(found) == ["Thư viện ảnh", "Tin tức", "Thông báo"]


def test_names_are_whole_unicode(links_of, make):
    """A menu in decomposed Unicode, with a count and an arrow, gives the plain name."""
    found = links_of(make.menu(("Tin tức (12) »", "/tin"), ("Thông báo", "/tb")))
    assert list(found) == ["Tin tức", "Thông báo"]


def test_the_address_above_the_news_comes_first(links_of, make):
    """A link under whose address the news stand is surer than any other."""
    links = page_links(
        open_page(
            make.page(make.home, make.menu(("Mục A", "/a"), ("Mục B", "/b.html"), ("Mục C", "/c"), ("Mục D", "/d")))
        )
    )
    found = category_links(
        links, Marks(links), {f"{make.home}b/tin-moi-{n}.html" for n in range(3)}, "muongla.example.vn"
    )
    assert max(found, key=lambda link: link.weight).title == "Mục B"
    assert [link.below for link in found] == [False, True, False, False]


def test_captions_that_look_like_lines_are_no_sure_news(make):
    """In a list of many forms only the common one, or a dated line, is news without doubt."""
    lines = [Stub(keys=(), url=f"{make.home}?act=view&id={n}", title="Tin") for n in range(1000, 1009)]
    captions = [Stub(keys=(), url=f"{make.home}?act=list", title="Kinh tế")]
    assert sure_news([*lines, *captions]) == {stub.url for stub in lines}
