"""The pages for people: home, lists, articles, videos, albums, legal documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, abort, make_response, render_template, request

from feedsvc.demo import postback, wording
from feedsvc.demo.content import CATEGORIES, ZONE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from flask import Flask

    from feedsvc.demo.content import Album, Category, LegalDocument, Video
    from feedsvc.demo.newsroom import Newsroom
    from feedsvc.demo.state import PortalState

PAGE_SIZE = 10
_LINKED, _POSTED = "tin-tuc", "kinh-te-xa-hoi"
_BLOCK = 5
_OTHER_NEWS, _SIDE_VIDEOS = 6, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page of something long: what it shows, its number, how many pages there are, the numbers its pager shows."""

    items: Sequence[Any]
    page: int
    last: int

    @property
    def numbers(self) -> tuple[int, ...]:
        """The block of five numbers around this page."""
        first = (self.page - 1) // _BLOCK * _BLOCK + 1
        return tuple(range(first, min(first + _BLOCK, self.last + 1)))

    @property
    def links(self) -> tuple[int, ...]:
        """The numbers that can be gone to from here: those shown, and the next one beyond."""
        shown = {*self.numbers, self.page + 1} - {self.page}
        if self.numbers[-1] < self.last:
            shown.add(self.numbers[-1] + 1)
        return tuple(sorted(number for number in shown if number <= self.last))


