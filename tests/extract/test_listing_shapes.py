from datetime import UTC, datetime
from unicodedata import normalize

import pytest

from feedsvc.errors import ExtractError, LayoutChanged
from feedsvc.extract.listing import read_listing
from feedsvc.model import Page, Selectors, Source

NOW = datetime(2022, 9, 25, 3, 0, tzinfo=UTC)
HOME = "https://thixa.vidu.gov.vn/"
TITLES = [
    "Khai mạc lớp tập huấn kỹ năng số cho cán bộ thôn bản",
    "Trường tiểu học xã Tả Phìn nhận 200 bộ bàn ghế mới",
    "Bàn giao nhà đại đoàn kết cho hộ nghèo ở bản Hồ",
    "Ra quân làm sạch đường làng ngõ xóm dịp cuối tuần",
    "Hội nông dân thăm mô hình trồng lê trái vụ",
    "Đoàn viên thanh niên hiến máu nhân đạo đợt ba",
    "Kiểm tra công tác phòng cháy tại chợ trung tâm",
    "Phiên chợ vùng cao hút khách dịp nghỉ lễ",
    "Tuyên dương học sinh giỏi vượt khó năm học mới",
    "Giải bóng chuyền các khối thi đua thành công tốt đẹp",
]
SLUGS = [f"bai-viet-so-{n}-cua-thi-xa-{1000 + n}" for n in range(10)]
OTHERS = [f"Tin cũ thứ {n} về đời sống bà con vùng cao" for n in range(1, 7)]


def read(main, *, url=HOME + "tin-tuc", shell=True, **given):
    """Read a page with `main` in the middle of a portal, or as it stands."""
    body = portal(main) if shell else main
    page = Page(
        url=url, final_url=url, status=200, body=body.encode(), content_type="text/html; charset=utf-8", fetched_at=NOW
    )
    return read_listing(page, Source(slug="thixa", title="Thị xã", home=HOME, **given))


def portal(main):
    """A portal's shell: one ASP.NET form round everything, mega menu, clock, side blocks, agencies, counters."""
    menu = "".join(
        f'<li><a href="/chuyen-muc-{n}">Chuyên mục {n}</a><ul>'
        + "".join(
            f'<li><a href="/chuyen-muc-{n}/muc-con-{k}">Mục con thứ {k} của chuyên mục {n}</a></li>' for k in range(6)
        )
        + "</ul></li>"
        for n in range(9)
    )
    agencies = "".join(
        f'<li><a href="https://so{n}.vidu.gov.vn/">Sở ban ngành số {n} của tỉnh</a></li>' for n in range(40)
    )
    read_most = "".join(
        f'<li><a href="/xem/{n}.html">Bài được đọc nhiều nhất thứ {n} trong tháng</a></li>' for n in range(5)
    )
    return f"""<!DOCTYPE html><html lang="vi"><head><title>Tin tức - Cổng thông tin điện tử thị xã</title></head><body>
    <form method="post" action="/tin-tuc" id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="abc">
    <div class="top"><span>Chủ nhật, Ngày 25/09/2022 - 10:00</span><a href="/en">English</a><a href="/dang-nhap">Đăng nhập</a></div>
    <ul class="mega-menu">{menu}</ul>
    <div class="wrap"><div class="center-col"><h1>Tin tức sự kiện</h1>{main}</div>
    <div class="right-col"><div class="block"><h3>Xem nhiều</h3><ul>{read_most}</ul></div>
    <div class="block"><h3>Thống kê truy cập</h3>Trong năm: 414,619 Tất cả: 4.798.809</div></div></div>
    <div class="lien-ket"><h3>Liên kết website</h3><ul>{agencies}</ul></div>
    <div id="footer"><a href="/lien-he">Liên hệ</a> <a href="/so-do">Sơ đồ cổng</a> Giấy phép số 19/GP ngày 01/02/2015</div></form></body></html>"""


def day(n):
    """Day of the item `n`."""
    return f"{20 - n:02d}/09/2022"


def plain(others=""):
    """A list of ten items in ordinary markup."""
    items = "".join(
        f'<div class="news-item"><a href="/{SLUGS[n]}"><img src="/anh/thu-nho-{n}.jpg"></a><h3><a href="/{SLUGS[n]}">{TITLES[n]}</a></h3>'
        f'<span class="date">Ngày đăng: {day(n)}</span><p class="sapo">Sáng {day(n)[:5]}, bà con các thôn bản đã có mặt từ sớm để cùng chung tay trong việc thứ {n}.</p></div>'
        for n in range(10)
    )
    return f'<div class="list">{items}</div>{others}'


def urls(listing):
    """Addresses in their order."""
    return [stub.url for stub in listing.stubs]


def wanted(count=10):
    """Addresses that the list has."""
    return [HOME + slug for slug in SLUGS[:count]]


def titles(listing):
    """Titles in their order."""
    return [stub.title for stub in listing.stubs]


def days(listing):
    """Days in their order."""
    return [stub.published and stub.published.strftime("%d/%m/%Y") for stub in listing.stubs]


