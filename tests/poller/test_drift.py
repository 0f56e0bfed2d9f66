"""A portal that writes its addresses otherwise, moves, or is read from an older copy: one article, one id (I3, I14)."""

import re
import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from portals.hostile_payloads import SPELLINGS as INSIDE_SPELLINGS

from feedsvc.errors import Blocked
from feedsvc.fetch.guard import check_url
from feedsvc.poller import Poller
from feedsvc.store import open_store

HOST, NEW = "sapa.example.vn", "xamoi.example.vn"
INSIDE = [
    *((name, url) for name, url in INSIDE_SPELLINGS if url.startswith("http")),
    ("localhost", "http://localhost:{port}/a"),
    ("localhost-80", "http://localhost/a"),
    ("under-localhost", "http://cong.localhost/a"),
    ("one-label", "http://intranet/a"),
    ("internal", "http://metadata.google.internal/a"),
]
PLACE = f"https://{HOST}/tin-tuc/tin-so-"


def absolute(html: str) -> str:
    """The list with whole addresses."""
    return html.replace('href="/tin-tuc/tin-so-', f'href="{PLACE}')


def ended(end: str) -> Callable[[str], str]:
    """Each address of an article with something behind it."""
    return lambda html: re.sub(r'(-so-\d+-\d+)"', rf'\1{end}"', html)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "http": lambda html: absolute(html).replace("https://", "http://"),
    "www": lambda html: absolute(html).replace("//sapa", "//www.sapa"),
    "port": lambda html: absolute(html).replace(f"//{HOST}", f"//{HOST}:443"),
    "host in capitals": lambda html: absolute(html).replace(HOST, HOST.upper()),
    "session in the path": ended(";jsessionid=0A1B2C"),
    "session of ASP.NET": lambda html: html.replace(
        "/tin-tuc/tin-so-", "/(S(lit3py55t21z5v55vlm25s55))/tin-tuc/tin-so-"
    ),
    "session in the query": ended("?PHPSESSID=q1w2"),
    "tracking": ended("?utm_source=zalo&amp;fbclid=AbC"),
    "print": ended("?print=1"),
    "slash": ended("/"),
    "fragment": ended("#top"),
    "escapes": lambda html: html.replace("/tin-tuc/tin-so-", "/%74in-tuc/tin%2dso-"),
    "second slug": lambda html: html.replace("/tin-tuc/tin-so-", "/tin-tuc/bai-so-"),
    "second folder": lambda html: html.replace("/tin-tuc/tin-so-", "/chuyen-trang/tin-so-"),
}


def told(bench) -> dict[str, tuple]:
    """What readers go by, for each article."""
    return {one.id: (one.title, one.shown, one.first_seen, one.updated, one.revision) for one in bench.items()}


def answers_anywhere(bench) -> None:
    """The portal answers for its articles and its list under whatever address it has given them."""
    body, article = bench.portal.body, bench.portal.article

    def answer(url: str) -> str:
        number = re.search(r"-1(\d{5})(?!\d)", url)
        return article(int(number[1])) if number else body(re.sub(r"https?://[^/]+", f"https://{HOST}", url))

    bench.portal.body = answer


async def polls(bench, count: int = 4) -> None:
    """Polls with a pause before each."""
    for _ in range(count):
        bench.wait(timedelta(minutes=20))
        await bench.poll()


@pytest.fixture
async def drifting(bench):
    """A portal that is known, and answers under any address."""
    answers_anywhere(bench)
    await polls(bench, 2)
    assert len(bench.items()) == 12
    return bench


@pytest.mark.parametrize("mode", SPELLINGS)
async def test_an_address_written_otherwise_is_that_of_the_same_article(drifting, mode: str) -> None:
    """Whatever becomes of the addresses of a list, each article keeps id, dates and revision, and none comes twice."""
    before, listing = told(drifting), drifting.portal.listing
    drifting.portal.listing = lambda page: SPELLINGS[mode](listing(page))
    await polls(drifting)
    assert told(drifting) == before
    drifting.portal.listing = listing
    await polls(drifting, 2)
    assert told(drifting) == before


async def test_an_article_in_two_blocks_under_two_addresses_is_one(drifting) -> None:
    """A list that shows each article twice, the second time at another address, adds none, and moves no link."""
    before, listing = drifting.items(), drifting.portal.listing
    drifting.portal.listing = lambda page: re.sub(
        r"(<li><a href=\"/tin-tuc/tin-so-7-.*?</li>)",
        lambda found: found[1] + found[1].replace("tin-so-7", "bai-so-7"),
        listing(page),
    )
    await polls(drifting)
    assert [(one.id, one.url, one.revision) for one in drifting.items()] == [
        (one.id, one.url, one.revision) for one in before
    ]


