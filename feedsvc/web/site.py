"""What every view and template stands on: the service, the language of the answer, addresses within the site."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, make_response, render_template, request

from feedsvc.service import Service
from feedsvc.web.documents import Documents
from feedsvc.web.words import CATALOGUES, DEFAULT, Language

SERVICE, DOCUMENTS, ASSETS = "feedsvc", "feedsvc.documents", "feedsvc.assets"


def the_service() -> Service:
    """The service of the current application."""
    return cast("Service", current_app.extensions[SERVICE])


def the_documents() -> Documents:
    """The kept feed documents of the current application."""
    return cast("Documents", current_app.extensions[DOCUMENTS])


def language() -> Language:
    """`?lang=`, else the better one of Accept-Language, else Vietnamese."""
    chosen = request.args.get("lang") or request.accept_languages.best_match(list(CATALOGUES), DEFAULT)
    return next((known for known in CATALOGUES if known == chosen), DEFAULT)


def chosen_language() -> str:
    """`?lang=` where it names a language that we speak, else ""."""
    chosen = request.args.get("lang", "")
    return chosen if chosen in CATALOGUES else ""


def place(path: str, **parameters: str | int) -> str:
    """The address of a path within the site, below the path of base_url; a chosen language goes along."""
    if chosen := chosen_language():
        parameters.setdefault("lang", chosen)
    query = f"?{urlencode(parameters)}" if parameters else ""
    return f"{urlsplit(the_service().base_url).path}{path}{query}"


def asset(name: str) -> str:
    """The address of a static file; a new release is never shown with an old one."""
    return f"{urlsplit(the_service().base_url).path}/static/{name}?v={current_app.extensions[ASSETS][name]}"


def page(template: str, **values: Any) -> Response:
    """A page for people with its own validator; it may be kept for a minute."""
    response = make_response(render_template(template, **values))
    response.headers["Cache-Control"] = "public, max-age=60"
    response.vary.update(("Accept", "Accept-Encoding", "Accept-Language"))
    response.add_etag()
    return cast("Response", response.make_conditional(request))


def page_values() -> dict[str, Any]:
    """What every template may use: the service, `t` (words), `lang`, `place`, `asset`."""
    lang = language()
    return {
        "service": the_service(),
        "t": CATALOGUES[lang],
        "lang": lang,
        "catalogues": CATALOGUES,
        "place": place,
        "asset": asset,
    }


def asset_versions(app: Flask) -> dict[str, str]:
    """A few digits of what each static file holds, by its name."""
    folder = Path(app.static_folder or "")
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:8] for file in sorted(folder.iterdir())}
