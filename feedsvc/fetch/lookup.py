"""Names looked up by the operating system, in threads of their own.

The event loop's usual threads are as few as the machine's cores and shared with everything else: a handful of dead name
servers would hold them all, and so delay portals that are well.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

_THREADS: Final = 64
_Found = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[object, ...]]


class SystemResolver(AbstractResolver):
    """Asks getaddrinfo(3). Raises OSError (socket.gaierror) for a name without an address."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="lookup")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of `host`, as numbers."""
        found = await asyncio.get_running_loop().run_in_executor(self._threads, _ask, host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Drops the questions that wait; those on their way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _ask(host: str, port: int, family: socket.AddressFamily) -> Sequence[_Found]:
    return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)