def test_a_plain_list_is_read_whole_in_the_midst_of_a_portal():
    """Menus longer than the list, agencies and "Xem nhiều" never displace the news; every field is read."""
    listing = read(plain())
    assert urls(listing) == wanted()
    assert titles(listing) == TITLES
    assert days(listing) == [day(n) for n in range(10)]
    assert listing.title == "Tin tức sự kiện"
    assert [one.url for one in listing.stubs[0].media] == [HOME + "anh/thu-nho-0.jpg"]
    assert listing.stubs[3].summary.startswith("Sáng 17/09, bà con")


OLDER = "".join(
    f'<li><a href="/cu-{n}-xxxx-yyyy">{title}</a> <span>({n:02d}/08/2022)</span></li>'
    for n, title in enumerate(OTHERS, 1)
)


@pytest.mark.parametrize(
    "others",
    [
        f'<div class="other"><h4>Tin khác</h4><ul>{OLDER}</ul></div>',
        f"<p><b>Các tin khác:</b></p><ul>{OLDER}</ul>",
        '<div class="title">Tin liên quan</div>'
        + "".join(
            f'<div class="news-item"><h3><a href="/cu-{n}">{t}</a></h3><span class="date">0{n}/08/2022</span></div>'
            for n, t in enumerate(OTHERS, 1)
        ),
    ],
)
def test_other_news_below_the_list_is_left_out(others):
    """What stands under "Tin khác" and the like is no part of the list, even in the list's own classes."""
    assert urls(read(plain(others))) == wanted()


def test_a_list_without_any_class_is_read():
    """No class, no heading: links, dates and breaks alone make a list."""
    main = "<div>" + "".join(f'<a href="/{SLUGS[n]}">{TITLES[n]}</a> ({day(n)})<br>' for n in range(8)) + "</div>"
    listing = read(main)
    assert urls(listing) == wanted(8)
    assert titles(listing) == TITLES[:8]
    assert days(listing) == [day(n) for n in range(8)]


def test_flat_markup_gives_each_item_its_own_date_and_summary():
    """h3 p p h3 p p without boxes: what follows a headline belongs to it."""
    main = (
        "<div>"
        + "".join(
            f'<h3><a href="/{SLUGS[n]}">{TITLES[n]}</a></h3><p>{day(n)}</p><p>Tóm tắt đủ dài của bài viết thứ {n}, kể việc chung của bà con trong thôn bản.</p>'
            for n in range(6)
        )
        + "</div>"
    )
    listing = read(main)
    assert urls(listing) == wanted(6)
    assert days(listing) == [day(n) for n in range(6)]
    assert [f"thứ {n}," in stub.summary for n, stub in enumerate(listing.stubs)] == [True] * 6


def test_flat_markup_with_the_date_first_keeps_dates_with_their_headlines():
    """Date, headline, date, headline: a date that stands before the first headline stands before each."""
    main = (
        "<div>"
        + "".join(f'<p class="d">{day(n)}</p><h3><a href="/{SLUGS[n]}">{TITLES[n]}</a></h3>' for n in range(6))
        + "</div>"
    )
    assert days(read(main)) == [day(n) for n in range(6)]


def test_a_card_that_is_one_link_gives_the_headline_alone():
    """A whole card as one link: its title is the headline, not the date and summary around it."""
    main = (
        '<div class="cards">'
        + "".join(
            f'<a class="card" href="/{SLUGS[n]}"><img data-src="/anh/{n}-lon.jpg" src="/anh/loading.gif"><span class="ngay">{day(n)}</span><h4>{TITLES[n]}</h4><p>Một đoạn tóm tắt khá dài để thử cách đọc tấm thẻ thứ {n}.</p></a>'
            for n in range(6)
        )
        + "</div>"
    )
    listing = read(main)
    assert titles(listing) == TITLES[:6]
    assert days(listing) == [day(n) for n in range(6)]
    assert listing.stubs[2].media[0].url == HOME + "anh/2-lon.jpg"


def test_titles_cut_by_dots_become_whole():
    """A title that the server cut is taken from the title attribute."""
    main = (
        "<ul>"
        + "".join(
            f'<li><a href="/{SLUGS[n]}" title="{TITLES[n]}">{TITLES[n][:25]}...</a> <i>{day(n)}</i></li>'
            for n in range(7)
        )
        + "</ul>"
    )
    assert titles(read(main)) == TITLES[:7]


DOCUMENTS = '<table class="vb"><tr><th>STT</th><th>Số/Ký hiệu</th><th>Ngày ban hành</th><th>Trích yếu</th><th>Tải về</th></tr>{rows}</table>'


@pytest.mark.parametrize("number", ["<a href='/van-ban/{n}'>{n}/QĐ-UBND</a>", "{n}/QĐ-UBND"])
def test_a_table_of_legal_documents_gives_the_abstract_as_title_and_the_file_as_document(number):
    """Title = Trích yếu, date = Ngày ban hành, the file is a document of the item."""
    rows = "".join(
        f"<tr><td>{n}</td><td>{number.format(n=n)}</td><td>{day(n)}</td><td><a href='/van-ban/{n}'>Quyết định về việc {TITLES[n].lower()}</a></td><td><a href='/tep/{n}-qd-ubnd.pdf'>Tải về</a></td></tr>"
        for n in range(1, 9)
    )
    listing = read(DOCUMENTS.format(rows=rows))
    assert urls(listing) == [f"{HOME}van-ban/{n}" for n in range(1, 9)]
    assert titles(listing)[0] == f"Quyết định về việc {TITLES[1].lower()}"
    assert days(listing) == [day(n) for n in range(1, 9)]
    assert [(one.url, one.kind, one.mime) for one in listing.stubs[0].media] == [
        (HOME + "tep/1-qd-ubnd.pdf", "document", "application/pdf")
    ]


