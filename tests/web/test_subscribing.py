"""Links that add a feed to readers."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from feedsvc.web.subscribing import OWN_READERS, feed_link, own_link, reader_links

FEED = "https://feeds.example.org/feeds/suoi-bac/tin-tuc.rss?q=s%E1%BA%A1t+l%E1%BB%9F&limit=20"


def test_one_click_for_readers_of_everybody():
    """Each reader gets the whole address of the feed in the form that it knows, its own query escaped."""
    links = {link.reader: link.address for link in reader_links(FEED)}
    escaped = "https%3A%2F%2Ffeeds.example.org%2Ffeeds%2Fsuoi-bac%2Ftin-tuc.rss%3Fq%3Ds%25E1%25BA%25A1t%2Bl%25E1%25BB%259F%26limit%3D20"
    assert links == {
        "Feedly": f"https://feedly.com/i/subscription/feed/{escaped}",
        "Inoreader": f"https://www.inoreader.com/?add_feed={escaped}",
        "NetNewsWire (Mac)": f"x-netnewswire-feed:{FEED}",
    }
    assert feed_link(FEED) == f"feed:{FEED}"


@pytest.mark.parametrize(
    ("reader", "typed", "address"),
    [
        ("FreshRSS", "https://tin.example.org", "https://tin.example.org/i/?c=feed&a=add&url_rss="),
        ("FreshRSS", " tin.example.org ", "https://tin.example.org/i/?c=feed&a=add&url_rss="),
        ("FreshRSS", "http://10.1.2.3:8080/rss/p/i/?a=normal#x", "http://10.1.2.3:8080/rss/p/i/?c=feed&a=add&url_rss="),
        ("FreshRSS", "https://a:b@tin.example.org/i/index.php", "https://tin.example.org/i/?c=feed&a=add&url_rss="),
        ("Miniflux", "tin.example.org/doc/unread", "https://tin.example.org/doc/bookmarklet?uri="),
        ("Miniflux", "https://[::1]:8080/", "https://[::1]:8080/bookmarklet?uri="),
        ("Miniflux", "tin.việt.example", "https://tin.xn--vit-5kz.example/bookmarklet?uri="),
    ],
)
def test_a_server_of_ones_own(reader, typed, address):
    """Whatever page of their server people paste, the link leads to its bookmarklet, with the feed in its query."""
    link = own_link(reader, typed, FEED)
    assert link.address.startswith(address)
    assert link.host == urlsplit(address).netloc
    (given,) = parse_qs(urlsplit(link.address).query)[address.rstrip("=").rpartition("&" if "&" in address else "?")[2]]
    assert given == FEED


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "javascript:alert(1)",
        "javascript://x/%0aalert(1)",
        "data://text/html",
        "tin example",
        "https://",
        "https://[",
        "x" * 201,
    ],
)
@pytest.mark.parametrize("reader", OWN_READERS)
def test_what_is_no_server_is_not_linked(reader, typed):
    """No link is made of a script, of another scheme, or of what names no host."""
    assert own_link(reader, typed, FEED) is None


def test_an_unknown_reader_is_not_linked():
    """Only readers whose bookmarklet is known get a link."""
    assert own_link("Another", "https://tin.example.org", FEED) is None
