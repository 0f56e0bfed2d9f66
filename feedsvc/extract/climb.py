"""From a link to its record: the part of the page that speaks about one address (reading.md 3.3 and 3.5)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from feedsvc.extract.links import commonest, shape_of, text_within
from feedsvc.extract.wording import GENERIC, TAIL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feedsvc.extract.links import Link

_SHARED = 0.3  # of the records: an address met in so many is a kicker ("Tin tức"), not an item
_NEARLY_ALL = 0.8  # of the elements of a group
_SEVERAL = 3  # returns of one address that are no chance
_MOST_SIBLINGS = 8  # elements of one record in flat markup
_MOST_INSIDE = 200  # links of one record on either side: more are the page's, in elements that nobody closed
_TAIL_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a list: its elements (siblings, where the markup is flat), the links in them, the one that counts.

    Records of one `section` have the same parent element; `above` are the elements around them; `caption` is the
    heading over them where it holds a date.
    """

    elements: tuple[Any, ...]
    links: tuple[Link, ...]
    primary: Link
    section: int
    above: tuple[Any, ...]
    caption: str = ""

    @property
    def top(self) -> Any:
        """The one of its elements that holds the link."""
        return self.primary.path[len(self.above)]


def records_of(group: list[Link], links: Sequence[Link]) -> list[Record]:
    """Climb from each link of `group` to the largest element that holds no other address of the group."""
    group = _without_recurring(group)
    return records_at(group, _rows(group, depths_of(group)), links)


def records_at(group: list[Link], depths: list[int], links: Sequence[Link]) -> list[Record]:
    """Make records of the elements that stand at `depths` in the paths of the links of `group`, each element once."""
    spans = [_span(link, depth, links) for link, depth in zip(group, depths, strict=True)]
    whole = {link.path[depth]: span for link, depth, span in zip(group, depths, spans, strict=True)}
    shared = Counter(key for span in whole.values() for key in {link.key for link in span})
    kickers = {key for key, count in shared.items() if count > max(2, len(whole) * _SHARED)}
    found: list[Record] = []
    taken: set[Any] = set()
    section, before = -1, None
    for link, depth, span in zip(group, depths, spans, strict=True):
        top, parent = link.path[depth], link.path[depth - 1]
        if top in taken:
            continue
        taken.add(top)
        if parent is not before or _tail_between(found[-1].elements[0], top):
            section, before = section + 1, parent
        found.append(Record((top,), span, _primary(link, span, kickers), section, link.path[:depth]))
    return _with_siblings(found)


def _without_recurring(group: list[Link]) -> list[Link]:
    """Drop the addresses that come back between the others: a kicker in the same markup as the headlines."""
    group = _without_companions(group)
    runs = Counter(key for key, _ in groupby(link.key for link in group))
    limit = max(_SEVERAL, len(runs) * _SHARED)
    kept = [link for link in group if runs[link.key] < limit]
    return kept if len({link.key for link in kept}) > 1 else group


def _without_companions(group: list[Link]) -> list[Link]:
    """Where most elements hold a second link beside the headline (writer, category), leave that out.

    It is told by its address, which has another form than those of the headlines, and by its shorter text.
    """
    inside: dict[Any, set[str]] = {}
    for link in group:
        inside.setdefault(link.path[-2], set()).add(link.key)
    if len(inside) < _SEVERAL or sum(len(keys) > 1 for keys in inside.values()) * 2 < len(inside):
        return group
    forms: dict[Any, list[Link]] = {}
    for link in group:
        forms.setdefault(shape_of(link.url), []).append(link)
    whole = [links for links in forms.values() if len({link.path[-2] for link in links}) >= len(inside) * _NEARLY_ALL]
    if not whole:
        return group
    return max(whole, key=lambda links: sum(len(link.text) for link in links) / len(links))


def depths_of(group: list[Link], *, even: bool = True) -> list[int]:
    """Return for each link the depth of its record's element in the link's path; `even` records are of one height."""
    joins = [2] * len(group)  # neither html nor body is ever a record
    for (i, a), (j, b) in pairwise(enumerate(group)):
        if a.key != b.key:
            shared = common_depth(a.path, b.path)
            joins[i], joins[j] = max(joins[i], shared), max(joins[j], shared)
    # Links to one address in a row (picture, headline) stand in one record: the join of one bounds the others.
    order = list(range(len(group)))
    for i, j in [*pairwise(order), *pairwise(reversed(order))]:
        a, b = group[i], group[j]
        if a.key == b.key and common_depth(a.path, b.path) > joins[i]:
            joins[j] = max(joins[i], joins[j])
    heights = [max(0, len(link.path) - 1 - join) for link, join in zip(group, joins, strict=True)]
    usual = commonest(heights)[0] if even else max(heights)
    return [len(link.path) - 1 - min(height, usual) for link, height in zip(group, heights, strict=True)]


def common_depth(a: tuple[Any, ...], b: tuple[Any, ...]) -> int:
    """Return how many ancestors two paths share."""
    depth = 0
    for one, other in zip(a, b, strict=False):
        if one is not other:
            break
        depth += 1
    return depth


