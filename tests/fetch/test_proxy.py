"""A proxy asks in our place, if the configuration names one: what it is asked for was looked up and checked here."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest
from aiohttp.abc import AbstractResolver

from feedsvc.errors import Blocked, Unreachable
from feedsvc.fetch.hooks import HttpHooks

PUBLIC = "113.160.92.202"


class Names(AbstractResolver):
    """Names with one public address, but those named, which are inside; remembers what was asked."""

    def __init__(self, **inside: str) -> None:
        self.inside, self.questions = inside, []

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC):
        """One address; OSError for a name that begins with "khong"."""
        self.questions.append(host)
        if host.startswith("khong"):
            raise OSError("no such name")
        address = self.inside.get(host.partition(".")[0], PUBLIC)
        return [{"hostname": host, "host": address, "port": port, "family": 2, "proto": 6, "flags": 0}]

    async def close(self):
        """Holds nothing open."""


class Proxy:
    """A little proxy: connects whatever it is asked for to one portal, and remembers the lines of the requests."""

    def __init__(self, to: int) -> None:
        self.to, self.lines, self.status = to, [], 200

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def accept(self, reader, writer):
        """One connection, forwarded until an end closes it."""
        head = await reader.readuntil(b"\r\n\r\n")
        line = head.partition(b"\r\n")[0].decode("ascii")
        self.lines.append(line)
        method, target, _ = line.split(" ")
        if self.status != 200:
            writer.write(f"HTTP/1.1 {self.status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            writer.close()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = "/" + target.split("/", 3)[3]
            back.write(head.replace(target.encode(), path.encode(), 1))
        await asyncio.gather(self.pipe(reader, back), self.pipe(there, writer), return_exceptions=True)

    async def pipe(self, reader, writer):
        """Everything from one end to the other."""
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()


@pytest.fixture
async def proxy(portal) -> Iterator[Proxy]:
    """A proxy in front of the portal."""
    async with Proxy(portal.port) as proxy:
        yield proxy


@pytest.fixture
def through(make_fetcher, proxy):
    """Makes fetchers that ask through the proxy."""

    def make(**settings):
        usual = {"proxy": f"http://127.0.0.1:{proxy.port}", "resolver": Names(), "allow_private": []}
        return make_fetcher(**(usual | settings))

    return make


async def test_what_is_public_goes_through_the_proxy(through, proxy, portal):
    """Pages and robots.txt are asked of the proxy, by name, after the name was looked up here."""
    names = Names()
    page = await through(resolver=names).get("http://cong.example/ordinary")
    assert page.status == 200
    assert portal.visits[-1].headers["host"] == "cong.example"
    assert proxy.lines == [
        "GET http://cong.example/robots.txt HTTP/1.1",
        "GET http://cong.example/ordinary HTTP/1.1",
    ]
    assert set(names.questions) == {"cong.example"}


async def test_tls_goes_through_the_proxy_to_its_end(hostile, make_fetcher, tls_portal, trusting):
    """Through a tunnel the portal's own certificate is verified, for the portal's name; another name is refused."""
    async with Proxy(tls_portal.port) as proxy:
        fetcher = make_fetcher(proxy=f"http://127.0.0.1:{proxy.port}", resolver=Names(), allow_private=[], tls=trusting)
        assert (await fetcher.get("https://cong.example/ordinary")).status == 200
        assert set(proxy.lines) == {"CONNECT cong.example:443 HTTP/1.1"}
        assert set(tls_portal.told_names) == {"cong.example"}
        with pytest.raises(Unreachable, match=r"certificate of khac\.example"):
            await fetcher.get("https://khac.example/ordinary")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://trong.example/",
        "http://cong.example:8080/",
        "https://trong.example/",
    ],
)
async def test_a_proxy_opens_no_way_inside(through, proxy, url):
    """What may not be asked is not asked through a proxy either: literals, ports, and names that lie inside."""
    with pytest.raises(Blocked):
        await through(resolver=Names(trong="10.0.0.7")).get(url)
    assert proxy.lines == []


async def test_a_redirect_inside_is_refused_behind_a_proxy(through, proxy, portal, hostile):
    """Each hop is looked up and checked."""
    portal.answers["/di"] = hostile.redirect("http://trong.example/")
    with pytest.raises(Blocked, match=r"trong\.example"):
        await through(resolver=Names(trong="192.168.1.1")).get("http://cong.example/di")
    assert not [line for line in proxy.lines if "trong" in line]


async def test_the_proxy_is_no_portal(through, proxy):
    """The proxy may be inside because it is configured; that opens it to nobody's links."""
    with pytest.raises(Blocked):
        await through().get(f"http://127.0.0.1:{proxy.port}/")
    assert proxy.lines == []


async def test_the_proxy_may_have_a_name_inside(through, proxy):
    """A proxy with a name is looked up, and reached where it is."""
    names = Names(cua="127.0.0.1")
    fetcher = through(resolver=names, proxy=f"http://cua.example:{proxy.port}")
    assert (await fetcher.get("http://cong.example/ordinary")).status == 200
    with pytest.raises(Blocked):
        await fetcher.get(f"http://cua.example:{proxy.port}/")


async def test_what_is_ours_is_asked_directly(through, proxy, portal):
    """Hosts of `allow_private` lie on this side of the proxy."""
    assert (await through(allow_private=[portal.pair]).get(portal.url("/ordinary"))).status == 200
    assert proxy.lines == []


async def test_a_name_that_is_not_known_here_is_not_asked_for(through, proxy):
    """Without an address there is nothing to check: the proxy's own knowledge does not count."""
    with pytest.raises(Unreachable, match="cannot be resolved"):
        await through().get("http://khong.example/")
    assert proxy.lines == []


async def test_a_proxy_that_refuses_is_told_as_such(through, proxy):
    """A person reads that it was the proxy, not the portal."""
    proxy.status = 407
    with pytest.raises(Unreachable, match=r"proxy \(\[fetch\] proxy\)"):
        await through().get("https://cong.example/ordinary")
    fetcher = through(proxy="http://127.0.0.1:1")
    with pytest.raises(Unreachable, match=r"no connection to the proxy"):
        await fetcher.get("http://cong.example/ordinary")


async def test_the_environment_names_no_proxy(make_fetcher, portal, monkeypatch):
    """HTTP_PROXY is nobody's configuration of ours."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await make_fetcher().get(portal.url("/ordinary"))).status == 200


async def test_callbacks_go_through_the_proxy_too(proxy, portal, agent, now):
    """Who wants to be told is called through the same proxy, and looked up as well."""
    names = Names(trong="127.0.0.1")
    async with HttpHooks(
        user_agent=agent, clock=lambda: now, resolver=names, proxy=f"http://127.0.0.1:{proxy.port}"
    ) as hooks:
        assert (await hooks.post("http://nguoi-nhan.example/echo", b"tin")).ok
        with pytest.raises(Blocked):
            await hooks.post("http://trong.example/echo", b"tin")
    assert proxy.lines == ["POST http://nguoi-nhan.example/echo HTTP/1.1"]
