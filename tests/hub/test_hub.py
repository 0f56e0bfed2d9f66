"""Our own hub: who is verified, what is brought, and what becomes of those who are not there (WebSub; feeds.md 6)."""

import asyncio
import hashlib
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc import publication
from feedsvc.errors import RenderError
from feedsvc.feeds import render
from feedsvc.hub.patience import PAUSES
from feedsvc.model import Topic
from feedsvc.store import Room
from feedsvc.store.taking import LEASE

DAY = 86400
TOPIC = "https://feeds.example.org/feeds/suoi-bac.rss"


async def test_a_callback_is_asked_and_told(house, push, subscriber) -> None:
    """The question keeps the callback's own query; the delivery is the document, as what, whose and by whom."""
    house.ask(subscriber.callback(), secret="chìa khoá", lease=timedelta(days=2))
    await push.drain()
    asked = subscriber.next("GET", 0.1)
    assert asked.path == "/goi-lai"
    assert len(asked.query.pop("hub.challenge")) >= 32
    terms = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.lease_seconds": str(2 * DAY)}
    assert asked.query == {"cua": "toi", "so": "1", **terms}
    assert asked.headers["User-Agent"] == "feedsvc/0.1 (+https://feeds.example.org)"
    assert house.live() == (1, 0)

    house.article("Thị trấn trồng thêm một rừng hoa mận")
    await push.drain()
    told = subscriber.next("POST", 0.1)
    rendered = house.publication().document("suoi-bac", "rss")
    assert told.body == rendered.body
    assert told.headers["Content-Type"] == rendered.media_type
    assert told.headers["Link"] == f'<{TOPIC}>; rel="self", <https://feeds.example.org/hub>; rel="hub"'
    assert told.signed_with("chìa khoá")
    await push.drain()
    assert subscriber.all("POST") == []


async def test_without_a_secret_nothing_is_signed(house, push, subscriber, subscribed) -> None:
    """A signature that anybody could make proves nothing."""
    await subscribed()
    house.article("Xe buýt chạy thêm chuyến tối")
    await push.drain()
    assert "X-Hub-Signature" not in subscriber.next("POST", 0.1).headers


async def test_a_fresh_subscriber_is_told_from_now_on(house, push, subscriber, subscribed) -> None:
    """What the feed held before is no news."""
    await subscribed()
    await push.drain()
    assert subscriber.all("POST") == []


async def test_only_feeds_that_changed_are_told(house, push, subscriber) -> None:
    """An article of one category says nothing to whoever listens to another."""
    house.ask(subscriber.callback("/a"), path="suoi-bac/tin-tuc")
    house.ask(subscriber.callback("/b"), path="suoi-bac/thong-bao")
    await push.drain()
    subscriber.all("GET")
    house.article("Lịch tiêm chủng tháng Chạp", "thong-bao")
    await push.drain()
    assert [one.path for one in subscriber.all("POST")] == ["/b"]


@pytest.mark.parametrize("reply", [{"verify": 404}, {"echo": False}, {"verify": 500}, {"verify": 204}])
async def test_a_callback_that_does_not_agree_is_not_subscribed(house, push, subscriber, reply) -> None:
    """Nothing but the echo of the word is consent, and nobody is asked twice."""
    house.ask(subscriber.callback(**reply))
    await push.drain()
    assert house.live() == (0, 0)
    house.clock.pass_time(DAY)
    await push.drain()
    assert len(subscriber.all("GET")) == 1


async def test_a_redirect_is_no_consent_and_is_not_followed(house, push, subscriber) -> None:
    """Neither where a callback says to go when it is asked, nor when it is told, anything is sent."""
    elsewhere = subscriber.callback("/noi-khac")
    house.ask(subscriber.callback("/mot", verify=302, headers={"Location": elsewhere}))
    house.ask(subscriber.callback("/hai", statuses=[302], headers={"Location": elsewhere}))
    await push.drain()
    assert house.live() == (1, 0)
    house.article("Suối Bạc mở lớp dạy thêu")
    await push.drain()
    assert {one.path for one in [*subscriber.all("GET"), *subscriber.all("POST")]} <= {"/mot", "/hai"}


async def test_every_success_may_carry_the_word(house, push, subscriber) -> None:
    """Any 2xx with the echo is consent, not 200 alone."""
    house.ask(subscriber.callback(verify=201))
    await push.drain()
    assert house.live() == (1, 0)


