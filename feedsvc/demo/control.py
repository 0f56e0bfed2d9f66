"""The control address `/__control`: a report by GET, changes by POST of a JSON object."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, make_response, request

from feedsvc.demo.content import CATEGORIES
from feedsvc.demo.reserve import RESERVE_SIZE
from feedsvc.demo.state import MODES, SPECIALS, clocked

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask import Flask

    from feedsvc.demo.content import Article
    from feedsvc.demo.newsroom import Newsroom
    from feedsvc.demo.state import PortalState

_WORDS = frozenset({
    "publish", "category", "minutes_apart", "correct", "withdraw", "restore", "mode", "under", "generation", "special",
    "forget",
})  # fmt: skip


class Control:
    """Reads orders, changes the state, reports.

    Orders: `publish` n (with `category` and `minutes_apart`), `correct` true or a number, `withdraw` a number,
    `restore` the number of one that was withdrawn, `mode` (with `under`, a path), `generation` 1 or 2, `special` a list
    of names, `forget` true (counters of requests).
    """

    def __init__(self, newsroom: Newsroom, state: PortalState, clock: Callable[[], datetime]) -> None:
        self._newsroom, self._state, self._clock = newsroom, state, clock

    def join(self, app: Flask) -> None:
        """Adds the route."""
        app.add_url_rule("/__control", "control", self.answer, methods=["GET", "POST"])

    def answer(self) -> Response:
        """The report after the orders were carried out; 400 with the reason when one of them is wrong."""
        if request.method == "GET":
            return jsonify(self.report())
        orders = request.get_json()
        try:
            done = self.carry_out(orders)
        except (ValueError, TypeError, AttributeError) as error:
            return make_response(jsonify({"error": str(error)}), 400)
        return jsonify({**self.report(), "done": done})

    def carry_out(self, orders: dict[str, Any]) -> list[dict[str, Any]]:
        """Changes the state as `orders` say and returns the articles concerned. Raises ValueError for a wrong order."""
        if not orders.keys() <= _WORDS:
            raise ValueError(f"an object with some of {', '.join(sorted(_WORDS))} is expected")
        self._switch(orders)
        done = []
        if orders.get("publish"):
            done += self._publish(int(orders["publish"]), orders.get("category"), float(orders.get("minutes_apart", 0)))
        if orders.get("correct"):
            done.append(self._correct(orders["correct"]))
        if orders.get("withdraw"):
            done.append(self._found(orders["withdraw"]))
            self._state.withdraw(done[-1].number)
        if orders.get("restore"):
            done.append(self._restored(orders["restore"]))
        return [self._described(article) for article in done]

    def report(self) -> dict[str, Any]:
        """Articles shown, with both addresses, and the counters of requests."""
        state = self._state
        return {
            "mode": state.mode,
            "under": state.under,
            "generation": state.generation,
            "specials": sorted(state.specials),
            "reserve_left": RESERVE_SIZE - len(state.releases),
            "articles": [self._described(article) for article in self._newsroom.articles()],
            "videos": [f"/video/{video.slug}-{video.number}" for video in self._newsroom.videos],
            "albums": [f"/thu-vien-anh/{album.slug}-{album.number}" for album in self._newsroom.albums],
            "documents": [f"/van-ban/{document.slug}-{document.number}" for document in self._newsroom.documents],
            **state.traffic(),
        }

    def _switch(self, orders: dict[str, Any]) -> None:
        mode, generation = str(orders.get("mode", self._state.mode)), orders.get("generation", self._state.generation)
        specials = frozenset(orders.get("special", self._state.specials))
        category = orders.get("category")
        if mode not in MODES or generation not in {1, 2} or not specials <= frozenset(SPECIALS):
            raise ValueError(f"mode is one of {', '.join(MODES)}; generation 1 or 2; special of {', '.join(SPECIALS)}")
        if category not in {None, *(one.slug for one in CATEGORIES)}:
            raise ValueError(f"there is no category {category!r}")
        if "mode" in orders:
            self._state.switch(mode, str(orders.get("under", "/")))
        if generation != self._state.generation:
            self._state.use_generation(generation)
        if specials != self._state.specials:
            self._state.show_specials(specials)
        if orders.get("forget"):
            self._state.forget_traffic()

    def _publish(self, count: int, category: str | None, minutes_apart: float) -> list[Article]:
        apart = timedelta(minutes=minutes_apart)
        releases = self._newsroom.next_releases(count, category, clocked(self._clock), apart)
        known = {article.number for article in self._newsroom.articles()}
        self._state.release(releases)
        return [article for article in self._newsroom.articles() if article.number not in known]

    def _correct(self, which: bool | int) -> Article:  # noqa: FBT001 - JSON: true means any one
        article = self._newest_uncorrected() if which is True else self._found(which)
        self._state.correct(article.number, clocked(self._clock))
        return self._found(article.number)

    def _newest_uncorrected(self) -> Article:
        for article in self._newsroom.articles():
            if article.corrected is None and article.dated and article.title:
                return article
        raise ValueError("every article was corrected already")

    def _found(self, number: int) -> Article:
        article = self._newsroom.article(number)
        if article is None:
            raise ValueError(f"there is no article {number}")
        return article

    def _restored(self, number: int) -> Article:
        withdrawn = self._newsroom.withdrawn(number)
        if withdrawn is None:
            raise ValueError(f"no article {number} was withdrawn")
        self._state.restore(withdrawn.number)
        return self._found(withdrawn.number)

    def _described(self, article: Article) -> dict[str, Any]:
        return {
            "number": article.number,
            "old_number": article.old_number,
            "category": article.category,
            "title": article.title,
            "published": article.published.isoformat() if article.dated else None,
            "byline": article.byline,
            "lead": article.lead,
            "pictures": [asdict(picture) for picture in article.pictures],
            "attachments": [f"/media/van-ban/{attachment.key}.pdf" for attachment in article.attachments],
            "corrected": article.corrected.isoformat() if article.corrected else None,
            "addresses": [self._newsroom.address(article, generation) for generation in (1, 2)],
        }
