"""robots.txt of each host and port, asked once a day and obeyed (RFC 9309, safety.md 8)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol
from weakref import WeakValueDictionary

from protego import Protego
from yarl import URL

from feedsvc.errors import Blocked, FetchError, Malformed, Refused, TimedOut, Unreachable
from feedsvc.fetch.answer import refusal
from feedsvc.fetch.exchange import Answer
from feedsvc.fetch.guard import Pair, pair_of
from feedsvc.fetch.mask import masked, printable

MAX_BYTES: Final = 500 * 1024
FRESH: Final = timedelta(days=1)
LAST_COPY: Final = timedelta(days=2)  # a day as fresh, and one more while the server fails
LONGEST_DELAY: Final = 60.0
_MOST_COPIES: Final = 20_000
_MOST_TEXT: Final = 32 * 1024 * 1024
"""Characters of all copies together."""
_MOST_RULES: Final = 1000
_MOST_TRIED: Final = 20
_SERVER_FAULT: Final = 500
_TOO_MANY: Final = 429
_DISALLOW = re.compile(r"\s*disallow\s*:\s*([^#]*[^#\s])", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:dis)?allow\s*:", re.IGNORECASE)


class Kept(Protocol):
    """Keeps the rules of hosts beyond this process."""

    async def recall(self, pair: Pair) -> tuple[str, datetime] | None:
        """The robots.txt of a host and when it was read, if it is kept."""
        ...

    def keep(self, pair: Pair, text: str, read: datetime) -> None:
        """Keeps the robots.txt of a host, sooner or later."""
        ...


@dataclass(slots=True)
class _Copy:
    """What is known of one host. `read` is when `rules` came, `failed` when asking last failed, and `failure` why.

    `words` tell a person what is in force.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    recalled: bool = False
    words: str = ""
    text: str = ""
    rules: Protego | None = None
    read: datetime | None = None
    failed: datetime | None = None
    failure: FetchError | None = None


class Robots:
    """Answers whether an address may be asked.

    `agent` is the product token that rules speak to; `ask` fetches a robots.txt through the guarded exchange;
    `patience` says how long a host whose robots.txt fails is left alone before it is asked for again. `told` is given
    the rule in force, in words, whenever it counts; `kept` has what was read before this process began.
    """

    def __init__(
        self,
        *,
        agent: str,
        ask: Callable[[URL], Awaitable[Answer]],
        clock: Callable[[], datetime],
        patience: Callable[[Pair], timedelta],
        told: Callable[[Pair, str], None] = lambda _pair, _words: None,
        kept: Kept | None = None,
    ) -> None:
        self._agent = agent
        self._ask = ask
        self._clock = clock
        self._patience = patience
        self._told = told
        self._kept = kept
        self._copies: dict[Pair, _Copy] = {}
        self._characters = 0
        self._parsed: WeakValueDictionary[str, Protego] = WeakValueDictionary()

    async def permit(self, url: URL) -> float:
        """The Crawl-delay in seconds (0 to 60) under which `url` may be asked.

        Raises Blocked naming the rule that forbids it, or saying that the server fails to give its rules; when it
        cannot be reached at all, the error that says so.
        """
        pair = pair_of(url)
        copy = self._copy(pair)
        try:
            async with copy.lock:
                await self._refresh(copy, url)
            return self._read_rules(copy, url)
        finally:
            self._told(pair, copy.words)

    def _read_rules(self, copy: _Copy, url: URL) -> float:
        if copy.rules is None:
            return 0.0
        if not copy.rules.can_fetch(str(url), self._agent):
            rule = forbidding_rule(copy.text, str(url), self._agent)
            copy.words = f"forbids {masked(url.path)} ({rule})"
            raise Blocked(
                f"{masked(str(url))} is not asked: {masked(str(robots_url(url)))} forbids it ({rule}); "
                "ask the portal's operator for leave, or take the category out",
                url=masked(str(url)),
            )
        return min(copy.rules.crawl_delay(self._agent) or 0.0, LONGEST_DELAY)

    def _copy(self, pair: Pair) -> _Copy:
        if pair not in self._copies and len(self._copies) >= _MOST_COPIES:
            self._drop_oldest()
        return self._copies.setdefault(pair, _Copy())

    def _drop_oldest(self) -> bool:
        idle = next((known for known, copy in self._copies.items() if not copy.lock.locked()), None)
        if idle is not None:
            self._characters -= len(self._copies.pop(idle).text)
        return idle is not None

    async def _refresh(self, copy: _Copy, url: URL) -> None:
        now = self._clock()
        if self._kept is not None and not copy.recalled:
            copy.recalled, found = True, await self._kept.recall(pair_of(url))
            if found is not None:
                self._take(copy, *found)
        if _younger(copy.read, now, FRESH):
            return
        if not _younger(copy.failed, now, self._patience(pair_of(url))):
            await self._ask_again(copy, url, now)
        if copy.failure is not None and not _younger(copy.read, now, LAST_COPY):
            copy.words = f"cannot be read, so nothing is asked: {copy.failure}"
            raise _shut(copy.failure, url)

    async def _ask_again(self, copy: _Copy, url: URL, now: datetime) -> None:
        try:
            text = await self._read(robots_url(url), now)
        except (Unreachable, TimedOut, Malformed, Refused) as error:
            copy.failed, copy.failure = now, error
            copy.words = f"cannot be read, the copy of yesterday holds for a day: {error}"
            return
        self._take(copy, text, now)
        if self._kept is not None:
            self._kept.keep(pair_of(url), text, now)

    def _take(self, copy: _Copy, text: str, read: datetime) -> None:
        self._characters += len(text) - len(copy.text)
        copy.text, copy.rules = text, self._parse(text) if text else None
        copy.read, copy.failed, copy.failure = read, None, None
        delay = copy.rules.crawl_delay(self._agent) if copy.rules else None
        wish = f"; Crawl-delay: {delay:g}" if delay else ""
        copy.words = f"allows what is asked{wish}" if copy.rules else "there is none"
        while self._characters > _MOST_TEXT and self._drop_oldest():
            pass

    def _parse(self, text: str) -> Protego:
        """The rules of a text, kept once for all hosts that have the same: portals of one make often do."""
        rules = self._parsed.get(text)
        if rules is None:
            rules = self._parsed[text] = Protego.parse(text)
        return rules

    async def _read(self, where: URL, now: datetime) -> str:
        """The rules; "" where there are none (RFC 9309, 2.3.1.3: 4xx, or redirects without end).

        Raises Refused for a server's fault and for 429, which forbids nothing but wants to be left alone.
        """
        try:
            answer = await self._ask(where)
        except Refused:
            return ""
        if answer.status >= _SERVER_FAULT or answer.status == _TOO_MANY:
            raise refusal(answer.status, answer.headers, url=str(where), now=now)
        return answer.body.decode("utf-8-sig", errors="replace")


