"""The tables of `feedsvc read`: each field with what gave it, how sure that is, and what else was to be had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from feedsvc.extract.account import Account, Offer

RIVALS = 4
"""Other offers shown for a field."""
LONGEST = 200
"""Characters shown of an offer that was not taken."""
OTHER = "  or"
FIELDS = (
    ("title", "title", "title"), ("url", "url", ""), ("published", "published", "published"),
    ("published_precision", "precision", ""), ("updated", "updated", ""), ("summary", "summary", "lead"),
    ("text", "text", "body"), ("language", "language", ""),
)  # fmt: skip
"""What is shown of an answer: its key, its name in the table, and its name in the account."""


def article_table(answer: dict[str, Any], account: Account) -> Table:
    """An article's fields; below each, in grey, the offers that were not taken."""
    table = _table("field", "value")
    for key, field, name in FIELDS:
        if answer[key]:
            chosen, others = _parted(account, name, str(answer[key]))
            _add(table, field, str(answer[key]), chosen, others)
    bylines = [" – ".join(part for part in (one["name"], one["organisation"]) if part) for one in answer["bylines"]]
    chosen, others = _parted(account, "author", ", ".join(answer["authors"]))
    for place, byline in enumerate(bylines):
        _add(table, "author", byline, chosen, others if place == len(bylines) - 1 else [])
    _media(table, answer, account)
    for offer in account.of("left out"):
        _add(table, "left out", offer.value, offer, [])
    return table


def _media(table: Table, answer: dict[str, Any], account: Account) -> None:
    """Pictures with the place that gave each, then films and files, then the pictures that were refused."""
    given = {offer.value: offer for offer in account.of("picture") if offer.chosen}
    for field in ("images", "videos", "documents"):
        for medium in answer[field]:
            words = medium.get("caption") or medium.get("title") or medium.get("type") or ""
            _add(table, field[:-1], f"{medium['url']}\n{words}".strip(), given.get(medium["url"]), [])
    _others(table, [offer for offer in account.of("picture") if not offer.chosen])


def listing_tables(answer: dict[str, Any], account: Account) -> Iterator[Table]:
    """The lines of a listing, the address below each headline; then what list, name and next page were chosen from."""
    table = Table("date", "title and address", "picture", title=Text(answer["title"]) if answer["title"] else None)
    for item in answer["items"]:
        words = Text(f"{item['title']}\n{item['url']}", overflow="fold")
        moment = (item["published"] or "–")[:16].replace("T00:00", "").replace("T", " ")
        table.add_row(moment, words, "yes" if item["image"] else "")
    form = answer["next_form"]
    following = answer["next"] or (f"postback {form['target']} {form['argument']}" if form else "none")
    table.caption = Text(f"{len(answer['items'])} items; next page: {following}", overflow="fold")
    yield table
    reasons = _table("what", "chosen")
    for name in account.fields():
        offers = account.of(name)
        taken = [offer for offer in offers if offer.chosen]
        for offer in taken:
            _add(reasons, name, offer.value, offer, [])
        _others(reasons, [offer for offer in offers if not offer.chosen])
    yield reasons


def _table(field: str, value: str) -> Table:
    return Table(Column(field, no_wrap=True), Column(value, ratio=3), Column("rule or selector", ratio=2), "sure")


def _parted(account: Account, name: str, value: str) -> tuple[Offer | None, list[Offer]]:
    """The offer that was taken, with the rules that offered the same, and those that say something else."""
    offers = account.of(name) if name else []
    chosen = next((offer for offer in offers if offer.chosen), None)
    same = [offer.rule for offer in offers if chosen is not None and offer.value in {value, chosen.value}]
    if chosen is not None and name != "body":
        chosen = replace(chosen, rule=", ".join(dict.fromkeys((chosen.rule, *same))))
    taken = {value, chosen.value} if chosen is not None else {value}
    return chosen, [offer for offer in offers if offer.value not in taken]


def _add(table: Table, field: str, value: str, chosen: Offer | None, others: list[Offer]) -> None:
    rule = chosen.rule if chosen is not None else ""
    if chosen is not None and field == "text":
        rule = f"{chosen.value}: {rule}"
    table.add_section()
    table.add_row(field, Text(value, overflow="fold"), Text(rule, overflow="fold"), _sure(chosen))
    _others(table, others)


def _others(table: Table, offers: Iterable[Offer]) -> None:
    for offer in list(offers)[:RIVALS]:
        value = offer.value if len(offer.value) <= LONGEST else f"{offer.value[:LONGEST]}…"
        table.add_row(OTHER, Text(value, overflow="fold"), Text(offer.rule, overflow="fold"), _sure(offer), style="dim")


def _sure(offer: Offer | None) -> str:
    return "" if offer is None or offer.weight is None else f"{offer.weight:.0%}"
