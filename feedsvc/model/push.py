"""Who is told of changes, and of what (WebSub, W3C Recommendation of 23 January 2018)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from feedsvc.model.feeds import NEWEST, Choice

Mode = Literal["subscribe", "unsubscribe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A feed document whose changes are told: `url` is its own address, the rest what stands there.

    `revision` is the number under which it was last looked at, -1 for never; `digest` the SHA-256 of its bytes then, ""
    where they are not known.
    """

    url: str
    path: str
    format: str
    choice: Choice = NEWEST
    revision: int = -1
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A wish that somebody sent to our hub, to be verified at `callback` before it counts.

    `asked_by` is the network address that it came from. `attempt` counts calls that reached nobody; `token` is that of
    the claim under which it is being verified.
    """

    topic: str
    callback: str
    mode: Mode
    lease: timedelta
    secret: str = field(default="", repr=False)
    asked_by: str = ""
    attempt: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Somebody whom our hub tells of changes: `callback` gets the documents of `topic` until `until`.

    `told` is the digest of the document that it last took, `attempt` counts failures in a row; `token` is that of the
    claim under which it is being told.
    """

    topic: str
    callback: str
    until: datetime
    secret: str = field(default="", repr=False)
    told: str = ""
    attempt: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A hub elsewhere has to hear that `topic` changed; `revision` is the number of the change."""

    topic: str
    revision: int
    attempt: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What there is to do at a moment: `pulse` differs whenever any item changed, the rest counts what is due."""

    pulse: tuple[int, int]
    intents: int = 0
    deliveries: int = 0
    pings: int = 0
