"""The service over the sample portal, running as anybody starts it, and a real Chromium that looks at it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from chromium import started_chromium
from loopback import Processes, ask, free_port, until
from playwright.sync_api import Browser, Page

HEARD = """
globalThis.broken = [];
addEventListener("securitypolicyviolation", event => broken.push(event.violatedDirective + " " + event.blockedURI));
"""


@dataclass
class Eye:
    """Opens pages in contexts of their own, and keeps what they complain of: errors, and breaches of their policy."""

    browser: Browser
    base: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str, width: int = 1280, scheme: str = "light", **options) -> Page:
        """A page, all its pictures loaded."""
        wanted = {"locale": "vi-VN", "viewport": {"width": width, "height": 800}, "color_scheme": scheme}
        context = self.browser.new_context(**wanted | options)
        context.add_init_script(HEARD)
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.base + path, wait_until="networkidle")
        return page

    def heard(self, page: Page) -> list[str]:
        """What a page complained of; that a missing page is missing is none."""
        return [text for text in self.complaints if "status of 404" not in text] + page.evaluate("globalThis.broken")

    def close(self) -> None:
        """Closes all that it opened."""
        for context in self.browser.contexts:
            context.close()


@pytest.fixture(scope="module")
def browser():
    """One headless Chromium."""
    yield from started_chromium()


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """Where `feedsvc demo` answers, every category filled."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    processes = Processes(folder / "demo.log")
    processes.start("feedsvc", "demo", "--port", str(port), "--dir", str(folder / "demo"))
    base = f"http://127.0.0.1:{port}"

    def filled() -> bool:
        status, _, body = ask(f"{base}/status.json")
        return status == 200 and all(row["items"] >= 10 for row in json.loads(body)["categories"])

    until(filled, 60, "every category has ten items")
    yield base
    processes.end_all()


@pytest.fixture
def eye(browser, demo):
    """Looks at the demo; what it opened is closed after the test."""
    looking = Eye(browser, demo)
    yield looking
    looking.close()
