"""How far a process stands behind others on a busy machine: readers wait for their answers, portals do not."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from types import MappingProxyType
from typing import Final

NICENESS: Final = 10
"""nice(2), of 19: a tenth of the time of who is not nice, so that news comes on a busy machine too."""
SLICE_NS: Final = 100_000
"""The shortest time for which the kernel lets one run before it looks whether somebody else has waited, in ns."""
SCHED_SETATTR: Final = MappingProxyType({"x86_64": 314, "aarch64": 274})
"""The number of the system call, which the standard library does not have."""
ATTRIBUTES: Final = struct.Struct("=IIQiIQQQII")
"""struct sched_attr of sched_setattr(2): size, policy, flags, nice, priority, runtime, deadline, period, two clamps."""


def stand_back() -> None:
    """This process, with the threads and children that it will have, behind those that answer readers.

    Niceness alone says how much of the time one gets, not how soon: since 6.6 Linux lets whoever runs end a slice of
    some milliseconds, and a reader's answer waits for several of them. From 6.12 on a process can ask for short ones;
    an older kernel takes no notice, and has none to shorten. Nothing happens where there are no such calls (Windows).
    """
    if sys.platform == "win32":
        return
    niceness = os.nice(NICENESS)
    number = SCHED_SETATTR.get(platform.machine())
    if not sys.platform.startswith("linux") or number is None:
        return
    wish = ATTRIBUTES.pack(ATTRIBUTES.size, os.SCHED_OTHER, 0, niceness, 0, SLICE_NS, 0, 0, 0, 0)
    ctypes.CDLL(None).syscall(number, 0, wish, 0)  # where it is refused, niceness alone has to do
