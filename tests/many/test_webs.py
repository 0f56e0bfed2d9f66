"""Two webs over one database behind nginx, by the files that the documentation gives."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from loopback import ask, free_port, until

GIVEN = Path(__file__).parents[2] / "docs" / "howto"
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
DOCUMENTS = ("/feeds/s0.rss", "/feeds/s0/muc-0-0.atom", "/feeds/s1.json", "/opml")


@pytest.fixture
def webs(pollers, store):
    """Two webs over a filled database: their ports and processes."""
    company = pollers(gap=0)
    poller = company.start()
    until(lambda: all(state.succeeded for state in store.states().values()), 60, "all categories are read")
    poller.terminate()
    poller.wait(20)
    started = {}
    for port in (free_port(), free_port()):
        started[port] = company.processes.start("feedsvc", "--config", str(company.config), "web", "--port", str(port))
    for port in started:
        until(lambda port=port: ask(f"http://127.0.0.1:{port}/readyz")[0] == 200, 30, "a web answers")
    return started


@pytest.fixture
def nginx(webs, tmp_path):
    """Debian's nginx before both: its address."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        assert os.environ.get("CI") != "true", "nginx is missing: apt-get install nginx"
        pytest.skip("needs nginx (apt-get install nginx)")
    first, second = webs
    port, folder = free_port(), tmp_path / "nginx"
    folder.mkdir()
    text = (GIVEN / "feedsvc.nginx.conf").read_text("utf-8").replace("listen 80;", f"listen 127.0.0.1:{port};")
    text = text.replace("server web:8080", f"server 127.0.0.1:{first}")
    text = text.replace("# server web-2:8080", f"server 127.0.0.1:{second}")
    (folder / "feedsvc.conf").write_text(text, "utf-8")
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(user + MAIN.format(folder=folder), "utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=log)
    until(lambda: ask(f"http://127.0.0.1:{port}/healthz")[0] == 200, 10, "nginx answers")
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_webs_answer_alike_and_one_may_die(webs, nginx):
    """Each web gives the same bytes and tags, a tag of one is a 304 of the other, and nobody notices the death of one."""
    for path in DOCUMENTS:
        told = [ask(f"{base}{path}") for base in (*(f"http://127.0.0.1:{port}" for port in webs), *[nginx] * 4)]
        assert {(status, headers["etag"], body) for status, headers, body in told} == {
            (200, told[0][1]["etag"], told[0][2])
        }
        for _ in range(4):
            assert ask(f"{nginx}{path}", {"If-None-Match": told[0][1]["etag"]})[0] == 304
    dying = next(iter(webs.values()))
    dying.kill()
    assert [ask(f"{nginx}{path}")[0] for path in DOCUMENTS * 5] == [200] * 20
    dying.wait()
    assert ask(f"{nginx}/metrics")[0] == 403


def test_the_compose_file_runs_verbs_that_there_are():
    """It has pollers, webs, nginx and one database; only nginx is reached from outside, and no secret stands in it."""
    given = yaml.safe_load((GIVEN / "compose.yaml").read_text("utf-8"))
    services = given["services"]
    assert set(services) == {"poller", "web", "nginx", "postgresql"}
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert services["poller"]["command"][2:4] == ["poll", "--forever"]
    assert services["web"]["command"][2] == "web"
    assert "hostname" not in services["poller"]
    mounted = services["nginx"]["volumes"][0].split(":")[0].removeprefix("./")
    assert (GIVEN / mounted).exists()
    assert {name for service in services.values() for name in service.get("secrets", [])} == set(given["secrets"])
