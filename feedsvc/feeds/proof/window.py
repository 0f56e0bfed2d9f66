"""Documents of one feed compared: which items a reader of the earlier one gets to know, or misses, in the later."""

from __future__ import annotations

from feedsvc.errors import RenderError
from feedsvc.feeds.proof.reading import told


def entries(body: bytes, format: str) -> dict[str, str]:  # noqa: A002 - the word of the field
    """The ids of a document in their order, each with the text of its last change (RFC 3339): a state (RFC 3229, 10).

    Empty for a format that is not rss, atom or json. Raises RenderError for a document that cannot be read.
    """
    document = told(body, format)
    return {entry.id: entry.updated.isoformat() for entry in document.entries} if document else {}


def vanished(before: bytes, after: bytes, format: str) -> tuple[str, ...]:  # noqa: A002
    """Ids that stood in the document `before`, stand no more in `after`, and had not aged out of its window.

    Items age out from the end: none that stood behind one is left, none that is left is older, and there are as many as
    before. Whoever withdraws an
    item, moves it to another category or asks for fewer has the reason: here only documents are known. Nothing is
    missed of a `before` that cannot be read, as one of an earlier release may be, or of a format that is not rss, atom
    or json. Raises RenderError when `after` cannot be read.
    """
    try:
        old = told(before, format)
    except RenderError:
        return ()
    new = told(after, format)
    if old is None or new is None:
        return ()
    kept = {entry.id for entry in new.entries}
    last = max((place for place, entry in enumerate(old.entries) if entry.id in kept), default=-1)
    oldest = min((entry.published for entry in new.entries), default=None)
    fewer = len(new.entries) < len(old.entries)
    return tuple(
        entry.id
        for place, entry in enumerate(old.entries)
        if entry.id not in kept and (fewer or place < last or oldest is None or entry.published > oldest)
    )