def test_a_table_whose_rows_link_only_to_files_names_them_by_their_abstract():
    """Only "Tải về" is a link: the item is the row, its title the abstract, its address the file."""
    rows = "".join(
        f"<tr><td>{n}</td><td>{n}/QĐ-UBND</td><td>{day(n)}</td><td>Quyết định về việc {TITLES[n].lower()}</td><td><a href='/tep/{n}.pdf'>Tải về</a> <a href='/tep/{n}.docx'>Bản Word</a></td></tr>"
        for n in range(1, 9)
    )
    listing = read(DOCUMENTS.format(rows=rows))
    assert titles(listing) == [f"Quyết định về việc {TITLES[n].lower()}" for n in range(1, 9)]
    assert urls(listing) == [f"{HOME}tep/{n}.pdf" for n in range(1, 9)]
    assert [one.url for one in listing.stubs[0].media] == [HOME + "tep/1.pdf", HOME + "tep/1.docx"]


def test_a_layout_table_with_several_cards_a_row_gives_each_card():
    """Cells of a layout table are cards of their own."""
    cells = [
        f'<td><a href="/{SLUGS[n]}"><img src="/a/{n}.jpg"></a><br><a href="/{SLUGS[n]}">{TITLES[n]}</a><br>{day(n)}</td>'
        for n in range(9)
    ]
    rows = "".join(f"<tr>{''.join(cells[k : k + 3])}</tr>" for k in (0, 3, 6))
    listing = read(f"<table>{rows}</table>")
    assert urls(listing) == wanted(9)
    assert days(listing) == [day(n) for n in range(9)]


def test_a_video_list_carries_its_films():
    """Video cards with data-vid or onclick films give the film beside its picture."""
    main = (
        '<div class="videos">'
        + "".join(
            f'<div class="v" data-vid="/media/phim-{n}.mp4"><a href="/video/{n}"><img src="/media/phim-{n}.jpg" alt="play"></a><a href="/video/{n}">{TITLES[n]}</a></div>'
            for n in range(6)
        )
        + "</div>"
    )
    listing = read(main, url=HOME + "video")
    assert titles(listing) == TITLES[:6]
    assert [(one.kind, one.url) for one in listing.stubs[1].media] == [
        ("image", HOME + "media/phim-1.jpg"),
        ("video", HOME + "media/phim-1.mp4"),
    ]


def test_a_list_of_albums_gives_one_item_an_album():
    """Albums with several pictures each are items; their pictures are not."""
    main = (
        '<div class="albums">'
        + "".join(
            '<div class="album"><div>'
            + "".join(f'<a href="/anh/album{n}-{k}.jpg"><img src="/anh/album{n}-{k}-nho.jpg"></a>' for k in range(4))
            + f'</div><h4><a href="/thu-vien/{n}">{TITLES[n]}</a></h4></div>'
            for n in range(5)
        )
        + "</div>"
    )
    listing = read(main, url=HOME + "thu-vien")
    assert urls(listing) == [f"{HOME}thu-vien/{n}" for n in range(5)]


def test_stand_in_pictures_are_no_pictures_of_items():
    """An icon, a lazy-load stand-in and a picture that half of the items share are left out."""
    main = (
        "<ul>"
        + "".join(
            f'<li><img src="/img/icon-video.png"><img src="/img/anh-chung.jpg"><img src="/img/trang.gif" width="20" height="20"><a href="/{SLUGS[n]}">{TITLES[n]}</a> {day(n)}</li>'
            for n in range(6)
        )
        + "</ul>"
    )
    assert [stub.media for stub in read(main).stubs] == [()] * 6


def test_items_with_only_a_click_handler_are_read():
    """A card without href but with an onclick jump is a link."""
    main = (
        "<div>"
        + "".join(
            f"""<div class="the" onclick="window.location.href='/{SLUGS[n]}'"><b>{TITLES[n]}</b><i>{day(n)}</i></div>"""
            for n in range(5)
        )
        + "</div>"
    )
    listing = read(main)
    assert urls(listing) == wanted(5)
    assert titles(listing) == TITLES[:5]


def test_three_items_are_enough():
    """A young category with three items is a list."""
    main = (
        '<div class="list">'
        + "".join(
            f'<div class="it"><h3><a href="/{SLUGS[n]}">{TITLES[n]}</a></h3><span>{day(n)}</span></div>'
            for n in range(3)
        )
        + "</div>"
    )
    assert urls(read(main)) == wanted(3)


