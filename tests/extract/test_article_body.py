from datetime import datetime

import pytest

from feedsvc.extract.article import read_article
from feedsvc.model import VIETNAM, Page, Source

ADDRESS = "https://suoithong.example/tin-tuc/bai-1"
SENTENCE = "Sáng nay bà con các thôn cùng nhau dọn đường, khơi rãnh nước và trồng thêm hoa dọc lối vào bản."
TEXT = f"<p>{SENTENCE} Một.</p><p>{SENTENCE} Hai.</p><p>{SENTENCE} Ba.</p>"
H1 = "<h1>Dọn đường vào bản đón khách</h1>"


def read(markup):
    """Read a whole page."""
    page = Page(
        url=ADDRESS, final_url=ADDRESS, status=200, body=markup.encode(), content_type="text/html",
        fetched_at=datetime(2024, 7, 16, tzinfo=VIETNAM),
    )  # fmt: skip
    return read_article(page, Source(slug="x", title="Cổng Suối Thông", home=ADDRESS))


def test_structure_of_the_text_is_kept():
    """Lists, preformatted text, quotes, emphasis, links and line breaks come out as allowed HTML, in order."""
    item = read(
        f"{H1}<div>{TEXT}<ol><li>Việc <b>thứ nhất</b></li><li>Việc thứ hai, xem <a href='../ke-hoach'>kế hoạch</a> đã ban hành</li></ol>"
        f"<ul><li>Mang theo cuốc và xẻng</li></ul><pre>a  b\n c</pre><blockquote>Ai cũng vui khi con đường sạch đẹp hơn.</blockquote>{TEXT.replace('Ba', 'Bốn')}</div>"
    )
    for part in (
        '<ol><li>Việc <b>thứ nhất</b></li><li>Việc thứ hai, xem <a href="https://suoithong.example/ke-hoach"',
        "<ul><li>Mang theo cuốc và xẻng</li></ul><pre>a  b\n c</pre>",
        "<blockquote><p>Ai cũng vui khi con đường sạch đẹp hơn.</p></blockquote>",
    ):  # fmt: skip
        assert part in item.html
    assert "a  b\n c" in item.text


def test_of_several_articles_the_one_with_the_headline_is_read():
    """Teasers in `article` elements around it do not join the article."""
    teaser = f"<article><h2>Tin khác</h2><p>{SENTENCE} Bài khác.</p><p>{SENTENCE} Bài khác nữa.</p></article>"
    item = read(f"<section><article>{H1}{TEXT}</article>{teaser}{teaser}{teaser}</section>")
    assert item.text.endswith("Ba.")
    assert "Bài khác" not in item.text


def test_wrong_class_words_do_not_hide_an_article():
    """An article inside a container named like a side column is found all the same."""
    assert read(f"<div class='layout-right-sidebar sidebar-wrap'>{H1}{TEXT}</div>").text.endswith("Ba.")
    assert read(f"<div class=widget>{H1}<p>{SENTENCE}</p></div>").text == SENTENCE


def test_teasers_with_summaries_are_no_text():
    """A list of linked headlines, each with its summary, does not outweigh the article."""
    teasers = "".join(f"<li><a href=/{n}>Một tin khác trong ngày số {n}</a> {SENTENCE}</li>" for n in range(12))
    item = read(f"<div><ul>{teasers}</ul><div>{H1}{TEXT}</div></div>")
    assert item.text.startswith(f"{SENTENCE} Một.")
    assert item.text.endswith("Ba.")


@pytest.mark.parametrize(
    "tail",
    ["Tin khác", "CÁC TIN KHÁC:", "Tin cùng chuyên mục", "Tin liên quan", "Xem thêm >>", "1 2 3 4 5 ...", "Trong năm: 414,619", "Lượt truy cập: 12", "Bình luận", "Related articles"],
)  # fmt: skip
def test_the_text_ends_at_the_tail(tail):
    """Whatever heading stands below an article, with short lines after it, ends the text."""
    item = read(f"{H1}<div>{TEXT}<p>{tail}</p><p>Họp thôn về nước sạch</p><p>Tiêm phòng cho trâu bò</p></div>")
    assert item.text.endswith("Ba.")


