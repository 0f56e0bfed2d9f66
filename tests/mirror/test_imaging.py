"""What a file truly is, told by what Pillow reads of it and by nothing else."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from feedsvc.errors import ExtractError
from feedsvc.imaging import LIST_WIDTH, MOST_PIXELS, read_picture


@pytest.mark.parametrize(
    ("form", "mode", "mime"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "1", "image/png"),
        ("GIF", "P", "image/gif"),
        ("WEBP", "RGB", "image/webp"),
        ("AVIF", "RGB", "image/avif"),
    ],
)
def test_types_are_told_by_content(picture, form, mode, mime):
    """Each type that browsers show is known, with its size, and has a narrow rendition without metadata."""
    found = read_picture(picture(form, mode=mode))
    assert (found.mime, found.width, found.height) == (mime, 900, 600)
    if found.small:
        small = Image.open(BytesIO(found.small))
        assert small.size == (LIST_WIDTH, 320)
        assert Image.MIME[small.format] == found.small_mime
        assert not small.getexif()


@pytest.mark.parametrize("form", ["BMP", "TIFF", "ICO", "PPM", "PDF", "EPS"])
def test_other_types_are_none(picture, form):
    """What browsers do not show, or do more with than show, is refused although Pillow knows it."""
    with pytest.raises(ExtractError):
        read_picture(picture(form, size=(64, 64)))


def test_a_turned_picture_is_upright(picture):
    """A camera held askew writes how; size and rendition are as the picture is shown."""
    exif = Image.Exif()
    exif[0x0112] = 6
    found = read_picture(picture(exif=exif))
    assert (found.width, found.height) == (600, 900)
    assert Image.open(BytesIO(found.small)).size == (480, 720)


def test_broken_metadata_costs_nothing(picture):
    """A picture whose EXIF cannot be read is whole all the same."""
    broken = picture().replace(b"JFIF", b"JFIX", 1)
    whole = broken[:2] + b"\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff" + broken[2:]
    assert read_picture(whole).mime == "image/jpeg"


def test_what_shines_through_stays(picture):
    """A rendition of a picture with transparency has it too."""
    clear = Image.new("RGBA", (900, 600), (200, 10, 10, 60))
    clear.paste((0, 0, 0, 255), (0, 0, 450, 300))
    written = BytesIO()
    clear.save(written, "PNG", compress_level=0)
    found = read_picture(written.getvalue())
    assert found.small_mime == "image/webp"
    assert Image.open(BytesIO(found.small)).convert("RGBA").getpixel((470, 310))[3] < 100


def test_a_small_picture_has_no_rendition(picture):
    """Nothing is made of what is narrow already."""
    assert read_picture(picture(size=(LIST_WIDTH, 300))).small == b""


def test_a_tall_picture_is_cut(picture):
    """The rendition of a very long picture is as wide as others, and not endless."""
    found = read_picture(picture(size=(600, 9000)))
    assert Image.open(BytesIO(found.small)).size == (480, 1920)
    assert (found.width, found.height) == (600, 9000)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(900, 600), (200, 100)])
def test_half_a_picture_is_none(picture, form, share, size):
    """A file that was cut off is refused, whether a rendition would be made of it or not."""
    whole = picture(form, size)
    with pytest.raises(ExtractError):
        read_picture(whole[: int(len(whole) * share)])


def test_too_many_pixels_are_refused(bomb):
    """A bomb is refused by what its header says, before anything is unpacked."""
    with pytest.raises(ExtractError):
        read_picture(bomb)


def test_pixels_are_bounded():
    """A picture that Pillow would open is refused past our own bound."""
    written = BytesIO()
    Image.new("1", (MOST_PIXELS // 5000 + 1, 5000)).save(written, "PNG")
    with pytest.raises(ExtractError, match="pixels"):
        read_picture(written.getvalue())


def test_equal_bytes_give_equal_renditions(picture):
    """Two processes make the same file of the same picture."""
    assert read_picture(picture()) == read_picture(picture())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_bytes_are_judged(picture, data):
    """Whatever bytes come, the answer is a picture or an ExtractError."""
    whole = data.draw(st.sampled_from([picture(form, size=(60, 40)) for form in ("JPEG", "PNG", "GIF", "WEBP")]))
    place = data.draw(st.integers(0, len(whole)))
    torn = whole[:place] + data.draw(st.binary(max_size=20)) + whole[place + data.draw(st.integers(0, 20)) :]
    try:
        found = read_picture(torn)
    except ExtractError:
        return
    assert found.width > 0
    assert found.height > 0
