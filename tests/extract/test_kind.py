"""What kind a list is, by what its lines show (reading.md 3)."""

from datetime import UTC, datetime

import pytest

from feedsvc.extract.kind import Evidence, kind_of
from feedsvc.extract.listing import read_listing
from feedsvc.model import Page, Source, Stub

NOW = datetime(2022, 9, 25, 3, 0, tzinfo=UTC)
HOME = "https://thixa.vidu.gov.vn/"
TITLES = [
    "Mùa vàng trên các thửa ruộng bậc thang ở xã vùng cao",
    "Lễ cơm mới của bà con người Giáy ở thôn Tả Van",
    "Đội văn nghệ thôn Cát Cát tập điệu xòe cho ngày hội",
    "Nghề chạm bạc trở lại với những người thợ trẻ",
    "Đường lên bản mới mở giúp học sinh tới trường gần hơn",
    "Phiên tòa giả định về giao thông ở trường nội trú",
]


def kind(lines, *, heading="Tin tức", path="tin-tuc", beside=""):
    """The kind of the list made of `lines` under `heading`."""
    body = f"""<!DOCTYPE html><html lang="vi"><head><title>{heading} - Thị xã</title></head><body>
    <ul class="menu"><li><a href="/video">Video</a></li><li><a href="/thu-vien-anh">Thư viện ảnh</a></li></ul>
    <div class="cot-giua"><h1>{heading}</h1><div class="ds">{"".join(lines)}</div></div>{beside}</body></html>"""
    page = Page(
        url=HOME + path, final_url=HOME + path, status=200, body=body.encode(), content_type="text/html", fetched_at=NOW
    )
    return read_listing(page, Source(slug="thixa", title="Thị xã", home=HOME)).kind


def line(n, *, inside="", title="", link="", attributes="", summary="", date=True):
    """One line of a list: a picture, a headline, perhaps more."""
    day = f"<span>{20 - n}/09/2022</span>" if date else ""
    return (
        f'<div class="o" {attributes}><a href="/{link or "bai"}/{n}-bai-so-{n}5512"><img src="/anh/{n}-to.jpg"></a>{inside}'
        f'<h3><a href="/{link or "bai"}/{n}-bai-so-{n}5512">{title or TITLES[n]}</a></h3>{day}<p>{summary}</p></div>'
    )


SUMMARY = "Từ sáng sớm, bà con đã có mặt đông đủ bên sân nhà văn hóa để cùng nhau chuẩn bị."


def test_news_with_pictures_and_summaries_are_news():
    """An ordinary list of articles is news, though each has a picture."""
    assert kind([line(n, summary=SUMMARY) for n in range(6)]) == "news"


def test_headlines_with_pictures_alone_are_news():
    """So is one of pictures and headlines: a headline is more than an album's name."""
    assert kind([line(n, date=False) for n in range(6)]) == "news"


def test_one_news_with_a_film_does_not_make_a_list_of_films():
    """Some portals mark articles that hold a film; the list stays news."""
    marked = [line(n, attributes='data-video="/phim/1.mp4"' if n == 1 else "", summary=SUMMARY) for n in range(6)]
    assert kind(marked) == "news"


@pytest.mark.parametrize(
    "attributes",
    [
        'data-vid="phim/{n}/ban-tin.mp4"',
        "onclick=\"phat('/media/phim-{n}.mp4')\"",
        'data-hls="https://phim.vidu.vn/{n}/playlist.m3u8"',
        'data-video-id="a1b2c3d4e5{n}"',
        "onclick=\"xem('https://www.youtube.com/embed/a1b2c3d4e5{n}')\"",
    ],
)
def test_lines_that_carry_films_are_a_list_of_films(attributes):
    """Media files, players' addresses and numbers of films are believed, whatever the list is called."""
    assert kind([line(n, attributes=attributes.format(n=n)) for n in range(6)]) == "video"


def test_the_stills_of_a_hosted_player_are_a_list_of_films():
    """A picture from the player's own picture host shows that the line is a film."""
    lines = [line(n, inside=f'<img src="https://i.ytimg.com/vi/a1b2c3d4e5{n}/hqdefault.jpg">') for n in range(6)]
    assert kind(lines) == "video"


def test_the_name_confirms_a_list_of_films_whose_lines_show_only_pictures():
    """Pictures and headlines under "Video", with the player on each film's own page, are films."""
    assert kind([line(n) for n in range(6)], heading="Danh sách video", path="video") == "video"


def test_a_player_beside_a_list_of_news_makes_no_films_of_it():
    """Nearly every portal has a player at the side of every page."""
    beside = '<div class="phai"><iframe src="https://www.youtube.com/embed/a1b2c3d4e5f"></iframe></div>'
    assert kind([line(n, summary=SUMMARY) for n in range(6)], beside=beside) == "news"


def test_named_pictures_are_a_gallery():
    """Four and more linked pictures with names and little else are albums."""
    names = ["Chợ phiên", "Ruộng bậc thang", "Lễ hội xuống đồng", "Núi Hàm Rồng", "Thác Bạc", "Bản Cát Cát"]
    assert kind([line(n, title=names[n], date=False) for n in range(6)]) == "gallery"


def test_albums_with_dates_are_a_gallery_when_the_list_says_so():
    """Albums with long names and dates look like news; the name of the list decides."""
    assert kind([line(n) for n in range(6)], heading="Thư viện ảnh", path="thu-vien-anh") == "gallery"


def test_a_register_of_documents_is_told_by_its_columns():
    """A table of number, abstract and day is documents, whatever its links lead to."""
    rows = "".join(
        f"<tr><td>{n}</td><td>{70 + n}/QĐ-UBND</td><td>{20 - n}/09/2022</td>"
        f'<td><a href="/chi-tiet?id={n}551">Về việc giao chỉ tiêu năm học cho các trường, đợt {n}</a></td></tr>'
        for n in range(6)
    )
    table = f"<table><tr><th>STT</th><th>Số/Ký hiệu</th><th>Ngày ban hành</th><th>Trích yếu</th></tr>{rows}</table>"
    assert kind([table]) == "documents"


def test_lines_with_a_file_each_are_documents():
    """Links to PDF files make a list of documents."""
    lines = [f'<p class="d"><a href="/tep/van-ban-{n}.pdf">{TITLES[n]}</a> ({20 - n}/09/2022)</p>' for n in range(6)]
    assert kind(lines) == "documents"


def test_lines_with_numbers_of_documents_are_documents():
    """Numbers such as 12/2022/QĐ-UBND tell documents where no table and no file does."""
    lines = [line(n, inside=f"<b>Số: {n + 10}/2022/QĐ-UBND</b>") for n in range(6)]
    assert kind(lines) == "documents"


@pytest.mark.parametrize(("films", "wanted"), [(6, "video"), (5, "news"), (0, "news")])
def test_more_than_half_of_the_lines_decide(films, wanted):
    """Half of the lines are not enough, when the name says nothing."""
    stubs = [Stub(keys=(), url=f"{HOME}{n}", title=TITLES[n % 6], summary=SUMMARY) for n in range(10)]
    assert kind_of(stubs, Evidence(films=films)) == wanted


def test_an_empty_list_is_news():
    """Nothing is shown, so nothing is claimed."""
    assert kind_of((), Evidence()) == "news"
