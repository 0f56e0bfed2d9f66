"""robots.txt is asked once a day and obeyed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.errors import Blocked, TimedOut, Unreachable
from feedsvc.fetch.robots import forbidding_rule

DAY = timedelta(days=1)


class Clock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2022, 9, 19, 8, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time that is set."""
        return self.now


@pytest.fixture
def clock():
    """The wall clock of the fetcher under test."""
    return Clock()


def robots_asked(portal) -> int:
    """How often robots.txt was asked for."""
    return sum(visit.target == "/robots.txt" for visit in portal.visits)


async def test_what_is_forbidden_is_not_asked(fetcher, portal):
    """A forbidden page is asked 0 times, and the message names the rule and its file."""
    portal.robots = b"User-agent: *\nDisallow: /tim\nDisallow: /tim-kiem\n"
    with pytest.raises(Blocked, match=r"robots\.txt forbids it \(Disallow: /tim-kiem\)"):
        await fetcher.get(portal.url("/tim-kiem?q=a"))
    assert portal.asked == []
    assert (await fetcher.get(portal.url("/ordinary"))).status == 200


async def test_rules_for_us_stand_before_rules_for_all(fetcher, portal):
    """The group that names feedsvc counts alone."""
    portal.robots = b"User-agent: *\nDisallow: /\n\nUser-agent: feedsvc\nDisallow: /rieng\n"
    assert (await fetcher.get(portal.url("/ordinary"))).status == 200
    with pytest.raises(Blocked, match="Disallow: /rieng"):
        await fetcher.get(portal.url("/rieng/a"))


async def test_words_in_our_address_are_no_names(make_fetcher, portal):
    """Only the product token is our name: a rule for a word of the contact address is not for us."""
    portal.robots = b"User-agent: example\nDisallow: /\n"
    assert (await make_fetcher().get(portal.url("/ordinary"))).status == 200


async def test_rules_hold_for_measures_and_redirects(fetcher, portal, hostile):
    """A media file is not measured, and a redirect not followed, where robots.txt forbids it."""
    portal.robots = b"User-agent: *\nDisallow: /anh/\n"
    portal.answers["/away"] = hostile.redirect("/anh/1.jpg")
    for ask in (fetcher.measure(portal.url("/anh/1.jpg")), fetcher.get(portal.url("/away"))):
        with pytest.raises(Blocked):
            await ask
    assert portal.asked == ["/away"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_no_rules_forbid_nothing(fetcher, portal, status):
    """4xx means that there are no rules (RFC 9309, 2.3.1.3)."""
    portal.robots = status
    assert (await fetcher.get(portal.url("/ordinary"))).status == 200


async def test_rules_behind_redirects_count(fetcher, portal, hostile):
    """Up to five redirects are followed to the rules; a loop means that there are none."""
    portal.answers["/r"] = hostile.plain(200, b"User-agent: *\nDisallow: /cam\n")
    portal.answers["/robots.txt"] = hostile.redirect("/r")
    with pytest.raises(Blocked):
        await fetcher.get(portal.url("/cam"))


async def test_rules_that_never_come_forbid_nothing(fetcher, portal, hostile):
    """A robots.txt that redirects without end is none (RFC 9309, 2.3.1.2)."""
    portal.answers["/robots.txt"] = hostile.redirect("/robots.txt")
    assert (await fetcher.get(portal.url("/ordinary"))).status == 200


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_that_fails_forbids_all(fetcher, portal, status):
    """Without an earlier copy, a failing robots.txt means that nothing is asked (RFC 9309, 2.3.1.4), and says so."""
    portal.robots = status
    with pytest.raises(Blocked, match=f"robots.txt cannot be read.*{status}"):
        await fetcher.get(portal.url("/ordinary"))
    assert portal.asked == []


async def test_a_silent_robots_txt_is_told_as_such(make_fetcher, portal, hostile):
    """Silence and a hung up connection are told by their own names, and nothing else is asked."""
    portal.answers["/robots.txt"] = hostile.silence
    with pytest.raises(TimedOut, match=r"robots\.txt"):
        await make_fetcher(timeout=timedelta(seconds=0.2)).get(portal.url("/ordinary"))
    portal.answers["/robots.txt"] = hostile.hang_up
    with pytest.raises(Unreachable, match=r"robots\.txt"):
        await make_fetcher().get(portal.url("/ordinary"))
    assert portal.asked == []


async def test_rules_are_asked_for_once_a_day(make_fetcher, portal, clock):
    """A copy serves for a day and is then asked for anew; a clock set back asks anew as well."""
    fetcher = make_fetcher(clock=clock)
    for passed, asked in [(timedelta(), 1), (DAY - timedelta(seconds=1), 1), (timedelta(seconds=1), 2), (-DAY, 3)]:
        clock.now += passed
        await fetcher.get(portal.url("/ordinary"))
        assert robots_asked(portal) == asked


async def test_the_last_copy_serves_a_day_longer(make_fetcher, portal, clock):
    """While the server fails, the last copy holds for one more day; then nothing is asked until it answers again."""
    portal.robots = b"User-agent: *\nDisallow: /cam\n"
    fetcher = make_fetcher(clock=clock)
    await fetcher.get(portal.url("/ordinary"))
    portal.robots = 503
    clock.now += DAY + timedelta(hours=23)
    assert (await fetcher.get(portal.url("/ordinary"))).status == 200
    with pytest.raises(Blocked, match="Disallow: /cam"):
        await fetcher.get(portal.url("/cam"))
    clock.now += timedelta(hours=1)
    with pytest.raises(Blocked, match="503"):
        await fetcher.get(portal.url("/ordinary"))
    portal.robots = 404
    assert (await fetcher.get(portal.url("/ordinary"))).status == 200


async def test_a_public_host_that_fails_is_left_alone_for_a_minute(make_fetcher, portal, clock):
    """A failing robots.txt of a public host is not asked for again with every page."""
    fetcher = make_fetcher(clock=clock)
    fetcher._robots._patience = lambda _: fetcher._patience(("portal.example", 80))  # as if it were public
    portal.robots = 500
    for seconds, asked in [(0, 1), (30, 1), (31, 2)]:
        clock.now += timedelta(seconds=seconds)
        with pytest.raises(Blocked):
            await fetcher.get(portal.url("/ordinary"))
        assert robots_asked(portal) == asked


async def test_rules_are_kept_for_each_port(fetcher, make_fetcher, portal, hostile):
    """Two ports of one host have each their own rules."""
    async with hostile.HostilePortal(robots=b"User-agent: *\nDisallow: /\n") as other:
        both = make_fetcher(allow_private=[portal.pair, other.pair])
        assert (await both.get(portal.url("/ordinary"))).status == 200
        with pytest.raises(Blocked):
            await both.get(other.url("/ordinary"))


async def test_copies_of_many_hosts_are_bounded(make_fetcher, portal):
    """Thousands of hosts met once do not stay in memory; a copy that is dropped is asked for again."""
    fetcher = make_fetcher()
    await fetcher.get(portal.url("/ordinary"))
    for n in range(20_000):
        fetcher._robots._copy((f"h{n}.example", 80))
    assert len(fetcher._robots._copies) == 20_000
    await fetcher.get(portal.url("/ordinary"))
    assert robots_asked(portal) == 2


async def test_a_long_file_counts_up_to_500_kib(fetcher, portal):
    """Rules within the first 500 KiB count, those behind it and the rest of the file do not."""
    portal.robots = b"User-agent: *\nDisallow: /som\n" + b"# dem\n" * 100_000 + b"Disallow: /muon\n"
    with pytest.raises(Blocked):
        await fetcher.get(portal.url("/som"))
    portal.answers["/muon"] = portal.answers.get("/muon") or (lambda p, v, w: _page(w))
    assert (await fetcher.get(portal.url("/muon"))).status == 200


async def _page(writer) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nTin")


@pytest.mark.parametrize("delay", ["90000", "1e9", "-5", "nan", "mười"])
async def test_crawl_delay_is_honoured_up_to_a_minute(make_fetcher, portal, fake_time, delay):
    """An absurd Crawl-delay is cut to 60 s, a broken one left out."""
    portal.robots = f"User-agent: *\nCrawl-delay: {delay}\n".encode()
    await make_fetcher().get(portal.url("/ordinary"))
    assert fake_time.slept in ([60.0], [])
    assert bool(fake_time.slept) == delay.endswith(("0", "9"))


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b"<html>404</html>", b"\xef\xbb\xbfUser-agent: *\nDisallow:\n", b"\x00" * 5000]
)
async def test_nonsense_forbids_nothing(fetcher, portal, body):
    """A robots.txt that is no such file holds no rules, and breaks nothing."""
    portal.robots = body
    assert (await fetcher.get(portal.url("/ordinary"))).status == 200


