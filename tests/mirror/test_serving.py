"""What /media answers: exact, for ever the same, to everybody, and nothing else."""

from __future__ import annotations

import asyncio
import os
import shutil
from threading import Thread

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from feedsvc.web import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LOADS = """url => new Promise(done => {
  const picture = new Image();
  picture.onload = () => done(picture.naturalWidth);
  picture.onerror = () => done(0);
  picture.src = url;
})"""


@pytest.fixture
async def room(answer, picture, make_room):
    """A room with one picture that was copied."""
    answer("/anh/cho-phien.jpg", picture(), only_own=True)
    made = make_room()
    await made.poll()
    return made


@pytest.fixture
def path(room):
    """Where the copy is."""
    return "/media/" + room.items()[0].media[0].url.rpartition("/")[2]


def test_a_copy_may_be_kept_for_ever(room, path, picture):
    """All that a reader, a cache and a browser of another site need is said in the headers."""
    got = room.client().get(path)
    assert got.data == picture()
    assert got.headers["Content-Type"] == "image/jpeg"
    assert got.headers["Content-Length"] == str(len(picture()))
    assert got.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'"
    assert "Set-Cookie" not in got.headers


def test_head_has_the_same_headers(room, path):
    """HEAD says all that GET says, without the picture."""
    client = room.client()
    head, got = client.head(path), client.get(path)
    assert head.data == b""
    assert dict(head.headers) == dict(got.headers)


def test_a_known_copy_is_not_sent_again(room, path):
    """The validator of the bytes gives 304, in every process the same."""
    tag = room.client().get(path).headers["ETag"]
    assert not tag.startswith("W/")
    again = room.client().get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert room.client().get(path, headers={"If-None-Match": '"khac"'}).status_code == 200


def test_a_part_is_given(room, path, picture):
    """A range is answered with exactly these bytes, one outside with 416."""
    part = room.client().get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, picture()[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(picture())}"
    assert room.client().get(path, headers={"Range": "bytes=9999999-"}).status_code == 416


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        f"{'0' * 64}.jpg",
        f"{'0' * 64}.svg",
        "../config.toml",
        "..%2f..%2fconfig.toml",
        "%2e%2e/feedsvc.db",
        "x" * 10_000,
        f"{'0' * 64}.jpg%00",
        "http://127.0.0.1/anh.jpg",
    ],
)
def test_no_other_name_is_answered(room, name):
    """Names that no copy has are 404, whatever they are made of."""
    assert room.client().get(f"/media/{name}").status_code == 404


def test_a_file_that_is_not_in_the_store_is_not_given(room, path):
    """That a file lies in the folder is not enough, and that it is known is not either when it is gone."""
    stray = room.config.folder / "media" / "00" / "00" / f"{'0' * 64}.jpg"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"\xff\xd8\xff")
    assert room.client().get(f"/media/{stray.name}").status_code == 404
    for file in room.files:
        file.unlink()
    assert room.client().get(path).status_code == 404


def test_nothing_is_fetched_for_the_asking(room, path, gallery):
    """No request to us becomes a request of ours."""
    before = len(gallery.visits)
    room.client().get(path)
    room.client().get("/media/anh.jpg?url=" + gallery.url("/anh/cho-phien.jpg"))
    assert len(gallery.visits) == before


@pytest.mark.skipif(not CHROMIUM and os.environ.get("CI") != "true", reason="no Chromium (apt-get install chromium)")
def test_a_page_elsewhere_shows_the_picture(gallery, answer, picture, make_room):
    """In a browser, on a page of another site, the portal's picture does not load and ours does."""
    answer("/anh/cho-phien.jpg", picture(), only_own=True)
    room = make_room()
    asyncio.run(room.poll())
    server = make_server("127.0.0.1", 0, create_app(room.service), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    ours = f"http://127.0.0.1:{server.server_port}/media/" + room.items()[0].media[0].url.rpartition("/")[2]
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.goto(gallery.url("/tin-tuc").replace("127.0.0.1", "localhost"))
            assert page.evaluate(LOADS, gallery.url("/anh/cho-phien.jpg")) == 0
            assert page.evaluate(LOADS, ours) == 900
            browser.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
