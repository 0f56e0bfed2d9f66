"""From a portal's address to its feeds: discover, check, poll, over the sample portal."""

import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loopback import Portal, Processes, ask, free_port, until

from feedsvc.config import load_config
from feedsvc.demo.content import load_content
from feedsvc.model import Choice
from feedsvc.service import Service
from feedsvc.store import open_store

Run = Callable[..., subprocess.CompletedProcess[str]]
CONFIG = """\
# Cấu hình của phòng thông tin
[service]
title = "Tin thử"      # tên

[fetch]
allow_private = ["127.0.0.1:{port}"]
per_host_delay = "0s"

[polling]
pages = 20

# hết
[web]
port = 8099
"""
NAMES = {
    "tin-tuc-su-kien": "Tin tức - Sự kiện",
    "kinh-te-xa-hoi": "Kinh tế - Xã hội",
    "thong-bao": "Thông báo",
    "van-ban-phap-luat": "Văn bản pháp luật",
    "video": "Video",
    "thu-vien-anh": "Thư viện ảnh",
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The sample portal, nothing new published."""
    folder = tmp_path_factory.mktemp("portal")
    processes, found = Processes(folder / "portal.log"), Portal(free_port())
    processes.start("feedsvc.demo", "--port", str(found.port), "--state", str(folder / "portal.json"))
    until(lambda: ask(found.base)[0] == 200, 20, "the sample portal answers")
    yield found
    processes.end_all()


@pytest.fixture
def config(portal: Portal, tmp_path: Path) -> Path:
    """A config.toml without any source, which may ask the sample portal."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(port=portal.port), "utf-8")
    return path


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `feedsvc ...` in the folder of the configuration."""

    def call(*argv: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "feedsvc", *argv]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=180, check=False)

    return call


def feeds_of(config: Path) -> dict[str, list]:
    """The items of each category's feed, as readers get them."""
    settings = load_config(config, {})
    store = open_store(settings.database)
    try:
        service = Service(settings, store, lambda: datetime.now(UTC))
        found = {}
        for path, channel in service.channels.items():
            if channel.kind == "category":
                assert service.document(path, "rss", Choice(limit=100)) is not None
                found[path.partition("/")[2]] = list(service.feed(path, "rss", Choice(limit=100)).items)
        return found
    finally:
        store.close()


def is_complete(feeds: dict[str, list]) -> bool:
    """Whether the feeds hold all that the portal has, each item dated and titled."""
    content = load_content()
    counts = Counter(article.category for article in content.articles)
    assert {slug: len(items) for slug, items in feeds.items()} == {
        "tin-tuc-su-kien": counts["tin-tuc"],
        "kinh-te-xa-hoi": counts["kinh-te-xa-hoi"],
        "thong-bao": counts["thong-bao"],
        "van-ban-phap-luat": len(content.documents),
        "video": len(content.videos),
        "thu-vien-anh": len(content.albums),
    }
    return all(item.title and item.published for items in feeds.values() for item in items)


def test_from_an_address_to_feeds(run: Run, config: Path, portal: Portal) -> None:
    """Typing discover --add, check, poll gives complete feeds without a selector typed, and one block more in the file."""
    before = config.read_bytes()
    done = run("discover", portal.base, "--add", "muong-suong")
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in NAMES.values())
    assert "Next: feedsvc check, then: feedsvc poll muong-suong" in done.stderr
    assert "looking at" in done.stderr
    after = config.read_bytes()
    assert after.startswith(before)
    (source,) = tomllib.loads(after[len(before) :].decode())["source"]
    assert (source["slug"], source["home"]) == ("muong-suong", portal.base)
    assert {one["slug"]: one["title"] for one in source["category"]} == NAMES
    assert [one.get("kind") for one in source["category"]] == [None, None, None, "documents", "video", "gallery"]
    checked = run("check")
    assert (checked.returncode, "sources: 1, categories: 6" in checked.stdout) == (0, True)
    assert run("poll", "muong-suong", "--quiet").returncode == 0
    assert is_complete(feeds_of(config))
    again = run("discover", portal.base, "--add", "muong-suong")
    assert (again.returncode, "has this source with its categories" in again.stderr) == (2, True)
    assert config.read_bytes() == after


