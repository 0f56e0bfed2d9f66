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
        ("<noscript><img src=/a.jpg></noscript>", ["/a.jpg"]),
        ("<noscript><img src=/a.jpg></noscript><img class=lazy src=blank.gif data-src=/a.jpg>", ["/a.jpg"]),
        ("<noscript><img src=/a.jpg></noscript><noscript><img src=/b.jpg></noscript>", ["/a.jpg", "/b.jpg"]),
        ("<a href=/xem class=anh style=\"background-image: url('/a.jpg')\"></a>", ["/a.jpg"]),
        ("<div style='width:400px;background:#fff url(/a.jpg) no-repeat'><a href=/xem></a></div>", ["/a.jpg"]),
        ("<div class=khung data-background=/b.jpg style='background-image:url(/nho/a.jpg)'></div>", ["/b.jpg"]),
        ("<div style='background-image:url(/nen.jpg)'><p>Chữ nằm trên nền.</p></div>", []),
        ("<span style='background:url(/a.jpg);width:16px;height:16px'></span>", []),
        ("<img src=/a.jpg style='width: 1px; height: 1px'>", []),
        ("<img class=lazyload data-srcset='/m.jpg 600w, /l.jpg 1200w' src=data:image/gif;base64,x>", ["/l.jpg"]),
        ("<img data-lazy-src=/a.jpg src=/themes/loading.svg>", ["/a.jpg"]),
        ("<a href=/to/a.jpg data-fancybox=anh><img src=/nho/a.jpg width=75 height=60></a>", ["/to/a.jpg"]),
        ("<li data-src=/to/a.jpg><a href='#'><img src=/nho/a.jpg></a></li>", ["/nho/a.jpg"]),
        ("<div data-src=/to/a.jpg><img src=/nho/a.jpg></div>", ["/to/a.jpg"]),
        ("<img src=/nho/a.jpg data-zoom-image=/to/a.jpg>", ["/to/a.jpg"]),
        (
            "<a href='/documents/7/0/a.jpg/5c1e-77ab?t=1'><img src='/documents/7/0/a.jpg/5c1e-77ab?t=1&amp;imageThumbnail=1'></a>",
            ["/documents/7/0/a.jpg/5c1e-77ab?t=1"],
        ),
        ("<a href=/to/a.jpg style='background-image:url(/nho/a.jpg)'></a>", ["/to/a.jpg"]),
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


