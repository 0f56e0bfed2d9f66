import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ExtractError, FeedsvcError
from feedsvc.extract.charset import decode
from feedsvc.extract.listing import read_listing
from feedsvc.extract.page import absolute, open_page
from feedsvc.model import Page, Source

TEXT = "<html><head>{}</head><body>Thông báo về lịch tiếp công dân định kỳ</body></html>"
WORDS = "Thông báo về lịch tiếp công dân định kỳ"


def page_of(body, content_type="text/html", url="https://thixa.vidu.gov.vn/tin/danh-sach"):
    """Make an answer with `body`."""
    return Page(
        url=url,
        final_url=url,
        status=200,
        body=body,
        content_type=content_type,
        fetched_at=datetime(2022, 9, 25, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("body", "content_type", "charset"),
    [
        (TEXT.encode(), "text/html", "utf-8"),
        (TEXT.encode(), "text/html; charset=iso-8859-1", "utf-8"),
        (TEXT.format('<meta charset="windows-1252">').encode(), "", "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=utf-16", "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "", "utf-16-le"),
        (TEXT.encode() + "ệ".encode()[:-1], "", "utf-8"),
    ],
)
def test_vietnamese_text_is_decoded_whatever_the_header_says(body, content_type, charset):
    """A mark, then valid UTF-8, go before the server's word; a cut last character is forgiven."""
    text, found = decode(body, content_type)
    assert WORDS in text
    assert found == charset


@pytest.mark.parametrize(
    ("text", "codec", "content_type", "head"),
    [
        ("Новости района", "cp1251", "text/html; charset=windows-1251", ""),
        (
            "Новости района",
            "koi8-r",
            "text/html",
            '<meta http-equiv="Content-Type" content="text/html; charset=KOI8-R">',
        ),
        ("通知公告", "gb18030", "text/html; charset=gb2312", ""),
        ("日本語", "iso2022_jp", "text/html; charset=ISO-2022-JP", ""),
        ("Città è più", "cp1252", "text/html; charset=ISO-8859-1", ""),
    ],
)
def test_declared_charsets_are_used_when_the_bytes_are_no_utf8(text, codec, content_type, head):
    """HTTP, then meta, name the encoding of what is no UTF-8, stateful ASCII ones included."""
    assert text in decode(f"<html><head>{head}</head>{text}".encode(codec), content_type)[0]


@pytest.mark.parametrize("label", ["zlib_codec", "utf-7", "rot13", "unicode_escape", "idna", "no-such", "hex"])
def test_only_text_encodings_are_ever_used(label):
    """A header cannot make us run an odd codec."""
    text, charset = decode(b"+ADw-script+AD4- \\u003c", f"text/html; charset={label}")
    assert text == "+ADw-script+AD4- \\u003c"
    assert charset == "utf-8"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"%PDF-1.4 x", "a file"),
        (b"\x89PNG\r\n", "a file"),
        (bytes(range(256)) * 9, "binary"),
        (b"<!-- -->", "no markup"),
    ],
)
def test_what_is_no_page_is_refused_in_words(body, word):
    """Empty, binary and markup-free answers raise an error that says so."""
    with pytest.raises(ExtractError, match=word):
        open_page(page_of(body))


@pytest.mark.parametrize(
    ("href", "wanted"),
    [
        (" /tin tức/bài-1.html\n", "https://thixa.vidu.gov.vn/tin%20t%E1%BB%A9c/b%C3%A0i-1.html"),
        ("chi-tiet?id=3&utm_source=z&fbclid=1&gclid=2", "https://thixa.vidu.gov.vn/tin/chi-tiet?id=3"),
        ("/x.aspx?l=Tin+++++&lv=4", "https://thixa.vidu.gov.vn/x.aspx?l=Tin+++++&lv=4"),
        ("/a;jsessionid=0AB?b=1", "https://thixa.vidu.gov.vn/a?b=1"),
        ("/(S(abc123))/x.aspx", "https://thixa.vidu.gov.vn/x.aspx"),
        ("?p=1&PHPSESSID=9", "https://thixa.vidu.gov.vn/tin/danh-sach?p=1"),
        ("//Khac.vidu.vn:443/a#phan-2", "https://khac.vidu.vn/a"),
        ("/#!/bai/5", "https://thixa.vidu.gov.vn/#!/bai/5"),
        ("/a%zz%20b", "https://thixa.vidu.gov.vn/a%25zz%20b"),
        ("https://tỉnh.vn/", "https://xn--tnh-dlz.vn/"),
    ],
)
def test_addresses_become_whole_and_clean(href, wanted):
    """Blanks, raw letters, session and tracking parts, default ports and fragments are put right."""
    assert absolute(open_page(page_of(b"<p>x")), href) == wanted


