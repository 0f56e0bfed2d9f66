"""A list known again without being read (reading.md 9), and found first where it stood."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.extract.known_list import same_bytes, same_list
from feedsvc.extract.listing import read_listing
from feedsvc.model import Page, Source

NOW = datetime(2022, 9, 25, 3, 0, tzinfo=UTC)
HOME = "https://thixa.vidu.gov.vn/"
SOURCE = Source(slug="thixa", title="Thị xã", home=HOME)
TITLES = [
    "Mở đợt tiêm phòng cho đàn trâu bò ở các thôn",
    "Bàn cách giữ rừng đầu nguồn trước mùa khô",
    "Hai học sinh của trường đạt giải cờ vua",
    "Nước sạch đã về với 120 hộ ở bản Pho",
    "Chị em thôn Tả Phời thi nấu món ăn ngày mùa",
    "Khai trương quầy sách cũ bên chợ trung tâm",
]
BESIDE = """<div class="phai"><h3>Thống kê</h3>Trong năm: 414,619 <b>Đang truy cập: 27</b></div>
<div class="quang-cao"><a href="/qc/1"><img src="/qc/1.gif"></a></div>"""


def line(n, *, views=100, title="", when=""):
    """One line of the list, with a counter of its readers."""
    return f"""<div class="o-tin"><a href="/tin/{n}-bai-{n}4455"><img src="/anh/{n}.jpg"></a>
    <h3><a href="/tin/{n}-bai-{n}4455">{title or TITLES[n]}</a></h3><span class="ngay">{when or f"{20 - n}/09/2022"}</span>
    <em>Lượt xem: {views + n}</em><p>Bà con vui mừng vì việc chung của thôn đã xong trước khi trời trở rét.</p></div>"""


def page(lines, *, beside=BESIDE, path="tin-tuc", at=NOW, wrap="giua"):
    """A page with these lines in its middle."""
    body = f"""<!DOCTYPE html><html lang="vi"><head><title>Tin tức - Thị xã</title></head><body>
    <div class="dau">Chủ nhật, {at:%d/%m/%Y, %H:%M}</div><div class="{wrap}"><h1>Tin tức</h1><div class="ds">{"".join(lines)}</div>
    <div class="trang"><b>1</b> <a href="/tin-tuc?trang=2">2</a></div></div>{beside}</body></html>"""
    return Page(
        url=HOME + path, final_url=HOME + path, status=200, body=body.encode(), content_type="text/html", fetched_at=at
    )


FIRST = page([line(n) for n in range(5)])


def test_the_same_bytes_are_known_without_parsing():
    """A page of equal bytes is known by them, any other is not."""
    listing = read_listing(FIRST, SOURCE)
    assert same_bytes(FIRST.body, listing.imprint)
    assert not same_bytes(FIRST.body + b" ", listing.imprint)
    assert not same_bytes(FIRST.body, "")


@pytest.mark.parametrize(
    "later",
    [
        page([line(n) for n in range(5)], beside=BESIDE.replace("414,619", "414,702").replace("27", "31")),
        page([line(n) for n in range(5)], beside="<div>Trang đang được bảo trì một phần</div>"),
        page([line(n) for n in range(5)], at=NOW + timedelta(hours=3)),
        page([line(n, views=4321) for n in range(5)]),
    ],
)
def test_counters_clocks_and_advertisements_leave_a_list_unchanged(later):
    """What moves by itself, inside the lines or beside them, is no change."""
    listing = read_listing(FIRST, SOURCE)
    assert later.body != FIRST.body
    assert same_list(later, listing.shape, listing.imprint)
    assert read_listing(later, SOURCE).digest == listing.digest


@pytest.mark.parametrize(
    "lines",
    [
        [line(5), *(line(n) for n in range(5))],
        [line(n) for n in range(4)],
        [line(0, title=TITLES[0] + " và xã bên"), *(line(n) for n in range(1, 5))],
        [*(line(n) for n in range(3)), line(3, title=TITLES[3].replace("120", "150")), line(4)],
        [line(0, when="21/09/2022"), *(line(n) for n in range(1, 5))],
        [line(0).replace("/anh/0.jpg", "/anh/0-moi.jpg"), *(line(n) for n in range(1, 5))],
        [line(0).replace("vui mừng", "phấn khởi"), *(line(n) for n in range(1, 5))],
        [line(0).replace("04455", "07788"), *(line(n) for n in range(1, 5))],
    ],
)
def test_whatever_a_person_would_call_a_change_is_one(lines):
    """A new line, one less, an edited title, number, day, picture, summary or address: the page is read."""
    listing = read_listing(FIRST, SOURCE)
    assert not same_list(page(lines), listing.shape, listing.imprint)


def test_another_layout_is_read():
    """When the container is not where it was, nothing is claimed."""
    listing = read_listing(FIRST, SOURCE)
    moved = replace(FIRST, body=FIRST.body.replace(b"o-tin", b"mot-tin").replace(b'class="ds"', b'class="luoi"'))
    assert not same_list(moved, listing.shape, listing.imprint)


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02\x03" * 50, b"%PDF-1.4", b"<html><body><p>503"])
def test_what_is_no_page_is_not_unchanged(body):
    """An error, a file or nothing at all is left to the reading, which says what it is."""
    listing = read_listing(FIRST, SOURCE)
    assert not same_list(replace(FIRST, body=body), listing.shape, listing.imprint)


def test_an_imprint_without_container_knows_bytes_alone():
    """Where no shape leads to the lines, only equal bytes are unchanged."""
    listing = read_listing(FIRST, SOURCE)
    bytes_only = listing.imprint.partition(" ")[0]
    assert same_list(FIRST, listing.shape, bytes_only)
    assert not same_list(replace(FIRST, body=FIRST.body + b"\n"), listing.shape, bytes_only)


def test_a_lead_story_above_the_container_is_part_of_what_is_compared():
    """News that appears above the list alone is not missed."""
    lead = (
        '<div class="noi-bat"><img src="/anh/to.jpg"><h2><a href="/tin/9-bai-94455">{}</a></h2><i>22/09/2022</i></div>'
    )
    lines = "".join(line(n) for n in range(5))

    def made(title):
        body = page([]).body.decode().replace('<div class="ds">', lead.format(title) + '<div class="ds">' + lines)
        return replace(FIRST, body=body.encode())

    first = made("Đón đoàn nghệ nhân về dạy múa khèn cho lớp trẻ")
    listing = read_listing(first, SOURCE)
    assert len(listing.stubs) == 6
    assert same_list(replace(first, body=first.body + b" "), listing.shape, listing.imprint)
    assert not same_list(made("Tiễn đoàn nghệ nhân sau ba tuần dạy múa khèn"), listing.shape, listing.imprint)


def test_no_category_of_a_home_page_is_missed():
    """A home page's list is that of all its blocks, whichever the stored shape leads to."""
    blocks = [
        f'<div class="muc"><h2>Mục {k}</h2>'
        + "".join(line(n, title=f"{TITLES[n]} lần {k}").replace(f"/{n}-bai-{n}", f"/{n}-bai-{k}{n}") for n in range(3))
        + "</div>"
        for k in range(1, 4)
    ]
    first = page(blocks, path="")
    listing = read_listing(first, SOURCE)
    again = read_listing(first, SOURCE, shape=listing.shape, usual=len(listing.stubs))
    assert [stub.url for stub in again.stubs] == [stub.url for stub in listing.stubs]
    later = page([*blocks[:2], blocks[2].replace("Bàn cách", "Họp bàn cách")], path="")
    assert not same_list(later, listing.shape, listing.imprint)


