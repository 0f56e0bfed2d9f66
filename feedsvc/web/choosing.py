"""What the parameters of a page choose among its items, and how it is told."""

from __future__ import annotations

from datetime import datetime

from flask import request

from feedsvc.model import Choice
from feedsvc.web.address import MOST_CHARACTERS, find_address
from feedsvc.web.words import Words


def asked_choice() -> Choice:
    """What `?q=`, `?since=`, `?media=` and `?page=` choose, as in the address of a feed; a page has its own length."""
    address = find_address("/feeds/any.rss", request.query_string.decode("latin-1"), ("any",), ("rss",))
    said = address.choice if address else Choice()
    return Choice(page=said.page, search=said.search, since=said.since, media=said.media)


def asked_words(choice: Choice) -> dict[str, str]:
    """The parameters that chose something, as they were written: pages and other languages show the same choice."""
    says = {"q": choice.search, "since": choice.since, "media": choice.media}
    return {name: " ".join(request.args[name].split())[:MOST_CHARACTERS] for name, chosen in says.items() if chosen}


def told_choice(choice: Choice, typed: str, words: Words) -> str:
    """The heading above what is chosen, its words as they were `typed`; "" where nothing is."""
    parts = [
        words.with_words.format(words=typed) if choice.search else "",
        words.with_media[choice.media] if choice.media else "",
        words.since.format(day=_day(choice.since)) if choice.since else "",
    ]
    chosen = ", ".join(filter(None, parts))
    return words.chosen.format(chosen=chosen) if chosen else ""


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}" if moment.time() == datetime.min.time() else f"{moment:%d/%m/%Y %H:%M}"