def robots_url(url: URL) -> URL:
    """Where the rules for `url` stand (RFC 9309, 2.3)."""
    return url.with_path("/robots.txt").with_query(None)


def _younger(then: datetime | None, now: datetime, age: timedelta) -> bool:
    return then is not None and timedelta() <= now - then < age


def _shut(failure: FetchError, url: URL) -> FetchError:
    """Complete disallow while the rules are not to be had (RFC 9309, 2.3.1.4), with the reason."""
    where = masked(str(robots_url(url)))
    message = f"nothing is asked of {url.host} while its robots.txt cannot be read: {failure}"
    if isinstance(failure, Refused):
        return Blocked(f"{message} ({where})", url=masked(str(url)), retry_after=failure.retry_after)
    return type(failure)(message, url=masked(str(url)))


def forbidding_rule(text: str, url: str, agent: str) -> str:
    """The Disallow line of a robots.txt that keeps `agent` from `url`, the longest of those that match.

    Found by trying: only that line is left in force. Gives a general phrase where a file is too long to try.
    """
    lines = text.splitlines()
    values = sorted({found[1] for line in lines if (found := _DISALLOW.match(line))})[:_MOST_RULES]
    matching = [
        value for value in values if not Protego.parse(f"User-agent: *\nDisallow: {value}\n").can_fetch(url, agent)
    ]
    for value in sorted(matching, key=len, reverse=True)[:_MOST_TRIED]:
        if _forbids(lines, value, url, agent):
            return f"Disallow: {printable(value, 100)}"
    return "one of its rules"


def _forbids(lines: list[str], value: str, url: str, agent: str) -> bool:
    """Whether `value` is a rule of the group that speaks to `agent`; an emptied rule still ends its group's names."""
    left = [
        line if not _RULE.match(line) or ((found := _DISALLOW.match(line)) and found[1] == value) else "Disallow:"
        for line in lines
    ]
    return not Protego.parse("\n".join(left)).can_fetch(url, agent)
