"""One look at a host, as `feedsvc doctor` takes it: its name, its certificate, its clock. Under guard.

HEAD of /robots.txt, which every host lets itself be asked; nothing of a body is read, and no redirect followed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from aiohttp.abc import AbstractResolver
from yarl import URL

from feedsvc.errors import FetchError, TimedOut, Unreachable
from feedsvc.fetch.guard import Pair, check_url, pair_of
from feedsvc.fetch.literals import read_literal
from feedsvc.fetch.lookup import SystemResolver
from feedsvc.fetch.mask import printable
from feedsvc.fetch.resolving import GuardedResolver

LONGEST_HEAD: Final = 64 * 1024
PATIENCE: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a host showed: the address it was reached at, the end of its certificate, and what its clock said."""

    host: str
    address: str
    expires: datetime | None = None
    clock: datetime | None = None


class Inspector:
    """Looks at hosts. `private` may be reached although not public; `tls` verifies certificates. Close it."""

    def __init__(
        self,
        *,
        user_agent: str,
        private: Collection[Pair] = frozenset(),
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._user_agent, self._private, self._patience = user_agent, private, patience
        self._resolver = GuardedResolver(resolver or SystemResolver(), private)
        self._tls = tls or ssl.create_default_context()

    async def look(self, url: str) -> Look:
        """Look at the host of an address. Raises FetchError, and nothing else, with the reason in words."""
        checked = check_url(url, self._private)
        host, port = pair_of(checked)
        try:
            async with asyncio.timeout(self._patience):
                return await self._looked(checked, host, port)
        except TimeoutError as error:
            raise TimedOut(f"{host} did not answer within {self._patience:g} s") from error
        except ssl.SSLCertVerificationError as error:
            raise Unreachable(f"the certificate of {host} is refused: {error.verify_message}") from error
        except ssl.SSLError as error:
            raise Unreachable(f"{host} speaks no TLS that is safe: {error.reason}") from error
        except OSError as error:
            raise Unreachable(f"{host} can't be reached: {printable(error.strerror or str(error))}") from error

    async def close(self) -> None:
        """Gives the resolver back."""
        await self._resolver.close()

    async def _looked(self, url: URL, host: str, port: int) -> Look:
        found = [host] if read_literal(host) else [one["host"] for one in await self._resolver.resolve(host, port)]
        secure = url.scheme == "https"
        reader, writer = await asyncio.open_connection(
            found[0],
            port,
            limit=LONGEST_HEAD,
            ssl=self._tls if secure else None,
            server_hostname=host if secure else None,
        )
        try:
            certificate = writer.get_extra_info("peercert") or {}
            return Look(
                host=host,
                address=found[0],
                expires=_moment(certificate.get("notAfter")),
                clock=await self._clock(url, reader, writer),
            )
        finally:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    async def _clock(self, url: URL, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> datetime | None:
        """The Date header (RFC 9110, 6.6.1); None where there is none, or no answer of HTTP."""
        agent = "".join(one for one in self._user_agent if one.isprintable() and one.isascii())
        asked = (
            f"HEAD /robots.txt HTTP/1.1\r\nHost: {url.authority}\r\nUser-Agent: {agent}\r\nConnection: close\r\n\r\n"
        )
        writer.write(asked.encode("ascii"))
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return None
        for line in head.decode("latin-1").splitlines():
            name, _, value = line.partition(":")
            if name.strip().lower() == "date":
                return _date(value.strip())
        return None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC) if text else None


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


__all__ = ["FetchError", "Inspector", "Look"]
