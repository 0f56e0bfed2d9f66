"""The rules of the W3C feed validator, written down once more: what it would say of an RSS or Atom document.

The validator itself is in no package index (https://validator.w3.org/feed/). Rules carry the names that it gives them.
Nothing here knows feedsvc: the bytes of a document, its type and its address are all that is looked at. Elements and
attributes that are not in the tables are findings too, so a new one is decided upon, not slipped in.
"""

from fakes.w3c.documents import Finding, findings

UNKNOWN = frozenset({
    "UnknownNamespace http://purl.org/atompub/tombstones/1.0",
    "UnsupportedNamespace https://podcastindex.org/namespace/1.0",
})  # fmt: skip
"""What the validator says of RFC 6721 and of Podcasting 2.0, both of which it does not know: nothing can be done."""

__all__ = ["UNKNOWN", "Finding", "findings"]
