from datetime import UTC, datetime

import pytest

from feedsvc.extract.page import open_page
from feedsvc.extract.pager import read_pager
from feedsvc.model import Page

BASE = "https://thixa.vidu.gov.vn/tin-tuc"


def pager(markup, url=BASE):
    """Read the pager of a page that holds `markup` below its list."""
    body = f"<html><body><div id=list><p>Tin một</p></div>{markup}</body></html>".encode()
    page = Page(
        url=url,
        final_url=url,
        status=200,
        body=body,
        content_type="text/html",
        fetched_at=datetime(2022, 9, 25, tzinfo=UTC),
    )
    return read_pager(open_page(page))


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ('<link rel="next" href="/tin-tuc?page=2">', "?page=2"),
        ('<div><a href="/tin-tuc?page=2">Trang sau</a></div>', "?page=2"),
        ('<div><a href="/tin-tuc?page=2">Tiếp theo »</a></div>', "?page=2"),
        ('<div><a href="/tin-tuc?page=2"><span>Pagina successiva »</span></a></div>', "?page=2"),
        (
            '<div><a href="/tin-tuc?page=2">Próxima página</a> <a href="/tin-tuc?page=2">Página próxima</a></div>',
            "?page=2",
        ),
        (
            '<div class="p"><span>1</span> <a href="?page=2">2</a> <a href="?page=3">3</a> <a href="?page=9">...</a></div>',
            "?page=2",
        ),
        (
            '<ul><li class="active"><a href="#">1</a></li><li><a href="?page=2">2</a></li><li><a href="?page=3">3</a></li></ul>',
            "?page=2",
        ),
        ('<div>Trang: 1 <a href="?page=2">2</a> <a href="?page=3">3</a></div>', "?page=2"),
        ('<div><b>[1]</b> <a href="?page=2">[2]</a> <a href="?page=3">[3]</a></div>', "?page=2"),
        (
            '<div><a href="/tin-tuc?page=1">1</a> <b>2</b> <a href="/tin-tuc?page=3">3</a> <a href="/tin-tuc?page=40">»</a></div>',
            "?page=3",
        ),
        ('<div><span>1</span><a href="?page=2">2</a><a href="?page=2">›</a><a href="?page=40">»</a></div>', "?page=2"),
        (
            '<div><span>1</span> <a href="?page=2">2</a> <a href="?page=2"><img src="n.gif" alt="Trang sau"></a></div>',
            "?page=2",
        ),
        ('<ul class="pager"><li><a class="next" href="?page=2"><i class="fa"></i></a></li></ul>', "?page=2"),
        ("<div><a href='?page=7'>7</a> <a href='?page=8'>8</a> <b>9</b> <a href='?page=10'>...</a></div>", "?page=10"),
        ("<div><b>1</b> <a href='?page=2'>2</a></div>", "?page=2"),
    ],
)
def test_the_next_page_is_found(markup, wanted):
    """Declared, labelled, numbered, behind dots or a picture: the next page's address is found."""
    assert pager(markup).next_url == BASE + wanted


@pytest.mark.parametrize(
    ("url", "markup", "wanted"),
    [
        (
            BASE + "/trang-39.html",
            "".join(f'<a href="/tin-tuc/trang-{n}.html">{n}</a> ' for n in range(36, 43)),
            BASE + "/trang-40.html",
        ),
        (
            BASE + "?PageIndex=3",
            "".join(f'<a href="/tin-tuc?PageIndex={n}">{n}</a> ' for n in range(1, 6)),
            BASE + "?PageIndex=4",
        ),
        (
            BASE + "?start=30",
            "".join(f'<a href="/tin-tuc?start={15 * (n - 1)}">{n}</a> ' for n in range(1, 6)),
            BASE + "?start=45",
        ),
        (
            BASE + "/currentpage/16",
            "".join(f'<a href="/tin-tuc/currentpage/{n}">{n}</a> ' for n in range(14, 19)),
            BASE + "/currentpage/17",
        ),
    ],
)
def test_the_own_number_is_told_by_the_address(url, markup, wanted):
    """Where no number is marked as current, the page's own address tells which it is."""
    assert pager(f"<div>{markup}</div>", url).next_url == wanted


