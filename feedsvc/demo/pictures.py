"""Landscapes painted from a key, as PNG: the same key and size give the same bytes, in a few milliseconds.

The picture is built column by column in one buffer (a column is a handful of slices of ready strips), then turned into
rows by strided slices, so that no pixel is touched by Python on its own. PNG: https://www.w3.org/TR/png-3/.
"""

from __future__ import annotations

import math
import struct
import zlib
from random import Random

SCENES = ("núi", "ruộng", "nhà", "chợ", "hồ", "đường", "rừng", "hội trường", "sân", "sương")

_SKY, _RIDGES, _GROUND, _SPARE = 0, 48, 120, 200
_SHADES = 24
_RGB = tuple[int, int, int]


def paint(key: str, scene: str, width: int = 640, height: int = 400) -> bytes:
    """The PNG for `key` in the manner of `scene` (one of SCENES, others are painted as "núi"), `width` x `height`."""
    random = Random(f"{scene}/{key}")  # noqa: S311 - a painter's dice, no secret
    canvas = _Canvas(width, height)
    _landscape(canvas, random, scene)
    _FIGURES.get(scene, _sun)(canvas, random)
    return _png(width, height, _palette(random, scene), canvas.rows())


class _Canvas:
    """A buffer of palette numbers, one column after the other."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.columns = [bytearray(height) for _ in range(width)]

    def rows(self) -> list[bytes]:
        whole = b"".join(self.columns)
        return [whole[row :: self.height] for row in range(self.height)]

    def bar(self, left: float, top: float, right: float, bottom: float, color: int) -> None:
        """A filled rectangle, cut at the edges."""
        first, last = max(int(top), 0), min(int(bottom), self.height)
        if last <= first:
            return
        strip = bytes([color]) * (last - first)
        for column in self.columns[max(int(left), 0) : max(min(int(right), self.width), 0)]:
            column[first:last] = strip

    def gable(self, left: float, right: float, foot: float, peak: float, color: int) -> None:
        """A filled triangle standing on `foot`."""
        middle, half = (left + right) / 2, max((right - left) / 2, 1)
        for x in range(max(int(left), 0), min(int(right), self.width)):
            top = peak + (foot - peak) * abs(x - middle) / half
            self.bar(x, top, x + 1, foot, color)

    def disc(self, x: float, y: float, radius: float, color: int) -> None:
        """A filled circle."""
        for dx in range(-int(radius), int(radius) + 1):
            rise = math.sqrt(max(radius * radius - dx * dx, 0))
            self.bar(x + dx, y - rise, x + dx + 1, y + rise, color)


def _landscape(canvas: _Canvas, random: Random, scene: str) -> None:
    height = canvas.height
    indoors = scene == "hội trường"
    sky = bytes(_SKY + row * 47 // height for row in range(height))
    levels = [0.34, 0.46, 0.58] if not indoors else [1.5, 1.5, 1.5]
    ridges = [_waves(random, level * height, height * 0.13 * (1 - index * 0.2)) for index, level in enumerate(levels)]
    ground = _waves(random, height * (0.68 if not indoors else 0.72), height * (0.05 if not indoors else 0.0))
    strips = [
        bytes(_RIDGES + index * _SHADES + min(row * 40 // height, 23) for row in range(height)) for index in (0, 1, 2)
    ]
    step = max(height // 28, 3)
    terraces = bytes(_GROUND + (row // step * 7) % 48 for row in range(2 * height))
    bend = _waves(random, height * 0.4, height * 0.12)
    for x, column in enumerate(canvas.columns):
        column[:] = sky
        for wave, strip in zip(ridges, strips, strict=True):
            top = min(max(int(_at(wave, x / canvas.width)), 0), height)
            column[top:] = strip[: height - top]
        top = min(max(int(_at(ground, x / canvas.width)), 0), height)
        shift = int(_at(bend, x / canvas.width)) if scene in {"ruộng", "núi", "sương"} else 0
        column[top:] = terraces[shift : shift + height - top]


def _waves(random: Random, level: float, swing: float) -> tuple[float, list[tuple[float, float, float]]]:
    return level, [(swing / n, random.uniform(0.6, 1.6) * n * 3, random.uniform(0, 6.3)) for n in (1, 2, 4)]


def _at(wave: tuple[float, list[tuple[float, float, float]]], x: float) -> float:
    level, parts = wave
    return level + sum(size * math.sin(speed * x + phase) for size, speed, phase in parts)


def _sun(canvas: _Canvas, random: Random) -> None:
    x, y = random.uniform(0.15, 0.85) * canvas.width, random.uniform(0.1, 0.2) * canvas.height
    canvas.disc(x, y, canvas.height * 0.06, _SPARE)


def _houses(canvas: _Canvas, random: Random) -> None:
    width, height = canvas.width, canvas.height
    for index in range(random.randint(3, 6)):
        left, size = random.uniform(0.02, 0.88) * width, random.uniform(0.1, 0.17) * height
        foot = (0.74 + 0.04 * index) * height
        canvas.bar(left, foot - size * 0.6, left + size * 1.4, foot, _SPARE + 1 + index % 3)
        canvas.gable(left - size * 0.2, left + size * 1.6, foot - size * 0.6, foot - size * 1.2, _SPARE + 4 + index % 2)
        canvas.bar(left + size * 0.55, foot - size * 0.4, left + size * 0.85, foot, _SPARE + 6)


def _stalls(canvas: _Canvas, random: Random) -> None:
    width, height = canvas.width, canvas.height
    for index in range(6):
        left, foot = index * width / 6 + random.uniform(0, 0.03) * width, (0.84 + 0.05 * (index % 2)) * height
        size = height * 0.16
        canvas.bar(left + size * 0.1, foot - size * 0.7, left + size * 0.15, foot, _SPARE + 6)
        canvas.gable(left, left + size * 1.3, foot - size * 0.6, foot - size * 1.1, _SPARE + 7 + index % 4)
        canvas.bar(left + size * 0.1, foot - size * 0.25, left + size * 1.2, foot, _SPARE + 2)
    _people(canvas, random, 0.95, 12)


def _lake(canvas: _Canvas, random: Random) -> None:
    width, height = canvas.width, canvas.height
    canvas.bar(0, height * 0.72, width, height, _SPARE + 11)
    for _ in range(26):
        x, y = random.uniform(0, 1) * width, random.uniform(0.74, 0.99) * height
        canvas.bar(x, y, x + width * random.uniform(0.03, 0.12), y + 2, _SPARE + 12)
    _sun(canvas, random)


def _road(canvas: _Canvas, random: Random) -> None:
    width, height, bend = canvas.width, canvas.height, random.uniform(-0.25, 0.25)
    for y in range(int(height * 0.66), height):
        near = (y / height - 0.62) / 0.38
        middle = width * (0.5 + bend * math.sin(near * 4))
        half = width * (0.01 + 0.16 * near)
        canvas.bar(middle - half, y, middle + half, y + 1, _SPARE + 13)
        if int(near * 14) % 2 == 0:
            canvas.bar(middle - half * 0.05, y, middle + half * 0.05 + 1, y + 1, _SPARE + 12)


def _trees(canvas: _Canvas, random: Random) -> None:
    width, height = canvas.width, canvas.height
    for index in range(30):
        foot, left = (0.62 + 0.012 * index) * height, random.uniform(-0.03, 1) * width
        size = height * (0.12 + 0.006 * index)
        canvas.bar(left + size * 0.24, foot - size * 0.2, left + size * 0.3, foot, _SPARE + 6)
        for part in (0.15, 0.45, 0.7):
            canvas.gable(
                left, left + size * 0.54, foot - size * part, foot - size * (part + 0.5), _SPARE + 14 + index % 3
            )


def _hall(canvas: _Canvas, random: Random) -> None:
    width, height = canvas.width, canvas.height
    canvas.bar(width * 0.2, height * 0.08, width * 0.8, height * 0.3, _SPARE + 7)
    for line in range(2):
        canvas.bar(width * 0.28, height * (0.14 + 0.07 * line), width * 0.72, height * (0.17 + 0.07 * line), _SPARE)
    canvas.bar(width * 0.1, height * 0.56, width * 0.9, height * 0.68, _SPARE + 5)
    _people(canvas, random, 0.58, 7)
    _people(canvas, random, 0.8, 11)
    _people(canvas, random, 0.98, 9)


def _people(canvas: _Canvas, random: Random, foot: float, count: int) -> None:
    width, height = canvas.width, canvas.height
    for index in range(count):
        x, size = (index + random.uniform(0.3, 0.7)) * width / count, height * 0.13
        y = foot * height
        canvas.gable(x - size * 0.45, x + size * 0.45, y, y - size * 1.3, _SPARE + 7 + random.randrange(4))
        canvas.disc(x, y - size * 1.05, size * 0.24, _SPARE + 17)


def _yard(canvas: _Canvas, random: Random) -> None:
    _houses(canvas, random)
    canvas.bar(0, canvas.height * 0.9, canvas.width, canvas.height, _SPARE + 2)
    _people(canvas, random, 0.97, 14)


def _mist(canvas: _Canvas, random: Random) -> None:
    for _ in range(9):
        y, x = random.uniform(0.35, 0.8) * canvas.height, random.uniform(-0.3, 0.7) * canvas.width
        canvas.bar(x, y, x + canvas.width * random.uniform(0.3, 0.8), y + canvas.height * 0.018, _SPARE + 12)


_FIGURES = {
    "nhà": _houses,
    "chợ": _stalls,
    "hồ": _lake,
    "đường": _road,
    "rừng": _trees,
    "hội trường": _hall,
    "sân": _yard,
    "sương": _mist,
}

_SKIES: tuple[tuple[_RGB, _RGB], ...] = (
    ((92, 150, 205), (222, 236, 240)),
    ((120, 140, 170), (236, 226, 214)),
    ((236, 150, 92), (252, 226, 178)),
    ((150, 172, 190), (228, 232, 230)),
)
_FIELDS: tuple[tuple[_RGB, _RGB], ...] = (
    ((116, 150, 62), (190, 200, 104)),
    ((196, 158, 54), (232, 208, 118)),
    ((84, 124, 70), (140, 168, 92)),
)
_HALL: tuple[_RGB, _RGB] = ((214, 204, 186), (236, 230, 216))
_COLORS: tuple[_RGB, ...] = (
    (255, 244, 200), (206, 176, 132), (188, 156, 116), (222, 204, 172), (142, 62, 48), (110, 76, 56), (70, 48, 36),
    (178, 34, 44), (38, 78, 140), (206, 120, 36), (84, 44, 110), (92, 140, 160), (226, 236, 236), (98, 96, 92),
    (34, 78, 48), (46, 96, 54), (28, 64, 46), (224, 184, 150),
)  # fmt: skip


def _palette(random: Random, scene: str) -> bytes:
    colors: list[_RGB] = [(0, 0, 0)] * 256
    sky = _HALL if scene == "hội trường" else random.choice(_SKIES)
    field = ((150, 112, 78), (166, 126, 88)) if scene == "hội trường" else random.choice(_FIELDS)
    colors[:48] = [_between(*sky, step / 47) for step in range(48)]
    for ridge, dark in enumerate(((108, 136, 158), (78, 112, 116), (52, 88, 72))):
        for shade in range(_SHADES):
            colors[_RIDGES + ridge * _SHADES + shade] = _between(dark, sky[1], 0.75 * shade / _SHADES)
    colors[_GROUND : _GROUND + 48] = [_between(*field, step / 47) for step in range(48)]
    colors[_SPARE : _SPARE + len(_COLORS)] = _COLORS
    return bytes(part for color in colors for part in color)


def _between(first: _RGB, last: _RGB, share: float) -> _RGB:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, last, strict=True))
    return red, green, blue


def _png(width: int, height: int, palette: bytes, rows: list[bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
