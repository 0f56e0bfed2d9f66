"""Logging, set up once by the command line: one line per poll, same keys in the same order, text or JSON, to stderr.

Whatever is logged, by us or by a library, and whatever ends a process passes here: no secret and no control character
of it reaches a line (safety.md 12).
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Collection, Mapping
from functools import partial
from types import TracebackType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import structlog

from feedsvc.config import Config
from feedsvc.fetch.mask import escaped, is_secret_name, masked_text, secret_values

KEYS = ("event", "source", "category", "outcome", "new", "changed", "ms")
WHOLE = frozenset({"exception", "stack"})
"""What may have several lines: tracebacks."""
SHORTEST_SECRET = 4
"""What is shorter stands in other words as well, and would hide them."""
INDENT = "    "


def set_up_logging(*, json: bool = False, level: int = logging.INFO, secrets: Collection[str] = ()) -> None:
    """Sends structlog's lines, those of libraries, and what ends a process or thread to stderr.

    Control characters in values are escaped, secrets of addresses are masked, and `secrets` wherever they stand.
    """
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
            partial(_clean, frozenset(secrets), "" if json else INDENT),
            _ordered,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[Forwarding()], level=max(level, logging.WARNING))
    sys.excepthook = _ended
    threading.excepthook = _thread_ended


def set_up_logging_for(config: Config, *, json: bool = False, level: int = logging.INFO) -> None:
    """The same as a configuration wants it, without any of its secrets; `json` goes over it."""
    set_up_logging(json=json or config.service.logs == "json", level=level, secrets=secrets_of(config))


def secrets_of(config: Config) -> frozenset[str]:
    """What must not be shown of a configuration: tokens, passwords, secret parameters of addresses."""
    token = config.admin.token
    addresses = [config.database, config.fetch.proxy or "", config.websub.hub]
    for source in config.source:
        addresses += [source.home, *(category.url for category in source.category)]
    found = {token.get_secret_value()} if token else set()
    for relay in config.relay:
        found |= {str(value) for key, value in (relay.model_extra or {}).items() if is_secret_name(key)}
    for address in addresses:
        found |= secret_values(address)
        password = urlsplit(address).password if "@" in address else None
        found |= {password} if password else set()
    spelled = found | {unquote(one) for one in found} | {quote(one, safe="") for one in found}
    return frozenset(one for one in spelled if len(one) >= SHORTEST_SECRET)


class Forwarding(logging.Handler):
    """Hands what libraries say through the standard library's logging on to structlog, so that it is cleaned too."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line: the name of the library, what it says, and its exception."""
        log = structlog.get_logger()
        log.log(record.levelno, record.name, said=record.getMessage(), exc_info=record.exc_info or None)


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught ends the process, with its traceback; Ctrl-C is no mistake."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    structlog.get_logger().critical("ended by a mistake", exc_info=(kind, error, trace))


def _thread_ended(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _ended(told.exc_type, told.exc_value, told.exc_traceback)


def _clean(secrets: Collection[str], indent: str, _logger: Any, _name: str, line: Any) -> Any:
    """A portal's words in a log may not move the cursor, begin a line of their own, or tell a secret.

    Lines of a traceback are indented in text, as an exception may hold a portal's words as well.
    """
    for key, value in line.items():
        if key in WHOLE and isinstance(value, str):
            text = escaped(masked_text(value, secrets), kept="\n")
            line[key] = "\n".join(f"{indent}{one}" for one in text.split("\n"))
        else:
            line[key] = _cleaned(value, secrets)
    return line


def _cleaned(value: Any, secrets: Collection[str]) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(_cleaned(key, secrets)): _cleaned(one, secrets) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(one, secrets) for one in value]
    return escaped(masked_text(str(value), secrets))


def _ordered(_logger: Any, _name: str, line: Any) -> Any:
    first = {key: line.pop(key) for key in ("timestamp", "level", *KEYS) if key in line}
    return {**first, **line}
