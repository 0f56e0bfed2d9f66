"""A secret that was planted everywhere is told nowhere (safety.md 12)."""

from __future__ import annotations

import subprocess
import sys
import threading
import tomllib
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from feedsvc.config import load_config, parse_config
from feedsvc.errors import ConfigError
from feedsvc.fetch.mask import masked, masked_text
from feedsvc.log import secrets_of
from feedsvc.service import Service
from feedsvc.store import open_store
from feedsvc.web import create_app

SECRET = "Geheim-7f3a9c2e51"
FEEDSVC = (sys.executable, "-m", "feedsvc")


class Portal(BaseHTTPRequestHandler):
    """Sends whoever asks on to a place that may not be asked, with the secret in it, spelled in several ways."""

    def do_GET(self):
        """Robots are free; all else is a redirect, or a page that is no list."""
        self.send_response(404 if self.path == "/robots.txt" else 302)
        there = f"http://ai:{SECRET}@10.0.0.1/dang-nhap?next=%2Ftin%3Ftoken%3D{SECRET}&token={SECRET}"
        if self.path.startswith("/lap-lai"):  # repeated where no rule of addresses looks for one
            there = f"http://10.0.0.1/{SECRET}/?a={SECRET}"
        self.send_header("Location", there)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        """Says nothing."""


@pytest.fixture
def portal():
    """Its port."""
    server = HTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def planted(tmp_path, portal):
    """A configuration with the secret in each place that may hold one."""
    (tmp_path / "token").write_text(SECRET, "utf-8")
    file = tmp_path / "config.toml"
    file.write_text(
        f"""
[service]
base_url = "https://feeds.example.org"
logs = "json"
[fetch]
allow_private = ["127.0.0.1:{portal}"]
per_host_delay = "0s"
[admin]
token = {{ file = "token" }}
[[source]]
slug = "muong"
title = "Mường Sương"
home = "http://127.0.0.1:{portal}/?token={SECRET}"
  [[source.category]]
  slug = "tin"
  title = "Tin"
  url = "http://127.0.0.1:{portal}/tin?token={SECRET}"
""",
        "utf-8",
    )
    return file


