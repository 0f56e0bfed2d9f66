"""The article's blocks as allowed HTML and as plain text: figures with captions, absolute addresses, nothing else.

The markup is built anew in BeautifulSoup from what was read, so that no wrapper, style or handler of the portal can
come along, and is sanitised after that all the same (safety.md 6).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from bs4 import BeautifulSoup

from feedsvc.extract.clean import clean_text, sanitise, xml_safe
from feedsvc.extract.films import film
from feedsvc.extract.flow import emphasis_of
from feedsvc.extract.page import absolute

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bs4 import Tag

    from feedsvc.extract.flow import Block
    from feedsvc.extract.page import Document
    from feedsvc.model import MediaObject

_LEVELS: Final = {1: "h2", 2: "h2", 3: "h3"}
_LISTS: Final = frozenset({"ul", "ol", "dl"})
_MOST_CLIMBED: Final = 12


def to_text(lead: str, blocks: Sequence[Block]) -> str:
    """Give the paragraphs of `blocks` parted by blank lines, `lead` first; a row of a table is one paragraph."""
    paragraphs = [lead] if lead else []
    for group in _groups([block for block in blocks if block.text]):
        if group[0].kind == "cell":
            paragraphs += [" ".join(cell.text for cell in row) for row in _rows(group)]
        else:
            paragraphs += [_preformatted(block) if block.kind == "pre" else block.text for block in group]
    return xml_safe("\n\n".join(paragraphs))


def to_html(
    lead: str,
    blocks: Sequence[Block],
    images: Mapping[int, MediaObject],
    films: Sequence[MediaObject],
    document: Document,
) -> str:
    """Give `blocks` as sanitised HTML.

    `images` are the pictures to show, by the place of their block; those of `films` that no block plays come last.
    """
    soup = BeautifulSoup("", "lxml")
    if lead:
        _add(soup, soup, "p").string = lead
    for group in _groups(blocks):
        if group[0].kind == "cell":
            _table(soup, group, document)
        elif group[0].kind == "item":
            _list(soup, group, document)
        else:
            for block in group:
                _block(soup, block, images, document)
    shown = str(soup) if any(one.kind == "video" for one in films) else ""
    has_file = any(one.mime == "video/mp4" for one in films)  # every browser plays it, the other forms only some
    for one in films:
        if one.kind == "video" and one.url not in shown and (one.player or one.mime == "video/mp4" or not has_file):
            _player(soup, one)
    return sanitise(str(soup))


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Put neighbours of one list or of one table together."""
    groups: list[list[Block]] = []
    last: Any = None
    for block in blocks:
        holder = _holder(block)
        if groups and holder is not None and holder is last:
            groups[-1].append(block)
        else:
            groups.append([block])
        last = holder
    return groups


def _holder(block: Block) -> Any:
    if block.kind == "cell":
        return block.cell[0] if block.cell else None
    return _list_of(block) if block.kind == "item" else None


def _list_of(block: Block) -> Any:
    element, climbed = block.owner, 0
    while element is not None and climbed < _MOST_CLIMBED:
        if element.tag in _LISTS:
            return element
        element, climbed = element.getparent(), climbed + 1
    return None


def _rows(group: list[Block]) -> list[list[Block]]:
    rows: dict[Any, list[Block]] = {}
    for block in group:
        rows.setdefault(block.cell[1] if block.cell else None, []).append(block)
    return list(rows.values())


def _add(soup: BeautifulSoup, parent: Tag, name: str, **attributes: str) -> Tag:
    tag = soup.new_tag(name, attrs=attributes)
    parent.append(tag)
    return tag


def _table(soup: BeautifulSoup, group: list[Block], document: Document) -> None:
    body = _add(soup, _add(soup, soup, "table"), "tbody")
    for row in _rows(group):
        line = _add(soup, body, "tr")
        for block in row:
            cell = block.cell[2] if block.cell else None
            spans = {
                name: cell.get(name)
                for name in ("colspan", "rowspan")
                if cell is not None and cell.get(name, "").isdigit()
            }
            _inline(soup, _add(soup, line, "td", **spans), block, document)


def _list(soup: BeautifulSoup, group: list[Block], document: Document) -> None:
    holder = _holder(group[0])
    whole = _add(soup, soup, "ol" if holder is not None and holder.tag == "ol" else "ul")
    for block in group:
        _inline(soup, _add(soup, whole, "li"), block, document)


def _block(soup: BeautifulSoup, block: Block, images: Mapping[int, MediaObject], document: Document) -> None:
    if block.kind == "picture":
        if block.place in images:
            _figure(soup, images[block.place])
    elif block.kind == "film":
        _film(soup, block, document)
    elif block.kind == "pre":
        _add(soup, soup, "pre").string = _preformatted(block)
    elif block.kind == "quote":
        _inline(soup, _add(soup, _add(soup, soup, "blockquote"), "p"), block, document)
    else:
        name = _LEVELS.get(block.level, "h4") if block.kind == "heading" else "p"
        _inline(soup, _add(soup, soup, name), block, document)


def _figure(soup: BeautifulSoup, image: MediaObject) -> None:
    figure = _add(soup, soup, "figure")
    sizes = {name: str(value) for name, value in (("width", image.width), ("height", image.height)) if value}
    _add(soup, figure, "img", src=image.url, alt=image.caption, **sizes)
    if image.caption:
        _add(soup, figure, "figcaption").string = image.caption


def _film(soup: BeautifulSoup, block: Block, document: Document) -> None:
    """A file plays in place; a foreign player becomes a picture and a plain link, never a frame."""
    element = block.element
    sources = [element.get("src"), element.get("data-src"), *(source.get("src") for source in element.iter("source"))]
    one = next(
        (found for source in sources if source and (url := absolute(document, source)) and (found := film(url))), None
    )
    if one is not None:
        poster = absolute(document, element.get("poster")) if element.get("poster") else None
        _player(soup, replace(one, thumbnail=one.thumbnail or poster))


def _player(soup: BeautifulSoup, one: MediaObject) -> None:
    if one.player:
        link = _add(soup, _add(soup, soup, "p"), "a", href=one.url)
        if one.thumbnail:
            _add(soup, link, "img", src=one.thumbnail, alt="")
        link.append(one.title or one.url)
    elif one.kind == "video":
        _add(soup, soup, "video", src=one.url, controls="", **({"poster": one.thumbnail} if one.thumbnail else {}))
    else:
        _add(soup, _add(soup, soup, "p"), "a", href=one.url).string = one.title or one.url


def _inline(soup: BeautifulSoup, parent: Tag, block: Block, document: Document) -> None:
    """Write the pieces of `block` with their links and emphasis; white space as `clean_text` has it."""
    opened: list[tuple[Any, Tag]] = []
    spaced = True
    last = max(place for place, (piece, _) in enumerate(block.pieces) if piece.strip())
    for place, (piece, chain) in enumerate(block.pieces[: last + 1]):
        words = clean_text(piece)
        text = (
            (" " if piece[:1].isspace() and not spaced else "")
            + words
            + (" " if words and piece[-1:].isspace() and place < last else "")
        )
        if not text:
            continue
        spaced = text.endswith(" ")
        same = 0
        while same < min(len(opened), len(chain)) and opened[same][0] is chain[same]:
            same += 1
        del opened[same:]
        for element in chain[same:]:
            opened.append((element, _open(soup, opened[-1][1] if opened else parent, element, document)))
        (opened[-1][1] if opened else parent).append(text)


def _open(soup: BeautifulSoup, parent: Tag, element: Any, document: Document) -> Tag:
    if element.tag == "span":
        emphasis = emphasis_of(element.get("style") or "")
        inner = _add(soup, parent, "strong") if "b" in emphasis else parent
        return _add(soup, inner, "em") if "i" in emphasis else inner
    if element.tag != "a":
        return _add(soup, parent, element.tag)
    url = absolute(document, element.get("href") or "")
    return _add(soup, parent, "a", href=url) if url else _add(soup, parent, "span")


def _preformatted(block: Block) -> str:
    return xml_safe("".join(piece for piece, _ in block.pieces)).strip("\n")
