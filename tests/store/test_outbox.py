"""Who is told of what, on both databases: wishes, subscriptions, topics, and who takes which row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from feedsvc.model import Choice, Intent, Subscription, Topic
from feedsvc.store import Outbox, Room, open_store
from feedsvc.store.subscribing import MOST_AT_A_TOPIC, MOST_PENDING, MOST_PENDING_IN_ALL
from feedsvc.store.taking import FARTHEST, LEASE

URL = "https://feeds.example.org/feeds/sapa.rss"
TOPIC = Topic(url=URL, path="sapa", format="rss")
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def outbox(store) -> Outbox:
    """An empty outbox."""
    return store.outbox


def room(limit: int = 100, at_a_host: int = 100, **busy: int) -> Room:
    """Room for many calls."""
    return Room(limit=limit, at_a_host=at_a_host, busy=busy)


def wish(number: int = 1, mode: str = "subscribe", **more) -> Intent:
    """What a subscriber asks for."""
    plain = {
        "topic": URL,
        "callback": f"https://doc-{number}.example.vn/tin?so={number}",
        "mode": mode,
        "lease": 5 * DAY,
        "secret": "bí mật",
        "asked_by": f"192.0.2.{number}",
    }
    return Intent(**(plain | more))


def ask(outbox: Outbox, intent: Intent, now: datetime, topic: Topic = TOPIC) -> str:
    """Asks for a topic at its address."""
    return outbox.ask(intent, replace(topic, url=intent.topic), now)


def subscribe(outbox: Outbox, now: datetime, number: int = 1, told: str = "cũ", **more) -> None:
    """A wish, verified at once."""
    assert ask(outbox, wish(number, **more), now) == "asked"
    (taken,) = outbox.take_intents(now, room())
    assert outbox.grant(taken, now, told)


def take(outbox: Outbox, now: datetime, **limits) -> list[Subscription]:
    """Who is to be told now."""
    return outbox.take_deliveries(now, room(**limits))


def change(outbox: Outbox, digest: str, now: datetime) -> None:
    """The document of the topic changes."""
    topic = outbox.topic(URL)
    assert outbox.note(topic, topic.revision + 1, digest, now)


def test_a_wish_comes_back_word_for_word(outbox, now) -> None:
    """What was asked for is what is verified, its secret and its callback's query included."""
    ask(outbox, wish(), now)
    assert outbox.waiting(now).intents == 1
    (taken,) = outbox.take_intents(now, room())
    assert replace(taken, token="") == wish()
    assert taken.token
    assert outbox.counts(now) == (0, 1)


def test_what_is_taken_is_nobody_elses_until_its_time_is_over(outbox, now) -> None:
    """A second process gets nothing, until the first one must have died; then the first one's word counts no more."""
    ask(outbox, wish(), now)
    (first,) = outbox.take_intents(now, room())
    assert outbox.take_intents(now + LEASE - SECOND, room()) == []
    (second,) = outbox.take_intents(now + LEASE, room())
    assert not outbox.grant(first, now, "")
    assert outbox.counts(now) == (0, 1)
    assert outbox.grant(second, now + LEASE, "")
    assert outbox.counts(now) == (1, 0)


def test_a_new_wish_takes_the_place_of_the_old_one(outbox, now) -> None:
    """The verification of a wish that was replaced meanwhile counts no more: the newer one has still to be verified."""
    ask(outbox, wish(), now)
    (old,) = outbox.take_intents(now, room())
    ask(outbox, wish(secret="mới"), now)
    assert not outbox.grant(old, now, "")
    (new,) = outbox.take_intents(now, room())
    assert new.secret == "mới"


