"""`python -m tests.fuzz TARGET [-max_total_time=600 ...]`, from the project's root, with atheris: listing, article, dates, charset, url.

Further words are libFuzzer's own; a folder among them keeps the corpus. What fails is left as a file `crash-...`, to be
added to `tests/fuzz/test_targets.py`.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["feedsvc"]):
    from fuzz.targets import TARGETS, timed

if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
    sys.exit(f"name a target: {', '.join(TARGETS)}")
name = sys.argv.pop(1)
atheris.Setup([*sys.argv, "-max_len=4096"], partial(timed, name))
atheris.Fuzz()
