"""The hidden state of an ASP.NET page: `__VIEWSTATE` and `__EVENTVALIDATION`, signed, and checked on return.

As on the real thing, a changed state is refused, an event is taken only from a control that the page showed, and only
the state of the latest answer counts: its serial stands in a cookie too, and a reader that keeps cookies and posts an
older state is refused. "Next" means the page after the one in the state, so an old state leads to an old page.
https://learn.microsoft.com/en-us/dotnet/api/system.web.ui.page.viewstateuserkey
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGER = "ctl00$ContentPlaceHolder1$ucDanhSachTin$pager"
NEXT = "ctl00$ContentPlaceHolder1$ucDanhSachTin$lbtTiep"
COOKIE = "TrangThai"
GENERATOR = "A2F4C6E8"


class RefusedError(ValueError):
    """The posted state was changed, is not the latest, or names a control that the page did not show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What a page remembers: its number, the numbers its pager links to, and the serial of the answer."""

    page: int
    links: tuple[int, ...]
    serial: int


def seal(state: PageState, secret: bytes) -> tuple[str, str]:
    """The values of `__VIEWSTATE` and `__EVENTVALIDATION` for a page in `state`."""
    view = json.dumps({"page": state.page, "serial": state.serial}).encode()
    events = json.dumps({"links": state.links, "serial": state.serial}).encode()
    return _signed(view, secret), _signed(events, secret)


def turn(form: Mapping[str, str], cookie: str | None, secret: bytes) -> int:
    """The page that the posted `form` asks for. Raises RefusedError as the page above says."""
    view = json.loads(_checked(form.get("__VIEWSTATE", ""), secret))
    events = json.loads(_checked(form.get("__EVENTVALIDATION", ""), secret))
    if view["serial"] != events["serial"] or cookie not in {None, str(view["serial"])}:
        raise RefusedError("the state information is not the latest one of this page")
    target, argument = form.get("__EVENTTARGET", ""), form.get("__EVENTARGUMENT", "")
    wanted = view["page"] + 1 if target == NEXT else _number(argument)
    if target not in {PAGER, NEXT} or wanted not in events["links"]:
        raise RefusedError("Invalid postback or callback argument")
    return int(wanted)


def _number(argument: str) -> int:
    return int(argument) if argument.isdecimal() else -1


def _signed(data: bytes, secret: bytes) -> str:
    return base64.b64encode(data + hmac.digest(secret, data, hashlib.sha256)).decode()


def _checked(text: str, secret: bytes) -> bytes:
    try:
        whole = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise RefusedError("Validation of viewstate MAC failed") from error
    data, mark = whole[:-32], whole[-32:]
    if not hmac.compare_digest(mark, hmac.digest(secret, data, hashlib.sha256)):
        raise RefusedError("Validation of viewstate MAC failed")
    return data
