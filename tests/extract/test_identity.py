"""One article, one key: whatever way its address is written, and however its words are spelled."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedsvc.extract.identity import (
    canonical_key,
    fingerprint,
    folded,
    is_weak,
    item_keys,
    make_id,
    stub_keys,
    weak_keys,
)
from feedsvc.model import VIETNAM, MediaObject

WORDS = (
    "tin-tuc",
    "bài-viết",
    "Pages",
    "chi tiết",
    "sự_kiện",
    "a",
    "x-1105750",
    "99",
    "hội%nghị",
    "(S)",
    "đẹp+",
    "a;b",
)
PARTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)
PAIRS = st.lists(
    st.tuples(st.sampled_from(("id", "l", "lv", "page", "ItemID", "chuyên-mục")), st.sampled_from(("1", "42", "tin tức", ""))),
    unique_by=lambda pair: pair[0],
    max_size=3,
)  # fmt: skip
HOSTS = st.sampled_from(("sapa.laocai.gov.vn", "xa.example.org", "example.org:8080"))


@st.composite
def spellings(draw: st.DrawFn, host: str, parts: list[str], pairs: list[tuple[str, str]]) -> str:
    """Write one address in any of the ways in which portals write it."""
    form = draw(st.sampled_from(("NFC", "NFD")))
    escape = draw(st.sampled_from(("raw", "upper", "lower")))

    def written(text: str, *, query: bool = False) -> str:
        text = unicodedata.normalize(form, text)
        if escape == "raw" and "%" not in text and not (query and "+" in text):
            return text.replace(" ", draw(st.sampled_from(("+", "%20")))) if query else text
        out = quote(text, safe="")
        return re.sub("%..", lambda found: found.group().lower(), out) if escape == "lower" else out

    noise = draw(
        st.lists(
            st.sampled_from(
                ("utm_source=zalo", "fbclid=AbC", "gclid=1", "ref=home", "sid=0f3a9c", "PHPSESSID=q1", "print=1", "pageprint=1", "")
            ),
            max_size=3,
        )
    )  # fmt: skip
    fields = [*(f"{written(name, query=True)}={written(value, query=True)}" for name, value in pairs), *noise]
    query = "&".join(draw(st.permutations(fields)))
    netloc = "".join(draw(st.sampled_from((char, char.upper()))) for char in host)
    scheme = draw(st.sampled_from(("http", "https", "HTTPS")))
    port = "" if ":" in host else draw(st.sampled_from(("", ":80", ":443")))
    session = draw(st.sampled_from(("", ";jsessionid=0A1B2C")))
    asp = draw(st.sampled_from(("", "/(S(lit3py55t21z5v55vlm25s55))")))
    end = draw(st.sampled_from(("", "/", "/index.html", "/index.php", "/Index.aspx")))
    fragment = draw(st.sampled_from(("", "#top", "#")))
    www = draw(st.sampled_from(("", "www.", "WWW.")))
    path = "/".join(written(part) for part in parts)
    return f" {scheme}://{www}{netloc}{port}{asp}/{path}{end}{session}{'?' + query if query else ''}{fragment}\n"


@settings(max_examples=200, deadline=None)
@given(st.data(), HOSTS, PARTS, PAIRS)
def test_any_two_spellings_of_an_address_have_one_key(data, host, parts, pairs) -> None:
    """Scheme, www, port, case of the host, sessions, tracking, slashes, escapes, Unicode and order change nothing."""
    assume(not any(";" in part for part in parts[-1:]))
    one, other = (data.draw(spellings(host, parts, pairs)) for _ in range(2))
    assert canonical_key(one) == canonical_key(other)
    assert stub_keys(one) == stub_keys(other)


@settings(max_examples=200, deadline=None)
@given(HOSTS, HOSTS, PARTS, PARTS, PAIRS, PAIRS)
def test_other_articles_have_other_keys(host, host2, parts, parts2, pairs, pairs2) -> None:
    """Another host, path or query is another key."""
    pairs, pairs2 = sorted(pairs), sorted(pairs2)
    keys = [
        canonical_key(
            f"https://{h}/{'/'.join(quote(part, safe='') for part in p)}?{'&'.join(f'{quote(n)}={quote(v)}' for n, v in q)}"
        )
        for h, p, q in ((host, parts, pairs), (host2, parts2, pairs2))
    ]
    assert (keys[0] == keys[1]) == ((host, parts, pairs) == (host2, parts2, pairs2))


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.text(max_size=60).map("https://example.org/{}".format), st.text(min_size=300))
)
def test_any_text_has_a_key_of_bounded_length(url: str) -> None:
    """Nothing that stands in a link raises, no key is longer than 300 characters, and a key's own key is itself."""
    for key in (canonical_key(url), *stub_keys(url), *item_keys(url, url, url, None, url, VIETNAM)):
        assert len(key) <= 700
        key.encode()
    key = canonical_key(url)
    assert len(key) <= 300
    if url.startswith("https://example.org/") and "~" not in key:
        assert canonical_key(f"//{key}") == key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.sapa.laocai.gov.vn:443/tin-tuc/x-1105750/", "sapa.laocai.gov.vn/tin-tuc/x-1105750"),
        ("http://example.org", "example.org"),
        ("http://example.org/index.php", "example.org"),
        ("http://example.org/index.php/tin/a-1995.html", "example.org/index.php/tin/a-1995.html"),
        ("http://example.org/a/../b//./c", "example.org/b/c"),
        ("http://example.org/a%2Fb", "example.org/a%2Fb"),
        ("http://example.org/a%2fb", "example.org/a%2Fb"),
        ("http://example.org/Slug", "example.org/Slug"),
        ("http://example.org/p.aspx?l=Tin++++++&lv=4&page=63", "example.org/p.aspx?l=Tin&lv=4&page=63"),
        ("http://example.org/p?a=1&amp;b=2", "example.org/p?a=1&b=2"),
        ("http://example.org/p?sid=1234", "example.org/p?sid=1234"),
        ("http://example.org/p?sid=1234abcd", "example.org/p"),
        ("http://example.org/p?print", "example.org/p"),
        ("http://example.org/#!/tin/5", "example.org#!/tin/5"),
        ("http://user:pass@example.org./p", "example.org/p"),
        ("http://thị-xã.vn/p", "xn--th-x-joa7407b.vn/p"),
        ("//example.org/p", "example.org/p"),
        (f"http://{'a' * 70}.vn/p", f"{'a' * 70}.vn/p"),
        (f"http://www.{'A' * 70}.vn/p?print=1", f"{'a' * 70}.vn/p"),
        ("http://example.org/%E1", "example.org/%E1"),
        ("http://[::1", "http:%2F%2F%5B::1"),
        ("folder:inbox/tin tức.txt", "folder:inbox/tin%20t%E1%BB%A9c.txt"),
    ],
)
def test_keys_of_known_addresses(url: str, key: str) -> None:
    """The canonical keys of the forms that portals use are these, for ever: ids are made of them."""
    assert canonical_key(url) == key


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("http://a.vn/tin-tuc/dong-lua-1105750", "num:a.vn/*#|1105750"),
        ("http://a.vn/tin-khac/ten-moi-1105750", "num:a.vn/*#|1105750"),
        ("http://a.vn/vi/bai-viet/16842", "num:a.vn/vi/bai-viet/#|16842"),
        ("http://a.vn/tin/-/view_content/1234567-dong-lua?p=1", "num:a.vn/view_content/#|1234567"),
        ("http://a.vn/tin/-/view_content/1234567-dong-lua", "num:a.vn/view_content/#|1234567"),
        ("http://a.vn/dong-lua-post882016.html", "num:a.vn/*post#.html|882016"),
        ("http://a.vn/882016-dong-lua.html", "num:a.vn/#*.html|882016"),
        ("http://a.vn/tin/dong-lua-23456.html", "num:a.vn/tin/*#.html|23456"),
        ("http://a.vn/tin/dong-lua-412357", "num:a.vn/tin/*#|412357"),
        ("http://a.vn/tin/dong-lua-4123571", "num:a.vn/*#|4123571"),
        ("http://a.vn/tin.aspx?ItemID=4711&c=2", "num:a.vn/tin.aspx?itemid|4711"),
        ("folder:inbox/dong-lua-1105750.txt", None),
        ("http://a.vn:8080/lua-1105750", "num:a.vn:8080/*#|1105750"),
        ("http://a.vn/lua-20220919081530123.htm", "num:a.vn/*#.htm|20220919081530123"),
    ],
)
def test_a_native_number_is_a_key(url: str, number: str | None) -> None:
    """An article number in the usual forms finds the article again under another title."""
    assert stub_keys(url)[1:] == ((number,) if number else ())


