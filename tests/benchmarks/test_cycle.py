"""The cycle over many portals: it measures, and leaves nothing behind. How fast we are is no test's business."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def measured(tmp_path: Path, *words: str) -> str:
    """What a benchmark prints, its folders below the test's."""
    done = subprocess.run(
        [sys.executable, "-m", *words], capture_output=True, text=True, cwd=ROOT, check=False, timeout=300,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
    return done.stdout


def test_a_cycle_polls_each_portal_once(tmp_path: Path) -> None:
    """Every portal is asked for its list once, what was published is stored, and every figure is told."""
    told = measured(tmp_path, "benchmarks.cycle", "--sources", "40", "--idle", "1", "--sample", "2")
    assert "are not those of a good cycle" not in told
    assert "'unchanged': 38" in told
    for name in ("wall", "CPU of the poller", "peak memory of the poller", "readers' p99, during", "naive chain"):
        assert re.search(rf"^{name}.* \d+\.\d\d ", told, re.MULTILINE), name


def test_the_store_is_measured_at_two_sizes(tmp_path: Path) -> None:
    """Each query and save is measured with few and with many articles stored."""
    told = measured(
        tmp_path, "benchmarks.store", "--items", "1000", "--times", "2", "--rounds", "1", "--database", "sqlite"
    )
    for name in ("newest 50", "30 new", "30 changed", "30 seen"):
        assert re.search(rf"^sqlite +{name} .*ratio", told, re.MULTILINE), name
