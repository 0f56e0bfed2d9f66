"""Our own WebSub hub, as the world sees it: it takes a wish down and answers at once; callbacks are asked elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from math import ceil

from flask import Blueprint, Response, abort, make_response, request

from feedsvc.feeds import formats
from feedsvc.fetch.guard import read_pairs
from feedsvc.hub.asking import Unacceptable, read_intent
from feedsvc.model import Intent, Topic
from feedsvc.service import Service
from feedsvc.web.address import OPML, find_address
from feedsvc.web.askers import Askers
from feedsvc.web.bodies import Bodies
from feedsvc.web.feeds import linker
from feedsvc.web.limits import Limit
from feedsvc.web.site import the_service

LATER = 60
MOST_A_MINUTE = 120
LOOPBACK = "127.0.0.1"
WELCOME = """\
Đây là hub WebSub của các nguồn tin ở {home}
Trình đọc tin đăng ký tại đây để được báo ngay khi có tin mới: gửi bằng POST một biểu mẫu gồm hub.mode=subscribe,
hub.topic (địa chỉ của nguồn tin, như trong liên kết rel="self") và hub.callback (địa chỉ nhận tin của bạn);
nếu muốn, thêm hub.secret và hub.lease_seconds.

This is the WebSub hub of the feeds at {home}
Readers subscribe here to be told at once of what is new: POST a form with hub.mode=subscribe, hub.topic (the address
of a feed, as its rel="self" link has it) and hub.callback (your address that takes the news); if you wish, also
hub.secret and hub.lease_seconds.

https://www.w3.org/TR/websub/
"""


def blueprint(monotonic: Callable[[], float] = time.monotonic) -> Blueprint:
    """`/hub`; unknown where the feeds name another hub, or none. `monotonic` (seconds) counts what a client sends."""
    hub = Blueprint("hub", __name__)
    hub.add_url_rule("/hub", view_func=welcome, methods=["GET"])
    hub.add_url_rule("/hub", view_func=ask, methods=["POST"])
    hub.before_request(_only_ours)
    hub.before_request(partial(_not_too_often, Limit(MOST_A_MINUTE), monotonic))
    hub.before_request(Bodies().take)
    return hub


def _only_ours() -> None:
    if the_service().config.websub.hub != "own":
        abort(404)


def _not_too_often(limit: Limit, monotonic: Callable[[], float]) -> Response | None:
    """Each request is written down in the database: one client alone must not keep that busy."""
    client = _client() if request.method == "POST" else None
    wait = limit.wait(client, monotonic()) if client else 0.0
    return _later("You send too many requests: come back later.", ceil(wait)) if wait else None


def welcome() -> Response:
    """What this is, for a person who comes here."""
    response = _said(200, WELCOME.format(home=f"{the_service().base_url}/"))
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def ask() -> Response:
    """Takes a wish down (WebSub, 5.1): 202, or a sentence that says why not."""
    service = the_service()
    private = read_pairs(service.config.fetch.allow_private)
    try:
        intent = read_intent(request.form, private=private, asked_by=_client() or LOOPBACK)
    except Unacceptable as fault:
        return _said(400, f"{fault}.")
    topic = _topic(service, intent.topic)
    return _kept(service, intent, topic) if isinstance(topic, Topic) else topic


def _kept(service: Service, intent: Intent, topic: Topic) -> Response:
    said = service.store.outbox.ask(intent, topic, service.clock())
    if said == "asked":
        return _said(202, "hub.callback is asked now whether it wants this.")
    if said == "full":
        return _said(503, "This hub has as many subscribers as it serves: read the feed in the usual way.")
    return _later("Too many of your requests wait for an answer of their callbacks: come back later.", LATER)


def _later(text: str, seconds: int) -> Response:
    response = _said(429, text)
    response.headers["Retry-After"] = str(seconds)
    return response


def _topic(service: Service, url: str) -> Topic | Response:
    """The topic at an address, which has to be the one that the document itself gives: subscribers compare the two."""
    base = service.base_url
    if not url.startswith(f"{base}/"):
        return _said(404, f"hub.topic is none of this hub's feeds: they begin with {base}/feeds/.")
    path, _, query = url.removeprefix(base).partition("?")
    address = find_address(path, query, service.channels, formats())
    if address is None or address.format == OPML:
        return _said(404, "hub.topic is no feed: there is none at this address.")
    if address.choice.page > 1 or address.choice.before is not None:
        return _said(404, "hub.topic holds older items of a feed: of new ones only the feed itself tells.")
    own = linker(service)(address)
    if own != url:
        return _said(404, f"hub.topic is not the feed's own address, which is {own}.")
    return Topic(url=url, path=address.path, format=address.format, choice=address.choice)


def _client() -> str | None:
    return Askers(the_service().config.web.trusted_proxies).client(request.environ)


def _said(status: int, text: str) -> Response:
    response = make_response(text if text.endswith("\n") else f"{text}\n", status)
    response.content_type = "text/plain; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    return response
