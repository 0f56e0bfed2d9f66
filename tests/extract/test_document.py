"""A dropped document becomes the article that a person sees in it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ExtractError
from feedsvc.extract.document import read_document
from feedsvc.model import VIETNAM, Author, Item, Source

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=VIETNAM)
FILED = NOW - timedelta(days=3)
SOURCE = Source(slug="van-phong", title="Văn phòng", home="https://example.org/")

TITLE = "Bàn giao nhà văn hóa thôn Suối Thầu năm 2023 và kế hoạch 6 tháng đầu năm 2024"
LEAD = (
    "Ngày 12/4, đoàn công tác do ông Lý A Sình – Phó Chủ tịch xã làm trưởng đoàn đã bàn giao nhà văn hóa thôn Suối"
    " Thầu cho bà con sau bảy tháng thi công, dự buổi lễ có đại diện các chi hội và hơn một trăm hộ dân."
)
CAPTION = "Quang cảnh buổi bàn giao."
MIDDLE = (
    "Theo báo cáo của ban quản lý, công trình rộng hai trăm mét vuông, gồm hội trường, phòng đọc sách và sân chơi cho"
    " trẻ em. Phần lớn vật liệu do nhân dân đóng góp, phần còn lại lấy từ chương trình xây dựng nông thôn mới. Từ năm"
    " 2023 đến nay thôn đã góp được hơn ba nghìn ngày công để san nền, dựng cột và lợp mái."
)
SPEAKER = "Ông Lý A Sình – Phó Chủ tịch xã phát biểu tại buổi bàn giao."
END = (
    "Phát biểu tại buổi lễ, lãnh đạo xã đề nghị thôn lập quy chế sử dụng, phân công người trông coi và mở cửa phòng"
    " đọc vào mỗi buổi tối, để nơi đây thật sự là “Ngôi nhà chung của thôn”."
)
TAIL = (
    "Vàng Mỷ (Đài truyền thanh xã Suối Thầu)\nTin khác\n1\u00a0 2\u00a0 3\u00a0 4\u00a0 5\u00a0 \u00a0 ...\u00a0\n"
    "Tin tức\n\n\n \nDanh sách video\n  • Cách ủ phân xanh từ thân cây ngô cho ruộng bậc thang\n"
    "  • Một ngày ở lớp học xóa mù chữ\n1\u00a0 2\u00a0\nTHƯ VIỆN ẢNH\nĐăng nhập\n  • Trong năm: 12,345\n  • Tất cả: 67,890"
)
DUMP = "\n\n".join((f"{TITLE}.", LEAD, CAPTION, MIDDLE, SPEAKER, END, "\u00a0", TAIL))


def read(text: str | bytes, name: str = "inbox/a.txt", now: datetime = NOW) -> Item:
    """Read a document that was filed three days ago."""
    body = text if isinstance(text, bytes) else text.encode()
    return read_document(name, body, SOURCE, modified=FILED, now=now)


def test_a_dump_of_a_page_is_its_article() -> None:
    """Title, lead, body to the last sentence, captions and byline are found; nothing of the side blocks is."""
    item = read(DUMP)
    assert item.title == TITLE
    assert item.summary == LEAD
    assert item.text == f"{LEAD}\n\n{CAPTION}\n\n{MIDDLE}\n\n{SPEAKER}\n\n{END}"
    assert item.html == "".join(f"<p>{one}</p>" for one in (LEAD, CAPTION, MIDDLE, SPEAKER, END))
    assert item.authors == (Author(name="Vàng Mỷ", organisation="Đài truyền thanh xã Suối Thầu"),)
    assert (item.language, item.url, item.media) == ("vi", "", ())


@pytest.mark.parametrize("now", [NOW, NOW.replace(year=2031)])
def test_the_event_day_takes_the_latest_year_named(now: datetime) -> None:
    """The day opening the lead falls into the latest year that the text names, even when now is years later."""
    item = read(DUMP, now=now)
    assert item.published is not None
    assert (item.published.isoformat(), item.precision) == ("2024-04-12T00:00:00+07:00", "day")


def test_keys_are_name_digest_and_words() -> None:
    """The item is found again by its name, by its bytes, by title and day, and by title and body."""
    keys = read(DUMP).keys
    assert keys[:2] == ("doc:inbox/a.txt", f"sha:{hashlib.sha256(DUMP.encode()).hexdigest()}")
    assert [key.split(":")[0] for key in keys[2:]] == ["title", "body"]


def test_marks_of_the_end_may_be_words_of_the_article() -> None:
    """A marker with long paragraphs after it, or before two paragraphs, ends nothing."""
    text = f"{TITLE}\n\nTin khác\n\n{LEAD}\n\nThư viện ảnh\n\n{MIDDLE}\n\n{END}"
    assert read(text).text.split("\n\n") == ["Tin khác", LEAD, "Thư viện ảnh", MIDDLE, END]


def test_a_short_notice_is_kept_whole() -> None:
    """A document of a few short lines is not mistaken for side blocks."""
    assert read("Thông báo\n\nĐăng nhập\n\nDùng số căn cước để vào.").text == "Đăng nhập\n\nDùng số căn cước để vào."


@pytest.mark.parametrize(
    "marker",
    [
        "Tin khác", "CÁC TIN KHÁC:", "Tin cùng chuyên mục", "Danh sách video", "THƯ VIỆN ẢNH", "Đăng nhập",
        "Liên kết website", "1 2 3 4 5 ...", "Trong năm: 414,619", "• Tất cả: 2.299.828", "Đang truy cập: 12",
        "Lượt truy cập",
    ],
)  # fmt: skip
def test_each_marker_ends_the_body(marker: str) -> None:
    """Related lists, pagers, logins and counters below an article are none of it."""
    text = "\n\n".join((TITLE, LEAD, END, f"{marker}\nMột dòng tin khác ở bên dưới"))
    assert read(text).text == f"{LEAD}\n\n{END}"


def test_an_address_line_is_the_link() -> None:
    """A `URL:` or `Nguồn:` line gives the item's address and is no text; other sources are bylines."""
    for label in ("URL", "Nguồn", "url"):
        item = read(f"{TITLE}\n\n{label}: https://example.org/tin/a-1\n\n{LEAD}\n\n{END}")
        assert (item.url, item.text) == ("https://example.org/tin/a-1", f"{LEAD}\n\n{END}")
    assert read(f"{TITLE}\n\n{LEAD}\n\n{END}\n\nNguồn: Báo Lào Cai").url == ""


