"""What the W3C feed validator would say of every feed of the sample portal, as it is served."""

import json
import re
from html import unescape
from typing import Any

import pytest
from fakes.w3c import UNKNOWN, findings
from fakes.w3c.markup import html
from loopback import ask

XML = ("rss", "atom")


@pytest.mark.parametrize("form", XML)
def test_no_error_and_no_warning(form: str, snapshot: Any) -> None:
    """No document breaks a rule; the namespace of podcasts, which the validator has no rules for, is told of alone."""
    assert snapshot.documents[form]
    for url, body in snapshot.documents[form].items():
        told = findings(body, f"application/{form}+xml; charset=utf-8", url)
        assert [finding for finding in told if finding.rule not in UNKNOWN] == [], url
        assert not told or url.endswith("/video.rss"), url


def test_markup_of_json_feeds(snapshot: Any) -> None:
    """What JSON Feeds hold as HTML is whole, safe, and absolute in its addresses."""
    for url, body in snapshot.documents["json"].items():
        for item in json.loads(body)["items"]:
            assert list(html(item.get("content_html", ""))) == [], (url, item["id"])


@pytest.mark.parametrize("form", XML)
def test_older_items(form: str, snapshot: Any) -> None:
    """Following next and prev-archive from every document leads to sound documents alone, and at least to one."""
    links = re.compile(r'rel="(?:next|prev-archive)" type="[^"]*" href="([^"]*)"')
    waiting, met = list(snapshot.documents[form].values()), set()
    while waiting:
        for link in map(unescape, links.findall(waiting.pop().decode())):
            if link in met:
                continue
            met.add(link)
            status, headers, body = ask(link)
            assert status == 200, link
            told = findings(body, headers["content-type"], link)
            assert [finding for finding in told if finding.rule not in UNKNOWN] == [], link
            waiting.append(body)
    assert met
