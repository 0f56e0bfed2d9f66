"""What may stand in an element or attribute: each rule takes the text and yields the names of those it breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.entities import name2codepoint
from uuid import UUID

LANGUAGES = frozenset(
    re.findall(
        r"\w+",
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
        "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
        "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
        "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
        "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ",
    )
)
"""The codes of ISO 639-1."""

NOW = datetime(2030, 1, 1, tzinfo=UTC)
"""Later than any date of a test: a document is looked at on this day unless another is given."""

_FULL = re.compile(r"[a-zA-Z][0-9a-zA-Z+\-.]*:(//)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+")
_HTTP = re.compile(
    r"https?://(\d{1,3}\.\d{1,3}\.\d{1,3}\.|([A-Z0-9-]+\.)+)[A-Z0-9][-A-Z0-9]*(:\d+)?(/|$)", re.IGNORECASE
)
_TAG = re.compile(r"tag:([a-z0-9\-._]+?@)?[a-z0-9.\-]+?,\d{4}(-\d\d(-\d\d)?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*")
_RFC2822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d "
    r"[+-]\d\d[03]0"
)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_MIME = re.compile(r"[^\s()<>,;:\"/\[\]?=]+/[^\s()<>,;:\"/\[\]?=]+(;\s*[a-z]+=[^\s()<>,;:\"/\[\]?=]+)*")
_MAIL = re.compile(r"[A-Z0-9_\-+.']+@(\d{1,3}\.\d{1,3}\.\d{1,3}\.|([A-Z0-9-]+\.)+)[A-Z0-9][-A-Z0-9]*", re.IGNORECASE)
_END_TAG = re.compile(
    r"</(a|abbr|b|blockquote|br|code|div|em|font|h[1-6]|i|img|li|p|pre|script|span|strong|table|u|ul)>", re.IGNORECASE
)
_EARLIEST = 1990


def anything(_: str) -> Iterator[str]:
    """No rule."""
    yield from ()


def nothing(text: str) -> Iterator[str]:
    """No text but white space."""
    if text.strip():
        yield "UnexpectedText"


def words(text: str) -> Iterator[str]:
    """Plain text: no markup and nothing that looks like an entity."""
    if not text.strip():
        yield "NotBlank"
    if _END_TAG.search(text):
        yield "ContainsHTML"
    names = re.findall(r"&(#?\w+)", text)
    if any(name in name2codepoint or name == "apos" or not name.isalpha() for name in names):
        yield "ContainsHTML"
    if re.search(r"&#[x0-9]|<[/a-zA-Z]", text):
        yield "CharacterData"
    if text != text.strip():
        yield "UnexpectedWhitespace"


def short_words(text: str) -> Iterator[str]:
    """Plain text of at most 255 characters."""
    yield from words(text)
    if len(text) > 255:
        yield "TooLong"


def address(text: str) -> Iterator[str]:
    """An absolute address with no character that has to be escaped."""
    if (
        not _FULL.fullmatch(text)
        or re.search(r"%(?![0-9A-Fa-f]{2})", text)
        or (text.startswith("http") and not re.match(r"https?://[^/]", text))
    ):
        yield "InvalidFullLink"


def http_address(text: str) -> Iterator[str]:
    """An address of the web, under a host with a full name."""
    yield from address(text)
    if not _HTTP.match(text):
        yield "InvalidURLAttribute"


def picture_address(text: str) -> Iterator[str]:
    """The address of a channel's picture."""
    yield from address(text)
    ending = text.rsplit(".", 1)[-1].lower()
    if re.fullmatch(r"\w+", ending) and ending not in {"jpg", "jpeg", "gif", "png"}:
        yield "ImageUrlFormat"


def identifier(text: str) -> Iterator[str]:
    """An id that lasts: a tag: URI in its own form, or a canonical web address."""
    if text.startswith("tag:"):
        if not _TAG.fullmatch(text):
            yield "InvalidTAG"
        return
    yield from address(text)
    scheme, _, rest = text.partition("://")
    host, slash, _ = rest.partition("/")
    if not slash or scheme != scheme.lower() or host != host.lower() or "/./" in rest or "/../" in rest:
        yield "NonCanonicalURI"


def guid(text: str) -> Iterator[str]:
    """A guid that is no address."""
    if text.isdigit() and len(text) < 9:
        yield "NotSufficientlyUnique"
    yield from identifier(text)


def podcast_guid(text: str) -> Iterator[str]:
    """The name-based guid of a podcast."""
    if str(UUID(text)) != text or UUID(text).version != 5:
        yield "InvalidUUID"


def mail_date(text: str) -> Iterator[str]:
    """A date of RFC 2822 with the right day of the week, neither long ago nor ahead."""
    if not _RFC2822.fullmatch(text):
        yield "InvalidRFC2822Date"
        return
    moment = parsedate_to_datetime(text)
    if moment.date().strftime("%a") != text[:3]:
        yield "IncorrectDOW"
    yield from _plausible(moment)


def web_date(text: str) -> Iterator[str]:
    """A date of RFC 3339, neither long ago nor ahead."""
    if not _RFC3339.fullmatch(text):
        yield "InvalidRFC3339Date"
        return
    date.fromisoformat(text[:10])
    yield from _plausible(datetime.fromisoformat(text))


def _plausible(moment: datetime) -> Iterator[str]:
    if moment.year < _EARLIEST or moment > NOW + timedelta(minutes=10):
        yield "ImplausibleDate"


def positive(text: str) -> Iterator[str]:
    """A whole number above zero."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        yield "InvalidPositiveInteger"


def count(text: str) -> Iterator[str]:
    """A whole number, zero for an unknown one."""
    if not (text.isascii() and text.isdigit()):
        yield "InvalidNonNegativeInteger"


def mime(text: str) -> Iterator[str]:
    """A media type."""
    if not _MIME.fullmatch(text):
        yield "InvalidMIMEAttribute"


def file_type(text: str) -> Iterator[str]:
    """The type of a file that a reader may fetch: neither a page nor a drawing with scripts."""
    yield from mime(text)
    if text in {"text/html", "application/xhtml+xml", "image/svg+xml"}:
        yield "ActiveEnclosure"


def language(text: str) -> Iterator[str]:
    """A language of ISO 639."""
    if text.partition("-")[0].lower() not in LANGUAGES:
        yield "InvalidLanguage"


def mail(text: str) -> Iterator[str]:
    """An address of mail."""
    if not _MAIL.fullmatch(text):
        yield "InvalidContact"


def point(text: str) -> Iterator[str]:
    """Latitude and longitude."""
    if not re.fullmatch(r"[-+]?\d+\.?\d* [-+]?\d+\.?\d*", text):
        yield "InvalidCoord"
        return
    latitude, longitude = map(float, text.split())
    if abs(latitude) > 90:
        yield "InvalidLatitude"
    if abs(longitude) > 180:
        yield "InvalidLongitude"


def one_of(rule: str, *allowed: str):
    """One of a few words."""

    def check(text: str) -> Iterator[str]:
        if text not in allowed:
            yield rule

    return check


def duration(text: str) -> Iterator[str]:
    """Seconds, or hours, minutes and seconds."""
    if not re.fullmatch(r"\d+(:[0-5]\d(:[0-5]\d)?)?", text):
        yield "InvalidDuration"
