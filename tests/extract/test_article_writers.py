from datetime import datetime

import pytest

from feedsvc.extract.article import read_article
from feedsvc.model import VIETNAM, Page, Source

ADDRESS = "https://suoithong.example.vn/tin-tuc/bai-1"
SENTENCE = "Sáng nay bà con các thôn cùng nhau dọn đường, khơi rãnh nước và trồng thêm hoa dọc lối vào bản."
TEXT = f"<p>{SENTENCE} Một.</p><p>{SENTENCE} Hai.</p>"
H1 = "<h1>Dọn đường vào bản đón khách</h1>"


def read(body, head="", site="Cổng thông tin điện tử Suối Thông"):
    """Read a page with `body` below the headline."""
    markup = f"<html lang=vi><head>{head}</head><body><div>{H1}{body}</div></body></html>"
    page = Page(
        url=ADDRESS, final_url=ADDRESS, status=200, body=markup.encode(), content_type="text/html",
        fetched_at=datetime(2024, 7, 16, tzinfo=VIETNAM),
    )  # fmt: skip
    return read_article(page, Source(slug="x", title=site, home=ADDRESS))


def writers(item):
    """Give the writers as pairs."""
    return [(one.name, one.organisation) for one in item.authors]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("<p>Hồng Hải (Trung tâm VH,TT-TT Thị xã Sa Pa)</p>", [("Hồng Hải", "Trung tâm VH,TT-TT Thị xã Sa Pa")]),
        ("<p style='text-align:right'><strong>Hồng Hải</strong></p>", [("Hồng Hải", "")]),
        ("<p align=right><b>Hải</b></p>", [("Hải", "")]),
        ("<div class='text-right'>Hà - Linh</div>", [("Hà", ""), ("Linh", "")]),
        ("<h4 style='text-align: right'>Hồng Hải</h4>", [("Hồng Hải", "")]),
        ("<p>Bài: Hồng Hải</p><p>Ảnh: Minh Đức</p>", [("Hồng Hải", ""), ("Minh Đức", "")]),
        ("<p>Hồng Hải</p><p>Nguồn: Báo Suối Thông</p>", [("Hồng Hải", ""), ("", "Báo Suối Thông")]),
        ("<p>Nguồn: <a href='https://bao.example.vn/1'>Báo Suối Thông</a></p>", [("", "Báo Suối Thông")]),
        ("<p><img src=/a.jpg></p><p align=right><em>Hồng Hải</em></p>", [("Hồng Hải", "")]),
        ("<p>Theo T.M (T.M)</p>", [("T.M", "T.M")]),
        ("<p>&nbsp;</p><p><em>Tin, ảnh: G.K</em></p><p>&nbsp;</p>", [("G.K", "")]),
        ("<p>Đỗ Biên - Khánh Linh</p><div>Lượt xem: 12</div>", [("Đỗ Biên", ""), ("Khánh Linh", "")]),
        (f"<p>{SENTENCE} Hết chuyện. <b>Hồng Hải</b></p>", [("Hồng Hải", "")]),
        (f"<p>{SENTENCE}/. Hồng Hải</p>", [("Hồng Hải", "")]),
        (f"<p>{SENTENCE}<br>Hồng Hải</p>", [("Hồng Hải", "")]),
        ("<p>Hồng Hải</p><p>Tin khác</p><p>Họp thôn về nước sạch</p>", [("Hồng Hải", "")]),
        ("<table><tr><td align=right>P.V</td></tr></table>", [("P.V", "")]),
    ],
)
def test_signatures_are_read_and_leave_the_text(lines, wanted):
    """Whatever shape the last lines have, they name the writers and stand in neither text nor markup."""
    item = read(f"<div>{TEXT}{lines}</div>")
    assert writers(item) == wanted
    for name, organisation in wanted:
        assert (name or organisation) not in item.text + item.html
    assert item.text.rstrip("/.").endswith(("Hai", "Hết chuyện", "lối vào bản"))


