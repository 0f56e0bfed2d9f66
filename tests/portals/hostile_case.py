"""A line of THE TABLE of what the hostile portal does (hostile_cases), and how one is written.

`expect` is the state of the category after the hostile poll: `outcome`, `outcome/code` or `outcome/code: words`. `items`
are those that it brings. After it the portal means well again, and a case that `recovers` then has all that is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fakes.hostile import Reply
from portals.hostile_pages import article, line, listing, path_of
from portals.hostile_replies import page

LIST = "/tin-tuc"
ROBOTS = "/robots.txt"
SIZE = 6


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One way to be hostile. `name` is its host and source; `answers` go before the usual ones while it is.

    With `fresh` there was no calm poll before. `size` is the number of articles of the calm portal; two more are listed
    while it is hostile. With `always` it never means well again.
    """

    name: str
    where: str
    does: str
    expect: str
    answers: Mapping[str, Reply] = field(default_factory=dict, repr=False)
    items: int = 0
    fresh: bool = False
    size: int = SIZE
    always: bool = False
    recovers: bool = True


NEW = range(SIZE + 2, 0, -1)
BAD = SIZE + 1
"""The article that is hostile where articles are; one more stands above it."""


def at_list(name: str, does: str, expect: str, reply: Reply, **more: object) -> Case:
    """A list that is hostile."""
    return Case(name, "listing", does, expect, {LIST: reply}, **more)  # type: ignore[arg-type]


def in_list(name: str, does: str, expect: str, body: bytes, **more: object) -> Case:
    """A list whose page is hostile."""
    return at_list(name, does, expect, page(body), **more)


def at_article(name: str, does: str, reply: Reply, expect: str = "ok", items: int = 2, **more: object) -> Case:
    """One article of two new ones that is hostile: the other comes, and this one as short as its list tells it."""
    return Case(name, "article", does, expect, {path_of(BAD): reply}, items, **more)  # type: ignore[arg-type]


def in_article(name: str, does: str, body: bytes, **more: object) -> Case:
    """One article whose page is hostile."""
    return at_article(name, does, page(body), **more)  # type: ignore[arg-type]


def at_robots(name: str, does: str, expect: str, reply: Reply, items: int = 0, **more: object) -> Case:
    """A robots.txt that is hostile, from the first poll on."""
    return Case(name, "robots", does, expect, {ROBOTS: reply}, items, fresh=True, **more)  # type: ignore[arg-type]


def lines() -> list[str]:
    """The lines that an honest list would have."""
    return [line(number) for number in NEW]


FULL = listing(lines())
WHOLE = article(BAD)
