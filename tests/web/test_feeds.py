"""Feed documents over HTTP: the checklist of feeds.md 7 and 8, on a real store and real feeds."""

from __future__ import annotations

import gzip
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsvc.errors import RenderError, StoreError
from feedsvc.web.address import find_address

U = "/feeds/suoi-bac/tin-tuc.rss"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ALL = [f"/feeds/{path}.{end}" for path in ("suoi-bac/tin-tuc", "suoi-bac", "le-hoi") for end in ("rss", "atom", "json")]


@pytest.mark.parametrize(
    ("end", "media_type"),
    [
        ("rss", "application/rss+xml; charset=utf-8"),
        ("atom", "application/atom+xml; charset=utf-8"),
        ("json", "application/feed+json"),
    ],
)
def test_each_format_has_its_type(client, end, media_type):
    """Row 1: 200 without a redirect, and the type of the format."""
    answer = client.get(f"/feeds/suoi-bac/tin-tuc.{end}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == media_type


@pytest.mark.parametrize("address", ALL)
def test_every_feed_reads_well(client, address):
    """A reader finds the items in the feed of a category, of a source, and of one's own."""
    answer = client.get(address)
    assert answer.status_code == 200
    if address.endswith("json"):
        assert answer.get_json(force=True)["items"]
    else:
        read = feedparser.parse(answer.data)
        assert not read.bozo
        assert read.entries


def test_same_bytes_after_a_restart(make_world):
    """Row 2: body, ETag and Last-Modified are the same in another process over the same store, hours later."""
    first = make_world()
    first.publish("suoi-bac/tin-tuc", 3)
    first.clock.pass_time(7200)
    one, other = first.client().get(U), make_world(clock=first.clock).client().get(U)
    assert one.data == other.data
    assert [one.headers[h] for h in ("ETag", "Last-Modified")] == [other.headers[h] for h in ("ETag", "Last-Modified")]


@pytest.mark.parametrize("form", ["{0}", "W/{0}", '"x", {0}', '"x", W/"y",{0} , "z"', "*"])
def test_known_tag_is_not_sent_again(client, form):
    """Row 3: If-None-Match in every spelling gives 304 without a body, whatever If-Modified-Since says."""
    first = client.get(U)
    old = format_datetime(parsedate_to_datetime(first.headers["Last-Modified"]) - timedelta(days=9))
    asked = {"If-None-Match": form.format(first.headers["ETag"]), "If-Modified-Since": old}
    answer = client.get(U, headers=asked)
    assert answer.status_code == 304
    assert answer.data == b""
    assert answer.headers["ETag"] == first.headers["ETag"]


def test_304_repeats_what_caches_need(client):
    """RFC 9110, 15.4.5: ETag, Cache-Control and Vary come with a 304, a type and a length do not."""
    first = client.get(U)
    answer = client.get(U, headers={"If-None-Match": first.headers["ETag"]})
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified", "Link"):
        assert answer.headers[name] == first.headers[name]
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("tag", ['"x"', "x", "", '"', "W/", ", ,"])
def test_unknown_tag_gets_the_feed_even_if_the_date_fits(client, tag):
    """Row 3: If-None-Match outranks If-Modified-Since also when it does not match."""
    asked = {"If-None-Match": tag, "If-Modified-Since": client.get(U).headers["Last-Modified"]}
    assert client.get(U, headers=asked).status_code == 200


def test_dates_alone(client):
    """Row 4: the exact date and later ones give 304, an older one 200, and nonsense does not count."""
    exact = client.get(U).headers["Last-Modified"]
    moment = parsedate_to_datetime(exact)
    for since, status in (
        (exact, 304),
        (format_datetime(moment), 304),
        (format_datetime(moment + timedelta(hours=1), usegmt=True), 304),
        (format_datetime(moment - timedelta(seconds=1), usegmt=True), 200),
        ("yesterday", 200),
        ("", 200),
        ("Mon, 99 Nov 2026 10:35:00 +9999999999", 200),
    ):
        assert client.get(U, headers={"If-Modified-Since": since}).status_code == status, since


def test_dates_know_whole_seconds_only(make_world):
    """A change within a second is not newer than the date that was sent for it."""
    world = make_world()
    world.clock.now += timedelta(milliseconds=500)
    world.publish("suoi-bac/tin-tuc")
    client = world.client()
    exact = client.get(U).headers["Last-Modified"]
    assert client.get(U, headers={"If-Modified-Since": exact}).status_code == 304


@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=60))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_header_breaks_a_feed(client, text):
    """Whatever stands in a conditional or negotiating header, the answer is 200 or 304, or the page."""
    names = ("If-None-Match", "If-Modified-Since", "Accept", "Accept-Encoding", "Range", "If-Range", "A-IM")
    for name in names:
        assert client.get(U, headers={name: text}).status_code in {200, 304}, name


