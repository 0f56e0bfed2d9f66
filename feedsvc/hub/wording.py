"""What goes over the wire between a hub, its subscribers and its publishers (WebSub, 5.3, 6, 7; feeds.md 6)."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

from feedsvc.model import Intent


def verification(intent: Intent, challenge: str) -> str:
    """The address by which a callback is asked whether it wants this (5.3): its own query stays in front."""
    asked = {"hub.mode": intent.mode, "hub.topic": intent.topic, "hub.challenge": challenge}
    if intent.mode == "subscribe":
        asked["hub.lease_seconds"] = str(int(intent.lease.total_seconds()))
    return f"{intent.callback}{'&' if '?' in intent.callback else '?'}{urlencode(asked)}"


def headers(topic: str, hub: str, secret: str, body: bytes) -> dict[str, str]:
    """The header fields of a delivery (7): which document it is, whose, and by whom it was sent."""
    fields = {"Link": f'<{topic}>; rel="self", <{hub}>; rel="hub"'}
    if secret:
        fields["X-Hub-Signature"] = signature(secret, body)
    return fields


def signature(secret: str, body: bytes) -> str:
    """Proof that a body comes from whoever knows the secret (7.1, RFC 2104)."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def ping(topic: str) -> bytes:
    """The form that tells a hub of a change: by both names that hubs read, as WebSub leaves it open (6)."""
    return urlencode({"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}).encode()
