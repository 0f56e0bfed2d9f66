"""Servers that forget to send their intermediate certificates (`[[source]] tls = "broken-chain"`, safety.md 4).

What is missing is fetched from the address that the certificate itself names (RFC 5280, 4.2.2.1), as browsers do.
Nothing is taken on trust for that: the whole chain is then verified as any other, up to a root of the usual trust
store and for the name that was asked for. What was fetched can only be a link of that chain, never its anchor.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Final, TypeVar

import aiohttp
from yarl import URL

from feedsvc.errors import FetchError, Unreachable
from feedsvc.fetch.mask import masked, printable

LARGEST: Final = 64 * 1024
"""Bytes of an issuer's certificate; usual ones have two thousand."""
LONGEST: Final = 3
"""Certificates that may be missing between a server's own and a root."""
# X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, ..._TO_VERIFY_LEAF_SIGNATURE
_LACKING: Final = frozenset({2, 20, 21})
# AccessDescription in DER: the identifier id-ad-caIssuers, then a GeneralName that is an address, with its length.
_ISSUER = re.compile(rb"\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02\x86([\x01-\x7f]|\x81[\x80-\xff])")

Sent = TypeVar("Sent")
Trust = ssl.SSLContext | bool | aiohttp.Fingerprint
"""What a connection is verified by: a context, or True for the usual one."""


class Chains:
    """Completes the chains of `hosts`.

    `look` gives the certificate (DER) that the server of an address shows, unverified; `ask` the bytes at an address,
    fetched through the guard. `usual` is the trust store, None for that of the system.
    """

    def __init__(
        self,
        *,
        hosts: Collection[str],
        look: Callable[[URL], Awaitable[bytes]],
        ask: Callable[[str], Awaitable[bytes]],
        usual: ssl.SSLContext | None,
    ) -> None:
        self.hosts = frozenset(hosts)
        self._look, self._ask, self._usual = look, ask, usual
        self._complete: dict[str, ssl.SSLContext] = {}

    async def over(self, url: URL, send: Callable[[Trust], Awaitable[Sent]]) -> Sent:
        """What `send` gives, called again with what was missing when the chain of the server is broken.

        Raises what `send` raises, and Unreachable where an issuer's certificate cannot be had.
        """
        host, missing = url.raw_host or "", list[bytes]()
        while True:
            try:
                return await send(self._complete.get(host, True))
            except aiohttp.ClientConnectorCertificateError as error:
                if not _is_broken(error) or len(missing) == LONGEST:
                    raise
                lacking = missing[-1] if missing else await self._look(url)
                missing.append(await self._issuer(host, lacking))
                self._complete[host] = self._trusting(missing)

    async def _issuer(self, host: str, certificate: bytes) -> bytes:
        address = issuer_address(certificate)
        if address is None:
            raise Unreachable(
                f"the certificate chain of {host} is broken, and does not say where its issuer is to be had"
            )
        try:
            return intermediate(await self._ask(address))
        except (FetchError, ValueError) as error:
            where = masked(address)
            raise Unreachable(
                f"the certificate chain of {host} is broken, and its issuer not to be had from {where}: {error}"
            ) from error

    def _trusting(self, missing: Collection[bytes]) -> ssl.SSLContext:
        """The usual trust store, with links between a server's own certificate and its roots."""
        context = ssl.create_default_context()
        if self._usual is not None:
            context = ssl.create_default_context(cadata=b"".join(self._usual.get_ca_certs(binary_form=True)))
        # From Python 3.13 on a link would do for an anchor: whoever signs his own link could then be anybody.
        context.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=b"".join(missing))
        return context


def hosts_of(urls: Iterable[str]) -> frozenset[str]:
    """The hosts of these addresses, as connections name them."""
    return frozenset(host.removesuffix(".") for url in urls if (host := URL(url).raw_host))


def issuer_address(certificate: bytes) -> str | None:
    """Where a certificate (DER) says that its issuer's is to be had by http; None when it does not say.

    Found by its bytes alone: whoever made the certificate may write there what he likes, so reading it well would make
    it no more trustworthy.
    """
    for found in _ISSUER.finditer(certificate):
        address = certificate[found.end() : found.end() + found[1][-1]].decode("ascii", errors="replace")
        if address.startswith("http://"):
            return address
    return None


def intermediate(data: bytes) -> bytes:
    """The one certificate (DER) in a file (DER or PEM) that may be a link of a chain.

    Raises ValueError for anything else, above all for one that is signed by itself: it would be an anchor.
    """
    try:
        der = ssl.PEM_cert_to_DER_cert(data.decode("ascii").strip()) if data.lstrip().startswith(b"-----") else data
        alone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        alone.load_verify_locations(cadata=der)
    except (ssl.SSLError, ValueError) as error:
        raise ValueError(f"it is no certificate ({printable(str(error), 100)})") from error
    found = alone.get_ca_certs()
    if len(found) != 1 or alone.cert_store_stats() != {"x509": 1, "x509_ca": 1, "crl": 0}:
        raise ValueError("it is not one certificate of an issuer")
    if found[0]["subject"] == found[0]["issuer"]:
        raise ValueError("it is signed by itself, which anybody can do")
    return alone.get_ca_certs(binary_form=True)[0]


def _is_broken(error: aiohttp.ClientConnectorCertificateError) -> bool:
    cause = error.certificate_error
    return isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code in _LACKING


class Shown(aiohttp.Fingerprint):
    """Takes the certificate that a server shows, and refuses it before anything is asked."""

    def __init__(self) -> None:
        super().__init__(bytes(32))
        self.certificate = b""

    def check(self, transport: asyncio.Transport) -> None:
        """Keeps the certificate (DER); always raises aiohttp.ServerFingerprintMismatch."""
        self.certificate = transport.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""
        raise aiohttp.ServerFingerprintMismatch(self.fingerprint, b"", "", 0)