def test_a_list_in_its_old_place_is_read_as_ever():
    """Straight to the stored place or not: the lines are the same."""
    listing = read_listing(FIRST, SOURCE)
    later = page([line(5), *(line(n) for n in range(5))])
    short, whole = read_listing(later, SOURCE, shape=listing.shape, usual=5), read_listing(later, SOURCE)
    assert replace(short, shape="", imprint="") == replace(whole, shape="", imprint="")
    assert len(short.stubs) == 6


def test_few_lines_in_the_old_place_do_not_hide_the_list():
    """After a redesign a box of two lines looks like the old list: the real one is detected."""
    listing = read_listing(page([line(n) for n in range(6)]), SOURCE)
    box = '<div class="giua"><h1>Tin tức</h1><div class="ds">' + line(0) + line(1) + "</div></div>"
    new = "".join(
        f'<li class="muc-tin"><h4><a href="/bai/{n}-{n}9911">{TITLES[n]} ở xã</a></h4><i>{20 - n}/09/2022</i>'
        "<p>Việc làm này được nhiều gia đình trong thôn hưởng ứng ngay từ đầu.</p></li>"
        for n in range(6)
    )
    body = f"<html><head><title>Tin tức</title></head><body><ul class='luoi'>{new}</ul>{box}</body></html>"
    page_after = replace(FIRST, body=body.encode())
    found = read_listing(page_after, SOURCE, shape=listing.shape, usual=6)
    assert [stub.url for stub in found.stubs] == [f"{HOME}bai/{n}-{n}9911" for n in range(6)]
    further = read_listing(page_after, SOURCE, shape=listing.shape)
    assert [stub.url for stub in further.stubs] == [f"{HOME}tin/{n}-bai-{n}4455" for n in range(2)]


def test_few_lines_are_the_list_where_nothing_better_is_found():
    """A list that has shrunk is still the list."""
    listing = read_listing(page([line(n) for n in range(6)]), SOURCE)
    found = read_listing(page([line(5)]), SOURCE, shape=listing.shape, usual=6)
    assert [stub.title for stub in found.stubs] == [TITLES[5]]
