"""Names, resolved under guard: the second gate of `guard` (safety.md 4).

aiohttp connects to the very addresses that `GuardedResolver` returns, so a name that rebinds between look and
connection gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection

from aiohttp.abc import AbstractResolver, ResolveResult

from feedsvc.errors import Blocked
from feedsvc.fetch.guard import Pair, allowed_address, line_to_add
from feedsvc.fetch.mask import printable


class GuardedResolver(AbstractResolver):
    """Resolves a name once and lets it pass only if every answer is public, or its host:port is named.

    Raises Blocked (naming the first answer refused and the line to add) from `resolve`; what the resolver behind it
    raises (OSError for a name that does not exist) passes through.
    """

    def __init__(self, inner: AbstractResolver, allow_private: Collection[Pair] = frozenset()) -> None:
        self.inner = inner
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of `host`, all of them checked."""
        answers = await self.inner.resolve(host, port, family)
        if not answers:
            raise OSError(f"{host} has no address")
        if (host, port) not in self._allow_private:
            for answer in answers:
                _check_answer(host, port, answer["host"])
        return answers

    async def close(self) -> None:
        """Closes the resolver behind."""
        await self.inner.close()


def _check_answer(host: str, port: int, answer: str) -> None:
    try:
        allowed = allowed_address(ipaddress.ip_address(answer))
    except ValueError:
        allowed = False
    if not allowed:
        raise Blocked(
            f"{host} is not asked: its name resolves to {printable(answer)}, which is not a public address; "
            f"{line_to_add((host, port))}"
        )