def test_a_kicker_is_not_the_item():
    """The category's name in each record is not taken for its address or title."""
    main = (
        '<div class="list">'
        + "".join(
            f'<div class="it"><a class="k" href="/tin-tuc-su-kien-trong-thi-xa">Tin tức sự kiện trong thị xã và các xã phường lân cận của huyện vùng cao</a><a class="t" href="/{SLUGS[n]}">{TITLES[n]}</a><span>{day(n)}</span></div>'
            for n in range(8)
        )
        + "</div>"
    )
    listing = read(main)
    assert urls(listing) == wanted(8)
    assert titles(listing) == TITLES[:8]


def test_the_same_story_in_a_slider_and_in_the_list_is_given_once():
    """Slider clones and the list's own entry are one item, in the list's order."""
    slides = "".join(
        f'<div class="slide slick-cloned"><a href="/{SLUGS[n]}"><img src="/s/{n}.jpg">{TITLES[n]}</a></div>'
        for n in (2, 0, 1, 2, 0)
    )
    assert sorted(urls(read(f'<div class="slider">{slides}</div>' + plain()))) == sorted(wanted())


def test_a_lead_story_above_the_list_is_part_of_it():
    """The big first story, in markup of its own, is the first item."""
    lead = f'<div class="lead"><a href="/{SLUGS[0]}"><img src="/anh/to.jpg"></a><h2><a href="/{SLUGS[0]}">{TITLES[0]}</a></h2><div>{day(0)}</div><p>Đoạn dẫn của tin lớn đầu trang, dài hơn hẳn những tin ở dưới.</p></div>'
    rest = "".join(f'<li><h3><a href="/{SLUGS[n]}">{TITLES[n]}</a></h3><span>{day(n)}</span></li>' for n in range(1, 9))
    listing = read(f'<div class="news">{lead}<ul class="more-news">{rest}</ul></div>')
    assert urls(listing) == wanted(9)


@pytest.mark.parametrize(
    ("main", "word"),
    [
        ("<form><input name=u><input type=password name=p><button>Đăng nhập</button></form>", "login"),
        ("<p>Hệ thống đang bảo trì, mời quay lại sau.</p>", "no links"),
        ('<p><a href="/a">Trang chủ</a> <a href="/b">Liên hệ</a></p>', "no repeated block"),
    ],
)
def test_a_page_without_list_says_what_it_is(main, word):
    """No list is an error in plain words, never an empty listing."""
    with pytest.raises(LayoutChanged, match=word):
        read(f"<html><body>{main}</body></html>", shell=False)


def test_counters_do_not_change_the_digest():
    """The digest tells a changed list, not a moved counter, clock or hidden field."""
    one, other = (
        portal(plain()),
        portal(plain()).replace("414,619", "414,620").replace("10:00", "10:15").replace('value="abc"', 'value="xyz"'),
    )
    changed = portal(plain()).replace(TITLES[4], TITLES[4] + " (bổ sung)")
    digests = [read(body, shell=False).digest for body in (one, other, changed)]
    assert digests[0] == digests[1] != digests[2]


def test_a_side_column_with_the_lists_own_classes_is_left_out():
    """The same markup in a side column, among other blocks, is another list."""

    def box(n, title):
        return f'<div class="news-item"><h3><a href="/phu-{n}-a-b-c">{title}</a></h3><span class="date">0{n}/08/2022</span></div>'

    side = "".join(box(n, title) for n, title in enumerate(OTHERS[:4], 1))
    body = portal(plain()).replace(
        '<div class="right-col">', f'<div class="right-col"><div class="list"><h3>Thông báo</h3>{side}</div>'
    )
    assert urls(read(body, shell=False)) == wanted()


def test_a_dated_side_block_does_not_displace_an_undated_list():
    """A main list with pictures and summaries but no dates wins over a small dated block of notices."""
    main = (
        '<div class="list">'
        + "".join(
            f'<div class="it"><a href="/{SLUGS[n]}"><img src="/a/{n}-anh.jpg"></a><h3><a href="/{SLUGS[n]}">{TITLES[n]}</a></h3><p>Tóm tắt của bài viết thứ {n}, nói về việc chung của bà con trong thôn.</p></div>'
            for n in range(10)
        )
        + "</div>"
    )
    notices = "".join(
        f'<li><a href="/thong-bao-{n}-a-b">{title}</a> <i>0{n}/09/2022</i></li>'
        for n, title in enumerate(OTHERS[:5], 1)
    )
    body = portal(main).replace(
        '<div class="right-col">', f'<div class="right-col"><div><h3>Thông báo</h3><ul>{notices}</ul></div>'
    )
    assert urls(read(body, shell=False)) == wanted()


def test_a_headline_without_link_is_still_the_title():
    """Where only "Xem chi tiết" is a link, the heading is the title."""
    main = (
        "<div>"
        + "".join(
            f'<div class="x"><h3>{TITLES[n]}</h3><p>{day(n)}</p><a href="/{SLUGS[n]}">Xem chi tiết</a></div>'
            for n in range(5)
        )
        + "</div>"
    )
    listing = read(main)
    assert titles(listing) == TITLES[:5]
    assert urls(listing) == wanted(5)


def test_a_date_in_separate_boxes_is_put_together():
    """Day and month in boxes of their own are one date."""
    main = (
        "<ul>"
        + "".join(
            f'<li><div class="date"><span>{20 - n}</span><span>09/2022</span></div><a href="/{SLUGS[n]}">{TITLES[n]}</a></li>'
            for n in range(6)
        )
        + "</ul>"
    )
    assert days(read(main)) == [day(n) for n in range(6)]


