"""A page as the flat sequence that a person reads: paragraphs, headings, list lines and pictures in document order.

One walk over the tree, without recursion, gives everything that finding the body, its captions, its byline and its
tail needs: what each block says, how much of it is links, and whether it stands in a part of the page that is not the
article (menus, comments, share buttons).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Literal

from lxml import etree

from feedsvc.extract.clean import clean_text
from feedsvc.extract.places import is_body, is_caption, is_chrome, is_comment, is_hidden, words_of
from feedsvc.extract.title import title_element

Kind = Literal["text", "heading", "item", "quote", "pre", "cell", "picture", "film"]

_INLINE: Final = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr", "picture", "source", "amp-img", "bold", "italic", "meter", "output",
})  # fmt: skip
_UNREAD: Final = frozenset({
    "script", "style", "noscript", "template", "head", "svg", "math", "select", "textarea", "button", "input",
    "canvas", "map", "datalist", "dialog", "noembed", "noframes", "title",
})  # fmt: skip
_PLAIN: Final = frozenset({"span", "font", "small", "big", "label", "time", "nobr", "wbr"})
_BOLD: Final = re.compile(r"font(?:-weight)?\s*:[^;]*\b(?:bold(?:er)?|[6-9]00)\b", re.IGNORECASE)
_ITALIC: Final = re.compile(r"font(?:-style)?\s*:[^;]*\bitalic\b", re.IGNORECASE)
_KEPT_MARKUP: Final = frozenset({"a", "b", "strong", "i", "em", "u", "sub", "sup", "code"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FILMS: Final = frozenset({"video", "iframe", "audio", "object", "embed"})
_MEDIA: Final = _FILMS | {"img", "amp-img"}
_SENTENCE_END: Final = re.compile(r"[.!?…:;”\"’)。！？」]\s*$")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff]")
_LONG_LINE: Final = 60
_MOST_INLINE: Final = 8
_FEWEST_CELLS: Final = 4
_ONE_EACH: Final = 0.8
_CELL_WORDS: Final = 25
# No article has so many blocks; a page that does is cut there, so that the cost of reading it stays bounded.
_MOST_BLOCKS: Final = 5000
_ICON: Final = 32
_MOST_EMPTY: Final = 20  # elements of a box that only shows its background
_PICTURE_NAME: Final = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:[?#]|$)", re.IGNORECASE)
_BACKGROUND: Final = re.compile(r"background(?:-image)?\s*:[^;]{0,200}?url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """One run of text, or one picture or film.

    `owner` is the element around it, `chrome` the part of the page that is not the article (None when it stands in
    none), `caption` the element of a picture's caption, `cell` the (table, row, cell) of a table of data, `pieces` the
    text with the markup around each part.
    """

    kind: Kind
    owner: Any
    text: str = ""
    words: int = 0
    link_words: int = 0
    bold_words: int = 0
    italic_words: int = 0
    level: int = 0
    chrome: Any = None
    caption: Any = None
    comment: bool = False
    centred: bool = False
    cell: tuple[Any, Any, Any] | None = None
    opens_with_link: bool = False
    pieces: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    element: Any = None
    place: int = 0

    @property
    def link_share(self) -> float:
        """Share of the words that stand in links, 0 to 1."""
        return self.link_words / self.words if self.words else 0.0


@dataclass(slots=True)
class Flow:
    """All blocks of a page in reading order, and the elements that the page itself names as the article's text.

    `articles` are its `article` elements, which may be teasers of others; `title` is what its title element says.
    """

    blocks: list[Block]
    bodies: list[Any]
    articles: list[Any]
    title: str = ""


@dataclass(slots=True)
class _Frame:
    """What holds inside one open element."""

    element: Any
    owner: Any
    kind: Kind = "text"
    level: int = 0
    chrome: Any = None
    caption: Any = None
    comment: bool = False
    inline: tuple[Any, ...] = ()
    centred: bool = False
    cell: tuple[Any, Any, Any] | None = None


def read_flow(root: Any) -> Flow:
    """Read the tree below `root` once; `root` is an lxml element, and stays as it is."""
    walk = _Walk(root)
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        if len(walk.blocks) >= _MOST_BLOCKS:
            break
        if event == "start":
            if not walk.enter(element):
                events.skip_subtree()
        else:
            walk.leave(element)
    walk.flush()
    _settle_tables(walk.blocks)
    return Flow(blocks=walk.blocks, bodies=walk.bodies, articles=walk.articles, title=clean_text(title_element(root)))


class _Walk:
    """The state of one walk: the open elements, and the block that is being gathered."""

    def __init__(self, root: Any) -> None:
        self.blocks: list[Block] = []
        self.bodies: list[Any] = []
        self.articles: list[Any] = []
        self.frames = [_Frame(element=root.getparent(), owner=root)]
        self.pieces: list[tuple[str, tuple[Any, ...]]] = []
        self.gathered = self.frames[0]
        self.seen: dict[tuple[Any, ...], tuple[bool, bool, bool, bool, bool]] = {}
        self.types: dict[tuple[Any, ...], tuple[bool, bool, bool]] = {}

    def enter(self, element: Any) -> bool:
        """Open `element`; False when nothing inside it is read."""
        tag = element.tag
        if tag in _UNREAD or is_hidden(element):
            if tag == "noscript":
                self._unscripted(element)
            return False
        if tag == "br":
            self.pieces.append(("\n", ()))
            return True
        if tag in _MEDIA or (background_url(element) and _is_empty(element)):
            self._media(element)
            return bool(tag == "embed")  # void in HTML; the parser puts the rest of the article inside
        if tag in _PLAIN and self._is_plain(element):
            self._say(element.text)
            return True
        frame = self._frame(element, self.frames[-1])
        if tag not in _INLINE or frame.caption is not self.frames[-1].caption:
            self.flush()
            frame.owner = element
        self.frames.append(frame)
        if not self.pieces:
            self.gathered = frame
        self._say(element.text)
        return True

    def leave(self, element: Any) -> None:
        """Close `element` and go on with the text behind it."""
        if self.frames[-1].element is element:
            frame = self.frames.pop()
            if frame.owner is element:
                self.flush()
        self._say(element.tail)

    def _say(self, text: str | None) -> None:
        if not text:
            return
        if not self.pieces:
            self.gathered = self.frames[-1]
        self.pieces.append((text, self.frames[-1].inline))

    def _media(self, element: Any) -> None:
        frame = self.frames[-1]
        if element.tag != "iframe" and _is_icon(element):
            return
        self.flush()
        kind: Kind = "film" if element.tag in _FILMS else "picture"
        self.blocks.append(
            Block(
                kind=kind,
                owner=frame.owner,
                element=element,
                chrome=frame.chrome,
                caption=frame.caption,
                comment=frame.comment,
                place=len(self.blocks),
            )
        )

    def _unscripted(self, element: Any) -> None:
        """A picture that only stands in a `noscript` is shown: not beside a lazy one, nor one without a file's name."""
        image = next(element.iter("img"), None)
        is_between = any(not text.isspace() for text, _ in self.pieces)
        last = self.blocks[-1] if self.blocks and not is_between else None
        is_second = last is not None and last.kind == "picture" and last.element.getparent().tag != "noscript"
        after = element.getnext()
        is_picture = image is not None and _PICTURE_NAME.search(image.get("src") or "")
        if is_picture and not is_second and (after is None or after.tag != "img"):
            self._media(image)

    def _marks(self, element: Any) -> tuple[bool, bool, bool, bool, bool]:
        """Tell of `element`, by its names: chrome, comments, caption, the text itself, centred; once for each name."""
        mark = (element.tag, element.get("class"), element.get("id"), element.get("role"), element.get("itemprop"))
        told = self.seen.get(mark)
        if told is None:
            words = words_of(element)
            told = self.seen[mark] = (
                is_chrome(element, words), is_comment(words), is_caption(element, words), is_body(element, words),
                "center" in words,
            )  # fmt: skip
        return told

    def _is_plain(self, element: Any) -> bool:
        """Tell whether an element inside a line says nothing of what it holds."""
        style = element.get("style")
        return not (style and emphasis_of(style)) and not any(self._marks(element)) and element.get("align") is None

    def _frame(self, element: Any, outer: _Frame) -> _Frame:
        tag = element.tag
        chrome, comment, caption, body, centred = self._marks(element)
        style, align = element.get("style"), element.get("align")
        if body:
            self.bodies.append(element)
        if tag == "article":
            self.articles.append(element)
        kind, level = _kind(tag, outer)
        inline = outer.inline
        is_kept = tag in _KEPT_MARKUP or (tag == "span" and style and emphasis_of(style))
        if is_kept and len(inline) < _MOST_INLINE:
            inline = (*inline, element)
        return _Frame(
            cell=_cell(element, tag, outer),
            element=element,
            owner=outer.owner,
            kind=kind,
            level=level,
            chrome=outer.chrome if outer.chrome is not None else element if chrome else None,
            caption=outer.caption if outer.caption is not None else element if caption else None,
            comment=outer.comment or (chrome and comment),
            inline=inline,
            centred=outer.centred
            or tag == "center"
            or ("center" in align.lower() if align else centred)
            or bool(style and "text-align:center" in style.replace(" ", "").lower()),
        )

    def flush(self) -> None:
        """End the block that is being gathered; lines parted by `br` become blocks where they are paragraphs."""
        pieces, self.pieces = self.pieces, []
        if not pieces:
            return
        frame = self.gathered
        line: list[tuple[str, tuple[Any, ...]]] = []
        breaks = 0
        for piece in pieces:
            if piece[0] == "\n" and not piece[1]:
                breaks += 1
                line.append(piece)
            elif piece[0].isspace():
                line.append(piece)
            else:
                if breaks and frame.kind != "pre" and (breaks > 1 or self._is_paragraph(line)):
                    self._add(line, frame)
                    line = []
                breaks = 0
                line.append(piece)
        self._add(line, frame)

    def _is_paragraph(self, line: list[tuple[str, tuple[Any, ...]]]) -> bool:
        text = "".join(piece[0] for piece in line).strip()
        if self.blocks and self.blocks[-1].kind == "picture":
            return True
        return len(text) >= _LONG_LINE and bool(_SENTENCE_END.search(text[-4:]))

    def _add(self, line: list[tuple[str, tuple[Any, ...]]], frame: _Frame) -> None:
        raw = "".join([piece[0] for piece in line])
        text = clean_text(raw)
        if not text or len(self.blocks) >= _MOST_BLOCKS:
            return
        block = Block(
            kind=frame.kind, owner=frame.owner, text=text, words=count_words(text), level=frame.level,
            chrome=frame.chrome, caption=frame.caption, comment=frame.comment, cell=frame.cell, centred=frame.centred,
            pieces=line, place=len(self.blocks),
        )  # fmt: skip
        first = next(inline for piece, inline in line if piece.strip())
        block.opens_with_link = any(element.tag == "a" for element in first)
        for piece, inline in line:
            if inline:
                is_link, is_bold, is_italic = self._type(inline)
                count = count_words(piece)
                block.link_words += count if is_link else 0
                block.italic_words += count if is_italic else 0
                block.bold_words += count if is_bold else 0
        self.blocks.append(block)

    def _type(self, inline: tuple[Any, ...]) -> tuple[bool, bool, bool]:
        """Tell of the markup around a piece whether it is a link, bold, italic."""
        told = self.types.get(inline)
        if told is None:
            names = {"b": "b", "strong": "b", "i": "i", "em": "i", "a": "a"}
            tags = {names.get(one.tag) or emphasis_of(one.get("style") or "") for one in inline}
            told = self.types[inline] = ("a" in tags, "b" in tags or "bi" in tags, "i" in tags or "bi" in tags)
        return told


