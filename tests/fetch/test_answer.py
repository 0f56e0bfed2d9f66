"""The pure rules about answers: codings, validators, waits, lengths, masks."""

from __future__ import annotations

import contextlib
import gzip
import os
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from feedsvc.errors import Blocked, FetchError, Malformed, TimedOut, TooLarge, Unreachable
from feedsvc.fetch.answer import is_gzip, read_measure, read_retry_after, read_validators
from feedsvc.fetch.decoding import Body
from feedsvc.fetch.failures import as_fetch_error, fetch_errors
from feedsvc.fetch.http import form_fields
from feedsvc.fetch.mask import masked, printable
from feedsvc.model import Form

NOW = datetime(2022, 9, 19, 8, 30, tzinfo=UTC)


def gathered(data: bytes, *, gzipped: bool, limit: int, step: int, truncate: bool = False) -> bytes:
    """What comes out of a body that arrives in chunks of `step` bytes."""
    body = Body(gzip=gzipped, max_bytes=limit, truncate=truncate)
    for start in range(0, len(data), step):
        if not body.feed(data[start : start + step]):
            break
    return body.whole()


@given(st.binary(max_size=3000), st.booleans(), st.integers(1, 700), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_a_whole_body_comes_out_as_it_went_in(data, gzipped, step, extra_members):
    """However a body is cut into chunks and members, its decoded bytes are what was sent."""
    raw = gzip.compress(data) * (1 + extra_members) if gzipped else data
    expected = data * (1 + extra_members) if gzipped else data
    assert gathered(raw, gzipped=gzipped, limit=len(expected), step=step) == expected


@given(st.binary(min_size=1, max_size=3000), st.booleans(), st.integers(1, 700))
@settings(max_examples=100, deadline=None)
def test_one_byte_too_many_is_too_large(data, gzipped, step):
    """A body one byte longer than allowed is TooLarge, or cut exactly there when that was asked for."""
    raw = gzip.compress(data) if gzipped else data
    with pytest.raises(TooLarge):
        gathered(raw, gzipped=gzipped, limit=len(data) - 1, step=step)
    assert gathered(raw, gzipped=gzipped, limit=len(data) - 1, step=step, truncate=True) == data[:-1]


@given(st.binary(max_size=2000), st.data())
@settings(max_examples=100, deadline=None)
def test_a_cut_gzip_is_never_a_page(data, draw):
    """A gzip body cut at any place is Malformed, never a part of the page."""
    raw = gzip.compress(data)
    cut = draw.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(Malformed):
        gathered(raw[:cut], gzipped=True, limit=10_000, step=97)


@given(st.binary(max_size=500))
@settings(max_examples=100, deadline=None)
def test_any_bytes_called_gzip_are_a_page_or_malformed(data):
    """No bytes that call themselves gzip raise anything but our own errors."""
    with contextlib.suppress(Malformed):
        assert gathered(data, gzipped=True, limit=100_000, step=50) == zlib.decompressobj(31).decompress(data)


def test_padding_behind_gzip_is_left_out():
    """Zeros behind the end mark, as some servers send, spoil nothing."""
    assert gathered(gzip.compress(b"tin") + b"\0" * 512, gzipped=True, limit=10, step=100) == b"tin"


def test_endless_padding_and_endless_members_end():
    """Bytes that decode to nothing are bounded too."""
    with pytest.raises(TooLarge):
        gathered(gzip.compress(b"") + b"\0" * 200_000, gzipped=True, limit=10, step=4096)
    with pytest.raises(Malformed, match="members"):
        gathered(gzip.compress(b"") * 100, gzipped=True, limit=10, step=4096)


def test_a_bomb_costs_no_memory():
    """A gigabyte packed into a megabyte stops at the limit, within a few times its memory."""
    bomb = gzip.compress(b"\0" * (256 * 1024 * 1024), 9)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            gathered(bomb, gzipped=True, limit=1_000_000, step=65536)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("fields", "coded"),
    [
        ([], False),
        ([("Content-Encoding", "identity")], False),
        ([("Content-Encoding", "")], False),
        ([("Content-Encoding", "GZip")], True),
        ([("Content-Encoding", "x-gzip")], True),
        ([("Content-Encoding", "identity, gzip"), ("Transfer-Encoding", "chunked")], True),
    ],
)
def test_one_gzip_coding_is_understood(fields, coded):
    """At most one coding, gzip or none."""
    assert is_gzip(CIMultiDict(fields)) is coded


