from dataclasses import replace
from datetime import datetime

import pytest

from feedsvc.extract.article import read_article
from feedsvc.extract.continuation import MOST_PAGES, joined_article
from feedsvc.model import VIETNAM, Author, Page, Source

NOW = datetime(2024, 7, 16, tzinfo=VIETNAM)
HOME = "https://suoithong.example"
ADDRESS = f"{HOME}/phong-su/chuyen-ben-suoi-123.html"
H1 = "<h1>Chuyện dài kể bên con suối</h1>"
LEAD = "Bút ký nhiều kỳ về những người giữ rừng đầu nguồn ở bản nhỏ bên suối."


def paragraphs(part):
    """Three paragraphs that no other part has."""
    line = "Mỗi sáng người trong bản lại đi dọc con suối, nhìn nước trong hay đục mà đoán rừng đầu nguồn khỏe hay yếu"
    return "".join(f"<p>{line}, chuyện thứ {number} của phần {part}.</p>" for number in ("một", "hai", "ba"))


def read(body, address=ADDRESS):
    """Read a page whose article is `body`."""
    markup = f"<html lang=vi><body>{H1}<div class=noi-dung>{body}</div></body></html>"
    page = Page(
        url=address, final_url=address, status=200, body=markup.encode(), content_type="text/html", fetched_at=NOW
    )
    return read_article(page, Source(slug="x", title="Cổng Suối Thông", home=HOME))


def follows(line, address=ADDRESS):
    """Give the pages that follow an article with `line` below its text, without the host."""
    return [url.removeprefix(HOME) for url in read(f"{paragraphs('một')}{line}", address).continues]


@pytest.mark.parametrize(
    ("address", "line", "wanted"),
    [
        (
            "/bai-1.html",
            "<p>Trang <b>1</b> <a href='?page=2'>2</a> <a href='?page=3'>3</a></p>",
            ["?page=2", "?page=3"],
        ),
        ("/bai-1.html", "<div class=pager><span>1</span><a href='/bai-1.html?p=2'>2</a></div>", ["?p=2"]),
        ("/bai-1.html", "<ul><li>1</li><li><a href='/bai-1/trang-2.html'>2</a></li></ul>", ["/bai-1/trang-2.html"]),
        ("/bai-1.html", "<p>Trang: 1 | <a href='/bai-1-p2.html'>2</a></p>", ["/bai-1-p2.html"]),
        (
            "/bai-1/",
            "<p><a class=on href='/bai-1/'>1</a> <a href='/bai-1/2/'>2</a> <a href='/bai-1/3/'>3</a></p>",
            ["/bai-1/2/", "/bai-1/3/"],
        ),
        ("/bai-1.html", "<p><a href='/bai-1.html?trang=2'>Trang tiếp theo »</a></p>", ["?trang=2"]),
        ("/xem.aspx?id=7&page=1", "<p>1 <a href='/xem.aspx?id=7&amp;page=2'>2</a></p>", ["/xem.aspx?id=7&page=2"]),
        ("/bai-1.html?page=2", "<p>Trang <a href='/bai-1.html'>1</a> 2 <a href='?page=3'>3</a></p>", ["?page=3"]),
        ("/bai-1.html?page=3", "<p>Trang <a href='/bai-1.html'>1</a> <a href='?page=2'>2</a> 3</p>", []),
        ("/bai-1.html", "<p>Trang 1 <a href='?page=2'>2</a> ... <a href='?page=9'>9</a></p>", ["?page=2"]),
    ],
)
def test_the_pages_of_an_article_are_told(address, line, wanted):
    """A line of pages below the text, of whatever make, gives the addresses that follow, in order and without gaps."""
    own = address.partition("?")[0]
    assert follows(line, HOME + address) == [f"{own}{url}" if url.startswith("?") else url for url in wanted]


