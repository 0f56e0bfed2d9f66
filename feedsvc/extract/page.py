"""Bytes to a tree, its base address, absolute addresses (spec reading.md, 1 and 2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from lxml import etree

from feedsvc.errors import ExtractError
from feedsvc.extract.charset import decode
from feedsvc.extract.debris import repair

if TYPE_CHECKING:
    from datetime import datetime

    from feedsvc.model import Page

_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x1f\x8b",
    b"Rar!",
    b"\xd0\xcf\x11\xe0",
)
_TWICE = re.compile(
    r"&amp;(?=(?:#(?:0?3[49]|1[3-9]\d|[2-9]\d\d|[1-9]\d{3,4})"
    r"|#[xX](?:[a-fA-F][0-9a-fA-F]|[1-9a-fA-F][0-9a-fA-F]{2,4})"
    r"|[A-Za-z](?:grave|acute|circ|tilde|uml|cedil|ring|slash)|nbsp|[lr][ds]quo|[nm]dash|hellip|quot);)"
)
# Of what is nested without end, each element would be read once for every element around it (browsers stop at 512).
_DEEPEST = etree.XPath("/*" * 256 + "[*]")
# What no XML may hold: lxml takes it in, and refuses a class or tag with it when it is asked for one.
_DEBRIS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\v\f\r")
_SPACES = bytes.maketrans(b"\v\f", b"  ")
_NO_CHARACTERS = ("\ufffe", "\uffff")
_CODE = re.compile("<(?:code|pre)[ >]", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_BINARY_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One parsed page. `url` is the base of its relative addresses, `origin` its scheme and host, `address` its own."""

    url: str
    address: str
    root: Any
    charset: str
    content_type: str
    fetched_at: datetime
    origin: str = ""


def open_page(page: Page) -> Document:
    """Parse `page`. Raises ExtractError when it is empty, binary, or holds no markup at all."""
    if not page.body.strip():
        raise ExtractError(f"{page.final_url} answered with an empty page; look at it in a browser")
    if page.body.startswith(_MAGIC):
        raise ExtractError(
            f"{page.final_url} is a file ({page.content_type or 'of no type'}), not a page;"
            " give the page that links to it"
        )
    text, charset = decode(page.body, page.content_type)
    sample = text[:4096]
    if len(_CONTROLS.findall(sample)) > _BINARY_SHARE * len(sample):
        raise ExtractError(f"{page.final_url} is binary or in an unknown encoding, it cannot be read as text")
    text = _encoded_once(text)
    for mark in _NO_CHARACTERS:
        text = text.replace(mark, "")
    data = text.encode("utf-8", "replace").translate(_SPACES, _DEBRIS)
    root = _tree(data)
    if root is None:
        raise ExtractError(f"{page.final_url} holds no markup that can be read")
    repair(root, data)
    base = _base(root, page.final_url)
    origin = _ORIGIN.match(base)
    return Document(
        url=base, address=page.final_url, root=root, charset=charset, content_type=page.content_type,
        fetched_at=page.fetched_at, origin=origin.group() if origin else "",
    )  # fmt: skip


def _encoded_once(text: str) -> str:
    """Take back what an editor encoded twice (`&amp;#237;`), letters and typographic marks alone; not in code."""
    return text if not _TWICE.search(text) or _CODE.search(text) else _TWICE.sub("&", text)


def _tree(data: bytes) -> Any:
    """Return the root element, None when nothing is left. Bytes are given, so that no declaration is believed again."""
    # huge_tree lifts the limit of 256 levels, which old portals with unclosed elements pass.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
    for element in _DEEPEST(root) if root is not None else ():
        _flatten(element)
    return root


def _flatten(deepest: Any) -> None:
    """Make everything inside `deepest` its child, in reading order, as browsers do with what nobody closed."""
    inside: list[Any] = []
    tails: list[str] = []
    for event, element in etree.iterwalk(deepest, events=("start", "end")):
        if element is deepest:
            continue
        if event == "start":
            inside.append(element)
            tails.append("")
        else:
            tails[-1] += element.tail or ""
    deepest[:] = inside
    for element, tail in zip(inside, tails, strict=True):
        element.tail = tail or None


