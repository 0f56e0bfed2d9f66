"""Which addresses become files, and what these are called."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.export.links import links
from feedsvc.export.places import Place, file_of, place_of

BASE = "https://feeds.example.org/tin"
PAGE, RSS = "text/html; charset=utf-8", "application/rss+xml; charset=utf-8"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/", Place("/")),
        ("/feeds/sapa.rss", Place("/feeds/sapa.rss")),
        ("/feeds/sapa.rss?page=2", Place("/feeds/sapa.rss", "page=2")),
        ("/feeds/sapa.rss?before=51&lang=en", Place("/feeds/sapa.rss", "before=51")),
        ("/feeds/sapa?page=1", Place("/feeds/sapa")),
        ("/feeds/sapa.rss?format=xml", Place("/feeds/sapa.rss")),
        ("/static/feedsvc.css?v=1a2b", Place("/static/feedsvc.css")),
        ("/items/7/files/k%E1%BA%BF-ho%E1%BA%A1ch.pdf", Place("/items/7/files/kế-hoạch.pdf")),
        ("/feeds/sapa.rss?page=2&page=3", Place("/feeds/sapa.rss", "page=3")),
        ("/feeds/sapa.rss?page=-1", Place("/feeds/sapa.rss")),
        ("/feeds/sapa.rss?q=lu", None),
        ("/feeds/sapa.rss?limit=10", None),
        ("//items/[1", Place("//items/[1")),
        ("/items/7#top", Place("/items/7")),
        ("/status", None),
        ("/hub", None),
    ],
)
def test_addresses_of_ours(address: str, place: Place | None) -> None:
    """Languages, releases and formats of an address share its file; choices and what only a service can say have none."""
    assert place_of(BASE + address, BASE) == place


@pytest.mark.parametrize("address", ["https://feeds.example.org/", "https://evil.example/tin/", "", "feed:x", BASE])
def test_addresses_of_others(address: str) -> None:
    """What does not stand below base_url is nobody's file."""
    assert place_of(address, BASE) is None


@pytest.mark.parametrize(
    ("place", "media_type", "name"),
    [
        (Place("/"), PAGE, "index.html"),
        (Place("/feeds/sapa/tin-tuc"), PAGE, "feeds/sapa/tin-tuc.html"),
        (Place("/feeds/sapa", "page=2"), PAGE, "feeds/sapa.page-2.html"),
        (Place("/feeds/sapa/tin-tuc.rss"), RSS, "feeds/sapa/tin-tuc.rss"),
        (Place("/feeds/sapa/tin-tuc.rss", "before=51"), RSS, "feeds/sapa/tin-tuc.before-51.rss"),
        (Place("/opml"), "text/x-opml; charset=utf-8", "opml.opml"),
        (Place("/items/7/files/a.docx"), "application/x", "items/7/files/a.docx"),
        (Place("/items/7/files/a.docx/word/media/b.png"), "image/png", "items/7/files/a.docx.word/media/b.png"),
        (Place("/items/7/files/.htaccess"), "text/plain", ""),
        (Place("/items/7/files/../../x"), "text/plain", ""),
        (Place(f"/items/7/files/{'ệ' * 100}.pdf"), "application/pdf", ""),
    ],
)
def test_names_of_files(place: Place, media_type: str, name: str) -> None:
    """Names say which older items are meant, and none is hidden, too long, or leads elsewhere."""
    assert file_of(place, media_type) == name


@given(st.text(max_size=40), st.sampled_from(["", "page=2", "before=51"]), st.sampled_from([PAGE, RSS, "image/png"]))
@settings(max_examples=200, deadline=None)
def test_no_name_leads_out_of_the_folder(path: str, older: str, media_type: str) -> None:
    """Whatever an address says, its file lies below the folder, visible, under a name that a file can have."""
    name = file_of(Place(f"/{path}", older), media_type)
    assert not name or all(part and not part.startswith(".") and "\0" not in part for part in name.split("/"))


slugs = st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True)
places = st.builds(
    Place,
    st.builds(lambda one, two, end: f"/feeds/{one}{two and '/' + two}{end}", slugs, st.just("") | slugs, st.sampled_from(["", ".rss", ".json"])),
    st.sampled_from(["", "page=2", "page=22", "before=51"]),
)  # fmt: skip


@given(st.lists(places, unique=True, max_size=20))
@settings(max_examples=100, deadline=None)
def test_no_two_feeds_share_a_file(found: list[Place]) -> None:
    """Different addresses of feeds and their pages have different files."""
    names = [file_of(place, RSS if "." in place.path else PAGE) for place in found]
    assert len(set(names)) == len(names)


def test_links_of_a_page() -> None:
    """A page leads to what it links and shows, of our own; older items only to those of its own address."""
    page = f"""<!doctype html><link rel=stylesheet href="/tin/static/a.css?v=1"><a href="?page=2&amp;lang=en">cũ</a>
    <a href="/tin/items/7#x">bài</a><a href="/tin/status">x</a><a href="{BASE}/feeds/khac.rss?before=51">x</a>
    <img src="{BASE}/media/ab.jpg"><a href="https://evil.example/">x</a><a href="http://[">x</a>""".encode()
    assert links(page, PAGE, BASE, Place("/feeds/sapa")) == (
        Place("/static/a.css"), Place("/feeds/sapa", "page=2"), Place("/items/7"), Place("/media/ab.jpg"),
    )  # fmt: skip


def test_links_of_a_document() -> None:
    """A document leads to its older ones and to our files in it, whether XML or JSON wrote the address."""
    here = Place("/feeds/sapa.rss")
    text = f'<link href="{BASE}/feeds/sapa.rss?before=51"/><enclosure url="{BASE}/items/7/files/a%20b.pdf"/>{BASE}/feeds/x.rss?page=9'
    assert links(text.encode(), RSS, BASE, here) == (Place(here.path, "before=51"), Place("/items/7/files/a b.pdf"))
    text = f'{{"next_url": "{BASE}/feeds/sapa.rss?page=2", "x": "\\"{BASE}/media/a.jpg\\""}}'
    assert links(text.encode(), "application/feed+json", BASE, here) == (
        Place(here.path, "page=2"),
        Place("/media/a.jpg"),
    )
    assert links(b"body { color: red }", "text/css", BASE, here) == ()
