"""What reading costs: a listing that changed, one that did not, an article; beside the naive chain in the same run.

CPU time of this process, so that other load counts little. The naive chain is what scripts for portals do: the whole
page to BeautifulSoup, on html.parser or on lxml, and a selector for each field, written by hand for this very page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup

from benchmarks.portal_page import ARTICLE, article_page, listing_page
from feedsvc.extract import read_article, read_listing
from feedsvc.extract.known_list import same_bytes, same_list
from feedsvc.model import Source

ROUNDS = 60
FIELDS = ("h3.title a", ".date", ".sapo", ".thumb img", ".detail-content p")
SOURCE = Source(slug="mau", title="Mẫu", home="https://thixa.vidu.gov.vn/")


def reading() -> None:
    """Prints a line a case: CPU ms, and the ratio to both naive chains on the same page."""
    page, changed, counted = listing_page(), listing_page(first=1002), listing_page(views=4_900_123)
    known = read_listing(page, SOURCE)
    usual = len(known.stubs)
    if not same_list(counted, known.shape, known.imprint) or same_list(changed, known.shape, known.imprint):
        raise SystemExit("the sample pages are not told apart")
    print(
        f"\n{f'reading, {len(page.body) // 1000} kB, {usual} items':52} {'CPU ms':>9} {'html.parser':>11} {'lxml':>7}"
    )
    naive = _naive(page.body)
    _told("listing, first contact", lambda: read_listing(page, SOURCE), naive)
    _told("listing, changed", lambda: read_listing(changed, SOURCE, shape=known.shape, usual=usual), naive)
    _told("listing, equal bytes", lambda: same_bytes(page.body, known.imprint), naive)
    _told("listing, only counters differ", lambda: same_list(counted, known.shape, known.imprint), naive)
    article = article_page()
    stub = next(stub for stub in known.stubs if stub.url == ARTICLE)
    _told(f"article, {len(article.body) // 1000} kB", lambda: read_article(article, SOURCE, stub), _naive(article.body))


def _naive(body: bytes) -> tuple[float, float]:
    return _cost(lambda: _selected(body, "html.parser")), _cost(lambda: _selected(body, "lxml"))


def _selected(body: bytes, parser: str) -> list[list[str]]:
    soup = BeautifulSoup(body, parser)
    lines = soup.select(".news-list .news-item") or soup.select(".main-col")
    return [[part.get_text(" ", strip=True) for name in FIELDS for part in line.select(name)] for line in lines]


def _told(name: str, task: Callable[[], Any], naive: tuple[float, float]) -> None:
    cost = _cost(task)
    print(f"{name:52} {cost * 1e3:9.2f} {cost / naive[0]:10.3f}x {cost / naive[1]:6.3f}x")


def _cost(task: Callable[[], Any]) -> float:
    """Seconds of CPU of one run: the best of several, after one that warms up."""
    task()
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        task()
        best = min(best, time.process_time() - begun)
    return best
