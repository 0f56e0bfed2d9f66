"""A portal that publishes, edits, withdraws, breaks and moves, against a poller that crashes: the promises hold.

The invariants are those of the specification (I1-I8, I16): one article, one id for ever; shown once, never missing
unless it is withdrawn; shown dates never move; `updated` never goes backwards; after the faults all that is listed is
stored, once.
"""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from feedsvc.backup import Contents, Manner, back_up, restore
from feedsvc.config import Config
from feedsvc.errors import ExtractError, FetchError, LayoutChanged, LeaseLost, Malformed, Refused, TimedOut
from feedsvc.extract.identity import fingerprint, item_keys, make_id, stub_keys
from feedsvc.model import (
    NO_VALIDATORS,
    VIETNAM,
    Choice,
    Claim,
    Form,
    Item,
    Listing,
    Measure,
    MediaObject,
    NotModified,
    Page,
    PollResult,
    Query,
    Source,
    Stub,
    Validators,
)
from feedsvc.poller import BUDGET, Poller
from feedsvc.service import Service
from feedsvc.store import PATIENCE, SqlStore, open_store
from feedsvc.store.engine import connect
from feedsvc.store.tables import items

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HOST, OTHER_HOST = "https://sapa.example.vn", "https://tin.sapa.example.vn"
NEW_HOST = "xamoi.example.vn"
PER_PAGE = 5
FEWEST_KNOWN = 3
"""Known articles that make a list at other addresses the one that was known (reading.md 7)."""
SENTENCE = "bà con các thôn cùng dọn đường, khơi mương và sửa lại mái nhà văn hóa trước khi mùa rét về trên núi cao"
SPELLINGS = ("https://{}", "http://{}", "https://www.{}", "https://{}/", "https://{}?utm_source=zalo", "https://{}#top")
CONFIG = {
    "service": {"base_url": "https://feeds.example.org"},
    "source": [
        {
            "slug": "sapa",
            "title": "Sa Pa",
            "home": f"{HOST}/",
            "on_removed": "tombstone",
            "category": [
                {"slug": "tin-tuc", "title": "Tin tức", "url": f"{HOST}/tin-tuc"},
                {"slug": "chan", "title": "Tin chẵn", "url": f"{OTHER_HOST}/chan"},
            ],
        }
    ],
}


class Crash(BaseException):
    """The process ends here: nothing after this line runs."""


@dataclass
class Article:
    """An article of the portal; `edits` of its body and `names` it had are counted."""

    number: int
    day: datetime | None
    edits: int = 0
    names: int = 0

    @property
    def title(self) -> str:
        """The headline, of its own for every article."""
        return f"Thôn số {self.number} hoàn thành tuyến đường bê tông" + f" (lần {self.names})" * bool(self.names)

    @property
    def text(self) -> str:
        """The body, with a sentence for each correction."""
        named = f"Bài số {self.number}: {SENTENCE}. "
        return named * 3 + "".join(f"Đính chính lần {n}: bắt đầu lúc {n} giờ. " for n in range(self.edits))


