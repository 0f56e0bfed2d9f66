"""Bodies of requests, read within a time: a client that never ends its own must not keep threads that answer others.

The server gives a worker few threads, and knows no time within which a body has to come: so it is read by another
thread, and who is late is told so, which closes the connection and with it ends that thread.
"""

from __future__ import annotations

from concurrent.futures import Future
from io import BytesIO
from threading import BoundedSemaphore, Thread
from typing import IO

from flask import request
from werkzeug.exceptions import ClientDisconnected, RequestTimeout, ServiceUnavailable

WITHIN_S = 10.0
AT_ONCE = 4
"""Half of the threads of a worker."""
RETRY_AFTER = 10


class Bodies:
    """Reads at most `at_once` bodies at a time, each within `seconds`."""

    def __init__(self, *, seconds: float = WITHIN_S, at_once: int = AT_ONCE) -> None:
        self._seconds, self._free = seconds, BoundedSemaphore(at_once)

    def take(self) -> None:
        """Puts the body of the current request where views find it whole.

        Raises RequestTimeout for one that does not come in time, ClientDisconnected for one that breaks off, and
        ServiceUnavailable while too many others come in slowly.
        """
        length = request.content_length or 0
        if not length:
            return
        body = self.read(request.environ["wsgi.input"], length)
        if len(body) < length:
            raise ClientDisconnected
        request.environ["wsgi.input"] = BytesIO(body)

    def read(self, stream: IO[bytes], length: int) -> bytes:
        """`length` bytes of a stream, or fewer where it ends; see `take` for what is raised."""
        if not self._free.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=RETRY_AFTER)
        told: Future[bytes] = Future()
        Thread(target=self._read, args=(stream, length, told), name="body", daemon=True).start()
        try:
            return told.result(self._seconds)
        except TimeoutError:
            raise RequestTimeout from None
        except OSError:
            raise ClientDisconnected from None

    def _read(self, stream: IO[bytes], length: int, told: Future[bytes]) -> None:
        try:
            told.set_result(stream.read(length))
        except OSError as error:
            told.set_exception(error)
        finally:
            self._free.release()
