"""The HTML that an item may hold (safety.md 6): asked for when a page is read, and again when a document is written."""

from __future__ import annotations

import re
from typing import Final

import nh3

_TAGS: Final = frozenset({
    "p", "br", "hr", "h2", "h3", "h4", "strong", "b", "em", "i", "u", "sub", "sup", "blockquote", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td", "caption", "figure", "figcaption", "a", "img", "video", "source",
    "code", "pre",
})  # fmt: skip
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "video": {"src", "poster", "controls"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_DROPPED_WITH_CONTENT: Final = frozenset({
    "script", "style", "iframe", "noscript", "noembed", "noframes", "template", "textarea", "select", "option",
    "button", "svg", "math", "object", "title",
})  # fmt: skip
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_REL: Final = "noopener noreferrer nofollow"
_ADDRESS_ATTRIBUTES: Final = frozenset({"href", "src", "poster"})
_ADDRESS: Final = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def allowed(html: str) -> str:
    """The allowed part of `html`: no other tag or attribute, no foreign scheme, no relative address."""
    return _CLEANER.clean(html)


def is_allowed(html: str) -> bool:
    """Whether `html` is written as `allowed` writes, so holds nothing else."""
    return _ALLOWED.fullmatch(html) is not None


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name not in _ADDRESS_ATTRIBUTES:
        return value
    address = _CONTROL.sub("", value).strip()
    return address if _ADDRESS.match(address) else None


def _grammar() -> str:
    """Text without a bare `<` or `&`, and tags with quoted attributes; every part keeps what it once took (`++`)."""
    text = r"(?:[^<&]++|&(?:amp|lt|gt|quot|nbsp);)"
    tags = "|".join(f"{tag}{_attributes(tag)}" for tag in sorted(_TAGS))
    return f"(?:{text}|</(?:{'|'.join(sorted(_TAGS))})>|<(?:{tags})/?>)*+"


def _attributes(tag: str) -> str:
    plain = sorted(_ATTRIBUTES.get(tag, set()) - _ADDRESS_ATTRIBUTES)
    addresses = sorted(_ATTRIBUTES.get(tag, set()) & _ADDRESS_ATTRIBUTES)
    forms = [f'{name}="[^"]*+"' for name in plain]
    forms += [f'{name}="(?:(?i:https?://|mailto:|tel:)[^"]*+)"' for name in addresses]
    forms += [f'rel="{_REL}"'] if tag == "a" else []
    return f"(?: (?:{'|'.join(forms)}))*+" if forms else ""


_ALLOWED: Final = re.compile(_grammar())
_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_DROPPED_WITH_CONTENT),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes=set(_SCHEMES),
    link_rel=_REL,
)