def test_a_subscription_keeps_its_terms_until_the_new_ones_are_verified(outbox, now) -> None:
    """Another lease and secret count from the verification on; one that is refused changes nothing."""
    subscribe(outbox, now, lease=2 * DAY)
    ask(outbox, wish(secret="khác", lease=9 * DAY), now)
    (asked,) = outbox.take_intents(now, room())
    change(outbox, "mới", now)
    (told,) = take(outbox, now)
    assert (told.secret, told.until) == ("bí mật", now + 2 * DAY)
    outbox.refuse(asked)
    assert outbox.counts(now) == (1, 0)
    outbox.delivered(told, "mới", now)
    subscribe(outbox, now + SECOND, secret="khác", lease=9 * DAY)
    change(outbox, "mới nữa", now)
    (told,) = take(outbox, now)
    assert (told.secret, told.until) == ("khác", now + SECOND + 9 * DAY)


def test_an_unsubscription_counts_once_it_is_verified(outbox, now) -> None:
    """The wish alone ends nothing."""
    subscribe(outbox, now)
    ask(outbox, wish(mode="unsubscribe"), now)
    assert outbox.counts(now) == (1, 1)
    (taken,) = outbox.take_intents(now, room())
    assert outbox.grant(taken, now, "")
    assert outbox.counts(now) == (0, 0)


def test_a_change_makes_those_due_who_have_something_else(outbox, now) -> None:
    """A fresh subscriber, told that he has the document as it is, hears of the next change alone."""
    subscribe(outbox, now, 1, told="cũ")
    subscribe(outbox, now, 2, told="mới")
    change(outbox, "mới", now)
    (told,) = take(outbox, now)
    assert told.callback == wish(1).callback
    outbox.delivered(told, "mới", now)
    assert take(outbox, now + DAY) == []
    change(outbox, "mới nữa", now)
    assert len(take(outbox, now)) == 2


def test_a_change_while_one_is_told_is_told_next(outbox, now) -> None:
    """Whoever got the document before last is due again at once, and only once."""
    subscribe(outbox, now)
    change(outbox, "hai", now)
    (told,) = take(outbox, now)
    change(outbox, "ba", now)
    assert take(outbox, now) == []
    outbox.delivered(told, "hai", now)
    (again,) = take(outbox, now)
    assert again.told == "hai"
    outbox.delivered(again, "ba", now)
    assert take(outbox, now + DAY) == []


def test_whoever_is_not_there_is_told_later_of_what_is_then(outbox, now) -> None:
    """Changes meanwhile neither hasten the next try nor pile up."""
    subscribe(outbox, now)
    change(outbox, "hai", now)
    (told,) = take(outbox, now)
    outbox.missed(told, attempt=1, due=now + 30 * SECOND)
    change(outbox, "ba", now)
    assert take(outbox, now + 29 * SECOND) == []
    (again,) = take(outbox, now + 30 * SECOND)
    assert (again.attempt, again.told) == (1, "cũ")
    outbox.delivered(again, "ba", now)
    assert take(outbox, now + DAY) == []


def test_whoever_renews_is_told_at_once_what_he_missed(outbox, now) -> None:
    """A subscriber who was away and comes back need not wait for the next try."""
    subscribe(outbox, now)
    change(outbox, "hai", now)
    (told,) = take(outbox, now)
    outbox.missed(told, attempt=5, due=now + timedelta(hours=2))
    subscribe(outbox, now + SECOND, told="hai")
    (again,) = take(outbox, now + SECOND)
    assert (again.told, again.attempt) == ("cũ", 0)


def test_a_lease_ends(outbox, now) -> None:
    """After it nobody is told, nothing is left, and who subscribes again begins anew."""
    subscribe(outbox, now, lease=DAY)
    change(outbox, "hai", now)
    assert take(outbox, now + DAY) == []
    assert outbox.subscribed(now + DAY) == []
    assert outbox.counts(now + DAY) == (0, 0)
    subscribe(outbox, now + DAY, told="hai")
    assert take(outbox, now + DAY) == []
    assert outbox.expire(now + DAY) == 0
    assert outbox.expire(now + 6 * DAY) == 1
    assert outbox.topic(URL) is None


