"""Certificates whose issuers are not sent: fetched where they say, verified as any other, and never taken on trust."""

from __future__ import annotations

import socket
import ssl
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.abc import AbstractResolver

from feedsvc.errors import Unreachable
from feedsvc.fetch.chains import hosts_of, intermediate, issuer_address

CHAIN = Path(__file__).with_name("chain")  # keys and certificates for tests alone; they open nothing
FILES = ("issuer", "second", "rogue-issuer", "rogue", "root")


def der(name: str) -> bytes:
    """A certificate as servers of issuers send it."""
    text = (CHAIN / f"{name}.pem").read_text("ascii")
    return ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN CERTIFICATE") :])


class Here(AbstractResolver):
    """Says that every name is here: port 80 that of the issuers' server, every other as it was asked for."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC):
        """One address."""
        there = self.port if port == 80 else port
        return [{"hostname": host, "host": "127.0.0.1", "port": there, "family": 2, "proto": 6, "flags": 0}]

    async def close(self):
        """Holds nothing open."""


@pytest.fixture
def issuers(portal, hostile):
    """The server of the issuers' certificates."""
    for name in FILES:
        portal.answers[f"/{name}.der"] = hostile.plain(200, der(name), "Content-Type: application/pkix-cert")
    return portal


@pytest.fixture
def visited(hostile, issuers, make_fetcher):
    """Fetches a page of cong.example, whose server shows one certificate alone: the page, and what was asked of it."""

    @asynccontextmanager
    async def server(name, *, listed=True, anchors="root"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CHAIN / f"{name}.pem")
        async with hostile.HostilePortal(tls=context) as portal:
            fetcher = make_fetcher(
                resolver=Here(issuers.port),
                allow_private=[f"cong.example:{portal.port}", "ca.example:80"],
                tls=ssl.create_default_context(cafile=CHAIN / f"{anchors}.pem"),
                broken_chains=["cong.example"] if listed else [],
            )
            yield portal, fetcher, f"https://cong.example:{portal.port}/ordinary"

    return server


@pytest.mark.parametrize(("name", "fetched"), [("leaf", ["/issuer.der"]), ("deep", ["/second.der", "/issuer.der"])])
async def test_a_broken_chain_is_completed_once(visited, issuers, name, fetched):
    """What the server forgot is fetched where its certificate says, as far as a trusted root, and kept."""
    async with visited(name) as (portal, fetcher, url):
        for _ in range(2):
            assert (await fetcher.get(url)).status == 200
        assert issuers.asked == fetched
        assert [visit.method for visit in portal.visits if visit.target == "/ordinary"] == ["GET", "GET"]


async def test_only_who_is_named_in_the_configuration_is_helped(visited, issuers):
    """Without the setting the host is refused, named, and nothing is fetched for it."""
    async with visited("leaf", listed=False) as (portal, fetcher, url):
        with pytest.raises(Unreachable, match=r"certificate of cong\.example is not trusted"):
            await fetcher.get(url)
        assert portal.visits == issuers.visits == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("stolen", r"chain of cong\.example is broken"),  # a chain of its own, to a root that nobody trusts
        ("own", "signed by itself"),  # offers its own root
        ("other", "cong.example"),  # complete, but for another name
        ("late", "expired"),  # complete, but over
        ("silent", "does not say"),  # names no address
        ("inside", "not a public address"),  # names an inside address
    ],
)
async def test_nothing_is_taken_on_trust(visited, name, words):
    """Whatever a server offers for its chain: without a trusted root, the name and the day it is asked for nothing."""
    async with visited(name) as (portal, fetcher, url):
        for _ in range(2):
            with pytest.raises(Unreachable, match=words):
                await fetcher.get(url)
        assert portal.visits == []


async def test_a_link_is_no_anchor_where_python_would_take_it_for_one(visited, monkeypatch):
    """Since Python 3.13 a chain may end at any certificate of the trust store: not at one that was fetched."""
    usual = ssl.create_default_context

    def newer(*args, **settings):
        context = usual(*args, **settings)
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        return context

    monkeypatch.setattr(ssl, "create_default_context", newer)
    async with visited("stolen") as (portal, fetcher, url):
        with pytest.raises(Unreachable, match=r"chain of cong\.example is broken"):
            await fetcher.get(url)
        assert portal.visits == []


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"\x30\x82", b"x" * 70_000, "root", "leaf", ("issuer", "root"), ("issuer", "rogue")],
    ids=["empty", "page", "cut", "long", "root", "leaf", "two", "smuggled"],
)
async def test_what_is_no_single_issuer_is_refused(visited, issuers, hostile, body):
    """Nothing but one certificate of an issuer, signed by another, may become a link; a failure is told with its host."""
    names = body if isinstance(body, tuple) else (body,)
    sent = b"".join(one if isinstance(one, bytes) else der(one) for one in names)
    issuers.answers["/issuer.der"] = hostile.plain(200, sent)
    async with visited("leaf") as (portal, fetcher, url):
        with pytest.raises(Unreachable, match=r"chain of cong\.example is broken"):
            await fetcher.get(url)
        assert portal.visits == []


async def test_an_issuer_that_is_not_there_is_told(visited, issuers, hostile):
    """The issuer's server is named when it fails."""
    issuers.answers["/issuer.der"] = hostile.plain(404)
    async with visited("leaf") as (_, fetcher, url):
        with pytest.raises(Unreachable, match=r"ca\.example/issuer\.der: it answers 404"):
            await fetcher.get(url)


def test_a_link_is_never_an_anchor():
    """A certificate that signed itself is no link, in either form; one that another signed is, in both."""
    text = (CHAIN / "issuer.pem").read_bytes()
    assert intermediate(text) == intermediate(der("issuer")) == der("issuer")
    for wrong in ((CHAIN / "root.pem").read_bytes(), der("root"), der("rogue"), der("leaf"), b"-----", b"\xff"):
        with pytest.raises(ValueError, match="it is"):
            intermediate(wrong)


def test_the_address_of_an_issuer_is_read_from_its_bytes():
    """Only http is followed: the certificate is verified anyway, and https might need the very chain."""
    assert issuer_address(der("leaf")) == "http://ca.example/issuer.der"
    assert issuer_address(der("silent")) is None
    start = bytes.fromhex("06082b0601050507300286")
    assert issuer_address(start + b"\x08ldap://x" + start + b"\x81\x85http://" + b"a" * 126) == "http://" + "a" * 126
    assert issuer_address(start + b"\x0chttps://ca.vn") is None


def test_hosts_are_named_as_connections_name_them():
    """Case and a final dot do not part a host from itself; a folder has none."""
    assert hosts_of(["https://CONG.example./a", "https://cong.example:8443/", "folder:x"]) == {"cong.example"}
