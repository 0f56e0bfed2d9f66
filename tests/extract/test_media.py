from datetime import datetime

import pytest

from feedsvc.extract.article import read_article
from feedsvc.model import VIETNAM, Page, Source

SENTENCE = "Sáng nay bà con các thôn cùng nhau dọn đường, khơi rãnh nước và trồng thêm hoa dọc lối vào bản."
TEXT = f"<p>{SENTENCE} Một.</p><p>{SENTENCE} Hai.</p><p>{SENTENCE} Ba.</p>"
ADDRESS = "https://suoithong.example/tin-tuc/bai-1"


def read(body, head=""):
    """Read an article whose body is `body` between paragraphs."""
    markup = f"<html><head>{head}</head><body><h1>Dọn đường vào bản đón khách</h1><div>{TEXT}{body}{TEXT.replace('Ba', 'Hết')}</div></body></html>"
    page = Page(
        url=ADDRESS, final_url=ADDRESS, status=200, body=markup.encode(), content_type="text/html",
        fetched_at=datetime(2024, 7, 16, tzinfo=VIETNAM),
    )  # fmt: skip
    return read_article(page, Source(slug="x", title="", home=ADDRESS))


def media(body, kind="image", head=""):
    """Give the addresses of one kind of media."""
    return [one.url.removeprefix("https://suoithong.example") for one in read(body, head).media if one.kind == kind]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<img src=/a.jpg>", ["/a.jpg"]),
        ("<img src='data:image/gif;base64,x' data-src=/a.jpg>", ["/a.jpg"]),
        ("<img src=loading.gif data-original=/a.jpg>", ["/a.jpg"]),
        ("<img src=/s.jpg srcset='/s.jpg 300w, /m.jpg 600w, /l.jpg 1200w'>", ["/l.jpg"]),
        ("<picture><source srcset='/w.webp 1200w'><img src=/a.jpg></picture>", ["/w.webp"]),
        ("<a href=/to/a.jpg><img src=/nho/a.jpg width=120></a>", ["/to/a.jpg"]),
        ("<img src=blank.gif><noscript><img src=/a.jpg></noscript>", ["/a.jpg"]),
        ("<img src=/icons/zalo.png><img src=/a.jpg width=16 height=16><img src=/pixel.gif><img src=/x.svg>", []),
        ("<img src=/a.jpg width=60 height=60>", []),
        ("<img src=/a-300x200.jpg><img src=/a.jpg>", ["/a-300x200.jpg"]),
        ("<div class=related><img src=/other.jpg></div>", []),
        ("<img alt=x>", []),
    ],
)
def test_pictures_come_at_their_largest_and_icons_not_at_all(markup, wanted):
    """Lazy, responsive and linked pictures give their true file once; icons, pixels and other articles' pictures do not."""
    assert media(markup) == wanted


def test_the_declared_picture_leads():
    """The declared picture is first, and is the body's entry with its caption when the body shows it too."""
    head = "<meta property='og:image' content='https://suoithong.example/m-1200x800.jpg'>"
    item = read(
        "<img src=/b.jpg><p><i>Chú thích một.</i></p><img src=/m-600x400.jpg><p><i>Chú thích hai.</i></p>", head
    )
    assert [(one.url.rpartition("/")[2], one.caption) for one in item.media] == [
        ("m-600x400.jpg", "Chú thích hai."),
        ("b.jpg", "Chú thích một."),
    ]


def test_the_logo_is_no_picture_of_an_article():
    """The portal's stand-in picture is not taken for the article's."""
    assert media("", head="<meta property='og:image' content='/images/logo.png'>") == []


@pytest.mark.parametrize(
    ("markup", "caption"),
    [
        ("<figure><img src=/a.jpg><figcaption>Cảnh chợ. Ảnh: Minh</figcaption></figure>", "Cảnh chợ. Ảnh: Minh"),
        ("<table><tr><td><img src=/a.jpg></td></tr><tr><td>Bà con xuống chợ.</td></tr></table>", "Bà con xuống chợ."),
        ("<p><img src=/a.jpg></p><p align=center>Bà con xuống chợ</p>", "Bà con xuống chợ"),
        ("<p><img src=/a.jpg></p><p>Bà con xuống chợ.</p>", "Bà con xuống chợ."),
        ("<p><img src=/a.jpg alt='Bà con xuống chợ'></p>", "Bà con xuống chợ"),
        ("<p><img src=/a.jpg alt='DSC_0042.JPG'></p>", ""),
        ("<p><img src=/a.jpg></p><p><b>Con đường của lòng dân</b></p>", ""),
        (f"<p><img src=/a.jpg></p><p>{SENTENCE} {SENTENCE} {SENTENCE}</p>", ""),
        ("<p><img src=/a.jpg></p><p>Một câu. Hai câu. Ba câu.</p>", ""),
        ("<p align=center><i>Bà con xuống chợ.</i></p><p align=center><img src=/a.jpg></p>", "Bà con xuống chợ."),
        (
            "<p align=center><i>Dòng ở trên.</i></p><p><img src=/a.jpg></p><p align=center><i>Bà con xuống chợ.</i></p>",
            "Bà con xuống chợ.",
        ),
        ("<p align=center><b>Con đường mới.</b></p><p><img src=/a.jpg></p>", ""),
        ("<p>Bà con xuống chợ.</p><p><img src=/a.jpg></p>", ""),
    ],
)
def test_captions_are_bound_to_their_picture(markup, caption):
    """A caption is told by its place and shape; a heading or a paragraph below a picture stays text."""
    item = read(markup)
    assert [one.caption for one in item.media] == [caption]
    assert not caption or caption not in item.text