def test_the_rule_is_named_for_our_group_only():
    """The line that is named is one that speaks to us, even where another group forbids more closely."""
    text = "User-agent: other\nDisallow: /a/b/c\n\nUser-agent: *\nDisallow: /a # vì lý do\nDisallow: /z\n"
    assert forbidding_rule(text, "http://x.example/a/b/c", "feedsvc") == "Disallow: /a"


def test_the_rule_of_an_endless_file_is_named_in_general():
    """Naming the rule has a bound: a rule beyond the thousandth is only said to be there."""
    text = "User-agent: *\n" + "".join(f"Disallow: /{n:05}\n" for n in range(3000)) + "Disallow: /z\n"
    assert forbidding_rule(text, "http://x.example/z", "feedsvc") == "one of its rules"


class Memory:
    """Rules kept beyond a process."""

    def __init__(self):
        self.kept = {}

    async def recall(self, pair):
        """What is kept."""
        return self.kept.get(pair)

    def keep(self, pair, text, read):
        """Keeps it."""
        self.kept[pair] = text, read


async def test_rules_outlive_a_restart(make_fetcher, portal, clock):
    """A copy that was kept is not asked for again within its day, and serves as the last copy of a server that fails."""
    portal.robots = b"User-agent: *\nDisallow: /cam\n"
    memory = Memory()
    await make_fetcher(clock=clock, kept=memory).get(portal.url("/ordinary"))
    clock.now += timedelta(hours=23)
    with pytest.raises(Blocked):
        await make_fetcher(clock=clock, kept=memory).get(portal.url("/cam"))
    assert robots_asked(portal) == 1
    portal.robots = 503
    clock.now += timedelta(hours=5)
    restarted = make_fetcher(clock=clock, kept=memory)
    assert (await restarted.get(portal.url("/ordinary"))).status == 200
    assert "the copy of yesterday holds" in restarted.today()[0].robots


async def test_the_ledger_tells_the_rule_in_force(make_fetcher, portal, clock):
    """What robots.txt says, and the pause that it wishes, stand in the ledger in words."""
    fetcher = make_fetcher(clock=clock)
    portal.robots = b"User-agent: *\nDisallow: /cam\nCrawl-delay: 7\n"
    await fetcher.get(portal.url("/ordinary"))
    line = fetcher.today()[0]
    assert (line.robots, line.delay) == ("allows what is asked; Crawl-delay: 7", 7.0)
    assert line.delay_reason == "Crawl-delay of its robots.txt"
    with pytest.raises(Blocked):
        await fetcher.get(portal.url("/cam"))
    assert fetcher.today()[0].robots == "forbids /cam (Disallow: /cam)"