def _rows(group: list[Link], depths: list[int]) -> list[int]:
    """Move records inside a row of a table with named columns up to the row; cells of a layout table stay cards."""
    heads: dict[Any, bool] = {}
    moved = list(depths)
    for index, (link, depth) in enumerate(zip(group, depths, strict=True)):
        row = next((i for i in range(depth, 0, -1) if link.path[i].tag == "tr"), depth)
        if row < depth and _has_head(link.path[row], heads):
            moved[index] = row
    return moved


def _has_head(row: Any, heads: dict[Any, bool]) -> bool:
    """Tell whether the row's table names its columns. Fills `heads`, by table."""
    table = next(row.iterancestors("table"), None)
    if table is not None and table not in heads:
        heads[table] = next(table.iter("th", "thead"), None) is not None
    return table is not None and heads[table]


def record_of(link: Link, depth: int, links: Sequence[Link]) -> Record:
    """Return the element at `depth` in the path of `link` as a record that is alone."""
    span = _span(link, depth, links)
    return Record((link.path[depth],), span, _primary(link, span, set()), -1, link.path[:depth])


def _span(link: Link, depth: int, links: Sequence[Link]) -> tuple[Link, ...]:
    """Return all links inside the record of `link`, those of other groups too."""
    top, first, last = link.path[depth], link.order, link.order
    start, end = max(0, first - _MOST_INSIDE), min(len(links), last + 1 + _MOST_INSIDE)
    # They stand in a row: most are alone or few, those in elements that nobody closed are halved until they end.
    if first > start and _inside(links[first - 1], top, depth):
        first = bisect_left(links, True, start, first, key=lambda other: _inside(other, top, depth))  # noqa: FBT003 - sought
    if last + 1 < end and _inside(links[last + 1], top, depth):
        last = bisect_left(links, True, last + 1, end, key=lambda other: not _inside(other, top, depth)) - 1  # noqa: FBT003 - sought
    return tuple(links[first : last + 1])


def _inside(link: Link, top: Any, depth: int) -> bool:
    return len(link.path) > depth and link.path[depth] is top


def _primary(link: Link, span: tuple[Link, ...], kickers: set[str]) -> Link:
    """Return the link in or around the heading, else the one with the longest text, else the picture."""
    choice = [other for other in span if other.key not in kickers] or [link]
    return max(choice, key=_weight) if len(choice) > 1 else choice[0]


def _weight(link: Link) -> tuple[bool, int, bool]:
    length = 0 if GENERIC.fullmatch(link.text) else len(link.text)
    return link.heading and length > 0, length, link.picture


def _tail_between(before: Any, top: Any) -> bool:
    """Tell whether a heading like "Tin khác" stands between two records of one parent."""
    for sibling in top.itersiblings(preceding=True):
        if sibling is before:
            return False
        text = text_within(sibling, _TAIL_LENGTH)
        if len(text) <= _TAIL_LENGTH and TAIL.match(text):
            return True
    return False


def _with_siblings(records: list[Record]) -> list[Record]:
    """Give flat markup (h3 p h3 p) its siblings: what stands between two records belongs to one of them."""
    out: list[Record] = []
    for section in _sections(records):
        tops = [record.elements[0] for record in section]
        between = [_between(top, after) for top, after in pairwise([*tops, None])]
        out.extend(_spread(section, between) if any(between[:-1]) else section)
    return out


def with_neighbours(record: Record, before: int, after: int) -> Record:
    """Give a record of flat markup that stands alone as many siblings as its like had where there were more."""
    top = record.elements[0]
    ahead = list(top.itersiblings(preceding=True))[:before][::-1]
    return replace(record, elements=(*ahead, top, *_between(top, None)[:after]))


def _sections(records: list[Record]) -> Iterator[list[Record]]:
    start = 0
    for end in range(1, len(records) + 1):
        if end == len(records) or records[end].section != records[start].section:
            yield records[start:end]
            start = end


def _between(top: Any, after: Any) -> list[Any]:
    """Return the siblings from `top` to the next record, at most a few, up to a heading like "Tin khác"."""
    found: list[Any] = []
    for sibling in top.itersiblings():
        if sibling is after or len(found) == _MOST_SIBLINGS:
            break
        text = text_within(sibling, _TAIL_LENGTH)
        if len(text) <= _TAIL_LENGTH and TAIL.match(text):
            break
        found.append(sibling)
    return found


def _spread(section: list[Record], between: list[list[Any]]) -> list[Record]:
    """Share out the siblings: those that also precede the first record precede each, the others follow."""
    usual = commonest([len(found) for found in between[:-1]])[0]
    before = list(section[0].elements[0].itersiblings(preceding=True))[:usual]
    lead = 0
    while lead < len(before) and all(
        lead < len(found) and _alike(before[lead], found[-1 - lead]) for found in between[:-1]
    ):
        lead += 1
    out = []
    for index, record in enumerate(section):
        ahead = before[:lead][::-1] if index == 0 else between[index - 1][len(between[index - 1]) - lead :]
        limit = usual - lead if index == len(section) - 1 else len(between[index]) - lead
        out.append(replace(record, elements=(*ahead, *record.elements, *between[index][: max(0, limit)])))
    return out


def _alike(one: Any, other: Any) -> bool:
    """Tell whether two siblings can be the same part of two records: a caption is none, where the others are rules."""
    said = [bool(text_within(element, _TAIL_LENGTH)) for element in (one, other)]
    return bool(one.tag == other.tag and one.get("class") == other.get("class")) and said[0] == said[1]
