"""config.toml -> Config. Every mistake at once, each with file, line, column, key, and what would be right.

The only module that reads the environment: `FEEDSVC__TABLE__KEY` goes over the file, and secrets are named in the
file as `{ env = "NAME" }` or `{ file = "path" }`, never written into it.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError

from feedsvc.config_tables import (
    DEFAULT_PORTS,
    DURATION,
    UNITS,
    AdminTable,
    CategoryTable,
    FeedTable,
    FetchTable,
    MediaTable,
    PollingTable,
    RelayTable,
    ServiceTable,
    SourceTable,
    Table,
    WebSubTable,
    WebTable,
)
from feedsvc.errors import ConfigError
from feedsvc.mistakes import Report, dotted
from feedsvc.model import Category, Selectors, Source
from feedsvc.toml_places import find_places

PREFIX = "FEEDSVC__"
RESERVED = frozenset({"operator"})
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - named to warn of, not to listen on
HOME_CATEGORY = "trang-chu"
ANY = "*"
"""In place of a category, while checking: the source's categories are still to be found."""
MIN_PUBLIC_INTERVAL = timedelta(minutes=1)


class Config(Table):
    """The whole of config.toml, checked. `folder` is where relative paths begin."""

    service: ServiceTable = ServiceTable()
    fetch: FetchTable = FetchTable()
    polling: PollingTable = PollingTable()
    web: WebTable = WebTable()
    admin: AdminTable = AdminTable()
    media: MediaTable = MediaTable()
    websub: WebSubTable = WebSubTable()
    source: tuple[SourceTable, ...] = ()
    feed: tuple[FeedTable, ...] = ()
    relay: tuple[RelayTable, ...] = ()
    folder: Path = Field(Path(), exclude=True)

    @property
    def base_url(self) -> str:
        """Public address without a final slash."""
        host = f"[{self.web.host}]" if ":" in self.web.host else self.web.host
        return (self.service.base_url or f"http://{host}:{self.web.port}").rstrip("/")

    @property
    def database(self) -> str:
        """Address of the database, a relative SQLite file taken from the folder of config.toml."""
        url = self.service.database.get_secret_value()
        name = url.removeprefix("sqlite:///")
        if name in {url, ""} or Path(name).is_absolute():
            return url
        return f"sqlite:///{self.folder / name}"

    def listening(self, host: str | None, port: int | None) -> Config:
        """The same, listening elsewhere; None leaves a part as it is."""
        web = self.web.model_copy(update={k: v for k, v in (("host", host), ("port", port)) if v is not None})
        return self.model_copy(update={"web": web})

    def sources(self) -> tuple[Source, ...]:
        """The portals, defaults filled in."""
        return tuple(self._source(table) for table in self.source)

    def _source(self, table: SourceTable) -> Source:
        return Source(
            slug=table.slug,
            title=table.title,
            home=table.home,
            site=table.site,
            select=Selectors(**table.select.model_dump()),
            language=table.language or self.service.language,
            timezone=table.timezone or self.service.timezone,
            formerly=table.formerly,
            tls=table.tls,
            on_removed=table.on_removed,
        )

    def categories(self) -> tuple[Category, ...]:
        """The listings of all portals, defaults filled in; a portal without any gets its home page as the one."""
        return tuple(self._category(source, table) for source in self.source for table in _listings(source))

    def _category(self, source: SourceTable, table: CategoryTable) -> Category:
        return Category(
            source=source.slug,
            slug=table.slug,
            title=table.title,
            url=table.url,
            kind=table.kind,
            every=table.every or source.every or self.polling.every,
            pages=table.pages or source.pages or self.polling.pages,
            adapt=self.polling.adapt,
        )


def _listings(source: SourceTable) -> tuple[CategoryTable, ...]:
    return source.category or (CategoryTable(slug=HOME_CATEGORY, title=source.title, url=source.home),)


