"""Who is let in to what is for those who run the service (safety.md 11)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from feedsvc.web.operators import FREE_TRIES, LONGEST_WAIT, Patience, is_local

TOKEN = "mot-chuoi-rat-bi-mat-7f3a9c"
GUARDED = '\n[admin]\ntoken = { file = "token" }\n'
LOCAL = {"REMOTE_ADDR": "127.0.0.1", "feedsvc.host": "127.0.0.1:8080", "SERVER_PROTOCOL": "HTTP/1.1"}


@pytest.fixture
def guarded(make_world, tmp_path):
    """A service with a token, that stands in a file."""
    (tmp_path / "token").write_text(f"{TOKEN}\n", "utf-8")
    return make_world(more=GUARDED)


@pytest.fixture
def far(guarded):
    """A client of that service on another machine."""
    client = guarded.client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    return client


def bearer(token):
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def tried(client, token, remote="203.0.113.9"):
    """The answer to one try."""
    return client.get("/metrics", headers=bearer(token), environ_overrides={"REMOTE_ADDR": remote})


@pytest.mark.parametrize(
    ("changed", "local"),
    [
        ({}, True),
        ({"REMOTE_ADDR": "::1", "feedsvc.host": "[::1]:8080"}, True),
        ({"REMOTE_ADDR": "::ffff:127.0.0.1"}, True),
        ({"feedsvc.host": "localhost"}, True),
        ({"REMOTE_ADDR": "127.8.9.10", "feedsvc.host": "LOCALHOST:8080".lower()}, True),
        ({"REMOTE_ADDR": "203.0.113.9"}, False),
        ({"REMOTE_ADDR": "10.0.0.1"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"REMOTE_ADDR": "a socket"}, False),
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, False),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ({"HTTP_X_FORWARDED_FOR": "x"}, False),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, False),
        ({"HTTP_X_REAL_IP": "127.0.0.1"}, False),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, False),
        ({"HTTP_VIA": "1.1 example"}, False),
        ({"feedsvc.host": "feeds.example.org"}, False),
        ({"feedsvc.host": "localhost.example.org"}, False),
        ({"feedsvc.host": "127.0.0.1.example.org:80"}, False),
        ({"feedsvc.host": ""}, False),
        ({"feedsvc.host": None}, False),
        ({"SERVER_PROTOCOL": "HTTP/1.0"}, False),
    ],
)
def test_who_is_a_program_of_this_machine(changed, local):
    """Loopback alone, asked by a name of loopback, with nothing forwarded: a proxy beside us speaks for anybody."""
    assert is_local({**LOCAL, **changed}) is local


def test_proxies_speak_for_strangers(make_world):
    """No X-Forwarded-For makes an operator, whether the proxy is trusted or not."""
    client = make_world(more='\n[web]\ntrusted_proxies = ["192.0.2.0/24"]\n').client()
    for remote in ("192.0.2.7", "127.0.0.1", "203.0.113.9"):
        for forwarded in ("127.0.0.1", "::1", "127.0.0.1, 127.0.0.1", "localhost"):
            asked = {"X-Forwarded-For": forwarded}
            answer = client.get("/metrics", headers=asked, environ_overrides={"REMOTE_ADDR": remote})
            assert answer.status_code == 404, (remote, forwarded)


def test_a_name_that_was_rebound_is_no_operator(make_world):
    """A page in a browser of this machine that asks by the public name learns nothing, nor one by a foreign name."""
    client = make_world().client()
    assert client.get("/metrics", headers={"Host": "feeds.example.org"}).status_code == 404
    assert client.get("/metrics", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/metrics", headers={"Host": "localhost:8080"}).status_code == 200


def test_the_token_opens(far):
    """Whoever has it is let in from anywhere; nearly right is wrong."""
    assert far.get("/metrics", headers=bearer(TOKEN)).status_code == 200
    assert far.get("/metrics", headers={"Authorization": f"bearer {TOKEN}"}).status_code == 200
    for wrong in (TOKEN[:-1], TOKEN + "x", TOKEN.upper(), ""):
        assert far.get("/metrics", headers=bearer(wrong)).status_code == 404


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic eDp5", TOKEN, f"Token {TOKEN}", "Bearer \xff\xfe", "Bearer " + "a" * 9000]
)
def test_no_other_header_opens(far, header):
    """Without a token there is nothing at the address, whatever else is sent."""
    assert far.get("/metrics", headers={"Authorization": header} if header else {}).status_code == 404
    assert far.get(f"/metrics?token={TOKEN}").status_code == 404


@pytest.mark.parametrize("token", ["", "x", "None", "null"])
def test_without_a_token_nothing_opens(make_world, token):
    """Where none is configured, no token is right: other machines find nothing, and are asked for none."""
    client = make_world().client()
    answer = tried(client, token)
    assert answer.status_code == 404
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize("path", ["/admin", "/admin/", "/admin/login"])
def test_the_admin_pages_are_closed(far, path):
    """There are none yet: not for strangers, not with a token."""
    assert far.get(path).status_code == 404
    assert far.get(path, headers=bearer(TOKEN)).status_code == 404


def test_fifty_wrong_tokens_are_slowed(guarded):
    """Five tries are free, then each costs twice the wait of the one before: fifty take more than three hours."""
    client, clock, waits = guarded.client(), guarded.clock, []
    for n in range(50):
        answer = tried(client, f"sai-{n}")
        if answer.status_code == 429:
            wait = int(answer.headers["Retry-After"])
            assert tried(client, TOKEN).status_code == 429  # not even the right one is looked at meanwhile
            waits.append(wait)
            clock.seconds += wait
            answer = tried(client, f"sai-{n}")
        assert answer.status_code == 404
    assert len(waits) == 50 - FREE_TRIES
    assert waits[:6] == [1, 2, 4, 8, 16, 32]
    assert waits[-1] == LONGEST_WAIT
    assert sum(waits) > 3 * 3600
    clock.seconds += LONGEST_WAIT
    assert tried(client, TOKEN).status_code == 200


def test_many_at_the_same_time_gain_nothing(guarded):
    """Tries that come together are counted together; who waits is answered at once, so no thread is held."""
    app, start = guarded.app(), threading.Barrier(8)

    def one(n):
        start.wait(10)
        return [tried(app.test_client(), f"sai-{n}-{k}").status_code for k in range(6)]

    with ThreadPoolExecutor(8) as pool:
        told = [status for some in pool.map(one, range(8)) for status in some]
    assert told.count(404) == FREE_TRIES
    assert told.count(429) == 48 - FREE_TRIES


def test_each_client_waits_for_itself(guarded):
    """Whoever guesses does not lock the operator out; an IPv6 client is its /64."""
    client = guarded.client()
    for n in range(20):
        tried(client, f"sai-{n}")
    assert tried(client, TOKEN).status_code == 429
    assert tried(client, TOKEN, "198.51.100.1").status_code == 200
    told = [tried(client, "sai", f"2001:db8::{n}").status_code for n in range(1, 9)]
    assert told == [404] * FREE_TRIES + [429] * 3


def test_many_addresses_are_slowed_in_sum(guarded):
    """A thousand addresses get no more tries than sixty a minute, and who had the token before goes on."""
    client = guarded.client()
    assert tried(client, TOKEN, "198.51.100.1").status_code == 200
    told = [tried(client, "sai", f"10.{n // 250}.{n % 250}.1").status_code for n in range(1000)]
    assert told.count(404) < 61
    assert tried(client, TOKEN, "198.51.100.1").status_code == 200


def test_the_right_token_forgives(far):
    """Who has it at last begins anew."""
    for _ in range(FREE_TRIES - 1):
        tried(far, "sai")
    assert tried(far, TOKEN).status_code == 200
    assert [tried(far, "sai").status_code for _ in range(FREE_TRIES + 1)] == [404] * FREE_TRIES + [429]


def test_little_is_remembered():
    """However many clients try, few are remembered, each for an hour."""
    patience = Patience(strangers=100_000, clients=50)
    for n in range(200):
        assert patience.attempt(f"{n}", float(n)) == 0.0
    assert len(patience._tries) <= 50
    patience.attempt("late", 10_000.0)
    assert list(patience._tries) == ["late"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/metrics", "/admin", "/feeds/suoi-bac.rss", "/status", "/nothing"])
def test_nothing_is_taken_from_pages_of_other_sites(client, method, path):
    """What a page of another site sends is 403, and what nobody's page sends goes its way."""
    for origin in (
        "https://evil.example",
        "null",
        "http://feeds.example.org",
        "https://feeds.example.org.evil.example",
        "http://localhost:9999",
    ):
        assert client.open(path, method=method, headers={"Origin": origin}).status_code == 403
    assert client.open(path, method=method, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    for headers in ({}, {"Origin": "https://feeds.example.org"}, {"Origin": "http://localhost"}):
        assert client.open(path, method=method, headers=headers).status_code in {404, 405}


def test_reading_and_the_hub_are_for_pages_of_any_site(client):
    """Feeds are read by scripts of other sites, and readers subscribe at the hub from wherever they run."""
    asked = {"Origin": "https://reader.example"}
    assert client.get("/feeds/suoi-bac.rss", headers=asked).status_code == 200
    assert client.open("/feeds/suoi-bac.rss", method="OPTIONS", headers=asked).status_code == 204
    assert client.post("/hub", headers=asked).status_code == 400


def test_pages_are_for_everybody_and_made_for_nobody_alone(make_world):
    """One address may have so many pages a minute as documents; then it is told to wait, and what is only handed out stays free."""
    client = make_world(more="\n[web]\nrate = 3\n").client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    told = [client.get(f"/feeds/suoi-bac?q=t{n}") for n in range(5)]
    assert [one.status_code for one in told] == [200, 200, 200, 429, 429]
    assert int(told[-1].headers["Retry-After"]) == 20
    with client.get("/static/feedsvc.css") as style:
        assert style.status_code == 200
    assert client.get("/feeds/suoi-bac.rss").status_code == 200
    other = {"REMOTE_ADDR": "198.51.100.7"}
    assert client.get("/", environ_overrides=other).status_code == 200
    assert all(client.get("/", environ_overrides={"REMOTE_ADDR": "127.0.0.1"}).status_code == 200 for _ in range(10))
