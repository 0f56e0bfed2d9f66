"""A part of a document's bytes: Range and If-Range (RFC 9110, 13.1.5 and 14). Pure."""

from __future__ import annotations

import re

_RANGE = re.compile(
    r"\s*bytes\s*=\s*(?:(?P<first>[0-9]{1,18})-(?P<last>[0-9]{1,18})?|-(?P<suffix>[0-9]{1,18}))\s*",
    re.ASCII | re.IGNORECASE,
)


class Unsatisfiable(ValueError):  # noqa: N818 - the word of RFC 9110, 15.5.17
    """A range of which no byte exists."""


def wanted(header: str, size: int) -> slice | None:
    """The bytes, of `size`, that `header` names as one range; raises Unsatisfiable when there are none of them.

    None where the whole is right: another unit, several ranges, or what is no range at all.
    """
    match = _RANGE.fullmatch(header)
    if match is None:
        return None
    if match["suffix"]:
        first, end = max(size - int(match["suffix"]), 0), size
    else:
        first, end = int(match["first"]), int(match["last"] or size) + 1
        if end <= first and match["last"]:
            return None
    if first >= size:
        raise Unsatisfiable(header)
    return slice(first, min(end, size))


def may_be_joined(condition: str | None, quoted: str, modified: str) -> bool:
    """Whether a part fits what the client has, as If-Range says: by a strong tag, or by the exact date.

    `modified` is "" where the date does not tell these bytes from others.
    """
    return condition is None or condition.strip() == quoted or (bool(modified) and condition.strip() == modified)
