"""The running service as a reader, a portal and an operator meet it."""

import json
import signal
from pathlib import Path

import feedparser
import pytest
from fakes import papers
from loopback import ask, free_port, until


def rows(port: int) -> dict[str, dict]:
    """The rows of /status.json by category."""
    status, _, body = ask(f"http://127.0.0.1:{port}/status.json")
    return {row["category"]: row for row in json.loads(body)["categories"]} if status == 200 else {}


def items(port: int, path: str = "cong-0/tin-tuc") -> dict[str, dict]:
    """The items of a feed by id."""
    status, _, body = ask(f"http://127.0.0.1:{port}/feeds/{path}.json")
    return {one["id"]: one for one in json.loads(body)["items"]} if status == 200 else {}


@pytest.fixture
def running(processes, portal, configure) -> int:
    """A service over one category of a portal; its port."""
    port = free_port()
    config = configure(portal, port=port, categories=("tin-tuc",))
    processes.start("feedsvc", "--config", str(config), "run")
    until(lambda: len(items(port)) >= 10, 30, "the feed is filled")
    return port


def test_readers_get_304_and_the_same_bytes_after_a_restart(processes, portal, configure, feedsvc) -> None:
    """An unchanged feed is byte for byte the same after a restart, and a reader that has it is told so."""
    port = free_port()
    config = configure(portal, port=port, categories=("tin-tuc",))
    assert feedsvc("poll", config=config).returncode == 0
    before = {}
    for attempt in range(2):
        web = processes.start("feedsvc", "--config", str(config), "web")
        for form in ("rss", "atom", "json"):
            url = f"http://127.0.0.1:{port}/feeds/cong-0/tin-tuc.{form}"
            status, headers, body = until(lambda url=url: (a := ask(url))[0] == 200 and a, 20, "the web answers")
            assert status == 200
            assert before.setdefault(form, (body, headers["etag"], headers["last-modified"])) == (
                body, headers["etag"], headers["last-modified"],
            ), attempt  # fmt: skip
            assert ask(url, {"If-None-Match": headers["etag"]})[0] == 304
            assert ask(url, {"If-Modified-Since": headers["last-modified"]})[0] == 304
        processes.end(web)


def test_news_corrections_and_stop(processes, portal, configure) -> None:
    """A published article arrives; a corrected one keeps its id; SIGTERM ends all processes within ten seconds."""
    port = free_port()
    config = configure(portal, port=port, categories=("tin-tuc",))
    service = processes.start("feedsvc", "--config", str(config), "run")
    until(lambda: len(items(port)) >= 10, 30, "the feed is filled")
    published = portal.control(publish=1, category="tin-tuc")["done"][0]
    by_title = lambda: {one["title"]: one for one in items(port).values()}  # noqa: E731
    first = until(lambda: by_title().get(published["title"]), 15, "the new article is in the feed")
    portal.control(correct=published["number"])
    corrected = until(
        lambda: (one := items(port).get(first["id"])) and one["date_modified"] > first["date_modified"] and one,
        60, "the correction is in the feed",
    )  # fmt: skip
    assert corrected["date_published"] == first["date_published"]
    assert processes.end(service, signal.SIGTERM) < 10
    assert ask(f"http://127.0.0.1:{port}/healthz")[0] == 0


@pytest.mark.parametrize(
    ("mode", "state", "words"),
    [
        ("404", "failing", "404"),
        ("500", "failing", "500"),
        ("empty", "suspicious", ""),
        ("login", "suspicious", ""),
        ("broken", "suspicious", ""),
        ("hang", "failing", "within 5 s"),
    ],
)
def test_a_sick_portal_spoils_nothing(running: int, portal, mode: str, state: str, words: str) -> None:
    """While a portal is sick the feed keeps its items and answers 200; the status says why; it heals by itself."""
    before = items(running)
    portal.control(mode=mode, under="/tin-tuc")
    row = until(lambda: (r := rows(running).get("tin-tuc")) and r["state"] != "ok" and r, 30, "the status tells")
    assert row["state"] in {state, "failing"}
    assert row["problem"]["detail"]
    assert words in row["problem"]["detail"]
    assert items(running) == before
    portal.control(mode="normal")
    until(lambda: rows(running)["tin-tuc"]["state"] == "ok", 60, "the state heals")
    assert items(running) == before


