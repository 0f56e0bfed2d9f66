"""The parts of a document that has been opened, one after another as a person reads them, and the item they make.

Word files, PDF files and plain texts differ in how they are opened; which of their lines are title, date, signature and
text is the same for all: reading.md 8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Final, Literal

from feedsvc.extract.byline import is_signature
from feedsvc.extract.clean import clean_text, sanitise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedsvc.model import MediaObject

Kind = Literal["text", "heading", "item", "table", "picture"]
LONGEST_CAPTION: Final = 200
SHORT: Final = 120
"""Characters of a caption that nothing but its place shows to be one, at most."""
SENTENCES: Final = re.compile(r"[.!?…]\s+[A-ZĐÀ-ÝĂĨŨƠƯẠ-Ỹ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One paragraph, heading, line of a list, table or picture.

    `text` is its words on one line, "" for a picture; `html` what is shown, without the element around it; `picture` is
    set for a picture alone; `caption` says that the document itself calls the paragraph one.
    """

    kind: Kind = "text"
    text: str = ""
    html: str = ""
    picture: MediaObject | None = None
    caption: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An opened document. `title` is what its styles or sizes say, `typist` who is named as its maker; or ""."""

    parts: tuple[Part, ...]
    title: str = ""
    typist: str = ""


def plain(text: str) -> Part:
    """Give a paragraph without any markup of its own."""
    line = clean_text(text)
    return Part(text=line, html=escape(line, quote=False))


def kept(parts: Sequence[Part], paragraphs: Sequence[str]) -> tuple[Part, ...]:
    """Give the `parts` whose text is among `paragraphs`, which are some of them in their order; pictures all stay."""
    found: list[Part] = []
    left = list(paragraphs)
    for part in parts:
        if part.picture is not None:
            found.append(part)
        elif left and part.text == left[0]:
            found.append(part)
            left.pop(0)
    return tuple(found)


def captioned(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Bind captions to their pictures, and take their paragraphs out.

    A caption is what the document itself calls one, else one short sentence right behind a picture that nobody signs;
    that of several pictures in a row goes to the last.
    """
    found: list[Part] = []
    for part in parts:
        picture = found[-1].picture if found else None
        if picture is not None and not picture.caption and _is_caption(part):
            found[-1] = replace(found[-1], picture=replace(picture, caption=part.text))
        else:
            found.append(part)
    return tuple(found)


def _is_caption(part: Part) -> bool:
    text = part.text
    if part.kind != "text" or not 0 < len(text) <= LONGEST_CAPTION:
        return False
    if part.caption:
        return True
    one = text.rstrip(".!?…")
    return len(text) <= SHORT and not text.endswith(":") and not SENTENCES.search(one) and not is_signature(text)


def to_html(parts: Sequence[Part]) -> str:
    """Give `parts` as sanitised HTML."""
    shown, in_list = [], False
    for part in parts:
        if in_list != (part.kind == "item"):
            shown.append("</ul>" if in_list else "<ul>")
            in_list = not in_list
        shown.append(_element(part))
    return sanitise("".join(shown) + ("</ul>" if in_list else ""))


def _element(part: Part) -> str:
    if part.picture is not None:
        caption = escape(part.picture.caption, quote=True)
        below = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f'<figure><img src="{escape(part.picture.url)}" alt="{caption}">{below}</figure>'
    name = {"heading": "h2", "item": "li", "table": "table"}.get(part.kind, "p")
    return f"<{name}>{part.html}</{name}>"
