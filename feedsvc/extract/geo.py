"""The place that an article declares for itself: meta elements, JSON-LD, microdata; GeoRSS carries it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Point = tuple[float, float]

_LOCATIONS: Final = ("contentLocation", "locationCreated", "spatialCoverage")
_NUMBER: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,20})?")
_PARTS: Final = re.compile(r"\s*[;,]\s*")
_LONGEST: Final = 100
_DIGITS: Final = 6  # of a degree: a tenth of a metre
_HIGHEST, _FARTHEST = 90.0, 180.0
_GEO: Final = (
    "//*[@itemprop='geo'][ancestor::*"
    "[@itemprop='contentLocation' or @itemprop='locationCreated' or @itemprop='spatialCoverage']]"
)
_MOST_SHAPES: Final = 5


def declared_point(root: Any, metas: Mapping[str, Sequence[str]], nodes: Iterable[Mapping[str, Any]]) -> Point | None:
    """The latitude and longitude (degrees, WGS 84) that a page declares for its article; None without a valid one.

    `metas` are the contents of its meta elements by name in small letters, `nodes` the JSON-LD objects that stand for
    the article or the page. Read are schema.org's contentLocation, locationCreated and spatialCoverage in JSON-LD and
    microdata, `place:location:latitude`, `geo.position` and `ICBM`, in this order. The place of an organisation is not
    that of its news; (0, 0) is what a form says that nobody filled in.
    """
    told = [*_in_nodes(nodes), *_in_markup(root), *_in_metas(metas)]
    return next((point for latitude, longitude in told if (point := _point(latitude, longitude))), None)


def _in_nodes(nodes: Iterable[Mapping[str, Any]]) -> list[tuple[Any, Any]]:
    locations = [place for node in nodes for name in _LOCATIONS for place in _listed(node.get(name))]
    shapes = [shape for place in locations for shape in (place, *_listed(place.get("geo")))]
    return [(shape.get("latitude"), shape.get("longitude")) for shape in shapes]


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _in_markup(root: Any) -> list[tuple[Any, Any]]:
    shapes = root.xpath(_GEO)[:_MOST_SHAPES]
    return [(_property(shape, "latitude"), _property(shape, "longitude")) for shape in shapes]


def _property(element: Any, name: str) -> str:
    found = next(iter(element.xpath(".//*[@itemprop=$name]", name=name)), None)
    return "" if found is None else found.get("content") or "".join(found.itertext())


def _in_metas(metas: Mapping[str, Sequence[str]]) -> list[tuple[Any, Any]]:
    pairs: list[tuple[Any, Any]] = list(
        zip(metas.get("place:location:latitude", ()), metas.get("place:location:longitude", ()), strict=False)
    )
    written = [text for name in ("geo.position", "icbm") for text in metas.get(name, ()) if len(text) < _LONGEST]
    parts = [_PARTS.split(text.strip()) for text in written]
    return pairs + [(one[0], one[1]) for one in parts if len(one) == 2]  # noqa: PLR2004 - latitude and longitude


def _point(latitude: Any, longitude: Any) -> Point | None:
    north, east = _degrees(latitude), _degrees(longitude)
    if north is None or east is None or abs(north) > _HIGHEST or (north, east) == (0, 0):
        return None
    return north, east


def _degrees(value: Any) -> float | None:
    if isinstance(value, str):
        text = value.strip()
        value = float(text) if len(text) < _LONGEST and _NUMBER.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_FARTHEST <= value <= _FARTHEST:
        return None
    return round(float(value), _DIGITS) + 0.0  # no negative nought
