import html
import unicodedata
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract.clean import clean_text, clean_title, sanitise, xml_safe

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<a href='", "'>", "javascript:", "https://sapa.example/", "&#7;", "&nbsp;", "&amp;", "&lt;", "<script>", "</script>",
         "<img src=", " onerror=x", "<svg/onload=x>", "\u0338", "\u200b", "\x07", "&#x6a;", "<table>", "<td", ">", "chữ", "data:text/html,x", " "]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  Sa\u00a0Pa \n\t mùa\u3000đông ", "Sa Pa mùa đông"),
        (unicodedata.normalize("NFD", "Tiếng Việt"), "Tiếng Việt"),
        ("Sa\u00adPa\u200b\ufeff", "SaPa"),
        ("a\x00b\x07c\x7fd\x85e\ud800f\ufffeg\uffff", "abcdefg"),
        ("Vie\u200c\u0302\u0323t", "Việt"),
        ("র\u200d্যাব", "র\u200d্যাব"),
        ("", ""),
    ],
)
def test_clean_text_gives_one_line(text, wanted):
    """Text comes out as one line in NFC, without invisible characters; joiners stay where they are spelling."""
    assert clean_text(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Gi&amp;aacute; r&#233;t", "Giá rét"),
        ("<b>Hội nghị</b> &lt;i&gt;tổng kết&lt;/i&gt;", "Hội nghị tổng kết"),
        ("Nhiệt độ < 5 độ & gió > cấp 6", "Nhiệt độ < 5 độ & gió > cấp 6"),
        ("\u202eđảo\u202c chữ\u2066!", "đảo chữ!"),
        ("&amp;amp;amp;lt;script&amp;amp;amp;gt;x", "x"),
        ("<img src=x onerror=alert(1)", ""),
    ],
)
def test_clean_title_gives_plain_words(text, wanted):
    """A title is words alone, however often its portal encoded it."""
    assert clean_title(text) == wanted


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT | MARKUP)
def test_titles_hold_no_markup_even_decoded_twice(text):
    """Whatever comes in, a title decoded twice more by a reader still opens no tag, and cleaning again changes nothing."""
    title = clean_title(text)
    twice = html.unescape(html.unescape(title))
    assert "<s" not in twice
    assert "<a" not in twice
    assert "<i" not in twice
    assert clean_title(title) == title


def test_every_code_point_survives_xml_or_is_out():
    """No code point that xml_safe, clean_text or clean_title lets through stops an XML parser."""
    for start in range(0, 0x110000, 0x4000):
        block = "".join(chr(code) for code in range(start, start + 0x4000))
        for cleaned in (xml_safe(block), clean_text(block), clean_title(block)):
            ET.fromstring(f"<t>{html.escape(cleaned)}</t>")


def test_xml_safe_keeps_lines():
    """Line breaks and tabs stay, so that paragraphs of plain text stay apart."""
    assert xml_safe("a\tb\n\nc\x00\x0b") == "a\tb\n\nc"


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>x</a>", "<a href='java&#7;script:alert(1)'>x</a>",
        "<a href=' &#14; javascript:alert(1)'>x</a>", "<a href='//evil.example/x'>x</a>", "<a href='data:text/html,x'>x</a>", "<svg onload=alert(1)></svg>",
        "<iframe src='https://evil.example'></iframe>", "<form action='https://evil.example'><input name=a></form>", "<p style='x:expression(1)' class=a id=b>x</p>",
        "<video poster='javascript:alert(1)' onplay=x></video>", "<math><mtext><table><mglyph><style><img src onerror=alert(1)>", "<object data=x>y</object>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>", "<a href='vbscript:x' onclick=x>x</a>", "<base href='https://evil.example'>",
    ],
)  # fmt: skip
def test_sanitise_leaves_nothing_active(payload):
    """No payload leaves a script, a handler, a foreign scheme, a frame, a form, or a style behind."""
    clean = sanitise(payload).casefold()
    for word in (
        "<script",
        "<svg",
        "<iframe",
        "<form",
        "<input",
        "<object",
        "<base",
        "<style",
        "javascript:",
        "data:",
        "vbscript:",
        "evil",
        "style=",
    ):
        assert word not in clean
    assert not any(
        f" {name}=" in clean.replace("&quot;", "") for name in ("onerror", "onclick", "onload", "onplay", "class", "id")
    )


def test_sanitise_keeps_what_an_article_needs():
    """Paragraphs, captioned pictures, tables, links and films stay, links marked as foreign."""
    page = (
        '<figure><img src="https://sapa.example/a.jpg" alt="Hội nghị" width="600"><figcaption>Quang cảnh</figcaption></figure>'
        '<p><a href="https://sapa.example/tin">tin</a></p><table><tbody><tr><td colspan="2">1</td></tr></tbody></table>'
        '<video src="https://sapa.example/a.mp4" poster="https://sapa.example/a.png" controls></video>'
    )
    clean = sanitise(page)
    for part in (
        "<figcaption>Quang cảnh</figcaption>",
        'width="600"',
        'colspan="2"',
        'rel="noopener noreferrer nofollow"',
        'poster="https://sapa.example/a.png"',
    ):
        assert part in clean


@settings(max_examples=150, deadline=None)
@given(MARKUP | ANY_TEXT)
def test_sanitise_is_stable_and_clean(markup):
    """Sanitised HTML holds no character that XML forbids, also as a reference, and sanitising again changes nothing."""
    clean = sanitise(markup)
    assert xml_safe(html.unescape(clean.replace("&amp;", ""))) == unicodedata.normalize(
        "NFC", html.unescape(clean.replace("&amp;", ""))
    )
    assert sanitise(clean) == clean
    assert "\u00ad" not in clean