@pytest.mark.parametrize("host", ["localhost", "10.20.1.5:8080", "192.168.1.9", "web01", "portal.local"])
def test_an_address_inside_the_portals_network_is_no_picture(host):
    """A declared picture that only the portal's own machines can reach gives way to the one that the text shows."""
    assert media("<img src=/a.jpg>", head=f"<meta property='og:image' content='http://{host}/a1.jpg'>") == ["/a.jpg"]


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
        ("<p><img src=/a.jpg><br><em>Bà con xuống chợ.</em></p>", "Bà con xuống chợ."),
        ("<p><img src=/a.jpg><br>Bà con xuống chợ</p>", "Bà con xuống chợ"),
        (
            "<table><tr><td><p><img src=/a.jpg></p></td></tr><tr><td><p>Bà con xuống chợ</p></td></tr></table>",
            "Bà con xuống chợ",
        ),
        (
            "<div class=wp-caption><img src=/a.jpg><p class=wp-caption-text>Bà con xuống chợ</p></div>",
            "Bà con xuống chợ",
        ),
        (
            "<figure><a href=/a.jpg><img src=/a.jpg></a></figure><p class=chu-thich>Bà con xuống chợ</p>",
            "Bà con xuống chợ",
        ),
        (
            "<p align=center><img src=/a.jpg></p><p>&nbsp;</p><p align=center><b><i>Bà con xuống chợ</i></b></p>",
            "Bà con xuống chợ",
        ),
        ("<p><img src=/a.jpg></p><blockquote><em>Bà con xuống chợ</em></blockquote>", "Bà con xuống chợ"),
        ("<p><img src=/a.jpg></p><h6>Bà con xuống chợ</h6>", "Bà con xuống chợ"),
        ("<p><img src=/a.jpg></p><h3>Bà con xuống chợ</h3>", ""),
        ("<ul><li><img src=/a.jpg><p>Bà con xuống chợ</p></li></ul>", "Bà con xuống chợ"),
        ("<p><img src=/a.jpg></p><p>- Bà con xuống chợ.</p>", "Bà con xuống chợ."),
        ("<p><img src=/a.jpg></p><p>Bà con xuống chợ.</p><p>Ảnh: Minh Đức</p>", "Bà con xuống chợ. Ảnh: Minh Đức"),
        (
            "<p><img src=/a.jpg></p><p>Ông Lý A Sinh (thứ 2 từ trái sang) – Chủ tịch xã trao quà. Ảnh: M.Đ</p>",
            "Ông Lý A Sinh (thứ 2 từ trái sang) – Chủ tịch xã trao quà. Ảnh: M.Đ",
        ),
        ("<img src=/ba-con-xuong-cho.jpg alt='Bà con xuống chợ'>", ""),
        ("<img src=/a.jpg alt='Dọn đường vào bản đón khách'>", ""),
        ("<img src=/a.jpg alt='Hình ảnh 12.jpg'>", ""),
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
    "markup",
    [
        "<table><tr><td><img src=/a.jpg></td><td><img src=/b.jpg></td></tr><tr><td>Chợ phiên</td><td>Lễ hội</td></tr></table>",
        "<table><tr><td><img src=/a.jpg></td></tr><tr><td>Chợ phiên</td></tr><tr><td><img src=/b.jpg></td></tr><tr><td>Lễ hội</td></tr></table>",
        "<p><img src=/a.jpg><br>Chợ phiên<br><img src=/b.jpg><br>Lễ hội</p>",
        "<div><div><img src=/a.jpg><div>Chợ phiên</div></div><div><img src=/b.jpg><div>Lễ hội</div></div></div>",
        "<ul><li><img src=/a.jpg><p>Chợ phiên</p></li><li><img src=/b.jpg><p>Lễ hội</p></li></ul>",
        "<p><img src=/a.jpg></p><p><em>Chợ phiên</em></p><p><img src=/b.jpg></p><p><em>Lễ hội</em></p>",
    ],
)
def test_each_picture_has_its_own_caption(markup):
    """Pictures and captions in rows, in columns, in boxes and in lines find each other."""
    item = read(markup)
    assert [(one.url[-6:], one.caption) for one in item.media] == [("/a.jpg", "Chợ phiên"), ("/b.jpg", "Lễ hội")]
    assert "Chợ phiên" not in item.text


def test_a_phrase_for_all_pictures_is_no_caption():
    """One alternative text on several pictures was written by the system."""
    item = read("<p><img src=/a.jpg alt='Cổng thông tin xã'></p><p><img src=/b.jpg alt='Cổng thông tin xã'></p>")
    assert [one.caption for one in item.media] == ["", ""]


