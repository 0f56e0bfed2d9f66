"""What stands in the log, text and JSON."""

import json
import subprocess
import sys
from pathlib import Path

LINES = """
import structlog
from feedsvc.log import set_up_logging
set_up_logging(json={json})
log = structlog.get_logger()
log.info("poll", ms=12, changed=1, new=3, outcome="ok", category="tin-tuc", source="muong-suong", problem="một\\nhai\\x1b[31m")
log.warning("article", url="https://ai:mat@muong.example.vn/tin?id=1&token=bimat")
try:
    raise ValueError("hỏng\\x1b[2J")
except ValueError:
    log.exception("poll", source="muong-suong")
"""
ORDER = ["event", "source", "category", "outcome", "new", "changed", "ms"]


def written(tmp_path: Path, *, as_json: bool) -> str:
    """What a process writes to stderr; nothing goes to stdout."""
    done = subprocess.run(
        [sys.executable, "-c", LINES.replace("{json}", str(as_json))],
        capture_output=True, text=True, timeout=30, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout == ""
    return done.stderr


def test_a_line_of_a_poll_has_its_keys_in_one_order(tmp_path: Path) -> None:
    """Text and JSON name event, source, category, outcome, new, changed, ms in this order, whatever the caller's."""
    first = json.loads(written(tmp_path, as_json=True).splitlines()[0])
    assert [key for key in first if key in ORDER] == ORDER
    line = written(tmp_path, as_json=False).splitlines()[0]
    places = [line.index(f" {key}=") for key in ORDER[1:]]
    assert places == sorted(places)
    assert line.index("poll") < places[0]


def test_no_control_character_of_a_portal_reaches_the_log(tmp_path: Path) -> None:
    """Escape sequences and line ends in values are written as text, so that a line stays one line."""
    for as_json in (True, False):
        text = written(tmp_path, as_json=as_json)
        assert not [c for c in text if c != "\n" and not c.isprintable()]
        first = text.splitlines()[0]
        assert "một" in first
        assert "hai" in first


def test_json_is_one_object_a_line_also_for_exceptions(tmp_path: Path) -> None:
    """Each line of the JSON form is an object; an exception is told within it, with its traceback."""
    lines = [json.loads(line) for line in written(tmp_path, as_json=True).splitlines()]
    assert len(lines) == 3
    assert "ValueError" in lines[2]["exception"]


def test_addresses_show_no_secrets(tmp_path: Path) -> None:
    """An address in a line is without user part and secret parameters."""
    text = written(tmp_path, as_json=True)
    assert "mat@" not in text
    assert "bimat" not in text
    assert "https://muong.example.vn/tin?id=1&token=***" in text