@pytest.mark.parametrize(
    "markup",
    [
        "<div><a href='?page=1'>1</a> <a href='?page=2'>2</a> <b>3</b></div>",
        "<div><a href='?page=1'>Trang trước</a> <span class='disabled'><a href='?page=2'>Trang sau</a></span></div>",
        "<p>Không có trang nào khác.</p>",
        "<div><span>1</span></div>",
        "<div><a href='https://khac.vidu.vn/?page=2'>Trang sau</a></div>",
        "<div><a href='javascript:void(0)'>Tiếp</a></div>",
        "<table class='calendar'>"
        + "".join(f"<tr><td><a href='/ngay/{n}'>{n}</a></td><td>{n + 1}</td></tr>" for n in range(1, 28, 2))
        + "</table>",
    ],
)
def test_where_there_is_no_next_page_none_is_given(markup):
    """The last page, a dead button, another host and a calendar lead nowhere; no address is made up."""
    found = pager(markup)
    assert (found.next_url, found.next_form) == (None, None)


def test_every_page_of_the_pager_is_given_but_not_this_one():
    """`pages` holds the addresses of the numbers, first and last; the page itself and other links are left out."""
    found = pager(
        '<div><a href="/tin-tuc">1</a> <a href="?page=2">2</a> <a href="?page=3">3</a> <a href="?page=40">Cuối</a></div>'
    )
    assert found.pages == (BASE + "?page=2", BASE + "?page=3", BASE + "?page=40")


def test_numbers_that_stand_in_boxes_of_their_own_are_one_pager():
    """A pager of table cells with many words between them is one all the same; other counts are not in it."""
    cells = "".join(
        f'<td><p>Chuyển nhanh tới trang có số thứ tự ghi ở dưới đây, theo ngày đăng từ mới tới cũ</p><a href="/tin-tuc/p{n}.html">{n}</a></td>'
        for n in (2, 3, 4, 11)
    )
    found = pager(f'<table><tr><td>1</td>{cells}</tr></table><p><a href="/binh-luan?bai=771">4</a></p>')
    assert found.next_url == f"{BASE}/p2.html"
    assert found.pages == tuple(f"{BASE}/p{n}.html" for n in (2, 3, 4, 11))


def test_numbers_of_lines_a_page_are_no_pages():
    """A choice of 9, 30 or 120 lines a page in the pager's own box leads to no page of the list."""
    sizes = "".join(f'<a href="?so-dong={n}">{n}</a> ' for n in (9, 30, 40, 120))
    found = pager(f'<div>{sizes} <b>1</b> <a href="?p=2">2</a> <a href="?p=3">3</a> <a href="?p=2">Tiếp</a></div>')
    assert found.next_url == f"{BASE}?p=2"
    assert found.pages == (f"{BASE}?p=2", f"{BASE}?p=3")


LIFERAY = (
    "?p_p_id=101_INSTANCE_k2&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&p_p_col_id=column-2&p_p_col_count=1"
    "&_101_INSTANCE_k2_delta=20&_101_INSTANCE_k2_keywords=&_101_INSTANCE_k2_advancedSearch=false&_101_INSTANCE_k2_cur="
)


