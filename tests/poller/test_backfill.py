"""The past of a category filled in, page by page, over a scripted portal and a real store."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.backfill import PATIENCE, Backfill
from feedsvc.errors import FetchError, Refused, TimedOut
from feedsvc.model import History, PollResult

START = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HOST = "https://sapa.example.vn"


async def fill(bench, backfill: Backfill | None = None, steps: int = 50) -> list[PollResult]:
    """Steps until the past is filled in, or a step meets a problem."""
    backfill = backfill or Backfill(poller=bench.poller, source=bench.source, category=bench.category)
    results = []
    while len(results) < steps and not (results and (results[-1].history.finished or results[-1].problem)):
        bench.wait(timedelta(minutes=1))
        (claim,) = bench.store.claim_due(bench.now(), 1, owner="test", only=("sapa", "tin-tuc"))
        results.append(await backfill.step(claim))
    return results


async def first_walk(bench) -> None:
    """Polls until the first walk is over."""
    while (await bench.poll()).state.depth:
        pass


async def test_the_past_is_filled_in_to_the_last_page(bench) -> None:
    """All that the pager leads to is stored once, in its order; the state of polling is left as it was."""
    bench.portal.day = lambda number: (START - timedelta(days=90) + timedelta(days=number)).strftime("%d/%m/%Y")
    bench.portal.articles = list(range(1, 73))
    await first_walk(bench)
    assert len(bench.items()) == 30
    before = bench.store.states()
    results = await fill(bench)
    assert results[-1].history.finished
    assert results[-1].history.pages == 8
    assert [item.title for item in bench.items()] == [
        f"Thôn số {n} hoàn thành tuyến đường bê tông mới" for n in range(72, 0, -1)
    ]
    assert bench.store.states() == before


async def test_filling_in_goes_on_where_it_was_stopped(bench) -> None:
    """Stopped in the middle of a page, what was read is kept, and another run begins with that page."""
    bench.portal.articles = list(range(1, 73))
    await first_walk(bench)
    asked = []
    stopping = Backfill(
        poller=bench.poller, source=bench.source, category=bench.category, stopped=lambda: asked.append(1) or len(asked) > 6
    )  # fmt: skip
    stopped = (await fill(bench, stopping, steps=5))[-1]
    assert not stopped.history.finished
    assert 30 < len(bench.items()) < 40
    bench.portal.asked.clear()
    await fill(bench)
    assert len(bench.items()) == 72
    articles = [url for url in bench.portal.asked if re.search(r"tin-so-\d+-\d+$", url) and not url.startswith("HEAD")]
    assert len(articles) == len(set(articles)) < 42, "articles that were stored are not read again"


async def test_what_is_filled_in_without_a_date_stands_below_what_is_known(bench) -> None:
    """Old articles that tell no date are not shown as the newest; their order is that of the list."""
    bench.portal.day = lambda _number: ""
    bench.portal.articles = list(range(1, 51))
    await first_walk(bench)
    newest = [item.title for item in bench.items()][:30]
    bench.wait(timedelta(days=5))
    await fill(bench)
    items = bench.items()
    assert [item.title for item in items][:30] == newest
    assert [item.title for item in items][30:] == [
        f"Thôn số {n} hoàn thành tuyến đường bê tông mới" for n in range(20, 0, -1)
    ]
    assert all(item.shown < START + timedelta(days=1) for item in items)


async def test_a_portal_that_stops_answering_loses_nothing_of_the_past(bench) -> None:
    """A step that meets a dead portal says so, and the next run goes on at the same page."""
    bench.portal.articles = list(range(1, 73))
    await first_walk(bench)
    bench.portal.fault = lambda url: TimedOut(f"{url} did not answer", url=url) if "page=5" in url else None
    last = (await fill(bench))[-1]
    assert last.problem.code == "timed-out"
    assert last.outcome == "failed"
    assert last.history.url == f"{HOST}/tin-tuc?page=5"
    bench.portal.fault = lambda _url: None
    await fill(bench)
    assert len(bench.items()) == 72


async def test_an_article_that_never_answers_becomes_a_short_item(bench) -> None:
    """It is waited for at first, then told in the listing's words; the pages behind it are reached."""
    bench.portal.articles = list(range(1, 73))
    await first_walk(bench)
    broken: FetchError = Refused("500", url="", status=500)
    bench.portal.fault = lambda url: broken if url.endswith("tin-so-20-100020") else None
    results = await fill(bench)
    assert results[-1].history.finished
    assert len(results) == 8 + PATIENCE
    assert [item.fingerprint for item in bench.items() if "số 20 " in item.title] == [""]
    assert len(bench.items()) == 72


async def test_a_pager_that_shows_its_last_page_for_ever_ends(bench) -> None:
    """A page with the lines of the one before it is the end of the past."""
    bench.portal.articles = list(range(1, 51))
    await first_walk(bench)
    whole = bench.portal.listing
    bench.portal.listing = lambda page: re.sub(r'<a rel="next".*?</a>', "", whole(min(page, 4))).replace(
        "</ul>", f'</ul><a rel="next" href="/tin-tuc?page={page + 1}">Trang sau</a>'
    )
    assert len(await fill(bench)) == 5
    assert len(bench.items()) == 40


@pytest.mark.parametrize(
    "place", [History(), History(url=f"{HOST}/tin-tuc?page=9", pages=8, digest="d", below=START, finished=True)]
)
def test_the_place_in_the_past_is_kept(bench, place: History) -> None:
    """What was stored is what is read."""
    bench.store.save_history("sapa", "tin-tuc", place)
    assert bench.store.history("sapa", "tin-tuc") == place
