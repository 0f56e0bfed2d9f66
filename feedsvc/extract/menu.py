"""Which links of a page may lead to categories: those of its menus, and the captions of its blocks (reading.md 3).

Nothing is fetched here: what a link leads to is found out by trying (`feedsvc.discovery`). The order tells which to try
first where there are more than may be tried.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from feedsvc.extract.clean import clean_title
from feedsvc.extract.identity import folded
from feedsvc.extract.links import is_file, is_home, shape_of, squeezed
from feedsvc.extract.marks import class_words
from feedsvc.extract.wording import ALL, BULLET, CUT, GENERIC, SERVICE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from feedsvc.extract.links import Link
    from feedsvc.extract.marks import Marks
    from feedsvc.model import Stub

_LONGEST_NAME: Final = 9  # words of a category's name; headlines are longer
_FEWEST_IN_MENU: Final = 4  # links of a box that is a menu though no class or tag says so
_LONG_NUMBER: Final = re.compile(r"\d{4}")
_HEADLINE: Final = 7  # words from which on a link is a headline rather than a name
_FEWEST_HEADLINES: Final = 3
_MOST: Final = 0.8  # of the candidates, for a path below which all of the portal stands
_MANY: Final = 0.3  # of the lines of a list, for a form of address that is no chance
_MENU_LEVELS: Final = 5  # ancestors that may be such a box
_CAPTION_LEVELS: Final = 3  # ancestors that may say that a link is a caption
_CAPTION_WORDS: Final = frozenset({"title", "heading", "caption", "head", "cate", "category", "tieude", "label"})
_FOOTER_WORDS: Final = frozenset({"footer", "foot", "bottom", "copyright"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend"})
_MENU_TAGS: Final = frozenset({"nav"})
_MENU_WORDS: Final = frozenset({
    "nav", "navbar", "navigation", "menu", "mainmenu", "topmenu", "submenu", "megamenu", "dropdown",
})  # fmt: skip
_TRAIL: Final = frozenset({"breadcrumb", "breadcrumbs", "pager", "pagination", "paging", "tags", "tagcloud"})
_NO_NAME: Final = re.compile(r"[\W\d_]*")  # "2" and "»" of a pager
_NO_PATH: Final = re.compile(r"/(?:tags?|tu-khoa|author|tac-gia|page|archives?)/|-tag\d+", re.IGNORECASE)
_FILE_NAME: Final = re.compile(r"\.(?:jpe?g|png|gif|webp|svg)\s*$", re.IGNORECASE)  # an alt text that says nothing
_COUNT: Final = re.compile(r"\s*[(\[]\d+[)\]]\s*$")  # "Tin tức (12)"
_ARROW: Final = re.compile(r"[\s»›>▾▼▸►▶⌄+|]+$")
_ENDING: Final = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)

# What portals call the pages that are no lists of news: who they are, how they are reached, what can be done there.
NO_CATEGORY: Final = re.compile(
    r"(?:về )?trang (?:chủ|đầu|nhất)|home(?: ?page)?|đầu trang|lên đầu trang|top|quay lại|trở về|back"
    r"|trang (?:trước|sau|tiếp|cuối)|tiếp|sau|trước|đầu|cuối|next|last|first|prev.*|xem (?:thêm|tiếp)"
    r"|in(?: trang)?|chia sẻ.*"
    r"|giới thiệu(?: chung)?|about(?: us)?|tổng quan|lịch sử hình thành.*|điều kiện tự nhiên.*"
    r"|(?:sơ đồ )?(?:cơ cấu )?(?:tổ chức|bộ máy)(?: bộ máy| hành chính| các cơ quan.*)?"
    r"|chức năng(?: và)?(?: nhiệm vụ)?.*|(?:ban |thường trực )?lãnh đạo(?: .*)?|danh bạ.*"
    r"|liên hệ.*|thông tin liên hệ|contact(?: us)?|đường dây nóng"
    r"|thư điện tử|hộp thư.*|hòm thư.*|(?:web ?|e?)mail"
    r"|sơ đồ (?:cổng|trang|web|site).*|site ?map|liên kết.*|links?|rss.*|feeds?|trợ giúp|help|hướng dẫn sử dụng"
    r"|đăng (?:nhập|ký|xuất).*|log ?(?:in|out)|sign ?(?:in|up)|register|tài khoản.*|quên mật khẩu"
    r"|tìm kiếm.*|tra cứu.*|search.*|dịch vụ công.*|một cửa.*|thống kê truy cập|lượt truy cập"
    r"|hỏi đáp.*|hỏi và đáp|(?:đặt|gửi) câu hỏi|góp ý.*|ý kiến công dân|phản ánh.*|kiến nghị.*"
    r"|bình chọn|thăm dò.*|khảo sát.*|facebook|zalo|youtube|twitter|tiktok"
    r"|tiếng \w+|ti[eế]ng vi[eệ]t|english|vietnamese|việt nam|français|中文|日本語|한국어|русский|[a-z]{2}"
    r"|bản quyền|điều khoản.*|chính sách (?:bảo mật|riêng tư)|privacy.*|terms.*",
    re.IGNORECASE,
)
# Words with which the names of categories begin or end; a link of one of these names is tried before others.
_LIKELY: Final = re.compile(
    r"\b(?:tin|bài viết|thông báo|sự kiện|hoạt động|văn bản|video|phim|ảnh|album|thư viện|multimedia|truyền hình"
    r"|kinh tế|xã hội|văn hóa|du lịch|chính trị|pháp luật|giáo dục|y tế|thể thao|an ninh|chuyên (?:mục|đề|trang)"
    r"|news|events?|gallery|documents?|press)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A link that may lead to a category: its name as the page has it, "" where it shows none, and its address.

    `weight` is the higher the more speaks for a category; `below` tells that news of the page stand under its address.
    """

    title: str
    url: str
    weight: float
    below: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    """One place at which the page links to an address."""

    title: str
    order: int
    weight: float
    in_menu: bool


def category_links(links: Sequence[Link], marks: Marks, items: Collection[str], host: str) -> tuple[MenuLink, ...]:
    """Return the links that may lead to categories of the portal on `host`, in the order in which the page has them.

    `items` are the addresses of the news that the page shows, and of its further pages: they are none.
    """
    boxes = _menu_boxes(links, frozenset(items))
    places: dict[str, list[tuple[Link, _Seen]]] = {}
    for link in links:
        if link.url not in items and _is_own_page(link, host):
            places.setdefault(link.key, []).append((link, _seen(link, marks, boxes)))
    stems = _stems(items)
    shapes = {shape_of(url) for url in items} | _headline_shapes(links)
    found = (_joined([seen for _, seen in some], some[0][0], stems, shapes) for some in places.values())
    kept = [(order, one) for order, one in filter(None, found) if one.weight > 0]
    folders = _folders([path_of(one.url) for _, one in kept])
    return tuple(one for _, one in sorted(kept, key=lambda pair: pair[0]) if not _is_inside(one, folders))


def _headline_shapes(links: Sequence[Link]) -> frozenset[tuple[object, ...]]:
    """Return the forms of address that several headlines of the page have: those of articles, listed or not."""
    told = {link.key: shape_of(link.url) for link in links if len(link.text.split()) >= _HEADLINE}
    return frozenset(shape for shape, count in Counter(told.values()).items() if count >= _FEWEST_HEADLINES)


def sure_news(stubs: Sequence[Stub]) -> frozenset[str]:
    """Return the addresses of the lines that are news without doubt: dated, or of a form that many lines have.

    In a home page made of tables the captions of its blocks can look like lines of one long list.
    """
    shapes = Counter(shape_of(stub.url) for stub in stubs)
    enough = len(stubs) * _MANY
    return frozenset(stub.url for stub in stubs if stub.published or shapes[shape_of(stub.url)] >= enough)


def path_of(url: str) -> str:
    """Return the path of an address without slashes around and ending: `tin-tuc` for `/tin-tuc.html`."""
    return _ENDING.sub("", urlsplit(url).path.strip("/")).casefold()


def _folders(paths: Sequence[str]) -> frozenset[str]:
    """Return the paths below which others may stand; not the one below which most do: that is the portal's own."""
    inside = {path: sum(other.startswith(f"{path}/") for other in paths) for path in set(paths) if path}
    return frozenset(path for path, count in inside.items() if count < len(paths) * _MOST)


def _is_inside(link: MenuLink, folders: Collection[str]) -> bool:
    """Tell an album or a film that a side block names: a numbered page below the address of another candidate."""
    path = path_of(link.url)
    _, folders_above, _, _, has_number, _ = shape_of(link.url)
    is_numbered = bool(has_number) or "N" in str(folders_above)
    return is_numbered and not link.below and any(path.startswith(f"{folder}/") for folder in folders)


def name_of(link: Link) -> str:
    """Return the name that a link shows, else that of its title or picture; without bullets, arrows and counts."""
    pictures = (picture.get("alt") for picture in link.element.iter("img"))
    shown = (link.text, link.element.get("title"), *pictures)
    name = next((squeezed(text) for text in shown if text and text.strip() and not _FILE_NAME.search(text)), "")
    return clean_title(_COUNT.sub("", _ARROW.sub("", BULLET.sub("", name))))


def is_no_category(name: str) -> bool:
    """Tell whether a page of this name is something else than a list of news: home, contact, login, search ..."""
    return bool(NO_CATEGORY.fullmatch(name) or SERVICE.fullmatch(name))


def _is_own_page(link: Link, host: str) -> bool:
    parts = urlsplit(link.url)
    is_language = bool(link.element.get("hreflang")) or "lang=" in parts.query
    is_other = (
        is_home(link.url) or is_file(link.url) or _NO_PATH.search(parts.path) or _NO_NAME.fullmatch(name_of(link))
    )
    return bare(parts.netloc) == host and not is_other and not is_language


def bare(host: str) -> str:
    """Return a host without `www.`: both are one portal."""
    return host.casefold().removeprefix("www.")


def _seen(link: Link, marks: Marks, boxes: frozenset[Any]) -> _Seen:
    title = name_of(link)
    around = link.path[-1 - _CAPTION_LEVELS :]
    is_chrome = marks.chrome(link.path[:-1])
    above = {word for element in link.path for word in class_words(element)} if is_chrome else set()
    tags = {element.tag for element in link.path} if is_chrome else set()
    in_menu = not (boxes.isdisjoint(link.path) and _MENU_WORDS.isdisjoint(above) and _MENU_TAGS.isdisjoint(tags))
    is_more = bool(ALL.fullmatch(title) or GENERIC.fullmatch(title))
    is_caption = any(
        element.tag in _HEADINGS or not _CAPTION_WORDS.isdisjoint(class_words(element)) for element in around
    )
    weight = 2.0 if in_menu else 0.5 if is_chrome else 0.0
    if is_more or is_caption:
        weight = max(weight, 1.0 if is_more else 2.0)
    if not _FOOTER_WORDS.isdisjoint(above) or "footer" in tags:
        weight -= 1.5
    if not _TRAIL.isdisjoint(above):
        weight -= 2.0
    return _Seen("" if is_more else title, link.order, weight, in_menu)


def _menu_boxes(links: Sequence[Link], items: frozenset[str]) -> frozenset[Any]:
    """Return the elements that hold several short names and no news: menus of pages that have no classes.

    Hand-made portals write their menus as table cells, paragraphs or bare lists.
    """
    counts: Counter[Any] = Counter()
    spoilt: set[Any] = set()
    for link in links:
        ancestors = link.path[-1 - _MENU_LEVELS : -1]
        if link.url in items or len(link.text.split()) > _LONGEST_NAME:
            spoilt.update(link.path)
        elif link.text:
            counts.update(element for element in ancestors if element.tag not in {"body", "html"})
    return frozenset(element for element, count in counts.items() if count >= _FEWEST_IN_MENU and element not in spoilt)


def _stems(items: Collection[str]) -> frozenset[str]:
    """Return the folders under which the news stand: `/tin-tuc` and `/a/tin-tuc` for `/a/tin-tuc/x.html`."""
    stems: set[str] = set()
    for url in items:
        segments = [segment for segment in urlsplit(url).path.split("/") if segment]
        stems.update("/".join(segments[:length]).casefold() for length in range(1, len(segments)))
    return frozenset(stems)


def _joined(
    places: Sequence[_Seen], link: Link, stems: Collection[str], shapes: Collection[tuple[object, ...]]
) -> tuple[int, MenuLink] | None:
    """Put the places of one address together; None where a name says that it is no category.

    The name in a menu goes before that of a caption: it is how the portal calls the category everywhere.
    """
    named = sorted((seen for seen in places if seen.title), key=lambda seen: (not seen.in_menu, seen.order))
    title = next((seen.title for seen in named if not CUT.search(seen.title)), "")
    if len(title.split()) > _LONGEST_NAME or any(is_no_category(seen.title) for seen in named):
        return None
    weight = max(seen.weight for seen in places)
    stem = path_of(link.url)
    below = stem in stems and not urlsplit(link.url).query
    weight += 3.0 if below else 0.0
    weight += 1.0 if _LIKELY.search(title) else 0.0
    is_like_news = shape_of(link.url) in shapes and not below
    if is_like_news and len(title.split()) >= _HEADLINE:
        return None
    if not title and (is_like_news or _LONG_NUMBER.search(link.url)) and not below:  # "Chi tiết", or a mere picture
        return None
    weight -= 1.0 if is_like_news else 0.0  # a short headline more likely
    first = min(seen.order for seen in places if seen.in_menu) if any(seen.in_menu for seen in places) else link.order
    return first, MenuLink(title, link.url, weight, below)


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are one but for case, marks of punctuation and spaces."""
    return folded(one) == folded(other)