@pytest.mark.parametrize(
    ("url", "markup", "wanted"),
    [
        (
            BASE,
            (
                f'<ul class="pagination"><li class="disabled"><a href="javascript:;">← Đầu tiên</a></li><li><a href="{LIFERAY}2">'
                f'Tiếp theo</a></li><li><a href="{LIFERAY}16">Cuối cùng →</a></li></ul>'
            ),
            f"{BASE}{LIFERAY}2",
        ),
        (
            BASE,
            f'<ul><li class="active"><a href="#"><span>Trang</span>1</a></li><li><a href="{LIFERAY}2"><span>Trang</span>2</a></li></ul>',
            f"{BASE}{LIFERAY}2",
        ),
        (
            f"{BASE}/currentpage/15",
            (
                '<table><tr><td>Trang 15 trong 40</td><td><a href="/tin-tuc/currentpage/14">Trước</a> [<span>15</span>]'
                ' <a href="/tin-tuc/currentpage/16">16</a> <a href="/tin-tuc/currentpage/40">Cuối</a></td></tr></table>'
            ),
            f"{BASE}/currentpage/16",
        ),
        (
            BASE,
            "<td><a onclick=\"RefreshPageTo(event, '/tin-tuc?Paged=TRUE\\u0026p_ID=31');\" href='javascript:'><img alt='Tiếp theo'></a></td>",
            f"{BASE}?Paged=TRUE&p_ID=31",
        ),
        (
            BASE,
            "<div><span>1</span><span onclick=\"location.href='/tin-tuc?page=2'\">2</span></div>",
            f"{BASE}?page=2",
        ),
        (
            f"{BASE}?page=2",
            (
                '<form>Trang <select onchange="location=this.value"><option value="?page=1">1</option>'
                '<option value="?page=2" selected>2</option><option value="?page=3">3</option></select></form>'
            ),
            f"{BASE}?page=3",
        ),
        (BASE, '<div><a href="/tin-tuc?trang=2">Xem thêm</a></div>', f"{BASE}?trang=2"),
        (
            f"{BASE}/trang-2.html",
            '<p><a href="/tin-tuc/trang-3.html">Xem các tin tiếp theo »</a></p>',
            f"{BASE}/trang-3.html",
        ),
    ],
)
def test_portals_ways_of_turning_pages_are_followed(url, markup, wanted):
    """Liferay, DotNetNuke, SharePoint, click handlers, fields of choice, buttons that load more."""
    assert pager(markup, url).next_url == wanted


@pytest.mark.parametrize("address", ["/bai-viet-so-2", "/su-kien?page=2", "/tin-tuc?trang=3", "/tin-tuc/bai-5512.html"])
def test_more_of_something_else_is_no_next_page(address):
    """The words "Xem thêm" below a line or a side block leads on to an article, another list, or not to the following page."""
    assert pager(f'<div><a href="{address}">Xem thêm</a></div>').next_url is None


FORM = """<form method="post" action="/tin-tuc" id="aspnetForm">
<input type="hidden" name="__EVENTTARGET" value=""><input type="hidden" name="__EVENTARGUMENT" value="">
<input type="hidden" name="__VIEWSTATE" value="dDw3"><input type="hidden" name="__VIEWSTATEGENERATOR" value="CA0B">
<input type="hidden" name="__EVENTVALIDATION" value="ev=="><input type="text" name="tukhoa" value="cũ"><input type="password" name="mk">
<input type="submit" name="tim" value="Tìm"><select name="nam"><option value="2021">2021</option><option value="2022" selected>2022</option></select>
<select name="loai"><option>Tất cả</option><option>Báo</option></select><input type="checkbox" name="nho"><input type="checkbox" name="co" checked value="1">
<a href="javascript:__doPostBack('ctl00$dangnhap','')">Đăng nhập</a>
<table class="pager"><tr><td><span>1</span></td><td><a href="javascript:__doPostBack('ctl00$pager$ctl01','')">2</a></td>
<td><a href="javascript:__doPostBack('ctl00$pager$ctl02','')">3</a></td><td><a href="javascript:__doPostBack('ctl00$pager$ctl05','')">...</a></td></tr></table></form>
<form action="/thang-tham-do"><input type="hidden" name="phieu" value="1"></form>"""


def test_a_postback_pager_gives_the_form_to_send():
    """The next page of an ASP.NET pager is a form: all state as it stands, no button, no password, then the event."""
    found = pager(FORM)
    form = found.next_form
    assert found.next_url == BASE
    assert found.pages == ()
    assert (form.action, form.target, form.argument) == (BASE, "ctl00$pager$ctl01", "")
    assert form.fields == (
        ("__VIEWSTATE", "dDw3"),
        ("__VIEWSTATEGENERATOR", "CA0B"),
        ("__EVENTVALIDATION", "ev=="),
        ("tukhoa", ""),
        ("nam", "2022"),
        ("loai", "Tất cả"),
        ("co", "1"),
        ("__EVENTTARGET", "ctl00$pager$ctl01"),
        ("__EVENTARGUMENT", ""),
    )