def load_config(path: Path, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration in `path`, with `FEEDSVC__...` of the environment over it.

    Raises ConfigError with every mistake as `file:line:column: [table] "name": what is wrong; what would be right`.
    """
    try:
        text = path.read_text("utf-8")
        values = tomllib.loads(text)
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read: {error.strerror}; `feedsvc init` writes a new one",)) from None
    except UnicodeDecodeError as error:
        raise ConfigError((f"{path}: is not UTF-8 (byte {error.start + 1}); save it as UTF-8",)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((_syntax(path, text, error),)) from None
    return parse_config(values, path=path, text=text, environ=environ)


def parse_config(values: dict[str, Any], *, path: Path, text: str, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of TOML values; see `load_config`."""
    environ = os.environ if environ is None else environ
    report = Report(path, find_places(text), values, Config)
    _override(values, environ)
    _reveal(values, report, path.parent, environ)
    try:
        config = Config.model_validate({**values, "folder": path.parent})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            report.invalid(detail)
        config = None
    _check_together(values, report)
    if report.mistakes or config is None:
        raise ConfigError(report.sorted())
    return config


def child_environ(config: Config) -> dict[str, str]:
    """The environment for a process that shall listen where `config` says: this one's, and that over the file."""
    listening = {f"{PREFIX}WEB__HOST": f'"{config.web.host}"', f"{PREFIX}WEB__PORT": str(config.web.port)}
    return {**os.environ, **listening}


def config_warnings(config: Config) -> tuple[str, ...]:
    """What is not wrong but will surprise: addresses that nobody can follow, keys that are not acted upon yet."""
    found = []
    if config.web.host in EVERYWHERE and not config.service.base_url:
        found.append(
            f'[web] host = "{config.web.host}" listens on every address of the machine, but links in feeds would begin '
            f"with {config.base_url}, which no reader can follow; set [service] base_url, such as "
            '"https://feeds.example.org"'
        )
    if config.relay:
        found.append("[[relay]]: relays are not delivered by this version; feeds are not affected")
    return tuple(found)


def _syntax(path: Path, text: str, error: tomllib.TOMLDecodeError) -> str:
    """A syntax error in words: the parser tells the place in its message alone."""
    match = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
    line, column = (match[2], match[3]) if match else (1, 1)
    if match and not match[2]:
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    return f"{path}:{line}:{column}: not valid TOML: {match[1] if match else error}"


def _override(values: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Puts FEEDSVC__TABLE__KEY over the file; a value that is no TOML is taken as a string."""
    for name, text in sorted(environ.items()):
        parts = name.removeprefix(PREFIX).lower().split("__")
        if not name.startswith(PREFIX) or len(parts) != 2:  # noqa: PLR2004 - a table and a key
            continue
        try:
            value = tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            value = text
        table = values.setdefault(parts[0], {})
        if isinstance(table, dict):
            table[parts[1]] = value


def _reveal(
    value: Any, report: Report, folder: Path, environ: Mapping[str, str], where: tuple[str | int, ...] = ()
) -> None:
    """Replaces every { env = "NAME" } and { file = "path" } by what it names, in place."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        here = (*where, key)
        if isinstance(inner, dict) and len(inner) == 1 and set(inner) <= {"env", "file"}:
            value[key] = _secret(inner, report, folder, environ, here)
            report.revealed.add(here)
        elif isinstance(inner, dict | list):
            _reveal(inner, report, folder, environ, here)


def _secret(
    reference: dict[str, Any], report: Report, folder: Path, environ: Mapping[str, str], where: tuple[str | int, ...]
) -> str:
    (kind, name), table = next(iter(reference.items())), report.table(where)
    if kind == "env":
        if name not in environ:
            report.add(where, f"{table}: {dotted(where)}: the environment has no {name}; set it, or name another")
        return environ.get(name, "")
    try:
        return (folder / str(name)).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        report.add(where, f"{table}: {dotted(where)}: the file {name} cannot be read: {reason}")
        return ""


def _tables(values: Any, key: str) -> list[tuple[int, dict[str, Any]]]:
    """The array of tables under `key`, as far as it is one: the checks below run on unchecked values."""
    found = values.get(key) if isinstance(values, dict) else None
    return [(i, table) for i, table in enumerate(found) if isinstance(table, dict)] if isinstance(found, list) else []


def _check_together(values: dict[str, Any], report: Report) -> None:
    """What one key alone cannot show: names used twice, references to nothing, too short intervals."""
    named: dict[str, str] = {}
    known: set[str] = set()
    own = _own_hosts(values)
    for i, source in _tables(values, "source"):
        _unique(report, ("source", i, "slug"), source.get("slug"), named, f'[[source]] "{source.get("slug")}"')
        known |= _check_categories(report, i, source)
        _check_pace(own, report, i, source)
    for i, feed in _tables(values, "feed"):
        label = f'[[feed]] "{feed.get("slug")}"'
        _unique(report, ("feed", i, "slug"), feed.get("slug"), named, label)
        _check_include(report, ("feed", i, "include"), feed.get("include"), known, label)
    _check_departed(values.get("web"), report, known | {str(feed.get("slug")) for _, feed in _tables(values, "feed")})


def _unique(report: Report, where: tuple[str | int, ...], slug: Any, named: dict[str, str], label: str) -> None:
    if not isinstance(slug, str):
        return
    if slug in RESERVED:
        report.add(where, f'{label}: the slug "{slug}" is reserved for feedsvc itself; choose another')
    elif slug in named:
        report.add(where, f"{label}: the slug is taken by {named[slug]}; sources and feeds share one set of names")
    named.setdefault(slug, label)


def _check_categories(report: Report, index: int, source: dict[str, Any]) -> set[str]:
    slug = source.get("slug")
    seen: dict[str, str] = {}
    for j, category in _tables(source, "category"):
        label = f'[[source.category]] "{category.get("slug")}"'
        _unique(report, ("source", index, "category", j, "slug"), category.get("slug"), seen, label)
    return {str(slug)} | {f"{slug}/{name}" for name in (seen or {HOME_CATEGORY: "", ANY: ""})}


def _check_include(report: Report, where: tuple[str | int, ...], include: Any, known: set[str], label: str) -> None:
    for j, name in enumerate(include if isinstance(include, list) else []):
        if isinstance(name, str) and name not in known and f"{name.partition('/')[0]}/{ANY}" not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            hint = f'; did you mean "{near[0]}"?' if near else "; right would be SOURCE or SOURCE/CATEGORY"
            report.add((*where, j), f'{label}: include names "{name}", which is no source or category{hint}')


def _check_departed(web: Any, report: Report, live: set[str]) -> None:
    """Feeds that moved or were given up are there no more, and those to which they moved are."""
    moved, gone = (web.get(key) if isinstance(web, dict) else None for key in ("moved", "gone"))
    given = enumerate(gone if isinstance(gone, list) else [])
    left: list[tuple[tuple[str | int, ...], str]] = [(("web", "gone", i), n) for i, n in given if isinstance(n, str)]
    for old, new in moved.items() if isinstance(moved, dict) else ():
        left.append((("web", "moved", old), old))
        if isinstance(new, str) and new not in live and not ("/" in new and f"{new.partition('/')[0]}/{ANY}" in live):
            near = difflib.get_close_matches(new, sorted(live), n=1)
            hint = f'; did you mean "{near[0]}"?' if near else "; right would be SOURCE, SOURCE/CATEGORY or a [[feed]]"
            report.add(("web", "moved", old), f'[web]: moved sends "{old}" to "{new}", which is no feed here{hint}')
    names = [name for _, name in left]
    for where, name in left:
        if name in live:
            report.add(where, f'[web]: {where[1]} names "{name}", which is a feed here; rename one of them')
        elif names.count(name) > 1 and where[1] == "gone":
            report.add(where, f'[web]: gone names "{name}" once more; a feed has moved or was given up, once')


def _own_hosts(values: dict[str, Any]) -> set[str]:
    """The pairs of host and port that are the operator's own."""
    allowed = (values.get("fetch") or {}).get("allow_private") if isinstance(values.get("fetch"), dict) else None
    return {str(pair).lower() for pair in allowed} if isinstance(allowed, list) else set()


def _check_pace(own: set[str], report: Report, index: int, source: dict[str, Any]) -> None:
    """Intervals under a minute only for hosts that are the operator's own."""
    places: list[tuple[tuple[str | int, ...], dict[str, Any], Any]] = [(("source", index), source, source.get("home"))]
    places += [(("source", index, "category", j), c, c.get("url")) for j, c in _tables(source, "category")]
    for where, table, url in places:
        every = table.get("every")
        if isinstance(every, str) and isinstance(url, str) and _too_often(every, url, own):
            header = report.table((*where, "every"))
            report.add(
                (*where, "every"), f'{header}: every = "{every}": a public portal is asked once a minute at most'
            )


def _too_often(every: str, url: str, own: set[str]) -> bool:
    match = DURATION.fullmatch(every.strip())
    if not match or url.startswith("folder:"):
        return False
    return float(match[1]) * UNITS[match[2]] < MIN_PUBLIC_INTERVAL.total_seconds() and host_port(url) not in own


def host_port(url: str) -> str:
    """`host:port` of an address, the port of its scheme where it names none; "" for addresses without a host."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    return f"[{ip_address(host)}]:{port}" if ":" in host else f"{host}:{port}" if host else ""
