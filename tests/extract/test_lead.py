from datetime import datetime

import pytest

from feedsvc.extract.article import read_article
from feedsvc.model import VIETNAM, Page, Source

NOW = datetime(2026, 7, 16, 8, 15, tzinfo=VIETNAM)
ADDRESS = "https://suoithong.example/11/1520/Ban-Giao-Nha.aspx"
TITLE = "Bàn giao nhà mới cho hộ nghèo thôn Nà Lạnh"
LEAD = "Sáng 14/7, xã Suối Thông bàn giao ba ngôi nhà mới cho các hộ nghèo của thôn Nà Lạnh sau bốn tháng thi công."
TEXT = [
    f"Ngôi nhà thứ {number} rộng 60 m2, do bà con trong thôn cùng góp công dựng trong {number + 20} ngày liên tiếp."
    for number in range(1, 6)
]
TOOLS = '<div class="cn"><a href="javascript:inbai()">Bản in</a> | <a href="javascript:chu(1)">[+]</a></div>'


def read(markup):
    """Read a page with `markup` in the midst of it."""
    body = f"<html><head><title>{TITLE}</title></head><body><ul id=menu><li><a href=/>Trang chủ</a></ul>{markup}</body>"
    page = Page(
        url=ADDRESS, final_url=ADDRESS, status=200, body=body.encode(), content_type="text/html", fetched_at=NOW
    )
    return read_article(page, Source(slug="x", title="Cổng Suối Thông", home="https://suoithong.example/"))


def paragraphs(texts):
    """Paragraphs in the box that is called the text."""
    return '<div id="divNoiDung">' + "".join(f"<p>{text}</p>" for text in texts) + "</div>"


def test_a_paragraph_in_a_box_of_its_own_above_the_text_is_the_lead():
    """Where summary and text are two fields, the summary is the lead and opens the text, whatever its box is called."""
    item = read(
        f"<h1>{TITLE}</h1><div>14/07/2026 | 02:32 PM</div>{TOOLS}<div><span>{LEAD}</span></div>{paragraphs(TEXT)}"
    )
    assert item.summary == LEAD
    assert item.text == "\n\n".join([LEAD, *TEXT])


@pytest.mark.parametrize(
    "above",
    [
        f'<img src="/anh.jpg" width="600"><div>{LEAD}</div>',
        f'<div><a href="/khac">{LEAD}</a></div>',
        f"<div>{LEAD}</div><div>{LEAD.replace('Sáng', 'Chiều')}</div>",
        "<div>The commune of Suoi Thong handed over three new houses to the poor of the village this morning.</div>",
    ],
    ids=["caption", "link", "two", "subtitle"],
)
def test_other_lines_above_the_text_are_no_lead(above):
    """A picture's caption, a link, several boxes, a subtitle in another language: the text's own beginning is the lead."""
    item = read(f"<h1>{TITLE}</h1>{above}{paragraphs(TEXT)}")
    assert item.summary == TEXT[0]


def test_the_first_lines_of_a_cell_that_holds_the_article_are_its_lead():
    """In a layout table without any class the lead is the bold beginning of the cell."""
    lines = "<br><br>".join(TEXT)
    item = read(
        f"<table><tr><td><font size=4><b>{TITLE}</b></font></td></tr><tr><td><b>{LEAD}</b><br><br>{lines}</td></tr></table>"
    )
    assert item.summary == LEAD


def test_a_date_with_a_counter_above_the_text_is_no_lead():
    """A long line of date, hour and views stands beside the lead, not against it."""
    date = "<div>Ngày đăng 14/07/2026 | 02:32 PM | View count: 1719 | Lượt xem: 20</div>"
    assert read(f"<h1>{TITLE}</h1>{date}<div>{LEAD}</div>{paragraphs(TEXT)}").summary == LEAD


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Tác giả: Minh Đoan", [("Minh Đoan", "")]),
        ("Nguồn: Báo Vân Lĩnh", [("", "Báo Vân Lĩnh")]),
        ("Tin, ảnh: G.K", [("G.K", "")]),
    ],
)
def test_a_writer_in_a_box_of_its_own_behind_the_text_is_found(line, wanted):
    """NukeViet sets the writer to the right, in bold, below the box of the text."""
    item = read(
        f"<h1>{TITLE}</h1>{paragraphs([LEAD, *TEXT])}<div><p class='h5 text-right'><strong>{line}</strong></p></div>"
        "<p>Hãy chấm điểm cho bài viết.</p>"
    )
    assert [(one.name, one.organisation) for one in item.authors] == wanted
    assert line not in item.text


def test_a_writer_below_the_headline_is_no_lead():
    """A name with its office in brackets, above the text, opens neither lead nor text."""
    line = "Tác giả: Hoài Thương (Trung tâm VH,TT-TT Xã Suối Thông)"
    item = read(
        f"<h1>{TITLE}</h1><div>14/07/2026</div><div class=nd><div>{line}</div>{paragraphs([LEAD, *TEXT])}</div>"
    )
    assert item.summary == LEAD
    assert line not in item.text