def test_a_date_that_heads_a_group_counts_for_its_items():
    """A list parted by day headings dates each item by the heading above it."""
    main = (
        "<div>"
        + "".join(
            f"<h4>Ngày {day(3 * k)}</h4><ul>"
            + "".join(f'<li><a href="/{SLUGS[n]}">{TITLES[n]}</a></li>' for n in range(3 * k, 3 * k + 3))
            + "</ul>"
            for k in range(3)
        )
        + "</div>"
    )
    listing = read(main)
    assert urls(listing) == wanted(9)
    assert days(listing) == [day(3 * (n // 3)) for n in range(9)]


def test_items_that_are_files_are_read():
    """A list that links straight to PDF files gives them as items and as documents."""
    main = (
        "<ul>"
        + "".join(f'<li><a href="/tep/{n}-cong-van.pdf">{TITLES[n]}</a> ({day(n)})</li>' for n in range(6))
        + "</ul>"
    )
    listing = read(main)
    assert urls(listing) == [f"{HOME}tep/{n}-cong-van.pdf" for n in range(6)]
    assert {stub.media[0].kind for stub in listing.stubs} == {"document"}
    assert listing.stubs[0].media[0].title == TITLES[0]


def test_addresses_that_differ_in_the_query_alone_are_different_items():
    """`.aspx?ItemID=` names articles; the list's own page is no item."""
    main = (
        '<div><a href="/Pages/tin.aspx">Tin tức</a>'
        + "".join(
            f'<div class="r"><a href="/Pages/chi-tiet.aspx?ItemID={n}&amp;l=TinTuc++++&amp;page=2">{TITLES[n]}</a> <span>{day(n)}</span></div>'
            for n in range(5)
        )
        + "</div>"
    )
    assert urls(read(main)) == [f"{HOME}Pages/chi-tiet.aspx?ItemID={n}&l=TinTuc++++&page=2" for n in range(5)]


def test_base_and_odd_hrefs_give_whole_addresses():
    """Relative links under base, blanks and single quotes are put right."""
    body = (
        "<html><head><base href='/cong/'></head><body><ul>"
        + "".join(f"<li><a href=' {SLUGS[n]} '>{TITLES[n]}</a> {day(n)}</li>" for n in range(4))
        + "</ul></body></html>"
    )
    assert urls(read(body, shell=False)) == [HOME + "cong/" + slug for slug in SLUGS[:4]]


def test_a_document_list_of_definitions_is_read():
    """Dt and dd in turn are one item each pair."""
    main = (
        "<dl>" + "".join(f'<dt><a href="/{SLUGS[n]}">{TITLES[n]}</a></dt><dd>{day(n)}</dd>' for n in range(5)) + "</dl>"
    )
    assert days(read(main)) == [day(n) for n in range(5)]


def test_a_home_page_gives_the_blocks_of_all_its_categories():
    """On a home page the blocks of one kind are read together."""
    blocks = "".join(
        f'<div class="cate"><h2><a href="/muc-{k}">Mục tin {k}</a></h2><ul class="l">'
        + "".join(
            f'<li><h3><a href="/muc-{k}/bai-so-{n}-trong-muc-{k}{n}00">{TITLES[n]} ở mục {k}</a></h3><p>{day(n)}</p></li>'
            for n in range(4)
        )
        + "</ul></div>"
        for k in range(3)
    )
    assert len(urls(read(blocks, url=HOME))) == 12


def test_relative_times_do_not_move_the_digest():
    """A list whose times are relative is unchanged when only minutes pass."""

    def made(minutes):
        return (
            "<ul>"
            + "".join(
                f'<li><a href="/{SLUGS[n]}">{TITLES[n]}</a> <i>{minutes + n} phút trước</i></li>' for n in range(5)
            )
            + "</ul>"
        )

    assert read(made(5)).digest == read(made(9)).digest


def test_the_menu_gives_categories():
    """Menu links become (title, address) pairs; items are none."""
    listing = read(plain())
    assert ("Chuyên mục 3", HOME + "chuyen-muc-3") in listing.categories
    assert not {url for _, url in listing.categories} & set(urls(listing))


SELECTED = (
    "<section>"
    + "".join(
        f'<div class="o"><a class="anh" href="/{SLUGS[n]}"><img src="/a/{n}-anh.jpg"></a><b class="t">{TITLES[n]}</b><u class="d">{day(n)}</u><em class="s">Ngắn {n}</em></div>'
        for n in range(4)
    )
    + '</section><a class="xa" href="/tin-tuc?trang=2">Mũi tên</a>'
)


def test_given_selectors_win():
    """Item, title, link, date, image, summary and next are taken where a person says they are."""
    select = Selectors(item=".o", title=".t", link=".anh", date=".d", image=".anh img", summary=".s", next=".xa")
    listing = read(SELECTED, select=select)
    assert urls(listing) == wanted(4)
    assert titles(listing) == TITLES[:4]
    assert days(listing) == [day(n) for n in range(4)]
    assert [stub.summary for stub in listing.stubs] == [f"Ngắn {n}" for n in range(4)]
    assert listing.stubs[1].media[0].url == HOME + "a/1-anh.jpg"
    assert listing.next_url == HOME + "tin-tuc?trang=2"


def test_one_given_selector_leaves_the_rest_to_detection():
    """Only the summary is named: items, titles and dates are detected."""
    listing = read(plain(), select=Selectors(summary=".date"))
    assert titles(listing) == TITLES
    assert listing.stubs[0].summary == f"Ngày đăng: {day(0)}"


@pytest.mark.parametrize(("selector", "word"), [(".khong-co", "matches 0"), ("div[", "no CSS selector")])
def test_a_selector_that_does_not_work_is_named(selector, word):
    """The error names the selector and what is wrong with it."""
    with pytest.raises(ExtractError, match=word):
        read(plain(), select=Selectors(item=selector))


def test_an_empty_list_is_not_replaced_by_a_side_block():
    """Where the category is empty, "Danh sách video" beside it is not taken for its list."""
    films = "".join(
        f'<li><a href="/video/phim-so-{n}-{n}000">Phóng sự số {n} về bản làng vùng cao</a></li>' for n in range(4)
    )
    body = portal("<p>Chưa có bài viết.</p>").replace(
        "<h3>Xem nhiều</h3>", f"<h3>Danh sách video</h3><ul>{films}</ul></div><div><h3>Xem nhiều</h3>"
    )
    with pytest.raises(LayoutChanged):
        read(body, shell=False)


def test_the_pager_of_a_side_block_is_not_followed_from_the_last_page():
    """A last page has no next, though a block beside the list has a pager of its own."""
    films = "".join(f'<li><a href="/video/phim-{n}">Phim số {n}</a></li>' for n in range(4))
    side = f'<div class="box"><h3>Danh sách video</h3><ul>{films}</ul><p><b>1</b> <a href="?v=2">2</a> <a href="?v=3">3</a></p></div>'
    pager = '<div class="trang"><a href="/tin-tuc">1</a> <a href="/tin-tuc?page=2">2</a> <b>3</b></div>'
    body = portal(plain(pager)).replace('<div class="right-col">', f'<div class="right-col">{side}')
    listing = read(body, shell=False, url=HOME + "tin-tuc?page=3")
    assert listing.next_url is None
    assert listing.pages == (HOME + "tin-tuc", HOME + "tin-tuc?page=2")


@pytest.mark.parametrize("mark", ['class="tab-pane"', 'style="display: none"', "hidden"])
def test_a_hidden_tab_is_left_out(mark):
    """The tab of "most read" stories behind the list, hidden until a click, is no part of it."""

    def tab(rows):
        return "".join(f'<li><h3><a href="/{slug}">{title}</a></h3> <i>{date}</i></li>' for slug, title, date in rows)

    shown = tab((SLUGS[n], TITLES[n], day(n)) for n in range(6))
    others = tab((f"bai-cu-so-{n}-hay-{n}00", title, f"0{n}/08/2022") for n, title in enumerate(OTHERS[:5], 1))
    listing = read(
        f'<div class="tabs"><div class="tab-pane active"><ul class="l">{shown}</ul></div><div {mark}><ul class="l">{others}</ul></div></div>'
    )
    assert urls(listing) == wanted(6)


def test_an_article_page_is_no_listing():
    """A page with one story and dated "Tin khác" below it is refused, not read as a list of the others."""
    story = (
        f"<h1>{TITLES[0]}</h1><p>{day(0)}</p>"
        + "<p>Đoạn văn dài của bài viết, kể lại buổi làm việc với bà con các thôn bản.</p>" * 6
    )
    others = "".join(
        f'<li><a href="/cu-{n}-xxxx-yyyy">{title}</a> <span>(0{n}/08/2022)</span></li>'
        for n, title in enumerate(OTHERS, 1)
    )
    with pytest.raises(LayoutChanged):
        read(f'{story}<div class="other"><h4>Tin khác</h4><ul>{others}</ul></div>')


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<div style=\"background-image: url('/anh/nen-{n}.jpg')\"></div>", "anh/nen-{n}.jpg"),
        ('<img srcset="/anh/s{n}-nho.jpg 300w, /anh/s{n}-lon.jpg 900w">', "anh/s{n}-lon.jpg"),
        ('<picture><source srcset="/anh/w{n}.webp 1x"><img src="/img/placeholder.png"></picture>', "anh/w{n}.webp"),
        ('<img src="data:image/gif;base64,R0" lazy-src="/anh/luoi-{n}.jpg">', "anh/luoi-{n}.jpg"),
        ('<div data-background="/anh/db-{n}.jpg"></div>', "anh/db-{n}.jpg"),
    ],
)
def test_the_real_picture_is_found(markup, wanted):
    """Backgrounds, sets of sizes and lazy loading give the address of the real picture."""
    main = (
        "<ul>"
        + "".join(
            f'<li>{markup.replace("{n}", str(n))}<a href="/{SLUGS[n]}">{TITLES[n]}</a> {day(n)}</li>' for n in range(5)
        )
        + "</ul>"
    )
    assert [stub.media[0].url for stub in read(main).stubs] == [HOME + wanted.replace("{n}", str(n)) for n in range(5)]