def test_pictures_of_one_name_are_told_apart():
    """Equal file names in two folders, and one handler with two numbers, are two pictures."""
    assert media("<img src=/5/image001.png><img src=/6/image001.png>") == ["/5/image001.png", "/6/image001.png"]
    assert media("<img src='/anh.ashx?id=1'><img src='/anh.ashx?id=2'>") == ["/anh.ashx?id=1", "/anh.ashx?id=2"]


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
        ("<iframe src='https://www.google.com/maps/embed?pb=1' allowfullscreen></iframe>", []),
        ("<iframe src='/thoi-tiet/embed.aspx'></iframe>", []),
        ("<iframe src='/player.aspx?file=/phim/a.mp4&image=/phim/a.jpg'></iframe>", ["/phim/a.mp4"]),
        ("<iframe src='/truyenhinh/embed/1234'></iframe>", ["/truyenhinh/embed/1234"]),
        (
            "<iframe src='https://tv.example.vn/video/1234' allowfullscreen></iframe>",
            ["https://tv.example.vn/video/1234"],
        ),
        ("<object data=/v.mp4></object>", ["/v.mp4"]),
        (
            "<object><param name=movie value='https://youtu.be/abcdefghijk'><embed src='https://youtu.be/abcdefghijk'></object>",
            ["https://www.youtube.com/watch?v=abcdefghijk"],
        ),
        (
            "<object data=/player.swf><param name=flashvars value='file=/phim/a.mp4&amp;image=/phim/a.jpg'></object>",
            ["/phim/a.mp4"],
        ),
        ("<embed src='/player.swf?file=/phim/a.flv'>", ["/phim/a.flv"]),
        ("<embed src=/player.swf flashvars='file=/phim/a.mp4'>", ["/phim/a.mp4"]),
        ("""<div data-config='{"file":"\\/phim\\/a.mp4","image":"\\/phim\\/a.jpg"}'></div>""", ["/phim/a.mp4"]),
        (
            """<div class=fp-player data-item='{"sources":[{"type":"video/mp4","src":"/phim/a.mp4"}]}'></div>""",
            ["/phim/a.mp4"],
        ),
        (
            """<script>jwplayer("x").setup({ file : 'phim/phong su 1.mp4', width: 640 });</script>""",
            ["/tin-tuc/phim/phong%20su%201.mp4"],
        ),
        (
            """<script>jwplayer("x").setup({playlist:[{file:"https://youtu.be/abcdefghijk"}]})</script>""",
            ["https://www.youtube.com/watch?v=abcdefghijk"],
        ),
        ("<script>var kenh = 'https://www.youtube.com/channel/abcdefghijklmn';</script>", []),
        ("<div data-trailer='https://m.example/a.mp4'></div>", ["https://m.example/a.mp4"]),
        ("<div data-videoid=abcdefghijk></div>", ["https://www.youtube.com/watch?v=abcdefghijk"]),
        ("<iframe data-src='//youtu.be/abcdefghijk?t=3'></iframe>", ["https://www.youtube.com/watch?v=abcdefghijk"]),
        (
            "<iframe src='https://www.dailymotion.com/embed/video/x8abcde'></iframe>",
            ["https://www.dailymotion.com/video/x8abcde"],
        ),
        ("<h3>Danh sách video</h3>", []),
    ],
)
def test_films_are_found_where_players_hide_them(markup, wanted):
    """Players, data attributes, scripts and known embeds give their film; other frames give nothing."""
    assert media(markup, "video") == wanted


@pytest.mark.parametrize(
    "other",
    [
        "a.m3u8",
        "a/playlist.m3u8",
        "a/index.m3u8",
        "mp4:a.mp4/playlist.m3u8",
        "a_720p.mp4",
        "A.webm",
        "smil:a.smil/master.m3u8",
    ],
)
def test_forms_of_one_film_belong_together(other):
    """Two forms of one film stand side by side with one still and one title, though another film was named between."""
    told = "<video src=/phim/a.mp4 poster=/phim/a.jpg title='Mùa lúa'></video><video src=/phim/b.mp4></video>"
    films = [one for one in read(f"{told}<video src='/phim/{other}'></video>").media if one.kind == "video"]
    assert [one.url.rpartition("/phim/")[2] for one in films] == ["a.mp4", other, "b.mp4"]
    assert {(one.thumbnail, one.title) for one in films[:2]} == {("https://suoithong.example/phim/a.jpg", "Mùa lúa")}


