"""What a page says about itself for machines: JSON-LD, meta elements and microdata, gathered once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from feedsvc.extract.clean import clean_text, clean_title
from feedsvc.extract.date_text import spelled_out
from feedsvc.extract.geo import declared_point

_ARTICLE_TYPES: Final = re.compile(r"(?:Article|Posting|Report|Review|Recipe|NewsItem)$")
_FILM_TYPES: Final = re.compile(r"VideoObject$")
_PAGE_TYPES: Final = frozenset({"WebPage", "ItemPage"})
_FENCE: Final = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|"
    r"\]\]>)\s*;?\s*$"
)
_LOOSE_DATE: Final = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_MOST_NODES: Final = 2000
_LISTS: Final = frozenset(
    {"itemListElement", "hasPart", "relatedLink", "comment", "review", "blogPost", "mainEntityOfPage"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured:
    """The page's own statements; every field may be empty. Dates are texts as written, authors (name, organisation)."""

    headline: str = ""
    titles: tuple[str, ...] = ()
    description: str = ""
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    image_size: tuple[int | None, int | None] = (None, None)
    films: tuple[tuple[str, str, str], ...] = ()
    site: str = ""
    canonical: str = ""
    language: str = ""
    point: tuple[float, float] | None = None


def read_structured(root: Any) -> Structured:
    """Gather the statements of the page whose root element is `root`; broken JSON is passed over."""
    metas = _metas(root)
    nodes = _nodes(root)
    article = next((node for kinds in (_ARTICLE_TYPES, _FILM_TYPES) for node in nodes if _typed(node, kinds)), {})
    films = [node for node in nodes if _type(node) == "VideoObject"]
    pages = [node for node in nodes if _type(node) in _PAGE_TYPES]
    sources: list[dict[str, Any]] = [article, *pages] if article else pages
    return Structured(
        headline=clean_title(_text(article.get("headline") or article.get("name"))),
        titles=tuple(
            clean_title(value) for value in _all(metas, ("og:title", "twitter:title", "title", "dc.title"))
        ),
        description=clean_title(_first(metas, "og:description", "description", "twitter:description")),
        published=_present(*map(spelled_out, _published(sources, metas)), *_loose_dates(root)),
        modified=_present(
            *map(spelled_out, (*(_text(node.get("dateModified")) for node in sources), *_all(metas, _MODIFIED)))
        ),
        authors=_authors(article, metas),
        images=_present(*_all(metas, _OG_IMAGES), *_images(article), *_all(metas, _TWITTER_IMAGES)),
        image_size=(_number(_first(metas, "og:image:width")), _number(_first(metas, "og:image:height"))),
        films=_films(films, metas),
        site=clean_title(_first(metas, "og:site_name", "application-name") or _name(article.get("publisher") or {})),
        canonical=next(iter(root.xpath(_CANONICAL)), "").strip(),
        language=(root.get("lang") or _first(metas, "og:locale", "content-language")).strip().lower(),
        point=declared_point(root, metas, sources),
    )  # fmt: skip


def _published(sources: list[dict[str, Any]], metas: dict[str, list[str]]) -> list[str]:
    """Dates of publication, best first; that of a film may be the date of one that is only shown on the page."""
    told, declared = [_publication(node) for node in sources], _all(metas, _PUBLISHED)
    is_film = bool(sources) and _typed(sources[0], _FILM_TYPES)
    return [*declared, *told[1:], *told[:1]] if is_film else [*told, *declared]


def _publication(node: dict[str, Any]) -> str:
    return _text(node.get("datePublished") or node.get("dateCreated") or node.get("uploadDate"))