def section(items: Sequence[Any], page: int, size: int) -> Section | None:
    """Page `page` (from 1) of `items`, `size` a page, or None when there is no such page; an empty list has page 1."""
    last = max((len(items) + size - 1) // size, 1)
    if not 1 <= page <= last:
        return None
    return Section(items=items[(page - 1) * size : page * size], page=page, last=last)


class Pages:
    """All views; each finds, renders, answers."""

    def __init__(self, newsroom: Newsroom, state: PortalState, clock: Callable[[], datetime], secret: bytes) -> None:
        self._newsroom, self._state, self._clock, self._secret = newsroom, state, clock, secret

    def join(self, app: Flask, categories: Sequence[str]) -> None:
        """Adds the routes."""
        news = f"/<any({', '.join(repr(slug) for slug in categories)}):category>"
        for rule, name, view, methods in (
            ("/", "home", self.home, ["GET"]),
            (news, "news", self.news, ["GET", "POST"]),
            (f"{news}/trang-<int:page>.html", "news_page", self.news, ["GET"]),
            (f"{news}/<name>", "article", self.article, ["GET"]),
            ("/1227/<int:menu>/54439/<int:number>/<category>/<name>", "old_article", self.old_article, ["GET"]),
            ("/video", "videos", self.videos, ["GET"]),
            ("/video/<name>", "video", self.video, ["GET"]),
            ("/thu-vien-anh", "albums", self.albums, ["GET"]),
            ("/thu-vien-anh/<name>", "album", self.album, ["GET"]),
            ("/van-ban", "documents", self.documents, ["GET"]),
            ("/van-ban/<name>", "document", self.document, ["GET"]),
            ("/gioi-thieu", "about", self.about, ["GET"]),
            ("/lien-he", "contact", self.contact, ["GET"]),
            ("/dang-nhap", "login", self.login, ["GET", "POST"]),
            ("/quan-tri", "admin", self.login, ["GET"]),
        ):
            app.add_url_rule(rule, name, view, methods=methods)
        app.register_error_handler(404, self.missing)

    def home(self) -> Response:
        """The newest of every category, the newest videos and albums."""
        newest = [(category, self._shown(self._newsroom.articles(category.slug))[:5]) for category in CATEGORIES]
        return self._page("home", title="Trang chủ", newest=newest, lead=self._shown(self._newsroom.articles())[:4])

    def news(self, category: str, page: int = 1) -> Response:
        """A list of articles; its pager is links, a postback, or a query, by category."""
        found = next(one for one in CATEGORIES if one.slug == category)
        if request.method == "POST":
            return self._posted(found)
        if self._look() == "redesign":
            page = request.args.get("page", type=int, default=1)
        elif category not in {_LINKED, _POSTED}:
            page = request.args.get("PageIndex", type=int, default=1)
        return self._list(found, page)

    def article(self, category: str, name: str) -> Response:
        """An article at its new address; the words before the number do not matter."""
        return self._article(category, _number(name))

    def old_article(self, menu: int, number: int, category: str, name: str) -> Response:  # noqa: ARG002 - the rule's
        """An article at its old address."""
        return self._article(category, number)

    def videos(self) -> Response:
        """The list of videos."""
        return self._long("videos", "Danh sách video", self._newsroom.videos)

    def albums(self) -> Response:
        """The list of photo albums."""
        return self._long("albums", "Thư viện ảnh", self._newsroom.albums)

    def documents(self) -> Response:
        """The table of legal documents."""
        return self._long("documents", "Văn bản pháp luật", self._newsroom.documents)

    def video(self, name: str) -> Response:
        """One video with its player."""
        return self._one("video", self._newsroom.videos, name)

    def album(self, name: str) -> Response:
        """One album with all its pictures."""
        return self._one("album", self._newsroom.albums, name)

    def document(self, name: str) -> Response:
        """One legal document with its properties and file."""
        return self._one("document", self._newsroom.documents, name)

    def about(self) -> Response:
        """What the town is."""
        return self._page("about", title="Giới thiệu")

    def contact(self) -> Response:
        """Whom to write to."""
        return self._page("contact", title="Liên hệ")

    def login(self) -> Response:
        """The login page; nobody ever gets in."""
        return self._page("login", title="Đăng nhập", failed=request.method == "POST")

    def missing(self, _error: Exception) -> Response:
        """The page for addresses that lead nowhere."""
        response = self._page("missing", title="Không tìm thấy trang")
        response.status_code = 404
        return response

    def _look(self) -> str:
        return "redesign" if self._state.mode_at(request.path) == "redesign" else "classic"

    def _shown(self, items: Sequence[Any]) -> Sequence[Any]:
        mode = self._state.mode_at(request.path)
        return {"empty": items[:0], "short": items[:2]}.get(mode, items)

    def _list(self, category: Category, page: int) -> Response:
        shown = section(self._shown(self._newsroom.articles(category.slug)), page, PAGE_SIZE)
        if shown is None:
            abort(404)
        if category.slug != _POSTED or self._look() == "redesign":
            return self._page("list", title=category.title, category=category, section=shown)
        serial = self._state.visits + 1
        view, events = postback.seal(postback.PageState(page=page, links=shown.links, serial=serial), self._secret)
        response = self._page(
            "list", title=category.title, category=category, section=shown, viewstate=view, eventvalidation=events
        )
        response.set_cookie(postback.COOKIE, str(serial), path=f"/{category.slug}", httponly=True, samesite="Lax")
        return response

    def _posted(self, category: Category) -> Response:
        if not request.form.get("__EVENTTARGET"):
            return self._page("login", title="Đăng nhập", failed=True)
        try:
            page = postback.turn(request.form, request.cookies.get(postback.COOKIE), self._secret)
        except postback.RefusedError as error:
            return make_response(render_template("fault.html", title=f"Server Error: {error}", form=None), 500)
        return self._list(category, page)

    def _article(self, category: str, number: int) -> Response:
        article = self._newsroom.article(number)
        if article is None or article.category != category:
            abort(404)
        others = [one for one in self._newsroom.articles(category) if one.number != article.number]
        page = request.args.get("tk", type=int, default=1)
        return self._page(
            "article",
            title=article.title or "Cổng thông tin điện tử thị xã Mường Sương",
            article=article,
            category=next(one for one in CATEGORIES if one.slug == category),
            others=section(others, page, _OTHER_NEWS) or section(others, 1, _OTHER_NEWS),
        )

    def _long(self, template: str, title: str, items: Sequence[Video | Album | LegalDocument]) -> Response:
        shown = section(self._shown(items), request.args.get("page", type=int, default=1), PAGE_SIZE)
        if shown is None:
            abort(404)
        return self._page(template, title=title, section=shown)

    def _one(self, template: str, items: Sequence[Video | Album | LegalDocument], name: str) -> Response:
        found = next((item for item in items if item.number == _number(name)), None)
        if found is None:
            abort(404)
        title = getattr(found, "title", None) or getattr(found, "abstract", "")
        return self._page(template, title=title, item=found, items=items)

    def _page(self, template: str, **values: Any) -> Response:
        visit, now = self._state.visit(), self._clock().astimezone(ZONE)
        side = section(self._newsroom.videos, request.args.get("v", type=int, default=1), _SIDE_VIDEOS)
        body = render_template(
            f"{self._look()}/{template}.html",
            **values,
            address=self._newsroom.address,
            categories=CATEGORIES,
            path=request.path,
            now=now,
            side_videos=side or section(self._newsroom.videos, 1, _SIDE_VIDEOS),
            side_albums=self._newsroom.albums[:3],
            visit=visit,
            words=wording,
            pager=postback,
        )
        return Response(body, mimetype="text/html", headers={"Cache-Control": "private"})


def _number(name: str) -> int:
    found = re.search(r"-(\d{1,9})$", name)
    return int(found[1]) if found else -1
