"""What a page shows of the portal around it."""

from __future__ import annotations

import pytest

from feedsvc.extract.outline import read_outline


@pytest.fixture
def outline(make):
    """The outline of a page with this markup."""

    def read(body: str, head: str = "", path: str = "tin-tuc"):
        return read_outline(make.page(f"{make.home}{path}", f"<html><head>{head}</head><body>{body}</body></html>"), ())

    return read


@pytest.mark.parametrize(
    ("head", "site"),
    [
        (
            '<meta property="og:site_name" content="Cổng Mường La"><title>Tin | Khác hẳn mọi tên</title>',
            "Cổng Mường La",
        ),
        ("<title>Trang chủ - Cổng thông tin điện tử Mường La</title>", "Cổng thông tin điện tử Mường La"),
        ("<title>Tin tức | Cổng thông tin Mường La</title>", "Cổng thông tin Mường La"),
        ("", "muongla.example.vn"),
    ],
)
def test_the_portal_s_name(outline, head, site):
    """Said for machines, else the longest part of the title that is not "Trang chủ", else the host."""
    assert outline("<p>x</p>", head).site == site


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (
            '<ul class="breadcrumb"><li><a href="/">Trang chủ</a> »</li><li><a href="/t">Văn hóa</a></li></ul>',
            "Văn hóa",
        ),
        ('<div class="breadcrumbs"><a href="/">Trang chủ</a> / <span>Du lịch</span></div><h1>Khác</h1>', "Du lịch"),
        ('<div class="breadcrumb"><a href="/">Trang chủ</a></div><h1>Thể thao</h1>', "Thể thao"),
        ("<h1>Y tế</h1>", "Y tế"),
        ("<h1>Cổng thông tin Mường La</h1>", "Tin tức"),
        ("<p>x</p>", "Tin tức"),
    ],
)
def test_the_page_s_name(outline, body, name):
    """The last name of the breadcrumb, else the heading unless it is the portal's, else the title's first part."""
    assert outline(body, "<title>Tin tức - Cổng thông tin Mường La</title>").name == name


@pytest.mark.parametrize(
    ("path", "body", "is_home"),
    [
        ("", '<a href="/tin">Tin</a>', True),
        ("index.php", '<a href="/tin">Tin</a>', True),
        ("vi/", '<a href="/">Trang chủ</a>', True),
        ("portal/Pages/home.aspx", '<a href="/tin">Tin</a>', True),
        ("tin-tuc", '<a href="/">Trang chủ</a>', False),
        ("tin-tuc", '<a href="/portal/vi">TRANG CHỦ</a>', False),
        ("tin-tuc", '<a href="https://khac.example.vn/">Trang chủ</a>', True),
    ],
)
def test_a_front_page_is_told(outline, path, body, is_home):
    """By its address, or since no link of it leads to another page as the front page."""
    assert outline(body, path=path).is_home is is_home


def test_a_page_of_a_script_is_told(outline):
    """Hardly a link, and a script."""
    assert outline("<div id=app></div><script src=/a.js></script>").is_scripted
    assert not outline("<p>x</p>").is_scripted
    links = "".join(f'<a href="/{n}">Mục {n}</a>' for n in range(9))
    assert not outline(f"{links}<script src=/a.js></script>").is_scripted