def test_declared_films_are_taken():
    """A film that only meta elements or JSON-LD declare belongs to the item, with its thumbnail."""
    item = read(
        f"<meta property='og:video' content='https://m.example/phim.mp4'><meta property='og:video:type' content='video/mp4'>"
        f"""<script type='application/ld+json'>{{"@type":"VideoObject","embedUrl":"https://www.youtube.com/embed/abcdefghijk","thumbnailUrl":"/p.jpg"}}</script>"""
        f"{H1}{TEXT}"
    )
    films = {one.url: one.thumbnail for one in item.media if one.kind == "video"}
    assert films == {
        "https://www.youtube.com/watch?v=abcdefghijk": "https://suoithong.example/p.jpg",
        "https://m.example/phim.mp4": None,
    }


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ("<meta name=author content='Cổng Suối Thông'>", []),
        ("<meta name=author content='admin'>", []),
        ("<meta name=author content='bbt@suoithong.example'>", []),
        ("<meta name=author content='Lý Mẩy'>", ["Lý Mẩy"]),
        ("<meta name=author content='Lý Mẩy, Giàng A Chu'>", ["Lý Mẩy", "Giàng A Chu"]),
    ],
)
def test_the_site_is_nobody(markup, names):
    """The portal's own name, an administrator and a mail address are no authors; people are."""
    assert [author.name for author in read(f"{markup}{H1}{TEXT}").authors] == names


def test_a_visible_byline_is_read():
    """A labelled line below the headline names the writer, and is no part of the text."""
    item = read(f"{H1}<p class=author>Tác giả: Lý Mẩy</p><div>{TEXT}</div>")
    assert [author.name for author in item.authors] == ["Lý Mẩy"]
    assert "Lý Mẩy" not in item.text


def test_a_script_without_spaces_is_counted():
    """An article in a script written without spaces is found like any other."""
    line = "今朝、村の人々は道を掃除し、溝をさらい、入り口に花を植えた。"
    item = read(
        f"<html lang=ja><h1>村の道の掃除が行われました</h1><div><p>{line}</p><p>二{line}</p></div><ul><li><a href=/a>他</a></li></ul></html>"
    )
    assert item.text == f"{line}\n\n二{line}"
    assert item.language == "ja"


@pytest.mark.parametrize("lead", ["CTTĐT - Sáng 14/7, đoàn công tác của xã đã đến kiểm tra việc làm đường ở bản."])
def test_a_sentence_in_a_smaller_heading_below_the_headline_is_the_lead(lead):
    """A lead set as h2 is the summary and opens the text once, agency prefix and all; a title-like h2 is neither."""
    page = (
        "<html lang=vi><body><div><h1>Làm đường vào bản</h1><h2>{}</h2><div class=noi-dung>{}</div></div></body></html>"
    )
    paragraphs = "".join(f"<p>{SENTENCE} Lần {number}.</p>" for number in ("một", "hai", "ba"))
    item = read(page.format(lead, paragraphs))
    assert item.summary == lead
    assert item.text.startswith(lead)
    assert item.text.count(lead) == 1
    plain = read(page.format("Chuyên mục đời sống của bà con các bản vùng cao trong xã", paragraphs))
    assert plain.summary.startswith(SENTENCE)


@pytest.mark.parametrize("behind", ["<div class=author>{}</div>", "<div class='tac-gia'><p>{}</p></div>"])
@pytest.mark.parametrize("line", ["Hồng Hải", "Tin, ảnh: Hồng Hải", "Tác giả: Hồng Hải"])
def test_a_byline_in_a_box_behind_the_text_is_read(behind, line):
    """The writers stand in a box of their own below the text, named for them; other news behind it never lend theirs."""
    text = f"<div class=noi-dung>{f'<p>{SENTENCE}</p>' * 3}</div>"
    page = "<html lang=vi><body><h1>Làm đường vào bản</h1>{}{}</body></html>"
    item = read(page.format(text, behind.format(line)))
    assert [one.name for one in item.authors] == ["Hồng Hải"]
    assert "Hồng Hải" not in item.text
    assert read(page.format(text, "<h3>Tin khác</h3>" + behind.format(line))).authors == ()


def test_a_row_of_a_document_keeps_the_link_behind_its_label():
    """In a table of facts the cell that is a link stays with its label; a table of links to other news does not."""
    rows = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in (
        ("Số ký hiệu", "12/KH-UBND"), ("Ngày ban hành", "05/09/2022"), ("Tệp đính kèm", "<a href=/up/kh-12.pdf>kh-12.pdf</a>"),
    ))  # fmt: skip
    item = read(f"{H1}<div>{TEXT}<table>{rows}</table>{TEXT.replace('Ba', 'Hết')}</div>")
    assert "Tệp đính kèm kh-12.pdf" in item.text
    assert '<tr><td>Tệp đính kèm</td><td><a href="https://suoithong.example/up/kh-12.pdf"' in item.html
    other = "".join(
        f"<tr><td><a href=/{n}>Tin khác số {n}</a></td><td><a href=/m{n}>Tin nữa {n}</a></td></tr>" for n in range(4)
    )
    assert "Tin khác" not in read(f"{H1}<div>{TEXT}<table>{other}</table></div>").text


