"""The comparison with nginx: it measures, and leaves nothing behind. How fast we are is no test's business."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def measure(tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """The benchmark with one short round, its folders below the test's."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.serve", "--rounds", "1", "--seconds", "0.2"],
        capture_output=True, text=True, cwd=ROOT, check=False, timeout=120,
        env={**os.environ, "TMPDIR": str(tmp_path), **environ},
    )  # fmt: skip


def command_lines() -> Iterator[bytes]:
    """Those of all processes that run."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # ended meanwhile
            yield file.read_bytes()


def test_every_case_is_measured_beside_nginx(tmp_path: Path) -> None:
    """One line a case with rates, CPU time and latencies of both, and no process or file of it is left."""
    if not all(shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in ("nginx", "wrk")):
        assert os.environ.get("CI") != "true", "nginx or wrk is missing: apt-get install nginx wrk"
        pytest.skip("needs nginx and wrk (apt-get install nginx wrk)")
    done = measure(tmp_path)
    assert done.returncode == 0, done.stderr
    for case in ("200", "304", "200, gzip"):
        (line,) = re.findall(rf"^{case} +(\d.*)$", done.stdout, re.MULTILINE)
        assert len(line.split()) >= 10
        assert all(float(figure) > 0 for figure in line.split()[:2])
    assert list(tmp_path.iterdir()) == []
    assert [line for line in command_lines() if str(tmp_path).encode() in line] == []


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    """Without nginx or wrk it says in a sentence what to install."""
    done = measure(tmp_path, PATH=str(tmp_path))
    assert (done.returncode, "apt-get install nginx wrk" in done.stderr) == (1, True)
