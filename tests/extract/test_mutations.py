"""No page breaks the reading, whatever became of it on the way, and none holds it up."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from fakes.mutations import CORPUS, NOW, mutated, own_pages

from feedsvc.errors import ExtractError
from feedsvc.extract.article import read_article
from feedsvc.extract.listing import read_listing
from feedsvc.model import Page, Source

SOURCE = Source(slug="cong", title="Cổng thông tin", home="https://cong.vidu.vn/")
SECONDS = 1.0
"""CPU time that one reading of a page may take."""

MORE_MEMORY = 200 * 1024
"""KiB by which the process may grow over all pages."""

AT_ONCE = 500
"""Pages that one process reads before it tells of them."""

FINDINGS = sorted(CORPUS.glob("*.html"))


@contextmanager
def unwatched() -> Iterator[None]:
    """Without the tracing that coverage does: it takes twice as long as the reading whose time is asked for."""
    tracing = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracing)


def read(page: Page) -> float:
    """Read a page as a listing and as an article; the longer of the two, in seconds of CPU."""
    took = []
    with unwatched():
        for reads in (read_listing, read_article):
            start = time.process_time()
            with suppress(ExtractError):
                reads(page, SOURCE)
            took.append(time.process_time() - start)
    return max(took)


def in_time(page: Page) -> bool:
    """Whether a page is read within its time: what else the machine does may slow one reading down, not two."""
    return read(page) < SECONDS or read(page) < SECONDS


def read_all(seeds: range) -> int:
    """Read the broken pages of `seeds`; the KiB by which the process grew. A failure names the seed."""
    pages = own_pages()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in seeds:
        page = mutated(pages, seed)
        try:
            quick = in_time(page)
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise
        assert quick, f"seed {seed} took more than {SECONDS} s"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return grown // 1024 if sys.platform == "darwin" else grown


def test_broken_pages_are_read_or_refused(pytestconfig: pytest.Config) -> None:
    """Every broken page gives a listing and an article or an ExtractError, each within a second, in bounded memory.

    `pytest tests/extract/test_mutations.py --mutated-pages 10000` reads as many as CI does, on all cores.
    """
    count = pytestconfig.getoption("--mutated-pages", 300)
    if count <= AT_ONCE:
        assert read_all(range(count)) < MORE_MEMORY
        return
    shares = [range(start, min(start + AT_ONCE, count)) for start in range(0, count, AT_ONCE)]
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        assert max(pool.map(read_all, shares)) < MORE_MEMORY


@pytest.mark.parametrize("path", FINDINGS, ids=lambda path: path.stem)
def test_findings_stay_mended(path: Path) -> None:
    """A page that once broke the reading, or held it up, is read or refused in time."""
    for url in ("https://cong.vidu.vn/", "https://cong.vidu.vn/tin-tuc/bai-1.html"):
        page = Page(
            url=url, final_url=url, status=200, body=path.read_bytes(), content_type="text/html", fetched_at=NOW
        )
        assert in_time(page)