@dataclass
class Portal:
    """A portal as a Fetcher, whose pages are JSON. `faults` answers instead of a page.

    `removed` are articles that were deleted, `denied` those that answered 404 while not all did.
    """

    clock: Callable[[], datetime]
    articles: dict[int, Article] = field(default_factory=dict)
    removed: dict[int, Article] = field(default_factory=dict)
    denied: set[int] = field(default_factory=set)
    denies_all: bool = False
    spelling: str = "https://{}"
    host: str = "sapa.example.vn"
    generation: int = 0
    faults: Callable[[str], FetchError | str | None] = lambda _url: None
    before: Callable[[], Awaitable[None]] | None = None

    async def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, form: Form | None = None
    ) -> Page | NotModified:
        if self.before:
            await self.before()
        fault = self.faults(url)
        if isinstance(fault, Refused) and kind_of(url) == ARTICLES and not self.denies_all:
            self.denied.add(number_in(url))
        if isinstance(fault, FetchError):
            raise fault
        body = fault if isinstance(fault, str) else json.dumps(self.answer(url))
        tag = f'"{abs(hash(body))}"'
        if validators.etag == tag:
            return NotModified(url=url, fetched_at=self.clock())
        return Page(
            url=url, final_url=url, status=200, body=body.encode(), content_type="application/json",
            validators=Validators(etag=tag), fetched_at=self.clock(),
        )  # fmt: skip

    async def measure(self, url: str, *, page: str = "") -> Measure:
        if self.before:
            await self.before()
        fault = self.faults(url)
        if isinstance(fault, FetchError):
            raise fault
        return Measure(url=url, status=200, mime="image/jpeg", length=1234)

    def answer(self, url: str) -> dict[str, Any]:
        path = url.partition("?page=")[0]
        if path.endswith(("/tin-tuc", "/chan")):
            return self.listing(path, int(url.partition("?page=")[2] or 1))
        number = number_in(url)
        if number not in self.articles:
            self.denied.add(number)
            raise Refused(f"{url} answered 404", url=url, status=404)
        one = self.articles[number]
        return {
            "title": one.title,
            "text": one.text,
            "day": one.day and one.day.isoformat(),
            "image": f"{HOST}/{number}.jpg",
        }

    def listed(self, path: str) -> list[int]:
        return sorted((n for n in self.articles if path.endswith("/tin-tuc") or n % 2 == 0), reverse=True)

    def listing(self, path: str, page: int) -> dict[str, Any]:
        numbers = self.listed(path)
        here = numbers[(page - 1) * PER_PAGE : page * PER_PAGE]
        rows = [{"url": self.address(n), "title": self.articles[n].title} for n in here]
        return {"rows": rows, "next": f"{path}?page={page + 1}" if page * PER_PAGE < len(numbers) else None}

    def address(self, number: int) -> str:
        """Generation 1 has another slug and the same native number; generation 2 another shape without number."""
        path = (
            f"tin-tuc/thon-so-{number}-xong-duong-{1_100_000 + number}",
            f"tin-tuc/duong-thon-so-{number}-{1_100_000 + number}",
            f"bai-viet/duong-thon-so-{number}-xong",
        )[self.generation]
        return self.spelling.format(f"{self.host}/{path}")


class Here:
    """Reads the portal's JSON in this process, with the identity of real pages."""

    async def listing(
        self,
        page: Page,
        source: Source,
        shape: str = "",
        familiar: Collection[str] = frozenset(),
        usual: int = 0,
    ) -> Listing:
        told = json.loads(page.body)
        if not told.get("rows"):
            raise LayoutChanged(f"no list on {page.url}")
        stubs = tuple(Stub(keys=stub_keys(row["url"]), url=row["url"], title=row["title"]) for row in told["rows"])
        return Listing(title="", stubs=stubs, next_url=told["next"], digest=str(hash(stubs)))

    async def is_same_list(self, page: Page, shape: str, imprint: str) -> bool:
        return False

    async def article(self, page: Page, stub: Stub, source: Source) -> Item:
        told = json.loads(page.body)
        if "text" not in told:
            raise ExtractError(f"no article on {page.url}")
        day = datetime.fromisoformat(told["day"]) if told["day"] else None
        media = (MediaObject(url=told["image"], kind="image"),)
        return Item(
            keys=item_keys(page.final_url, None, told["title"], day, told["text"], source.timezone),
            source=source.slug, url=page.final_url, title=told["title"], html=f"<p>{told['text']}</p>", text=told["text"],
            published=day, precision="day" if day else None, first_seen=page.fetched_at, shown=page.fetched_at,
            updated=page.fetched_at, media=media, fingerprint=fingerprint(told["title"], "", told["text"], media),
        )  # fmt: skip