def test_a_picture_link_alone_takes_its_title_from_the_attributes():
    """A list of pictures without text is named by title and alt, never by a file name."""
    main = (
        '<div class="luoi">'
        + "".join(
            f'<div class="o"><a href="/{SLUGS[n]}" title="{TITLES[n]}"><img src="/anh/{n}-anh.jpg" alt="anh-{n}.jpg"></a></div>'
            for n in range(5)
        )
        + "</div>"
    )
    assert titles(read(main)) == TITLES[:5]


def test_a_story_in_two_blocks_has_the_fields_of_both():
    """The same address twice gives one item with the date of one and the picture of the other."""
    rows = [f'<li><a href="/{SLUGS[n]}">{TITLES[n]}</a> {"" if n == 2 else day(n)}</li>' for n in (0, 1, 2, 3, 2)]
    rows[4] = rows[4].replace("</li>", f"<p>{day(2)}</p></li>")
    listing = read(f"<ul>{''.join(rows)}</ul>")
    assert urls(listing) == wanted(4)
    assert days(listing)[2] == day(2)


@pytest.mark.parametrize(("language", "days_wanted"), [("en-US", [4, 5, 6]), ("vi", [9, 9, 9])])
def test_month_first_pages_are_told_by_their_language(language, days_wanted):
    """A page of US kind is read month first; a Vietnamese one day first."""
    main = "".join(f'<li><a href="/{SLUGS[n]}">{TITLES[n]}</a> 0{n + 3}/09/2022</li>' for n in range(1, 4))
    main = (
        main
        if language == "vi"
        else "".join(f'<li><a href="/{SLUGS[n]}">{TITLES[n]}</a> 09/0{n + 3}/2022</li>' for n in range(1, 4))
    )
    given = {"url": "https://town.example.com/news"} if language == "en-US" else {}
    listing = read(f'<html lang="{language}"><body><ul>{main}</ul></body></html>', shell=False, **given)
    assert [
        stub.published.day if language == "en-US" else stub.published.month for stub in listing.stubs
    ] == days_wanted


