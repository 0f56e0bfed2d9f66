"""QR codes drawn as SVG."""

from __future__ import annotations

import re

import pytest
import segno
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from zxingcpp import read_barcodes

from feedsvc.web.qr import PIXELS, qr_code


def drawn(address, label="nhãn"):
    """The SVG element."""
    return BeautifulSoup(str(qr_code(address, label)), "xml").svg


def painted(svg):
    """The picture that a browser makes of it: `M` and `m` lift the pen, `h` draws a run of dark modules."""
    size, (x, y) = int(svg["viewBox"].split()[2]), (0, 0.0)
    image = Image.new("L", (size, size), 255)
    for step, across, down in re.findall(r"([Mmh])(-?\d+)(?: (-?[\d.]+))?", svg("path")[1]["d"]):
        if step == "h":
            ImageDraw.Draw(image).rectangle((x, int(y), x + int(across) - 1, int(y)), fill=0)
        x, y = x + int(across), y + float(down or 0)
    return image.resize((size * PIXELS, size * PIXELS), Image.Resampling.NEAREST)


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=300).map(
        lambda rest: f"https://a.example/{rest}"
    )
)
def test_every_address_comes_back(address):
    """Whatever the address, a scanner reads exactly it from the drawing."""
    assert [code.text for code in read_barcodes(painted(drawn(address)))] == [address]


def test_drawing_needs_no_style_and_tells_what_it_is():
    """An image with a text alternative, dark on its own light ground, sized in whole pixels for each module."""
    svg = drawn("https://a.example/", 'Mã "QR" <của> a.example')
    assert (svg["role"], svg["aria-label"]) == ("img", 'Mã "QR" <của> a.example')
    assert not svg.select("[style], style, script")
    ground, dark = svg("path")
    size = int(svg["viewBox"].split()[2])
    assert (ground["fill"], ground["d"], dark["stroke"]) == ("#fff", f"M0 0h{size}v{size}h-{size}z", "#000")
    assert int(svg["width"]) == int(svg["height"]) == size * PIXELS


def test_an_address_beyond_all_codes_is_refused():
    """What no QR code can hold is an error of its own, not a code of something else."""
    with pytest.raises(segno.DataOverflowError):
        qr_code("https://a.example/" + "x" * 2331, "")
