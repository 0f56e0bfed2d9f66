"""How far a process stands behind others on a busy machine: readers wait for their answers, portals do not."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Final

NICENESS: Final = 10
"""nice(2), of 19: for systems that know no more than this."""


def stand_back() -> None:
    """This process, with the threads and children that it will have, behind those that answer readers.

    On Linux it takes the time of the processor that nobody else wants (sched(7), SCHED_IDLE). Niceness says how much
    one gets, not how soon: a kernel since 6.6 lets whoever runs end a slice of milliseconds, however nice, and each
    answer to a reader would wait for some of them. Only from who is idle in this sense it takes the processor at once.
    """
    if sys.platform == "win32":
        return
    os.nice(NICENESS)
    if sys.platform.startswith("linux"):
        with suppress(OSError):  # a sandbox may refuse even that; niceness has to do then
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
