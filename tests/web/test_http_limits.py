"""Who is counted as whom, and how much each may take."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedsvc.web.askers import Askers, parsed
from feedsvc.web.limits import Limit

U = "/feeds/suoi-bac/tin-tuc.rss"


def client(remote, forwarded=None, proxies=("10.0.0.0/8", "2001:db8:ffff::/48")):
    """The name of who asks from an address, on behalf of others or not."""
    environ = {"REMOTE_ADDR": remote} | ({} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded})
    return Askers(proxies).client(environ)


@pytest.mark.parametrize(
    ("remote", "forwarded", "name"),
    [
        ("127.0.0.1", None, None),
        ("::1", None, None),
        ("127.8.9.10", None, None),
        ("", None, None),
        ("127.0.0.1", "", None),
        ("203.0.113.9", None, "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::1", "203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1,203.0.113.9 , 10.1.2.3", "203.0.113.9"),
        ("10.9.9.9", "203.0.113.9, 127.0.0.1", "203.0.113.9"),
        ("10.9.9.9", None, "10.9.9.9"),
        ("10.9.9.9", "10.1.1.1", "10.1.1.1"),
        ("127.0.0.1", "127.0.0.1", None),
        ("127.0.0.1", "10.1.1.1, 127.0.0.1", "10.1.1.1"),
        ("203.0.113.9", "127.0.0.1", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("127.0.0.1", "[2001:db8::5]:4711", "2001:db8::/64"),
        ("127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:0:1:aaaa::1", None, "2001:db8:0:1::/64"),
        ("2001:db8:0:1:bbbb::2", None, "2001:db8:0:1::/64"),
        ("2001:db8:ffff::1", "2001:db8:7::1", "2001:db8:7::/64"),
        ("127.0.0.1", "unknown", "unknown"),
        ("127.0.0.1", "198.51.100.1, x", "unknown"),
        ("a socket", None, "unknown"),
    ],
)
def test_who_asks(remote, forwarded, name):
    """The right-most address that is no proxy of ours counts, and only proxies of ours are believed."""
    assert client(remote, forwarded) == name


def test_a_proxy_that_is_not_named_is_a_client():
    """Without `trusted_proxies` nobody but loopback speaks for others: an invented header frees nobody."""
    assert client("10.9.9.9", "203.0.113.9", proxies=()) == "10.9.9.9"


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_forwarded_text_is_an_error(text):
    """Whatever X-Forwarded-For holds, it is an address that is counted, or nobody's; loopback asks for itself alone."""
    name = client("127.0.0.1", text)
    last = parsed(text.rpartition(",")[2])
    assert name == "unknown" if last is None and text else name is None or ip_network(name)


def test_a_minute_holds_the_rate_and_fills_again():
    """`rate` at once, then one in each sixtieth of a minute, each client for itself; the wait told is the true one."""
    limit = Limit(6)
    assert [limit.wait("a", 0.0) for _ in range(6)] == [0.0] * 6
    assert limit.wait("a", 0.0) == 10.0
    assert limit.wait("b", 0.0) == 0.0
    assert limit.wait("a", 4.0) == 6.0
    assert limit.wait("a", 10.0) == 0.0
    assert limit.wait("a", 10.0) == 10.0
    assert [limit.wait("a", 100.0) for _ in range(7)] == [0.0] * 6 + [10.0]


@given(st.integers(1, 600), st.lists(st.floats(0, 30), max_size=60))
@example(1, [0.0, 0.0, 0.0, 0.0])  # sums of fractions are not exact
@settings(max_examples=100, deadline=None)
def test_nobody_gets_more_than_a_bucket_and_what_flows_in(rate, pauses):
    """Over any time, at most `rate` and `rate` for each minute of it; who waits as told is served."""
    limit, now, served = Limit(rate), 0.0, 0
    for pause in pauses:
        now += pause
        wait = limit.wait("a", now)
        served += not wait
        if wait:
            assert 0 < wait <= 60
            assert limit.wait("a", now + wait + 0.001) == 0.0
            now += wait + 0.001
            served += 1
    assert served <= rate * (1 + now / 60) + 1


def test_few_are_remembered():
    """However many addresses ask, only the last ones are remembered, and those with a full bucket are forgotten."""
    limit = Limit(1, clients=100)
    for n in range(1000):
        assert limit.wait(f"{n}", 0.0) == 0.0
    assert len(limit._full) == 100
    assert limit.wait("999", 0.0) > 0
    assert limit.wait("0", 0.0) == 0.0
    limit.wait("later", 61.0)
    assert list(limit._full) == ["later"]


def test_the_limit_passes_with_time(make_world):
    """Who waited as long as Retry-After says is served again; the clock is one that nobody sets."""
    world = make_world(more="\n[web]\nrate = 2\n")
    client = world.client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert [client.get(U).status_code for _ in range(3)] == [200, 200, 429]
    world.clock.now = world.clock.now.replace(year=2050)
    assert client.get("/feeds/suoi-bac.atom").status_code == 429
    world.clock.seconds += int(client.get(U).headers["Retry-After"])
    assert client.get(U).status_code == 200


def test_no_limit_when_the_rate_is_zero(make_world):
    """`rate = 0` tells nobody to wait."""
    client = make_world(more="\n[web]\nrate = 0\n").client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert all(client.get(U).status_code == 200 for _ in range(300))


def test_conditions_do_not_pay_for_whatever_one_thinks_of(make_world):
    """A condition frees what is there already; a choice that has to be made counts, so that nobody can keep us busy."""
    client = make_world(more="\n[web]\nrate = 3\n").client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    asked = {"If-None-Match": '"x"'}
    told = [client.get(f"{U}?q=t{n}", headers=asked).status_code for n in range(2)]
    told += [client.head(f"{U}?q=t{n}").status_code for n in range(2, 5)]
    told += [client.get(f"{U}?page={n}", headers=asked).status_code for n in range(5, 7)]
    assert told == [200, 200, 200, 429, 429, 429, 429]
    assert client.head(f"{U}?q=t1").status_code == 200
    assert client.get(f"{U}?q=t1", headers=asked).status_code == 200
    assert client.get(U, headers=asked).status_code == 200


def test_trusted_proxies_speak_for_others(make_world):
    """Behind a proxy that is named in the configuration each client has its own limit."""
    client = make_world(more='\n[web]\nrate = 1\ntrusted_proxies = ["192.0.2.0/24"]\n').client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"

    def ask(forwarded):
        return client.get(U, headers={"X-Forwarded-For": forwarded}).status_code

    assert [ask("203.0.113.1"), ask("203.0.113.1"), ask("203.0.113.2"), ask("x, 203.0.113.2")] == [200, 429, 200, 429]
