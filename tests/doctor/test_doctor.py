"""`feedsvc doctor` names what is wrong, and what to do; it changes nothing, and tells no secret."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import ssl
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from aiohttp import web
from loopback import free_port

from feedsvc.config import load_config
from feedsvc.doctor import examine
from feedsvc.errors import Blocked, Unreachable
from feedsvc.fetch.inspecting import Inspector
from feedsvc.model import Beat, Category, Item, PollResult, Source
from feedsvc.store import open_store

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
TOWN = Path(__file__).parents[1] / "crash" / "town.pem"
CONFIG = """
[service]
database = "{url}"
base_url = "http://127.0.0.1:{port}"
[fetch]
allow_private = ["127.0.0.1:{port}"]
{more}
[[source]]
slug = "sapa"
title = "Sa Pa"
home = "http://127.0.0.1:{port}/"
"""


@pytest.fixture
def place(tmp_path, request):
    """Writes a configuration and fills its database; gives the path of config.toml."""

    def make(*, kind="sqlite", port=1, more="", mode=0o600):
        url = (
            request.getfixturevalue("postgresql")(migrated=True)
            if kind == "postgresql"
            else f"sqlite:///{tmp_path}/s.db"
        )
        path = tmp_path / "config.toml"
        path.write_text(CONFIG.format(url=url, port=port, more=more), "utf-8")
        path.chmod(mode)
        filled = (tmp_path / "s.db").exists()
        store = open_store(url)
        if filled:
            store.close()
            return path
        store.sync(
            [Source(slug="sapa", title="Sa Pa", home="http://127.0.0.1/")],
            [Category(source="sapa", slug="tin", title="Tin", url="http://127.0.0.1/tin")],
            NOW,
        )
        (claim,) = store.claim_due(NOW, 1, owner="may-khac:1")
        new = (
            Item(
                id="tag:a",
                keys=("url:a",),
                source="sapa",
                url="u",
                title="t",
                first_seen=NOW,
                shown=NOW,
                updated=NOW,
                categories=("tin",),
            ),
        )
        state = replace(claim.state, polled=NOW, next_poll=NOW, outcome="ok")
        store.save(
            PollResult(
                source="sapa",
                category="tin",
                token=claim.token,
                started=NOW,
                finished=NOW,
                outcome="ok",
                new=new,
                state=state,
            )
        )
        store.close()
        return path

    return make


def found(path, now=NOW, verdict="wrong", *, offline=True):
    """Checks and words of one verdict."""
    told = examine(load_config(path, {}), path, now, offline=offline)
    return {(one.check, one.words, one.todo) for one in told if one.verdict == verdict}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_all_is_well(place, kind):
    """On a healthy installation nothing is wrong, on either database."""
    path = place(kind=kind)
    assert found(path) == set()
    assert {"schema", "integrity", "orphans", "disk", "polls", "clock", "parts", "admin"} <= {
        one[0] for one in found(path, verdict="fine")
    }


def spoil(path, *statements):
    """Changes rows behind the back of every rule."""
    with closing(sqlite3.connect(path.parent / "s.db")) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


@pytest.mark.parametrize(
    ("statement", "check", "words"),
    [
        ("INSERT INTO item_keys VALUES (99, 'url:x', 'sapa', 0, 0)", "orphans", "belong to nothing: item_keys: 1"),
        ("DELETE FROM item_keys", "orphans", "items without a key: 1"),
        ("UPDATE categories SET polled = '2027-01-01T00:00:00.000000+00:00'", "clock", "in the future"),
        ("UPDATE alembic_version SET version_num = '9999'", "database", "made by a newer feedsvc"),
        ("PRAGMA writable_schema=ON", "", ""),
    ],
)
def test_what_is_wrong_with_the_database_is_told(place, statement, check, words):
    """Orphans, keyless items, polls of the future, newer schemas: each has its line, and what to do."""
    path = place()
    spoil(path, statement)
    told = found(path)
    assert [one[0] for one in told] == ([check] if check else [])
    assert all(words in one[1] and one[2] for one in told)


def test_a_damaged_page_is_found(place):
    """A page that does not hold together is told, with the way back."""
    path = place()
    file = path.parent / "s.db"
    data = bytearray(file.read_bytes())
    for page in range(3, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    file.write_bytes(data)
    assert any("feedsvc restore" in todo for _, _, todo in found(path))


def test_a_silent_poller_and_a_full_disk_are_told(place):
    """A poller that gives no sign, and too little room, are wrong; each with what to do."""
    path = place(more='[polling]\nevery = "15m"\n')
    store = open_store(load_config(path, {}).database)
    store.beat(Beat(owner="may:1", at=NOW - timedelta(hours=1)))
    store.close()
    assert {one[0] for one in found(path)} == {"pollers"}
    path.write_text(path.read_text("utf-8").replace("[service]", '[service]\nleast_free = "900000GiB"'), "utf-8")
    assert {one[0] for one in found(path)} == {"pollers", "disk"}


def test_secrets_are_judged_and_never_told(place):
    """Modes of files and the strength of the token are judged; not one planted secret is in any output."""
    more = '[admin]\ntoken = "bimatbimat"\n[[relay]]\nname = "n"\nkind = "webhook"\nkhoa_token = { file = "khoa.txt" }\nurl = "https://h.example/bimat-dia-chi"\n'
    (place().parent / "khoa.txt").write_text("bimat-trong-tep", "utf-8")
    path = place(more=more, mode=0o644)
    (path.parent / "khoa.txt").chmod(0o644)
    told = found(path)
    assert {one[0] for one in told} == {"secrets", "admin"}
    assert sum("chmod 600" in one[2] for one in told) == 2
    argv = [sys.executable, "-m", "feedsvc", "--config", str(path), "doctor", "--offline"]
    for more_words in ([], ["--json"]):
        said = subprocess.run([*argv, *more_words], check=False, capture_output=True, text=True)
        assert said.returncode == 1
        assert "bimat" not in said.stdout + said.stderr
    assert json.loads(said.stdout)["fine"] is False


@pytest.fixture
def serve():
    """Runs small servers in a thread of their own."""
    loop = asyncio.new_event_loop()
    runners = []
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def start(body, *, clock=None, tls=None):
        async def answer(request):
            headers = {"Date": clock} if clock else {}
            return web.Response(text=body, headers=headers)

        async def up():
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", answer)
            runner = web.AppRunner(app)
            await runner.setup()
            port = free_port()
            await web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls).start()
            runners.append(runner)
            return port

        return asyncio.run_coroutine_threadsafe(up(), loop).result(10)

    yield start
    for runner in runners:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_the_public_address_and_the_clock_are_compared(place, serve):
    """An address that somebody else answers, and a clock that is off the portals', are told."""
    good = found(place(port=serve("ok\n")), datetime.now(UTC), offline=False)
    assert good == set()
    path = place(port=serve("<html>", clock="Mon, 02 Mar 2026 06:00:00 GMT"))
    told = {check: words for check, words, _ in found(path, offline=False)}
    assert "answered by somebody else" in told["address"]
    assert "60 minutes off" in told["clock"]


def test_a_host_that_is_not_there_is_named(place):
    """A closed port is told by its host; the public address that nobody answers, too."""
    told = {check for check, _, _ in found(place(port=free_port()), offline=False)}
    assert told == {"hosts", "address"}


@pytest.mark.skipif(not TOWN.exists(), reason="no certificate of the sample town")
async def test_certificates_are_verified_and_their_end_is_told(serve):
    """A certificate that nobody vouches for is refused in words; of one that is trusted, the end is known."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TOWN)
    port = serve("x", tls=context)
    inspector = Inspector(user_agent="feedsvc/0", private={("127.0.0.1", port), ("localhost", port)})
    with pytest.raises(Unreachable, match="the certificate of localhost is refused"):
        await inspector.look(f"https://localhost:{port}/")
    await inspector.close()


async def test_the_inside_is_not_looked_at():
    """The guard of all requests stands before this door, too."""
    inspector = Inspector(user_agent="feedsvc/0")
    for url in ("http://127.0.0.1/", "http://localhost/", "https://169.254.169.254/latest"):
        with pytest.raises(Blocked):
            await inspector.look(url)
    await inspector.close()
