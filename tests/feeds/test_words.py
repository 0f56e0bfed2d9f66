"""Text, addresses and dates as documents may carry them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.feeds.address import service_root, web_address
from feedsvc.feeds.dates import local, rfc822, rfc3339
from feedsvc.feeds.text import as_html, beginning, language_tag, plain, xml_safe
from feedsvc.model import VIETNAM


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Thi\u0323 tra\u0302\u0301n", "Thị trấn"),
        ("  Hai\r\n dòng\t ", "Hai dòng"),
        ("Giá < 50 nghìn & > 20", "Giá < 50 nghìn & > 20"),
        ("A&amp;amp;B", "A&B"),
        ("Hỏi & Đáp, R&D", "Hỏi & Đáp, R&D"),
        ("Quý 1&amp;2", "Quý 1& 2"),
        ("A&amp;copy", "A©"),
        ("A&amp;ampB&amp;Alpha", "A&B& Alpha"),
        ("<b>Đậm</b> và <i>nghiêng", "Đậm và nghiêng"),
        ("trước <img src=x onerror=y", "trước < img src=x onerror=y"),
        ("\u202eđảo\u2066", "đảo"),
        ("&#7;&#xD800;&#0;x", "\ufffd\ufffdx"),
        ("", ""),
    ],
)
def test_plain(text, words):
    """Text comes out as one line of composed words without markup; ordinary signs stay."""
    assert plain(text) == words


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_plain_twice_is_plain(text):
    """Plain text stays as it is, is NFC, and holds nothing that XML forbids."""
    words = plain(text)
    assert plain(words) == words
    assert unicodedata.is_normalized("NFC", words)
    assert xml_safe(words) == words


def test_markup_keeps_its_last_sign():
    """A body is not recomposed: a combining stroke after a tag would become one character with its `>`."""
    assert xml_safe("<p>\u0338x</p>") == "<p>\u0338x</p>"


@pytest.mark.parametrize(
    ("words", "html"),
    [("Giá < 50 & > 20", "Giá &lt; 50 & > 20"), ("R&D", "R&amp;D"), ("&#7;", "&amp;#7;"), ("Chợ", "Chợ")],
)
def test_words_as_html(words, html):
    """Words in the place of HTML are escaped where a parser would take them for more, and only there."""
    assert as_html(words) == html
    assert unescape(as_html(words)) == words


@pytest.mark.parametrize(
    ("text", "tag"),
    [("vi", "vi"), ("en-GB", "en-GB"), ("hmn", "hmn"), ("vietnamese", ""), ("v", ""), ("vi_VN", ""), ("", "")],
)
def test_language_tags(text, tag):
    """A language is told by its code of two or three letters, or not at all."""
    assert language_tag(text) == tag


def test_beginning():
    """A long text is cut between words and says so; a short one is left alone."""
    assert beginning("Một hai ba bốn", 10) == "Một hai…"
    assert beginning("Một hai", 10) == "Một hai"
    assert beginning("x" * 12, 10) == "x" * 10 + "…"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://thungmay.example/tin?a=1&b=2#c", "https://thungmay.example/tin?a=1&b=2#c"),
        ("http://thungmay.example:8080/ảnh 1.jpg", "http://thungmay.example:8080/%E1%BA%A3nh%201.jpg"),
        ("https://thungmay.example/%C4%91?q=100%", "https://thungmay.example/%C4%91?q=100%25"),
        ("https://thungmây.example/", "https://xn--thungmy-uwa.example/"),
        ("https://user:secret@thungmay.example/", "https://thungmay.example/"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("  https://thungmay.example/\x00x ", "https://thungmay.example/x"),
        ("HTTPS://thungmay.example/", "https://thungmay.example/"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("/tin/1", ""),
        ("//thungmay.example/", ""),
        ("https://", ""),
        ("https://a b/", ""),
        ("http://[x/", ""),
        ("folder:tin", ""),
        ("", ""),
    ],
)
def test_web_address(url, address):
    """Only absolute http and https addresses come through, escaped as a URI must be, without a password."""
    assert web_address(url) == address


@settings(max_examples=200, deadline=None)
@given(st.builds("https://{}".format, st.text()) | st.text())
def test_web_address_twice(url):
    """An address that came through stays as it is."""
    assert web_address(web_address(url)) == web_address(url)


PATHS = st.text(alphabet="aZ9-._~!$&'()*+,;=:@/?%41#[ ảđ", max_size=20)


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        "{}://{}{}".format, st.sampled_from(["http", "https"]), st.sampled_from(["a.example", "a:80", "a_b"]), PATHS
    )
)
def test_a_ready_address_is_taken_as_it_is(url):
    """The short way for addresses in which nothing is to be done gives what the long way gives."""
    assert web_address(url) == web_address(f" {url}")


def test_service_root():
    """The service's own address is what stands before a feed's page, whatever path it is under and is chosen there."""
    page = "https://feeds.example.org/feeds/sapa"
    assert service_root(f"{page}?q=ch%E1%BB%A3&limit=20", "sapa") == "https://feeds.example.org/"
    assert service_root(f"{page}#x?y", "sapa") == "https://feeds.example.org/"
    assert (
        service_root("https://feeds.example.org/tin/feeds/feeds/sapa", "feeds/sapa") == "https://feeds.example.org/tin/"
    )
    assert service_root("https://feeds.example.org/elsewhere", "sapa") == ""


def test_dates():
    """A moment is written in the given zone, to the second, in both forms."""
    moment = datetime(2026, 9, 18, 18, 0, 0, 999, tzinfo=UTC)
    assert rfc822(local(moment, VIETNAM)) == "Sat, 19 Sep 2026 01:00:00 +0700"
    assert rfc3339(local(moment, VIETNAM)) == "2026-09-19T01:00:00+07:00"


def test_odd_offsets_become_utc():
    """An offset with seconds has no written form, and a date at the end of time no other zone: both are told in UTC."""
    odd = timezone(timedelta(hours=7, minutes=6, seconds=40))
    assert rfc3339(local(datetime(1901, 1, 1, tzinfo=UTC), odd)) == "1901-01-01T00:00:00+00:00"
    assert rfc3339(local(datetime(9999, 12, 31, 23, tzinfo=UTC), VIETNAM)) == "9999-12-31T23:00:00+00:00"


@pytest.mark.parametrize("moment", [datetime(2026, 1, 1), datetime(99, 1, 1, tzinfo=UTC)])  # noqa: DTZ001
def test_dates_that_no_feed_can_carry(moment):
    """A moment without zone or before 1900 is refused, not guessed at."""
    with pytest.raises(ValueError, match="feed"):
        local(moment, VIETNAM)
