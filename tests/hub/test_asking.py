"""What /hub takes down and what it refuses, in sentences (WebSub, 5.1; feeds.md 6)."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.hub.asking import LONGEST, SHORTEST, USUAL, Unacceptable, read_intent
from feedsvc.service import Service
from feedsvc.store import Room
from feedsvc.web import create_app

TOPIC = "https://feeds.example.org/feeds/suoi-bac/tin-tuc.rss"
CALLBACK = "https://doc.example.vn/goi-lai?ai=toi"
GOOD = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": CALLBACK}


@pytest.fixture
def web(house):
    """The web over the house."""
    return create_app(Service(house.config, house.store, house.clock)).test_client()


def form(**more: str | None) -> dict[str, str]:
    """A good request with some fields changed, or left out."""
    changed = GOOD | {f"hub.{name}": value for name, value in more.items()}
    return {name: value for name, value in changed.items() if value is not None}


def test_a_good_wish_is_taken_down_and_answered_at_once(web, house) -> None:
    """202, and nothing is asked of the network: that is the poller's work."""
    answer = web.post("/hub", data=form(secret="chìa khoá", lease_seconds="7200", verify="async"))
    assert (answer.status_code, answer.content_type) == (202, "text/plain; charset=utf-8")
    (intent,) = house.store.outbox.take_intents(house.clock(), Room(limit=9, at_a_host=9, busy={}))
    assert (intent.callback, intent.secret, intent.lease) == (CALLBACK, "chìa khoá", timedelta(hours=2))
    assert house.store.outbox.topic(TOPIC).path == "suoi-bac/tin-tuc"
    assert house.names.asked == []


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"mode": None}, 400, "hub.mode missing"),
        ({"topic": None}, 400, "hub.topic missing"),
        ({"callback": None}, 400, "hub.callback missing"),
        ({"callback": "", "topic": ""}, 400, "hub.topic and hub.callback missing"),
        ({"mode": "publish"}, 400, "nobody publishes"),
        ({"mode": "Subscribe"}, 400, "neither"),
        ({"callback": "ftp://doc.example.vn/"}, 400, "only http and https"),
        ({"callback": "doc.example.vn"}, 400, "only http and https"),
        ({"callback": "http:///khong"}, 400, "no valid host"),
        ({"callback": "https://ai:mat@doc.example.vn/"}, 400, "user part"),
        ({"callback": f"{CALLBACK}#doan"}, 400, "fragment"),
        ({"callback": f"https://doc.example.vn/{'a' * 2000}"}, 400, "longer than 2000"),
        ({"callback": "https://doc.example.vn/gọi"}, 400, "must escape"),
        ({"callback": "https://doc.example.vn/a b"}, 400, "must escape"),
        ({"callback": "https://doc.example.vn/\r\nX: y"}, 400, "must escape"),
        ({"callback": "https://doc.example.vn:8443/"}, 400, "neither 80 nor 443"),
        ({"callback": "http://127.0.0.1/"}, 400, "not a public address"),
        ({"callback": "http://2130706433/"}, 400, "not a public address"),
        ({"callback": "http://0x7f.1/"}, 400, "not a public address"),
        ({"callback": "http://[::1]/"}, 400, "not a public address"),
        ({"callback": "http://[::ffff:10.0.0.1]/"}, 400, "not a public address"),
        ({"callback": "http://169.254.169.254/meta"}, 400, "not a public address"),
        ({"callback": "http://192.168.1.1/"}, 400, "not a public address"),
        ({"secret": "ă" * 100}, 400, "200 bytes"),
        ({"secret": "a\0b"}, 400, "UTF-8"),
        ({"lease_seconds": "mai"}, 400, "number"),
        ({"lease_seconds": "1e9"}, 400, "number"),
        ({"topic": "https://la.example.org/feeds/suoi-bac.rss"}, 404, "none of this hub's"),
        ({"topic": "https://feeds.example.org.la.vn/feeds/suoi-bac.rss"}, 404, "none of this hub's"),
        ({"topic": "http://feeds.example.org/feeds/suoi-bac.rss"}, 404, "none of this hub's"),
        ({"topic": "https://feeds.example.org/feeds/khac.rss"}, 404, "no feed"),
        ({"topic": "https://feeds.example.org/feeds/suoi-bac.pdf"}, 404, "no feed"),
        ({"topic": "https://feeds.example.org/feeds/suoi-bac"}, 404, "no feed"),
        ({"topic": "https://feeds.example.org/opml"}, 404, "no feed"),
        ({"topic": "https://feeds.example.org//[/"}, 404, "no feed"),
        ({"topic": f"{TOPIC}#dau"}, 404, "no feed"),
        ({"topic": f"{TOPIC}?limit=50"}, 404, f"which is {TOPIC}."),
        ({"topic": f"{TOPIC}?la=1&limit=7"}, 404, f"which is {TOPIC}?limit=7."),
        ({"topic": f"{TOPIC}?page=2"}, 404, "older items"),
        ({"topic": f"{TOPIC}?before=51"}, 404, "older items"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(web, house, changed, status, words) -> None:
    """Each fault is named, and nothing is kept of the request."""
    answer = web.post("/hub", data=form(**changed))
    assert answer.status_code == status
    assert words in answer.text
    assert answer.text.endswith(".\n")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert house.live() == (0, 0)


def test_something_that_is_no_form_is_refused(web) -> None:
    """JSON, and nothing at all, lack the fields."""
    assert web.post("/hub", json=GOOD).status_code == 400
    assert web.post("/hub").status_code == 400
    assert web.post("/hub", data={"hub.secret": "a" * 70_000}).status_code == 413


def test_a_private_callback_that_is_named_in_the_configuration_is_taken(open_house, subscriber) -> None:
    """Exactly its host and port, and no other."""
    house = open_house()
    web = create_app(Service(house.config, house.store, house.clock)).test_client()
    assert web.post("/hub", data=form(callback=subscriber.callback())).status_code == 202
    assert web.post("/hub", data=form(callback="http://127.0.0.1:1/")).status_code == 400


def test_every_feed_in_every_format_is_a_topic(web, house) -> None:
    """Of sources, of categories, and chosen by number or words."""
    paths = [f"{path}.{kind}" for path in ("suoi-bac", "suoi-bac/tin-tuc") for kind in ("rss", "atom", "json")]
    for number, path in enumerate([*paths, "suoi-bac.rss?limit=5", "suoi-bac.rss?q=lu"]):
        topic = f"https://feeds.example.org/feeds/{path}"
        origin = {"REMOTE_ADDR": f"198.51.100.{number}"}
        assert web.post("/hub", data=form(topic=topic), environ_overrides=origin).status_code == 202
        assert house.store.outbox.topic(topic).url == topic


def test_ten_wishes_of_one_client_may_wait(web) -> None:
    """Then 429 with a time to come back; of IPv6 a whole /64 is one client, and other clients are served."""
    spread = {"REMOTE_ADDR": "2001:db8:1::1"}
    for number in range(10):
        callback = f"https://doc.example.vn/{number}"
        assert web.post("/hub", data=form(callback=callback), environ_overrides=spread).status_code == 202
    same = {"REMOTE_ADDR": "2001:db8:1::ffff"}
    answer = web.post("/hub", data=form(), environ_overrides=same)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert web.post("/hub", data=form(), environ_overrides={"REMOTE_ADDR": "2001:db8:2::1"}).status_code == 202


def test_a_client_that_hammers_is_told_to_wait(web) -> None:
    """Whatever it asks for; reading what this is stays free, and so do this machine and other clients."""
    hammering = {"REMOTE_ADDR": "192.0.2.9"}
    said = [web.post("/hub", data={}, environ_overrides=hammering) for _ in range(300)]
    assert [answer.status_code for answer in said[:120]] == [400] * 120
    refused = next(answer for answer in said if answer.status_code == 429)
    assert int(refused.headers["Retry-After"]) >= 1
    assert web.get("/hub", environ_overrides=hammering).status_code == 200
    for other in ("127.0.0.1", "192.0.2.10"):
        assert web.post("/hub", data={}, environ_overrides={"REMOTE_ADDR": other}).status_code == 400


def test_a_full_hub_says_so(web, house, monkeypatch) -> None:
    """503, in words."""
    monkeypatch.setattr("feedsvc.store.subscribing.MOST_AT_A_TOPIC", 0)
    answer = web.post("/hub", data=form())
    assert answer.status_code == 503
    assert "as many subscribers" in answer.text


def test_a_person_is_told_what_this_is(web) -> None:
    """In both languages; other methods are refused with those that work."""
    answer = web.get("/hub")
    assert answer.status_code == 200
    assert "được báo ngay khi có tin mới" in answer.text
    assert "told at once of what is new" in answer.text
    assert web.head("/hub").status_code == 200
    for method in ("PUT", "DELETE", "PATCH"):
        refused = web.open("/hub", method=method)
        assert refused.status_code == 405
        assert {"GET", "HEAD", "POST"} <= set(refused.headers["Allow"].split(", "))


@pytest.mark.parametrize("hub", ["off", "https://hub.example.org/"])
def test_there_is_no_hub_here_where_feeds_name_another_or_none(open_house, hub) -> None:
    """404, whatever is sent."""
    house = open_house(f'[websub]\nhub = "{hub}"')
    web = create_app(Service(house.config, house.store, house.clock)).test_client()
    assert web.get("/hub").status_code == 404
    assert web.post("/hub", data=GOOD).status_code == 404


@given(st.integers(-(10**17), 10**17))
@settings(max_examples=100, deadline=None)
def test_every_lease_has_an_end(seconds) -> None:
    """Between an hour and ten days, whatever is asked; five days when nothing is."""
    lease = read_intent(form(lease_seconds=str(seconds)), private=(), asked_by="a").lease
    assert SHORTEST <= lease <= LONGEST
    if SHORTEST.total_seconds() <= seconds <= LONGEST.total_seconds():
        assert lease == timedelta(seconds=seconds)
    assert read_intent(GOOD, private=(), asked_by="a").lease == USUAL == timedelta(days=5)


@given(st.dictionaries(st.sampled_from([*GOOD, "hub.secret", "hub.lease_seconds", "x"]), st.text(max_size=60)))
@settings(max_examples=200, deadline=None)
def test_whatever_is_sent_is_a_wish_or_a_sentence(fields) -> None:
    """No request breaks the hub."""
    try:
        taken, refused = read_intent(GOOD | fields, private=(), asked_by="a"), ""
    except Unacceptable as fault:
        taken, refused = None, str(fault)
    assert refused or len(taken.secret.encode()) < 200
