"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), written down as a schema."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from dataclasses import replace

import pytest
from fakes.schema import differences

from feedsvc.feeds import render
from feedsvc.model import Paging

WORDS = {"type": "string", "minLength": 1}
ADDRESS = {"type": "string", "pattern": r"^https?://[a-zA-Z0-9\[][0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#\[\]]*$"}
DATE = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
LANGUAGE = {"type": "string", "pattern": r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$"}
NAMES = {"type": "array", "minItems": 1, "items": WORDS}


def exact(required: str, **properties: object) -> dict[str, object]:
    """An object with these members and no other."""
    return {
        "type": "object",
        "required": required.split(),
        "additionalProperties": False,
        "properties": properties,
    }


AUTHORS = {"type": "array", "minItems": 1, "items": exact("name", name=WORDS)}
ATTACHMENT = exact(
    "url mime_type",
    url=ADDRESS,
    mime_type={"type": "string", "pattern": r"^[a-z]+/[a-z0-9.+-]+$"},
    title=WORDS,
    size_in_bytes={"type": "integer", "minimum": 1},
    duration_in_seconds={"type": "number", "minimum": 1},
)
ITEM = exact(
    "id url title date_published date_modified _feedsvc",
    id=WORDS,
    url=ADDRESS,
    title=WORDS,
    summary=WORDS,
    content_html=WORDS,
    content_text=WORDS,
    image=ADDRESS,
    date_published=DATE,
    date_modified=DATE,
    authors=AUTHORS,
    tags=NAMES,
    language=LANGUAGE,
    attachments={"type": "array", "minItems": 1, "items": ATTACHMENT},
    _feedsvc=exact(
        "source revision",
        source=WORDS,
        origin=WORDS,
        categories=NAMES,
        organisations=NAMES,
        revision={"type": "integer", "minimum": 1},
        numbers=NAMES,
        related={"type": "array", "minItems": 1, "items": ADDRESS},
        point={"type": "array", "minItems": 2, "items": {"type": "number", "minimum": -180}},
    ),
) | {"anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}]}
FEED = exact(
    "version title home_page_url feed_url authors items _feedsvc",
    version={"const": "https://jsonfeed.org/version/1.1"},
    title=WORDS,
    home_page_url=ADDRESS,
    feed_url=ADDRESS,
    description=WORDS,
    next_url=ADDRESS,
    icon=ADDRESS,
    language=LANGUAGE,
    authors=AUTHORS,
    hubs={"type": "array", "minItems": 1, "items": exact("type url", type={"const": "WebSub"}, url=ADDRESS)},
    items={"type": "array", "items": ITEM},
    _feedsvc=exact(
        "about", about=ADDRESS, archive={"const": True}, current=ADDRESS, prev_archive=ADDRESS, next_archive=ADDRESS
    ),
)


@pytest.fixture
def document(golden_of):
    """The JSON Feed of a golden feed."""

    def write(name: str, **changes: object) -> dict[str, object]:
        return json.loads(render(replace(golden_of(name, "json"), **changes), "json").body)

    return write


def test_schema(case, document):
    """Every golden document is a JSON Feed 1.1: every member of its kind, none that the format does not know."""
    assert list(differences(document(case), FEED)) == []


def test_ids_are_unique_and_pages_do_not_point_at_themselves(case, document):
    """No id stands twice, and the next page is another."""
    feed = document(case)
    assert max(Counter(item["id"] for item in feed["items"]).values()) == 1
    assert feed.get("next_url") != feed["feed_url"]


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lambda feed: feed.update(version="https://jsonfeed.org/version/1"), "$.version is not"),
        (lambda feed: feed.pop("title"), "$ lacks title"),
        (lambda feed: feed.update(favicon="x"), "$ has favicon"),
        (lambda feed: feed.update(feed_url="/feeds/x.json"), "$.feed_url is '/feeds/x.json', which does not match"),
        (lambda feed: feed["items"][0].update(id=17), "$.items[0].id is no string"),
        (lambda feed: feed["items"][0].pop("content_html"), "$.items[0] is none of those that are allowed"),
        (lambda feed: feed["items"][0].update(date_published="2026-09-19T07:15:00"), "$.items[0].date_published"),
        (lambda feed: feed["items"][0].update(tags=[]), "$.items[0].tags is too short"),
        (lambda feed: feed["items"][0]["_feedsvc"].update(revision=0), "$.items[0]._feedsvc.revision is below 1"),
        (lambda feed: feed["items"][0].update(attachments=[{"url": "https://x.example/a"}]), "lacks mime_type"),
        (lambda feed: feed["items"][0].update(language=""), "$.items[0].language"),
    ],
)
def test_the_schema_tells_faults(break_it, told, document):
    """The schema itself is one that documents can fail."""
    feed = deepcopy(document("plain"))
    break_it(feed)
    assert any(told in one for one in differences(feed, FEED))


def test_older_items(document):
    """The next page follows; from an archive the one before it; the newest document's archives are told apart."""
    page, archive = "https://feeds.example.org/feeds/x.json?page=2", "https://feeds.example.org/feeds/x.json?before=51"
    assert document("plain", paging=Paging(next=page, prev_archive=archive))["next_url"] == page
    assert document("plain", paging=Paging(prev_archive=archive, archive=True))["next_url"] == archive
    newest = document("plain", paging=Paging(prev_archive=archive))
    assert "next_url" not in newest
    assert newest["_feedsvc"]["prev_archive"] == archive


def test_attachments_share_titles_only_as_forms(case, document):
    """Attachments of one title, which a reader takes for forms of one thing, are all video."""
    for item in document(case)["items"]:
        counts = Counter(each["title"] for each in item.get("attachments", []) if "title" in each)
        for each in item.get("attachments", []):
            assert counts[each.get("title")] <= 1 or each["mime_type"] in {"video/mp4", "application/vnd.apple.mpegurl"}


def test_numbers_of_documents(document):
    """The numbers of legal documents that an item or its files bear are told, and nothing where there are none."""
    assert document("documents")["items"][0]["_feedsvc"]["numbers"] == ["12/QĐ-UBND"]
    assert "numbers" not in document("plain")["items"][0]["_feedsvc"]
