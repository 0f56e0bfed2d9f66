"""Which addresses may be reached: as pure rules, and with a canary that must stay unvisited."""

from __future__ import annotations

import contextlib
import ipaddress
import socket

import pytest
from aiohttp.abc import AbstractResolver
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from feedsvc.errors import Blocked, Malformed, Unreachable
from feedsvc.fetch.guard import allowed_address, check_url, may_be_proposed, pair_of, read_pairs
from feedsvc.fetch.literals import read_literal
from feedsvc.fetch.resolving import GuardedResolver

INSIDE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:1::1",
    "2001:2::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "113.160.92.202",
    "172.15.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "203.162.0.1",
    "2001:200::1",
    "2001:ee0:100::1",
    "2400:cb00::1",
    "2606:4700::1111",
]

# Each leads some client to 127.0.0.1, to another inside address, or past a careless check.
SPELLINGS = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0X7F000001/",
    "http://0x7f.0.0.1/",
    "http://0x7f.1/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://0177.0.0.1/",
    "http://0177.1/",
    "http://00000177.0.0.01/",
    "http://017700000001/",
    "http://127.0.0x1/",
    "http://127.0.0.1./",
    "http://127.1./",
    "http://127。0。0。1/",
    "http://127．0．0．1/",
    "http://127｡0｡0｡1/",
    "http://１２７.０.０.１/",
    "http://①②⑦.⓪.⓪.①/",
    "http://0ⅹ7f.1/",
    "http://127.0.0.%31/",
    "http://127%2e0%2e0%2e1/",
    "http://%31%32%37.0.0.1/",
    "http://127.0.0.1%00.example.org/",
    "http://127.0.0.1%20/",
    "http://127.0.0.256/",
    "http://127.0.0.1.5/",
    "http://example.127/",
    "http://4294967296/",
    "http://08.8.8.8/",
    "http://٠.٠.٠.٠/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[0000::0001]/",
    "http://[::]/",
    "http://[::127.0.0.1]/",
    "http://[::7f00:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:7f00:1]/",
    "http://[::FFFF:127.0.0.1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1%25lo]/",
    "http://[fe80::1%lo]/",
    "http://[::1%25lo]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://example.org@127.0.0.1/",
    "http://127.0.0.1@example.org/",
    "http://@example.org/",
    "http://example.org:80@127.0.0.1/",
    "http://example.org\\@127.0.0.1/",
    "http://127.0.0.1\\@example.org/",
    "http://127.0.0.1#@example.org/",
    "http://127.0.0.1?@example.org/",
    "http:///127.0.0.1/",
    "http:127.0.0.1/",
    "http://",
    "http://\t127.0.0.1/",
    "http://127.0.\n0.1/",
    "http://127.0.0.1\r\nHost: example.org/",
    "http://[::1/",
    "http://::1/",
    "http://.127.0.0.1/",
    "http://-/",
    "http://127.0.0.1:80:80/",
    "//127.0.0.1/",
    "127.0.0.1",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1/_x",
    "data:text/html,tin",
    "javascript:alert(1)",
    "http://example.org:0/",
    "http://example.org:22/",
    "http://example.org:8080/",
    "http://example.org:65616/",
    "http://example.org:-80/",
    "http://" + "a" * 300 + ".example.org/",
    "http://example.org/" + "a" * 9000,
]


class Names(AbstractResolver):
    """Resolves every name by a list of answers, one for each question, and remembers the questions."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.questions: list[tuple[str, int]] = []

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC):
        """The next answers."""
        self.questions.append((host, port))
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in addresses
        ]

    async def close(self):
        """Holds nothing open."""


@pytest.mark.parametrize("address", INSIDE)
def test_inside_addresses_are_closed(address):
    """No loopback, private, shared, link-local, tunnelled, mapped, translated or documentation address is reached."""
    assert not allowed_address(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_open(address):
    """Public addresses are reached, also those next to closed ranges."""
    assert allowed_address(ipaddress.ip_address(address))


@given(st.ip_addresses())
@settings(max_examples=200, deadline=None)
def test_nothing_that_the_library_calls_inside_is_open(ip):
    """The guard is never more open than the standard library's own notion of a public unicast address."""
    if allowed_address(ip):
        assert ip.is_global
        inside = ["is_multicast", "is_private", "is_reserved", "is_loopback", "is_link_local", "is_site_local"]
        tunnels = ["ipv4_mapped", "sixtofour", "teredo"]
        assert not [name for name in inside + tunnels if getattr(ip, name, None)]


