"""A service over a sample portal that was read once, running; and small ones that are filled by hand."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import papers
from loopback import CATEGORIES, Portal, Processes, ask, free_port, until

from feedsvc.config import load_config
from feedsvc.export import Outcome, export
from feedsvc.model import CategoryState, Item, PollResult
from feedsvc.service import Service
from feedsvc.store import open_store
from feedsvc.web import create_app

NOW = datetime(2026, 11, 23, 3, 35, tzinfo=UTC)


@dataclass(frozen=True)
class Running:
    """A running web over what was read of the sample portal, its configuration, and an export of the same."""

    port: int
    config: Path
    folder: Path

    @property
    def base(self) -> str:
        """base_url."""
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The sample portal and a folder with a Word file read once, ten pages deep; then the web over it, and an export."""
    folder = tmp_path_factory.mktemp("portal")
    processes = Processes(folder / "log")
    try:
        portal = Portal(free_port())
        processes.start("feedsvc.demo", "--port", str(portal.port), "--state", str(folder / "portal.json"))
        until(lambda: ask(portal.base)[0] == 200, 30, "the sample portal answers")
        port = free_port()
        site = Running(port, _configuration(folder, portal, port), folder / "out")
        (folder / "inbox").mkdir()
        (folder / "inbox" / "kế hoạch.docx").write_bytes(papers.word_file())
        os.utime(folder / "inbox" / "kế hoạch.docx", (1_700_000_000, 1_700_000_000))
        _run("--config", str(site.config), "poll", "--quiet")
        processes.start("feedsvc", "--config", str(site.config), "web")
        until(lambda: ask(f"{site.base}/readyz")[0] == 200, 30, "the web answers")
        _run("--config", str(site.config), "export", str(site.folder))
        yield site
    finally:
        processes.end_all()


def _configuration(folder: Path, portal: Portal, port: int) -> Path:
    categories = "".join(
        f'  [[source.category]]\n  slug = "{slug}"\n  title = "{slug}"\n  url = "{portal.base}{slug}"\n'
        for slug in CATEGORIES
    )
    path = folder / "config.toml"
    path.write_text(
        f'[service]\nbase_url = "http://127.0.0.1:{port}"\n[web]\nport = {port}\n[fetch]\nallow_private = ["127.0.0.1:{portal.port}"]\nper_host_delay = "0s"\n'
        f'[media]\nmirror = "all"\n[polling]\npages = 10\n[[source]]\nslug = "cong"\ntitle = "Cổng"\nhome = "{portal.base}"\n{categories}'
        '[[source]]\nslug = "van-thu"\ntitle = "Văn thư"\nhome = "folder:inbox"\n'
        '[[feed]]\nslug = "le-hoi"\ntitle = "Lễ hội"\ninclude = ["cong"]\nwords = ["lễ"]\n',
        "utf-8",
    )
    return path


def _run(*argv: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "feedsvc", *argv], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr


CONFIG = """\
[service]
title = "Tin Suối Bạc"
base_url = "https://feeds.example.org"
[[source]]
slug = "suoi-bac"
title = "Thị trấn Suối Bạc"
home = "https://suoibac.example.org/"
  [[source.category]]
  slug = "tin-tuc"
  title = "Tin tức"
  url = "https://suoibac.example.org/tin-tuc"
  [[source.category]]
  slug = "thong-bao"
  title = "Thông báo"
  url = "https://suoibac.example.org/thong-bao"
"""


class Town:
    """A service that is filled by hand, and the folder that it is exported into."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        (folder / "config.toml").write_text(CONFIG, "utf-8")
        self.store = open_store(load_config(folder / "config.toml", {}).database)
        self.items: dict[int, Item] = {}
        self.open()

    def open(self, text: str = CONFIG) -> None:
        """The service over another configuration."""
        (self.folder / "config.toml").write_text(text, "utf-8")
        config = load_config(self.folder / "config.toml", {})
        self.store.sync(config.sources(), config.categories(), NOW)
        self.service = Service(config, self.store, lambda: NOW)

    def poll(self, category: str, *numbers: int, changed: tuple[Item, ...] = ()) -> None:
        """Stores articles of a category as a poll does."""
        (claim,) = self.store.claim_due(NOW, 1, owner="test", only=("suoi-bac", category))
        state = CategoryState(polled=NOW, next_poll=NOW, outcome="ok", succeeded=NOW)
        self.store.save(
            PollResult(
                source="suoi-bac", category=category, token=claim.token, started=NOW, finished=NOW, outcome="ok",
                new=tuple(article(number, category) for number in numbers), changed=changed, state=state,
            )
        )  # fmt: skip

    def app(self):
        """A new application, as each export makes one."""
        return create_app(self.service, monotonic=lambda: 0.0)

    def export(self, **options) -> Outcome:
        """One export."""
        return export(self.app(), self.service, self.out, **options)

    def files(self) -> dict[str, tuple[int, int]]:
        """Inode and time of every exported file, by its name."""
        found = (path for path in self.out.rglob("*") if path.is_file() and "/.feedsvc" not in str(path))
        return {str(path.relative_to(self.out)): (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


def article(number: int, category: str, title: str = "") -> Item:
    """An article of the town."""
    moment = NOW - timedelta(hours=1000 - number)
    return Item(
        id=f"tag:suoibac.example.org,2026:suoi-bac/{number}", keys=(f"url:suoi-bac/{number}",), source="suoi-bac",
        url=f"https://suoibac.example.org/bai-{number}", title=title or f"Chợ phiên thứ {number} của năm",
        summary="Bà con các bản về chợ từ sớm.", html=f"<p>Phiên thứ {number} đông vui.</p>",
        text=f"Phiên thứ {number} đông vui.", published=moment, precision="minute", first_seen=moment, shown=moment,
        updated=moment, categories=(category,), fingerprint=f"{number}{title}",
    )  # fmt: skip


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town without news yet."""
    found = Town(tmp_path)
    yield found
    found.store.close()


@pytest.fixture
def feedsvc(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs one verb to its end, in the test's folder."""

    def run(*argv: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "feedsvc", *argv]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)

    return run