@pytest.mark.parametrize(
    ("line", "moment", "precision"),
    [
        ("Ngày đăng: 05/09/2022 14:30", "2022-09-05T14:30:00+07:00", "minute"),
        ("Suối Thầu, ngày 5 tháng 9 năm 2022", "2022-09-05T00:00:00+07:00", "day"),
        ("Thứ Hai, 05/09/2022", "2022-09-05T00:00:00+07:00", "day"),
    ],
)
def test_a_date_line_is_the_date(line: str, moment: str, precision: str) -> None:
    """A line with nothing but a date above the lead dates the item before the event day does, and is no text."""
    item = read(f"{TITLE}\n\n{line}\n\n{LEAD}\n\n{END}")
    assert item.published is not None
    assert (item.published.isoformat(), item.precision) == (moment, precision)
    assert item.text == f"{LEAD}\n\n{END}"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2022-09-05 ban-giao.txt", "2022-09-05"),
        ("ban-giao_20220905.txt", "2022-09-05"),
        ("inbox/ban-giao 5.9.2022.txt", "2022-09-05"),
        ("ban-giao-12345678.txt", "2026-02-27"),
        ("ban-giao.txt", "2026-02-27"),
    ],
)
def test_without_a_date_in_the_text_the_file_is_asked(name: str, day: str) -> None:
    """A day in the name is taken, else that of the file; both with precision "day"."""
    item = read(f"{TITLE}\n\n{MIDDLE}\n\n{END}", name)
    assert item.published is not None
    assert (item.published.date().isoformat(), item.precision) == (day, "day")


def test_lines_broken_at_a_fixed_width_are_one_paragraph() -> None:
    """A text that an editor wrapped reads like the same text unwrapped."""
    wrapped = "Chiều qua, bà con trong thôn đã cùng nhau dọn cỏ, khơi thông mương\ndẫn nước và trồng thêm hai hàng cây đào dọc con đường mới mở từ\nđầu thôn đến trường học."
    assert read(f"Dọn đường\n\n{wrapped}").text == wrapped.replace("\n", " ")
    parted = "Bà con trong thôn đã cùng nhau dọn cỏ và khơi thông mương nước.\nQuang cảnh buổi dọn đường"
    assert read(f"Dọn đường\n\n{parted}").text == parted.replace("\n", "\n\n")


def test_a_head_without_blank_lines_is_parted() -> None:
    """Title, date, address and labelled byline may follow each other line by line."""
    head = f"{TITLE}\nNgày đăng: 05/09/2022\nURL: https://example.org/tin/a-1\nTin, ảnh: Vàng Mỷ\n{LEAD}\n{END}"
    item = read(head)
    assert (item.title, item.url) == (TITLE, "https://example.org/tin/a-1")
    assert item.authors == (Author(name="Vàng Mỷ"),)
    assert item.published is not None
    assert item.published.date().isoformat() == "2022-09-05"
    assert item.text == f"{LEAD}\n\n{END}"


