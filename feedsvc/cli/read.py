"""`feedsvc read`: what would be read from a page, a dropped document or a date text; nothing is stored."""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.console import Console

from feedsvc.cli.answers import article_answer, listing_answer
from feedsvc.cli.clock import now
from feedsvc.cli.explained import article_table, listing_tables
from feedsvc.config import Config, load_config
from feedsvc.dropped import FILES
from feedsvc.errors import FeedsvcError
from feedsvc.extract import read_article, read_listing
from feedsvc.extract.account import Account
from feedsvc.extract.dates import read_date
from feedsvc.extract.document import read_document
from feedsvc.extract.profile_json import from_json
from feedsvc.fetch import fetch_page
from feedsvc.model import VIETNAM, Page, Source, Stub

Kind = Literal["article", "listing"]
NOWHERE = "https://example.org/"
WIDE = 240
"""Columns where no terminal says how many there are: a pipe wants whole addresses."""
DOCUMENTS = {".txt": "text/plain", **FILES}
"""Endings of files that are read as dropped documents, whole, and their types; any other is a saved page."""


@click.command(
    "read",
    epilog="\b\nExamples:\n  feedsvc read --as listing https://sapa.laocai.gov.vn/tin-tuc"
    "\n  feedsvc read --as article --url https://sapa.laocai.gov.vn/bai-1 --json saved-page.html",
)
@click.argument("what", metavar="FILE_OR_URL", required=False)
@click.option("--as", "kind", type=click.Choice(["article", "listing"]), default="article", show_default=True)
@click.option("--url", default="", help="Address that a saved page came from.")
@click.option("--source", "slug", default="", help="A [[source]] to read as: its selectors, and what it has taught.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option("--jsonl", is_flag=True, help="A loop: one JSON question a line in, one answer a line out.")
@click.option("--dates", is_flag=True, help='A loop over date texts: {"text","now","tz"} in, {"iso"} out.')
@click.pass_obj
def read_command(
    obj: dict[str, Path], what: str | None, kind: Kind, url: str, slug: str, *, as_json: bool, jsonl: bool, dates: bool
) -> None:
    """Show what feedsvc reads from an article, a listing (--as listing), or a document (.txt, .docx, .pdf).

    For each field the table tells which rule or selector gave it, how sure that is, and what else was to be had; --json
    and --jsonl give the fields alone. FILE may be gzipped. Nothing is stored; of the configuration only [fetch] is
    used, if there is one, and the source that --source names.
    """
    if jsonl or dates:
        _loop(_answer_date if dates else _answer_page)
        return
    if not what:
        raise click.UsageError("name a file or an address, or use --jsonl or --dates")
    source = _taught(slug, obj["config"]) if slug else _source(VIETNAM)
    page = _fetch(what, obj["config"]) if what.startswith(("http://", "https://")) else _open(Path(what), url, now())
    account = None if as_json else Account()
    answer = _read(kind, page, source, Path(what).name, account=account)
    if account is None:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    for table in listing_tables(answer, account) if kind == "listing" else [article_table(answer, account)]:
        console.print(table)


def _loop(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answers line by line, flushed; a question that cannot be answered gets an error and the loop goes on."""
    for line in sys.stdin:
        try:
            found = answer(_question(line))
        except FeedsvcError as error:
            found = {"error": str(error)}
        # The loop's promise is an answer to every line, whatever a page does to us.
        except Exception as error:  # noqa: BLE001 - a named boundary
            found = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _question(line: str) -> dict[str, Any]:
    question = json.loads(line)
    if not isinstance(question, dict):
        raise FeedsvcError("a question is one JSON object a line")
    return question


def _answer_page(question: dict[str, Any]) -> dict[str, Any]:
    kind = question.get("as", "article")
    if kind not in {"article", "listing"} or not isinstance(question.get("path"), str):
        raise FeedsvcError('a question has "as" ("article" or "listing"), "url" and "path"')
    path, moment = Path(question["path"]), _moment(question.get("now"))
    page = _open(path, str(question.get("url") or ""), moment)
    title = str(question.get("listing_title") or "")
    return _read(kind, page, _source(_zone(question.get("timezone"))), path.name, title)


def _answer_date(question: dict[str, Any]) -> dict[str, Any]:
    zone = _zone(question.get("tz"))
    when = read_date(str(question.get("text") or ""), now=_moment(question.get("now")), timezone=zone)
    if when is None:
        return {"iso": None}
    local = when.moment.astimezone(zone)
    return {"iso": local.date().isoformat() if when.precision == "day" else local.isoformat()}


def _moment(text: object) -> datetime:
    if not text:
        return now()
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise FeedsvcError(f'"now" is no ISO 8601 moment: {text}') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name)) if name else VIETNAM
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FeedsvcError(f"no such time zone: {name}") from None


def _source(timezone: ZoneInfo) -> Source:
    return Source(slug="read", title="", home="", timezone=timezone)


def _taught(slug: str, path: Path) -> Source:
    """The source of this name with what the store remembers of its pages."""
    from feedsvc.store import open_store  # noqa: PLC0415 - pages that are read by themselves need no database

    config = load_config(path)
    source = next((one for one in config.sources() if one.slug == slug), None)
    if source is None:
        known = ", ".join(one.slug for one in config.sources()) or "none"
        raise click.UsageError(f'no source "{slug}" in the configuration; there are: {known}')
    store = open_store(config.database)
    try:
        return replace(source, profile=from_json(store.profile(slug)))
    finally:
        store.close()


def _open(path: Path, url: str, moment: datetime) -> Page:
    try:
        body = path.read_bytes()
        if path.suffix == ".gz":
            body = gzip.decompress(body)
    except (OSError, EOFError) as error:
        raise FeedsvcError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    address = url or NOWHERE
    kind = DOCUMENTS.get(path.suffix.lower(), "text/html")
    return Page(url=address, final_url=address, status=200, body=body, content_type=kind, fetched_at=moment)


def _fetch(url: str, config: Path) -> Page:
    """The page at an address, through the same guarded door as every poll."""
    from feedsvc.worker import open_fetchers  # noqa: PLC0415 - saved pages need no fetch door

    async def get(settings: Config) -> Page:
        async with open_fetchers(settings, now) as fetcher:
            return await fetch_page(fetcher(), url)

    return asyncio.run(get(load_config(config) if config.exists() else Config()))


def _read(
    kind: Kind, page: Page, source: Source, name: str, title: str = "", account: Account | None = None
) -> dict[str, Any]:
    if kind == "listing":
        return listing_answer(read_listing(page, source, title=title, account=account), source.timezone)
    if page.content_type in DOCUMENTS.values():
        item = read_document(name, page.body, source, modified=page.fetched_at, now=page.fetched_at)
    else:
        stub = Stub(keys=(), url=page.url, title=title) if title else None
        item = read_article(page, source, stub, account=account)
    return article_answer(item, source.timezone)
