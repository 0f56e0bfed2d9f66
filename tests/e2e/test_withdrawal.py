"""A portal withdraws an article, is down, brings it back, corrects it: what readers get, over real HTTP, time passed in."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from loopback import Portal
from lxml import etree

from feedsvc.config import load_config
from feedsvc.extract.identity import make_id
from feedsvc.model import PollResult
from feedsvc.poller import Poller
from feedsvc.reading import Reading
from feedsvc.service import Service
from feedsvc.store import Store, open_store
from feedsvc.web import create_app
from feedsvc.worker import open_fetchers

FEED = "/feeds/cong-0/tin-tuc"
NAMES = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
HALF_HOUR = timedelta(minutes=30)


@dataclass
class House:
    """A poller of one category of the sample portal, and its web, under one clock."""

    portal: Portal
    store: Store
    poller: Poller
    service: Service
    moment: list[datetime]

    def __post_init__(self) -> None:
        self.client = create_app(self.service, monotonic=self.seconds).test_client()

    def seconds(self) -> float:
        """The clock's monotonic side."""
        return self.moment[0].timestamp()

    async def poll(self) -> PollResult:
        """One poll, half an hour after the last."""
        self.moment[0] += HALF_HOUR
        (claim,) = self.store.claim_due(self.moment[0], 1, owner="test", only=("cong-0", "tin-tuc"))
        (source,), (category,) = self.service.config.sources(), self.service.config.categories()
        return await self.poller.poll(claim, source, category)

    async def poll_until(self, condition: Callable[[], Any], hours: int) -> None:
        """Polls until something is so; fails when it is not within some hours."""
        for _ in range(2 * hours):
            await self.poll()
            if condition():
                return
        pytest.fail(f"not within {hours} hours")

    def get(self, ending: str) -> bytes:
        """The feed in a format."""
        answer = self.client.get(f"{FEED}.{ending}")
        assert answer.status_code == 200
        return bytes(answer.get_data())

    def atom(self, path: str) -> list[Any]:
        """What an expression finds in the Atom feed."""
        found: list[Any] = etree.fromstring(self.get("atom")).xpath(path, namespaces=NAMES)
        return found

    def entry(self, title: str) -> dict[str, str]:
        """Id, published and updated of the entry whose title begins so; empty without one."""
        for entry in self.atom("a:entry"):
            if entry.findtext("a:title", namespaces=NAMES).startswith(title):
                return {name: entry.findtext(f"a:{name}", namespaces=NAMES) for name in ("id", "published", "updated")}
        return {}


@pytest.fixture
async def house(portal: Portal, configure: Callable[..., Path]) -> AsyncIterator[House]:
    """A service that has read the sample portal once, and is told of withdrawals by tombstones."""
    file = configure(portal, port=8080, every="15m", categories=("tin-tuc",))
    file.write_text(file.read_text("utf-8").replace('title = "Cổng 0"', 'title = "Cổng 0"\non_removed = "tombstone"'))
    moment = [datetime.now(UTC).replace(microsecond=0)]
    config, reading = load_config(file, {}), Reading(workers=1)
    store = open_store(config.database)
    store.sync(config.sources(), config.categories(), moment[0])
    service = Service(config, store, lambda: moment[0])
    async with open_fetchers(config, lambda: moment[0]) as fetcher:
        poller = Poller(
            fetcher=fetcher, reading=reading, store=store, clock=lambda: moment[0],
            make_id=lambda slug, key, generation: make_id("example.org,2026", slug, key, generation),
        )  # fmt: skip
        house = House(portal=portal, store=store, poller=poller, service=service, moment=moment)
        while (await house.poll()).state.depth:
            pass
        yield house
    reading.close()
    store.close()


def newest(portal: Portal, place: int = 3) -> dict[str, Any]:
    """An article of the category, not the newest one."""
    found = [one for one in portal.report()["articles"] if one["category"] == "tin-tuc" and one["title"]]
    return dict(found[place])


async def test_a_withdrawn_article_leaves_a_tombstone_and_comes_back(house: House) -> None:
    """After two looks Atom tells that it is deleted, RSS and JSON have dropped it, its page is gone; then all is undone."""
    article = newest(house.portal)
    before = house.entry(article["title"])
    (number,) = [one.number for one in house.service.feed("cong-0/tin-tuc").items if one.title == article["title"]]
    assert not house.atom("at:deleted-entry")
    house.portal.control(withdraw=article["number"])
    polls = await house.poll()
    assert polls.outcome == "ok"
    assert house.entry(article["title"]) == before, "it left the list alone"
    await house.poll_until(lambda: house.atom("at:deleted-entry"), 12)
    (tombstone,) = house.atom("at:deleted-entry")
    assert tombstone.get("ref") == before["id"]
    item = house.store.item(number)
    assert item.withdrawn - item.missing >= timedelta(hours=1)
    assert not house.entry(article["title"])
    assert before["id"].encode() not in house.get("rss")
    assert before["id"] not in {one["id"] for one in json.loads(house.get("json"))["items"]}
    assert house.client.get(f"/items/{number}").status_code == 410
    house.portal.control(restore=article["number"])
    await house.poll_until(lambda: house.entry(article["title"]), 25)
    assert house.entry(article["title"]) == before
    assert not house.atom("at:deleted-entry")
    assert house.client.get(f"/items/{number}").status_code == 200


@pytest.mark.parametrize("under", ["/", "/1227/"])
async def test_a_portal_that_is_down_withdraws_nothing(house: House, under: str) -> None:
    """While all pages, or all articles, answer 404, no document changes; nor when the portal is well again."""
    before = {name: house.get(name) for name in ("rss", "atom", "json")}
    house.portal.control(mode="404", under=under)
    for _ in range(30):
        await house.poll()
    assert {name: house.get(name) for name in before} == before
    house.portal.control(mode="normal")
    for _ in range(10):
        await house.poll()
    assert {name: house.get(name) for name in before} == before


async def test_a_correction_moves_updated_alone(house: House) -> None:
    """Id and published stay in all formats, `updated` moves, and the item's page shows what was changed."""
    article = newest(house.portal)
    before = house.entry(article["title"])
    (number,) = [one.number for one in house.service.feed("cong-0/tin-tuc").items if one.title == article["title"]]
    house.portal.control(correct=article["number"])
    await house.poll_until(lambda: house.entry(article["title"])["updated"] != before["updated"], 12)
    after = house.entry(article["title"])
    assert (after["id"], after["published"]) == (before["id"], before["published"])
    assert datetime.fromisoformat(after["updated"]) > datetime.fromisoformat(before["updated"])
    page = etree.HTML(house.client.get(f"/items/{number}").get_data(as_text=True))
    (section,) = page.xpath("//section[@aria-labelledby='corrections']")
    assert any("(cập nhật)" in "".join(added.itertext()) for added in section.iter("ins"))
    assert any("Đính chính:" in "".join(added.itertext()) for added in section.iter("ins"))
    assert article["title"] in section.xpath("string(.//strong)")
