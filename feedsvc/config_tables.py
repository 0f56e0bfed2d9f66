"""The tables and keys of config.toml: types, defaults, and what each means, as the reference tells it."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from feedsvc.model import CategoryKind, Removal, Tls

DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SIZE = re.compile(r"(\d+)\s*(B|KiB|MiB|GiB)?")
_SIZES = {None: 1, "B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
DEFAULT_PORTS = {"http": 80, "https": 443}


def _duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    match = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError('right would be a number and a unit, such as "30s", "15m", "6h" or "1d"')
    return timedelta(seconds=float(match[1]) * UNITS[match[2]])


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
    if not parts or parts.scheme not in DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        raise ValueError('right would be an address such as "https://sapa.laocai.gov.vn/"')
    return value


def _listing_address(value: object) -> object:
    if isinstance(value, str) and value.startswith("folder:"):
        if not value.removeprefix("folder:").strip():
            raise ValueError('right would be a folder after the colon, such as "folder:inbox/tin-tuc"')
        return value
    return _web_address(value)


def _hub(value: object) -> object:
    return value if value in {"own", "off"} else _web_address(value)


def _mirror(value: object) -> object:
    return {True: "all", False: "off"}.get(value, value) if isinstance(value, bool) else value


def _network(value: object) -> object:
    try:
        return str(ip_network(str(value), strict=False))
    except ValueError:
        raise ValueError('right would be an address or network, such as "127.0.0.1" or "10.0.0.0/8"') from None


def _channel_path(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9-]{1,64}(/[a-z0-9-]{1,64})?", value):
        raise ValueError('right would be SOURCE, SOURCE/CATEGORY or a [[feed]], such as "sapa/tin-tuc"')
    return value


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
Hub = Annotated[str, BeforeValidator(_hub)]
Mirror = Annotated[Literal["off", "needed", "all"], BeforeValidator(_mirror)]
Network = Annotated[str, BeforeValidator(_network)]
ChannelPath = Annotated[str, BeforeValidator(_channel_path)]
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
    logs: Literal["text", "json"] = Field("text", description="how lines of the log are written, to stderr")
    keep: Duration | None = Field(
        None,
        ge=timedelta(days=1),
        description="how long bodies of items are kept once they are out of every feed; default: for ever. Ids stay",
    )
    least_free: Bytes = Field(
        200 * 1024**2,
        description="free space below which polling pauses, on the disk of the database; reading goes on",
    )


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
    daily_budget: int = Field(
        2000, ge=1, description="requests to one public host in a day (UTC), by all pollers together"
    )
    proxy: WebAddress | None = Field(
        None,
        description="HTTP proxy through which portals are asked, such as http://proxy.example.org:3128; it connects in "
        "our place, so names are looked up and checked here first. HTTP_PROXY of the environment is never read",
    )


class PollingTable(Table):
    """[polling]: defaults for every category; each may differ."""

    every: Duration = Field(
        timedelta(minutes=15), ge=timedelta(seconds=1), description="how often a listing is looked at"
    )
    pages: int = Field(3, ge=1, le=1000, description="listing pages followed on the first poll of a category")
    adapt: bool = Field(
        default=True,
        description="whether a list is looked at less often in its quiet hours, as learned: up to 4 times `every`",
    )


class WebTable(Table):
    """[web]: where readers are answered."""

    host: Words = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8080, ge=1, le=65535, description="port to listen on")
    workers: int = Field(1, ge=1, le=64, description="web worker processes")
    trusted_proxies: tuple[Network, ...] = Field(
        (), description="proxies of one's own, whose X-Forwarded-For tells who asks; loopback is one always"
    )
    rate: int = Field(
        120,
        ge=0,
        description="feed documents a minute that one address may get without a condition (If-None-Match, "
        "If-Modified-Since) before it is told 429, and as many pages; conditional requests for documents, and "
        "loopback, are free; 0: no limit",
    )
    moved: dict[ChannelPath, ChannelPath] = Field(
        {}, description="feeds that have another address now: the old one is answered by 301"
    )
    gone: tuple[ChannelPath, ...] = Field((), description="feeds that were given up: answered by 410")


class AdminTable(Table):
    """[admin]: what is for those who run the service."""

    token: SecretStr | None = Field(
        None,
        description="secret with which details are asked for (/metrics from other machines, as Authorization: Bearer); "
        'best as { file = "..." }. Without it those addresses are closed',
    )


class MediaTable(Table):
    """[media]: copies of pictures, for readers that could not load the portal's own."""

    mirror: Mirror = Field(
        "needed",
        description="which pictures are copied: none (off), those that readers elsewhere cannot load (needed), or all",
    )
    folder: Words = Field("media", description="where the copies are kept")
    size: Bytes = Field(1024**3, description="most that all copies may take; the least recent go first")
    age: Duration = Field(timedelta(days=365), gt=timedelta(0), description="how long a copy is kept")
    largest: Bytes = Field(8 * 1024**2, description="largest picture that is copied")


class WebSubTable(Table):
    """[websub]: how readers are told at once."""

    hub: Hub = Field("own", description="hub named in the feeds: our own at /hub (own), none (off), or an address")


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
    tls: Tls = Field(
        "verify",
        description="broken-chain: the server forgets to send its intermediate certificates, and its own is taken when "
        "it is valid for the host and its issuer can be had; shown on the status page",
    )
    on_removed: Removal = Field(
        "keep",
        description="what becomes of an article that the portal withdrew: it stays (keep), or leaves the feeds, Atom "
        "with a word of it (tombstone)",
    )
    select: SelectTable = Field(SelectTable(), description="CSS selectors")
    category: tuple[CategoryTable, ...] = Field((), description="listings of the portal")


class FeedTable(Table):
    """[[feed]]: a feed of one's own, across sources."""

    slug: Slug = Field(description="name in the feed's address")
    title: Words = Field(description="name for people")
    include: tuple[Words, ...] = Field(min_length=1, description="SOURCE or SOURCE/CATEGORY")
    words: tuple[Words, ...] = Field((), description="only items that contain one of these")
    marks: bool = Field(default=True, description="whether Vietnamese marks count in `words`; with false, lu finds lũ")


class RelayTable(Table):
    """[[relay]]: a channel to people. Its further keys belong to its kind."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: Slug = Field(description="name of the relay")
    kind: Words = Field(description="email, zalo_bot, webhook ...")
    feeds: tuple[Words, ...] = Field((), description="SOURCE, SOURCE/CATEGORY or a [[feed]]")