@pytest.mark.parametrize(
    "fields",
    [
        [("Content-Encoding", "br")],
        [("Content-Encoding", "gzip"), ("Content-Encoding", "gzip")],
        [("Content-Encoding", "gzip, deflate")],
        [("Transfer-Encoding", "gzip, chunked")],
    ],
)
def test_any_other_coding_is_malformed(fields):
    """What was not asked for is not guessed at."""
    with pytest.raises(Malformed):
        is_gzip(CIMultiDict(fields))


@given(st.text(max_size=60) | st.dates().map(str) | st.integers().map(str))
@settings(max_examples=150, deadline=None)
def test_any_retry_after_is_a_wait_or_nothing(value):
    """Whatever a server wishes is between nothing and a day, or not understood."""
    wait = read_retry_after(CIMultiDict([("Retry-After", value)]), NOW)
    assert wait is None or timedelta() <= wait <= timedelta(days=1)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("0", timedelta()),
        ("120", timedelta(minutes=2)),
        ("99999999999999999999", None),
        ("-5", None),
        ("9999999", timedelta(days=1)),
        ("Mon, 19 Sep 2022 08:31:00 GMT", timedelta(minutes=1)),
        ("Mon, 19 Sep 2022 15:31:00 +0700", timedelta(minutes=1)),
        ("Mon, 19 Sep 2022 08:31:00 -0000", timedelta(minutes=1)),
        ("Sun, 18 Sep 2022 08:31:00 GMT", timedelta()),
        ("Mon, 19 Sep 2033 08:31:00 GMT", timedelta(days=1)),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value, wait):
    """Seconds and dates; the past is now, more than a day is a day."""
    assert read_retry_after(CIMultiDict([("Retry-After", value)]), NOW) == wait


@given(st.text(max_size=1100), st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_kept_validators_can_be_sent(etag, date):
    """No kept validator is over 1 kB or holds anything that could end a header line."""
    kept = read_validators(CIMultiDict([("ETag", etag), ("Last-Modified", date)]))
    for value in (kept.etag, kept.last_modified):
        assert value is None or (value.isascii() and value.isprintable() and len(value) <= 1024)


@pytest.mark.parametrize(
    ("status", "fields", "mime", "length"),
    [
        (200, {"Content-Type": "IMAGE/JPEG ; q=1", "Content-Length": "12"}, "image/jpeg", 12),
        (200, {"Content-Type": "nonsense", "Content-Length": "-1"}, None, None),
        (200, {"Content-Type": "image/png", "Content-Length": "٣"}, "image/png", None),
        (200, {"Content-Type": "image/png", "Content-Length": "9" * 30}, "image/png", None),
        (
            206,
            {"Content-Type": "image/png", "Content-Range": "bytes 0-1023/5000", "Content-Length": "1024"},
            "image/png",
            5000,
        ),
        (
            206,
            {"Content-Type": "image/png", "Content-Range": "bytes 0-1023/*", "Content-Length": "1024"},
            "image/png",
            None,
        ),
        (206, {"Content-Type": "image/png", "Content-Length": "1024"}, "image/png", None),
        (404, {"Content-Type": "text/html", "Content-Length": "1024"}, None, None),
    ],
)
def test_lengths_are_those_of_the_whole_file(status, fields, mime, length):
    """The length of a part is never taken for that of the file, and nonsense for neither."""
    measure = read_measure("http://x.example/a", status, CIMultiDict(fields))
    assert (measure.mime, measure.length) == (mime, length)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/tin?id=7&author=hong", "https://a.example/tin?id=7&author=hong"),
        ("https://ten:mat@a.example/", "https://a.example/"),
        ("https://a.example/?access_token=abc&x=1", "https://a.example/?access_token=***&x=1"),
        ("https://a.example/?x=1&API_KEY=abc#m", "https://a.example/?x=1&API_KEY=***#m"),
        ("https://a.example/?key=abc;sig=def", "https://a.example/?key=***;sig=***"),
        ("https://a.example/?oaAccessToken=abc", "https://a.example/?oaAccessToken=***"),
        ("https://a.example/?design=abc&keyword=tin", "https://a.example/?design=abc&keyword=tin"),
        ("https://bot.example/bot123:AbC-d/sendMessage", "https://bot.example/bot***/sendMessage"),
        ("https://a.example/\x1b[2J\n\u202e", "https://a.example/\\x1b[2J\\n\\u202e"),
    ],
)
def test_addresses_are_shown_without_secrets(url, shown):
    """User part, secret parameters, bot tokens and control characters never reach a log line."""
    assert masked(url) == shown


