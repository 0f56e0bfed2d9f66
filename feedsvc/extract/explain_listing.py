"""Why a listing came out as it did: the blocks of the page with what speaks for each, and the way to the next page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from feedsvc.extract.blocks import find_blocks
from feedsvc.extract.links import text_within

if TYPE_CHECKING:
    from feedsvc.extract.account import Account
    from feedsvc.extract.blocks import Block
    from feedsvc.extract.detection import Detected, View
    from feedsvc.model import Listing, Source

_RIVALS: Final = 4
_TELLING: Final = 0.3  # a reason that moves a score by less is not told
_CAPTION: Final = 60
_LABEL: Final = 30
_CLASSES: Final = 2


def explain_listing(account: Account, listing: Listing, view: View, found: Detected | None, source: Source) -> None:
    """Write down what list, name and next page were chosen from; `found` is None where a selector names the items."""
    _title(account, listing, view, found)
    _list(account, listing, view, found, source)
    _fields(account, listing)
    _next_page(account, listing, view, source)


def _title(account: Account, listing: Listing, view: View, found: Detected | None) -> None:
    offers = [("heading over the list", found.caption)] if found is not None else []
    offers += [("heading of level 1", text) for text in view.headings]
    account.choice("title", listing.title, [*offers, ("title element", view.title)])


def _list(account: Account, listing: Listing, view: View, found: Detected | None, source: Source) -> None:
    """The blocks by their scores; the weight of one is its share of the scores of those that could be the list."""
    if found is None:
        what = f"{len(listing.stubs)} items at {source.select.item}"
        account.note("list", "[source.select] item", what, chosen=True)
        return
    blocks = find_blocks(view.links, view.marks, view.document.address, view.names)
    own = found.block.keys
    rivals = [block for block in blocks if not own & block.keys][:_RIVALS]
    total = sum(max(0.0, block.score) for block in (found.block, *rivals)) or 1.0
    joined = f" ({len(found.records)} with what stands beside it)" if len(found.records) > len(own) else ""
    for block in (found.block, *rivals):
        is_it = block is found.block
        account.note(
            "list",
            _reasons(block),
            f"{_described(block)}{joined if is_it else ''}",
            weight=max(0.0, block.score) / total,
            chosen=is_it,
        )


def _reasons(block: Block) -> str:
    telling = sorted((one for one in block.reasons if abs(one[1]) >= _TELLING), key=lambda one: -abs(one[1]))
    said = ", ".join(f"{name} {weight:+.1f}" for name, weight in telling)
    known = f"{block.recognised} known articles, " if block.recognised else ""
    return f"{known}score {block.score:.1f}: {said}"


def _described(block: Block) -> str:
    top = block.records[0].top
    classes = "".join(f".{name}" for name in (top.get("class") or "").split()[:_CLASSES])
    caption = f" under “{block.caption[:_CAPTION]}”" if block.caption else ""
    return f"{len(block.keys)} items in {top.tag}{classes}{caption}: {block.records[0].primary.text[:_CAPTION]}"


def _fields(account: Account, listing: Listing) -> None:
    """How many of the lines have each field."""
    count = len(listing.stubs)
    for name, have in (
        ("dates", sum(stub.published is not None for stub in listing.stubs)),
        ("pictures", sum(any(one.kind == "image" for one in stub.media) for stub in listing.stubs)),
        ("summaries", sum(bool(stub.summary) for stub in listing.stubs)),
    ):
        account.note(
            name, "found in the lines", f"{have} of {count}", weight=have / count if count else None, chosen=True
        )


def _next_page(account: Account, listing: Listing, view: View, source: Source) -> None:
    form = listing.next_form
    if form is not None:
        account.note("next page", "ASP.NET postback", f"{form.target} {form.argument}".strip(), chosen=True)
    elif listing.next_url:
        account.note("next page", _rule(listing.next_url, view, source), listing.next_url, chosen=True)
    if listing.pages:
        account.note("pages", "addresses in the pager", " ".join(listing.pages), chosen=True)


def _rule(url: str, view: View, source: Source) -> str:
    """By what the next page was known: a selector, `rel`, or the words of the link to it."""
    if source.select.next:
        return "[source.select] next"
    if any("next" in (one.get("rel") or "").lower() for one in view.document.root.xpath("//link[@rel]|//a[@rel]")):
        return "rel=next"
    links = [link for link in view.links if link.url == url]
    labels = [text_within(link.element, _LABEL) for link in links]
    label = next((text for text in labels if text), "")
    return f"number {label} in the pager" if label.isdigit() else f"link “{label}”" if label else "the pager's numbers"