@pytest.mark.parametrize(
    "last",
    [
        f"<p>{SENTENCE} Chuyện do <b>Hồng Hải</b> kể.</p>",
        f"<p>{SENTENCE} Người kể là <b>Hồng Hải</b></p>",
        "<p><b>Hết</b></p>",
        "<p align=right>Hẹn gặp lại bà con vào mùa sau.</p>",
        "<p><b>Những việc còn lại</b></p>",
    ],
)
def test_last_words_that_are_no_signature_name_nobody(last):
    """A name inside the last sentence, and emphasised last words, are no signature."""
    item = read(f"<div>{TEXT}{last}</div>")
    assert writers(item) == []


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Hồng Hải - 05/09/2022", [("Hồng Hải", "")]),
        ("Hồng Hải | 05/09/2022 08:30", [("Hồng Hải", "")]),
        ("Tác giả: Hồng Hải | Ngày đăng: 05/09/2022", [("Hồng Hải", "")]),
        ("Thứ hai, 05/09/2022 - Hồng Hải", [("Hồng Hải", "")]),
        ("05/09/2022 - 08:30", []),
        ("Suối Thông, ngày 05/09/2022", []),
        ("Tin tức - 05/09/2022", []),
    ],
)
def test_a_writer_beside_the_date_is_read(line, wanted):
    """A line below the headline with a name and a date gives both; a place or a section beside the date is nobody."""
    item = read(f"<div>{line}</div><div>{TEXT}</div>")
    assert writers(item) == wanted
    assert item.published.astimezone(VIETNAM).date().isoformat() == "2022-09-05"
    assert item.text.startswith(SENTENCE)


@pytest.mark.parametrize(
    ("above", "wanted"),
    [
        ("<div>Hồng Hải</div><div>05/09/2022 08:30</div>", [("Hồng Hải", "")]),
        ("<div>05/09/2022 08:30</div><div>Thu Hà - Minh Đức</div>", [("Thu Hà", ""), ("Minh Đức", "")]),
        ("<div>Nguyễn Thị Thu Hà</div>", [("Nguyễn Thị Thu Hà", "")]),
        ("<div>05/09/2022</div><div>Tin, ảnh: G.K</div>", [("G.K", "")]),
        ("<div>Tác giả: Hồng Hải (Trung tâm VH,TT-TT)</div>", [("Hồng Hải", "Trung tâm VH,TT-TT")]),
        ("<div>Theo T.M (T.M)</div>", [("T.M", "T.M")]),
        ("<div>Lượt xem: 12</div>", []),
        ("<div>Chuyên mục: Tin tức</div>", []),
        ("<div>Chuyên mục: Văn Hóa</div>", []),
        ("<div>Văn Hóa</div><div>05/09/2022</div>", []),
        ("<div><a href=/dia-phuong>Bắc Hà</a></div><div>05/09/2022</div>", []),
    ],
)
def test_a_name_in_a_line_of_its_own_below_the_headline_is_read(above, wanted):
    """A name beside the date's line, or one with its surname, names the writer; sections and places do not."""
    item = read(f"{above}<div>{TEXT}</div>")
    assert writers(item) == wanted
    assert item.text.startswith(SENTENCE)
    whole = read(f"<div>12/09/2022 | Lượt xem: 12</div>{above}<div><a href=/in>In trang</a></div>{TEXT}")
    assert writers(whole) == wanted


@pytest.mark.parametrize(
    "name",
    ["admin", "Administrator", "quantri", "Quản trị viên", "SuperUser Account", "System Account", "Super User", "hong.hai", "bbt@suoithong.example.vn",
     "suoithong.example.vn", "Cổng TTĐT Suối Thông", "Cổng thông tin điện tử xã Suối Thông", "CỔNG THÔNG TIN ĐIỆN TỬ SUỐI THÔNG", "Trang thông tin Suối Thông", "admin01"],
)  # fmt: skip
def test_accounts_and_the_portal_itself_write_nothing(name):
    """What a content system declares (accounts, hosts, the portal in any spelling) is no writer; the signature then is."""
    head = f"<meta name=author content='{name}'>"
    assert writers(read(f"<div>{TEXT}</div>", head)) == []
    assert writers(read(f"<div>{TEXT}<p>Hồng Hải</p></div>", head)) == [("Hồng Hải", "")]


def test_the_portals_name_as_signature_is_no_writer():
    """The source signing its own article names nobody, another portal does; both lines leave the text."""
    own = read(f"<div>{TEXT}<p>Nguồn: Cổng TTĐT Suối Thông</p></div>")
    other = read(f"<div>{TEXT}<p>Nguồn: Cổng TTĐT Chính phủ</p></div>")
    assert (writers(own), writers(other)) == ([], [("", "Cổng TTĐT Chính phủ")])
    assert "Nguồn" not in own.text + other.text