@pytest.mark.parametrize(
    "line",
    [
        "<h3>Tin khác</h3><ul><li><a href=/b>Khai mạc giải bóng chuyền thôn</a></li></ul><p>1 <a href='?page=2'>2</a></p>",
        "<p><a href=/b>Khai mạc giải bóng chuyền các thôn</a></p><p>1 <a href='?page=2'>2</a></p>",
        "<p>1 <a href='/danh-sach?page=2'>2</a> <a href='/danh-sach?page=3'>3</a></p>",
        "<p>1 <a href='/tin-tuc/trang-2'>2</a></p>",
        "<p>1 <a href='https://khac.example/phong-su/chuyen-ben-suoi-123.html?page=2'>2</a></p>",
        "<p>Trang 1 2 3</p>",
        "<p><a href='?page=5'>2</a></p>",
        "<p><a href='/phong-su/bai-sau-124.html'>Tiếp theo</a></p>",
        "<div class=comments><p>1 <a href='?page=2'>2</a></p></div>",
        "",
    ],
)
def test_other_numbers_below_an_article_are_no_pages_of_it(line):
    """The pager of other news or of comments, and links that are not this address but for a number, are not followed."""
    assert follows(f"<div>{line}</div>") == []


def test_the_line_of_pages_is_no_text():
    """Numbers and labels of the line of pages stand in neither text nor markup."""
    item = read(
        f"<p>Trang 1 <a href='?page=2'>2</a> <a href='?page=2'>Trang sau</a></p>{paragraphs('một')}<p>Trang 1 <a href='?page=2'>2</a></p>"
    )
    assert "Trang" not in item.text + item.html
    assert item.continues == (f"{ADDRESS}?page=2",)


def pages():
    """Three pages of one article, the last one signed."""
    lead = f"<p><b>{LEAD}</b></p><p><img src=/anh/suoi.jpg></p>"
    return (
        read(f"{lead}{paragraphs('một')}<p>Trang 1 <a href='?page=2'>2</a></p>"),
        read(
            f"{lead}{paragraphs('hai')}<p><img src=/anh/rung.jpg></p><p><i>Rừng đầu nguồn.</i></p>", f"{ADDRESS}?page=2"
        ),
        read(
            f"{paragraphs('ba')}<p><video src=/phim/suoi.mp4></video></p><p>Thu Hà - Minh Đức</p>", f"{ADDRESS}?page=3"
        ),
    )


def test_the_pages_of_an_article_are_joined():
    """Text and media of all pages stand in order, what a page repeats is told once, and the signature is the last page's."""
    first, *others = pages()
    item = joined_article(first, others)
    assert [part in item.text for part in ("phần một", "phần hai", "phần ba")] == [True, True, True]
    assert item.text.index("phần một") < item.text.index("phần hai") < item.text.index("phần ba")
    assert (item.text.count(LEAD), item.html.count(LEAD), item.html.count("suoi.jpg")) == (1, 1, 1)
    assert [one.url.removeprefix(HOME) for one in item.media] == ["/anh/suoi.jpg", "/anh/rung.jpg", "/phim/suoi.mp4"]
    assert [one.name for one in item.authors] == ["Thu Hà", "Minh Đức"]
    assert (item.title, item.url, item.continues) == (first.title, ADDRESS, ())
    assert item.fingerprint not in {one.fingerprint for one in (first, *others)}
    assert [key.partition(":")[0] for key in item.keys] == ["url", "body"]
    assert not set(item.keys) & {key for one in (first, *others) for key in one.keys if key.startswith("body:")}


def test_joining_is_steady():
    """Nothing to join changes nothing; the same pages give the same item; more than ten pages are not joined."""
    first, *others = pages()
    assert joined_article(first, ()) is first
    assert joined_article(first, others).fingerprint == joined_article(first, others).fingerprint
    many = [replace(first, text=f"Phần riêng của trang số {number} trong bài này.", html="") for number in range(20)]
    assert joined_article(first, many).text.count("Phần riêng") == MOST_PAGES - 1


def test_writers_of_the_first_page_stay_when_no_other_names_any():
    """Without a signature below, the byline of the first page holds."""
    first, *others = pages()
    signed = replace(first, authors=(Author(name="Lý Mẩy"),))
    assert joined_article(signed, [replace(one, authors=()) for one in others]).authors == signed.authors