SIDE_BLOCK = json.dumps(
    {"rows": [{"url": f"{HOST}/video/phim-so-{n}", "title": f"Phim {n}"} for n in range(6)], "next": None}
)
FAULTS: dict[str, Callable[[str], FetchError | str]] = {
    "404": lambda url: Refused("404", url=url, status=404),
    "503": lambda url: Refused("503", url=url, status=503),
    "hangs": lambda url: TimedOut("hangs", url=url),
    "cut": lambda url: Malformed("cut", url=url),
    "empty": lambda _url: "{}",
    "side block": lambda _url: SIDE_BLOCK,
}
FIRST, NEXT, ARTICLES, PICTURES = "first", "next", "articles", "pictures"


def kind_of(url: str) -> str:
    """Which kind of page an address is."""
    if url.endswith(".jpg"):
        return PICTURES
    return NEXT if "?page=" in url else FIRST if url.endswith(("/tin-tuc", "/chan")) else ARTICLES


def number_in(url: str) -> int:
    """Which article an address is of."""
    named = url.partition("-so-")[2].partition("?")[0].partition("#")[0].split("-")[0]
    return int("".join(c for c in named if c.isdigit()))


def number_of(item: Item) -> int:
    """Which article an item is."""
    return int(item.title.split()[2])


class Line(RuleBasedStateMachine):
    """One source with two categories on two hosts, polled by hand."""

    template: Path

    @initialize(size=st.integers(1, 18))
    def open(self, size: int) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "feedsvc.db"
        shutil.copy(self.template, self.file)
        self.moment = START
        self.portal = Portal(clock=self.now)
        self.next_number = 1
        self.config = Config.model_validate(CONFIG)
        self.categories = {one.slug: one for one in self.config.categories()}
        (self.source,) = self.config.sources()
        self.backup = Path(self.folder.name) / "backup.db"
        self.copied: dict[int, Item] = {}
        self.ids: dict[tuple[int, int, str], str] = {}
        self.seen: dict[int, Item] = {}
        self.floor: dict[str, int] = {}
        self.copied_floor: dict[str, int] = {}
        self.shown: dict[str, Any] = {}
        self.store: SqlStore | None = None
        self.restart()
        self.publish(size)

    def now(self) -> datetime:
        return self.moment

    @rule()
    def restart(self) -> None:
        """A new process over the old database."""
        if self.store:
            self.store.close()
        self.store = open_store(f"sqlite:///{self.file}")
        self.store.sync(self.config.sources(), self.config.categories(), self.now())
        self.store.release_owner("test")
        self.service = Service(self.config, self.store, self.now)
        self.poller = self.build(self.store)

    def build(self, store: Any) -> Poller:
        return Poller(
            fetcher=lambda: self.portal, reading=Here(), store=store, clock=self.now, jitter=lambda: 0.0,
            make_id=lambda slug, key, generation: make_id("example.org,2026", slug, key, generation),
        )  # fmt: skip

    @rule()
    def keep_copy(self) -> None:
        """A backup, while all goes on."""
        back_up(self.store.database, self.backup, Contents())
        self.copied, self.copied_floor = dict(self.seen), dict(self.floor)

    @precondition(lambda self: self.backup.exists())
    @rule()
    def put_back(self) -> None:
        """An older day comes back: what was seen since is unknown again, and must get the ids that it had (I14)."""
        self.store.close()
        manner = Manner(now=self.now())
        database = connect(f"sqlite:///{self.file}", PATIENCE)
        restore(database, self.backup, Path(self.folder.name), manner)
        database.close()
        self.seen, self.floor = dict(self.copied), dict(self.copied_floor)
        self.restart()

    # The portal ------------------------------------------------------------------------------------------------------

    @rule(count=st.integers(1, 30) | st.integers(100, 140))
    def publish(self, count: int) -> None:
        """News, also more of it between two polls than one poll can follow."""
        for number in range(self.next_number, self.next_number + count):
            day = None if number % 4 == 0 else datetime(2026, 11, 1, tzinfo=VIETNAM) + timedelta(days=number % 19)
            self.portal.articles[number] = Article(number=number, day=day)
        self.next_number += count

    @precondition(lambda self: self.portal.articles)
    @rule(data=st.data())
    def edit_body(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(sorted(self.portal.articles.values(), key=lambda one: one.number))).edits += 1

    @precondition(lambda self: self.portal.articles and self.portal.generation < 2)
    @rule(data=st.data())
    def edit_title(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(sorted(self.portal.articles.values(), key=lambda one: one.number))).names += 1

    @precondition(lambda self: len(self.portal.articles) > 1)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.portal.articles)))
        self.portal.removed[number] = self.portal.articles.pop(number)

    @precondition(lambda self: self.known_and_removed() and self.portal.generation < 2)
    @rule(data=st.data())
    def bring_back(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.known_and_removed()))
        self.portal.articles[number] = self.portal.removed.pop(number)

    def known_and_removed(self) -> list[int]:
        """Articles that are gone from the portal and stored in all their categories.

        One that nobody met before it went, and that comes back in the middle of a list, is no news to anyone.
        """
        met = {number: len(item.categories) for number, item in self.seen.items()}
        return sorted(number for number in self.portal.removed if met.get(number, 0) == 2 - number % 2)

    @rule(spelling=st.sampled_from(SPELLINGS))
    def spell_addresses(self, spelling: str) -> None:
        self.portal.spelling = spelling

    @rule()
    def move_house(self) -> None:
        """Articles are on another host, or back; the person who runs the service has said so (`formerly`)."""
        before = self.portal.host
        self.portal.host = "sapa.example.vn" if before == NEW_HOST else NEW_HOST
        self.source = replace(self.source, home=f"https://{self.portal.host}/", formerly=(before,))

    @rule()
    def move_addresses(self) -> None:
        """A generation without numbers is recognised by words alone: they must be those that were seen last."""
        one_more = self.portal.generation + 1
        known = all(
            item.fingerprint and (item.title == article.title) and article.day
            for item in self.seen.values()
            if (article := self.portal.articles.get(number_of(item)))
        )
        if one_more == 1 or (one_more == 2 and known):
            self.portal.generation = one_more

    @rule(kind=st.sampled_from([FIRST, NEXT, ARTICLES, PICTURES]), fault=st.sampled_from(sorted(FAULTS)))
    def break_pages(self, kind: str, fault: str) -> None:
        if kind == NEXT and fault in {"404", "empty", "side block"}:
            return  # there a pager ends, as far as anyone can tell: what lies behind is given up
        if fault == "side block" and not all(self.has_history(slug) for slug in self.categories):
            return  # at first sight nobody can tell another block from the list
        self.portal.faults = lambda url: FAULTS[fault](url) if kind_of(url) == kind else None
        self.portal.denies_all = True

    def has_history(self, slug: str) -> bool:
        return bool(self.store.items(Query(categories=(("sapa", slug),)), 1))

    @rule(fault=st.sampled_from(["404", "hangs", "empty"]), remainder=st.integers(0, 2))
    def break_some_articles(self, fault: str, remainder: int) -> None:
        self.portal.denies_all = False
        self.portal.faults = lambda url: (
            FAULTS[fault](url) if kind_of(url) == ARTICLES and sum(url.encode()) % 3 == remainder else None
        )

    @rule()
    def mend(self) -> None:
        self.portal.faults = lambda _url: None

    # Time ------------------------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 5, 30, 24 * 40, -3, -24 * 3]))
    def pass_time(self, hours: int) -> None:
        self.moment += timedelta(hours=hours)

    # The poller ------------------------------------------------------------------------------------------------------

    def claim(self, slug: str) -> Claim | None:
        claims = self.store.claim_due(self.now(), 1, owner="test", only=("sapa", slug))
        return claims[0] if claims else None

    async def poll_once(self, slug: str, poller: Poller | None = None) -> PollResult | None:
        claim = self.claim(slug)
        if claim is None:
            return None
        result = await (poller or self.poller).poll(claim, self.source, self.categories[slug])
        if result.outcome in {"ok", "unchanged"} and not result.state.depth and slug not in self.floor:
            listed = self.portal.listed(self.categories[slug].url)[: PER_PAGE * self.categories[slug].pages]
            self.floor[slug] = listed[-1] if listed else self.next_number
        return result

    slugs = st.sampled_from(["tin-tuc", "chan"])

    @rule(slug=slugs)
    def poll(self, slug: str) -> None:
        self.moment += timedelta(minutes=15)
        self.loop.run_until_complete(self.poll_once(slug))

    @precondition(lambda self: len(self.portal.articles) > 1)
    @rule(slug=slugs, data=st.data())
    def withdraw_and_follow(self, slug: str, data: st.DataObject) -> None:
        """Articles go while the portal is well, and polls come often enough for looks at them, and for more looks."""
        self.mend()
        self.poll(slug)
        for _ in range(min(data.draw(st.integers(1, 3)), len(self.portal.articles) - 1)):
            self.withdraw(data=data)
        for _ in range(8):
            self.moment += timedelta(hours=7)
            self.loop.run_until_complete(self.poll_once(slug))

    @rule(slug=slugs)
    def poll_without_time(self, slug: str) -> None:
        """A portal so slow that nothing can be visited."""
        self.poller.budget = timedelta(0)
        self.poll(slug)
        self.poller.budget = BUDGET

    @rule(slug=slugs, step=st.integers(0, 60))
    def crash(self, slug: str, step: int) -> None:
        """The process dies before or after any request or any touch of the database, and is started again."""
        steps: Iterator[int] = iter(range(step))
        fragile = Fragile(self.store, steps)
        self.portal.before = fragile.tread_softly
        self.moment += timedelta(minutes=15)
        try:
            self.loop.run_until_complete(self.poll_once(slug, self.build(fragile)))
        except Crash:
            self.restart()
        finally:
            self.portal.before = None

    @rule(slug=slugs)
    def lose_the_lease(self, slug: str) -> None:
        """A poll that slept past its lease: another took over, and this one stores nothing."""
        late = self.claim(slug)
        self.moment += timedelta(minutes=25)
        self.loop.run_until_complete(self.poll_once(slug))
        if late:
            with pytest.raises(LeaseLost):
                self.loop.run_until_complete(self.poller.poll(late, self.source, self.categories[slug]))

    @rule(step=st.integers(1, 40))
    def poll_side_by_side(self, step: int) -> None:
        """While one category is polled, another process polls the other: both meet the same new articles."""
        left = iter(range(step))

        async def meanwhile() -> None:
            if next(left, None) is None:
                self.portal.before = None
                await self.poll_once("chan")

        self.moment += timedelta(minutes=15)
        self.portal.before = meanwhile
        self.loop.run_until_complete(self.poll_once("tin-tuc"))
        self.portal.before = None

    @rule()
    def recover(self) -> None:
        """After the faults, all that the portal lists to the set depth is stored exactly once.

        But where a list beyond recognition is held in doubt, as it must be: then all stays as it was, and is told.
        """
        self.mend()
        self.moment = max(self.moment, START)
        for slug, category in self.categories.items():
            if not self.portal.listed(category.url):
                continue
            before = list(self.stored())
            for _ in range(60):
                self.moment += timedelta(minutes=15)
                result = self.loop.run_until_complete(self.poll_once(slug))
                if result and result.outcome in {"ok", "unchanged"} and not result.state.depth:
                    break
            else:
                if result and result.outcome == "suspicious" and self.is_beyond_recognition(slug):
                    assert result.state.problem
                    assert list(self.stored()) == before, "a doubted list changed what is stored"
                    continue
                raise AssertionError(f"{slug} never comes to rest: {result}")
            listed = [n for n in self.portal.listed(category.url) if n >= self.floor.get(slug, 1)]
            stored = [number_of(item) for item in self.stored() if slug in item.categories]
            missing = set(listed) - set(stored)
            assert not missing, f"{slug} lists {sorted(missing)}, which are not stored"

    def is_beyond_recognition(self, slug: str) -> bool:
        """Whether the list has addresses of another kind and too few of the known articles to be told by (reading.md 7)."""
        stored = {number_of(item) for item in self.store.items(Query(categories=(("sapa", slug),)), 5000)}
        listed = self.portal.listed(self.categories[slug].url)
        return self.portal.generation == 2 and len(stored.intersection(listed)) < FEWEST_KNOWN

    # The promises ----------------------------------------------------------------------------------------------------

    def stored(self) -> Iterable[Item]:
        """All that is stored, shown or withdrawn."""
        with self.store.database.reading() as db:
            hidden = [row.number for row in db.execute(sa.select(items.c.number).where(items.c.withdrawn.is_not(None)))]
        shown = self.store.items(Query(categories=(("sapa", "tin-tuc"), ("sapa", "chan"))), 5000)
        return [*shown, *(self.store.item(number) for number in hidden)]

    @invariant()
    def promises_hold(self) -> None:
        stored = list(self.stored())
        assert len({item.id for item in stored}) == len(stored)
        by_number = {number_of(item): item for item in stored}
        twice = [item for item in stored if item is not by_number[number_of(item)]]
        assert not twice, [(one.id, one.keys) for one in stored if number_of(one) == number_of(twice[0])]
        assert len({item.updated for item in stored}) == len(stored), "two items share `updated`"
        for item in stored:
            assert item.missing is None or number_of(item) in self.portal.denied, "missing, and it was always there"
            assert item.withdrawn is None or item.withdrawn - item.missing >= timedelta(hours=1)
        for number, before in self.seen.items():
            assert number in by_number, f"article {number} is gone"
            after = by_number[number]
            assert (after.id, after.shown, after.first_seen) == (before.id, before.shown, before.first_seen)
            assert after.updated >= before.updated
            changed = after.fingerprint != before.fingerprint
            assert changed == (after.revision != before.revision) == (after.updated != before.updated)
            assert bool(after.fingerprint) >= bool(before.fingerprint), "a whole item became short"
            assert set(before.categories) <= set(after.categories)
        for number in by_number.keys() - self.seen.keys():
            # An id is made of the address of the first sight: where the portal has that again, it is the same.
            place = (number, self.portal.generation, self.portal.host)
            had = self.ids.setdefault(place, by_number[number].id)
            assert by_number[number].id == had, f"article {place} was {had}, and is {by_number[number].id}"
        self.seen = by_number

    @invariant()
    def feeds_can_be_read(self) -> None:
        for path in ("sapa", "sapa/chan"):
            feed = self.service.feed(path, choice=Choice(limit=10))
            told = (self.service.revision(path), [(one.id, one.updated) for one in feed.items], feed.deleted)
            if self.shown.get(path, (None,))[0] == told[0]:
                assert self.shown[path] == told, "the feed changed without a word"
                continue
            self.shown[path] = told
            assert not {item.id for item in feed.items} & {gone.id for gone in feed.deleted}
            for name in ("rss", "atom", "json"):
                assert self.service.document(path, name, Choice(limit=10))

    def teardown(self) -> None:
        if getattr(self, "store", None):
            try:
                self.recover()
                self.promises_hold()
            finally:
                self.store.close()
                self.folder.cleanup()
                self.loop.run_until_complete(self.loop.shutdown_default_executor())
                self.loop.close()


class Fragile:
    """A store, and a step in the portal, that end the process when the steps are used up."""

    def __init__(self, store: SqlStore, steps: Iterator[int]) -> None:
        self._store, self._steps = store, steps

    async def tread_softly(self) -> None:
        self._step()

    def _step(self) -> None:
        if next(self._steps, None) is None:
            raise Crash

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def touched(*args: Any, **kwargs: Any) -> Any:
            self._step()
            found = getattr(self._store, name)(*args, **kwargs)
            self._step()
            return found

        return touched


def test_the_promises_hold_whatever_happens(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """No order of news, edits, faults, moves, crashes and clocks loses, doubles or renames an article."""
    Line.template = tmp_path / "template.db"
    open_store(f"sqlite:///{Line.template}").close()
    run_state_machine_as_test(
        Line,
        settings=settings(
            max_examples=pytestconfig.getoption("--line-examples", 25),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