@pytest.mark.parametrize("special", ["control-character", "no-date", "no-title", "picture-html"])
def test_an_odd_article_spoils_at_most_itself(running: int, portal, special: str) -> None:
    """A control character, a missing date or title, HTML in a picture's place: the feed stays whole and well formed."""
    before = items(running)
    portal.control(special=[special])
    until(lambda: rows(running)["tin-tuc"]["items"] > len(before), 30, "the odd article arrives")
    after = until(lambda: (found := items(running)) and len(found) > len(before) and found, 10, "it is in the feed")
    assert set(before) <= set(after)
    for form in ("rss", "atom"):
        parsed = feedparser.parse(ask(f"http://127.0.0.1:{running}/feeds/cong-0/tin-tuc.{form}")[2])
        assert not parsed.bozo
        assert len(parsed.entries) == len(after)
    (odd,) = (one for key, one in after.items() if key not in before)
    if special == "picture-html":
        assert not any(one["mime_type"].startswith("text/") for one in odd.get("attachments", []))


def test_dropped_documents_become_a_feed(processes, configure, portal, feedsvc) -> None:
    """A text file dropped into a folder is an item of the same feeds, and links to a page of ours."""
    port = free_port()
    config = configure(portal, port=port, categories=())
    inbox = config.parent / "inbox"
    inbox.mkdir()
    sentence = "Sáng 12/11, phường Mây Trắng tổ chức ngày hội đọc sách với sự tham gia của hơn ba trăm học sinh các trường trên địa bàn. "
    (inbox / "doc-sach.txt").write_text(
        f"Ngày hội đọc sách của học sinh vùng cao năm 2026\n\n{sentence * 2}\n\nQuang cảnh ngày hội.\n\n{sentence * 4}\n\n"
        "Hà My (Trung tâm Văn hóa thị xã)\nTin khác\n1 2 3 4 5 ...\nĐăng nhập\n",
        "utf-8",
    )
    text = (
        config.read_text("utf-8")
        + '  [[source.category]]\n  slug = "tha-vao"\n  title = "Văn bản"\n  url = "folder:inbox"\n'
    )
    config.write_text(text, "utf-8")
    done = feedsvc("poll", config=config)
    assert (done.returncode, "new 1" in done.stdout) == (0, True), done.stdout + done.stderr
    processes.start("feedsvc", "--config", str(config), "web")
    (one,) = until(lambda: items(port, "cong-0/tha-vao"), 20, "the web answers").values()
    assert one["title"] == "Ngày hội đọc sách của học sinh vùng cao năm 2026"
    assert one["authors"][0]["name"] == "Hà My"
    assert one["url"].startswith(f"http://127.0.0.1:{port}/items/")
    status, _, page = ask(one["url"])
    assert status == 200
    assert "Quang cảnh ngày hội." in page.decode()