def test_gzip_has_its_own_tag_and_the_same_content(client):
    """Row 5: the packed form unpacks to the plain one, says so, and is a variant of the same address."""
    plain, packed = client.get(U), client.get(U, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert {plain.headers["Vary"], packed.headers["Vary"]} == {"Accept, Accept-Encoding"}
    again = client.get(U, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304


def test_tag_of_another_coding_counts(client):
    """Who holds the packed form is not sent the plain one when a proxy drops Accept-Encoding on the way, and reverse."""
    plain, packed = client.get(U), client.get(U, headers={"Accept-Encoding": "gzip"})
    for known, headers in ((packed, {}), (plain, {"Accept-Encoding": "gzip"})):
        answer = client.get(U, headers={**headers, "If-None-Match": known.headers["ETag"]})
        assert answer.status_code == 304
        assert answer.headers["ETag"] == known.headers["ETag"]


def test_cache_control_lets_caches_help(client):
    """Row 6: kept for 300 to 1800 s, and shown stale while we are asked or fail."""
    told = dict(part.strip().partition("=")[::2] for part in client.get(U).headers["Cache-Control"].split(","))
    assert 300 <= int(told["max-age"]) <= 1800
    assert int(told["stale-while-revalidate"]) > 0
    assert int(told["stale-if-error"]) > 0


def test_head_is_get_without_body(client):
    """Row 7: HEAD has the headers of GET, length included."""
    get, head = client.get(U), client.head(U)
    assert list(head.headers) == list(get.headers)
    assert head.data == b""


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("address", [U, "/opml", "/", "/status"])
def test_only_reading_is_allowed(client, method, address):
    """Row 7: other methods get 405 and are told which are allowed."""
    answer = getattr(client, method)(address)
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    "address", [U, "/opml", "/", "/feeds/suoi-bac", "/items/1", "/status", "/nothing", "/static/feedsvc.css"]
)
def test_no_cookie_no_guessing_no_second_date(client, address):
    """Rows 8 and 9: no cookies, nosniff, and the Date is left to the server."""
    with client.get(address) as answer:
        headers = answer.headers
    assert "Set-Cookie" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Date" not in headers


def test_feeds_may_be_read_by_scripts_of_any_site(client):
    """Row 9: Access-Control-Allow-Origin is open on feeds, on 304 too."""
    first = client.get(U)
    again = client.get(U, headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers["Access-Control-Allow-Origin"] == again.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", ALL)
def test_link_header_names_the_public_address_and_the_hub(client, address):
    """Row 12: rel=self is the address in the document, rel=hub the place where news of it can be ordered."""
    answer = client.get(address)
    hub = "https://feeds.example.org/hub"
    assert answer.headers["Link"] == f'<https://feeds.example.org{address}>; rel="self", <{hub}>; rel="hub"'
    assert f"https://feeds.example.org{address}".encode() in answer.data
    assert client.get("/opml").headers["Link"] == '<https://feeds.example.org/opml>; rel="self"'


def test_no_hub_is_named_where_there_is_none(make_world):
    """Row 12: with `hub = "off"` nobody is sent to one; another hub is named as it is configured."""
    for name, hub in (("off", ""), ("https://hub.example/a b", ', <https://hub.example/a%20b>; rel="hub"')):
        world = make_world(more=f'\n[websub]\nhub = "{name}"\n')
        told = world.client().get(U).headers["Link"]
        assert told == f'<https://feeds.example.org{U}>; rel="self"{hub}'


@pytest.mark.parametrize("host", ["evil.example", "feeds.example.org.evil.example", "evil.example:80", "[::2]", "a b"])
@pytest.mark.parametrize("address", [U, "/", "/feeds/suoi-bac", "/status.json", "/nothing"])
def test_foreign_hosts_are_refused(client, host, address):
    """Row 16: a name that is not ours gets 400, and stands nowhere in the answer."""
    answer = client.get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert host.encode() not in answer.data + str(answer.headers).encode()


@pytest.mark.parametrize(
    "host", ["feeds.example.org", "FEEDS.example.org:443", "localhost:8080", "127.0.0.1:9", "[::1]:8080"]
)
def test_own_names_are_answered(client, host):
    """The public host, the loopback names and IPv6 are ours, on any port; addresses stay those of base_url."""
    for address in (U, "/feeds/suoi-bac"):
        answer = client.get(address, headers={"Host": host})
        assert answer.status_code == 200
        assert b"https://feeds.example.org/feeds/suoi-bac" in answer.data


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.168.7.9:8080", 200),
        ("[fe80::1]:8080", 200),
        ("192.168.7.9.evil.example", 400),
        ("evil.example", 400),
        ("999.1.1.1", 400),
    ],
)
def test_listening_everywhere_is_known_by_every_address(make_world, host, status):
    """Bound to 0.0.0.0 the service is reached by any address of the machine, and still by no foreign name."""
    world = make_world(config='[service]\ntitle = "Tin"\n[web]\nhost = "0.0.0.0"\n')
    assert world.client().get("/", headers={"Host": host}).status_code == status


