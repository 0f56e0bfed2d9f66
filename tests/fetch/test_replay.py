"""Saved pages read again through the Fetcher protocol."""

from __future__ import annotations

import gzip
import json

import pytest

from feedsvc.errors import Malformed, Refused
from feedsvc.fetch.replay import ReplayFetcher, replay_key
from feedsvc.model import Form, Measure, Page, Validators

HOME = "http://cong.example/tin"
BODY = "<h1>Tin của thị xã</h1>".encode()
FORM = Form(action="http://cong.example/tin", target="ctl00$trang", argument="2", fields=(("a", "b"),))


@pytest.fixture
def replayed(now):
    """Makes a ReplayFetcher over files given by name."""

    def make(folder, **files):
        for name, content in files.items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            (folder / name.replace("__", ".")).write_bytes(data)
        return ReplayFetcher(folder, lambda: now)

    return make


async def test_pages_with_their_json_are_read(tmp_path, replayed, now):
    """NAME.json beside its page, packed or not, answers for the address that it names."""
    fetcher = replayed(
        tmp_path,
        a__json={"page": "a.html", "url": HOME},
        a__html=BODY,
        b__json={"page": "b.html.gz", "url": "http://cong.example/b#muc"},
        b__html__gz=gzip.compress(BODY),
        other__json={"title": "no page"},
        list__json=[1, 2],
    )
    expected = Page(url=HOME, final_url=HOME, status=200, body=BODY, content_type="text/html", fetched_at=now)
    assert await fetcher.get(HOME) == expected
    assert (await fetcher.get("http://cong.example/b", validators=Validators(etag='"x"'))).body == BODY
    assert fetcher.addresses == (HOME, "http://cong.example/b")


async def test_captured_pages_are_read(tmp_path, replayed):
    """pages.json answers with the type that was captured, for postbacks as well."""
    fetcher = replayed(
        tmp_path,
        pages__json={
            HOME: {"file": "1.html", "content_type": "text/html; charset=utf-8"},
            replay_key(HOME, FORM): {"file": "2.html"},
            "http://cong.example/a.jpg": {"file": "a.jpg"},
            "http://cong.example/x": "not a table",
        },
        **{"1__html": BODY, "2__html": b"hai", "a__jpg": b"x" * 99},
    )
    assert (await fetcher.get(HOME)).content_type == "text/html; charset=utf-8"
    page = await fetcher.get("http://cong.example/khac", form=FORM)
    assert (page.body, page.final_url, page.url) == (b"hai", FORM.action, "http://cong.example/khac")
    assert await fetcher.measure("http://cong.example/a.jpg") == Measure(
        url="http://cong.example/a.jpg", status=200, mime="image/jpeg", length=99
    )


async def test_what_was_not_saved_is_not_found(tmp_path, replayed):
    """An unknown address is a 404, as page and as measure."""
    fetcher = replayed(tmp_path, a__json={"page": "a.html", "url": HOME}, a__html=BODY)
    with pytest.raises(Refused) as caught:
        await fetcher.get("http://cong.example/khong-co")
    assert caught.value.status == 404
    assert (await fetcher.measure("http://cong.example/khong-co")).status == 404


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"a__json": b"{broken"},
        {"pages__json": [1]},
        {"a__json": {"page": "../a.html", "url": HOME}},
        {"pages__json": {HOME: {"file": "/etc/passwd"}}},
    ],
)
def test_a_folder_that_makes_no_sense_says_so(tmp_path, replayed, files):
    """Nothing saved, broken indexes and files outside of the folder are told when it is opened."""
    with pytest.raises(Malformed):
        replayed(tmp_path, **files)


@pytest.mark.parametrize("content", [None, gzip.compress(BODY)[:-5], b"no gzip"])
async def test_a_broken_file_spoils_its_page_alone(tmp_path, replayed, content):
    """A page that is missing, cut or not what it says is Malformed; the others are read."""
    files = {} if content is None else {"a__html__gz": content}
    index = {HOME: {"file": "a.html.gz"}, "http://cong.example/b": {"file": "b.html"}}
    fetcher = replayed(tmp_path, pages__json=index, b__html=BODY, **files)
    with pytest.raises(Malformed):
        await fetcher.get(HOME)
    assert (await fetcher.get("http://cong.example/b")).body == BODY