def test_a_callback_that_is_gone_ends_its_subscription_unless_it_was_renewed(outbox, now) -> None:
    """410 is about the subscription that was told, not about one that came since."""
    subscribe(outbox, now)
    change(outbox, "hai", now)
    (told,) = take(outbox, now)
    subscribe(outbox, now + SECOND)
    assert not outbox.end(told, now)
    (told,) = take(outbox, now + SECOND)
    assert outbox.end(told, now)
    assert outbox.counts(now) == (0, 0)


def test_the_quicker_process_writes_down_how_a_topic_stands(outbox, now) -> None:
    """A look that began before another one ended does not turn the topic back."""
    subscribe(outbox, now)
    seen = outbox.topic(URL)
    assert outbox.note(seen, 2, "hai", now)
    assert not outbox.note(seen, 1, "một", now)
    assert outbox.topic(URL).digest == "hai"


def test_limits_hold(outbox, now) -> None:
    """Ten wishes of one address, a thousand in all; whoever repeats a wish takes no second place."""
    for number in range(MOST_PENDING):
        assert ask(outbox, wish(number, asked_by="192.0.2.1"), now) == "asked"
    assert ask(outbox, wish(0, asked_by="192.0.2.1"), now) == "asked"
    assert ask(outbox, wish(99, asked_by="192.0.2.1"), now) == "too-many-pending"
    assert ask(outbox, wish(99, asked_by="192.0.2.2"), now) == "asked"


def test_a_topic_has_a_thousand_subscribers_at_most(outbox, now, monkeypatch) -> None:
    """The next one is refused, but whoever is one of them may renew, and ending is always possible."""
    monkeypatch.setattr("feedsvc.store.subscribing.MOST_AT_A_TOPIC", 3)
    for number in range(3):
        subscribe(outbox, now, number)
    assert ask(outbox, wish(9), now) == "full"
    assert ask(outbox, wish(2), now) == "asked"
    assert ask(outbox, wish(1, "unsubscribe"), now) == "asked"
    assert ask(outbox, wish(9, topic=f"{URL}?limit=5"), now) == "asked"
    assert ask(outbox, wish(9), now + 6 * DAY) == "asked"
    assert (MOST_AT_A_TOPIC, MOST_PENDING_IN_ALL) == (1000, 1000)


def test_all_together_are_bounded(outbox, now, monkeypatch) -> None:
    """However many addresses ask, and for however many topics."""
    monkeypatch.setattr("feedsvc.store.subscribing.MOST_PENDING_IN_ALL", 2)
    monkeypatch.setattr("feedsvc.store.subscribing.MOST_IN_ALL", 2)
    assert [ask(outbox, wish(number), now) for number in range(3)] == ["asked", "asked", "too-many-pending"]
    for taken in outbox.take_intents(now, room()):
        outbox.grant(taken, now, "")
    assert ask(outbox, wish(3, topic=f"{URL}?limit=5"), now) == "full"


def test_a_host_gets_few_calls_at_a_time_and_holds_up_nobody(outbox, now) -> None:
    """Subscribers behind one host wait for each other, those of other hosts don't."""
    for number in range(6):
        subscribe(outbox, now, number, callback=f"https://chung.example.vn/{number}")
    subscribe(outbox, now, 7)
    change(outbox, "hai", now)
    first = take(outbox, now, at_a_host=2)
    assert sorted(one.callback.split("/")[2] for one in first) == ["chung.example.vn"] * 2 + ["doc-7.example.vn"]
    busy = {"chung.example.vn:443": 2}
    assert outbox.take_deliveries(now, Room(limit=9, at_a_host=2, busy=busy)) == []
    assert len(outbox.take_deliveries(now, Room(limit=3, at_a_host=9, busy=busy))) == 3