async def test_a_link_follows_its_article_once(drifting) -> None:
    """Where a list shows its articles at new addresses alone, links lead there; readers are told, no date moves."""
    before, listing = told(drifting), drifting.portal.listing
    drifting.portal.listing = lambda page: SPELLINGS["second slug"](listing(page))
    await polls(drifting)
    newest = drifting.items()[0]
    assert "/bai-so-12-" in newest.url
    assert newest.moved
    assert told(drifting) == before


async def test_a_link_takes_up_the_safe_transport(bench) -> None:
    """Links to a portal that has come to https lead there, and never back."""
    answers_anywhere(bench)
    listing = bench.portal.listing
    bench.portal.listing = lambda page: SPELLINGS["http"](listing(page))
    await polls(bench, 2)
    assert {one.url.partition(":")[0] for one in bench.items()} == {"http"}
    for mode, last in ((absolute, "https"), (SPELLINGS["http"], "https")):
        bench.portal.listing = lambda page, mode=mode: mode(listing(page))
        await polls(bench, 2)
        assert bench.items()[0].url.partition(":")[0] == last


def spelled(form: str, *, escaped: bool) -> Callable[[str], str]:
    """The list with a Vietnamese word in each address, and all its text, in one form of Unicode."""

    def wrote(html: str) -> str:
        word = unicodedata.normalize(form, "tin-bản-xã")
        named = html.replace("/tin-tuc/tin-so-", f"/tin-tuc/{quote(word) if escaped else word}-so-")
        return unicodedata.normalize(form, named)

    return wrote


def turned(html: str) -> str:
    """The list in the opposite order."""
    lines = re.findall(r"<li>.*?</li>", html)
    return html.replace("".join(lines), "".join(reversed(lines)))


def second(html: str) -> str:
    """The list under addresses of another shape, without numbers of articles."""
    return re.sub(r"/tin-tuc/tin-so-(\d+)-\d+", r"/bai-viet/chuyen-thon-\1", html)


def third(html: str) -> str:
    """And under another, once more."""
    return re.sub(r"/tin-tuc/tin-so-(\d+)-\d+", r"/xem/duong-be-tong-thon-\1.html", html)


REWRITTEN: dict[str, tuple[Callable[[str], str], ...]] = {
    "NFD, NFC": (spelled("NFD", escaped=False), spelled("NFC", escaped=False)),
    "NFC, NFD": (spelled("NFC", escaped=False), spelled("NFD", escaped=False)),
    "NFD escaped": (spelled("NFC", escaped=True), spelled("NFD", escaped=True)),
    "reorder": (turned,),
    "a new generation": (second,),
    "two new generations": (second, third),
    "three, back to the first": (second, third, lambda html: html),
}


def known_by_words(bench) -> None:
    """The portal answers for the articles under the addresses of each generation."""
    answer = bench.portal.body

    def body(url: str) -> str:
        named = re.search(r"/(?:bai-viet/chuyen-thon|xem/duong-be-tong-thon)-(\d+)", url)
        return bench.portal.article(int(named[1])) if named else answer(url)

    bench.portal.body = body


@pytest.mark.parametrize("mode", REWRITTEN)
async def test_i3_a_list_written_anew_is_the_same_list(drifting, mode: str) -> None:
    """I3: other Unicode, another order and whole new addresses, again and again: one article, one id, no word to readers."""
    known_by_words(drifting)
    before, listing = told(drifting), drifting.portal.listing
    for step in REWRITTEN[mode]:
        drifting.portal.listing = lambda page, step=step: step(listing(page))
        await polls(drifting, 6)
        assert told(drifting) == before


def retitled(article: str) -> str:
    """Title 12 is another."""
    return article.replace("Thôn số 12 hoàn thành", "Bà con thôn số 12 đã hoàn thành")


def corrected(article: str) -> str:
    """Its body begins with another sentence."""
    return article.replace(
        "<p><b>Bài số 12.", "<p>Ban biên tập xin cáo lỗi vì con số đưa sai hôm qua.</p><p><b>Bài số 12."
    )


def redated(text: str) -> str:
    """The newest article has another day, a week before."""
    return text.replace("23/10/2026", "16/10/2026")


EDITS = {
    "title": (retitled, 1),
    "body and day": (lambda article: corrected(redated(article)), 1),
    "body": (corrected, 1),
    "both": (lambda article: corrected(retitled(article)), 1),
}
IN_LIST = {"title": retitled, "both": retitled, "body and day": redated}


