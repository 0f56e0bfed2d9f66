"""What podcast programs ask of a feed of films or sounds, and of no other (feeds.md 1).

A document that as much as declares Apple's namespace is held to all of its rules by validators: category, explicit and
an owner with a mail address. Sources: https://help.apple.com/itc/podcasts_connect/#/itcb54353390 and
https://github.com/Podcastindex-org/podcast-namespace (guid).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from feedsvc.feeds.elements import element, number
from feedsvc.feeds.media import seconds
from feedsvc.feeds.text import beginning

if TYPE_CHECKING:
    from feedsvc.feeds.facts import FeedFacts, ItemFacts

_GUIDS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace in which the guid of every podcast is made."""

_LONGEST = 255
_EPISODES = (".m4a", ".mp3", ".mov", ".mp4", ".m4v")
_COVERS = (".jpg", ".jpeg", ".png")


def write_podcast(channel: Any, facts: FeedFacts) -> None:
    """The channel's part; nothing in a feed that is no podcast."""
    if not facts.podcast:
        return
    name = beginning(facts.author, _LONGEST)
    element(channel, "podcast:guid", podcast_guid(facts.self_url))
    element(channel, "itunes:author", name)
    owner = element(channel, "itunes:owner")
    element(owner, "itunes:name", name)
    element(owner, "itunes:email", facts.contact)
    element(channel, "itunes:explicit", "false")
    element(channel, "itunes:type", "episodic")
    element(element(channel, "itunes:category", text="News"), "itunes:category", text="Daily News")
    if facts.image.lower().endswith(_COVERS):
        element(channel, "itunes:image", href=facts.image)


def write_episode(entry: Any, facts: ItemFacts) -> None:
    """The item's part: only where its enclosure is a file that Apple plays; validators take any other for a fault."""
    main = facts.main
    if not facts.podcast or main is None or not main.url.endswith(_EPISODES):
        return
    if facts.names:
        element(entry, "itunes:author", beginning(", ".join(facts.names), _LONGEST))
    if length := number(seconds(main)):
        element(entry, "itunes:duration", length)
    if (main.thumbnail or "").lower().endswith(_COVERS):
        element(entry, "itunes:image", href=main.thumbnail)


def podcast_guid(address: str) -> str:
    """The guid of the podcast at `address`: of its name without scheme, query and final slashes.

    Every page, archive and choice of a feed is the same podcast, so a query does not count.
    """
    parts = urlsplit(address)
    return str(uuid5(_GUIDS, f"{parts.netloc}{parts.path}".rstrip("/")))
