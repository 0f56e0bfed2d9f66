"""The sample portal's feeds, standing still: polled once, then answered by the web alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from loopback import Portal, Processes, ask, free_port, until

CATEGORIES = ("tin-tuc", "kinh-te-xa-hoi", "thong-bao", "video", "thu-vien-anh", "van-ban")
CONFIG = """
[service]
title = "Tin Mường Sương"
base_url = "http://127.0.0.1:{port}"
[fetch]
allow_private = ["127.0.0.1:{portal}"]
per_host_delay = "0s"
[polling]
pages = 2
[web]
port = {port}
[[source]]
slug = "muong-suong"
title = "Cổng thông tin điện tử thị xã Mường Sương"
home = "http://127.0.0.1:{portal}/"
[[feed]]
slug = "tat-ca"
title = "Tất cả"
include = ["muong-suong"]
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All documents of a format by their addresses, and the truth: the items of each as our JSON Feed tells them.

    `older` are those of its further pages.
    """

    documents: dict[str, dict[str, bytes]]
    truth: dict[str, list[dict[str, Any]]]
    older: dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """Every feed of the sample portal in every format, while a server answers them."""
    folder: Path = tmp_path_factory.mktemp("readers")
    portal, port = Portal(free_port()), free_port()
    running = Processes(folder / "log")
    try:
        running.start("feedsvc.demo", "--port", str(portal.port), "--state", str(folder / "portal.json"))
        until(lambda: ask(portal.base)[0] == 200, 30, "the sample portal answers")
        config = folder / "config.toml"
        config.write_text(CONFIG.format(port=port, portal=portal.port), "utf-8")
        polled = running.start("feedsvc", "--config", str(config), "poll")
        assert polled.wait(180) == 0, running.log.read_text()
        running.start("feedsvc", "--config", str(config), "web")
        base = f"http://127.0.0.1:{port}"
        until(lambda: ask(f"{base}/healthz")[0] == 200, 30, "the web answers")
        yield _taken(base)
    finally:
        running.end_all()


def _taken(base: str) -> Snapshot:
    rows = json.loads(ask(f"{base}/status.json")[2])["categories"]
    paths = [*(row["path"] for row in rows), "muong-suong", "tat-ca"]
    taken = {
        form: {f"{base}/feeds/{path}.{form}": ask(f"{base}/feeds/{path}.{form}")[2] for path in paths}
        for form in ("rss", "atom", "json")
    }
    truth = {url.removesuffix(".json"): json.loads(body) for url, body in taken["json"].items()}
    return Snapshot(
        documents=taken,
        truth={url: document["items"] for url, document in truth.items()},
        older={url: list(_older(document)) for url, document in truth.items()},
    )


def _older(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    while "next_url" in document:
        document = json.loads(ask(document["next_url"])[2])
        yield from document["items"]