async def test_a_wish_waits_for_a_callback_that_is_away(open_house, subscriber) -> None:
    """Asked again after about 30 s, 2 min and 10 min, then given up; one that comes back in time is subscribed."""
    house = open_house(allowed='"127.0.0.1:1"')
    push = house.push()
    house.ask("http://127.0.0.1:1/goi-lai")
    for pause in PAUSES[:3]:
        await push.drain()
        assert house.live() == (0, 1)
        house.clock.pass_time(pause.total_seconds() * 0.79)
        assert house.store.outbox.waiting(house.clock()).intents == 0
        house.clock.pass_time(pause.total_seconds() * 0.42)
        assert house.store.outbox.waiting(house.clock()).intents == 1
    await push.drain()
    assert house.live() == (0, 0)


@pytest.mark.parametrize("host", ["dich.example", "127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "localhost"])
async def test_no_private_address_is_called(open_house, subscriber, host) -> None:
    """Neither one that is written out nor one that a name leads to: the wish ends, and nobody was visited."""
    house = open_house(allowed="")
    push = house.push()
    house.ask(f"http://{host}:80/goi-lai")
    house.ask(f"http://{host}:{subscriber.port}/goi-lai")
    await push.drain()
    assert house.live() == (0, 0)
    assert subscriber.received.empty()


async def test_a_name_that_moves_inside_after_it_was_verified_is_not_told(house, push, subscriber) -> None:
    """Each call passes the guard anew; whoever made the name lead inside gets nothing, and is tried later."""
    house.ask("http://doc.example/goi-lai")
    (wish,) = house.store.outbox.take_intents(house.clock(), Room(limit=1, at_a_host=1, busy={}))
    assert house.store.outbox.grant(wish, house.clock(), "")
    house.article("Cầu treo được sửa xong")
    await push.drain()
    assert house.names.asked == ["doc.example"]
    assert subscriber.received.empty()
    assert house.live() == (1, 0)


async def test_a_callback_that_is_gone_ends_its_subscription(house, push, subscriber, subscribed) -> None:
    """410 is heard once, and nothing is sent any more."""
    await subscribed(statuses=[410])
    house.article("Hợp tác xã chè nhận giải")
    await push.drain()
    assert house.live() == (0, 0)
    house.article("Đường lên bản được rải nhựa")
    await push.drain()
    assert len(subscriber.all("POST")) == 1


@pytest.mark.parametrize("status", [400, 404, 500, 503])
async def test_one_who_fails_is_told_later_of_what_is_then(house, push, subscriber, subscribed, status) -> None:
    """Never of each change in turn: after the pauses, the document as it is, once."""
    await subscribed(statuses=[status] * 3)
    for number, pause in enumerate(PAUSES[:3]):
        house.article(f"Tin số {number}")
        await push.drain()
        assert len(subscriber.all("POST")) == 1
        house.clock.pass_time(pause.total_seconds() * 0.79)
        await push.drain()
        assert subscriber.all("POST") == []
        house.clock.pass_time(pause.total_seconds() * 0.42)
    await push.drain()
    (told,) = subscriber.all("POST")
    assert all(f"Tin số {number}" in told.body.decode() for number in range(3))
    house.clock.pass_time(DAY)
    await push.drain()
    assert subscriber.all("POST") == []


async def test_what_changed_back_is_not_told(house, push, subscriber, subscribed) -> None:
    """Whoever has the document already gets nothing, whatever happened meanwhile."""
    await subscribed(statuses=[500])
    topic = house.store.outbox.topic(TOPIC)
    house.store.outbox.note(topic, topic.revision, "ma", house.clock())
    await push.drain()
    house.clock.pass_time(DAY)
    await push.drain()
    assert subscriber.all("POST") == []


async def test_the_wish_of_a_subscriber_to_wait_is_honoured(house, push, subscriber, subscribed) -> None:
    """Retry-After goes before our own pauses."""
    await subscribed(statuses=[429], headers={"Retry-After": "7"})
    house.article("Trạm phát thanh đổi giờ")
    await push.drain()
    house.clock.pass_time(6)
    await push.drain()
    assert len(subscriber.all("POST")) == 1
    house.clock.pass_time(1)
    await push.drain()
    assert len(subscriber.all("POST")) == 1


async def test_new_terms_count_once_they_are_verified(house, push, subscriber, subscribed) -> None:
    """A stranger cannot change another's secret, nor end his subscription."""
    callback = await subscribed(secret="của tôi")
    for more in ({"secret": "của kẻ lạ"}, {"mode": "unsubscribe"}):
        subscriber.replies["/goi-lai"].verify = 404
        house.ask(callback, **more)
        await push.drain()
        assert house.live() == (1, 0)
    house.article("Hội làng mở từ rằm tháng Giêng")
    await push.drain()
    assert subscriber.next("POST", 0.1).signed_with("của tôi")
    subscriber.replies["/goi-lai"].verify = 200
    house.ask(callback, secret="mới của tôi")
    await push.drain()
    house.article("Lớp học bơi cho trẻ em")
    await push.drain()
    assert subscriber.next("POST", 0.1).signed_with("mới của tôi")


async def test_a_renewal_loses_no_news(house, push, subscriber, subscribed) -> None:
    """What was stored between the last delivery and the new lease is told."""
    callback = await subscribed()
    house.article("Bưu điện dời sang phố mới")
    house.ask(callback)
    await push.drain()
    await push.drain()
    assert "Bưu điện" in subscriber.next("POST", 0.1).body.decode()


async def test_unsubscribing_is_verified_and_ends_it(house, push, subscriber, subscribed) -> None:
    """The question names no lease; afterwards nothing comes."""
    callback = await subscribed()
    house.ask(callback, "unsubscribe")
    await push.drain()
    asked = subscriber.next("GET", 0.1)
    assert asked.query["hub.mode"] == "unsubscribe"
    assert "hub.lease_seconds" not in asked.query
    house.article("Chợ đêm mở cuối tuần")
    await push.drain()
    assert subscriber.all("POST") == []


async def test_a_lease_that_is_over_ends_the_subscription(house, push, subscriber, subscribed) -> None:
    """Whoever does not renew is forgotten."""
    await subscribed(lease=timedelta(hours=1))
    house.clock.pass_time(3600)
    house.article("Mùa thu hoạch quýt bắt đầu")
    await push.drain()
    assert subscriber.all("POST") == []
    assert house.store.outbox.topic(TOPIC) is None


async def test_a_process_that_dies_while_telling_tells_at_most_once_more(house, push, subscriber, subscribed) -> None:
    """What it had under way is due again when its time is over; what it had told stays told."""
    hold = threading.Event()
    await subscribed(hold=hold)
    house.article("Đội bóng chuyền nữ vào chung kết")
    await push.tick()
    assert "Đội bóng" in (await asyncio.to_thread(subscriber.next, "POST")).body.decode()
    await push.end(timedelta(0))  # as if killed: the subscriber has it, and nobody wrote that down
    hold.set()
    other = house.push()
    await other.drain()
    assert subscriber.all("POST") == []
    house.clock.pass_time(LEASE.total_seconds())
    await other.drain()
    await other.drain()
    assert len(subscriber.all("POST")) == 1
    house.clock.pass_time(DAY)
    await house.push().drain()
    assert subscriber.all("POST") == []


async def test_one_that_hangs_keeps_nobody_waiting(house, push, subscriber, subscribed) -> None:
    """While some callbacks never answer, the news reach the others."""
    hold = threading.Event()
    for number in range(3):
        await subscribed(f"/treo-{number}", hold=hold)
    await subscribed("/tot")
    house.article("Nước lên nhanh trên sông Bạc")
    await push.tick()
    assert {(await asyncio.to_thread(subscriber.next, "POST")).path for _ in range(4)} >= {"/tot"}
    hold.set()
    await push.drain()


async def test_two_processes_tell_once(house, push, subscriber, subscribed) -> None:
    """Pollers over one database share the work."""
    for number in range(8):
        await subscribed(f"/{number}")
    house.article("Hai tuyến xe mới về bản")
    other = house.push()
    await asyncio.gather(push.drain(), other.drain())
    await asyncio.gather(push.drain(), other.drain())
    assert sorted(one.path for one in subscriber.all("POST")) == [f"/{number}" for number in range(8)]


async def test_a_topic_that_is_no_feed_any_more_is_told_to_nobody(house, push, subscriber) -> None:
    """A feed that was taken out of the configuration ends quietly, and disturbs no other one."""
    gone = Topic(url="https://feeds.example.org/feeds/xoa.rss", path="xoa", format="rss")
    house.ask(subscriber.callback("/xoa"), path=gone.path)
    house.ask(subscriber.callback("/con"))
    await push.drain()
    subscriber.all("GET")
    house.article("Thư viện mở phòng đọc mới")
    await push.drain()
    assert [one.path for one in subscriber.all("POST")] == ["/con"]


async def test_a_document_that_is_held_back_is_not_told(house, push, subscriber, subscribed, monkeypatch) -> None:
    """What readers are not shown is not brought to subscribers either; they get the next one that is right."""
    await subscribed()
    with monkeypatch.context() as broken:
        broken.setattr("feedsvc.publication.prove", _refuse)
        house.article("Một bài không qua được phép thử")
        await push.drain()
        assert subscriber.all("POST") == []
    house.article("Một bài lành lặn")
    await push.drain()
    assert "lành lặn" in subscriber.next("POST", 0.1).body.decode()


def _refuse(*_: object) -> None:
    raise RenderError("thử")


async def test_what_was_told_is_known_by_its_bytes(house, push, subscriber, subscribed) -> None:
    """A poll that leaves the document as it is tells nobody."""
    await subscribed()
    before = house.publication().document("suoi-bac", "rss")
    house.save("tin-tuc")
    await push.drain()
    assert subscriber.all("POST") == []
    assert house.store.outbox.topic(TOPIC).digest == hashlib.sha256(before.body).hexdigest()


async def test_other_bytes_of_the_same_items_keep_nobody_busy(house, push, subscriber, subscribed) -> None:
    """After an update of feedsvc that writes documents another way, each subscriber gets the new bytes at most once."""
    await subscribed("/cu")
    with _other_bytes():
        updated = house.push()
        house.ask(subscriber.callback("/moi"))
        await asyncio.wait_for(updated.drain(), 20)
        subscriber.all("GET")
        house.article("Tin sau khi cập nhật")
        await asyncio.wait_for(updated.drain(), 20)
        assert sorted(one.path for one in subscriber.all("POST")) == ["/cu", "/moi"]


@contextmanager
def _other_bytes():
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(publication, "render", lambda *given: replace(render(*given), body=render(*given).body + b"\n"))
        yield


async def test_the_log_tells_hosts_and_neither_callbacks_nor_secrets(open_house, subscriber, capsys) -> None:
    """Whoever reads a log must not learn what subscriber and hub alone may know."""
    house = open_house(allowed=f'"127.0.0.1:1", "127.0.0.1:{subscriber.port}"')
    push = house.push()
    house.ask("http://127.0.0.1:1/rieng-tu-1", secret="mật khẩu riêng")
    house.ask("http://10.1.2.3/rieng-tu-2")
    house.ask(subscriber.callback("/rieng-tu-3", statuses=[500]), secret="mật khẩu riêng")
    await push.drain()
    house.article("Vườn đào ra hoa sớm")
    await push.drain()
    said = capsys.readouterr().out
    assert all(host in said for host in ("127.0.0.1:1", "10.1.2.3:80", f"127.0.0.1:{subscriber.port}"))
    assert all(word in said for word in ("not reached", "given up", "verified", "not delivered"))
    assert "rieng-tu" not in said
    assert "mật khẩu" not in said
    assert subscriber.next("GET", 0.1).query["hub.challenge"] not in said


async def test_a_change_that_two_processes_see_at_once_is_not_forgotten(house, push, subscriber, subscribed) -> None:
    """One that writes down an older look just before ours does not make us overlook what is newer."""
    await subscribed()
    outbox, written = house.store.outbox, []
    topics = push._errands._topics
    before = topics._revision

    def slower(topic):
        revision = before(topic)
        if not written:
            written.append(outbox.note(topic, revision - 1, topic.digest, house.clock()))
        return revision

    house.article("Một")
    house.article("Hai")
    topics._revision = slower
    await push.drain()
    assert written == [True]
    assert outbox.topic(TOPIC).revision == house.publication().revision("suoi-bac").number
    assert "Hai" in subscriber.next("POST", 0.1).body.decode()


async def test_whoever_is_due_waits_while_there_is_nothing_to_show(house, push, subscriber, subscribed) -> None:
    """A document that cannot be proved when a subscriber's next try comes is brought as soon as it can."""
    await subscribed(statuses=[500])
    house.article("Bản Hồ đón đoàn khách đầu năm")
    await push.drain()
    assert len(subscriber.all("POST")) == 1
    house.clock.pass_time(60)
    restarted = house.push()
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(publication, "prove", _refuse)
        await restarted.drain()
        await restarted.drain()
    assert subscriber.all("POST") == []
    house.clock.pass_time(300)
    await restarted.drain()
    assert "Bản Hồ" in subscriber.next("POST", 0.1).body.decode()
