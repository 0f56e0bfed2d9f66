"""The one line of a young list: no pattern, but a container named like a list with one clear story in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedsvc.extract.climb import records_at
from feedsvc.extract.links import is_file
from feedsvc.extract.marks import caption_of, class_words
from feedsvc.extract.wording import SIDE, TAIL, is_dated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedsvc.extract.climb import Record
    from feedsvc.extract.links import Link
    from feedsvc.extract.marks import Marks

LIST_WORDS = frozenset({
    "list", "lists", "listing", "grid", "items", "news", "posts", "articles", "entries", "results", "danhsach", "ds",
})  # fmt: skip
_OTHER_WORDS = frozenset({"detail", "details", "content", "body", "other", "khac", "related", "hot", "top", "box"})
_TITLE_WORDS = 4
_EXTRA = 40  # characters beyond the title that make a summary


def lone_record(links: Sequence[Link], marks: Marks) -> tuple[Record, str] | None:
    """Return the single story of a list container, with the heading above; None without one, or with several.

    Clear is a story whose link is a heading of several words, and that has a date, and a picture or a summary.
    """
    found = [(record, caption) for record, caption in _stories(links, marks) if _is_clear(record)]
    return found[0] if len(found) == 1 else None


def _stories(links: Sequence[Link], marks: Marks) -> list[tuple[Record, str]]:
    """Return the records that are alone in containers named like lists, outside chrome and side blocks."""
    inside: dict[Any, list[Link]] = {}
    for link in links:
        for element in link.path[2:-1]:
            inside.setdefault(element, []).append(link)
    lists = [element for element, own in inside.items() if len({link.key for link in own}) == 1 and _is_list(element)]
    around = {above for element in lists for above in element.iterancestors()}
    out = []
    for element in (one for one in lists if one not in around):
        link = max(inside[element], key=lambda one: (one.heading, len(one.text)))
        depth = min(link.path.index(element) + 1, len(link.path) - 1)
        caption = caption_of(element, ())
        if not (marks.chrome(link.path[:-1]) or TAIL.match(caption) or SIDE.match(caption) or is_file(link.url)):
            out.append((records_at([link], [depth], links)[0], caption))
    return out


def _is_list(element: Any) -> bool:
    words = class_words(element)
    return not LIST_WORDS.isdisjoint(words) and _OTHER_WORDS.isdisjoint(words)


def _is_clear(record: Record) -> bool:
    title = record.primary.text
    text = " ".join(" ".join(record.top.itertext()).split())
    pictured = next(record.top.iter("img"), None) is not None
    told = pictured or len(text) > len(title) + _EXTRA
    return record.primary.heading and len(title.split()) >= _TITLE_WORDS and told and is_dated(text)
