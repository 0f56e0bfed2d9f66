"""What a page declares as its article's date, held against what it shows to people (reading.md 6)."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.clean import clean_text
from feedsvc.extract.date_labels import HAS_DAY, PUBLISHED
from feedsvc.extract.date_spots import LINE
from feedsvc.extract.places import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from feedsvc.extract.date_lines import DateLine
    from feedsvc.extract.dates import When

_ZULU: Final = re.compile(r"(?:z|[+-]00:?00)\s*$", re.IGNORECASE)
_AT_ONCE: Final = timedelta(minutes=2)
_A_DAY: Final = timedelta(days=1)
_A_MONTH: Final = timedelta(days=30)


def declared(
    texts: Sequence[str],
    own: Sequence[DateLine],
    read: Callable[[str], When | None],
    *,
    listed: date | None,
    modified: date | None,
    now: datetime,
) -> When | None:
    """Give the first readable of `texts`, unless what the page shows to people speaks against it.

    `own` are the datelines of the article, none of them of a change; `listed` is the day that the listing gave,
    `modified` the day on which the page declares to have been changed. `read` gives the date of a text in the portal's
    zone; `now` is the moment of the visit.
    """
    text = next((text for text in texts if read(text)), "")
    told = read(text)
    if told is None or not own:
        return told
    near = [line for line in own if not line.is_far]
    day, shown = told.moment.date(), own[0].when.moment
    if told.precision == "day" and shown < told.moment:
        return None  # a bare day in a meta element is often that of the last change
    if abs(now - told.moment) < _AT_ONCE and shown.date() < day:
        return None  # a template writes the moment of the visit there
    if _is_dated_anew(day, near, modified) or (listed == shown.date() and abs(shown.date() - day) > _A_DAY):
        return None  # what the listing shows too is the portal's word
    return _as_shown(text, told, read, near)


def _is_dated_anew(day: date, near: Sequence[DateLine], modified: date | None) -> bool:
    """Tell whether the page shows a later day than it declares, and is sure of it.

    It is where a label says so (the declared date is then a sample's, or that of the page before it was used again), or
    where the day is that of the last change, a month or more later: some portals put an old article out anew.
    """
    whole = [line for line in near if HAS_DAY.search(line.text)]
    if any(line.when.moment.date() - day > _A_DAY for line in whole if PUBLISHED.search(line.text)):
        return True
    return any(line.when.moment.date() == modified and modified - day > _A_MONTH for line in whole[:1])


def _as_shown(text: str, declared: When, read: Callable[[str], When | None], near: Sequence[DateLine]) -> When:
    """Some portals write their local time and mark it as UTC: the clock is right, its zone is not.

    What the page shows to people decides: the same clock without the mark, or its day where that is another one.
    """
    local = read(_ZULU.sub("", text)) if _ZULU.search(text) else None
    if local is None:
        return declared
    if any(line.when.precision != "day" and _minute(line.when) == _minute(local) for line in near):
        return local
    shown = {line.when.moment.date() for line in near}
    return local if shown == {local.moment.date()} != {declared.moment.date()} else declared


def _minute(when: When) -> datetime:
    return when.moment.replace(second=0, microsecond=0)


def marked(root: Any) -> Iterator[str]:
    """Give the texts that the markup names as the day of publication: microdata, microformats, `time pubdate`."""
    for element in root.xpath(
        "//*[contains(@itemprop,'datePublished') or contains(@itemprop,'dateCreated')"
        " or contains(@property,'datePublished') or @pubdate or (self::abbr and contains(@class,'published'))"
        " or (self::time and (contains(@class,'published') or contains(@class,'entry-date')))]"
    )[:4]:
        if not _is_foreign(element):
            yield (
                element.get("content")
                or element.get("datetime")
                or element.get("title")
                or clean_text("".join(element.itertext()))[:LINE]
            )


def _is_foreign(element: Any) -> bool:
    """Tell whether a date belongs to a comment or to another article's teaser."""
    return any(
        one.tag == "aside" or re.search(r"comment|related|sidebar|widget", words_of(one))
        for one in islice(element.iterancestors(), 8)
        if one.tag not in {"body", "html", "main"}
    )
