"""Why an article came out as it did: every offer for each of its fields, written into an `Account`.

Works from what the reading has at its end, so that the readers themselves stay as they are; costs as much again, and
only where somebody asks.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from feedsvc.extract.authors import DECLARED
from feedsvc.extract.body import weigh
from feedsvc.extract.clean import clean_title
from feedsvc.extract.date_spots import Surroundings, find_spots
from feedsvc.extract.dates import read_date
from feedsvc.extract.media import picture_url
from feedsvc.extract.page import absolute
from feedsvc.extract.title import head_texts, title_element
from feedsvc.extract.title_suffix import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedsvc.extract.account import Account
    from feedsvc.extract.learned import Cut
    from feedsvc.extract.prose import Prose
    from feedsvc.extract.reading import Reading
    from feedsvc.model import Author, Item, Source, Stub

_SELECTED: Final = "[source.select] {}"
_RIVALS: Final = 3
_SHOWN: Final = 160
_CLASSES: Final = 3
_PREFIX: Final = 12


def explain_article(
    account: Account,
    item: Item,
    reading: Reading,
    prose: Prose,
    *,
    source: Source,
    stub: Stub | None,
    bylines: Sequence[tuple[str, tuple[Author, ...]]],
    cut: Cut,
) -> None:
    """Write down what each field of `item` was chosen from; `bylines` are the rules that found writers."""
    _title(account, item, reading, source, stub)
    _lead(account, item, reading, prose, source, stub)
    _date(account, item, reading, source, stub)
    first = next((rule for rule, people in bylines if people == item.authors), "")
    for rule, people in bylines:
        names = ", ".join(one.name or one.organisation for one in people)
        where = (
            "declared for machines" if rule == DECLARED else _SELECTED.format("byline") if rule == "selector" else rule
        )
        account.note("author", where, names, chosen=rule == first)
    _body(account, reading, prose, source)
    _pictures(account, item, reading, prose)
    if cut.blocks:
        account.note("left out", "paragraphs that other articles of the source have too", str(len(cut.blocks)))
    if cut.pictures:
        account.note("left out", "pictures that other articles of the source have too", str(len(cut.pictures)))


def _title(account: Account, item: Item, reading: Reading, source: Source, stub: Stub | None) -> None:
    """Headlines vote: the weight of one is the share of the offers that say the same, or begin so."""
    if source.select.title:
        account.note("title", _SELECTED.format("title"), item.title, chosen=True)
        return
    element = title_element(reading.document.root)
    offers = [("text in the listing", stub.title)] if stub is not None and stub.title else []
    offers += [("heading at the text", text) for text in head_texts(reading.flow.blocks, reading.first)]
    offers += [("JSON-LD headline", reading.structured.headline)] if reading.structured.headline else []
    offers += [("title in a meta element", text) for text in dict.fromkeys(reading.structured.titles)]
    offers += [("title element", clean_title(element))] if element else []
    folded = [fold(text) for _, text in offers]
    chosen = fold(item.title)
    for (rule, text), name in zip(offers, folded, strict=True):
        agreeing = sum(_says(name, other) for other in folded)
        is_it = name == chosen and not any(one.chosen for one in account.offers if one.field == "title")
        account.note("title", rule, text, weight=agreeing / len(offers), chosen=is_it)
    if chosen not in folded:
        agreeing = sum(_says(chosen, other) for other in folded)
        account.note("title", "without the site's name", item.title, weight=agreeing / max(1, len(offers)), chosen=True)


def _says(name: str, other: str) -> bool:
    return name == other or (len(name) >= _PREFIX and other.startswith(name))


def _lead(account: Account, item: Item, reading: Reading, prose: Prose, source: Source, stub: Stub | None) -> None:
    paragraphs = [block for block in prose.paragraphs if block.kind not in {"heading", "cell"}]
    bold = next((block.text for block in paragraphs[:2] if block.bold_words * 2 > block.words), "")
    first = next((block.text for block in paragraphs), "")
    offers = [(_SELECTED.format("summary"), item.summary)] if source.select.summary else []
    if item.summary not in {bold, first} and not offers:
        named = next((block for block in reading.flow.blocks if block.text == item.summary), None)
        offers += [(f"named for it: {_name(named.owner)}", item.summary)] if named is not None else []
    offers += [("bold first paragraph", bold), ("first paragraph", first if first != bold else "")]
    offers += [("description for machines", reading.structured.description)]
    offers += [("summary in the listing", stub.summary)] if stub is not None else []
    account.choice("lead", item.summary, [(rule, text) for rule, text in offers])


def _date(account: Account, item: Item, reading: Reading, source: Source, stub: Stub | None) -> None:
    """Dates are asked for in turn, best source first; the one that gave the day is the first with that day."""
    if source.select.date:
        account.note("published", _SELECTED.format("date"), str(item.published or ""), chosen=True)
        return
    now, zone = reading.document.fetched_at, source.timezone
    offers = [("declared for machines", text) for text in reading.structured.published[:2]]
    for spot in find_spots(_surroundings(item, reading)):
        where = "above the headline" if spot.is_above else "behind the text" if spot.is_behind else "at the headline"
        offers.append((f"line {where}{', further off' if spot.is_far else ''}", spot.line))
    chosen = item.published.astimezone(zone).date() if item.published is not None else None
    given = False
    for rule, text in offers:
        when = read_date(text, now=now, timezone=zone)
        is_it = when is not None and not given and when.moment.astimezone(zone).date() == chosen
        given = given or is_it
        account.note("published", rule, text, chosen=is_it)
    if stub is not None and stub.published is not None:
        listed = stub.published.astimezone(zone).date()
        account.note("published", "date in the listing", listed.isoformat(), chosen=not given and listed == chosen)
        given = given or listed == chosen
    if chosen is not None and not given:
        account.note("published", "told by its address, a picture's folder or its words", str(chosen), chosen=True)


def _surroundings(item: Item, reading: Reading) -> Surroundings:
    return Surroundings(
        root=reading.document.root,
        blocks=reading.flow.blocks,
        head=reading.head.place if reading.head is not None else None,
        first=reading.first,
        last=reading.last,
        address=reading.document.address,
        pictures=(),
        lead=item.summary,
        text=item.text,
        listed=None,
    )


def _body(account: Account, reading: Reading, prose: Prose, source: Source) -> None:
    """The container of the text and its rivals, by the words that speak for each (body.weigh)."""
    if source.select.body:
        account.note("body", _SELECTED.format("body"), _name(reading.region), chosen=True)
        return
    totals: dict[Any, float] = {}
    for block in reading.flow.blocks:
        weight = weigh(block, reading.flow.blocks)
        for element in (block.owner, *islice(block.owner.iterancestors(), 8)):
            totals[element] = totals.get(element, 0.0) + weight
    own = [block.owner for block in prose.blocks if block.text]
    around = [element for element in totals if own and all(_holds(element, one) for one in own)]
    best = min(around, key=lambda element: len(list(element.iter())), default=None)
    if best is None:
        return
    others = [one for one in totals if not _holds(one, best) and not _holds(best, one) and totals[one] > 0]
    rivals = sorted(others, key=lambda one: -totals[one])[:_RIVALS]
    most = totals[best] + sum(totals[one] for one in rivals) or 1.0
    words = sum(block.words for block in prose.paragraphs)
    account.note("body", f"most words of sentences ({words})", _name(best), weight=totals[best] / most, chosen=True)
    for one in rivals:
        account.note("body", "words of sentences", _name(one), weight=totals[one] / most)


def _holds(element: Any, inner: Any) -> bool:
    return element is inner or any(one is element for one in inner.iterancestors())


def _pictures(account: Account, item: Item, reading: Reading, prose: Prose) -> None:
    kept = {one.url for one in item.media if one.kind == "image"}
    document = reading.document
    offers = [("declared for machines", absolute(document, url) or url) for url in reading.structured.images]
    offers += [("in the text", url) for url in _addresses(prose, document)]
    for rule, url in dict.fromkeys(offers):
        account.note("picture", rule if url in kept else f"{rule}, refused or given already", url, chosen=url in kept)


def _addresses(prose: Prose, document: Any) -> Iterable[str]:
    for block in prose.blocks:
        if block.kind == "picture" and (url := picture_url(block.element, document)):
            yield url


def _name(element: Any) -> str:
    """Give an element as one would write a selector for it."""
    identifier = element.get("id") or ""
    classes = (element.get("class") or "").split()[:_CLASSES]
    return f"{element.tag}{'#' + identifier if identifier else ''}{''.join('.' + name for name in classes)}"[:_SHOWN]
