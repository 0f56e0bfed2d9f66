"""One body, gathered and decoded within a bound (safety.md 4): a bomb costs no more than `max_bytes` of memory."""

from __future__ import annotations

import zlib
from typing import Final

from feedsvc.errors import Malformed, TooLarge

_GZIP: Final = 16 + zlib.MAX_WBITS
_MAGIC: Final = b"\x1f\x8b"
_RAW_SLACK: Final = 64 * 1024
_MOST_MEMBERS: Final = 64  # a thousand empty members cost time and bring nothing


class Body:
    """Takes the raw chunks of a body and gives its decoded bytes.

    `max_bytes` bounds the decoded bytes. With `truncate` a longer body is cut there; without it, it is an error.
    """

    def __init__(self, *, gzip: bool, max_bytes: int, truncate: bool = False) -> None:
        self._inflater = zlib.decompressobj(_GZIP) if gzip else None
        self._members = 1
        self._between = b""
        self._max_bytes = max_bytes
        self._truncate = truncate
        self._raw = 0
        self._decoded = bytearray()
        self._full = False

    def feed(self, data: bytes) -> bool:
        """Takes one raw chunk; False when no more is wanted. Raises TooLarge, or Malformed for broken gzip."""
        self._raw += len(data)
        if self._inflater is None:
            self._keep(data[: self._room() + 1])
        else:
            self._inflate(data)
        if self._raw > self._max_bytes + _RAW_SLACK:
            self._overflow()
        return not self._full

    def whole(self) -> bytes:
        """The decoded body, once all chunks are in; raises Malformed when the gzip end mark is missing."""
        if self._inflater is not None and not self._inflater.eof and not self._full:
            raise Malformed("the answer was cut off: its gzip coding has no end; it is asked again at the next poll")
        return bytes(self._decoded)

    def _room(self) -> int:
        return self._max_bytes - len(self._decoded)

    def _keep(self, data: bytes) -> None:
        room = self._room()
        self._decoded += data[:room]
        if len(data) > room:
            self._overflow()

    def _overflow(self) -> None:
        if not self._truncate:
            raise TooLarge(
                f"the answer is larger than {self._max_bytes} bytes when decoded; "
                "if such pages are meant, raise [fetch] max_bytes"
            )
        self._full = True

    def _inflate(self, data: bytes) -> None:
        rest = self._between + data
        self._between = b""
        while rest and not self._full:
            if self._inflater is None or (self._inflater.eof and not self._next_member(rest)):
                return
            try:
                self._keep(self._inflater.decompress(rest, self._room() + 1))
            except zlib.error as error:
                raise Malformed(f"the answer says gzip but cannot be decoded ({error})") from error
            rest = self._inflater.unused_data

    def _next_member(self, rest: bytes) -> bool:
        """Whether another gzip member follows an ended one (RFC 1952, 2.2); anything else is padding, left out."""
        if len(rest) < len(_MAGIC) and _MAGIC.startswith(rest):
            self._between = rest
            return False
        if not rest.startswith(_MAGIC):
            return False
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise Malformed(f"the answer is made of more than {_MOST_MEMBERS} gzip members")
        self._inflater = zlib.decompressobj(_GZIP)
        return True