def emphasis_of(style: str) -> str:
    """Give "b" for a style that is bold, "i" for one in italics, "bi" for both: editors write type as styles."""
    if "font" not in style:
        return ""
    return f"{'b' if _BOLD.search(style) else ''}{'i' if _ITALIC.search(style) else ''}"


def count_words(text: str) -> int:
    """Count words; two letters of a script that is written without spaces count as one."""
    words = len(text.split())
    return words if text.isascii() else words + len(_UNSPACED.findall(text)) // 2


def _cell(element: Any, tag: str, outer: _Frame) -> tuple[Any, Any, Any] | None:
    """Give (table, row, cell) inside a table."""
    table, row, cell = outer.cell or (None, None, None)
    if tag == "table":
        return element, None, None
    if tag == "tr":
        return table, element, None
    return (table, row, element) if tag in {"td", "th"} else (table, row, cell) if table is not None else None


def _settle_tables(blocks: list[Block]) -> None:
    """Tell tables of data from those that only lay out the page, whose blocks are ordinary text.

    Data stand side by side: a table of one column is a page made by hand, its rows headline, date, text, other news.
    """
    tables: dict[Any, list[Block]] = {}
    for block in blocks:
        if block.kind == "cell" and block.cell is not None:
            tables.setdefault(block.cell[0], []).append(block)
    for own in tables.values():
        cells = {block.cell[2] for block in own if block.cell}
        rows = {block.cell[1] for block in own if block.cell}
        is_data = (
            1 < len(rows) < len(cells)
            and len(cells) >= max(_FEWEST_CELLS, _ONE_EACH * len(own))
            and sum(block.words for block in own) <= _CELL_WORDS * len(own)
        )
        for block in own:
            if not is_data:
                block.kind, block.cell = "text", None


