"""Portals made by hand hold a whole article in the rows of a table of one column."""

from datetime import datetime

from feedsvc.extract.article import read_article
from feedsvc.model import VIETNAM, Page, Source, Stub

NOW = datetime(2026, 7, 16, 8, 15, tzinfo=VIETNAM)
ADDRESS = "https://suoithong.example/index.php?act=view&id=408"
TITLE = "Thông báo cấp nước cho thôn Nà Lạnh"
LEAD = "Để công việc được thuận lợi, xã Suối Thông thông báo tới các hộ dân của thôn Nà Lạnh những nội dung sau."
LINES = ["Nước được cấp từ 7 giờ đến 11 giờ các ngày trong tuần, tại bể chứa cạnh nhà văn hóa của thôn Nà Lạnh."]
OTHERS = "".join(
    f"<tr><td>- <a href='?id={n}'>Thông báo thứ {n} của xã Suối Thông</a> (0{n}/07/2026)</td></tr>" for n in range(1, 7)
)


def read(lines, rest=""):
    """Read the article in one column of rows: headline, date, text, other news."""
    text = "<br><br>".join([f"<b>{LEAD}</b>", *lines])
    body = (
        f"<html><head><title>Suối Thông</title></head><body><table><tr><td><table><tr><td><b>{TITLE}</b></td></tr>"
        f"<tr><td>Cập nhật: 14/07/2026 10:01</td></tr><tr><td>{text}{rest}</td></tr>"
        f"<tr><td><b>Các tin khác:</b></td></tr>{OTHERS}</table></td></tr></table></body></html>"
    )
    page = Page(
        url=ADDRESS, final_url=ADDRESS, status=200, body=body.encode(), content_type="text/html", fetched_at=NOW
    )
    source = Source(slug="x", title="Xã Suối Thông", home="https://suoithong.example/")
    return read_article(page, source, Stub(keys=(), url=ADDRESS, title=TITLE))


def test_paragraphs_of_a_row_stay_paragraphs():
    """A row of one column is no row of data: its paragraphs are not joined, and its writer is found."""
    item = read(LINES, '<div align="right"><b>Minh Đoan</b></div>')
    assert item.text == "\n\n".join([LEAD, *LINES])
    assert [one.name for one in item.authors] == ["Minh Đoan"]
    assert item.published is not None
    assert item.published.astimezone(VIETNAM).isoformat() == "2026-07-14T10:01:00+07:00"


def test_a_table_of_figures_stays_a_table():
    """Two columns and more are data: the cells of a row stand side by side."""
    table = "<table><tr><td>Tổ 1</td><td>7 giờ</td></tr><tr><td>Tổ 2</td><td>9 giờ</td></tr><tr><td>Tổ 3</td><td>10 giờ</td></tr></table>"
    item = read(LINES * 3, table)
    assert "Tổ 2 9 giờ" in " ".join(item.text.replace("|", " ").split())
