"""A headless Chromium for tests that look at pages as people do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def started_chromium() -> Iterator[Browser]:
    """One browser, closed afterwards; without Chromium the tests are skipped, except where CI=true wants all of them."""
    if not CHROMIUM:
        missing("no Chromium on this machine (apt-get install chromium)")
    try:
        playwright = sync_playwright().start()
    except Exception as error:  # noqa: BLE001 - a driver that does not start may say so in any way
        missing(f"what drives Chromium does not start here (apt-get install libatomic1): {error}")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
    yield browser
    browser.close()
    playwright.stop()


def missing(what: str) -> None:
    """Skips the test, or fails it under CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)
