"""A hub elsewhere hears of each change, once, when it is there to hear it (WebSub, 6)."""

import pytest

from feedsvc.hub.patience import PAUSES

PATHS = ("suoi-bac", "suoi-bac/tin-tuc")


@pytest.fixture
def house(open_house, subscriber):
    """A house whose feeds name a hub elsewhere: the stand-in."""
    found = open_house(f'[websub]\nhub = "{subscriber.callback("/hub")}"')
    found.article("Trường mới khánh thành")
    return found


def topics(subscriber) -> list[str]:
    """Of which changes the hub heard."""
    told = [one.form() for one in subscriber.all("POST")]
    assert all(one["hub.mode"] == "publish" and one["hub.url"] == one["hub.topic"] for one in told)
    return sorted(one["hub.topic"].removeprefix("https://feeds.example.org/feeds/") for one in told)


async def test_a_change_is_announced_once_for_each_document_of_it(house, push, subscriber) -> None:
    """The feeds that hold the item, in each format, and no other; nothing of what was there before we began."""
    await push.drain()
    assert topics(subscriber) == []
    house.article("Đoàn văn công về bản")
    await push.drain()
    assert topics(subscriber) == sorted(f"{path}.{kind}" for path in PATHS for kind in ("atom", "json", "rss"))
    await push.drain()
    await house.push().drain()
    assert topics(subscriber) == []


async def test_a_restart_forgets_no_change(house, push, subscriber) -> None:
    """What was stored while nobody announced is announced by the next process."""
    await push.drain()
    house.article("Giá chè lên cao")
    await house.push().drain()
    assert len(topics(subscriber)) == 6


async def test_a_hub_that_is_away_is_told_when_it_is_back(house, push, subscriber) -> None:
    """Once for all changes since."""
    await push.drain()
    subscriber.replies["/hub"].statuses = [500] * 6
    house.article("Một")
    await push.drain()
    assert len(topics(subscriber)) == 6
    house.article("Hai")
    await push.drain()
    assert topics(subscriber) == []
    house.clock.pass_time(PAUSES[0].total_seconds() * 1.21)
    await push.drain()
    assert len(topics(subscriber)) == 6
    house.clock.pass_time(86400)
    await push.drain()
    assert topics(subscriber) == []


async def test_a_hub_that_nobody_answers_at_breaks_nothing(open_house) -> None:
    """The pings wait; the guard holds for a hub too."""
    house = open_house('[websub]\nhub = "http://127.0.0.1:1/hub"')
    push = house.push()
    await push.drain()
    house.article("Ba")
    await push.drain()
    assert house.store.outbox.waiting(house.clock()).pings == 0
    house.clock.pass_time(86400)
    assert house.store.outbox.waiting(house.clock()).pings == 6


def test_without_a_hub_nobody_is_told(open_house) -> None:
    """`hub = "off"` means that nothing is called."""
    assert open_house('[websub]\nhub = "off"').push() is None
