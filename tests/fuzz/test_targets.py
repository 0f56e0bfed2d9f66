"""The targets of the fuzzer, on a few inputs in every run: `python -m tests.fuzz` goes on from here."""

from __future__ import annotations

import pytest
from fuzz.targets import TARGETS, timed
from hypothesis import given, settings
from hypothesis import strategies as st

FOUND = {
    "listing": [b"", b"<a href='//[::1'>x</a>" * 50],
    "article": [b"", b"<article>" * 3000],
    "dates": [b"", b"s\xed\xa0\x80", b"9" * 4000, b"1/" * 2000],
    "charset": [b"text/html; charset=zlib_codec\nx", b"text/html; charset=utf-7\n+ADw-", b"\n\xff\xfe<\x00"],
    "url": [b"http://[::1", b"http://127.1/", b"//?token=" * 400, b"http://\xc2\xad/", b"https://a/" + b"%25" * 1300],
}  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_found_stays_mended(name):
    """Inputs that are hard, or once broke something, are taken within a second."""
    for data in FOUND[name]:
        timed(name, data)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=50, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_taken(name, data):
    """Whatever comes in, a target raises nothing and takes less than a second."""
    timed(name, data)
