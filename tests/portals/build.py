"""A layout and a seed to a whole portal: its pages, drawn when they are asked for, and the truth about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from portals import files
from portals.families import FAMILIES
from portals.layout import Layout
from portals.newsroom import AGENCIES, Desk, Story, newsroom, slug
from portals.truth import Answer, Article, Fields, Line, ListPage, Portal, Section, local_day

from feedsvc.model import VIETNAM

NOW = datetime(2026, 11, 23, 10, 5, tzinfo=VIETNAM)
STATICS = {
    "gioi-thieu": "Giới thiệu chung",
    "co-cau-to-chuc": "Cơ cấu tổ chức",
    "lanh-dao-qua-cac-thoi-ky": "Lãnh đạo qua các thời kỳ",
    "dieu-kien-tu-nhien": "Điều kiện tự nhiên",
    "hoi-dap-phap-luat": "Hỏi đáp pháp luật",
    "so-do-cong": "Sơ đồ cổng",
    "lien-he": "Liên hệ",
    "dang-nhap": "Đăng nhập",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Route:
    view: str
    desk: Desk | None = None
    story: Story | None = None
    number: int = 1
    static: str = ""


def build(name: str, seed: int, *, home: str = "", now: datetime = NOW, scale: float = 1.0) -> Portal:
    """The portal of a family for a seed, at `home` (with a slash at its end). Equal arguments give equal bytes.

    `scale` 1 gives about 200 to 300 pages, 0.4 about half of them.
    """
    room = newsroom(seed, name, now, scale)
    base = home or f"http://www.{slug(room.town.name)}.example/"
    layout = FAMILIES[name](room, base, now, Random(f"layout-{name}-{seed}"))
    routes = _routes(layout)
    return Portal(
        layout=name,
        seed=seed,
        title=room.name,
        home=base,
        now=now,
        sections=tuple(_section(layout, desk) for desk in room.desks),
        articles={
            one.url: one for desk in room.desks for story in desk.stories if (one := _article(layout, desk, story))
        },
        boilerplate=layout.boilerplate(),
        respond=_responder(layout, routes),
    )


def _absolute(layout: Layout, path: str | None) -> str:
    """An address as a browser would ask for it."""
    return quote(urljoin(layout.home, path or ""), safe="/:?&=#%+,;@!$'()*~[]")


def _routes(layout: Layout) -> dict[str, _Route]:
    routes = {"/": _Route(view="home")}
    for desk in layout.room.desks:
        for number in range(1, desk.pages + 1):
            routes.setdefault(_key(layout.list_path(desk, number)), _Route(view="list", desk=desk, number=number))
        for path in layout.aliases(desk):
            routes[_key(path)] = _Route(view="list", desk=desk)
        for story in desk.stories:
            routes[_key(layout.story_path(desk, story))] = _Route(view="story", desk=desk, story=story)
            for number in range(2, layout.parts(story) + 1):
                further = _key(layout.further_path(desk, story, number))
                routes[further] = _Route(view="story", desk=desk, story=story, number=number)
    for one in STATICS:
        routes[_key(layout.static_path(one))] = _Route(view="static", static=one)
    return routes


def _key(path: str) -> str:
    """An address however it is written: encoded or not, its query in any order."""
    parts = urlsplit("/" + path.removeprefix("/"))
    query = sorted((name, value.strip()) for name, value in parse_qsl(parts.query, keep_blank_values=True))
    return f"{unquote(parts.path).rstrip('/') or '/'}?{query}" if query else unquote(parts.path).rstrip("/") or "/"


def _responder(layout: Layout, routes: Mapping[str, _Route]) -> Callable[[str, Fields | None], Answer]:
    template = _template(layout.name)

    def respond(path: str, fields: Fields | None = None) -> Answer:
        route = routes.get(_key(path))
        if fields is not None:
            asked = layout.posted(path, fields)
            route = _Route(view="list", desk=asked[0], number=asked[1]) if asked else None
        if route is None:
            return files.answer(path) or Answer(body=_missing(layout), status=404)
        return Answer(
            body=layout.encode(layout.finish(_draw(template, layout, route, path))), content_type=layout.content_type
        )

    return respond


def _draw(template: Template, layout: Layout, route: _Route, path: str) -> str:
    return template.render(
        at=layout,
        room=layout.room,
        town=layout.room.town,
        now=layout.now,
        agencies=AGENCIES,
        statics=STATICS,
        count=layout.counters(path),
        path=path,
        view=route.view,
        desk=route.desk,
        story=route.story,
        number=route.number,
        static=route.static,
        heading=_heading(layout, route),
    )


def _heading(layout: Layout, route: _Route) -> str:
    if route.story is not None:
        return route.story.title
    if route.desk is not None:
        return route.desk.name
    return STATICS.get(route.static) or layout.room.name


def _missing(layout: Layout) -> bytes:
    return f"<!DOCTYPE html><title>{layout.room.name}</title><p>Không tìm thấy trang</p>".encode()


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


@cache
def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.html")


# The truth -----------------------------------------------------------------------------------------------------------


def _section(layout: Layout, desk: Desk) -> Section:
    pages = tuple(_list_page(layout, desk, number) for number in range(1, desk.pages + 1))
    return Section(slug=desk.slug, name=desk.name, url=pages[0].url, kind=desk.kind, pages=pages)


def _list_page(layout: Layout, desk: Desk, number: int) -> ListPage:
    last = number == desk.pages
    post = None if last else layout.next_post(desk, number + 1)
    return ListPage(
        url=_absolute(layout, layout.list_path(desk, number)),
        lines=tuple(_line(layout, desk, story) for story in desk.page(number)),
        next_url=None if last or post else _absolute(layout, layout.list_path(desk, number + 1)),
        next_post=post,
    )


def _line(layout: Layout, desk: Desk, story: Story) -> Line:
    thumb = layout.thumb_path(story)
    return Line(
        url=_absolute(layout, layout.story_path(desk, story)),
        title=story.title,
        day=local_day(story.published) if layout.list_day(desk, story.published) else None,
        image=_absolute(layout, thumb) if thumb else None,
        file=_absolute(layout, layout.file_path(story, 0)) if desk.kind == "documents" else None,
    )


def _article(layout: Layout, desk: Desk, story: Story) -> Article | None:
    if layout.story_path(desk, story) == layout.file_path(story, 0):
        return None
    pictures: Sequence[tuple[str, str]] = [
        (_absolute(layout, path), caption if path == row[-1] else "")
        for (_, caption), row in zip(story.captions, layout.rows(story), strict=True)
        for path in row
    ]
    return Article(
        url=_absolute(layout, layout.story_path(desk, story)),
        kind=desk.kind,
        is_parted=layout.parts(story) > 1,
        title=story.title,
        day=local_day(story.published),
        lead=layout.lead(story),
        paragraphs=story.paragraphs,
        authors=story.authors,
        pictures=tuple(pictures),
        films=tuple(_absolute(layout, layout.film_path(story)) for _ in range(story.films)),
        files=tuple(_absolute(layout, layout.file_path(story, number)) for number in range(len(story.files))),
    )
