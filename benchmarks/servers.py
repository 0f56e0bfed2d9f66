"""The two servers that are compared: ours as it is run, and nginx over the same bytes. On 127.0.0.1 alone."""

from __future__ import annotations

import http.client
import os
import pwd
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template

from benchmarks.sample import FEED, SOURCE, fill
from feedsvc.config import load_config

HOST = "127.0.0.1"
WORKERS = 2
WITHIN = 30.0
PATH = f"/feeds/{FEED}.rss?limit=100"
PACKED = "/packed"
"""Where nginx gives the brotli bytes: as a file of its own, for Debian's knows no brotli."""

CONFIG = """\
[service]
title = "Tin thử"
[web]
workers = {workers}
[[source]]
slug = "{slug}"
title = "{title}"
home = "{home}"
"""

NGINX = Template("""\
$user
daemon off;
worker_processes $workers;
pid $folder/nginx.pid;
error_log stderr error;
events { worker_connections 1024; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=100 inactive=1h;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    types { "$type" rss br; }
    server {
        listen $host:$port;
        root $folder/files;
        gzip_static on;
        $headers
        location $packed {
            gzip_static off;
            rewrite ^ /feeds/$feed.rss.br break;
            add_header Content-Encoding br;
            $headers
        }
    }
}
""")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: `pid` is the process that started the others."""

    name: str
    port: int
    pid: int


def ask(port: int, path: str = PATH, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body. Raises OSError when nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@contextmanager
def our_server(folder: Path, entries: int) -> Iterator[Server]:
    """`feedsvc web` over a database in `folder` with `entries` articles, as anybody runs it."""
    port, config = free_port(), folder / "config.toml"
    config.write_text(CONFIG.format(workers=WORKERS, **SOURCE), "utf-8")
    fill(load_config(config), entries)
    command = [sys.executable, "-m", "feedsvc", "--config", str(config), "web", "--port", str(port)]
    with _running("ours", port, command) as server:
        yield server


@contextmanager
def nginx_server(folder: Path, port_of_ours: int, nginx: str) -> Iterator[Server]:
    """The program `nginx` over files in `folder`, which hold what ours answers, with the same headers."""
    feed = folder / "files" / "feeds" / f"{FEED}.rss"
    feed.parent.mkdir(parents=True)
    _, headers, body = ask(port_of_ours)
    feed.write_bytes(body)
    for ending, coding in (("gz", "gzip"), ("br", "br")):
        _, found, packed = ask(port_of_ours, headers={"Accept-Encoding": coding})
        if found.get("content-encoding") == coding:
            feed.with_name(f"{feed.name}.{ending}").write_bytes(packed)
    port, config = free_port(), folder / "nginx.conf"
    config.write_text(_configuration(folder, port, headers), "utf-8")
    with _running("nginx", port, [nginx, "-p", str(folder), "-c", str(config)]) as server:
        yield server


def _configuration(folder: Path, port: int, headers: Mapping[str, str]) -> str:
    same = ("cache-control", "vary", "link", "access-control-allow-origin", "x-content-type-options")
    return NGINX.substitute(
        user=f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else "",  # else its workers may not read here
        workers=WORKERS, folder=folder, host=HOST, port=port, type=headers["content-type"], feed=FEED, packed=PACKED,
        headers="\n        ".join(f"add_header {name} '{headers[name]}';" for name in same if name in headers),
    )  # fmt: skip


@contextmanager
def _running(name: str, port: int, command: list[str]) -> Iterator[Server]:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        _wait(name, port, process)
        yield Server(name, port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(name: str, port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the server gives the feed; its own last words on stderr say why it does not."""
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if ask(port)[0] == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise SystemExit(f"{name} gave no feed at {HOST}:{port} within {WITHIN:.0f} s")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """CPU time that a process and all its descendants have used so far, in seconds (proc(5), stat)."""
    parents, spent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        number = int(stat.parent.name)
        parents[number] = int(fields[1])
        spent[number] = int(fields[11]) + int(fields[12])
    return sum(ticks for number, ticks in spent.items() if _descends(number, pid, parents)) / os.sysconf("SC_CLK_TCK")


def _descends(number: int, ancestor: int, parents: Mapping[int, int]) -> bool:
    while number > 1 and number != ancestor:
        number = parents.get(number, 0)
    return number == ancestor