def test_a_clock_that_was_wrong_holds_nothing_back(outbox, now) -> None:
    """What was put off by a clock far ahead is due when the clock is right again."""
    subscribe(outbox, now)
    change(outbox, "hai", now)
    (told,) = take(outbox, now)
    outbox.missed(told, attempt=1, due=now + FARTHEST + SECOND)
    assert len(take(outbox, now)) == 1


def test_the_choice_of_a_topic_is_kept(outbox, now) -> None:
    """A feed chosen by words and days is the same one after a restart."""
    choice = Choice(limit=5, search="sạt lở", since=datetime(2026, 3, 1, tzinfo=UTC), media="video")
    topic = replace(TOPIC, url=f"{URL}?q=sat%20lo", choice=choice)
    outbox.ask(wish(topic=topic.url), topic, now)
    assert outbox.topic(topic.url) == topic
    assert outbox.topic("https://feeds.example.org/feeds/la.rss") is None


def test_a_hub_elsewhere_hears_of_a_change_once(outbox, now) -> None:
    """However many changes there were before it answers; a change while it is being told is told again."""
    outbox.register([replace(TOPIC, revision=1)])
    outbox.register([replace(TOPIC, revision=9)])
    topic = outbox.topics()[URL]
    assert topic.revision == 1
    assert outbox.take_pings(now, 9) == []
    assert outbox.announce(topic, 2, now)
    assert not outbox.announce(topic, 2, now)
    assert outbox.announce(replace(topic, revision=2), 3, now)
    assert outbox.waiting(now).pings == 1
    (ping,) = outbox.take_pings(now, 9)
    assert (ping.revision, outbox.take_pings(now, 9)) == (3, [])
    assert outbox.announce(replace(topic, revision=3), 4, now)
    outbox.pinged(ping, now)
    (again,) = outbox.take_pings(now, 9)
    outbox.pinged(again, now)
    assert outbox.take_pings(now + DAY, 9) == []


def test_a_hub_that_did_not_hear_is_told_later(outbox, now) -> None:
    """Changes meanwhile do not hasten it, and are told together."""
    outbox.register([replace(TOPIC, revision=1)])
    outbox.announce(outbox.topics()[URL], 2, now)
    (ping,) = outbox.take_pings(now, 9)
    outbox.not_pinged(ping, now + 30 * SECOND)
    outbox.announce(outbox.topics()[URL], 3, now)
    assert outbox.take_pings(now + 29 * SECOND, 9) == []
    (again,) = outbox.take_pings(now + 30 * SECOND, 9)
    assert (again.attempt, again.revision) == (1, 3)


def test_the_pulse_moves_with_the_items(sapa, make, now) -> None:
    """A poll that stored something is noticed by one number, whoever made it; one that found nothing new is not."""
    sapa.outbox.register([TOPIC])
    before = sapa.outbox.waiting(now).pulse
    make.saved(sapa)
    assert sapa.outbox.waiting(now).pulse == before
    make.saved(sapa, new=(make.item(),))
    assert sapa.outbox.waiting(now).pulse != before


def test_the_pulse_stands_still_while_nobody_is_to_be_told(sapa, make, now) -> None:
    """Without a topic no category is gone over each second; the first one moves the pulse, so that it is looked at."""
    before = sapa.outbox.waiting(now).pulse
    make.saved(sapa, new=(make.item(),))
    assert sapa.outbox.waiting(now).pulse == before
    sapa.outbox.register([TOPIC])
    assert sapa.outbox.waiting(now).pulse != before


def test_two_processes_never_take_the_same_row(outbox, url, now) -> None:
    """Four stores over one database share the rows among them."""
    for number in range(40):
        subscribe(outbox, now, number)
    change(outbox, "hai", now)
    taken: list[str] = []
    start = Barrier(4)

    def work() -> None:
        other = open_store(url)
        try:
            start.wait()
            while found := other.outbox.take_deliveries(now, room(limit=3)):
                taken.extend(one.callback for one in found)
        finally:
            other.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(taken) == len(set(taken)) == 40