@pytest.mark.parametrize("mode", EDITS)
async def test_i5_an_edited_article_is_one_revision(drifting, mode: str) -> None:
    """I3, I5: whatever is edited of an article, it stays where it is, under its id, and `updated` alone moves, once."""
    edit, revisions = EDITS[mode]
    before, listing, article = told(drifting), drifting.portal.listing, drifting.portal.article
    drifting.portal.listing = lambda page: IN_LIST.get(mode, str)(listing(page))
    drifting.portal.article = lambda number: edit(article(number)) if number == 12 else article(number)
    answers_edited(drifting)
    await polls(drifting, 8)
    after = told(drifting)
    if IN_LIST.get(mode) is retitled:
        assert after[next(iter(before))][0].startswith("Bà con thôn số 12")
    assert list(after) == list(before)
    changed = {one for one in after if after[one] != before[one]}
    assert changed == {next(iter(before))}
    (one,) = changed
    assert after[one][1:3] == before[one][1:3]
    assert after[one][3] > before[one][3]
    assert after[one][4] == before[one][4] + revisions


def answers_edited(bench) -> None:
    """The portal answers with its articles as they are now."""
    body, article = bench.portal.body, bench.portal.article
    bench.portal.body = lambda url: article(12) if "-100012" in url else body(url)


async def test_i16_an_address_with_another_article_is_a_new_item(drifting) -> None:
    """I16: other title, day and body at a known address make a new item; the one before keeps id, words and dates."""
    before, listing, body = told(drifting), drifting.portal.listing, drifting.portal.body
    other = (
        "<html><body><h1>Khai giảng lớp xóa mù chữ ở bản Tả Phìn</h1><p class='date'>19/11/2026</p><div class='content'>"
        + "".join(
            f"<p>Buổi học thứ {n} có thêm {n * 3} cô bác đến lớp, ai cũng mang theo đèn pin và vở mới.</p>"
            for n in range(9)
        )
        + "</div></body></html>"
    )

    def listed(page: int) -> str:
        html = listing(page).replace(
            "Thôn số 12 hoàn thành tuyến đường bê tông mới", "Khai giảng lớp xóa mù chữ ở bản Tả Phìn"
        )
        return html.replace(f"({drifting.portal.day(12)})", "(19/11/2026)")

    drifting.portal.listing = listed
    drifting.portal.body = lambda url: other if "-100012" in url else body(url)
    await polls(drifting, 6)
    after = told(drifting)
    assert {one: after[one] for one in before} == before
    (new,) = set(after) - set(before)
    assert after[new][0] == "Khai giảng lớp xóa mù chữ ở bản Tả Phìn"


async def test_i3_an_article_of_several_categories_is_one(drifting) -> None:
    """I3: another category with the same articles, at other addresses, adds no item and moves none."""
    before, listing, first = told(drifting), drifting.portal.listing, drifting.category
    other = replace(first, slug="chuyen-trang", title="Chuyên trang", url=f"https://{HOST}/chuyen-trang")
    drifting.store.sync([drifting.source], [first, other], drifting.now())
    body = drifting.portal.body
    drifting.portal.body = lambda url: (
        SPELLINGS["second folder"](listing(int(url.partition("?page=")[2] or 1)))
        if url.partition("?")[0].endswith("/chuyen-trang")
        else body(url)
    )
    drifting.category = other
    await polls(drifting, 2)
    shown = drifting.items()
    assert len(shown) >= 10
    assert {one.id for one in shown} <= set(before)
    drifting.category = first
    await polls(drifting, 2)
    assert told(drifting) == before


# Another host --------------------------------------------------------------------------------------------------------


async def test_a_portal_on_another_host_waits_for_a_person(drifting) -> None:
    """Known articles on another host store nothing: the state says what to write, and with that each keeps its id."""
    before, old = told(drifting), drifting.category
    drifting.category = replace(old, url=f"https://{NEW}/tin-tuc")
    drifting.portal.articles.append(13)
    for _ in range(5):
        drifting.wait(timedelta(minutes=20))
        result = await drifting.poll()
    assert (result.outcome, result.problem.code) == ("suspicious", "moved")
    assert f'home = "https://{NEW}/" and formerly = ["{HOST}"]' in result.problem.detail
    assert told(drifting) == before
    drifting.source = replace(drifting.source, home=f"https://{NEW}/", formerly=(HOST,))
    await polls(drifting)
    after = told(drifting)
    assert {one: after[one] for one in before} == before
    assert len(after) == 13
    assert drifting.items()[1].url.startswith(f"https://{NEW}/")