@pytest.mark.parametrize(
    ("call", "target"),
    [
        ("javascript:__doPostBack('GridView1','Page$2')", ("GridView1", "Page$2")),
        ("javascript:__doPostBack(&#39;GridView1&#39;,&#39;Page$2&#39;)", ("GridView1", "Page$2")),
        (
            "javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions(&quot;lb$2&quot;, &quot;a&quot;, true, &quot;&quot;, &quot;&quot;, false, true))",
            ("lb$2", "a"),
        ),
    ],
)
def test_both_ways_of_posting_back_are_read(call, target):
    """GridView arguments and WebForm_PostBackOptions name the same two fields."""
    form = pager(f'<form action=""><span>1</span> <a href="{call}">2</a></form>').next_form
    assert (form.target, form.argument) == target


def test_only_the_recognised_pager_is_ever_posted():
    """Login, search and vote postbacks are never taken for a next page."""
    found = pager(
        "<form><a href=\"javascript:__doPostBack('dangnhap','')\">Đăng nhập</a><a href=\"javascript:__doPostBack('xuat','')\">Xuất Excel</a></form>"
    )
    assert found.next_form is None


def test_the_last_page_of_a_postback_pager_has_no_next():
    """On the last page nothing is posted."""
    assert pager("<form><a href=\"javascript:__doPostBack('p','1')\">1</a> <span>2</span></form>").next_form is None


def test_the_pager_of_the_list_wins_over_that_of_a_side_block():
    """Of two pagers the one beside the list is followed."""
    body = (
        "<html><body><div id=a><ul><li id=x>Một</li></ul><div><b>1</b> <a href='?page=2'>2</a></div></div>"
        "<div id=b><p>Danh sách video</p><div><b>1</b> <a href='?v=2'>2</a> <a href='?v=3'>3</a></div></div></body></html>"
    ).encode()
    page = Page(
        url=BASE,
        final_url=BASE,
        status=200,
        body=body,
        content_type="text/html",
        fetched_at=datetime(2022, 9, 25, tzinfo=UTC),
    )
    document = open_page(page)
    assert read_pager(document, document.root.xpath("//li")).next_url == BASE + "?page=2"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        (BASE + "?PageIndex=3", BASE + "?PageIndex=4"),
        (BASE + "?PageIndex=5", None),
        (BASE + "?loai=2&PageIndex=3", None),
    ],
)
def test_the_own_number_may_be_a_picture(url, wanted):
    """Where the current number is not written at all, it is worked out from the addresses, or not at all."""
    markup = "".join(f'<a href="/tin-tuc?PageIndex={n}">{n}</a> ' for n in (1, 2, 4, 5) if f"={n}" not in url[-2:])
    assert pager(f"<div>{markup}</div>", url).next_url == wanted


def test_offsets_count_as_page_numbers():
    """Addresses that count items instead of pages grow evenly with the labels, and tell the same."""
    markup = "".join(f'<a href="/tin-tuc?start={20 * (n - 1)}">{n}</a> ' for n in (1, 2, 4, 5))
    assert pager(f"<div>{markup}</div>", BASE + "?start=40").next_url == BASE + "?start=60"


def test_a_form_of_another_host_is_not_posted():
    """A postback whose form goes elsewhere, or that stands in no form, is no next page."""
    link = "<b>1</b> <a href=\"javascript:__doPostBack('p','2')\">2</a>"
    assert pager(f'<form action="https://khac.vidu.vn/">{link}</form>').next_form is None
    assert pager(f"<div>{link}</div>").next_form is None
    outside = f'<form><input type="hidden" name="__VIEWSTATE" value="v"><textarea name="g">x</textarea><input name="k" disabled></form><div>{link}</div>'
    assert pager(outside).next_form.fields[:2] == (("__VIEWSTATE", "v"), ("g", ""))