@pytest.mark.parametrize(
    "href",
    [
        "",
        "  ",
        "javascript:void(0)",
        "mailto:a@b.vn",
        "tel:0214",
        "data:text/html,x",
        "ftp://a/b",
        "http://[::1",
        "https://a@b.vn/",
        "/a" * 2001,
        "https://b.vn/" + "a" * 4000,
    ],
)
def test_what_is_no_page_address_gives_none(href):
    """Scripts, mail, other schemes, broken and credential-bearing addresses lead nowhere."""
    assert absolute(open_page(page_of(b"<p>x")), href) is None


def test_base_moves_relative_addresses():
    """The first base element with an address counts, as in browsers."""
    document = open_page(page_of(b"<html><head><base target=_top><base href='/cong/'></head><body><p>x"))
    assert absolute(document, "a.html") == "https://thixa.vidu.gov.vn/cong/a.html"
    assert document.address == "https://thixa.vidu.gov.vn/tin/danh-sach"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_no_bytes_crash_the_reading(body):
    """Any bytes give a listing or one of our own errors."""
    with suppress(FeedsvcError):
        read_listing(page_of(body), Source(slug="x", title="x", home="https://thixa.vidu.gov.vn/"))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_no_href_crashes(href):
    """Any href gives None or an absolute http(s) address in ASCII."""
    url = absolute(open_page(page_of(b"<p>x")), href)
    assert url is None or (url.startswith(("http://", "https://")) and url.isascii() and " " not in url)


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 100_000 + b"<a href=/a>x</a>",
        b"<table><tr><td>" * 20_000 + b"<a href=/a>x</a>",
        b"<a href=/a>x" * 20_000,
        b"".join(b"<div><a href=/%d>bai so %d cua xa</a>" % (n, n) for n in range(5000)),
        b"<ul>" + b"<li><a href=/x?a=1>1</a>" * 30_000,
        b"<p " + b"a" * 500_000 + b"><a href=/b>",
        b"<a href='" + b"/a" * 200_000 + b"'>x</a>",
        b"".join(
            b"<div><a href=/bai-%d>%s</a><p style='%s' data-x='%s'>05/09/2022</p></div>"
            % (n, b"." * 100_000, b"background:" * 9_000, b"a.mp" * 25_000)
            for n in range(6)
        ),
    ],
)
def test_torture_pages_end_soon(body):
    """Deep nesting, thousands of open links and huge attributes end within the limits, without a crash."""
    start = time.process_time()
    with suppress(FeedsvcError):
        read_listing(page_of(body), Source(slug="x", title="x", home="https://thixa.vidu.gov.vn/"))
    assert time.process_time() - start < 5


def test_nesting_without_end_is_flat_and_says_the_same():
    """What nobody closed is bounded in depth, as in browsers, and keeps its words in their order."""
    html = "<div>a" * 900 + "x<b>c</b>y<i>d</i>z" + "</div>t" * 900 + "<p>end</p>"
    root = open_page(page_of(html.encode())).root
    assert "".join(root.itertext()) == "a" * 900 + "xcydz" + "t" * 900 + "end"
    assert max(sum(1 for _ in element.iterancestors()) for element in root.iter()) <= 300


@pytest.mark.parametrize("debris", ["\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_what_xml_forbids_stays_outside(debris):
    """Neither classes nor tags nor texts hold characters that no XML has."""
    html = f"<p class='a{debris}b'>c{debris}d<x{debris}y>e</p><p>{WORDS}</p>".encode()
    root = open_page(page_of(html)).root
    said = [*root.itertext(), *(element.tag for element in root.iter()), *root.xpath("//@class")]
    assert debris not in "".join(said)