@pytest.mark.parametrize("accept", [None, "*/*", "application/rss+xml", "image/png", "nonsense"])
@pytest.mark.parametrize("end", ["rss", "atom", "json"])
def test_never_406(client, accept, end):
    """Row 17: an unknown, absent or foreign Accept gets the feed."""
    headers = {"Accept": accept} if accept else {}
    answer = client.get(f"/feeds/suoi-bac/tin-tuc.{end}", headers=headers)
    assert answer.status_code == 200
    assert "html" not in answer.headers["Content-Type"]


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/..%2f..%2fconfig.toml",
        "/feeds/../../config.toml",
        "/feeds/%00",
        "/feeds/suoi-bac%00.rss",
        "/feeds/suoi-bac/tin-tuc.rss%0a",
        f"/feeds/{'a' * 10240}.rss",
        "/feeds/Suoi-Bac.rss",
        "/feeds//suoi-bac.rss",
        "/feeds/suoi-bac/tin-tuc/x.rss",
        "/feeds/suoi-bac/khong-co.rss",
        "/feeds/suoi-bac/tin-tuc.exe",
        "/feeds/suoi-bac/tin-tuc.",
        "/feeds/tin-tuc.rss",
        "/feeds/su%E1%BB%91i.rss",
        "/feeds/",
        "/feeds/suoi-bac/",
        "/items/0",
        "/items/-1",
        "/items/99999999999999999999999999",
        "/items/1x",
    ],
)
def test_unknown_names_are_404(client, address):
    """Row 18: what is no known name is not found, whatever it looks like, for readers and for browsers."""
    assert client.get(address).status_code == 404
    assert client.get(address, headers=BROWSER).status_code == 404


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_only_known_channels_have_addresses(text):
    """Any path leads to a channel that exists, or nowhere."""
    for path in (text, f"/feeds/{text}", f"/feeds/{text}.rss"):
        found = find_address(path, text, {"suoi-bac"}, {"rss"})
        assert found is None or found.path == "suoi-bac"


def test_browser_gets_the_page_at_the_feeds_own_address(client):
    """feeds.md 8: the page has its own ETag, the same Vary, and says whose page it is."""
    feed, page = client.get(U), client.get(U, headers=BROWSER)
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.headers["Content-Location"] == "/feeds/suoi-bac/tin-tuc"
    assert page.headers["ETag"] not in {feed.headers["ETag"], None}
    assert {"Accept", "Accept-Encoding"} <= set(page.headers["Vary"].split(", "))
    assert page.data == client.get("/feeds/suoi-bac/tin-tuc").data
    again = client.get(U, headers={**BROWSER, "If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(U, headers={**BROWSER, "If-None-Match": feed.headers["ETag"]}).status_code == 200


def test_format_xml_is_always_the_document(client):
    """feeds.md 8: ?format=xml gives the bytes to a browser too."""
    answer = client.get(f"{U}?format=xml", headers=BROWSER)
    assert answer.headers["Content-Type"].startswith("application/rss+xml")
    assert answer.data == client.get(U).data


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 50),
        ("limit=1", 1),
        ("limit=60", 60),
        ("limit=100", 100),
        ("limit=101", 100),
        ("limit=0", 50),
        ("limit=-1", 50),
        ("limit=abc", 50),
        ("limit=%D9%A3", 50),
        ("limit=9999999999999999999999", 50),
        ("utm_source=x&limit=2&unknown=1", 2),
        ("&".join(["a=1"] * 300), 50),
    ],
)
def test_limit(make_world, query, count):
    """?limit=1..100 is honoured; unknown parameters and nonsense are ignored."""
    world = make_world()
    world.publish("suoi-bac/tin-tuc", 120)
    answer = world.client().get(f"{U}?{query}")
    assert len(ET.fromstring(answer.data).findall("channel/item")) == count


