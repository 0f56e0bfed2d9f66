"""How values look on a page: dates the local way, sizes, which picture stands for an item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from feedsvc.feeds.address import web_address
from feedsvc.feeds.body import safe_html
from feedsvc.model import Item, MediaObject
from feedsvc.service import Service
from feedsvc.web.qr import qr_code

KIB = 1024


@dataclass(frozen=True, slots=True)
class Moment:
    """A date for people and for machines (the `time` element)."""

    text: str
    iso: str


def moment(when: datetime, zone: tzinfo) -> Moment:
    """`23/11/2026 10:35` in the zone of the portal."""
    local = when.astimezone(zone)
    return Moment(text=f"{local:%d/%m/%Y %H:%M}", iso=local.isoformat(timespec="seconds"))


def published(item: Item, service: Service) -> Moment:
    """When the item appeared; the day alone where the portal tells no more."""
    zone = zone_of(item, service)
    if item.published is None or item.precision != "day":
        return moment(item.shown, zone)
    day = item.published.astimezone(zone).date()
    return Moment(text=f"{day:%d/%m/%Y}", iso=day.isoformat())


def corrected(item: Item, service: Service) -> Moment | None:
    """When the item last changed, if it ever did."""
    return moment(item.updated, zone_of(item, service)) if item.revision > 1 else None


def zone_of(item: Item, service: Service) -> tzinfo:
    """The zone of the item's source; a source may have left the configuration since."""
    source = service.sources.get(item.source)
    return source.timezone if source else service.config.service.timezone


def source_title(item: Item, service: Service) -> str:
    """The name of the item's source."""
    source = service.sources.get(item.source)
    return source.title if source else item.source


def byline(item: Item) -> str:
    """Names and organisations, as `Hồng Hải (Trung tâm Văn hóa)`."""
    return ", ".join(
        f"{one.name} ({one.organisation})" if one.name and one.organisation else one.name or one.organisation
        for one in item.authors
    )


def lead(item: Item) -> str:
    """The summary, unless the text says it anyway."""
    return "" if item.summary and item.summary.strip(" .…") in item.text else item.summary


def body(item: Item) -> Markup:
    """The text as HTML of today's rules, by whichever rules it was stored (safety.md 6)."""
    return Markup(safe_html(item.html))  # noqa: S704 - what nh3 lets through


def picture(item: Item) -> MediaObject | None:
    """The picture that stands for an item in a list: its first one, or the still of its first film."""
    shown = [one for one in item.media if one.kind == "image" and web_address(still(one))]
    stills = [one for one in item.media if one.kind == "video" and one.thumbnail]
    return next(iter(shown + stills), None)


def carried(item: Item) -> list[str]:
    """Which kinds of media an item has beside pictures, in one order: what a list tells of it."""
    kinds = {one.kind for one in item.media}
    return [kind for kind in ("video", "audio", "document") if kind in kinds]


def still(media: MediaObject) -> str:
    """The address of the small form of a picture, or of the still of a film."""
    return media.thumbnail or media.url


def beside(item: Item, *kinds: str) -> list[MediaObject]:
    """Media of these kinds that the text does not show by itself; the same file once."""
    chosen = {
        one.url: one for one in item.media if one.kind in kinds and web_address(one.url) and not _in_text(item, one)
    }
    return list(chosen.values())


def _in_text(item: Item, media: MediaObject) -> bool:
    addresses = (media.url, media.thumbnail) if media.player else (media.url,)
    return any(address and (address in item.html or escape(address) in item.html) for address in addresses)


def file_name(media: MediaObject) -> str:
    """What to call a document: its title, or the last part of its address."""
    return media.title or media.caption or media.url.rstrip("/").rsplit("/", 1)[-1]


def size(length: int, lang: str) -> str:
    """`1,2 MB` in Vietnamese, `1.2 MB` in English."""
    value, unit = next((length / KIB**n, u) for n, u in ((2, "MB"), (1, "KB"), (0, "B")) if length >= KIB**n or not n)
    text = f"{value:.1f}".removesuffix(".0") if unit != "B" else str(length)
    return f"{text.replace('.', ',') if lang == 'vi' else text} {unit}"


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "moment": moment,
        "published": published,
        "corrected": corrected,
        "source_title": source_title,
        "byline": byline,
        "lead": lead,
        "body": body,
        "picture": picture,
        "still": still,
        "carried": carried,
        "beside": beside,
        "file_name": file_name,
        "size": size,
        "web_address": web_address,
        "qr_code": qr_code,
    }
)