@given(st.text(max_size=500))
@settings(max_examples=100, deadline=None)
def test_anything_shown_fits_one_line(text):
    """Whatever a server said is one printable line of bounded length."""
    assert printable(text).isprintable()
    assert len(printable(text)) <= 10 * 300 + 3


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError(), TimedOut),
        (OSError(101, "Network is unreachable"), Unreachable),
        (AssertionError("text encoding"), Malformed),
        (UnicodeError("idna"), Malformed),
        (RecursionError(), Malformed),
        (TooLarge("x"), TooLarge),
    ],
)
def test_any_exception_becomes_one_of_ours(error, kind):
    """Nothing but FetchError leaves the door; it says where, and keeps its cause."""
    failure = as_fetch_error(error, "http://a.example/?token=mat")
    assert type(failure) is kind
    assert "http://a.example/" in str(failure)
    assert "mat" not in str(failure)
    with pytest.raises(FetchError) as caught, fetch_errors("http://a.example/"):
        raise error
    assert caught.value.__cause__ is error


def test_a_wait_is_not_lost_on_the_way():
    """A failure that is given its address keeps its retry_after."""
    wait = timedelta(hours=1)
    assert as_fetch_error(Blocked("x", retry_after=wait), "http://a.example/").retry_after == wait


def test_an_error_that_names_its_address_passes_unchanged():
    """A failure deep inside keeps its own words on the way out."""
    error = Unreachable("x", url="http://a.example/")
    with pytest.raises(Unreachable) as caught, fetch_errors("http://b.example/"):
        raise error
    assert caught.value is error


@pytest.mark.parametrize(
    ("target", "fields", "sent"),
    [
        ("p", (("__EVENTTARGET", ""), ("v", "1")), [("__EVENTARGUMENT", "2"), ("__EVENTTARGET", "p"), ("v", "1")]),
        ("p", (("__EVENTTARGET", "p"), ("__EVENTARGUMENT", "2")), [("__EVENTTARGET", "p"), ("__EVENTARGUMENT", "2")]),
        ("p", (), [("__EVENTTARGET", "p"), ("__EVENTARGUMENT", "2")]),
        ("", (("v", "1"),), [("v", "1")]),
    ],
)
def test_a_postback_names_its_target(target, fields, sent):
    """The fields go out in their order, with target and argument filled in once."""
    assert form_fields(Form(action="/", target=target, argument="2", fields=fields)) == sent


def test_incompressible_bytes_fit():
    """The overhead of gzip does not make a page of the allowed size too large."""
    data = os.urandom(1_000_000)
    assert gathered(gzip.compress(data), gzipped=True, limit=len(data), step=65536) == data
