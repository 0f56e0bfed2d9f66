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
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from feedsvc.errors import ConfigError
from feedsvc.mistakes import Report, dotted
from feedsvc.model import Category, CategoryKind, Selectors, Source
from feedsvc.toml_places import find_places

PREFIX = "FEEDSVC__"
RESERVED = frozenset({"operator"})
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - named to warn of, not to listen on
HOME_CATEGORY = "trang-chu"
ANY = "*"
"""In place of a category, while checking: the source's categories are still to be found."""
MIN_PUBLIC_INTERVAL = timedelta(minutes=1)

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SIZE = re.compile(r"(\d+)\s*(B|KiB|MiB)?")
_SIZES = {None: 1, "B": 1, "KiB": 1024, "MiB": 1024 * 1024}
_DEFAULT_PORTS = {"http": 80, "https": 443}


def _duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError('right would be a number and a unit, such as "30s", "15m", "6h" or "1d"')
    return timedelta(seconds=float(match[1]) * _UNITS[match[2]])


def _bytes(value: object) -> object:
    match = (
        _SIZE.fullmatch(str(value).strip()) if isinstance(value, str | int) and not isinstance(value, bool) else None
    )
    if not match or not int(match[1]):
        raise ValueError('right would be a number of bytes, such as 5242880 or "5MiB"')
    return int(match[1]) * _SIZES[match[2]]


def _zone(value: object) -> object:
    try:
        return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('right would be the name of a time zone, such as "Asia/Ho_Chi_Minh"') from None


def _slug(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9-]{1,64}", value):
        raise ValueError('right would be 1 to 64 of a-z, 0-9 and "-", such as "tin-tuc"')
    return value


def _web_address(value: object) -> object:
    parts = urlsplit(value) if isinstance(value, str) else None
    if not parts or parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username:
        raise ValueError('right would be an address such as "https://sapa.laocai.gov.vn/"')
    return value


def _listing_address(value: object) -> object:
    if isinstance(value, str) and value.startswith("folder:"):
        if not value.removeprefix("folder:").strip():
            raise ValueError('right would be a folder after the colon, such as "folder:inbox/tin-tuc"')
        return value
    return _web_address(value)


