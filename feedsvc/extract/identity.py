"""Identity of articles: canonical keys of addresses, ids, digests. Pure; `plan.settle` alone decides what is new.

A key is a short text with a prefix that says what it is made of: `url:` a canonical address, `num:` the portal's own
article number, `doc:` and `sha:` a dropped document's name and digest (all strong), `title:` and `body:` (weak: they
count only where a single item has them). Rules: safety.md 3 of the specification.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from posixpath import normpath
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from feedsvc.model import MediaObject

LONGEST_KEY = 300
"""Characters of a key, prefix not counted; longer ones are cut and end in a digest of the whole."""

TITLE_WORDS = 4
"""A shorter title ("Thông báo", "Lịch công tác tuần") is no sign of one article."""

BODY_CHARACTERS = 200
"""A shorter body, once folded, is no sign of one article."""

WEB = ("http", "https", "")
DEFAULT_PORTS = (None, 80, 443)

# Names in a query that say who asks, from where, or how it is shown: never which article.
IGNORED_NAMES = re.compile(
    r"(?:utm_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|zarsrc|gidzl|mc_[ce]id|_ga|_gl|ref"
    r"|phpsessid|jsessionid|aspsessionid.*|asp\.net_sessionid|session_?id|print|pageprint)",
    re.IGNORECASE,
)
PATH_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
ASP_SESSION = re.compile(r"\((?:[A-Z]\([^()/]*\))+\)")
INDEX = re.compile(r"index\.[a-z]{2,5}", re.IGNORECASE)

# The portal's own number in the last part of a path. Each line: how it is written, and what it can be mistaken for.
ENDING = r"(?P<ending>\.[A-Za-z]{2,5})?"
NUMBERS = (
    re.compile(rf"(?P<slug>.+[-_])(?P<word>post|article|art|news|item|nid|id|d|a|n|i)(?P<number>\d{{4,20}}){ENDING}"),
    re.compile(rf"(?P<slug>.+[-_])(?P<word>)(?P<number>\d{{6,20}}){ENDING}"),  # not amounts: "-nhan-5000", "-1000000"
    re.compile(r"(?P<slug>.+[-_])(?P<word>)(?P<number>\d{5,20})(?P<ending>\.[A-Za-z]{2,5})"),
    re.compile(rf"(?P<word>)(?P<number>\d{{4,20}}){ENDING}"),
    re.compile(rf"(?P<word>)(?P<number>\d{{6,20}})-(?P<slug>[^.]+){ENDING}"),
)
VIEW_CONTENT = re.compile(r"/view_content/(?P<number>\d{4,20})(?:-[^/]*)?$")
PATH_SAFE = "!$'()*,:;=@~-._+&"
QUERY_SAFE = "!$'()*,:;@~-._/"
NUMBER_NAMES = ("itemid", "newsid", "articleid", "postid")
COUNTING_PARTS = ("page", "trang", "currentpage", "p", "tag", "tags", "tu-khoa", "category", "chuyen-muc")
UNIQUE_NUMBER = 7
"""From so many digits on a number is taken to be unique on its host, whatever the category before it."""

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
GAP = re.compile(r"[\W_]+")


def canonical_key(url: str) -> str:
    """Give the address without what does not tell articles apart: `sapa.laocai.gov.vn/tin-tuc/x-1105750`.

    Out go scheme, `www.`, default ports, sessions, tracking, print views, fragments (but `#!`), a final slash and
    `index.*`; escapes and Unicode are made one spelling (RFC 3986, 6.2.2), the query is sorted. Any text is taken.
    """
    try:
        parts = urlsplit(url.strip().replace("&amp;", "&"))
        host = _host(parts)
    except ValueError:  # no port, no host: not an address, but still the same text each time
        return _bounded(_escaped(unicodedata.normalize("NFC", url.strip())))
    path = _path(parts.path) if parts.scheme in WEB else _escaped(parts.path, f"/{PATH_SAFE}")
    query = _query(parts.query)
    key = host + path + (f"?{query}" if query else "")
    if parts.scheme not in WEB:
        key = f"{parts.scheme}:{key}"
    if parts.fragment.startswith("!"):
        key += "#" + _escaped(parts.fragment, f"/?{PATH_SAFE}")
    return _bounded(key)


def stub_keys(url: str) -> tuple[str, ...]:
    """Give the strong keys of an address: `url:...`, and `num:...` where it has a native number; none of ""."""
    if not url.strip():
        return ()
    number = _number_key(url)
    return (f"url:{canonical_key(url)}", *((number,) if number else ()))


def item_keys(
    url: str, canonical: str | None, title: str, published: datetime | None, text: str, timezone: ZoneInfo
) -> tuple[str, ...]:
    """All keys of an article, strong ones first.

    `canonical` is what the page gives as `rel=canonical`; it counts when it is on the same host and neither the home
    page nor a list above `url`. The day of the title's key is that of `published` in `timezone`.
    """
    keys = list(stub_keys(url))
    if canonical and _acceptable(canonical_key(canonical), canonical_key(url)):
        keys.append(f"url:{canonical_key(canonical)}")
    keys += weak_keys(title, published, text, timezone)
    return tuple(dict.fromkeys(keys))


def weak_keys(title: str, published: datetime | None, text: str, timezone: ZoneInfo) -> tuple[str, ...]:
    """Keys made of the words: title and day (dated, 4 words or more), title and body (200 characters or more)."""
    name, body = folded(title), folded(text)
    keys = []
    if published is not None and len(name.split()) >= TITLE_WORDS:
        keys.append(f"title:{_bounded(name)}|{published.astimezone(timezone):%Y-%m-%d}")
    if len(body) >= BODY_CHARACTERS:
        keys.append("body:" + _digest(f"{name}\n{body}")[:32])
    return tuple(keys)


def is_weak(key: str) -> bool:
    """Whether several articles may have the key, so that it counts only where a single item has it."""
    return key.startswith(("title:", "body:"))


def strong(keys: Iterable[str]) -> tuple[str, ...]:
    """Give those of `keys` that belong to one article alone."""
    return tuple(key for key in keys if not is_weak(key))


def folded(text: str) -> str:
    """Give the words alone, for comparison: NFC, letter case folded, punctuation and spaces made one space."""
    spelled = unicodedata.normalize("NFC", unicodedata.normalize("NFD", INVISIBLE.sub("", text)).casefold())
    return " ".join(GAP.sub(_marks, spelled).split())


def make_id(authority: str, source: str, key: str, generation: int = 1) -> str:
    """Make the tag: URI (RFC 4151) of a new item.

    `authority` is a host and a year (`feeds.example.org,2026`), `key` the item's first strong key without its prefix.
    `generation` 2 and more is for another article under an address that was used before.
    """
    name = key if generation == 1 else f"{key}#{generation}"
    return f"tag:{authority}:{source}/{_digest(name)[:20]}"


def fingerprint(title: str, summary: str, text: str, media: tuple[MediaObject, ...]) -> str:
    """Digest (32 hex digits) what a person would call the article; another digest means that it was edited.

    White space, Unicode spelling, the order of media and all sizes are left out, as are the scheme and the session
    parts of media addresses.
    """
    words = [" ".join(unicodedata.normalize("NFC", part).split()) for part in (title, summary, text)]
    files = sorted({f"{one.kind} {canonical_key(one.url)}" for one in media})
    return _digest(json.dumps([words, files], ensure_ascii=True))[:32]


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:  # no name that DNS knows: kept as it is
        name = _escaped(unicodedata.normalize("NFC", name))
    name = name.lower().removeprefix("www.")
    return name if parts.port in DEFAULT_PORTS else f"{name}:{parts.port}"


def _path(path: str) -> str:
    """Slashes part segments before escapes are undone: `%2F` is a letter of a name."""
    kept = [part for part in PATH_SESSION.sub("", path).split("/") if not ASP_SESSION.fullmatch(part)]
    segments = [_escaped(part) for part in kept]
    if INDEX.fullmatch(segments[-1]):
        segments.pop()
    clean = normpath("/" + "/".join(segments)).lstrip("/")
    return f"/{clean}" if clean else ""


def _query(query: str) -> str:
    pairs = []
    for field in query.split("&"):
        name, _, value = field.partition("=")
        name, value = _value(name), _value(value)
        if (name or value) and not _ignored(name, value):
            pairs.append(f"{name}={value}" if value else name)
    return "&".join(sorted(pairs))


def _ignored(name: str, value: str) -> bool:
    """Tell what asks or shows. A short number under `sid` is a story of PHP-Nuke, anything else there a session."""
    if name.lower() == "sid":
        return not re.fullmatch(r"[0-9]{1,9}", value)
    return IGNORED_NAMES.fullmatch(name) is not None


def _value(text: str) -> str:
    """Spell a name or value of a query; SharePoint pads its list names with dozens of `+`."""
    return quote(_plain(text.replace("+", " ")).strip().encode("utf-8", "surrogateescape"), safe=QUERY_SAFE)


def _escaped(text: str, safe: str = PATH_SAFE) -> str:
    """One spelling of a piece of an address: escapes undone, NFC, escaped again."""
    return quote(_plain(text).encode("utf-8", "surrogateescape"), safe=safe)


def _plain(text: str) -> str:
    """Undo the escapes of a text. Bytes that are no UTF-8 are carried along as lone surrogates, as they came."""
    data = unquote_to_bytes(text.encode("utf-8", "surrogatepass"))
    return unicodedata.normalize("NFC", data.decode("utf-8", "surrogateescape"))


def _acceptable(canonical: str, own: str) -> bool:
    host, _, path = canonical.partition("/")
    return bool(path) and host == own.partition("/")[0] and not own.startswith(f"{canonical}/")


def _number_key(url: str) -> str | None:
    address, _, query = canonical_key(url).partition("?")
    host, _, path = address.partition("/")
    for field in query.split("&"):
        name, _, value = field.partition("=")
        if name.lower() in NUMBER_NAMES and re.fullmatch(r"[0-9]{4,20}", value):
            return f"num:{address}?{name.lower()}|{value}"
    if query or ":" in host.partition(":")[0] or not path:
        return None
    if found := VIEW_CONTENT.search(f"/{path}"):
        return f"num:{host}/view_content/#|{found['number']}"
    return _path_number(host, path)


def _path_number(host: str, path: str) -> str | None:
    """Find the number in the last part of a path; the parts before it count unless it is long enough to be unique."""
    *before, last = path.split("/")
    if before and before[-1].lower() in COUNTING_PARTS:
        return None
    for pattern in NUMBERS:
        found = pattern.fullmatch(last)
        if found is None:
            continue
        number = found["number"]
        if _is_day(number) or (not found["word"] and number.endswith("000")):
            return None
        above = "" if len(number) >= UNIQUE_NUMBER else "".join(f"{part}/" for part in before)
        slug = "" if "slug" not in found.re.groupindex else "*"
        order = f"#{slug}" if slug and found.start("number") == 0 else f"{slug}{found['word']}#"
        return _bounded(f"num:{host}/{above}{order}{found['ending'] or ''}") + f"|{number}"
    return None


def _is_day(number: str) -> bool:
    """Tell whether the digits can be a year, a day in any usual order, or a day and time: no article's number."""
    if len(number) == len("2022"):
        return number.startswith(("19", "20"))
    if len(number) in {12, 14} and number.startswith(
        ("19", "20")
    ):  # with the time of day: files of one minute share it
        number = number[:8]
    orders = {6: ((0, 2), (4, 2)), 8: ((0, 2), (6, 4))}.get(len(number), ())
    for day, month in orders:
        if 1 <= int(number[day : day + 2]) <= 31 and 1 <= int(number[month : month + 2]) <= 12:  # noqa: PLR2004 - calendar
            return True
    return False


def _marks(gap: re.Match[str]) -> str:
    """Make what stands between two words a space; marks that belong to the letter before them stay."""
    text = gap.group()
    if text.isascii():
        return " "
    return "".join(char if unicodedata.category(char).startswith("M") else " " for char in text)


def _bounded(key: str) -> str:
    return key if len(key) <= LONGEST_KEY else f"{key[:200]}~{_digest(key)[:32]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