def test_markup_in_a_text_stays_text() -> None:
    """A .txt holds no markup: what looks like it is shown as it is, and does nothing."""
    item = read(f"Một tiêu đề ngắn\n\n{LEAD} <script>alert(1)</script> &amp;")
    assert "<script>" in item.text
    assert "<script" not in item.html
    assert item.html.endswith("&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;</p>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_editors_of_all_ages_are_read(encoding: str) -> None:
    """UTF-8 with and without a mark, and UTF-16 with one, give the same words; no other bytes raise."""
    if encoding == "cp1258":
        assert read("Sa Pa\n\nTin vui".encode(encoding)).text == "Tin vui"
    else:
        assert read(DUMP.encode(encoding)).title == TITLE


def test_a_long_first_paragraph_is_no_title() -> None:
    """A text without a title is called after its file and keeps all of its paragraphs."""
    item = read(f"{MIDDLE}\n\n{END}", "inbox/Nhà văn hóa.txt")
    assert (item.title, item.text) == ("Nhà văn hóa", f"{MIDDLE}\n\n{END}")


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("a.odt", b"PK", r"\.txt, \.html, \.htm, \.docx, \.pdf"),
        ("a.pdf", b"%PDF-1.7", "no PDF"),
        ("a.docx", b"PK", "no Word document"),
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\n\t", "empty"),
        ("a.txt", bytes(range(9)) * 20, "no text"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, body: bytes, reason: str) -> None:
    """Other kinds, empty files and binaries named .txt are refused with what to do instead."""
    with pytest.raises(ExtractError, match=reason):
        read(body, name)


OFFICIAL = """ỦY BAN NHÂN DÂN
XÃ NẬM LÚC

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 12/TB-UBND
Nậm Lúc, ngày 24 tháng 8 năm 2023

THÔNG BÁO

Về việc nghỉ lễ Quốc khánh năm 2023

"""


def test_an_official_paper_is_titled_by_kind_and_subject() -> None:
    """The office, the republic and its motto are no title; the day of the head is the paper's."""
    item = read(OFFICIAL + END)
    assert item.title == "THÔNG BÁO Về việc nghỉ lễ Quốc khánh năm 2023"
    assert item.published is not None
    assert item.published.date().isoformat() == "2023-08-24"
    assert item.text == f"Số: 12/TB-UBND\n\n{END}"


def test_a_lead_may_speak_of_the_republic() -> None:
    """A title above a paragraph that names the republic stays the title."""
    lead = f"{LEAD} Đoàn chào cờ nước Cộng hòa xã hội chủ nghĩa Việt Nam."
    assert read(f"{TITLE}\n\n{lead}\n\n{END}").title == TITLE


PAGE = f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{TITLE}</title>%s</head><body>
<article><h1>{TITLE}</h1><p>{LEAD}</p><p>{MIDDLE}</p><p>{END}</p></article></body></html>"""


def test_a_saved_page_is_an_article() -> None:
    """An .html document is read as an article page, under the address that it names itself."""
    item = read(PAGE % '<link href="https://example.org/a-1" rel="canonical">', "inbox/a.html")
    assert (item.title, item.url) == (TITLE, "https://example.org/a-1")
    assert END in item.text
    assert item.keys[0] == "doc:inbox/a.html"


def test_a_saved_page_without_an_address_has_none() -> None:
    """An .html document that names no address is an item whose link is the page of ours."""
    item = read(PAGE % "", "inbox/a.htm")
    assert (item.url, item.title) == ("", TITLE)
    assert item.published is not None


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=400), st.binary(max_size=400)))
def test_any_bytes_give_an_item_or_a_reason(text: str | bytes) -> None:
    """Whatever is dropped, the answer is an item with a title and a day, or an ExtractError."""
    body = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    try:
        item = read(body)
    except ExtractError:
        return
    assert item.title
    assert item.published is not None
    assert item.published.tzinfo is not None


def test_pictures_saved_beside_a_page_are_its_own() -> None:
    """A picture that lies beside a saved page gets an address of ours, also when the page names its own address."""
    picture = '<img src="./a_files/quang%20c%E1%BA%A3nh.jpg" width="400" height="300"><img src="/khac.jpg" width="400" height="300">'
    for head, kinds in (
        ('<link href="https://example.org/tin/a-1" rel="canonical">', ["documents.invalid", "example.org"]),
        ("", ["documents.invalid"]),
    ):
        body = (PAGE % head).replace(f"<p>{MIDDLE}", f"{picture}<p>{MIDDLE}").encode()
        item = read_document(
            "inbox/a.html", body, SOURCE, modified=FILED, now=NOW, beside=["inbox/a_files/quang cảnh.jpg"]
        )
        pictures = [one.url for one in item.media if one.kind == "image"]
        assert [url.split("/")[2] for url in pictures] == kinds
        assert pictures[0] == "https://documents.invalid/inbox/a_files/quang%20c%E1%BA%A3nh.jpg"
        assert pictures[0] in item.html