PAGER = '<div class="trang"><b>1</b> <a href="/cho?trang=2">2</a> <a href="/cho?trang=3">3</a></div>'


def test_a_pager_tells_that_a_meagre_list_is_one():
    """Short names alone are no list of articles; with a pager below them they are a list that goes on."""
    goods = "".join(f'<div class="hang"><a href="/hang/{n}">Rổ {n}</a></div>' for n in range(5))
    body = f'<html><body><a href="/a">Trang chủ</a><div>{goods}</div>{{}}<a href="/b">Liên hệ</a></body></html>'
    with pytest.raises(LayoutChanged):
        read(body.format(""), shell=False, url=HOME + "cho")
    listing = read(body.format(PAGER), shell=False, url=HOME + "cho")
    assert len(listing.stubs) == 5
    assert listing.next_url == HOME + "cho?trang=2"


def test_stories_with_a_pager_are_a_list_though_their_box_has_the_name_of_chrome():
    """Headlines with summaries and a pager count, whatever the class around them; links alone in it do not."""
    others = "".join(f'<li><a href="/muc-{n}-{k}">Mục {k}</a></li>' for n in range(4) for k in range(5))

    def made(line):
        lines = "".join(line.format(n=n, title=TITLES[n]) for n in range(5))
        return f'<html><body><div class="widget">{lines}{PAGER}</div><nav><ul>{others}</ul></nav></body></html>'

    story = '<div><img src="/anh/{n}.jpg"><h3><a href="/bai-{n}">{title}</a></h3><p>Bà con trong bản cùng nhau bàn chuyện làm đường và giữ nguồn nước sạch.</p></div>'
    assert titles(read(made(story), shell=False, url=HOME + "cho")) == TITLES[:5]
    with pytest.raises(LayoutChanged):
        read(made('<div><a href="/bai-{n}">{title}</a></div>'), shell=False, url=HOME + "cho")


@pytest.mark.parametrize("caption", ["Tin khác", "Danh sách video"])
def test_a_pager_below_a_side_block_makes_no_list_of_it(caption):
    """Other news and films below an article are no listing, though they can be paged."""
    lines = "".join(f'<li><a href="/phim-{n}-{n}000">{title}</a></li>' for n, title in enumerate(OTHERS, 1))
    with pytest.raises(LayoutChanged):
        read(f"<p>Bài viết ở trên.</p><h4>{caption}</h4><ul>{lines}</ul>{PAGER}")


