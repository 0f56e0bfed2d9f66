"""The command line as a newcomer meets it."""

import contextlib
import fcntl
import json
import os
import pty
import re
import socket
import sqlite3
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import papers

from feedsvc.extract.habits import digest
from feedsvc.extract.profile_json import to_json
from feedsvc.model import Habit, Profile

Run = Callable[..., subprocess.CompletedProcess[str]]
VERBS = ("demo", "init", "discover", "check", "read", "poll", "backfill", "run", "web", "export", "status")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `feedsvc ...` in an empty folder."""

    def call(*argv: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "feedsvc", *argv]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, input=stdin, timeout=60, check=False
        )

    return call


def begin(run: Run, folder: Path) -> None:
    """A configuration as `init` writes it, with one portal of which only the home page is given."""
    assert run("init", "--lang", "en").returncode == 0
    with (folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[source]]\nslug = "my-portal"\ntitle = "My portal"\nhome = "https://www.example.org/"\n')


def test_help_names_every_verb(run: Run) -> None:
    """`feedsvc --help` shows what there is, and what to begin with."""
    done = run("--help")
    assert done.returncode == 0
    assert all(f"\n  {verb}" in done.stdout for verb in VERBS)
    assert "feedsvc demo" in done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_teaches_by_two_examples(run: Run, verb: str) -> None:
    """`--help` of a verb says what it does and shows two command lines."""
    done = run(verb, "--help")
    assert done.returncode == 0
    assert done.stdout.partition("Examples:")[2].count("feedsvc") >= 2


def test_init_writes_a_file_that_checks_and_never_overwrites(run: Run, tmp_path: Path) -> None:
    """init, then check: fine; a second init leaves what is there, and says so."""
    done = run("init", "--lang", "vi")
    assert done.returncode == 0
    assert "feedsvc check --live" in done.stdout
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert run("check").returncode == 0
    again = run("init")
    assert (again.returncode, "is left as it is" in again.stderr) == (1, True)


def test_mistakes_exit_with_2_and_a_place(run: Run, tmp_path: Path) -> None:
    """A wrong key is told with file, line, column and a suggestion, on stderr, without a traceback."""
    (tmp_path / "config.toml").write_text('[polling]\nevry = "5m"\n', "utf-8")
    for verb in ("check", "poll", "run", "web", "status"):
        done = run(verb)
        assert done.returncode == 2
        assert done.stderr.strip() == 'config.toml:2:1: [polling]: unknown key "evry"; did you mean "every"?'
    assert run("check", "--lve").returncode == 2


def test_without_a_configuration_the_next_step_is_told(run: Run) -> None:
    """A newcomer without config.toml learns of init."""
    done = run("check")
    assert (done.returncode, "feedsvc init" in done.stderr) == (2, True)


def test_an_unknown_category_is_told_with_those_there_are(run: Run, tmp_path: Path) -> None:
    """`poll nothing/there` names what could have been meant."""
    begin(run, tmp_path)
    done = run("poll", "my-portal/nws")
    assert (done.returncode, "my-portal/trang-chu" in done.stderr) == (2, True)


def test_status_before_the_first_poll(run: Run, tmp_path: Path) -> None:
    """A category that was never polled is `new`, as a table and as JSON."""
    begin(run, tmp_path)
    assert "my-portal/trang-chu" in run("status").stdout
    (row,) = json.loads(run("status", "--json").stdout)["categories"]
    assert (row["state"], row["items"], row["problem"]) == ("new", 0, None)


def test_status_tells_of_broken_chains(run: Run, tmp_path: Path) -> None:
    """A source of which less is asked than whole TLS is named, in words and in JSON."""
    begin(run, tmp_path)
    assert "broken-chain" not in run("status").stdout
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as file:
        file.write('tls = "broken-chain"\n')
    assert 'my-portal: tls = "broken-chain"' in run("status").stdout
    told = json.loads(run("status", "--json").stdout)
    assert [row["tls"] for row in (*told["categories"], *told["searches"])] == ["broken-chain"] * 2


ARTICLE = """<html lang="vi"><head><title>Chợ phiên vùng cao ngày cuối năm | Cổng thông tin</title></head><body>
<h1>Chợ phiên vùng cao ngày cuối năm</h1><p class="date">Thứ Năm, ngày 12/11/2026 15:30 GMT+7</p><div class="content">
<p><b>Sáng 12/11, chợ phiên trung tâm thị xã đông hơn mọi tuần, bà con mang xuống núi đủ thứ hàng của mùa gặt.</b></p>
<p><img src="/anh/cho.jpg" width="640" height="400"></p><p>Quang cảnh chợ phiên.</p>
<p>Từ sáng sớm, những gùi ngô, gùi gạo nếp và rau cải mèo đã xếp kín hai bên đường vào chợ, tiếng cười nói rộn ràng.</p>
<p>Ban quản lý chợ bố trí thêm người hướng dẫn chỗ để xe, nhắc nhau giữ vệ sinh và phòng cháy trong những ngày hanh khô.</p>
<p>Hà My (Trung tâm Văn hóa thị xã)</p></div></body></html>"""


def test_read_answers_questions_line_by_line(run: Run, tmp_path: Path) -> None:
    """The loop answers in order, also after a question that cannot be answered."""
    (tmp_path / "a.html").write_text(ARTICLE, "utf-8")
    questions = [
        {"as": "article", "url": "https://muong.example.vn/a", "path": str(tmp_path / "a.html")},
        {"as": "article", "path": str(tmp_path / "none.html")},
        {"as": "poem"},
        {"as": "listing", "url": "https://muong.example.vn/a", "path": str(tmp_path / "a.html")},
    ]
    done = run("read", "--jsonl", stdin="".join(json.dumps(q) + "\n" for q in questions) + "not json\n")
    first, *others = [json.loads(line) for line in done.stdout.splitlines()]
    assert first["title"] == "Chợ phiên vùng cao ngày cuối năm"
    assert first["published"] == "2026-11-12T15:30:00+07:00"
    assert first["bylines"] == [{"name": "Hà My", "organisation": "Trung tâm Văn hóa thị xã"}]
    assert first["images"] == [
        {"url": "https://muong.example.vn/anh/cho.jpg", "caption": "Quang cảnh chợ phiên.", "width": 640, "height": 400}
    ]
    assert [bool(other["error"]) for other in others] == [True] * 4


def test_read_dates_reads_a_line_a_date(run: Run) -> None:
    """Date texts are answered with ISO days or moments, or null."""
    questions = [
        {"text": "05/09/2022", "now": "2022-09-19T15:00:00+07:00", "tz": "Asia/Ho_Chi_Minh"},
        {"text": "Trang 5/9", "now": "2022-09-19T15:00:00+07:00", "tz": "Asia/Ho_Chi_Minh"},
    ]
    done = run("read", "--dates", stdin="".join(json.dumps(q) + "\n" for q in questions))
    assert [json.loads(line)["iso"] for line in done.stdout.splitlines()] == ["2022-09-05", None]


def test_read_shows_a_table_or_one_object(run: Run, tmp_path: Path) -> None:
    """For a person a table, for a program JSON; a file that is not there is told in a sentence."""
    (tmp_path / "a.html").write_text(ARTICLE, "utf-8")
    assert "Quang cảnh chợ phiên." in run("read", "a.html", "--url", "https://muong.example.vn/a").stdout
    assert json.loads(run("read", "a.html", "--json").stdout)["language"] == "vi"
    missing = run("read", "none.html")
    assert (missing.returncode, "Traceback" in missing.stderr) == (1, False)


@pytest.mark.parametrize(("name", "body"), [("a.docx", papers.word_file()), ("B.PDF", papers.article_pdf())])
def test_read_shows_what_a_dropped_document_would_give(run: Run, tmp_path: Path, name: str, body: bytes) -> None:
    """A Word or PDF file is read as it would be from its folder."""
    (tmp_path / name).write_bytes(body)
    done = run("read", "--json", str(tmp_path / name))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["text"]) > 100


def test_read_as_a_source_knows_its_selectors_and_what_it_has_taught(run: Run, tmp_path: Path) -> None:
    """A selector of the source is the rule shown; a paragraph of all its articles is left out, and that is told."""
    begin(run, tmp_path)
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as file:
        file.write('[source.select]\ntitle = "h1"\n')
    hotline = "Mọi phản ánh xin gửi về đường dây nóng của thị xã, trực cả ngày nghỉ lễ."
    (tmp_path / "a.html").write_text(ARTICLE.replace("<p>Hà My", f"<p>{hotline}</p><p>Hà My"), "utf-8")
    assert (run("status").returncode, hotline in run("read", "a.html").stdout) == (0, True)
    habit = Habit(what=digest(hotline), pages=9, since=0, last=datetime.now(UTC).toordinal())
    with sqlite3.connect(tmp_path / "feedsvc.db") as database:
        taught = to_json(Profile(pages=9, blocks=(habit,)))
        database.execute("INSERT INTO sources (slug, profile) VALUES ('my-portal', ?)", (taught,))
    database.close()
    table = run("read", "a.html", "--source", "my-portal").stdout
    assert (hotline in table, "[source.select] title" in table, "paragraphs that other articles" in table) == (
        False, True, True,
    )  # fmt: skip
    unknown = run("read", "a.html", "--source", "my-town")
    assert (unknown.returncode, "there are: my-portal" in unknown.stderr) == (2, True)


def test_an_inside_address_is_refused_with_the_line_to_add(run: Run) -> None:
    """Reading from a private address names the configuration line that would allow it."""
    done = run("read", "http://127.0.0.1:9/x")
    assert (done.returncode, "allow_private" in done.stderr) == (1, True)


@pytest.mark.parametrize("verb", ["run", "web"])
def test_a_port_in_use_is_refused_in_a_sentence(run: Run, tmp_path: Path, verb: str) -> None:
    """Two services never share a port in silence: the second says which port is taken and what to do, and ends with 1."""
    begin(run, tmp_path)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(verb, "--port", str(port))
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def on_a_terminal(folder: Path, *argv: str, columns: int = 80) -> list[str]:
    """The lines that `feedsvc ...` shows on a terminal of that width."""
    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environ = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "feedsvc", *argv],
        stdin=subprocess.DEVNULL, stdout=terminal, stderr=subprocess.DEVNULL, cwd=folder,
        env={**environ, "NO_COLOR": "1", "TERM": "xterm"},
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    with contextlib.suppress(OSError):  # the end of a terminal
        while part := os.read(main, 65536):
            shown += part
    os.close(main)
    assert process.wait(30) == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).splitlines()


def test_status_is_readable_on_a_terminal_of_80_columns(run: Run, tmp_path: Path) -> None:
    """On a narrow terminal every category stands on one line, its name and state whole; a wide one shows dates."""
    begin(run, tmp_path)
    narrow = on_a_terminal(tmp_path, "status")
    assert all(len(line) <= 80 for line in narrow)
    assert len([line for line in narrow if "my-portal/trang-chu" in line and " new " in line]) == 1
    assert any("last problem" in line for line in on_a_terminal(tmp_path, "status", columns=200))


def test_read_shows_whole_addresses_on_a_terminal_of_80_columns(run: Run, tmp_path: Path) -> None:
    """An address longer than the terminal is wide is folded, not cut; in a pipe it stays on one line."""
    (tmp_path / "a.html").write_text(ARTICLE, "utf-8")
    address = "https://muong.example.vn/" + "mot-hai-ba/" * 12 + "cuoi"
    lines = on_a_terminal(tmp_path, "read", "a.html", "--url", address)
    assert all(len(line) <= 80 for line in lines)
    assert address in "".join(part.strip() for line in lines for part in line.split("│")[2:3])
    assert address in run("read", "a.html", "--url", address).stdout


def test_read_tells_what_gave_each_field_and_what_else_there_was(run: Run, tmp_path: Path) -> None:
    """Rule, certainty and the offers that were not taken stand beside each field; a program that asks gets none of it."""
    (tmp_path / "a.html").write_text(ARTICLE, "utf-8")
    table = run("read", "a.html", "--url", "https://muong.example.vn/a").stdout
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in table.splitlines() if line.startswith("│")]
    told = {row[0]: row[1:] for row in rows}
    assert told["title"][1].startswith("heading at the text")
    assert told["title"][2].endswith("%")
    assert any(row[0] == "or" and " | " in row[1] and row[2] == "title element" for row in rows)
    assert told["text"][1].startswith(("div", "p", "body", "main", "article"))
    assert "rule" not in json.loads(run("read", "a.html", "--json").stdout)


def test_read_tells_why_a_block_is_the_list(run: Run, tmp_path: Path) -> None:
    """The list with its score and what speaks for it, its rivals, and by what the next page was known."""
    lines = "".join(f"<li><h3><a href='/tin/bai-{n}'>Bản tin số {n} của xã nhà hôm nay</a></h3></li>" for n in range(5))
    menu = "".join(f"<li><a href='/muc-{n}'>Mục {n}</a></li>" for n in range(6))
    page = f"<ul class='menu'>{menu}</ul><h1>Tin tức</h1><ul>{lines}</ul><a rel='next' href='/tin?p=2'>Trang sau</a>"
    (tmp_path / "l.html").write_text(page, "utf-8")
    shown = run("read", "l.html", "--as", "listing", "--url", "https://muong.example.vn/tin").stdout
    for words in ("5 items", "titles +2.0", "6 items", "rel=next", "https://muong.example.vn/tin?p=2", "0 of 5"):
        assert words in shown
    assert all(len(line) <= 80 for line in on_a_terminal(tmp_path, "read", "l.html", "--as", "listing"))


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_check_warns_of_links_that_no_reader_can_follow(run: Run, tmp_path: Path, host: str) -> None:
    """Listening everywhere without base_url is told with the key to set; with base_url there is nothing to tell."""
    (tmp_path / "config.toml").write_text(f'[web]\nhost = "{host}"\n', "utf-8")
    done = run("check")
    assert (done.returncode, "[service] base_url" in done.stderr) == (0, True)
    public = f'[service]\nbase_url = "https://tin.example.org"\n[web]\nhost = "{host}"\n'
    (tmp_path / "config.toml").write_text(public, "utf-8")
    assert "base_url" not in run("check").stderr


@pytest.mark.parametrize("verb", ["demo", "init", "check", "poll", "run", "web"])
def test_help_waits_for_no_room_of_the_house(verb: str) -> None:
    """The help of a verb loads neither doors nor readers, so that it is there at once."""
    heavy = ("aiohttp", "sqlalchemy", "flask", "lxml", "apscheduler", "dateparser")
    code = f"import sys, feedsvc.cli.{verb}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"


def test_a_mistyped_verb_is_told_with_the_near_one(run: Run) -> None:
    """`feedsvc statsu` ends with 2 and names `status`."""
    done = run("statsu")
    assert (done.returncode, 'did you mean "status"?' in done.stderr) == (2, True)


def test_a_database_that_cannot_be_opened_is_told_in_a_sentence(run: Run, tmp_path: Path) -> None:
    """Status and web say which file it is and what it needs, without a traceback, and end with 1."""
    (tmp_path / "config.toml").write_text('[service]\ndatabase = "sqlite:///none/feedsvc.db"\n', "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for verb in (("status",), ("web", "--port", str(port))):
        done = run(*verb)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "its folder must exist" in done.stderr


def test_poll_without_any_portal_says_what_to_add(run: Run, tmp_path: Path) -> None:
    """An empty configuration is told by the table that it lacks."""
    (tmp_path / "config.toml").write_text("", "utf-8")
    done = run("poll")
    assert (done.returncode, "[[source]]" in done.stderr) == (2, True)