def test_a_film_in_one_form_only_is_shown():
    """A stream without a file beside it is shown too; beside a file only the file is."""
    stream = "<script>player.setup({file: '/phim/a.m3u8'})</script>"
    assert 'src="https://suoithong.example/phim/a.m3u8"></video>' in read(f"{H1}<div>{TEXT}{stream}</div>").html
    assert ".m3u8" not in read(f"{H1}<div>{TEXT}{stream}<div data-vid=/phim/a.mp4></div></div>").html


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        (
            "<table><tr><td>Thôn</td><td>Số hộ</td></tr><tr><td>Một</td><td>43</td></tr><tr><td>Hai</td><td>57</td></tr></table>",
            "Hai 57",
        ),
        ("<p>Theo thống kê của xã (<a href=#1>12</a>).</p><p><a href=#2>37</a></p>", "Theo thống kê"),
        ("<p>Xem <a href=/ke-hoach>kế hoạch của xã về dọn đường</a> đã ban hành hôm qua.</p>", "Xem kế hoạch"),
        (
            "<p><a href='https://suoithong.example/ban-do'>https://suoithong.example/ban-do</a></p>",
            "https://suoithong.example/ban-do",
        ),
    ],
)
def test_what_looks_like_links_or_pagers_inside_the_text_stays(inside, kept):
    """Figures of a table, notes, half-linked sentences and bare addresses neither end the text nor leave it."""
    after = "<p>Đường xong, khách về.</p>"
    item = read(f"<html lang=vi><body>{H1}<div>{TEXT}{inside}{after}</div></body></html>")
    assert kept in item.text
    assert item.text.endswith("Đường xong, khách về.")


def test_an_enumeration_at_the_end_stays():
    """Numbered lines without full stops belong to the text; a loose line behind them does not."""
    for mark in ("{})", "{}.", "-", "+"):
        lines = "".join(f"<p>{mark.format(number)} Việc của thôn {number}</p>" for number in range(1, 5))
        item = read(f"<html lang=vi><body>{H1}<div>{TEXT}{lines}<p>Hỏi đáp</p></div></body></html>")
        assert item.text.endswith(f"{mark.format(4)} Việc của thôn 4")


def test_of_a_stream_of_articles_the_titled_one_is_read():
    """Where a page shows one article after another, the one that the page is titled by is read, whatever its heading."""
    other = "".join(
        f"<article><h1>Chuyện khác của bản số {n}</h1><p>{SENTENCE} {SENTENCE} Bài {n}.</p></article>" for n in range(4)
    )
    own = f"<article><h2>Dọn đường vào bản đón khách</h2>{TEXT}</article>"
    item = read(
        f"<html lang=vi><title>Dọn đường vào bản đón khách - Cổng Suối Thông</title><body>{own}{other}</body></html>"
    )
    assert (item.title, item.text.split()[-1]) == ("Dọn đường vào bản đón khách", "Ba.")


def test_a_subtitle_opens_a_vietnamese_text_alone():
    """A named lead above the text opens it in Vietnamese, where it is part of the news; elsewhere it is the summary alone."""
    page = "<html lang={}><body><h1>{}</h1><p class=sapo>{}</p><div class=article-body>{}</div></body></html>"
    lead = "Con đường vào bản đã xong trước mùa khách, bà con ai cũng vui."
    assert read(page.format("vi", "Dọn đường vào bản đón khách", lead, TEXT)).text.startswith(lead)
    line = "This morning people of all villages cleared the road together and planted flowers along the way up."
    english = read(
        page.format(
            "en",
            "Villagers clear their road",
            "The road is open again, and all are glad.",
            f"<p>{line}</p><p>{line} Two.</p>",
        )
    )
    assert english.summary == "The road is open again, and all are glad."
    assert english.text.startswith(line)


def test_type_written_as_style_is_emphasis():
    """Editors that write bold and italics as styles mean the same: in the markup, in captions, in the lead."""
    bold, italic = "<span style='font-weight: bold'>{}</span>", "<span style='font-style:italic'>{}</span>"
    lead = "Con đường vào bản đã xong trước mùa khách, bà con ai cũng vui mừng lắm."
    picture = "<p><img src=/a.jpg></p><p>" + italic.format("Bà con xuống chợ. Ảnh chụp hôm qua (Ảnh: Minh)") + "</p>"
    item = read(
        f"<html lang=vi><body>{H1}<div><p>{bold.format(lead)}</p>{TEXT}{picture}<p>Chợ {italic.format('rất')} vui, bà con ai cũng xuống.</p>{TEXT}</div></body></html>"
    )
    assert item.summary == lead
    assert f"<p><strong>{lead}</strong></p>" in item.html
    assert "Chợ <em>rất</em> vui" in item.html
    assert "span" not in item.html


