"""What the selectors that a person gave for a source find on a page (CSS, as BeautifulSoup understands it)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import soupsieve
from bs4 import BeautifulSoup
from lxml import etree
from lxml import html as lxml_html

from feedsvc.errors import ExtractError
from feedsvc.extract.clean import clean_text

if TYPE_CHECKING:
    from bs4 import Tag

    from feedsvc.extract.page import Document


class Selection:
    """A page opened for selectors; it is parsed by BeautifulSoup only when the first selector is asked for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._soup: BeautifulSoup | None = None

    def find(self, selector: str | None) -> Tag | None:
        """Give the first element that `selector` finds, None without one; ExtractError when it is no CSS."""
        if not selector:
            return None
        if self._soup is None:
            self._soup = BeautifulSoup(etree.tostring(self._document.root, encoding="unicode", method="html"), "lxml")
        try:
            return self._soup.select_one(selector)
        except soupsieve.SelectorSyntaxError as error:
            why = str(error).partition("\n")[0]
            raise ExtractError(f"the selector {selector!r} is no CSS: {why}; correct it in [source.select]") from error

    def text(self, selector: str | None) -> str:
        """Give the text of what `selector` finds (or its `datetime`, or `content`), "" when it finds nothing."""
        tag = self.find(selector)
        if tag is None:
            return ""
        return clean_text(str(tag.get("datetime") or tag.get("content") or tag.get_text(" ")))

    def tree(self, selector: str | None) -> Any:
        """Give what `selector` finds as a tree of its own, None when it finds nothing."""
        tag = self.find(selector)
        return None if tag is None else lxml_html.document_fromstring(f"<html><body>{tag}</body></html>")
