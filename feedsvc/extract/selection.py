"""Listings by given CSS selectors: what a person named wins over what detection finds (reading.md 3)."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from bs4.element import Tag
from lxml import etree
from soupsieve import SelectorSyntaxError

from feedsvc.errors import ExtractError, LayoutChanged
from feedsvc.extract.clean import clean_title
from feedsvc.extract.links import key_of
from feedsvc.extract.page import absolute
from feedsvc.extract.pager import Pager
from feedsvc.extract.picture import pictures_of
from feedsvc.extract.pieces import HEADINGS, line_of
from feedsvc.extract.postback import postback_form, target_of
from feedsvc.extract.record import read_text
from feedsvc.extract.wording import GENERIC
from feedsvc.model import MediaObject

if TYPE_CHECKING:
    from feedsvc.extract.page import Document
    from feedsvc.extract.record_setting import Reading
    from feedsvc.model import Selectors, Stub


_MOST_ITEMS = 300  # of one page


def selected_items(document: Document, select: Selectors) -> list[tuple[Tag, str]]:
    """Return the elements that `select.item` names, each with the address of its item.

    Raises LayoutChanged when there are none with a link, ExtractError when the selector cannot be understood.
    """
    markup = etree.tostring(document.root, encoding="unicode", method="html")
    items = _select(BeautifulSoup(markup, "lxml"), select.item or "", "item")[:_MOST_ITEMS]
    found = [(item, url) for item in items for url in [_link(item, document, select)] if url is not None]
    if not found:
        raise LayoutChanged(
            f'no item on {document.address}: [source.select] item = "{select.item}" matches {len(items)} elements,'
            " none with a link; correct it, or leave it out to have the list detected"
        )
    return found


def _select(root: Tag, selector: str, name: str) -> list[Tag]:
    try:
        return list(root.select(selector))
    except SelectorSyntaxError as problem:
        raise ExtractError(f'[source.select] {name} = "{selector}" is no CSS selector: {problem}') from problem


def _first(item: Tag, selector: str | None, name: str) -> Tag | None:
    return next(iter(_select(item, selector, name)), None) if selector else None


def _link(item: Tag, document: Document, select: Selectors) -> str | None:
    """Return the item's address: by the selector, else the link in a heading, else that with the longest text."""
    named = _first(item, select.link, "link")
    links = [named] if named is not None else [item, *item.find_all("a")]
    if named is not None and not named.get("href"):
        links = [*named.find_all("a")]
    targets = [(link, absolute(document, str(link.get("href") or ""))) for link in links if link.get("href")]
    pages = [(link, url) for link, url in targets if url is not None and key_of(url) != key_of(document.address)]
    return max(pages, key=lambda pair: _weight(pair[0]), default=(item, None))[1]


def _weight(link: Tag) -> tuple[bool, int]:
    text = line_of(link)
    headed = link.find_parent(HEADINGS) is not None or link.find(HEADINGS) is not None
    return headed, 0 if GENERIC.fullmatch(text) else len(text)


def with_selected(stub: Stub, item: Tag, select: Selectors, reading: Reading) -> Stub:
    """Return `stub` with the fields that selectors name inside `item`; a selector without a match changes nothing."""
    title, summary = _first(item, select.title, "title"), _first(item, select.summary, "summary")
    date, image = _first(item, select.date, "date"), _first(item, select.image, "image")
    if title is not None and clean_title(line_of(title)):
        stub = replace(stub, title=clean_title(line_of(title)))
    if summary is not None:
        stub = replace(stub, summary=line_of(summary))
    if date is not None:
        when = read_text(str(date.get("datetime") or line_of(date)), reading)
        stub = replace(stub, published=when.moment if when else None, precision=when.precision if when else None)
    if image is not None:
        stub = replace(stub, media=_with_picture(stub.media, image, reading.document))
    return stub


def _with_picture(media: tuple[MediaObject, ...], image: Tag, document: Document) -> tuple[MediaObject, ...]:
    tags = [image, *(node for node in image.descendants if isinstance(node, Tag))]
    pictures = tuple(MediaObject(url=url, kind="image") for url in islice(pictures_of(tags, document), 1))
    return (*pictures, *(one for one in media if one.kind != "image")) if pictures else media


def selected_next(document: Document, selector: str) -> Pager:
    """Return the next page that `selector` names: the address of its link, or the form of its postback."""
    markup = etree.tostring(document.root, encoding="unicode", method="html")
    element = _first(BeautifulSoup(markup, "lxml"), selector, "next")
    link = element if element is None or element.name == "a" else element.find("a")
    if link is None:
        return Pager()
    href = str(link.get("href") or "")
    target = target_of(href) or target_of(str(link.get("onclick") or ""))
    form = postback_form(document, None, target) if target else None
    if form is not None:
        return Pager(form.action, form)
    url = absolute(document, href)
    return Pager(url if url and key_of(url) != key_of(document.address) else None)
