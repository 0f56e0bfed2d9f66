"""The pictures of an article with their captions: the main one first, each at its largest, no icons (reading.md 5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from feedsvc.extract.clean import clean_text, clean_title
from feedsvc.extract.page import absolute
from feedsvc.model import MediaObject

if TYPE_CHECKING:
    from feedsvc.extract.flow import Block
    from feedsvc.extract.page import Document
    from feedsvc.extract.prose import Prose
    from feedsvc.extract.structured import Structured

# Lazy pages keep the true address in an attribute of their own and a placeholder in `src`.
_SOURCES: Final = (
    "data-original", "data-src", "lazy-src", "data-lazy-src", "data-lazy", "data-full-src",
    "data-hi-res-src", "data-image",
    "data-url", "data-actualsrc", "data-cfsrc", "original",
)  # fmt: skip
_SETS: Final = ("srcset", "data-srcset", "data-lazy-srcset", "data-original-set")
_PART: Final = re.compile(r"(\S+?),?\s+(\d+(?:\.\d+)?)([wx])\s*(?:,|$)")
_NO_PICTURE: Final = re.compile(
    r"(?:^|[/_.-])(?:icons?|icon[-_]\w+|sprites?|blank|spacer|pixel|emoji|emoticons?|smil(?:e|ey|ies)|avatars?|"
    r"gravatar|placeholder|loading|"
    r"lazy|transparent|1x1|no-?(?:image|img|photo|picture)|btn|buttons?|arrow|bullet|stats?|tracking|beacon|"
    r"captcha|rss|print|share)(?:[/_.-]|\d*\.(?:gif|png|svg)|$)",
    re.IGNORECASE,
)
_SITE_PICTURE: Final = re.compile(
    r"(?:^|[/_.-])(?:logos?|banner|favicon|default|og-?(?:image|default|logo)|site-?(?:logo|image)|share-?image|"
    r"social)(?:[/_.-]|$)",
    re.IGNORECASE,
)
_SIZE_MARK: Final = re.compile(r"(?:[-_@]?(?:\d{2,4}x\d{0,4}|x\d{2,4}|[23]x)|-scaled)$")
_SMALLEST: Final = 80
_LONGEST_CAPTION: Final = 500
_TYPES: Final = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "jfif": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "bmp": "image/bmp",
}  # fmt: skip


def ending(url: str) -> str:
    """Give the ending of the file that `url` names, lower-case and without dot; "" when there is none."""
    name = urlsplit(url).path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def picture_url(element: Any, document: Document) -> str | None:
    """Give the absolute address of the largest form of an `img` element; None for placeholders, icons and data."""
    holder = element
    while holder.getparent() is not None and holder.getparent().tag in {"picture", "source"}:
        holder = holder.getparent()
    given = [one.get(name) or "" for one in (element, *holder.iter("source")) for name in _SETS]
    found = [part for value in given for part in _PART.findall(value) if not part[0].startswith("data:")]
    largest = max(found, key=lambda part: float(part[1]))[0] if found else None
    lazy = [element.get(name) for name in _SOURCES]
    for source in (_enlarged(element), largest, *lazy, element.get("src"), _behind(element)):
        url = absolute(document, source) if source and not source.startswith(("data:", "about:", "{", "[")) else None
        if url and not _NO_PICTURE.search(unquote(urlsplit(url).path)) and ending(url) != "svg":
            return url
    return None


def _enlarged(element: Any) -> str | None:
    """The picture that a click on this one shows."""
    link = element.getparent()
    href = link.get("href") if link is not None and link.tag == "a" else None
    return href if href and ending(href) in _TYPES else None


def _behind(element: Any) -> str | None:
    """The picture that a `noscript` beside a lazy one holds."""
    beside = element.getnext()
    if beside is None or beside.tag != "noscript":
        return None
    return next((image.get("src") for image in beside.iter("img")), None)


def _pixels(element: Any, name: str) -> int | None:
    text = (element.get(name) or "").strip().removesuffix("px")
    return int(text) if text.isdecimal() and 0 < len(text) < len("100000") else None


def stem(url: str) -> str:
    """Give the name of a picture without its ending and marks of size, to know one picture at two sizes."""
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1].casefold()
    return _SIZE_MARK.sub("", name.rsplit(".", 1)[0])


def find_images(prose: Prose, document: Document, structured: Structured) -> tuple[MediaObject, ...]:
    """Give the article's pictures, the main one first: that which the page declares, then those of the body."""
    images: dict[str, MediaObject] = {}
    for block in prose.blocks:
        image = block_image(block, document, prose.captions.get(block.place, "")) if block.kind == "picture" else None
        if image is not None:
            known = images.get(stem(image.url))
            images[stem(image.url)] = image if known is None or (image.caption and not known.caption) else known
    main = _declared(document, structured)
    if main is None:
        return tuple(images.values())
    shown = images.pop(stem(main.url), None)
    return (shown or main, *images.values())


def block_image(block: Block, document: Document, caption: str = "") -> MediaObject | None:
    """Give the picture of `block`, with its caption: the text bound to it, else a real alternative text."""
    element = block.element
    width, height = _pixels(element, "width"), _pixels(element, "height")
    if any(size is not None and size < _SMALLEST for size in (width, height)):
        return None
    url = picture_url(element, document)
    if url is None:
        return None
    if _enlarged(element):
        width = height = None
    words = caption or _spoken(element.get("alt") or element.get("title") or "", url)
    return MediaObject(
        url=url,
        kind="image",
        mime=_TYPES.get(ending(url)),
        width=width,
        height=height,
        caption=clean_text(words)[:_LONGEST_CAPTION],
    )


def _spoken(alt: str, url: str) -> str:
    """An alternative text counts as a caption when it is words, and not the name of the file."""
    text = clean_title(alt)
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1].rsplit(".", 1)[0].casefold()
    is_file = " " not in text or text.casefold() == name or re.search(r"\.(?:jpe?g|png|gif|webp)$", text, re.IGNORECASE)
    return "" if is_file else text


def _declared(document: Document, structured: Structured) -> MediaObject | None:
    """The picture that the page names as its own, unless it is the portal's logo or stand-in."""
    for given in structured.images:
        url = absolute(document, given)
        if (
            url
            and not _NO_PICTURE.search(urlsplit(url).path)
            and not _SITE_PICTURE.search(unquote(urlsplit(url).path))
            and ending(url) != "svg"
        ):
            width, height = structured.image_size if given == structured.images[0] else (None, None)
            if all(size is None or size >= _SMALLEST for size in (width, height)):
                return MediaObject(
                    url=url, kind="image", mime=_TYPES.get(ending(url)), width=width or None, height=height or None
                )
    return None
