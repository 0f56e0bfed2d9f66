"""The whole line: a poll copies what readers elsewhere could not load, and feeds, pages and /media give it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import feedparser
import pytest
from PIL import Image

from feedsvc.mirror import copying
from feedsvc.progress import silent

DAY = timedelta(days=1)
ROOT = "http://feeds.example.org/tin/media/"
FEED = "/feeds/suoi-bac/tin-tuc.rss"


@pytest.fixture
async def barred(gallery, answer, picture, make_room):
    """A room over a portal that keeps its one picture from pages elsewhere, polled."""
    answer("/anh/cho-phien.jpg", picture(), only_own=True)
    room = make_room()
    await room.poll()
    return room


async def test_a_picture_that_refuses_strangers_is_ours(barred, gallery, picture):
    """The feed has our address with exact type and length, and it gives the portal's very bytes."""
    (entry,) = feedparser.parse(barred.client().get(FEED).data).entries
    (enclosure,) = entry.enclosures
    name = f"{hashlib.sha256(picture()).hexdigest()}.jpg"
    assert (enclosure.href, enclosure.type, enclosure.length) == (ROOT + name, "image/jpeg", str(len(picture())))
    assert ROOT + name in entry.content[0].value
    assert gallery.pair not in entry.content[0].value
    got = barred.client().get(f"/media/{name}")
    assert (got.status_code, got.data) == (200, picture())
    assert (got.content_type, got.content_length) == ("image/jpeg", len(picture()))


@pytest.mark.parametrize(
    "path",
    [FEED, "/feeds/suoi-bac/tin-tuc.atom", "/feeds/suoi-bac/tin-tuc.json", "/feeds/suoi-bac/tin-tuc", "/items/1"],
)
async def test_ours_is_named_wherever_an_item_is_shown(barred, gallery, path):
    """Every format and every page names our picture, and none names the portal's."""
    text = barred.client().get(path, headers={"Accept": "text/html"} if "." not in path else {}).text
    assert ROOT in text
    assert gallery.url("/anh/") not in text


async def test_a_copy_has_a_smaller_rendition(barred, picture):
    """Thumbnails are ours too: narrow, upright, a fraction of the bytes."""
    (medium,) = barred.items()[0].media
    assert (medium.width, medium.height) == (900, 600)
    got = barred.client().get(f"/media/{medium.thumbnail.removeprefix(ROOT)}")
    small = Image.open(BytesIO(got.data))
    assert small.size == (480, 320)
    assert len(got.data) < len(picture())
    assert got.content_type == Image.MIME[small.format]


async def test_a_picture_outlives_its_portal(barred, gallery, picture):
    """When the portal is gone its picture is still there."""
    gallery.close()
    await barred.poll()
    (medium,) = barred.items()[0].media
    assert barred.client().get(f"/media/{medium.url.removeprefix(ROOT)}").data == picture()


async def test_the_store_keeps_the_portals_address(barred, gallery, make_room, picture):
    """With the mirror off the portal's own address is given again, with its own length, and ours is gone."""
    (medium,) = barred.items()[0].media
    off = make_room('mirror = "off"')
    (shown,) = off.items()[0].media
    assert shown.url == gallery.url("/anh/cho-phien.jpg")
    assert shown.length == len(picture())
    assert off.client().get(f"/media/{medium.url.removeprefix(ROOT)}").status_code == 404
    assert barred.items()[0].media == (medium,)


async def test_an_item_keeps_its_state(barred):
    """An item with a copy is as it was first stored: nothing of it changes with later polls."""
    before = barred.stored(), barred.service.revision("suoi-bac/tin-tuc"), barred.client().get(FEED).data
    barred.clock.wait(DAY)
    await barred.poll()
    assert (barred.stored(), barred.service.revision("suoi-bac/tin-tuc"), barred.client().get(FEED).data) == before


async def test_two_processes_give_the_same_document(barred, make_room):
    """Two applications over one database have the same bytes and the same validator."""
    first, second = barred.client().get(FEED), make_room().client().get(FEED)
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])


