"""Addresses, canonically: one spelling for all that lead to the same article. safety.md 3.1 of the specification."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from posixpath import normpath
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

LONGEST_KEY = 300
"""Characters of a key, prefix not counted; longer ones are cut and end in a digest of the whole."""

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

# An address that has one spelling only: lower-case host, plain path without dots that lead or end, no query.
PLAIN = re.compile(r"https?://(?:www\.)?+([a-z0-9]++(?:[.-][a-z0-9]++)*+)((?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*+)++)/?")

PATH_SAFE = "!$'()*,:;=@~-._+&"
QUERY_SAFE = "!$'()*,:;@~-._/"


def canonical_key(url: str) -> str:
    """Give the address without what does not tell articles apart: `sapa.laocai.gov.vn/tin-tuc/x-1105750`.

    Out go scheme, `www.`, default ports, sessions, tracking, print views, fragments (but `#!`), a final slash and
    `index.*`; escapes and Unicode are made one spelling (RFC 3986, 6.2.2), the query is sorted. Any text is taken.
    """
    plain = PLAIN.fullmatch(url)
    if plain and not INDEX.fullmatch(plain[2].rpartition("/")[2]):
        return bounded(plain[1] + plain[2])
    try:
        parts = urlsplit(url.strip().replace("&amp;", "&"))
        host = _host(parts)
    except ValueError:  # no port, no host: not an address, but still the same text each time
        return bounded(_escaped(unicodedata.normalize("NFC", url.strip())))
    path = _path(parts.path) if parts.scheme in WEB else _escaped(parts.path, f"/{PATH_SAFE}")
    query = _query(parts.query)
    key = host + path + (f"?{query}" if query else "")
    if parts.scheme not in WEB:
        key = f"{parts.scheme}:{key}"
    if parts.fragment.startswith("!"):
        key += "#" + _escaped(parts.fragment, f"/?{PATH_SAFE}")
    return bounded(key)


def bounded(key: str) -> str:
    """Cut a key that is too long, and end it in a digest of the whole."""
    return key if len(key) <= LONGEST_KEY else f"{key[:200]}~{digest(key)[:32]}"


def digest(text: str) -> str:
    """Give the SHA-256 of a text in UTF-8, as 64 hex digits; lone surrogates are taken too."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


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
