"""The smallest true files: a picture, a film, a PDF; whatever their address, these are their bytes."""

from __future__ import annotations

import base64
from urllib.parse import unquote, urlsplit

from portals.truth import Answer

_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
_MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00\x00\x00\x08free"
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
_TYPES = {
    ".jpg": ("image/jpeg", _JPEG),
    ".mp4": ("video/mp4", _MP4),
    ".pdf": ("application/pdf", _PDF),
    ".css": ("text/css", b"body{}"),
    ".js": ("text/javascript", b""),
}


def answer(path: str) -> Answer | None:
    """The answer for a file's address; None for what is none. robots.txt allows everything."""
    place = unquote(urlsplit(path).path)
    if place == "/robots.txt":
        return Answer(body=b"User-agent: *\nDisallow: /quan-tri\n", content_type="text/plain")
    if "/getfile/" in place or place == "/Download.aspx":
        return Answer(body=_PDF, content_type="application/pdf")
    if place == "/Thumbnail.ashx" or place.startswith("/image/"):
        return Answer(body=_JPEG, content_type="image/jpeg")
    for ending, (mime, body) in _TYPES.items():
        if ending in place:
            return Answer(body=body, content_type=mime)
    return None
