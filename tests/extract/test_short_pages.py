"""Films, albums and legal documents say little; other news around them say more."""

from datetime import datetime

import pytest

from feedsvc.extract.article import read_article
from feedsvc.model import VIETNAM, Page, Source, Stub

NOW = datetime(2026, 7, 16, 8, 15, tzinfo=VIETNAM)
ADDRESS = "https://suoithong.example/15/1520/Mua-Vang.aspx"
TITLE = "Phóng sự: mùa vàng trên thôn Nà Lạnh"
WORDS = "Phóng sự dài tám phút ghi lại mùa gặt của bà con thôn Nà Lạnh."
FILM = '<video src="/phim/mua-vang.mp4" poster="/phim/mua-vang.jpg"></video>'
OTHERS = "".join(
    f'<div class="tin"><a href="/15/{number}/Khac.aspx"><img src="/nho/{number}.jpg" width="150" height="100"></a>'
    f'<div><a href="/15/{number}/Khac.aspx">Chợ phiên thứ {number} của xã Suối Thông đông vui</a></div>'
    f"<div>Từ sáng sớm, bà con các thôn đã mang rau, gà và vải thêu xuống chợ phiên thứ {number} để bán cho khách.</div></div>"
    for number in range(1, 6)
)


def read(own, heading="Các tin khác"):
    """Read a page with `own` below its headline, and a column of other news below that."""
    body = (
        f"<html><head><title>Cổng Suối Thông</title></head><body><div class=dau>16/07/2026 | 08:15 AM</div>"
        f"<div class=ct><div class=td><span>{TITLE}</span></div><div class=ngay>15/07/2026 | 02:30 PM</div>{own}</div>"
        f"<div class=cot><div class=khung>{heading}</div>{OTHERS}</div></body></html>"
    )
    page = Page(
        url=ADDRESS, final_url=ADDRESS, status=200, body=body.encode(), content_type="text/html", fetched_at=NOW
    )
    source = Source(slug="x", title="Cổng Suối Thông", home="https://suoithong.example/")
    return read_article(page, source, Stub(keys=(), url=ADDRESS, title=TITLE))


@pytest.mark.parametrize("heading", ["Các tin khác", "Xem nhiều", "TIN LIÊN QUAN"])
def test_a_film_with_a_sentence_is_read_as_one(heading):
    """The sentence is the text, the film the medium, the day that of its head: nothing of the other news."""
    item = read(f"<div>{WORDS}</div>{FILM}", heading)
    assert item.text == WORDS
    assert [one.url for one in item.media if one.kind == "video"] == ["https://suoithong.example/phim/mua-vang.mp4"]
    assert not [one for one in item.media if "nho" in one.url]
    assert item.published is not None
    assert item.published.astimezone(VIETNAM).isoformat() == "2026-07-15T14:30:00+07:00"


def test_an_album_keeps_its_own_pictures():
    """Pictures below the headline are the album, those of other news are not."""
    pictures = "".join(
        f'<p align="center"><img src="/anh/{number}.jpg" width="600"><br><em>Thửa ruộng thứ {number} sau mùa gặt.</em></p>'
        for number in range(1, 6)
    )
    item = read(f"<div>{WORDS}</div>{pictures}")
    images = [(one.url, one.caption) for one in item.media]
    assert images == [
        (f"https://suoithong.example/anh/{number}.jpg", f"Thửa ruộng thứ {number} sau mùa gặt.")
        for number in range(1, 6)
    ]


def test_a_legal_document_keeps_its_file():
    """The file of its table of properties is attached."""
    item = read(
        f"<table><tr><td>Số/Ký hiệu</td><td>12/QĐ-UBND</td></tr><tr><td>Nội dung</td><td>{WORDS}</td></tr>"
        '<tr><td>Tệp</td><td><a href="/Download.aspx?id=12">12/QĐ-UBND.pdf</a></td></tr></table>'
    )
    assert [one.url for one in item.media] == ["https://suoithong.example/Download.aspx?id=12"]


def test_a_box_of_other_news_above_a_long_text_does_not_end_it():
    """Where the text stands below a box of other news it is still the text."""
    long = "".join(
        f"<p>Đoạn văn thứ {number} kể về mùa gặt ở thôn Nà Lạnh, nơi bà con đổi công cho nhau từ ruộng này sang ruộng kia, "
        "người trẻ gặt, người già bó lúa, trẻ con mang nước và cơm nắm ra bờ ruộng từ lúc trời còn sương.</p>"
        for number in range(1, 8)
    )
    item = read(
        f"<div>{WORDS}</div><div><b>Tin liên quan</b><ul><li><a href=/a>Một tin khác của xã</a></li></ul></div>{long}"
    )
    assert "Đoạn văn thứ 7" in item.text


def test_a_sentence_in_the_box_named_for_the_text_is_the_whole_text():
    """What stands in boxes for sharing and comments below it is not taken in for want of words."""
    own = (
        f'<div class="journal-content-article"><p><strong>{WORDS}</strong></p>{FILM}</div>'
        '<div class="social-bookmarks"><p>Bài viết được chia sẻ không nói thay cho ý kiến của xã.</p></div>'
        '<div class="taglib-discussion"><p>Bạn cần có tài khoản để gửi ý kiến về bài viết này cho xã.</p></div>'
    )
    assert read(own, "Tin khác").text == WORDS
