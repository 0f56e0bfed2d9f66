"""QR codes as inline SVG: an address that a telephone reads from a screen or from paper."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup, escape

PIXELS = 4
QUIET_ZONE = 4


def qr_code(address: str, label: str) -> Markup:
    """The QR code (ISO/IEC 18004) of an address as an SVG element whose text alternative is `label`.

    Its units are modules, each shown `PIXELS` wide, so that no scaling blurs them. Dark on light with a ground and a
    quiet zone of its own, whatever the colours of the page: scanners expect it so. Colours are attributes, as a strict
    content policy allows no style. Raises segno.DataOverflowError for an address of more than 2,331 bytes.
    """
    code, drawn = segno.make_qr(address, error="m"), io.BytesIO()
    code.save(
        drawn, kind="svg", border=QUIET_ZONE, xmldecl=False, svgns=False, nl=False, omitsize=True, svgclass="qr",
        lineclass=None, dark="#000", light="#fff",
    )  # fmt: skip
    width, height = code.symbol_size(scale=PIXELS, border=QUIET_ZONE)
    head = f'<svg role="img" aria-label="{escape(label)}" width="{width}" height="{height}"'
    # What is put together is segno's own drawing, which holds no word of the address, and an escaped label.
    return Markup(head + drawn.getvalue().decode("ascii").removeprefix("<svg"))  # noqa: S704 - see the line above