def _kind(tag: str, outer: _Frame) -> tuple[Kind, int]:
    if tag in _HEADINGS:
        return "heading", int(tag[1])
    if tag in {"li", "dd", "dt"}:
        return "item", 0
    if tag == "blockquote":
        return "quote", 0
    if tag == "pre":
        return "pre", 0
    if tag in {"td", "th"}:
        return "cell", 0
    return outer.kind, outer.level


def background_url(element: Any) -> str | None:
    """Give the picture that `element` shows as its background, as written: empty anchors and boxes often do."""
    style = element.get("style")
    match = _BACKGROUND.search(style) if style and "url(" in style else None
    return match.group(1).strip() if match else None


def _is_empty(element: Any) -> bool:
    """Tell whether `element` holds neither words nor a picture: all that it shows is its background."""
    inside = list(islice(element.iter(), _MOST_EMPTY))
    return len(inside) < _MOST_EMPTY and not any(
        one.tag in _MEDIA or (one.text or "").strip() or (one is not element and (one.tail or "").strip())
        for one in inside
    )


def _is_icon(element: Any) -> bool:
    """Tell whether a picture is so small, by its own word, that it stands for a letter or a counter."""
    sizes = [element.get(name, "").removesuffix("px") for name in ("width", "height")]
    return any(size.isdecimal() and len(size) <= len("9999") and int(size) <= _ICON for size in sizes)