@pytest.mark.parametrize(
    "path",
    [
        "tin-tuc?page=12345", "currentpage/1600", "trang/1234", "page/4321", "dong-lua-tag2043.html", "tin-39.html",
        "nam-2022.html", "2022", "hop-ngay-19092022", "hop-ngay-20220919.html", "hop-190922", "san-luong-10000.html", "lua-202209190815.html", "lua-20220919081530",
        "nghi-quyet-1234", "tang-1000000", "11/319206/Dong-lua.aspx", "2022/09/19/dong-lua", "p.aspx?l=Tin&lv=4000",
        "",
    ],
)  # fmt: skip
def test_pagers_years_dates_and_amounts_are_no_numbers(path: str) -> None:
    """What only looks like an article number gives no key, for two articles would become one."""
    assert len(stub_keys(f"http://a.vn/{path}")) == 1


def test_no_address_has_no_key() -> None:
    """An item without an address is not the same as another one without."""
    assert stub_keys("") == stub_keys(" ") == ()


URL = "https://www.a.vn/tin/dong-lua-chin-1105750"
TITLE = "Đồng lúa chín vàng ở bản Lao Chải"
LATE = datetime(2022, 9, 18, 18, 30, tzinfo=UTC)
BODY = "Bà con bản Lao Chải xuống đồng gặt lúa từ sáng sớm. " * 5