async def test_nobody_is_told_to_configure_an_address_inside(drifting) -> None:
    """A page that puts known articles inside, in whatever spelling, changes nothing and is no reason to go there."""
    before, listing = told(drifting), drifting.portal.listing
    doubted = {}
    for name, url in INSIDE:
        there = url.format(port=8801).rpartition("/")[0]
        drifting.portal.listing = lambda page, there=there: listing(page).replace(
            'href="/tin-tuc', f'href="{there}/tin-tuc'
        )
        drifting.wait(timedelta(minutes=20))
        result = await drifting.poll()
        assert result.outcome == "suspicious", name
        assert "home =" not in result.problem.detail, name
        assert "allow_private" not in result.problem.detail, name
        doubted[name] = result.problem.code
    assert told(drifting) == before
    assert {doubted[name] for name in ("plain", "decimal", "localhost", "ipv6", "private")} == {"moved"}


async def test_only_a_configured_address_is_worth_the_line_to_add(drifting) -> None:
    """A list inside is told with the line that opens it; a way inside that the portal named is told without."""
    for asked, told_line in (("https://10.0.0.5:8801/tin-tuc", True), (drifting.category.url, False)):
        with pytest.raises(Blocked) as caught:
            check_url("http://10.0.0.5:8801/tin-tuc")
        drifting.category = replace(drifting.category, url=asked)
        drifting.portal.fault = lambda _url, error=caught.value: error
        drifting.wait(timedelta(hours=1))
        result = await drifting.poll()
        assert "is not asked" in result.problem.detail
        assert ('allow_private = ["10.0.0.5:8801"]' in result.problem.detail) is told_line


async def test_an_address_inside_that_may_be_asked_can_be_the_new_one(drifting) -> None:
    """A portal inside, named by allow_private, may move like any other."""
    drifting.poller.private = frozenset({("10.0.0.5", 8801)})
    drifting.category = replace(drifting.category, url="https://10.0.0.5:8801/tin-tuc")
    drifting.portal.articles.append(13)
    for _ in range(2):
        drifting.wait(timedelta(minutes=20))
        result = await drifting.poll()
    assert f'home = "https://10.0.0.5:8801/" and formerly = ["{HOST}"]' in result.problem.detail


@pytest.mark.parametrize("named", [HOST, f"www.{HOST}", f"http://{HOST}/"])
async def test_a_portal_that_moved_and_came_back_keeps_its_ids(drifting, named: str) -> None:
    """With `formerly`, in whatever spelling, the hosts are one in both directions; unvisited, and told from the first."""
    before, old, home = told(drifting), drifting.category, drifting.source
    drifting.category = replace(old, url=f"https://{NEW}/tin-tuc")
    drifting.source = replace(home, home=f"https://{NEW}/", formerly=(named,))
    drifting.portal.asked.clear()
    await polls(drifting)
    assert told(drifting) == before
    drifting.category, drifting.source = old, replace(home, formerly=(NEW,))
    await polls(drifting)
    assert told(drifting) == before


async def test_articles_without_day_are_known_on_the_new_host(bench) -> None:
    """Not by their words, which may be told of two: by their path."""
    answers_anywhere(bench)
    bench.portal.day = lambda _number: ""
    await polls(bench, 2)
    before = told(bench)
    bench.category = replace(bench.category, url=f"https://{NEW}/tin-tuc")
    bench.source = replace(bench.source, home=f"https://{NEW}/", formerly=(HOST,))
    await polls(bench)
    assert told(bench) == before


# An older copy of the database ---------------------------------------------------------------------------------------


async def test_what_came_after_a_backup_comes_back_under_the_same_ids(bench, tmp_path: Path) -> None:
    """I14: ids of what was seen after the copy are made again, byte for byte; dates that the portal gives as well."""
    await polls(bench, 2)
    bench.store.close()
    shutil.copy(tmp_path / "feedsvc.db", tmp_path / "yesterday.db")
    address = f"sqlite:///{tmp_path}/feedsvc.db"

    def reopen() -> None:
        bench.store, old = open_store(address), bench.poller
        bench.poller = Poller(
            fetcher=old.fetcher,
            reading=old.reading,
            store=bench.store,
            clock=old.clock,
            make_id=old.make_id,
            jitter=old.jitter,
        )

    reopen()
    bench.portal.articles += [13, 14, 15]
    bench.portal.edited.add(14)
    await polls(bench)
    before = {one.id: (one.title, one.published) for one in bench.items()}
    bench.store.close()
    for name in ("feedsvc.db-wal", "feedsvc.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "feedsvc.db").unlink()
    shutil.copy(tmp_path / "yesterday.db", tmp_path / "feedsvc.db")
    reopen()
    assert len(bench.items()) == 12
    bench.wait(timedelta(days=1))
    await polls(bench)
    assert {one.id: (one.title, one.published) for one in bench.items()} == before
    assert len(before) == 15
