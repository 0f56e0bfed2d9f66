"""The pictures of an article with their captions: the main one first, each at its largest, no icons (reading.md 5)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from feedsvc.extract.clean import clean_text, clean_title
from feedsvc.extract.flow import background_url
from feedsvc.extract.page import absolute
from feedsvc.extract.title_suffix import fold
from feedsvc.model import MediaObject

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from feedsvc.extract.flow import Block
    from feedsvc.extract.page import Document
    from feedsvc.extract.prose import Prose
    from feedsvc.extract.structured import Structured

# Lazy pages keep the true address in an attribute of their own and a placeholder in `src`.
_SOURCES: Final = (
    "data-original", "data-src", "lazy-src", "data-lazy-src", "data-lazy", "data-image", "data-img", "data-echo",
    "data-url", "data-actualsrc", "data-cfsrc", "original", "data-background", "data-bg", "data-background-image",
)  # fmt: skip
_FULL: Final = (
    "data-full",
    "data-full-src",
    "data-large",
    "data-large-src",
    "data-zoom-image",
    "data-hi-res-src",
    "data-big",
)
_SPOKEN: Final = ("data-caption", "data-title", "data-sub-html", "data-desc", "data-description", "title")
_SETS: Final = ("srcset", "data-srcset", "data-lazy-srcset", "data-original-set")
# Begun where an entry may begin, so that a long word is read once.
_PART: Final = re.compile(r"(?<![^\s,])(\S{1,2000}?),?\s+(\d{1,6}(?:\.\d{1,6})?)([wx])\s*(?:,|$)")
_NO_PICTURE: Final = re.compile(
    r"(?:^|[/_.-])(?:icons?|icon[-_]\w+|sprites?|blank|spacer|pixel|emoji|emoticons?|smil(?:e|ey|ies)|avatars?|"
    r"gravatar|placeholder|loading|"
    r"lazy|transparent|1x1|no-?(?:image|img|photo|picture)|btn|buttons?|arrow|bullet|stats?|tracking|beacon|"
    r"captcha|rss|print|share)(?:[/_.-]|\d*\.(?:gif|png|svg)|$)|"
    r"/(?:ads?|adserver|advert\w{0,9}|quang-?cao)/",
    re.IGNORECASE,
)
_SITE_PICTURE: Final = re.compile(
    r"(?:^|[/_.-])(?:logos?|banner|favicon|default|og-?(?:image|default|logo)|site-?(?:logo|image)|share-?image|"
    r"social)(?:[/_.-]|$)",
    re.IGNORECASE,
)
_STYLED: Final = re.compile(r"(?:^|[;\s])(width|height)\s*:\s*(\d{1,4})(?:\.\d+)?px", re.IGNORECASE)
_SIZE_MARK: Final = re.compile(r"(?:[-_@]?(?:\d{2,4}x\d{0,4}|x\d{2,4}|[23]x)|-scaled)$")
_FILE_NAME: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp)$|^(?:img|dsc|image|hình|anh|ảnh|photo)[\s_-]*\d*$", re.IGNORECASE
)
_NUMBER_OF_FILE: Final = re.compile(r"(?=[^/]*\d)[0-9a-f]+(?:-[0-9a-f]+)+", re.IGNORECASE)
_INNER_HOST: Final = re.compile(
    r"localhost|[\w-]+|.+\.(?:local|lan|internal)|(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))\..+"
)
_SMALLEST: Final = 80
_LONGEST_CAPTION: Final = 500
_TYPES: Final = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "jfif": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "bmp": "image/bmp",
}  # fmt: skip


def ending(url: str) -> str:
    """Give the ending of the file that `url` names, lower-case and without dot; "" when there is none.

    Liferay puts the file's name before its number: `/documents/10180/0/anh.jpg/5c1e0b1a-...?t=16`.
    """
    try:
        parts = urlsplit(url).path.split("/")
    except ValueError:  # not an address at all
        return ""
    name = parts[-2] if len(parts) > 1 and _NUMBER_OF_FILE.fullmatch(parts[-1]) else parts[-1]
    return name.rsplit(".", 1)[-1].strip().lower() if "." in name else ""


def is_picture(url: str) -> bool:
    """Tell whether `url` names a picture by its ending."""
    return ending(url) in _TYPES


def picture_url(element: Any, document: Document) -> str | None:
    """Give the absolute address of the largest form of a picture; None for placeholders, icons and data.

    `element` is an `img`, or another whose background is the picture.
    """
    holder = element
    while holder.getparent() is not None and holder.getparent().tag in {"picture", "source"}:
        holder = holder.getparent()
    given = [one.get(name) or "" for one in (element, *holder.iter("source")) for name in _SETS]
    found = [part for value in given for part in _PART.findall(value) if not part[0].startswith("data:")]
    largest = max(found, key=lambda part: float(part[1]))[0] if found else None
    lazy = [element.get(name) for name in _SOURCES]
    for source in (_enlarged(element), largest, *lazy, element.get("src"), background_url(element), _behind(element)):
        url = absolute(document, source) if source and not source.startswith(("data:", "about:", "{", "[")) else None
        if url and _is_picture(url) and not _is_inside(url, document):
            return url
    return None


def _is_picture(url: str) -> bool:
    """Tell whether `url` names no icon, placeholder or advertisement."""
    return not _NO_PICTURE.search(unquote(urlsplit(url).path)) and ending(url) != "svg"


def _enlarged(element: Any) -> str | None:
    """The picture that a click on this one shows: the link's target, or the large form that a gallery names."""
    link = _link_around(element)
    href = link.get("href") if link is not None else None
    if href and is_picture(href):
        return str(href)
    parent = element.getparent()
    holders = [one for one in (element, link, parent) if one is not None]
    named = next((one.get(name) for one in holders for name in _FULL if one.get(name)), None)
    if named is None and parent is not None and parent.tag in {"li", "a", "div", "figure"}:
        named = parent.get("data-src")  # galleries put the large form on the box around the small one
    return named if named and ending(named) in _TYPES else None


