"""HTML of items: only what is allowed, however it was stored; and every player has its link."""

from __future__ import annotations

import json

import pytest
from fakes.w3c.markup import html as broken_rules
from lxml import etree

from feedsvc.allowed import allowed, is_allowed
from feedsvc.feeds import render
from feedsvc.feeds.body import safe_html, with_players
from feedsvc.model import MediaObject

CLEAN = (
    '<figure><img src="https://thungmay.example/a.jpg" alt="Chợ" width="3" height="2"><figcaption>Chợ</figcaption></figure>'
    '\n<p>A &amp; B <a href="https://thungmay.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow">x</a></p>'
    '<video src="https://thungmay.example/a.mp4" controls="" poster="https://thungmay.example/a.jpg"></video>'
    '<table><tbody><tr><td colspan="2">1 &lt; 2</td></tr></tbody></table><p>m<sup>2</sup><br>n</p>'
)
ACTIVE = [
    "<script>alert(1)</script>", "<p onclick=alert(1)>x</p>", "<style>p{}</style>", '<p style="x:y">x</p>',
    '<iframe src="https://x.example/"></iframe>', "<object data=x></object>", "<form action=/><input></form>",
    '<a href="javascript:alert(1)">x</a>', '<img src="data:image/gif;base64,x">', "<svg onload=alert(1)>", "<embed src=x>",
    '<img src="/a.jpg">', '<a href="tin/1">x</a>', '<base href="https://x.example/">', "<meta http-equiv=refresh>", "<!--x-->",
    '<p class="a" id="b">x</p>', "<math><mtext>x</mtext></math>", "<template><b>x</b></template>", "<link rel=stylesheet>",
]  # fmt: skip
FILM = MediaObject(
    url="https://www.youtube.com/watch?v=a&t=1", kind="video", player="https://www.youtube.com/embed/a",
    title="Dệt <lanh>", thumbnail="https://i.ytimg.com/vi/a/0.jpg",
)  # fmt: skip


def test_clean_markup_stays_as_it_is():
    """What was cleaned when it was read goes into documents to the byte."""
    assert allowed(CLEAN) == CLEAN
    assert is_allowed(CLEAN)
    assert safe_html(CLEAN) == CLEAN
    assert safe_html("") == ""


@pytest.mark.parametrize("piece", ACTIVE)
def test_an_old_item_that_was_never_cleaned(piece, kind, feed_of, make_article):
    """Scripts, handlers, frames, forms, styles and relative addresses are out of every document, its words are in."""
    html = f"<p>Trước</p>{piece}<p>Sau</p>"
    assert not is_allowed(html)
    body = safe_html(html)
    assert is_allowed(body)
    assert body.startswith("<p>Trước</p>")
    assert body.endswith("<p>Sau</p>")
    told = told_body(render(feed_of((make_article(1, html=html),), kind), kind).body)
    assert told == body
    assert list(broken_rules(told)) == []


def told_body(document: bytes) -> str:
    """The HTML of a document's one item."""
    if document.startswith(b"{"):
        return json.loads(document)["items"][0]["content_html"]
    item = etree.fromstring(document).find(".//{*}guid/..")
    return item.findtext("{*}encoded") if item is not None else etree.fromstring(document).findtext(".//{*}content")


@pytest.mark.parametrize(
    "piece", ["<", "&", "<p", "<p >", "a & b", '<p title="x">', "<p/ >", "</p x>", "<P>", "&copy;", "<a href='x'>"]
)
def test_only_what_is_written_as_we_write(piece):
    """Markup in another spelling is not taken as clean, though it may be harmless."""
    assert not is_allowed(piece)


def test_players_are_linked():
    """A film on another site that the body does not tell of has its picture and a plain link there."""
    html = with_players("<p>Bài</p>", "Lời dẫn", (FILM,))
    assert is_allowed(html)
    assert html == (
        '<p>Bài</p>\n<p><a href="https://www.youtube.com/watch?v=a&amp;t=1" rel="noopener noreferrer nofollow">'
        '<img src="https://i.ytimg.com/vi/a/0.jpg" alt="">Dệt</a></p>'
    )
    assert with_players(html, "", (FILM,)) == html


def test_a_body_of_a_player_alone_begins_with_the_lead():
    """Readers show the body in the place of the lead, so it is not lost."""
    assert with_players("", "Giá < 5", (FILM,)).startswith("<p>Giá &lt; 5</p>\n<p><a ")
    assert with_players("", "Lời dẫn", ()) == ""


def test_a_player_that_is_nowhere():
    """A player without an address of the web is no link."""
    nowhere = MediaObject(url="javascript:x", kind="video", player="javascript:y")
    assert with_players("<p>Bài</p>", "", (nowhere,)) == "<p>Bài</p>"