@pytest.mark.parametrize(
    ("markup", "still"),
    [
        ("<video src=/v.mp4 poster=/p.jpg></video>", "/p.jpg"),
        ("<div data-vid=/phim/a.mp4 data-thumb=/p.jpg></div>", "/p.jpg"),
        ("<div data-vid=/phim/a.mp4><img src=/p.jpg></div>", "/p.jpg"),
        ("<div data-vid=/phim/a.mp4></div><p><img src=/anh/a.mp4.jpg></p>", "/anh/a.mp4.jpg"),
        ("<video src=/phim/a.mp4></video><p><img src=/anh/a.jpg></p>", "/anh/a.jpg"),
        ("<script>player.setup({file:'/v.mp4',image:'/p.jpg'})</script>", "/p.jpg"),
        ("<iframe src='/player.aspx?file=/phim/a.mp4&image=/p.jpg'></iframe>", "/p.jpg"),
        (
            "<iframe src='https://www.youtube.com/embed/abcdefghijk'></iframe>",
            "https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg",
        ),
        ("<video src=/v.mp4></video><p><img src=/p.jpg></p>", None),
    ],
)
def test_a_film_has_its_still(markup, still):
    """The still is the one that the player names, or shows, or the picture that has the film's own name."""
    film = next(one for one in read(markup).media if one.kind == "video")
    assert (film.thumbnail or "").removeprefix("https://suoithong.example") == (still or "")


def test_a_player_script_names_a_still_for_each_film():
    """Of several films in one configuration each has the still that stands beside it."""
    script = "playlist: [{file: '/a.mp4', image: '/a1.jpg'}, {file: '/b.mp4', image: '/b1.jpg'}]"
    films = [one for one in read(f"<script>jwplayer('x').setup({{{script}}})</script>").media if one.kind == "video"]
    assert [(one.url[-6:], (one.thumbnail or "")[-7:]) for one in films] == [
        ("/a.mp4", "/a1.jpg"),
        ("/b.mp4", "/b1.jpg"),
    ]


def test_a_frame_of_the_portals_own_is_told_as_a_player():
    """What cannot be had as a file is told by the address of its player, and shown as a link."""
    item = read("<iframe src='/truyenhinh/embed/1234' title='Bản tin tuần'></iframe>")
    film = item.media[0]
    assert (film.url, film.player, film.title) == (film.url, film.url, "Bản tin tuần")
    assert '<a href="https://suoithong.example/truyenhinh/embed/1234"' in item.html


@pytest.mark.parametrize(
    "picture",
    [
        "<a href=/to/a.jpg title='Người già xuống chợ'><img src=/nho/a.jpg width=75 height=60></a>",
        "<a href=/to/a.jpg data-caption='Người già xuống chợ'><img src=/nho/a.jpg></a>",
        "<div data-sub-html='Người già xuống chợ'><img src=/to/a.jpg alt='a-1'></div>",
        "<a href=/to/a.jpg title='Người già xuống chợ' style='background-image:url(/nho/a.jpg)'></a>",
        "<img src=/to/a.jpg alt='' title='Người già xuống chợ'>",
    ],
)
def test_a_gallery_tells_captions_in_attributes(picture):
    """The words of a lightbox are the caption of its picture."""
    assert [(one.url[-9:], one.caption) for one in read(picture).media] == [("/to/a.jpg", "Người già xuống chợ")]


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
        ("<iframe src=/up/ke-hoach.pdf></iframe>", [("ke-hoach.pdf", "application/pdf")]),
        ("<object data=/up/ke-hoach.pdf type=application/pdf></object>", [("ke-hoach.pdf", "application/pdf")]),
        (
            "<iframe src='https://docs.google.com/viewer?url=https://suoithong.example/up/kh.pdf&amp;embedded=true'></iframe>",
            [("kh.pdf", "application/pdf")],
        ),
        (
            "<iframe src='/pdfjs/web/viewer.html?file=/up/kh.pdf#page=1' title='Kế hoạch'></iframe>",
            [("Kế hoạch", "application/pdf")],
        ),
        ("<p><a href='/documents/7/0/a.jpg/5c1e-77ab'>Ảnh lớn</a></p>", []),
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
