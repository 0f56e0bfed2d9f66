"""JSON Feed documents read back."""

from __future__ import annotations

import json
from typing import Any

from feedsvc.feeds.proof.told import Document, Entry, demand, rfc3339_moment


def json_told(body: bytes) -> Document:
    """What a JSON Feed tells. Raises Unsound, KeyError, or an error of parsing, where it lacks what it must hold."""
    document = json.loads(body)
    return Document(
        self_url=document["feed_url"],
        title=document["title"],
        addresses=(document["feed_url"], document["home_page_url"], *_around(document)),
        entries=tuple(_entry(item) for item in document["items"]),
    )


def _around(document: dict[str, Any]) -> list[str]:
    own = document["_feedsvc"]
    told = [document.get("next_url"), document.get("icon"), *(hub["url"] for hub in document.get("hubs", []))]
    told += [own.get(name) for name in ("current", "prev_archive", "next_archive")]
    return [address for address in told if address is not None]


def _entry(item: dict[str, Any]) -> Entry:
    demand("content_html" in item or "content_text" in item, f"{item['id']} has no content")
    attachments = item.get("attachments", [])
    linked = [item["url"], *item["_feedsvc"].get("related", ()), *([item["image"]] if "image" in item else [])]
    return Entry(
        id=item["id"],
        title=item["title"],
        lead=item.get("summary", ""),
        html=item.get("content_html", ""),
        published=rfc3339_moment(item["date_published"], item["id"]),
        updated=rfc3339_moment(item["date_modified"], item["id"]),
        addresses=(*linked, *(each["url"] for each in attachments)),
        enclosures=tuple((each["url"], each["mime_type"], str(each.get("size_in_bytes", ""))) for each in attachments),
    )