def _base(root: Any, address: str) -> str:
    """Return the page's address, moved by its first `base` element that has one (HTML, 4.2.3)."""
    href = next(iter(root.xpath("//base/@href")), "").strip()
    try:
        base = urljoin(address, href) if href else address
        return base if urlsplit(base).scheme in {"http", "https"} else address
    except ValueError:
        return address


_NOISE = re.compile(r"[\t\n\r]")
_BLANKS = "".join(map(chr, range(0x21))) + "\xa0\u3000"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|yclid|msclkid|zarsrc|mc_[ce]id|_ga|igshid|jsessionid|phpsessid|aspsessionid\w*)(?:=|$)",
    re.IGNORECASE,
)
_SESSION_PATH = re.compile(r";jsessionid=[^/?#;]*|/\([A-Z]\([^)/]*\)\)(?=/)", re.IGNORECASE)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "%/:;=@!$&'()*+,~-._?"
_PLAIN = re.compile(r"https?://[a-z0-9]++(?:[.-][a-z0-9]+)*+/[A-Za-z0-9_.~/-]*+")
_ORIGIN = re.compile(r"https?://[a-z0-9]++(?:[.-][a-z0-9]+)*+(?=/)")
_ROOTED = re.compile(r"/(?!/)[A-Za-z0-9_~/-]*+(?:\.[A-Za-z0-9_]+)?+(?:\?([A-Za-z0-9_.=&/-]+))?")
_LONGEST_ADDRESS = 4000  # characters: longer ones are data, not pages
_PORTS = {"http": ":80", "https": ":443"}


def absolute(document: Document, href: str) -> str | None:
    """Return `href` as an absolute http(s) URI without tracking and session parts; None when no page has it.

    Blanks around and line breaks inside are dropped (WHATWG URL); raw letters and spaces become UTF-8 escapes
    (RFC 3987, 3.1); the fragment goes, unless it is a `#!` route.
    """
    text = href.strip(_BLANKS)
    if (
        len(text) <= _LONGEST_ADDRESS and _PLAIN.fullmatch(text) and "/." not in text
    ):  # most links: nothing to put right
        return text
    rooted = _ROOTED.fullmatch(text) if document.origin and len(text) <= _LONGEST_ADDRESS else None
    if rooted and not any(map(_TRACKING.match, (rooted[1] or "").split("&"))):  # and the most of the others
        return document.origin + text
    text = _NOISE.sub("", text)
    scheme = _SCHEME.match(text)
    if not 0 < len(text) <= _LONGEST_ADDRESS or (scheme and scheme.group().casefold() not in {"http:", "https:"}):
        return None
    try:
        parts = urlsplit(urljoin(document.url, text))
        host = _host(parts.scheme, parts.netloc)
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    path = _escaped(_SESSION_PATH.sub("", parts.path) or "/")
    query = "&".join(part for part in _escaped(parts.query).split("&") if not _TRACKING.match(part))
    fragment = "#" + _escaped(parts.fragment) if parts.fragment.startswith("!") else ""
    return f"{parts.scheme}://{host}{path}{'?' + query if query else ''}{fragment}"


def _host(scheme: str, netloc: str) -> str:
    """Return the network location in lower case, as ASCII, without the scheme's own port."""
    host = netloc.lower().removesuffix(_PORTS.get(scheme, ""))
    if set(host) & set(" \\<>@"):  # a user part is nobody's public address
        raise ValueError(netloc)
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _escaped(part: str) -> str:
    """Return `part` with everything escaped that a URI may not hold; what is escaped already stays (RFC 3986, 2)."""
    return quote(_STRAY_PERCENT.sub("%25", part), safe=_SAFE, errors="replace")