def test_a_large_first_story_in_markup_of_its_own_belongs_to_the_list():
    """The newest article above the lines, without a picture, with a number in its slug, gives no name to the list."""
    lines = "".join(
        f'<div class="tin"><a href="/12/{9000 - n}/{SLUGS[n]}.aspx"><img src="/anh/{n}.jpg"></a><a href="/12/{9000 - n}/{SLUGS[n]}.aspx">'
        f"{TITLES[n]}</a><div>Ngày đăng: {20 - n}-09-2022</div></div>"
        for n in range(1, 6)
    )
    lead = (
        '<div class="tin-dau"><h2><a href="/12/9100/Ket-Nap-296-Doan-Vien-Moi.aspx">Thị xã kết nạp 296 đoàn viên mới</a></h2>'
        "<div>Ngày đăng: 21-09-2022</div><div>Lễ kết nạp diễn ra ở nhà văn hóa thôn.</div></div>"
    )
    body = f"<html><head><title>Cổng thông tin</title></head><body><div><div class=td>An ninh quốc phòng</div>{lead}{lines}</div></body></html>"
    listing = read(body, url=HOME + "2/AnNinh/Default.aspx", shell=False)
    assert [stub.title for stub in listing.stubs] == ["Thị xã kết nạp 296 đoàn viên mới", *TITLES[1:6]]
    assert listing.title == "An ninh quốc phòng"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_most_read_in_a_column_before_the_list_is_no_lead(form):
    """A left column of dated stories with the list's own classes and addresses stays out, however it is spelled."""

    def story(n, folder):
        return f'<div class="o"><a href="/{folder}/{SLUGS[n]}">{TITLES[n]}</a> <i>({20 - n}/09/2022)</i></div>'

    side = "".join(story(n, "tin") for n in range(6, 10))
    main = "".join(story(n, "tin") for n in range(6))
    body = (
        f"<table><tr><td class=trai><div class=khoi><div class=td>Xem nhiều</div>{side}</div></td>"
        f"<td><div class=ds><h1>Tin tức</h1>{main}</div></td></tr></table>"
    )
    page = f"<html><head><title>Tin tức</title></head><body>{body}</body></html>"
    listing = read(normalize(form, page), shell=False)
    assert [stub.title for stub in listing.stubs] == TITLES[:6]


def test_rows_of_a_menu_table_are_no_items():
    """In tables without classes the rows of the menu stand like those of the list: short names alone are left out."""
    menu = "".join(
        f'<tr><td><img src=b.gif> <a href="?act=list&cat={n}">Mục tin thứ {n}</a></td></tr>' for n in range(8)
    )
    rows = "".join(
        f'<tr><td><a href="?act=view&id=20{n}"><b>{TITLES[n]}</b></a> <font size=1>({20 - n}/09/2022)</font></td></tr><tr><td><hr></td></tr>'
        for n in range(4)
    )
    body = f"""<html><head><title>Cổng thông tin thị xã</title></head><body><table><tr><td><table>{menu}</table></td>
    <td><table><tr><td><font size=4><b>Văn hóa xã hội</b></font></td></tr>{rows}</table></td></tr></table></body></html>"""
    listing = read(body, url=HOME + "index.php?act=list&cat=1", shell=False)
    assert [stub.title for stub in listing.stubs] == TITLES[:4]
    assert listing.title == "Văn hóa xã hội"


def test_a_list_whose_own_name_is_that_of_side_blocks_is_told_by_its_address():
    """What is a side block on every other page, "Thư viện ảnh", is the list on its own."""
    albums = "".join(
        f'<div class="al"><a href="/16/{n}45/{SLUGS[n]}.aspx"><img src="/anh/{n}.jpg"><b>{TITLES[n]}</b></a></div>'
        for n in range(5)
    )
    most = "".join(
        f'<div class="xn"><a href="/11/{n}77/{SLUGS[n]}.aspx">{TITLES[n]}</a> 1{n}/09/2022</div>' for n in range(5, 10)
    )
    body = f"""<html><head><title>Cổng thông tin thị xã</title></head><body><div><div class=td>Thư viện ảnh</div>{albums}</div>
    <div><div class=td>Xem nhiều</div>{most}</div></body></html>"""
    listing = read(body, url=HOME + "6/ThuVienAnh/Default.aspx", shell=False)
    assert [stub.title for stub in listing.stubs] == TITLES[:5]
    assert listing.kind == "gallery"


def test_lines_without_a_picture_are_lines_of_the_list_too():
    """One line of eleven has no picture, and so another shape: it is not lost."""

    def line(n):
        picture = f'<div class="a"><a href="/tin/{SLUGS[n]}"><img src="/anh/{n}.jpg"></a></div>' if n != 3 else ""
        return f'<div class="t">{picture}<div class="n"><a href="/tin/{SLUGS[n]}">{TITLES[n]}</a><p>{20 - n}/09/2022</p></div></div>'

    listing = read(f'<div class="ds">{"".join(line(n) for n in range(10))}</div>')
    assert [stub.title for stub in listing.stubs] == TITLES


def test_the_button_beside_a_title_is_no_part_of_it():
    """What stands as "[PDF]" in the cell of the abstract leads to the file: no word of the title."""
    rows = "".join(
        f'<tr><td>{n + 1}/QĐ-UBND</td><td><a href="/van-ban/{n}.htm">{TITLES[n]}</a> <a href="/tep/{n}.pdf">[PDF]</a></td>'
        f"<td>{20 - n}/09/2022</td></tr>"
        for n in range(4)
    )
    listing = read(f"<table><tr><th>Số/Ký hiệu</th><th>Trích yếu</th><th>Ngày ban hành</th></tr>{rows}</table>")
    assert [stub.title for stub in listing.stubs] == TITLES[:4]
    assert [stub.media[0].url for stub in listing.stubs] == [f"{HOME}tep/{n}.pdf" for n in range(4)]