def test_new_items_appear_within_a_second(world):
    """A poll's news is in the feed one second later, under new validators."""
    client = world.client()
    before = client.get(U)
    world.clock.pass_time(60)
    world.publish("suoi-bac/tin-tuc")
    world.clock.pass_time(1)
    after = client.get(U, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert len(feedparser.parse(after.data).entries) == 4
    assert after.headers["Last-Modified"] != before.headers["Last-Modified"]


def test_last_modified_is_never_in_the_future(world):
    """A store written under a clock that ran ahead does not date an answer ahead of now."""
    world.clock.pass_time(-86400)
    answer = world.client().get(U)
    assert parsedate_to_datetime(answer.headers["Last-Modified"]) <= world.clock.now


def test_failing_source_still_answers(world, monkeypatch):
    """Row 10: when the store or the rendering fails, the feed is 200 with its last good bytes, and the status says why."""
    client = world.client()
    good = client.get(U)
    world.publish("suoi-bac/tin-tuc")

    def broken(*_args, **_options):
        raise RenderError("the document names an id twice")

    monkeypatch.setattr(type(world.service), "document", broken)
    world.clock.pass_time(5)
    answer = client.get(U)
    assert (answer.status_code, answer.data) == (200, good.data)
    told = client.get("/status.json").get_json()["service"]["documents"]
    assert told["failures"] == 1
    assert told["stale"] == [{"path": "suoi-bac/tin-tuc", "format": "rss", "reason": "the document names an id twice"}]
    assert "names an id twice" in client.get("/status").text


def test_nothing_to_show_is_503_with_retry_after(world, monkeypatch):
    """Only when there is no good document at all the answer is 503, and says when to come again."""

    def broken(*_args, **_options):
        raise StoreError("the database is gone")

    monkeypatch.setattr(type(world.service), "revision", broken)
    answer = world.client().get(U)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_closed_database_leaves_feeds_up(world):
    """With the database file gone, readers still get their feed, and pages say that they can't."""
    client = world.client()
    good = client.get(U)
    world.service.store.close()
    for beside in world.folder.glob("feedsvc.db-*"):
        beside.unlink()
    (world.folder / "feedsvc.db").write_bytes(b"no database" * 1000)
    world.clock.pass_time(5)
    assert client.get(U).data == good.data
    assert client.get("/feeds/suoi-bac").status_code == 503
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_opml_lists_every_feed_once(client):
    """The list has a folder for each source and the feeds of one's own, each address public and answering."""
    answer = client.get("/opml", headers=BROWSER)
    assert answer.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    addresses = [line.get("xmlUrl") for line in ET.fromstring(answer.data).iter("outline") if line.get("xmlUrl")]
    assert len(addresses) == len(set(addresses)) == 4
    for address in addresses:
        assert client.get(address.removeprefix("https://feeds.example.org")).status_code == 200
    assert client.get("/opml", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_list_that_cannot_be_written_is_503(world, monkeypatch):
    """Without a good list to show, /opml says when to come again."""

    def broken(*_args):
        raise RenderError("no title")

    monkeypatch.setattr("feedsvc.web.feeds.render_opml", broken)
    answer = world.client().get("/opml")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_two_apps_share_nothing(make_world):
    """Two applications over two stores live side by side, each with its own documents."""
    one, other = make_world(name="one.db"), make_world(name="other.db")
    one.publish("suoi-bac/tin-tuc", 2)
    first, second = one.client(), other.client()
    assert len(feedparser.parse(first.get(U).data).entries) == 2
    assert feedparser.parse(second.get(U).data).entries == []
    assert one.app().extensions["feedsvc"] is one.service
