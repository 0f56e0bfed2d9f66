"""What a subscription request asks for, and why it may not (WebSub, 5.1; feeds.md 6): rules over its fields alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final, cast

from feedsvc.errors import Blocked, FeedsvcError
from feedsvc.fetch.guard import Pair, check_url
from feedsvc.model import Intent, Mode

SHORTEST: Final = timedelta(hours=1)
USUAL: Final = timedelta(days=5)
LONGEST: Final = timedelta(days=10)
LONGEST_CALLBACK: Final = 2000
SECRET_BELOW: Final = 200
"""Bytes (WebSub, 5.1): a secret has fewer."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)


class Unacceptable(FeedsvcError):  # noqa: N818 - named as the errors of feedsvc are: by what happened
    """A request that the hub does not take on, in a sentence for whoever sent it."""

    code = "unacceptable"


def read_intent(fields: Mapping[str, str], *, private: Collection[Pair], asked_by: str) -> Intent:
    """The wish in the fields of a form; `asked_by` names the client, `private` holds the host and port allowed anyway.

    Fields that WebSub does not know are ignored (5.1). Raises Unacceptable. Whether the topic is one of ours is not
    looked at, nor what the name of the callback's host leads to: that is seen when it is called.
    """
    missing = [name for name in ("hub.mode", "hub.topic", "hub.callback") if not fields.get(name)]
    if missing:
        raise Unacceptable(
            f"{' and '.join(missing)} missing: a form with hub.mode, hub.topic and hub.callback is wanted"
        )
    return Intent(
        mode=_mode(fields["hub.mode"]),
        topic=fields["hub.topic"],
        callback=_callback(fields["hub.callback"], private),
        lease=_lease(fields.get("hub.lease_seconds", "")),
        secret=_secret(fields.get("hub.secret", "")),
        asked_by=asked_by,
    )


def _mode(text: str) -> Mode:
    if text == "publish":
        raise Unacceptable(
            "this hub tells of its own feeds alone, and sees by itself when they change: nobody publishes"
        )
    if text not in {"subscribe", "unsubscribe"}:
        raise Unacceptable('hub.mode is neither "subscribe" nor "unsubscribe"')
    return cast("Mode", text)


def _callback(text: str, private: Collection[Pair]) -> str:
    """The callback word for word: whoever gave it may tell by its spelling what a call is about."""
    if len(text) > LONGEST_CALLBACK:
        raise Unacceptable(f"hub.callback is longer than {LONGEST_CALLBACK} characters")
    if "#" in text:
        raise Unacceptable("hub.callback has a fragment (#), which no request can carry")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise Unacceptable("hub.callback holds characters that an address must escape (RFC 3986)")
    try:
        check_url(text, private)
    except Blocked as error:
        raise Unacceptable(f"hub.callback is no address that this hub calls: {error}") from error
    return text


def _lease(text: str) -> timedelta:
    """The time asked for, between an hour and ten days: a lease has an end, whatever is asked (feeds.md 6)."""
    if not text:
        return USUAL
    if not _NUMBER.fullmatch(text):
        raise Unacceptable("hub.lease_seconds is no number of seconds")
    return timedelta(seconds=min(max(int(text), SHORTEST.total_seconds()), LONGEST.total_seconds()))


def _secret(text: str) -> str:
    if len(text.encode()) >= SECRET_BELOW:
        raise Unacceptable(f"hub.secret has {SECRET_BELOW} bytes or more")
    if "\0" in text or "\ufffd" in text:
        raise Unacceptable("hub.secret is no text in UTF-8")
    return text