def test_a_home_address_is_enough(run: Run, config: Path, portal: Portal) -> None:
    """A [[source]] without categories: the first poll finds them, status tells of them, --add pins them as they are."""
    block = f'\n[[source]]\nslug = "muong-suong"\ntitle = "Mường Sương"\nhome = "{portal.base}"\n'
    config.write_text(config.read_text("utf-8") + block, "utf-8")
    checked = run("check")
    assert "muong-suong: its categories are found" in checked.stdout
    done = run("poll", "--quiet")
    assert done.returncode == 0, done.stderr
    assert "muong-suong: searched for categories: found 6" in done.stdout
    assert "new: muong-suong/video  Video" in done.stdout
    assert is_complete(feeds_of(config))
    told = json.loads(run("status", "--json").stdout)
    assert {row["category"] for row in told["categories"]} == set(NAMES)
    assert {one["category"] for one in told["searches"][0]["found"]} == set(NAMES)
    assert "searched for categories: found 6" in run("status").stdout
    assert "muong-suong: its categories are found on the portal; so far: 6" in run("check").stdout
    one = run("poll", "muong-suong/video", "--quiet")
    assert (one.returncode, one.stdout.startswith("muong-suong/video: ")) == (0, True)
    assert "searched" not in run("poll", "muong-suong", "--quiet").stdout  # not due again for a week
    ids = {slug: [item.id for item in items] for slug, items in feeds_of(config).items()}
    assert run("discover", portal.base, "--add", "muong-suong", "--quiet").returncode == 0
    assert len(load_config(config, {}).source[0].category) == 6
    assert run("poll", "--quiet").returncode == 0
    assert {slug: [item.id for item in items] for slug, items in feeds_of(config).items()} == ids


def test_json_is_the_contract(run: Run, config: Path, portal: Portal) -> None:
    """--json prints one document of the outside contract, and nothing else on standard output."""
    before = config.read_bytes()
    done = run("discover", portal.base, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr, config.read_bytes()) == (0, "", before)
    assert (told["url"], told["title"]) == (portal.base, "Cổng thông tin điện tử thị xã Mường Sương")
    assert told["native_feeds"] == []
    assert [(one["title"], one["items"], one["kind"]) for one in told["categories"]] == [
        ("Tin tức - Sự kiện", 10, "news"),
        ("Kinh tế - Xã hội", 10, "news"),
        ("Thông báo", 10, "news"),
        ("Văn bản pháp luật", 10, "documents"),
        ("Video", 10, "video"),
        ("Thư viện ảnh", 10, "gallery"),
    ]
    assert len(tomllib.loads(told["config"])["source"][0]["category"]) == 6
    assert told["requests"] <= 40


def test_a_list_is_shown_with_its_items(run: Run, config: Path, portal: Portal) -> None:
    """The address of a list shows ten of its items with their days, and makes a source of that list alone."""
    done = run("discover", f"{portal.base}tin-tuc", "--add", "tin-tuc")
    assert done.returncode == 0
    assert len([line for line in done.stdout.splitlines() if line[:12].strip().count("/") == 2]) == 10
    (source,) = tomllib.loads(config.read_text("utf-8"))["source"]
    assert (source["home"], [one["url"] for one in source["category"]]) == (portal.base, [f"{portal.base}tin-tuc"])


def test_a_private_portal_is_refused_with_the_line_to_add(run: Run, portal: Portal) -> None:
    """Without leave nothing private is asked, and the message names the line that gives it."""
    done = run("discover", portal.base)
    assert done.returncode == 1
    assert f'allow_private = ["127.0.0.1:{portal.port}"]' in done.stderr


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("discover", "ftp://x"), "is no address of a portal"),
        (("discover", "https://x.example/", "--add", "Sa Pa"), 'such as "sapa"'),
        (("discover", "https://x.example/", "--add", "operator"), 'such as "sapa"'),
    ],
)
def test_mistakes_are_told_before_anything_is_asked(run: Run, config: Path, argv: tuple[str, ...], told: str) -> None:
    """A wrong address or name is a mistake of usage; nothing is asked, nothing written."""
    before = config.read_bytes()
    done = run(*argv)
    assert (done.returncode, told in done.stderr, config.read_bytes()) == (2, True, before)


def test_without_a_file_there_is_nothing_to_add_to(run: Run) -> None:
    """--add needs a config.toml: the message names the verb that writes one."""
    done = run("discover", "https://x.example/", "--add", "x")
    assert (done.returncode, "feedsvc init" in done.stderr) == (2, True)


def test_a_page_without_categories_is_told(run: Run, config: Path, portal: Portal) -> None:
    """Where nothing is found: why, and what to do; exit code 1, nothing written."""
    before = config.read_bytes()
    done = run("discover", f"{portal.base}media/van-ban/", "--add", "x")
    assert done.returncode == 1
    assert config.read_bytes() == before