def _link_around(element: Any) -> Any:
    """The link that `element` is or stands in, at most a wrapper away."""
    for _ in range(3):
        if element is None or element.tag == "a":
            return element
        element = element.getparent()
    return None


def _behind(element: Any) -> str | None:
    """The picture that a `noscript` beside or inside a lazy one holds."""
    for beside in (element.getnext(), element.getprevious()):
        if beside is not None and beside.tag == "noscript":
            return next((image.get("src") for image in beside.iter("img")), None)
    return None


def _pixels(element: Any, name: str) -> int | None:
    text = (element.get(name) or "").strip().removesuffix("px")
    if text.isdecimal():
        return int(text) if 0 < len(text) < len("100000") else None
    style = element.get("style")
    sizes = {side.lower(): int(size) for side, size in _STYLED.findall(style)} if style else {}
    return sizes.get(name)


def stem(url: str) -> str:
    """Give the name of a picture without its ending and marks of size, to know one picture at two sizes."""
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1].casefold()
    return _SIZE_MARK.sub("", name.rsplit(".", 1)[0])


def shown_images(prose: Prose, document: Document, title: str) -> dict[int, MediaObject]:
    """Give the pictures of the article's text, each with its caption, by the place of their block.

    Systems write the headline, `title`, or one phrase for all, into the alternative texts: those caption nothing.
    """
    pictures = [block for block in prose.blocks if block.kind == "picture"]
    spoken = Counter(fold(block.element.get("alt") or "") for block in pictures)
    silent = {fold(title), *(text for text, times in spoken.items() if times > 1)}
    found = {
        block.place: block_image(block, document, prose.captions.get(block.place, ""), silent) for block in pictures
    }
    return {place: image for place, image in found.items() if image is not None}