@given(st.ip_addresses(v=4), st.sampled_from(["{:d}", "{:#x}", "0{:o}"]))
@settings(max_examples=100, deadline=None)
def test_every_base_spells_the_same_address(ip, form):
    """A number in any base is read as the address that the system would connect to."""
    assert read_literal(form.format(int(ip))) == ip
    parts = ".".join(form.format(byte) for byte in ip.packed)
    assert read_literal(parts) == ip


@pytest.mark.parametrize(
    "host", ["::1%lo", "1::2::3", "12345::", ":", "1.2.3.4.5", "256.1.1.1", "1.2.65536", "0x", "09", "1..2"]
)
def test_a_broken_number_is_no_name(host):
    """A host that ends in a number but is no address is an error, or at least never a name to look up."""
    with contextlib.suppress(ValueError):
        assert read_literal(host) is not None


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_an_address_or_blocked(text):
    """Whatever stands where an address should, the answer is an address in its checked form, or Blocked."""
    for candidate in (text, f"http://{text}/", f"https://example.org/{text}"):
        try:
            url = check_url(candidate)
        except Blocked:
            continue
        assert check_url(url) == url
        assert pair_of(url)[1] in {80, 443}


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_no_spelling_leads_inside(make_fetcher, portal, canary, hostile, spelling):
    """No spelling of an inside address is asked, neither first nor after a redirect, with the canary's port or without."""
    names = Names(["127.0.0.1"])
    fetcher = make_fetcher(resolver=names)
    with pytest.raises(Blocked):
        await fetcher.get(spelling)
    head, slashes, rest = spelling.partition("//")
    with_port = f"{head}{slashes}{rest.rstrip('/').partition('/')[0]}:{canary.port}/"
    for target in (spelling, with_port):
        portal.answers["/away"] = hostile.redirect(target.encode().decode("latin-1").replace("\r\n", ""))
        portal.visits.clear()
        if not target.startswith("http"):
            continue
        with pytest.raises((Blocked, Malformed)):
            await fetcher.get(portal.url("/away"))
        assert portal.asked == ["/away"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://example.org/tin-tuc?a=1",
        "http://EXAMPLE.org.:80/",
        "https://example.org:443",
        "http://8.8.8.8/",
        "http://134744072/",
        "http://[2606:4700::1111]/",
        "https://cổng.example/",
        "http://a_b.example.org/",
        " https://example.org/ ",
        "http://example.org:443/",
    ],
)
def test_public_addresses_pass(url):
    """Ordinary addresses pass, in one form."""
    assert check_url(url).scheme in {"http", "https"}


@pytest.mark.parametrize(
    "url", ["http://ten@example.org/", "http://@example.org/", "http://:@example.org/", "http://:mat@example.org/"]
)
def test_a_user_part_is_never_asked(url):
    """Even an empty user part is refused: what stands before an @ only misleads the reader."""
    with pytest.raises(Blocked, match="user part"):
        check_url(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1.", "１２７.１", "①②⑦.⓪.⓪.①", "127。1", "0X7F.1", "[::1]"[1:-1], "::FFFF:127.0.0.1"]
)
def test_odd_letters_spell_numbers_too(host):
    """Full width digits, circled ones, other dots and a final dot are read as what they look like."""
    assert read_literal(host) is not None


def test_a_checked_address_has_one_form():
    """Hosts are in lower case without a final dot, literals in their usual form, fragments gone."""
    assert str(check_url("HTTP://Example.ORG.:80/Tin?x=%2F#muc")) == "http://example.org/Tin?x=%2F"
    assert check_url("http://134744072/").host == "8.8.8.8"