def test_papers_and_their_pictures_become_enclosures(processes, configure, portal, feedsvc) -> None:
    """Text, page, Word and PDF dropped into a folder are items; readers get the files and pictures from addresses of ours."""
    port = free_port()
    config = configure(portal, port=port, categories=())
    inbox = config.parent / "inbox"
    (inbox / "le-hoi_files").mkdir(parents=True)
    (inbox / "le-hoi_files" / "quang canh.png").write_bytes(papers.picture())
    (inbox / "tin-ngan.txt").write_text(f"Tin ngắn từ thôn Nậm Kha\n\n{papers.MIDDLE}\n\n{papers.END}", "utf-8")
    (inbox / "le-hoi.html").write_text(
        f"<html><head><title>Lễ hội xuống đồng ở Nậm Lúc</title></head><body><article><h1>Lễ hội xuống đồng ở Nậm Lúc</h1>"
        f'<p>{papers.LEAD}</p><img src="./le-hoi_files/quang%20canh.png" width="320" height="200"><p>{papers.MIDDLE}</p>'
        f"<p>{papers.END}</p></article></body></html>",
        "utf-8",
    )
    (inbox / "cầu treo.docx").write_bytes(papers.word_file())
    (inbox / "bao-cao.pdf").write_bytes(
        papers.pdf_file(papers.set_text(f"Báo cáo tháng bảy của xã\n\n{papers.MIDDLE}"))
    )
    (inbox / "scan 5.9.2022.pdf").write_bytes(papers.pdf_file([]))
    config.write_text(
        config.read_text("utf-8")
        + '  [[source.category]]\n  slug = "van-ban"\n  title = "Văn bản"\n  url = "folder:inbox"\n',
        "utf-8",
    )
    done = feedsvc("poll", config=config)
    assert (done.returncode, "new 5" in done.stdout) == (0, True), done.stdout + done.stderr
    processes.start("feedsvc", "--config", str(config), "web")
    found = until(lambda: items(port, "cong-0/van-ban"), 20, "the web answers")
    files = {
        one["title"]: {Path(file["url"]).name: file for file in one.get("attachments", [])} for one in found.values()
    }
    assert files["Tin ngắn từ thôn Nậm Kha"] == {}
    assert files["scan 5.9.2022"]["scan%205.9.2022.pdf"]["mime_type"] == "application/pdf"
    assert "bao-cao.pdf" in files["Báo cáo tháng bảy của xã"]
    for title, name, size in (
        (papers.TITLE, "image1.png", len(papers.picture())),
        ("Lễ hội xuống đồng ở Nậm Lúc", "quang%20canh.png", len(papers.picture())),
        (papers.TITLE, "c%E1%BA%A7u%20treo.docx", len(papers.word_file())),
    ):
        file = files[title][name]
        status, headers, body = ask(file["url"])
        assert (status, headers["content-type"]) == (200, file["mime_type"])
        assert len(body) == file["size_in_bytes"] == size
    _, _, rss = ask(f"http://127.0.0.1:{port}/feeds/cong-0/van-ban.rss")
    assert b"documents.invalid" not in rss
    assert rss.count(b"<enclosure ") == 4


def test_what_a_paper_needs_is_told_and_nothing_is_lost(configure, portal, feedsvc, tmp_path, monkeypatch) -> None:
    """Without the extra, poll and status say what to install; once it is there, the paper that waited is read."""
    config = configure(portal, port=free_port(), categories=())
    (config.parent / "inbox").mkdir()
    (config.parent / "inbox" / "cau-treo.docx").write_bytes(papers.word_file())
    config.write_text(
        config.read_text("utf-8")
        + '  [[source.category]]\n  slug = "van-ban"\n  title = "Văn bản"\n  url = "folder:inbox"\n',
        "utf-8",
    )
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "sitecustomize.py").write_text("import sys\nsys.modules['docx'] = None\n", "utf-8")
    with monkeypatch.context() as without:
        without.setenv("PYTHONPATH", str(bare))
        done = feedsvc("poll", config=config)
        assert (done.returncode, "pip install 'feedsvc[documents]'" in done.stdout) == (1, True), done.stdout
        assert "pip install 'feedsvc[documents]'" in " ".join(feedsvc("status", config=config).stdout.split())
    assert "new 1" in feedsvc("poll", config=config).stdout


def test_all_channels_are_listed_and_answer(running: int) -> None:
    """OPML names every category; category and source feeds, their pages and an item's page answer."""
    base = f"http://127.0.0.1:{running}"
    status, headers, body = ask(f"{base}/opml")
    assert (status, b"/feeds/cong-0/tin-tuc.rss" in body) == (200, True)
    assert headers["content-type"].startswith("text/x-opml")
    for path in ("/", "/feeds/cong-0/tin-tuc", "/feeds/cong-0", "/feeds/cong-0.atom", "/items/1", "/status", "/readyz"):
        assert ask(base + path)[0] == 200, path
    assert ask(f"{base}/feeds/cong-0/khong-co.rss")[0] == 404


def test_a_kept_file_is_all_that_is_written(running: int, tmp_path: Path) -> None:
    """The service writes its database beside the configuration, and nothing else."""
    names = {path.name for path in tmp_path.iterdir()} - {"test.log"}
    assert {name for name in names if not name.endswith(".json")} <= {
        "config.toml", "feedsvc.db", "feedsvc.db-wal", "feedsvc.db-shm",
    }  # fmt: skip