def test_one_caption_for_a_run_of_pictures_goes_to_the_last():
    """Of two pictures in a row the last one carries the caption."""
    item = read("<p><img src=/a.jpg></p><p><img src=/b.jpg></p><p>Bà con xuống chợ.</p>")
    assert [one.caption for one in item.media] == ["", "Bà con xuống chợ."]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<video src=/v.mp4></video>", ["/v.mp4"]),
        ("<video poster=/p.jpg><source src=/v.mp4 type=video/mp4><source src=/v.webm></video>", ["/v.mp4", "/v.webm"]),
        ("<div data-vid='media.suoithong.example/v.mp4'></div>", ["https://media.suoithong.example/v.mp4"]),
        ("<a href=/v.mp4>Xem phim</a>", ["/v.mp4"]),
        ("<script>player({file: '//m.example/v.m3u8'})</script>", ["https://m.example/v.m3u8"]),
        (
            "<iframe src='https://www.youtube.com/embed/abcdefghijk?x=1'></iframe>",
            ["https://www.youtube.com/watch?v=abcdefghijk"],
        ),
        ("<iframe src='https://player.vimeo.com/video/123456'></iframe>", ["https://vimeo.com/123456"]),
        ("<script>var videoUrl = 'https://m.example/phim-a.m3u8';</script>", ["https://m.example/phim-a.m3u8"]),
        ("<iframe src='https://ads.example/x'></iframe>", []),
        ("<h3>Danh sách video</h3>", []),
    ],
)
def test_films_are_found_where_players_hide_them(markup, wanted):
    """Players, data attributes, scripts and known embeds give their film; other frames give nothing."""
    assert media(markup, "video") == wanted


def test_a_foreign_player_becomes_a_link():
    """A known embed keeps its player's address apart, and shows as picture and link instead of a frame."""
    item = read("<iframe src='https://www.youtube.com/embed/abcdefghijk'></iframe>")
    assert item.media[0].player == "https://www.youtube.com/embed/abcdefghijk"
    assert '<a href="https://www.youtube.com/watch?v=abcdefghijk"' in item.html
    assert "iframe" not in item.html


def test_sounds_are_media_too():
    """A sound file comes with its type."""
    assert [(one.kind, one.mime) for one in read("<audio src=/a.mp3></audio>").media] == [("audio", "audio/mpeg")]


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<p><a href=/a.pdf>Kế hoạch</a></p>", [("Kế hoạch", "application/pdf")]),
        (
            "<p><a href='/upload/b%C3%A1o.xlsx'></a></p>",
            [("báo.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")],
        ),
        ("<p><a href='/download.aspx?id=7'>Tải về</a></p>", [("Tải về", None)]),
        ("<p><a href='/Handlers/DownloadHandler.ashx?id=7'>KH-12.pdf</a></p>", [("KH-12.pdf", "application/pdf")]),
        (
            """<p><a href="javascript:void(0)" onclick="window.open('/up/van-ban.pdf')">Tải về</a></p>""",
            [("Tải về", "application/pdf")],
        ),
        ("<p><a href=/tin-tuc/khac>Tin khác hẳn</a></p>", []),
        ("<p><a href=/tai-nguyen/rung?loai=1>Tài nguyên rừng</a></p>", []),
    ],
)
def test_files_come_with_title_and_type(markup, wanted):
    """Linked files are documents; links to pages are not."""
    assert [(one.title, one.mime) for one in read(markup).media if one.kind == "document"] == wanted


def test_the_text_behind_an_embedded_player_is_kept():
    """An old `embed` element, which no page closes, takes no paragraph with it."""
    item = read(
        "<embed src='https://www.youtube.com/v/abcdefghijk'><p>Phim do bà con tự quay trong buổi dọn đường.</p>"
    )
    assert "Phim do bà con tự quay" in item.text
    assert item.text.count("Hết.") == 1
    assert [one.kind for one in item.media] == ["video"]
