"""`poller.py DIE ARGUMENTS...`: feedsvc with ARGUMENTS, killed in a save: at the DIE-th statement that it sends (0: never).

Counted from the first statement that stores an item, commits among them, so that death comes anywhere in a save.
"""

import os
import signal
import socket
import sys
from pathlib import Path

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1]))
from crash.resolving import getaddrinfo

SAVES = ("INSERT INTO items", "UPDATE items")


def die_at(step: int) -> None:
    """Kills this process at a step of a save."""
    count = [0]

    def counted() -> None:
        count[0] += 1
        if count[0] >= step:
            os.kill(os.getpid(), signal.SIGKILL)

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def statement(_connection, _cursor, text, *_rest) -> None:
        if count[0] or text.startswith(SAVES):
            counted()

    @sa.event.listens_for(sa.Engine, "commit")
    def commit(_connection) -> None:
        if count[0]:
            counted()


if __name__ == "__main__":
    socket.getaddrinfo = getaddrinfo
    if int(sys.argv[1]):
        die_at(int(sys.argv[1]))
    from feedsvc.cli import main

    sys.argv = ["feedsvc", *sys.argv[2:]]
    main()