async def test_an_open_portal_is_left_alone(gallery, answer, picture, make_room):
    """A picture that everybody can load is not copied, and asked for no more often than without the mirror."""
    answer("/anh/mo.jpg", picture())
    room = make_room()
    await room.poll()
    assert room.items()[0].media[0].url == gallery.url("/anh/mo.jpg")
    assert room.copies() == set()
    assert room.files == []
    assert gallery.asked("/anh/mo.jpg") == ["HEAD"]


async def test_plain_http_is_copied_for_https(gallery, answer, picture, make_room):
    """A picture of plain http is ours where our own pages are https: browsers would not show it."""
    answer("/anh/mo.png", picture("PNG"), "image/png")
    room = make_room(base_url="https://feeds.example.org")
    await room.poll()
    (medium,) = room.items()[0].media
    assert medium.url == f"https://feeds.example.org/media/{hashlib.sha256(picture('PNG')).hexdigest()}.png"
    assert (medium.mime, medium.length) == ("image/png", len(picture("PNG")))


async def test_a_picture_kept_to_its_site_is_copied(answer, picture, make_room):
    """Cross-Origin-Resource-Policy makes a copy needed."""
    answer("/anh/rieng.jpg", picture(), fields=(("Cross-Origin-Resource-Policy", "same-site"),))
    room = make_room()
    await room.poll()
    assert room.items()[0].media[0].url.startswith(ROOT)


@pytest.mark.parametrize(("mirror", "copied"), [("all", True), ("needed", False), ("off", False)])
async def test_the_setting_is_obeyed(answer, picture, make_room, mirror, copied):
    """All copies what is open too; needed and off do not."""
    answer("/anh/mo.jpg", picture())
    room = make_room(f'mirror = "{mirror}"')
    await room.poll()
    assert room.items()[0].media[0].url.startswith(ROOT) == copied


async def test_off_asks_as_nobody(gallery, answer, picture, make_room):
    """With the mirror off no Referer is sent, and a barred picture is not copied."""
    answer("/anh/rieng.jpg", picture(), only_own=True)
    room = make_room('mirror = "off"')
    await room.poll()
    assert {visit.referer for visit in gallery.visits} == {None}
    assert room.files == []