_CANONICAL: Final = "//link[translate(@rel,'CANONICAL','canonical')='canonical']/@href"
_OG_IMAGES: Final = ("og:image:secure_url", "og:image", "og:image:url")
_TWITTER_IMAGES: Final = ("twitter:image", "twitter:image:src")
_PUBLISHED: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time",
    "published_time", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "dc.date.issued", "dcterms.issued",
    "dc.date.created",
    "dcterms.created", "dc.date", "dcterms.date", "date", "sailthru.date", "parsely-pub-date", "article.published",
    "article_date_original", "originalpublicationdate", "datecreated", "uploaddate", "cxenseparse:recs:publishtime",
    "created",
    "date.created", "date_published", "displaydate", "rnews:datepublished", "og:pubdate", "last-published",
    "release_date",
    "citation_publication_date", "citation_date", "bt:pubdate", "vr:published_time",
)  # fmt: skip
_MODIFIED: Final = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "lastmod",
    "last-modified", "modified_time", "updated_time",
)  # fmt: skip


def _loose_dates(root: Any) -> list[str]:
    """Dates of publication in JSON that cannot be parsed, or stands in an ordinary script."""
    texts = (script.text for script in root.iter("script") if script.text and "datePublished" in script.text)
    return [found.group(1) for text in texts if (found := _LOOSE_DATE.search(text))]


def _metas(root: Any) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        value = clean_text(meta.get("content") or meta.get("value") or "")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = meta.get(attribute)
            if name and value:
                metas.setdefault(name.strip().lower(), []).append(value)
    return metas


def _nodes(root: Any) -> list[dict[str, Any]]:
    """All objects of the JSON-LD scripts, outer ones first; lists of other articles are left out."""
    nodes: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            nodes += _walk(_parsed(script.text or ""))
    return nodes


def _parsed(text: str) -> Any:
    for attempt in (text, _FENCE.sub("", text), _FENCE.sub("", text).strip().rstrip(";")):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(data: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    queue = [data]
    for value in queue:
        if len(queue) > _MOST_NODES:
            break
        if isinstance(value, dict):
            found.append(value)
            queue += [inner for name, inner in value.items() if isinstance(inner, dict | list) and name not in _LISTS]
        elif isinstance(value, list):
            queue += value
    return found


def _type(node: dict[str, Any]) -> str:
    kind = node.get("@type")
    return _text(kind[0] if isinstance(kind, list) and kind else kind)


def _typed(node: dict[str, Any], pattern: re.Pattern[str]) -> bool:
    kinds = node.get("@type")
    return any(pattern.search(_text(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return clean_text(str(value)) if isinstance(value, str | int | float) else ""


def _name(value: Any) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _authors(article: dict[str, Any], metas: dict[str, list[str]]) -> tuple[str, ...]:
    given = article.get("author") or article.get("creator")
    named = [_name(author) for author in (given if isinstance(given, list) else [given])]
    if not any(named):
        named = _all(
            metas,
            ("author", "article:author", "dc.creator", "dcterms.creator", "sailthru.author", "parsely-author", "byl"),
        )
    return _present(*(clean_title(name) for name in named if not name.startswith(("http://", "https://", "/"))))


def _images(article: dict[str, Any]) -> list[str]:
    given = article.get("image") or article.get("thumbnailUrl")
    return [
        _text(image.get("url") or image.get("contentUrl") if isinstance(image, dict) else image)
        for image in (given if isinstance(given, list) else [given])
    ]


def _films(nodes: list[dict[str, Any]], metas: dict[str, list[str]]) -> tuple[tuple[str, str, str], ...]:
    """Give (address, type, thumbnail) of each film that the page declares."""
    films = [
        (_text(node.get(name)), "", _text(node.get("thumbnailUrl") or node.get("thumbnail")))
        for node in nodes for name in ("contentUrl", "embedUrl")
    ]  # fmt: skip
    kind = _first(metas, "og:video:type")
    films += [
        (url, kind, _first(metas, "og:image"))
        for url in _all(metas, ("og:video:secure_url", "og:video:url", "og:video"))
    ]
    return tuple(dict.fromkeys(film for film in films if film[0]))


def _first(metas: dict[str, list[str]], *names: str) -> str:
    return next(iter(_all(metas, names)), "")


def _all(metas: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in metas.get(name, ())]


def _present(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < len("100000") else None