def _host_port(value: object) -> object:
    match = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):(\d{1,5})", value) if isinstance(value, str) else None
    if not match or not 0 < int(match[2]) < 65536:  # noqa: PLR2004 - the highest TCP port
        raise ValueError('right would be "host:port", such as "127.0.0.1:8801"')
    return match[0].lower()


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Bytes = Annotated[int, BeforeValidator(_bytes)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Slug = Annotated[str, BeforeValidator(_slug)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]
ListingAddress = Annotated[str, BeforeValidator(_listing_address)]
HostPort = Annotated[str, BeforeValidator(_host_port)]
Words = Annotated[str, Field(min_length=1)]


class Table(BaseModel):
    """A table of config.toml: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, strict=False)


class ServiceTable(Table):
    """[service]: what holds for all."""

    title: Words = Field("feedsvc", description="name of this service on its pages and in the OPML list")
    base_url: WebAddress | None = Field(
        None, description="public address; all links in feeds begin with it. Default: http://HOST:PORT of [web]"
    )
    database: SecretStr = Field(
        SecretStr("sqlite:///feedsvc.db"),
        description="sqlite:///FILE (relative to config.toml) or postgresql://USER@HOST/NAME; may be a secret",
    )
    timezone: Zone = Field(ZoneInfo("Asia/Ho_Chi_Minh"), description="zone in which portals print their times")
    language: Words = Field("vi", description="language of the portals (BCP 47)")
    contact: str = Field("", description="mail address or page, told to portals in the User-Agent")
    keep: Duration | None = Field(None, description="how long bodies of items are kept; default: for ever")


class FetchTable(Table):
    """[fetch]: how portals are asked."""

    allow_private: tuple[HostPort, ...] = Field(
        (), description="host:port pairs that may be reached although they are not public"
    )
    per_host_delay: Duration = Field(
        timedelta(seconds=2),
        ge=timedelta(0),
        description="pause between two requests to a host; public hosts get at least 1s",
    )
    max_bytes: Bytes = Field(5 * 1024 * 1024, description="largest page, decoded")
    timeout: Duration = Field(
        timedelta(seconds=20), gt=timedelta(0), description="for one whole request, redirects included"
    )


class PollingTable(Table):
    """[polling]: defaults for every category; each may differ."""

    every: Duration = Field(
        timedelta(minutes=15), ge=timedelta(seconds=1), description="how often a listing is looked at"
    )
    pages: int = Field(3, ge=1, le=1000, description="listing pages followed on the first poll of a category")


class WebTable(Table):
    """[web]: where readers are answered."""

    host: Words = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8080, ge=1, le=65535, description="port to listen on")
    workers: int = Field(1, ge=1, le=64, description="web worker processes")


class MediaTable(Table):
    """[media]: pictures and films."""

    mirror: bool = Field(default=False, description="keep copies of pictures")


class SelectTable(Table):
    """[source.select]: CSS selectors; only what the defaults miss.

    With `item`, those of title, link, date, image and summary are looked for inside each entry of the listing; without
    it, title, date and summary on the article page.
    """

    item: Words | None = Field(None, description="one entry of the listing")
    title: Words | None = Field(None, description="headline")
    link: Words | None = Field(None, description="link of the entry")
    date: Words | None = Field(None, description="date")
    image: Words | None = Field(None, description="picture of the entry")
    summary: Words | None = Field(None, description="lead")
    body: Words | None = Field(None, description="text of the article")
    byline: Words | None = Field(None, description="author of the article")
    next: Words | None = Field(None, description="link to the next page of the listing")


class CategoryTable(Table):
    """[[source.category]]: one listing of the portal."""

    slug: Slug = Field(description="name in feed addresses")
    title: Words = Field(description="name for people")
    url: ListingAddress = Field(description="address of the listing, or folder:DIR for dropped documents")
    kind: CategoryKind = Field("news", description="news, video, gallery or documents")
    every: Duration | None = Field(None, ge=timedelta(seconds=1), description="instead of [polling] every")
    pages: int | None = Field(None, ge=1, le=1000, description="instead of [polling] pages")


class SourceTable(Table):
    """[[source]]: a portal. Without categories they are found from its home page, and looked for again every week."""

    slug: Slug = Field(description="name in feed addresses")
    title: Words = Field(description="name for people")
    home: ListingAddress = Field(description="address of the portal's home page")
    site: Words = Field("generic", description="portal family that reads its pages")
    timezone: Zone | None = Field(None, description="instead of [service] timezone")
    language: Words | None = Field(None, description="instead of [service] language")
    every: Duration | None = Field(None, ge=timedelta(seconds=1), description="instead of [polling] every")
    pages: int | None = Field(None, ge=1, le=1000, description="instead of [polling] pages")
    formerly: tuple[Words, ...] = Field((), description="hosts under which the same portal published before")
    on_removed: Literal["keep", "tombstone"] = Field("keep", description="what an article's deletion does")
    select: SelectTable = Field(SelectTable(), description="CSS selectors")
    category: tuple[CategoryTable, ...] = Field((), description="listings of the portal")


class FeedTable(Table):
    """[[feed]]: a feed of one's own, across sources."""

    slug: Slug = Field(description="name in the feed's address")
    title: Words = Field(description="name for people")
    include: tuple[Words, ...] = Field(min_length=1, description="SOURCE or SOURCE/CATEGORY")
    words: tuple[Words, ...] = Field((), description="only items that contain one of these")


class RelayTable(Table):
    """[[relay]]: a channel to people. Its further keys belong to its kind."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: Slug = Field(description="name of the relay")
    kind: Words = Field(description="email, zalo_bot, webhook ...")
    feeds: tuple[Words, ...] = Field((), description="SOURCE, SOURCE/CATEGORY or a [[feed]]")


class Config(Table):
    """The whole of config.toml, checked. `folder` is where relative paths begin."""

    service: ServiceTable = ServiceTable()
    fetch: FetchTable = FetchTable()
    polling: PollingTable = PollingTable()
    web: WebTable = WebTable()
    media: MediaTable = MediaTable()
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
    if config.media.mirror:
        found.append("[media] mirror: pictures are not mirrored by this version")
    if config.service.keep is not None:
        found.append("[service] keep: this version keeps items for ever")
    found.extend(
        f'[[source]] "{source.slug}" on_removed: this version keeps removed articles'
        for source in config.source
        if source.on_removed != "keep"
    )
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
    for i, source in _tables(values, "source"):
        _unique(report, ("source", i, "slug"), source.get("slug"), named, f'[[source]] "{source.get("slug")}"')
        known |= _check_categories(report, i, source)
        _check_pace(values, report, i, source)
    for i, feed in _tables(values, "feed"):
        label = f'[[feed]] "{feed.get("slug")}"'
        _unique(report, ("feed", i, "slug"), feed.get("slug"), named, label)
        _check_include(report, ("feed", i, "include"), feed.get("include"), known, label)


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


def _check_pace(values: dict[str, Any], report: Report, index: int, source: dict[str, Any]) -> None:
    """Intervals under a minute only for hosts that are the operator's own."""
    allowed = (values.get("fetch") or {}).get("allow_private") if isinstance(values.get("fetch"), dict) else None
    own = {str(pair).lower() for pair in allowed} if isinstance(allowed, list) else set()
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
    match = _DURATION.fullmatch(every.strip())
    if not match or url.startswith("folder:"):
        return False
    return float(match[1]) * _UNITS[match[2]] < MIN_PUBLIC_INTERVAL.total_seconds() and host_port(url) not in own


def host_port(url: str) -> str:
    """`host:port` of an address, the port of its scheme where it names none; "" for addresses without a host."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    return f"[{ip_address(host)}]:{port}" if ":" in host else f"{host}:{port}" if host else ""
