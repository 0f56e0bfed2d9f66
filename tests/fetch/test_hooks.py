"""Calls to addresses that strangers gave: the same guard as for portals, less patience, and nothing is followed."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp.abc import AbstractResolver

from feedsvc.errors import Blocked, FetchError, Malformed, TimedOut, Unreachable
from feedsvc.fetch.hooks import LONGEST_REPLY, HttpHooks

FEED = "application/rss+xml; charset=utf-8"


class Inside(AbstractResolver):
    """Says that every name is 127.0.0.1."""

    async def resolve(self, host, port=0, family=0):
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 6, "flags": 0}]

    async def close(self):
        return


@pytest.fixture
async def make_hooks(portal, agent, now):
    """Makes hooks that may reach the portal, and closes them."""
    made = []

    def make(**settings) -> HttpHooks:
        usual = {"user_agent": agent, "clock": lambda: now, "allow_private": [portal.pair]}
        made.append(HttpHooks(**(usual | settings)))
        return made[-1]

    yield make
    for hooks in made:
        await hooks.close()


@pytest.fixture
def hooks(make_hooks):
    """Such hooks."""
    return make_hooks()


async def test_a_document_is_posted_as_it_is(hooks, portal, agent, hostile):
    """Bytes, type and header fields arrive word for word, and we say who we are; no cookie goes along."""
    portal.answers["/nhan"] = hostile.plain(202, b"x" * 100_000, "Set-Cookie: a=b")
    for _ in range(2):
        reply = await hooks.post(portal.url("/nhan?so=1"), b"<rss/>", FEED, {"Link": '<a>; rel="self"'})
        assert (reply.status, reply.ok, reply.body) == (202, True, b"")
    visit = portal.visits[1]
    assert (visit.method, visit.target, visit.body) == ("POST", "/nhan?so=1", b"<rss/>")
    assert visit.headers["content-type"] == FEED
    assert visit.headers["link"] == '<a>; rel="self"'
    assert visit.headers["user-agent"] == agent
    assert "cookie" not in visit.headers


async def test_any_status_is_a_reply(hooks, portal, hostile):
    """What the other side says is for the caller to judge; its wish to wait is read."""
    assert (await hooks.get(portal.url("/404"))).status == 404
    assert (await hooks.post(portal.url("/500"), b"", FEED)).ok is False
    assert (await hooks.post(portal.url("/429-seconds"), b"", FEED)).retry_after == timedelta(minutes=2)
    assert (await hooks.post(portal.url("/404"), b"", FEED)).retry_after is None


@pytest.mark.parametrize("status", [200, 201, 202, 203])
async def test_the_words_of_every_success_are_read(hooks, portal, hostile, status):
    """Of a refusal none are."""
    portal.answers["/chao"] = hostile.plain(status, b"xin")
    portal.answers["/khong"] = hostile.plain(404, b"xin")
    assert (await hooks.get(portal.url("/chao"))).body == b"xin"
    assert (await hooks.get(portal.url("/khong"))).body == b""


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(hooks, portal, canary, hostile, status):
    """A redirect is an answer like any other: nobody is sent where a stranger points."""
    portal.answers["/di"] = hostile.redirect(canary.url("/"), status)
    assert (await hooks.get(portal.url("/di"))).status == status
    assert (await hooks.post(portal.url("/di"), b"<rss/>", FEED)).status == status


async def test_long_answers_are_cut(hooks, portal, hostile):
    """Endless and packed ones too: 4 KiB say all that there is to say."""
    portal.answers["/dai"] = hostile.plain(200, b"a" * (LONGEST_REPLY + 1))
    for path in ("/dai", "/endless", "/bomb"):
        assert len((await hooks.get(portal.url(path))).body) == LONGEST_REPLY


@pytest.mark.parametrize("path", ["/drip", "/silence"])
async def test_a_call_has_an_end(make_hooks, portal, path):
    """Whoever sends a byte now and then, or none, is left."""
    hooks = make_hooks(deadline=timedelta(seconds=0.3))
    with pytest.raises(TimedOut):
        await hooks.get(portal.url(path))


async def test_fifteen_seconds_are_the_longest(hooks):
    """By default."""
    assert hooks._exchange._timeout == 15


async def test_what_fails_is_told(hooks, portal, hostile):
    """A hang-up and no HTTP are errors of ours, in words."""
    with pytest.raises(Unreachable):
        await hooks.post(portal.url("/hang-up"), b"", FEED)
    with pytest.raises(Malformed):
        await hooks.post(portal.url("/not-http"), b"", FEED)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://ten.example/",
        "http://[::1]/",
        "http://0x7f000001/",
        "http://169.254.169.254/",
        "https://ai:mat@doc.example.vn/",
        "ftp://doc.example.vn/",
        "khong",
    ],
)
async def test_the_guard_stands_before_every_call(make_hooks, canary, url):
    """Literals and names that lead inside are refused, whatever the method."""
    hooks = make_hooks(resolver=Inside(), allow_private=["127.0.0.1:1"])
    with pytest.raises(Blocked):
        await hooks.get(url)
    with pytest.raises(Blocked):
        await hooks.post(url, b"", FEED)
    with pytest.raises(Blocked):
        await hooks.post(canary.url("/"), b"", FEED)


async def test_who_never_agreed_is_asked_so_often_and_no_more(make_hooks):
    """Questions to one public host have an end each day, whoever sends us there; deliveries do not count."""
    hooks = make_hooks(resolver=Inside(), daily_budget=3)
    said = []
    for _ in range(5):
        with pytest.raises(FetchError) as caught:
            await hooks.get("http://nan-nhan.example/?x")
        said.append(str(caught.value))
    assert ["daily budget" in one for one in said] == [False] * 3 + [True] * 2
    with pytest.raises(Blocked, match="resolves to"):
        await hooks.post("http://nan-nhan.example/", b"", FEED)


async def test_a_host_that_hangs_delays_no_call(hooks, portal):
    """Not even to the same host: how many run at a time is the caller's to say."""
    hanging = asyncio.create_task(hooks.post(portal.url("/silence"), b"", FEED))
    await asyncio.wait_for(portal.arrived.wait(), 10)
    assert (await hooks.get(portal.url("/404"))).status == 404
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging


async def test_hooks_close_with_their_block(portal, agent, now):
    """Afterwards nobody is called."""
    async with HttpHooks(user_agent=agent, clock=lambda: now, allow_private=[portal.pair]) as hooks:
        assert (await hooks.get(portal.url("/404"))).status == 404
    with pytest.raises(FetchError):
        await hooks.get(portal.url("/404"))
