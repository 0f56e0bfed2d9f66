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
        addresses=(document["feed_url"], document["home_page_url"]),
        entries=tuple(_entry(item) for item in document["items"]),
    )


def _entry(item: dict[str, Any]) -> Entry:
    demand("content_html" in item or "content_text" in item, f"{item['id']} has no content")
    attachments = item.get("attachments", [])
    pictures = [item["image"]] if "image" in item else []
    return Entry(
        id=item["id"],
        title=item["title"],
        published=rfc3339_moment(item["date_published"], item["id"]),
        updated=rfc3339_moment(item["date_modified"], item["id"]),
        addresses=(item["url"], *pictures, *(each["url"] for each in attachments)),
        enclosures=tuple((each["url"], each["mime_type"], str(each.get("size_in_bytes", ""))) for each in attachments),
    )
