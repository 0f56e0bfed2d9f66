"""A poller stands behind those that answer readers."""

import ctypes
import platform
import subprocess
import sys

from feedsvc.cli.priority import ATTRIBUTES, NICENESS, SLICE_NS

TELL = """
import os, subprocess, sys
from feedsvc.cli.priority import stand_back
stand_back()
subprocess.run([sys.executable, "-c", "import os; print(os.getpid(), os.nice(0), flush=True); input()"])
"""
SCHED_GETATTR = {"x86_64": 315, "aarch64": 275}
SHORT_SLICES = (6, 12)
"""The first Linux that has them."""


def test_a_poller_and_its_children_let_readers_go_first() -> None:
    """Behind in its share of the processor, and interrupted as soon as somebody else has something to do."""
    with subprocess.Popen(
        [sys.executable, "-c", TELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        number, niceness = process.stdout.readline().split()
        attributes = ctypes.create_string_buffer(ATTRIBUTES.size)
        ctypes.CDLL(None).syscall(SCHED_GETATTR[platform.machine()], int(number), attributes, ATTRIBUTES.size, 0)
        process.communicate("\n")
    assert int(niceness) == NICENESS
    kernel = tuple(int(part) for part in platform.release().split(".")[:2])
    if kernel >= SHORT_SLICES:
        assert ATTRIBUTES.unpack(attributes.raw)[5] == SLICE_NS
