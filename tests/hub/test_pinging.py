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


class Slower:
    """An outbox whose first answer is older than what another process writes down meanwhile."""

    def __init__(self, outbox, clock) -> None:
        self.outbox, self.clock, self.asked = outbox, clock, 0

    def __getattr__(self, name):
        return getattr(self.outbox, name)

    def topics(self):
        known = self.outbox.topics()
        self.asked += 1
        for topic in known.values() if self.asked == 1 else ():
            assert self.outbox.announce(topic, topic.revision + 1, self.clock())
        return known


async def test_a_change_that_two_processes_see_at_once_is_announced(house, push, subscriber) -> None:
    """One that writes down an older look just before ours does not make us overlook what is newer."""
    await push.drain()
    house.article("Một")
    house.article("Hai")
    push._errands._outbox = Slower(house.store.outbox, house.clock)
    await push.drain()
    revisions = {topic.revision for topic in house.store.outbox.topics().values() if topic.path == "suoi-bac"}
    assert revisions == {house.publication().revision("suoi-bac").number}
    assert len(set(topics(subscriber))) == 9
