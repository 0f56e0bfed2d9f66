"""A poller stands behind those that answer readers."""

import os
import subprocess
import sys

from feedsvc.cli.priority import NICENESS

TELL = """
import subprocess, sys
from feedsvc.cli.priority import stand_back
stand_back()
subprocess.run([sys.executable, "-c", "import os; print(os.sched_getscheduler(0), os.nice(0))"], check=True)
"""


def test_a_poller_and_its_children_let_readers_go_first() -> None:
    """Nothing that reads pages keeps the processor from who answers readers."""
    told = subprocess.run([sys.executable, "-c", TELL], capture_output=True, text=True, check=True).stdout.split()
    assert told == [str(os.SCHED_IDLE), str(min(os.nice(0) + NICENESS, 19))]
