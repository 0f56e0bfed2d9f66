"""nginx over the exported files, by the file that the documentation gives: the answers are those of the service."""

import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import ask, free_port, until

GIVEN = Path(__file__).parents[2] / "docs" / "howto" / "feedsvc-export.nginx.conf"
MAIN = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/feedsvc.conf;
}}
"""
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SAME = (
    "content-type", "content-encoding", "content-length", "content-location", "cache-control", "link", "last-modified",
    "cross-origin-resource-policy", "access-control-allow-origin", "access-control-expose-headers", "content-security-policy", "x-content-type-options",
)  # fmt: skip
DOCUMENTS = ("/feeds/cong/tin-tuc.rss", "/feeds/cong.atom", "/feeds/le-hoi.json", "/opml")


@pytest.fixture(scope="module")
def nginx(running, tmp_path_factory) -> Iterator[str]:
    """Debian's nginx over the export: its address."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        assert os.environ.get("CI") != "true", "nginx is missing: apt-get install nginx"
        pytest.skip("needs nginx (apt-get install nginx)")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    text = GIVEN.read_text("utf-8").replace("https://feeds.example.org", running.base)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/srv/feeds", str(running.folder))
    (folder / "feedsvc.conf").write_text(text, "utf-8")
    user = "user root;\n" if os.geteuid() == 0 else ""  # else its workers may not read the test's folders
    (folder / "nginx.conf").write_text(user + MAIN.format(folder=folder), "utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=log)
    try:
        until(lambda: ask(f"http://127.0.0.1:{port}/")[0] == 200, 10, "nginx answers")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def both(running, nginx: str, path: str, headers: dict[str, str]) -> None:
    """Fails unless nginx and the service answer the same."""
    ours, theirs = (ask(f"{base}{path}", headers) for base in (running.base, nginx))
    assert theirs[0] == ours[0], path
    assert theirs[2] == ours[2], path
    told = {name: (ours[1].get(name), theirs[1].get(name)) for name in SAME if name in ours[1]}
    # Pages carry no time of change, and are packed here alone.
    assert {name: pair for name, pair in told.items() if pair[0] != pair[1]} == {}, path
    assert "content-encoding" not in theirs[1] or "content-encoding" in ours[1]
    wanted = {part.strip() for part in ours[1].get("vary", "").split(",")} - {"", "Accept-Language"}
    assert wanted <= {part.strip() for part in theirs[1].get("vary", "").split(",")}, path


@pytest.mark.parametrize("coding", ["", "gzip", "br", "gzip, deflate, br", "gzip, br;q=0", "br;q=0.001"])
@pytest.mark.parametrize("path", DOCUMENTS)
def test_documents_are_answered_alike(running, nginx, path: str, coding: str) -> None:
    """Type, bytes, coding and headers of a document are those of the service, however it may be packed."""
    both(running, nginx, path, {"Accept-Encoding": coding} if coding else {})


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/cong.rss?page=2", "/feeds/cong.json?before=51", "/feeds/cong.atom?before=51&page=2&x=1",
        "/feeds/cong.rss?page=1", "/feeds/cong.rss?page=nonsense", "/feeds/cong.rss?utm_source=x", "/feeds/cong?page=2",
        "/", "/feeds/cong", "/feeds/cong/video", "/items/1", "/static/feedsvc.css", "/static/icon.svg",
    ],
)  # fmt: skip
def test_older_items_pages_and_files_are_answered_alike(running, nginx, path: str) -> None:
    """`?page=` and `?before=` lead to their files, addresses without ending to pages, whatever else stands there."""
    both(running, nginx, path, {})


@pytest.mark.parametrize(
    "path",
    ["/feeds/cong.rss?page=99", "/feeds/cong.atom?before=7", "/feeds/none.rss", "/none", "/items/99999", "/feeds/cong.xml",
     "/feeds/..%2f..%2fconfig.toml", "/.feedsvc-export.json", "/_plain/index.html", "/feeds/%00"],
)  # fmt: skip
def test_what_is_not_there_is_404(nginx, path: str) -> None:
    """Nothing is answered that the service would not answer, and nothing of what the export keeps for itself."""
    assert ask(f"{nginx}{path}")[0] in {400, 404}


@pytest.mark.parametrize(
    "accept",
    [
        BROWSER, "text/html", "TEXT/HTML", "text/html, application/rss+xml;q=0.9", "*/*", "text/*", "text/html, */*",
        "text/html;q=0", "text/html, application/ld+json", "text/html, image/svg+xml;q=1.0", "application/rss+xml",
        "application/xml, application/atom+xml, application/rss+xml, application/feed+json, text/html, */*;q=0.9",
        "application/atom+xml,application/xml;q=0.9,text/xml;q=0.2,*/*;q=0.1", "nonsense", "text/html;q=much",
    ],
)  # fmt: skip
def test_a_browser_gets_the_page(running, nginx, accept: str) -> None:
    """At a feed's own address a page goes to those who prefer one, as the service decides; `?format=xml` gives bytes."""
    for path in ("/feeds/cong/tin-tuc.rss", "/feeds/cong.rss?format=xml", "/feeds/cong.json?page=2"):
        both(running, nginx, path, {"Accept": accept})


@pytest.mark.parametrize("coding", ["", "gzip", "br"])
def test_conditions_are_kept(nginx, coding: str) -> None:
    """The tag and the time of an answer bring a 304 without content, each coding has its own tag, and HEAD its headers."""
    headers = {"Accept-Encoding": coding} if coding else {}
    for path in DOCUMENTS:
        status, found, _ = ask(f"{nginx}{path}", headers)
        assert status == 200
        for name, value in (("If-None-Match", found["etag"]), ("If-Modified-Since", found["last-modified"])):
            status, told, body = ask(f"{nginx}{path}", {**headers, name: value})
            assert (status, body) == (304, b"")
            assert told["etag"] == found["etag"]
            assert told["cache-control"] == found["cache-control"]
    tags = {ask(f"{nginx}{DOCUMENTS[0]}", {"Accept-Encoding": one})[1]["etag"] for one in ("", "gzip", "br")}
    assert len(tags) == 3


def test_copies_of_pictures_are_answered_alike(running, nginx) -> None:
    """Pictures that were copied are exported, and are given with the same type, and for ever."""
    copies = sorted(path.name for path in (running.folder / "media").iterdir())
    assert copies
    for name in copies[:5]:
        both(running, nginx, f"/media/{name}", {})


def test_files_of_dropped_documents_are_answered_alike(running, nginx) -> None:
    """A Word file and the pictures inside it are given, each under its own address, though no file is a folder."""
    text = ask(f"{running.base}/feeds/van-thu.json")[2].decode()
    addresses = {found.removeprefix(running.base) for found in re.findall(rf"{running.base}/items/[^\"<\\]+", text)}
    files = {address for address in addresses if "/files/" in address}
    assert {address.rpartition(".")[2] for address in files} == {"docx", "png"}
    for address in files:
        both(running, nginx, address, {})


def test_pages_are_packed_here(running, nginx) -> None:
    """A page is sent packed to those who take it, and is the service's page when unpacked."""
    plain = ask(f"{running.base}/feeds/cong")[2]
    _, headers, body = ask(f"{nginx}/feeds/cong", {"Accept-Encoding": "gzip"})
    assert (headers["content-encoding"], gzip.decompress(body)) == ("gzip", plain)
    assert ask(f"{nginx}/feeds/cong", {"Accept-Encoding": "br"})[1]["content-type"] == "text/html; charset=utf-8"
