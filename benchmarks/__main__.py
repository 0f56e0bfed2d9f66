"""`make bench`: each task against a plain one, in one run; the ratio is the result."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html

# dateparser carries no types
from dateparser.date import DateDataParser  # type: ignore[import-untyped]
from lxml import etree

from benchmarks.reading import reading
from benchmarks.sample import sample_service
from feedsvc.demo.portal import create_portal
from feedsvc.extract import read_article, read_listing
from feedsvc.extract.dates import read_date
from feedsvc.feeds import render
from feedsvc.model import VIETNAM, Page, Source
from feedsvc.service import Service
from feedsvc.web import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SECONDS = 1.0
PATH = "/feeds/mau/trang-chu.rss"


def main() -> None:
    """Prints one line a task: microseconds each, those of the plain task, and the ratio."""
    print(f"{'task':52} {'µs':>9} {'plain µs':>9} {'ratio':>7}")
    with tempfile.TemporaryDirectory() as folder, sample_service(Path(folder)) as service:
        serving(service)
        rendering(service)
    sample_pages()
    dates()
    reading()


def serving(service: Service) -> None:
    """A feed from ready bytes against a WSGI application that answers the same bytes and nothing else."""
    app: WSGIApplication = create_app(service)
    body, etag = _ask(app, {})
    plain = timed(lambda: _ask(_static(body), {}))
    told("feed, 200, against plain WSGI with the same bytes", timed(lambda: _ask(app, {})), plain)
    told("feed, 304, against the same", timed(lambda: _ask(app, {"HTTP_IF_NONE_MATCH": etag})), plain)


def rendering(service: Service) -> None:
    """50 items as a document against lxml writing the parsed document out again."""
    feed = service.feed("mau/trang-chu")
    if feed is None:
        raise SystemExit("no sample feed")
    for form in ("rss", "atom"):
        root = etree.fromstring(render(feed, form).body)
        plain = timed(lambda root=root: etree.tostring(root))  # type: ignore[misc]
        told(f"{form} of 50 items, against serialising its tree", timed(lambda form=form: render(feed, form)), plain)  # type: ignore[misc]


def sample_pages() -> None:
    """A page of the sample portal read, against lxml parsing it."""
    client = create_portal(clock=lambda: NOW).test_client()
    source = Source(slug="mau", title="Mẫu", home="http://127.0.0.1/")
    listing = _page("http://127.0.0.1/tin-tuc", client.get("/tin-tuc").data)
    article = _page(*_first_article(client, listing, source))
    told("listing of 12 items, against parsing", timed(lambda: read_listing(listing, source)), _parse(listing))
    told("article, against parsing", timed(lambda: read_article(article, source)), _parse(article))


DATES = (
    "19/09/2022 | 14:30 GMT+7", "Thứ ba, 08/3/2022, 06:00 (GMT+7)", "Cập nhật lúc: 09:33 |31/07/2015",
    "14h30 05/09/2022", "Sa Pa, ngày 05 tháng 09 năm 2022", "Ngày đăng: 05-09-2022 - Lượt xem: 123", "2 giờ trước",
    "05 Th9 2022", "2022-09-05T23:30:00Z", "Số 19/2022/QĐ-UBND", "Trang 5/9", "Điện thoại: 0214.3871.975",
)  # fmt: skip
"""Wordings of reading.md 6, and what only looks like one."""


def dates() -> None:
    """Dates of portals against dateparser (two languages, one order), and one against datetime.fromisoformat."""
    general = DateDataParser(languages=["vi", "en"], settings={"DATE_ORDER": "DMY", "TIMEZONE": "Asia/Ho_Chi_Minh"})
    each = timed(lambda: [read_date(text, now=NOW, timezone=VIETNAM) for text in DATES]) / len(DATES)
    plain = timed(lambda: [general.get_date_data(text) for text in DATES]) / len(DATES)
    told("dates of portals, each, against dateparser", each, plain)
    plain = timed(lambda: datetime.fromisoformat("2022-03-08T06:00:00+07:00"))
    text = "Thứ ba, 08/3/2022, 06:00 (GMT+7)"
    told(
        "date with weekday and zone, against ISO 8601", timed(lambda: read_date(text, now=NOW, timezone=VIETNAM)), plain
    )


def timed(task: Callable[[], Any]) -> float:
    """Seconds of one run: the best of rounds that last a second together, so that other load counts least."""
    task()
    best, ended = float("inf"), time.perf_counter() + SECONDS
    while time.perf_counter() < ended:
        begun = time.perf_counter()
        task()
        best = min(best, time.perf_counter() - begun)
    return best


def told(name: str, seconds: float, plain: float) -> None:
    """One line of the result."""
    print(f"{name:52} {seconds * 1e6:9.1f} {plain * 1e6:9.1f} {seconds / plain:7.2f}")


def _parse(page: Page) -> float:
    return timed(lambda: lxml.html.document_fromstring(page.body))


def _first_article(client: Any, listing: Page, source: Source) -> tuple[str, bytes]:
    url = read_listing(listing, source).stubs[0].url
    return url, client.get(url.removeprefix("http://127.0.0.1")).data


def _page(url: str, body: bytes) -> Page:
    return Page(url=url, final_url=url, status=200, body=body, content_type="text/html; charset=utf-8", fetched_at=NOW)


def _static(body: bytes) -> WSGIApplication:
    def app(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/rss+xml"), ("Content-Length", str(len(body)))])
        return [body]

    return app


def _ask(app: WSGIApplication, headers: dict[str, str]) -> tuple[bytes, str]:
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": PATH, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8080", "HTTP_HOST": "127.0.0.1:8080", "wsgi.url_scheme": "http", "REMOTE_ADDR": "127.0.0.1",
        **headers,
    }  # fmt: skip
    answered: dict[str, str] = {}

    def start_response(_status: str, sent: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
        answered.update(sent)
        return lambda _bytes: None

    body = b"".join(app(environ, start_response))
    return body, answered.get("ETag", "")


main()