def run(file, *words):
    """All that a verb says, on both streams."""
    done = subprocess.run(
        [*FEEDSVC, "--config", str(file), *words], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout + done.stderr


def test_no_verb_tells_it(planted):
    """Poll, check, status and their JSON tell what is wrong without the secret."""
    told = [run(planted, "poll"), run(planted, "check"), run(planted, "status"), run(planted, "status", "--json")]
    told += [run(planted, "--debug", "read", f"http://127.0.0.1:1/?token={SECRET}")]
    assert "***" in told[0]
    assert "10.0.0.1" in told[3]
    assert [text for text in told if SECRET in text] == []


def test_no_page_feed_or_metric_tells_it(planted):
    """Status, pages, feeds, the list of all feeds and the metrics are public, or nearly: none of them holds it."""
    run(planted, "poll")
    config = load_config(planted, {})
    store = open_store(config.database)
    try:
        client = create_app(Service(config, store, lambda: datetime.now(UTC))).test_client()
        for path in ("/", "/status", "/status.json", "/metrics", "/opml", "/feeds/muong", "/feeds/muong/tin",
                     *(f"/feeds/muong{name}.{end}" for name in ("", "/tin") for end in ("rss", "atom", "json"))):  # fmt: skip
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert SECRET not in answer.text, path
            assert SECRET not in str(answer.headers), path
    finally:
        store.close()


def test_no_alarm_tells_it(planted):
    """Nor do the alarms, the log of them and the operator's feed, also where a portal repeats it in odd places."""
    with planted.open("a", encoding="utf-8") as file:
        file.write(
            f'[[source]]\nslug = "lap-lai"\ntitle = "Lặp lại"\nhome = "{_home(planted)}lap-lai?token={SECRET}"\n'
        )
    logs = [run(planted, "poll") for _ in range(3)]
    config = load_config(planted, {})
    store = open_store(config.database)
    try:
        client = create_app(Service(config, store, lambda: datetime.now(UTC))).test_client()
        told = client.get("/status.json").get_json()
        assert {alarm["source"] for alarm in told["alarms"]} == {"muong", "lap-lai"}
        local = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1"}
        paths = ("/status", "/status.json", *(f"/feeds/operator.{form}" for form in ("atom", "rss", "json")))
        answers = {path: client.get(path, environ_overrides=local) for path in paths}
    finally:
        store.close()
    assert {answer.status_code for answer in answers.values()} == {200}
    said = {path: answer.text for path, answer in answers.items()} | {"poll": "".join(logs)}
    assert [path for path, text in said.items() if SECRET in text] == []
    assert all("10.0.0.1" in text for text in said.values())


@pytest.mark.parametrize("user", [f"ai:{SECRET}", f":{SECRET}", SECRET, f"ai:{SECRET * 4}"])
def test_a_user_part_is_refused_without_telling_it(planted, user):
    """No source has one, and the sentence that says so does not show it; nor that of an address with a parameter."""
    home = _home(planted)
    for address in (home.replace("//", f"//{user}@"), f"ftp{home.removeprefix('http')}?token={SECRET}"):
        file = planted.with_name("another.toml")
        file.write_text(f'[[source]]\nslug = "nguoi"\ntitle = "Người"\nhome = "{address}"\n', "utf-8")
        told = run(file, "check")
        assert "right would be an address such as" in told
        assert SECRET not in told


def _home(file):
    """The address of the portal in a configuration."""
    return tomllib.loads(file.read_text("utf-8"))["source"][0]["home"].partition("?")[0]


def test_a_database_that_cannot_be_had_tells_no_password(tmp_path):
    """The sentence names the database without its password, with the traceback as well."""
    file = tmp_path / "config.toml"
    file.write_text(f'[service]\ndatabase = "postgresql://ai:{SECRET}@127.0.0.1:1/x"\n', "utf-8")
    for words in (["status"], ["--debug", "status"]):
        told = run(file, *words)
        assert told.strip()
        assert SECRET not in told


@pytest.mark.parametrize(
    "text",
    [
        f'[admin]\ntoken = ["{SECRET}"]',
        f'[service]\ndatabase = {{ x = "{SECRET}" }}',
        '[polling]\nevery = { env = "S" }',
        f'[admin]\ntokn = "{SECRET}"',
    ],
)  # fmt: skip
def test_a_mistake_in_the_configuration_tells_no_secret(tmp_path, text):
    """A wrong value of a secret key, or one from the environment, is not shown."""
    with pytest.raises(ConfigError) as caught:
        parse_config(tomllib.loads(text), path=tmp_path / "config.toml", text=text, environ={"S": SECRET})
    assert SECRET not in str(caught.value)


RAISING = f"""
import logging, threading
import structlog
from feedsvc.log import set_up_logging
set_up_logging(json={{json}}, secrets={{{{"{SECRET}"}}}})
evil = "a {SECRET}\\n2026-11-23 [info] poll forged=1\\x1b[2J"
log = structlog.get_logger()
log.error(evil, problem=evil, more=[evil, {{{{"x": evil}}}}], what=ValueError(evil), source=evil)
try:
    raise ValueError(evil)
except ValueError:
    log.exception("broken")
    logging.getLogger("library").exception(evil)
logging.getLogger("library").warning("said %s", evil)
def fail():
    raise RuntimeError(evil)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
raise KeyError(evil)
"""


@pytest.mark.parametrize("as_json", [True, False])
def test_no_log_line_tells_it_or_is_forged(tmp_path, as_json):
    """Ours, libraries', those of threads and of what ends the process: no secret, no escape, no line begun by a portal."""
    script = (
        RAISING.replace("{json}", str(as_json))
        .replace("{{{{", "{")
        .replace("}}}}", "}")
        .replace("{{", "{")
        .replace("}}", "}")
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
    )
    assert done.returncode == 1
    assert SECRET not in done.stderr
    assert "\x1b" not in done.stderr
    assert not [line for line in done.stderr.splitlines() if line.startswith("2026-11-23 [info] poll forged")]
    for kind in ("ValueError", "RuntimeError", "KeyError", "Traceback"):
        assert kind in done.stderr


def test_secrets_of_a_configuration(planted):
    """Tokens and secret parameters are known as secrets in every spelling; short words are not."""
    assert SECRET in secrets_of(load_config(planted, {}))
    with_password = parse_config(
        {"service": {"database": "postgresql://u:a%20b%2Fcd@h/x"}}, path=planted, text="", environ={}
    )
    assert {"a%20b%2Fcd", "a b/cd"} <= secrets_of(with_password)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"https://ai:{SECRET}@h.vn/x", "https://h.vn/x"),
        (
            f"redirects to https://h.vn/?next=%2Ftin%3Ftoken%3D{SECRET}%26a%3D1&b=2",
            "redirects to https://h.vn/?next=%2Ftin%3Ftoken%3D***%26a%3D1&b=2",
        ),
        (f"https://h.vn/?n=%252Ft%253Ftoken%253D{SECRET}", "https://h.vn/?n=%252Ft%253Ftoken%253D***"),
        (f"https://h.vn/?PHPSESSID={SECRET}#a", "https://h.vn/?PHPSESSID=***#a"),
        (f"https://api.h.vn/bot123:{SECRET}/send", "https://api.h.vn/bot***/send"),
        ("https://h.vn/?q=token", "https://h.vn/?q=token"),
    ],
)
def test_addresses_are_masked_in_words(text, shown):
    """An address is masked wherever it stands in a sentence, also within another."""
    assert masked_text(text) == shown
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"connection failed: password={SECRET} host=x", "connection failed: password=*** host=x"),
        (f"Authorization: Bearer {SECRET}", "Authorization: Bearer ***"),
        ("sorted(rows, key=len)", "sorted(rows, key=len)"),
        ("// viết cho ai đó @nhà", "// viết cho ai đó @nhà"),
    ],
)
def test_words_are_masked(text, shown):
    """Passwords and credentials in messages of libraries are taken out, and code stays as it is."""
    assert masked_text(text) == shown
