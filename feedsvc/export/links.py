"""What a page or a document of ours leads to, as far as it is ours. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

import lxml.html
from lxml import etree

from feedsvc.export.places import Place, place_of

_ATTRIBUTES = ("href", "src", "poster")
_LINKED = re.compile(r"""[^\s"'<>\\]*""")


def links(body: bytes, media_type: str, base_url: str, place: Place) -> tuple[Place, ...]:
    """The places that an answer leads to, each once, in its order; of older items only those of its own address.

    `base_url` has no slash at its end. What portals wrote stands in the answer too: it can name places of ours, and
    whether there is something is for the service to say.
    """
    if media_type.startswith("text/html"):
        found = _in_page(body, urljoin(f"{base_url}/", place.address.removeprefix("/")))
    elif "xml" in media_type or "json" in media_type:
        found = _in_document(body.decode("utf-8", "replace"), base_url)
    else:
        return ()
    known = (place_of(address, base_url) for address in found)
    mine = (one for one in known if one is not None and (not one.older or one.path == place.path))
    return tuple(dict.fromkeys(one for one in mine if one != place))


def _in_page(body: bytes, address: str) -> Iterator[str]:
    for element in lxml.html.document_fromstring(body).iter(etree.Element):
        for name in _ATTRIBUTES:
            if value := element.get(name, "").strip():
                try:
                    yield urljoin(address, value).partition("#")[0]
                except ValueError:  # such as http://[
                    continue


def _in_document(text: str, base_url: str) -> Iterator[str]:
    for match in re.finditer(re.escape(f"{base_url}/"), text):
        rest = _LINKED.match(text, match.end())
        yield unescape(f"{base_url}/{rest[0] if rest else ''}").partition("#")[0]