@pytest.mark.parametrize(
    "own",
    [
        "<div data-vid='m.example.vn/phim.mp4'></div>",
        "<figure><img src=/anh/1.jpg></figure><figure><img src=/anh/2.jpg></figure>",
    ],
)
def test_a_page_with_more_of_others_than_of_its_own_is_read_as_its_own(own):
    """A film or an album stays itself below many summaries of other news; its lead is told once."""
    others = "".join(
        f"<div class=muc><a href=/{n}><img src=/nho/{n}.jpg>Tin số {n} của các thôn</a><span>0{n}/09/2022</span><p>{SENTENCE} Bài {n}.</p></div>"
        for n in range(1, 8)
    )
    item = read(
        f"<html lang=vi><body><div class=detail>{H1}<h2 class=detail-sapo>{SENTENCE}</h2><div class=content>{own}</div>"
        f"<div class=detail__related><h3>Tin cùng chuyên mục</h3>{others}</div></div></body></html>"
    )
    assert item.text == item.summary == SENTENCE
    assert not any("/nho/" in one.url for one in item.media)


def test_a_headline_as_long_as_a_paragraph_is_not_told_again():
    """A headline without a heading element, however long, stands in the title alone."""
    title = "Gương sáng của bản: cụ ông tám mươi tuổi ngày ngày dạy chữ cho lũ trẻ bên bếp lửa"
    item = read(
        f"<html lang=vi><title>{title}</title><body><div><div class=tieude>{title}</div><p>{SENTENCE}</p></div></body></html>"
    )
    assert (item.title, item.text) == (title, SENTENCE)


def test_a_legal_document_is_its_whole_table():
    """A page that is nothing but a table of facts is read row by row; the documents listed below it are others."""
    rows = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in (
        ("Số ký hiệu", "12/QĐ-UBND"), ("Ngày ban hành", "05/09/2022"), ("Người ký", "Lý A Sinh"),
        ("Trích yếu", "Về việc dọn đường vào bản đón khách mùa lúa chín"), ("Tệp đính kèm", "<a href=/up/qd12.pdf>qd12.pdf</a>"),
    ))  # fmt: skip
    item = read(
        f"<html lang=vi><body>{H1}<table>{rows}</table><h3>Văn bản khác</h3><ul><li><a href=/up/13.pdf>Kế hoạch 13</a></li></ul></body></html>"
    )
    assert item.text.split("\n\n")[0] == "Số ký hiệu 12/QĐ-UBND"
    assert item.text.split("\n\n")[-1] == "Tệp đính kèm qd12.pdf"
    assert [one.url for one in item.media] == ["https://suoithong.example/up/qd12.pdf"]


def test_a_gallery_without_a_box_is_an_item():
    """Pictures right below the headline, in no box of their own, are an album; a slider's copies come once."""
    frames = "".join(
        f"<div class='item{extra}'><a href=/to/{n}.jpg><img src=/nho/{n}.jpg></a></div>"
        for n, extra in ((1, ""), (1, " slick-cloned"), (2, ""))
    )
    item = read(
        f"<html lang=vi><body>{H1}{frames}<h3>Album khác</h3><a href=/album/2><img src=/nho/9.jpg>Lễ hội</a></body></html>"
    )
    assert [one.url[-9:] for one in item.media] == ["/to/1.jpg", "/to/2.jpg"]


@pytest.mark.parametrize(
    "sapo",
    [
        "Sáng nay bà con các thôn cùng nhau dọn đường, khơi rãnh nước và trồng...",
        "Sáng nay bà con các thôn cùng nhau dọn đường, khơi rãnh nước và trồng thêm hoa dọc lối vào bản. Một.",
    ],
)
@pytest.mark.parametrize("prefix", ["", "(CTTĐT) - "])
@pytest.mark.parametrize("box", ["<p class=sapo>{}</p>", "<h2>{}</h2>", "<div><p>{}</p></div>"])
def test_a_lead_above_a_text_that_opens_with_it_is_told_once(sapo, prefix, box):
    """Cut by dots, or without its agency, a lead is the text's own first paragraph, and that one is the summary."""
    if prefix and sapo.endswith("..."):
        sapo = prefix + sapo
    item = read(
        f"<html lang=vi><body>{H1}{box.format(sapo)}<div class=noi-dung>{TEXT.replace('<p>', '<p>' + prefix, 1)}</div></body></html>"
    )
    assert item.text.count("Sáng nay") == 3
    assert item.summary == f"{prefix}{SENTENCE} Một."
