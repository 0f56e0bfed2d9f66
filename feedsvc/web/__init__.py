"""The door for readers: `create_app(service)` answers feeds from ready bytes, and pages for people."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from jinja2 import StrictUndefined

from feedsvc.feeds import formats
from feedsvc.service import Service
from feedsvc.web import departed, description, feeds, files, hub, media, mistakes, monitoring, pages, present, status
from feedsvc.web.address import SlugConverter
from feedsvc.web.askers import Askers
from feedsvc.web.cache import LONGEST_QUERY, FeedCache
from feedsvc.web.delta import Deltas, cutter
from feedsvc.web.documents import Documents
from feedsvc.web.gate import Gate
from feedsvc.web.heads import OPEN, header_writer, is_open
from feedsvc.web.limits import Limit
from feedsvc.web.monitoring import ANSWERED, Answered
from feedsvc.web.operators import OPERATORS, Operators
from feedsvc.web.origin import own_origin_only
from feedsvc.web.refusal import PageLimit, Refusal
from feedsvc.web.site import ASSETS, DOCUMENTS, SERVICE, asset_versions, page_values
from feedsvc.web.succession import follower

LARGEST_BODY = 64 * 1024
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src https: http:; media-src https: http:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

ROOMS = (feeds, pages, files, media, status, hub, monitoring, description)
"""Every module that answers addresses has a `blueprint()`; a new one is named here."""


def create_app(service: Service, *, monotonic: Callable[[], float] = time.monotonic) -> Flask:
    """The WSGI application over `service`; `monotonic` (seconds) paces the looks at the store.

    Nothing is shared between two applications. `app.extensions["feedsvc"]` is the service.
    """
    app = Flask(__name__)
    app.config.update(TRUSTED_HOSTS=list(_hosts(service)), MAX_CONTENT_LENGTH=LARGEST_BODY)
    app.config.update(SEND_FILE_MAX_AGE_DEFAULT=86400)
    app.json.ensure_ascii = app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has both
    app.url_map.converters["slug"] = SlugConverter
    app.url_map.merge_slashes = False
    headers = header_writer(service, feeds.linker(service))
    deltas = Deltas(cutter(service), headers)
    documents = Documents(
        feeds.renderer(service),
        feeds.looker(service),
        monotonic,
        follow=follower(service.publication.unexplained, deltas),
        headers=headers,
        clock=service.clock,
    )
    app.extensions.update({SERVICE: service, DOCUMENTS: documents, ASSETS: asset_versions(app)})
    answered = app.extensions[ANSWERED] = Answered()
    app.extensions[OPERATORS] = _operators(service, monotonic)
    _set_up_templates(app)
    for room in ROOMS:
        app.register_blueprint(room.blueprint())
    mistakes.register(app)
    app.before_request(_limit_query)
    app.before_request(own_origin_only)
    if service.config.web.rate:
        app.before_request(_page_limit(service, monotonic))
    app.after_request(_guard)
    app.after_request(answered.count)
    departed.register(app, service)
    _put_cache_before(app, service, documents, deltas, _refusal(service, monotonic))
    return app


def _put_cache_before(
    app: Flask, service: Service, documents: Documents, deltas: Deltas, refuse: Refusal | None
) -> None:
    behind = app.wsgi_app
    channels, known = service.channels, frozenset(formats())
    cache = FeedCache(behind, documents, deltas, channels=channels, formats=known, refuse=refuse)
    gate = Gate(cache, behind, hosts=_hosts(service), prefix=urlsplit(service.base_url).path)
    app.wsgi_app = gate  # type: ignore[method-assign]  # the way in which Flask's documentation puts middleware


def _refusal(service: Service, monotonic: Callable[[], float]) -> Refusal | None:
    web = service.config.web
    return Refusal(Limit(web.rate), Askers(web.trusted_proxies), monotonic) if web.rate else None


def _operators(service: Service, monotonic: Callable[[], float]) -> Operators:
    token = service.config.admin.token
    return Operators(token.get_secret_value() if token else None, Askers(service.config.web.trusted_proxies), monotonic)


def _page_limit(service: Service, monotonic: Callable[[], float]) -> Callable[[], None]:
    return PageLimit(Limit(service.config.web.rate), Askers(service.config.web.trusted_proxies), monotonic)


def _hosts(service: Service) -> frozenset[str]:
    """The names under which this service may be asked (safety.md 11)."""
    public = urlsplit(service.base_url).hostname or ""
    names = {public, service.config.web.host, "localhost", "127.0.0.1", "::1"}
    return frozenset(f"[{name}]" if ":" in name else name.lower() for name in names if name)


def _set_up_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(present.FILTERS)
    app.context_processor(page_values)


def _limit_query() -> None:
    if len(request.query_string) > LONGEST_QUERY:
        abort(414)
    if (request.content_length or 0) > LARGEST_BODY:
        abort(413)


def _guard(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if is_open(request.path):  # refusals too: a script of another site may read why
        response.headers.update(OPEN)
    response.headers.pop("Date", None)  # the server's own is the only one (feeds.md 7, row 8)
    return response