HOSTILE = {
    "html": (lambda _: b"<html><script>alert(1)</script></html>", {}),
    "svg": (lambda _: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', {}),
    "truncated": (lambda picture: picture()[:-500], {}),
    "empty": (lambda _: b"", {}),
    "bmp": (lambda picture: picture("BMP"), {}),
    "large": (lambda picture: picture("PNG", (1200, 900)) + bytes(300_000), {}),
}


@pytest.mark.parametrize("fault", HOSTILE)
async def test_what_is_no_picture_is_not_copied(answer, gallery, picture, make_room, fault):
    """A page, a drawing, half a picture, one that is too large: no file, and the item is there all the same."""
    make, more = HOSTILE[fault]
    answer("/anh/la.jpg", make(picture), **more)
    room = make_room('mirror = "all"\nlargest = "200KiB"')
    await room.poll()
    assert len(room.stored()) == 1
    assert room.files == []
    assert room.items()[0].media[0].url == gallery.url("/anh/la.jpg")


async def test_a_bomb_does_no_harm(answer, bomb, picture, make_room):
    """A small file that would fill the memory when opened is not copied, and the next picture is."""
    answer("/anh/bom.png", bomb, "image/png")
    answer("/anh/lanh.jpg", picture())
    room = make_room('mirror = "all"')
    await room.poll()
    assert {url.rpartition("/")[2] for url in room.copies()} == {"lanh.jpg"}
    assert len(room.stored()) == 2


@pytest.mark.parametrize("fault", [{"hold": True}, {"status": 503}, {"status": 429}])
async def test_a_silent_host_costs_one_wait(answer, gallery, picture, make_room, fault):
    """A host that does not answer is not asked again and again, and its items are stored."""
    for n in range(3):
        answer(f"/anh/cham-{n}.jpg", picture(), **fault)
    room = make_room('mirror = "all"')
    await room.poll()
    assert len(room.stored()) == 3
    assert sum(gallery.asked(f"/anh/cham-{n}.jpg").count("GET") for n in range(3)) == 1


async def test_a_vain_try_is_not_repeated_at_once(answer, gallery, picture, make_room):
    """What could not be copied is asked for again after days only."""
    answer("/anh/la.jpg", picture()[:-500])
    room = make_room('mirror = "all"')
    await room.poll()
    await room.poll()
    assert gallery.asked("/anh/la.jpg").count("GET") == 1
    gallery.pictures["/anh/la.jpg"].body = picture()
    room.clock.wait(3 * DAY)
    await room.poll()
    assert gallery.asked("/anh/la.jpg").count("GET") == 2
    assert room.items()[0].media[0].url.startswith(ROOT)


async def test_equal_pictures_are_one_file(answer, picture, make_room):
    """Two articles with the same picture under two addresses share the file."""
    answer("/anh/a.jpg", picture(size=(400, 300)))
    answer("/anh/b.jpg", picture(size=(400, 300)))
    room = make_room('mirror = "all"')
    await room.poll()
    assert len(room.copies()) == 2
    assert len(room.files) == 1


async def test_one_poll_copies_a_bounded_number(answer, picture, make_room, monkeypatch):
    """What is over the bound of a poll comes with the next one: the document changes once more, and says so."""
    for n in range(4):
        answer(f"/anh/{n}.jpg", picture(size=(300 + n, 200)))
    monkeypatch.setattr(copying, "MOST_COPIES", 3)
    room = make_room('mirror = "all"')
    await room.poll()
    assert len(room.copies()) == 3
    before = room.service.revision("suoi-bac/tin-tuc"), room.client().get(FEED)
    room.clock.wait(DAY / 24)
    await room.poll()
    assert len(room.copies()) == 4
    assert room.service.revision("suoi-bac/tin-tuc").number > before[0].number
    assert room.service.revision("suoi-bac/tin-tuc").changed == room.clock()
    assert room.client().get(FEED).headers["ETag"] != before[1].headers["ETag"]


async def test_stored_items_are_caught_up_with(answer, picture, make_room):
    """Switched on later, the mirror copies what is in the feed already, within an hour."""
    answer("/anh/mo.jpg", picture())
    await make_room('mirror = "off"').poll()
    room = make_room('mirror = "all"')
    assert not room.items()[0].media[0].url.startswith(ROOT)
    room.clock.wait(DAY / 24)
    await room.poll()
    assert room.items()[0].media[0].url.startswith(ROOT)


async def test_stills_of_films_are_copied(gallery, answer, picture, make_room):
    """A film keeps its own address; the picture that stands for it is ours, in the feed and in its text."""
    answer("/anh/phim.jpg", picture())
    answer("/phim/hoi.mp4", bytes(5000), "video/mp4", shown=False)
    gallery.html["/anh/phim.jpg"] = "<video src='/phim/hoi.mp4' poster='/anh/phim.jpg' controls></video>"
    room = make_room('mirror = "all"')
    await room.poll()
    item = room.items()[0]
    assert [(one.kind, one.url) for one in item.media] == [("video", gallery.url("/phim/hoi.mp4"))]
    assert item.media[0].thumbnail.startswith(ROOT)
    assert [(one.method, one.referer) for one in gallery.visits if one.path == "/phim/hoi.mp4"] == [("HEAD", None)]


async def test_dropped_documents_are_left_alone(make_room):
    """The files of a folder are ours already, and what its documents show of others is not copied."""
    room = make_room('mirror = "all"')
    source, category = room.config.sources()[0], room.config.categories()[0]
    async with room.scheduler() as scheduler:
        assert scheduler.poller.errand(source, category, silent).copying is not None
        dropped = replace(category, url="folder:tin-tuc")
        assert scheduler.poller.errand(source, dropped, silent).copying is None


async def test_a_full_disk_is_told_and_costs_nothing_else(answer, picture, make_room):
    """Where no file can be written items are stored, the status says why, and no half file is left."""
    answer("/anh/mo.jpg", picture())
    room = make_room('mirror = "all"')
    (room.config.folder / "media").write_bytes(b"a file in the place of the folder")
    result = await room.poll()
    assert result.outcome == "ok"
    assert len(room.stored()) == 1
    problem = room.store.states()["suoi-bac", "tin-tuc"].problem
    assert problem.code == "mirror"
    assert str(room.config.folder / "media") in problem.detail
    assert problem.detail in room.client().get("/status.json").json["categories"][0]["problem"]["detail"]
    assert str(room.config.folder / "media") in room.client().get("/status").text
    (room.config.folder / "media").unlink()
    await room.poll()
    assert room.items()[0].media[0].url.startswith(ROOT)
    assert room.store.states()["suoi-bac", "tin-tuc"].problem is None


async def test_old_copies_go(barred, gallery):
    """A copy past its age goes with its file when no feed shows it; one that a feed shows stays."""
    barred.clock.wait(400 * DAY)
    await barred.tidy()
    assert len(barred.files) == 2
    barred.store.copies.save({"http://khac.example/anh.jpg": None}, barred.clock())
    barred.clock.wait(3 * DAY)
    await barred.tidy()
    assert [one.url for one in barred.store.copies.kept()] == [gallery.url("/anh/cho-phien.jpg")]


async def test_copies_keep_within_their_size(answer, picture, make_room):
    """No more is copied than there is room for, and the oldest items' pictures go first; their files go too."""
    for n in range(4):
        answer(f"/anh/{n}.png", picture("PNG", (300 + n, 200)), "image/png")
    whole = make_room('mirror = "all"')
    await whole.poll()
    assert len(whole.files) == 4
    size = whole.store.copies.size()
    before = whole.service.revision("suoi-bac/tin-tuc").number
    small = make_room(f'mirror = "all"\nsize = {size * 3 // 4}')
    small.clock.wait(DAY)
    await small.tidy()
    assert small.store.copies.size() <= size * 3 // 4 * 0.9
    assert len(small.files) == len(small.copies()) == 2
    assert [one.media[0].url.startswith(ROOT) for one in small.items()] == [True, True, False, False]
    assert small.service.revision("suoi-bac/tin-tuc").number > before
    await small.poll()
    assert len(small.files) == 2


async def test_what_made_room_is_not_fetched_again(answer, picture, make_room):
    """Copies that went for want of room do not come back with the next poll, to go once more."""
    for n in range(10):
        answer(f"/anh/{n}.png", picture("PNG", (300 + n, 200)), "image/png")
    whole = make_room('mirror = "all"')
    await whole.poll()
    tight = make_room(f'mirror = "all"\nsize = {whole.store.copies.size() * 95 // 100}')
    tight.clock.wait(DAY)
    await tight.tidy()
    left = tight.copies()
    assert 7 <= len(left) < 10
    await tight.poll()
    assert tight.copies() == left


async def test_a_picture_that_is_gone_is_not_asked_for(gallery, answer, picture, make_room):
    """What the portal says is not there is not fetched."""
    answer("/anh/mo.jpg", picture())
    gallery.html["/anh/mo.jpg"] = "<p><img src='/anh/mat.jpg' width='640' height='400'></p>"
    room = make_room('mirror = "all"')
    await room.poll()
    assert len(room.stored()) == 1
    assert gallery.asked("/anh/mat.jpg") == ["HEAD", "GET"]  # measured as from elsewhere, and as from its own page


async def test_a_file_that_cannot_be_deleted_is_told(barred, capsys):
    """What housekeeping cannot do is said in the log, and it goes on the next time."""
    stuck = barred.config.folder / "media" / "00" / "00" / f"{'0' * 64}.jpg"
    stuck.mkdir(parents=True)
    barred.clock.wait(DAY)
    await barred.tidy()
    assert str(barred.config.folder / "media") in capsys.readouterr().out
    assert len(barred.files) == 2


async def test_files_of_others_are_left(barred):
    """Only what the mirror could have written itself is ever deleted."""
    other = barred.config.folder / "media" / "anh-cua-toi.jpg"
    other.write_bytes(b"mine")
    hidden = barred.files[0].with_name("ghi-chu.txt")
    hidden.write_bytes(b"mine too")
    barred.store.copies.drop(barred.copies(), barred.clock())
    barred.clock.wait(DAY)
    await barred.tidy()
    assert sorted(barred.files) == sorted([other, hidden])
