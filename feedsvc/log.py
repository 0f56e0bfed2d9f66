"""Logging, set up once by the command line: one line per poll, same keys in the same order, text or JSON, to stderr."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from feedsvc.fetch.mask import masked

KEYS = ("event", "source", "category", "outcome", "new", "changed", "ms")


def set_up_logging(*, json: bool = False, level: int = logging.INFO) -> None:
    """Sends structlog's and the libraries' lines to stderr. Control characters in values are escaped."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(
            colors=False, sort_keys=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.format_exc_info,
            _escaped,
            _masked,
            _ordered,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        stream=sys.stderr, level=max(level, logging.WARNING), format="%(levelname)s %(name)s: %(message)s"
    )


def _escaped(_logger: Any, _name: str, line: Any) -> Any:
    """A portal's words in a log may not move the cursor or begin a line of their own."""
    for key, value in line.items():
        if isinstance(value, str) and not value.isprintable():
            line[key] = _printable(value, kept="\n" if key in {"exception", "stack"} else "")
    return line


def _masked(_logger: Any, _name: str, line: Any) -> Any:
    """An address in a log shows neither its user part nor secrets of its query (safety.md 12)."""
    if isinstance(line.get("url"), str):
        line["url"] = masked(line["url"])
    return line


def _printable(text: str, *, kept: str) -> str:
    return "".join(c if c.isprintable() or c in kept else c.encode("unicode_escape").decode() for c in text)


def _ordered(_logger: Any, _name: str, line: Any) -> Any:
    first = {key: line.pop(key) for key in ("timestamp", "level", *KEYS) if key in line}
    return {**first, **line}