@pytest.mark.parametrize(
    ("entry", "open_", "closed"),
    [
        (
            "127.0.0.1:8801",
            "http://127.0.0.1:8801/",
            ["http://127.0.0.1:8802/", "http://127.0.0.1/", "http://127.0.0.2:8801/"],
        ),
        ("127.0.0.1:8801", "http://2130706433:8801/", ["http://localhost:8802/"]),
        ("[::1]:8080", "http://[0:0::1]:8080/", ["http://[::1]/"]),
        (
            "portal.local:8080",
            "http://Portal.Local:8080/",
            ["http://portal.local:8081/", "http://x.portal.local:8080/"],
        ),
        ("10.0.0.5:80", "http://10.0.0.5/", ["https://10.0.0.5/"]),
    ],
)
def test_allow_private_opens_exactly_its_pair(entry, open_, closed):
    """host:port in allow_private opens that host on that port and nothing beside it."""
    pairs = read_pairs([entry])
    assert pair_of(check_url(open_, pairs)) in pairs
    for url in closed:
        with pytest.raises(Blocked):
            check_url(url, pairs)


@pytest.mark.parametrize(
    "entry", ["", "127.0.0.1", "http://127.0.0.1:80", "a:b", "host:", ":80", "10.0.0.0/8:80", "x:99999"]
)
def test_an_entry_that_is_no_pair_is_a_mistake(entry):
    """Anything but host:port in allow_private is refused when the fetcher is made."""
    with pytest.raises(ValueError):
        read_pairs([entry])


@pytest.mark.parametrize(
    ("url", "proposed"),
    [
        ("https://xamoi.example.vn/", True),
        ("http://93.184.216.34/", True),
        ("http://[2606:4700::1111]/", True),
        ("https://xamoi.example.vn:8443/", False),
        ("http://localhost/", False),
        ("http://cong.localhost/", False),
        ("http://LOCALHOST./", False),
        ("http://intranet/", False),
        ("http://may-in.local/", False),
        ("http://metadata.google.internal/", False),
        ("http://router.home.arpa/", False),
        ("http://internal.example.vn/", True),
    ],
)
def test_only_what_would_be_asked_is_proposed(url, proposed):
    """A person is told to configure public addresses alone, and names that may be public."""
    assert may_be_proposed(url) is proposed
    assert may_be_proposed("http://intranet:8801/", read_pairs(["intranet:8801"]))


def test_no_spelling_of_an_inside_address_is_proposed():
    """Whatever a portal calls itself; digits of other scripts are letters of a name, which is looked up like any other."""
    assert [url for url in SPELLINGS if may_be_proposed(url)] == ["http://٠.٠.٠.٠/"]


def test_a_refusal_names_the_line_to_add():
    """Who meant it finds in the message what was refused and what to write."""
    with pytest.raises(Blocked, match=r'10\.0\.0\.5 is not a public.*\[fetch\] allow_private = \["10\.0\.0\.5:80"\]'):
        check_url("http://10.0.0.5/")
    with pytest.raises(Blocked, match=r'allow_private = \["\[::1\]:8080"\]'):
        check_url("http://[::1]:8080/")


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["::ffff:8.8.8.8"],
        ["fe80::1%2"],
        ["2606:4700::1", "fd00::1"],
        ["bogus"],
    ],
)
async def test_one_inside_answer_closes_a_name(make_fetcher, answers):
    """A name is reached only if every one of its answers is public; it is asked for once."""
    names = Names(answers)
    with pytest.raises(Blocked, match=r'allow_private = \["cong.example:80"\]') as caught:
        await make_fetcher(resolver=names).get("http://cong.example/tin")
    assert answers[-1] in str(caught.value)
    assert names.questions == [("cong.example", 80)]


async def test_a_named_host_is_guarded_on_its_other_ports(make_fetcher, portal):
    """host:port in allow_private lets that name resolve to the inside for that port, and for no other."""
    fetcher = make_fetcher(resolver=Names(["127.0.0.1"]), allow_private=[f"cong.example:{portal.port}"])
    assert (await fetcher.get(f"http://cong.example:{portal.port}/ordinary")).status == 200
    with pytest.raises(Blocked, match=r'"cong\.example:80"'):
        await fetcher.get("http://cong.example/ordinary")


async def test_a_name_that_rebinds_is_caught(portal):
    """Each connection's own answers are judged: a name that turns inside the second time is refused then."""
    guarded = GuardedResolver(Names(["8.8.8.8"], ["127.0.0.1"]))
    assert [answer["host"] for answer in await guarded.resolve("rebind.example", 80)] == ["8.8.8.8"]
    with pytest.raises(Blocked):
        await guarded.resolve("rebind.example", 80)


async def test_the_connection_goes_to_the_address_that_was_judged(make_fetcher, portal, hostile):
    """One look-up for one connection, made to that very address, with the name as Host."""
    names = Names(["127.0.0.1"], ["127.0.0.1"], ["127.0.0.99"])
    fetcher = make_fetcher(resolver=names, allow_private=[f"cong.example:{portal.port}"])
    page = await fetcher.get(f"http://cong.example:{portal.port}/ordinary")
    assert page.body == hostile.PAGE
    assert names.questions == [("cong.example", portal.port)] * 2  # robots.txt and the page
    assert portal.visits[-1].headers["host"] == f"cong.example:{portal.port}"


async def test_localhost_by_name_is_inside(make_fetcher, canary):
    """A name that this machine itself resolves to its inside is refused, by the usual resolver."""
    with pytest.raises(Blocked, match="is not a public address"):
        await make_fetcher().get("http://localhost/")


async def test_a_name_without_address_is_unreachable(make_fetcher):
    """A name that resolves to nothing is Unreachable, not a crash."""
    with pytest.raises(Unreachable, match=r"khong-co\.example"):
        await make_fetcher(resolver=Names([])).get("http://khong-co.example/")


async def test_https_never_turns_into_http(make_fetcher, hostile, tls_portal, trusting, portal):
    """A redirect from https to http is refused, though both ends may be reached."""
    tls_portal.answers["/down"] = hostile.redirect(portal.url("/ordinary"))
    name = f"cong.example:{tls_portal.port}"
    fetcher = make_fetcher(resolver=Names(["127.0.0.1"]), allow_private=[name, portal.pair], tls=trusting)
    with pytest.raises(Blocked, match="https to http"):
        await fetcher.get(f"https://{name}/down")
    assert portal.connections == 0


async def test_tls_speaks_the_name(make_fetcher, tls_portal, trusting, hostile):
    """The certificate is checked against the name, which the server is told by SNI."""
    name = f"cong.example:{tls_portal.port}"
    fetcher = make_fetcher(
        resolver=Names(["127.0.0.1"]), allow_private=[name, f"khac.example:{tls_portal.port}"], tls=trusting
    )
    assert (await fetcher.get(f"https://{name}/ordinary")).body == hostile.PAGE
    assert set(tls_portal.told_names) == {"cong.example"}
    with pytest.raises(Unreachable, match=r"certificate of khac\.example"):
        await fetcher.get(f"https://khac.example:{tls_portal.port}/ordinary")


async def test_a_certificate_of_ones_own_is_not_trusted(make_fetcher, tls_portal):
    """A self-signed host is refused, and the message names it."""
    name = f"cong.example:{tls_portal.port}"
    with pytest.raises(Unreachable, match=r"certificate of cong\.example is not trusted"):
        await make_fetcher(resolver=Names(["127.0.0.1"]), allow_private=[name]).get(f"https://{name}/ordinary")
    assert tls_portal.visits == []


async def test_a_host_that_speaks_no_tls_is_unreachable(fetcher, portal):
    """A request by https to a port that speaks plain HTTP is told as a TLS failure."""
    with pytest.raises(Unreachable, match="TLS"):
        await fetcher.get(f"https://{portal.pair}/ordinary")


def test_yarl_keeps_what_was_checked():
    """The checked value itself is asked: reading it again gives the same address."""
    checked = check_url("http://example.org/a%2Fb?c=%41+d")
    assert URL(str(checked), encoded=True) == checked
