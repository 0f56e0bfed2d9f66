"""Pictures looked at with suspicion: what a file truly is, and a smaller rendition of it.

Only what Pillow reads whole as JPEG, PNG, GIF, WebP or AVIF is a picture. The type that a server tells and the ending
of an address count for nothing, so neither SVG nor HTML comes through. It is meant to run in a child process with
limits on memory and time (reading.apart), as a hostile file may be torture to decode.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError, features

from feedsvc.errors import ExtractError

MOST_PIXELS: Final = 40_000_000
"""Width times height, at most: 160 MB when decoded."""

LIST_WIDTH: Final = 480
"""Pixels across of a smaller rendition, at most."""

_TALLEST: Final = 4
"""How many times its width a rendition may be high; a longer picture is cut at its foot."""

_TYPES: Final = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"} | {
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"} | {
    "image/avif": "avif"
}
"""How files of each type of picture end."""

_SCALED: Final = frozenset({"RGB", "RGBA", "L"})
_TURNED: Final = frozenset({5, 6, 7, 8})
_ORIENTATION: Final = 0x0112
# All that Pillow's decoders let out on broken and hostile files.
_BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a file is: its true type, width and height in pixels as it is shown, and a rendition for lists.

    `small` are the bytes of one at most 480 pixels wide, of the type `small_mime`; empty where the picture itself is.
    """

    mime: str
    width: int
    height: int
    small: bytes = field(default=b"", repr=False)
    small_mime: str = ""


def read_picture(body: bytes) -> Picture:
    """Look at the bytes of a file. Raises ExtractError for all that is not a whole picture of a type that is kept."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken metadata, mostly: the picture itself is whole all the same
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _read(body)
    except UnidentifiedImageError:
        raise ExtractError("it is no JPEG, PNG, GIF, WebP or AVIF picture") from None
    except _BROKEN as error:
        raise ExtractError(f"it is no whole picture ({type(error).__name__}: {str(error)[:120]})") from error


def _read(body: bytes) -> Picture:
    with Image.open(BytesIO(body), formats=_formats()) as image:
        mime = _TYPES[image.format or ""]
        width, height = image.size
        if not 0 < width * height <= MOST_PIXELS:
            raise ValueError(f"{width} x {height} pixels are more than {MOST_PIXELS}")
        if _orientation(image) in _TURNED:
            width, height = height, width
        image.draft("RGB", (2 * LIST_WIDTH, 2 * LIST_WIDTH))  # a JPEG is decoded at the scale that is needed
        image.load()  # to its end: a file that was cut off is no picture
        small, small_mime = _smaller(image) if width > LIST_WIDTH else (b"", "")
    if len(small) >= len(body):
        small, small_mime = b"", ""
    return Picture(mime=mime, width=width, height=height, small=small, small_mime=small_mime)


def _formats() -> tuple[str, ...]:
    optional = tuple(name for name, codec in (("WEBP", "webp"), ("AVIF", "avif")) if features.check(codec))
    return ("JPEG", "PNG", "GIF", *optional)


def _orientation(image: Image.Image) -> int:
    """Give the value that cameras write when they were held askew (EXIF 2.3, 4.6.4); 1 where there is none to read."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        return 1


def _smaller(image: Image.Image) -> tuple[bytes, str]:
    """Make the rendition: upright, without metadata; WebP where something shines through, else JPEG."""
    upright = ImageOps.exif_transpose(image) if _orientation(image) != 1 else image
    clear = upright.has_transparency_data
    if upright.mode not in _SCALED:  # a palette has no colours in between
        upright = upright.convert("RGBA" if clear else "RGB")
    if upright.height > upright.width * _TALLEST:
        upright = upright.crop((0, 0, upright.width, upright.width * _TALLEST))
    upright.thumbnail((LIST_WIDTH, LIST_WIDTH * _TALLEST))
    plain = upright.convert("RGBA" if clear else "RGB")
    plain.info.clear()
    written = BytesIO()
    if clear:
        plain.save(written, "WEBP", quality=80, method=4)
        return written.getvalue(), "image/webp"
    plain.save(written, "JPEG", quality=80, optimize=True, progressive=True)
    return written.getvalue(), "image/jpeg"