def test_keys_of_an_item_are_strong_ones_first() -> None:
    """Address, number and canonical address stand before title with its local day and title with body."""
    keys = item_keys(URL, "http://a.vn/khac/ten-khac", TITLE, LATE, BODY, VIETNAM)
    assert keys[:4] == (
        "url:a.vn/tin/dong-lua-chin-1105750",
        "num:a.vn/*#|1105750",
        "url:a.vn/khac/ten-khac",
        "title:đồng lúa chín vàng ở bản lao chải|2022-09-19",
    )
    assert re.fullmatch(r"body:[0-9a-f]{32}", keys[4])
    assert [is_weak(key) for key in keys] == [False, False, False, True, True]


@pytest.mark.parametrize(
    "canonical",
    [None, "", "http://a.vn/", "http://a.vn", "http://b.vn/tin/dong-lua", "http://a.vn/tin/", URL, "/tin/x"],
)
def test_a_canonical_address_must_be_of_the_article(canonical: str | None) -> None:
    """A canonical link to the home page, to a list above, to another host or to itself adds no key."""
    keys = item_keys(URL, canonical, TITLE, LATE, BODY, VIETNAM)
    assert [is_weak(key) for key in keys].count(False) == 2


def test_words_must_be_enough_to_be_a_key() -> None:
    """Short or undated titles and short bodies are no keys: many articles share them."""
    assert weak_keys("Thông báo mới", LATE, "Ngắn.", VIETNAM) == ()
    assert weak_keys(TITLE, None, "Ngắn.", VIETNAM) == ()
    assert [key[:5] for key in weak_keys("Thông báo", None, BODY, VIETNAM)] == ["body:"]


def test_a_long_title_is_a_bounded_key() -> None:
    """Titles of any length give keys of bounded length that still tell them apart."""
    one, other = (weak_keys("lúa " * 500 + end, LATE, "", VIETNAM)[0] for end in ("chín", "xanh"))
    assert len(one) < 320
    assert one != other


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_folding_forgets_spelling(text: str) -> None:
    """Unicode form, case of ASCII letters, punctuation and white space do not tell titles apart."""
    spelled = unicodedata.normalize("NFD", text)
    assert folded(text) == folded(spelled)
    assert folded(f"  «{text}» –\t") == folded(text)
    assert folded(text) == " ".join(folded(text).split())
    folded(text).encode("utf-8", "surrogatepass")


def test_folding_keeps_letters_with_marks() -> None:
    """Vietnamese marks tell words apart; marks of scripts that have no composed letters stay with their letter."""
    assert folded("Hội\u00adnghị\u200b – “Sơ-kết”, NĂM_2022!") == "hộinghị sơ kết năm 2022"
    assert folded("má") != folded("mà")
    assert folded("কি") != folded("কা")


def test_ids_are_made_once_and_for_ever() -> None:
    """An id is a tag: URI of authority, source and the key's digest; another generation is another id."""
    one = make_id("feeds.example.org,2026", "sapa", "sapa.laocai.gov.vn/tin-tuc/x-1105750")
    assert one == "tag:feeds.example.org,2026:sapa/cfe85443f4d5e016a312"
    again = make_id("feeds.example.org,2026", "sapa", "sapa.laocai.gov.vn/tin-tuc/x-1105750", 2)
    assert again == make_id("feeds.example.org,2026", "sapa", "sapa.laocai.gov.vn/tin-tuc/x-1105750#2") != one


def image(url: str, width: int | None = None, kind="image") -> MediaObject:
    """Make a media object."""
    return MediaObject(url=url, kind=kind, width=width)


def test_a_fingerprint_changes_with_what_a_person_reads() -> None:
    """Title, lead, text, a picture or a document changed is an edit; a word moved between fields too."""
    base = ("Tên", "Lời dẫn", "Bài", (image("http://a.vn/1.jpg"),))
    prints = {
        fingerprint(*args)
        for args in (
            base,
            ("Tên mới", *base[1:]),
            ("Tên", "Lời", "dẫn Bài", base[3]),
            (*base[:2], "Bài sửa", base[3]),
            (*base[:3], ()),
            (*base[:3], (image("http://a.vn/2.jpg"),)),
            (*base[:3], (image("http://a.vn/1.jpg", kind="document"),)),
        )
    }
    assert len(prints) == 7


def test_a_fingerprint_overlooks_what_moves_by_itself() -> None:
    """White space, Unicode form, sizes, order, sessions and scheme of media are no edit."""
    one = fingerprint("Tên bài", "Lời", "Một\n\nhai", (image("http://a.vn/1.jpg"), image("http://a.vn/2.jpg", 640)))
    other = fingerprint(
        unicodedata.normalize("NFD", " Tên bài"),
        "Lời ",
        "Một hai",
        (image("https://a.vn/2.jpg?sid=0f3a9c"), image("https://a.vn/1.jpg", 320)),
    )
    assert one == other
    many = tuple(image(f"http://a.vn/{number}.jpg") for number in range(20))
    assert fingerprint("", "", "", many) == fingerprint("", "", "", many[::-1] + many[:3])