def find_images(
    shown: Mapping[int, MediaObject], document: Document, structured: Structured
) -> tuple[MediaObject, ...]:
    """Give the article's pictures, the main one first: that which the page declares, then those `shown` in the text."""
    images: dict[str, MediaObject] = {}
    for image in shown.values():
        known = images.setdefault(_same(image.url), image)
        if image.caption and not known.caption:
            images[_same(image.url)] = image
    main = _declared(document, structured)
    if main is None:
        return tuple(images.values())
    alike = (
        key for key, image in images.items() if _same(image.url) == _same(main.url) or stem(image.url) == stem(main.url)
    )
    own = images.pop(next(alike, ""), None)
    return (own or main, *images.values())


def _same(url: str) -> str:
    """Name a picture by its whole path without marks of size: handlers tell their pictures apart in the query alone."""
    parts = urlsplit(url)
    path, dot, name = parts.path.rpartition(".")
    return f"{_SIZE_MARK.sub('', path)}{dot}{name}" if name.lower() in _TYPES else f"{parts.path}?{parts.query}"


def block_image(
    block: Block, document: Document, caption: str = "", silent: Collection[str] = ()
) -> MediaObject | None:
    """Give the picture of `block` with its caption: what is bound to it, else a real alternative text not `silent`."""
    element = block.element
    width, height = _pixels(element, "width"), _pixels(element, "height")
    enlarged = _enlarged(element)
    if not enlarged and any(size is not None and size < _SMALLEST for size in (width, height)):
        return None
    url = picture_url(element, document)
    if url is None:
        return None
    if enlarged or element.tag not in {"img", "amp-img"}:
        width = height = None  # those of the small form
    words = caption or _told(element, url, silent)
    return MediaObject(
        url=url,
        kind="image",
        mime=_TYPES.get(ending(url)),
        width=width,
        height=height,
        caption=clean_text(words)[:_LONGEST_CAPTION],
    )


def _told(element: Any, url: str, silent: Collection[str]) -> str:
    """What a gallery tells about a picture in attributes of it, of its link, or of the box around both."""
    link = _link_around(element)
    holders = [one for one in (link, element.getparent()) if one is not None and one is not element]
    given = [element.get(name) for name in (*_SPOKEN[:-1], "alt", "title")]
    given += [one.get(name) for one in holders for name in _SPOKEN]
    spoken = (_spoken(text, url) for text in given if text)
    return next((words for words in spoken if words and fold(words) not in silent), "")


def _spoken(alt: str, url: str) -> str:
    """An alternative text counts as a caption when it is words, and not the name of the file, also without accents."""
    text = clean_title(alt)
    name = fold(unquote(urlsplit(url).path).rsplit("/", 1)[-1].rsplit(".", 1)[0])
    plain = unicodedata.normalize("NFD", fold(text).replace("đ", "d")).encode("ascii", "ignore").decode()
    is_file = " " not in text or name in {fold(text), plain} or _FILE_NAME.search(text)
    return "" if is_file else text


def _is_inside(url: str, document: Document) -> bool:
    """Tell whether an address is one of the portal's own network: systems behind a proxy declare `http://localhost/`."""
    host = urlsplit(url).hostname or ""
    return bool(_INNER_HOST.fullmatch(host)) and host != urlsplit(document.address).hostname


def _declared(document: Document, structured: Structured) -> MediaObject | None:
    """The picture that the page names as its own, unless it is the portal's logo or stand-in."""
    for given in structured.images:
        url = absolute(document, given)
        if (
            url
            and _is_picture(url)
            and not _SITE_PICTURE.search(unquote(urlsplit(url).path))
            and not _is_inside(url, document)
        ):
            width, height = structured.image_size if given == structured.images[0] else (None, None)
            if all(size is None or size >= _SMALLEST for size in (width, height)):
                return MediaObject(
                    url=url, kind="image", mime=_TYPES.get(ending(url)), width=width or None, height=height or None
                )
    return None
