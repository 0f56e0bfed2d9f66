"""What can go wrong, as one small tree.

FeedsvcError
    ConfigError                 configuration that cannot be used; carries every mistake at once
    FetchError                  no usable answer from a portal
        Blocked                 the guard, robots.txt or our own limits forbid the request
        TooLarge                more decoded bytes than allowed
        Refused                 the server answered with a failure status
        TimedOut                no whole answer within the deadline
        Unreachable             no connection, no name, broken TLS
        Malformed               an answer that breaks HTTP or its own encoding
    ExtractError                a page that cannot be read
        LayoutChanged           a listing without its items
            Redesigned          ... that seems to stand elsewhere on the page, held in doubt
            Moved               ... that seems to stand on another host, held until a person says so
    RenderError                 a document that does not hold what it must
    StoreError                  the database cannot be used
        LeaseLost               another poller took the category over
        Conflict                another poll stored one of these items first: decide anew
        Unwritable              the database takes nothing just now: whatever is polled could not be stored
            DiskFull            because there is no room
    RelayError                  a delivery that failed

Every message says what, where, why and what to do.
"""

from __future__ import annotations

from datetime import timedelta


class FeedsvcError(Exception):
    """Base of all errors that feedsvc raises on purpose; `code` is a stable word for logs and the status page."""

    code = "error"


class ConfigError(FeedsvcError):
    """Configuration that cannot be used. `mistakes` holds one line for each, with its place."""

    code = "config"

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class FetchError(FeedsvcError):
    """No usable answer from `url`. `retry_after` is the server's own wish."""

    code = "fetch"

    def __init__(self, message: str, *, url: str = "", retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.url = url
        self.retry_after = retry_after


class Blocked(FetchError):  # noqa: N818 - the tree of ARCHITECTURE.md names outcomes, not errors
    """The request may not be made: guard, robots.txt, or a limit of ours."""

    code = "blocked"


class TooLarge(FetchError):  # noqa: N818
    """The answer decodes to more bytes than `max_bytes`."""

    code = "too-large"


class Refused(FetchError):  # noqa: N818
    """The server answered with a status that is no content."""

    code = "refused"

    def __init__(self, message: str, *, url: str, status: int, retry_after: timedelta | None = None) -> None:
        super().__init__(message, url=url, retry_after=retry_after)
        self.status = status


class TimedOut(FetchError):  # noqa: N818
    """The whole exchange did not end within its deadline."""

    code = "timed-out"


class Unreachable(FetchError):  # noqa: N818
    """No connection: name, route, TLS, or the server closed it."""

    code = "unreachable"


class Malformed(FetchError):  # noqa: N818
    """The answer breaks HTTP, was cut off, or cannot be decoded."""

    code = "malformed"


class ExtractError(FeedsvcError):
    """A page that cannot be read."""

    code = "extract"


class LayoutChanged(ExtractError):  # noqa: N818
    """A listing in which the items are not where, or what, they were."""

    code = "layout-changed"


class Redesigned(LayoutChanged):
    """A listing in another place, known by its articles alone: looked at again before it is believed."""

    code = "redesigned"


class Moved(LayoutChanged):
    """A listing whose known articles are on another host: a person says whether the portal moved (`formerly`)."""

    code = "moved"


class RenderError(FeedsvcError):
    """A feed document that does not hold what it must, and is therefore not published."""

    code = "render"


class StoreError(FeedsvcError):
    """The database cannot be used."""

    code = "store"


class NewerDatabase(StoreError):  # noqa: N818
    """A newer feedsvc made the database: this one leaves it alone, and does not start."""

    code = "newer-database"


class LeaseLost(StoreError):  # noqa: N818
    """The claim ran out and another poller has the category now; nothing was stored."""

    code = "lease-lost"


class Conflict(StoreError):  # noqa: N818
    """Another poll stored one of these items first; nothing was stored, decide anew."""

    code = "conflict"


class Unwritable(StoreError):  # noqa: N818
    """The database takes nothing just now, whatever it is given: polling pauses until it does."""

    code = "unwritable"


class DiskFull(Unwritable):
    """There is no room for more."""

    code = "disk-full"


class RelayError(FeedsvcError):
    """A delivery that failed; `permanent` when trying again cannot help."""

    code = "relay"

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent
