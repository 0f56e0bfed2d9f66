"""Type and length of media files, asked for without fetching them."""

from __future__ import annotations

import pytest

from feedsvc.errors import Blocked, Malformed, Refused
from feedsvc.model import Measure


@pytest.mark.parametrize(
    ("path", "mime", "length", "methods"),
    [
        ("/picture.jpg", "image/jpeg", 4321, ["HEAD"]),
        ("/no-head.jpg", "image/jpeg", 48213, ["HEAD", "GET"]),
        ("/vague-head.mp4", "video/mp4", 777, ["HEAD", "GET"]),
        ("/lying-head.png", "image/png", 9000, ["HEAD", "GET"]),
        ("/ordinary", "text/html", None, ["HEAD"]),
    ],
)
async def test_a_file_is_measured_with_as_little_as_it_takes(fetcher, portal, hostile, path, mime, length, methods):
    """HEAD where it tells enough; else the first kilobyte, whose Content-Range tells the whole length."""
    length = len(hostile.PAGE) if length is None else length
    assert await fetcher.measure(portal.url(path)) == Measure(
        url=portal.url(path), status=200, mime=mime, length=length
    )
    assert [visit.method for visit in portal.visits if visit.target == path] == methods
    assert all(visit.headers["accept-encoding"] == "identity" for visit in portal.visits if visit.target == path)


async def test_html_where_a_picture_should_be_is_told(fetcher, portal):
    """An error page under a picture's address is asked twice and then told as it is: the caller decides."""
    measure = await fetcher.measure(portal.url("/html-for-picture.jpg"))
    assert measure.mime == "text/html"
    assert [visit.method for visit in portal.visits[1:]] == ["HEAD", "GET"]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_missing_file_is_a_measure(fetcher, portal, status):
    """404 and 410 are answers about the file, not failures."""
    url = portal.url(f"/{status}")
    assert await fetcher.measure(url) == Measure(url=url, status=status, mime=None, length=None)


@pytest.mark.parametrize(("path", "status"), [("/500", 500), ("/forbidden.jpg", 403), ("/429-seconds", 429)])
async def test_a_failing_server_refuses(fetcher, portal, path, status):
    """Any other status is Refused, with the server's wish."""
    with pytest.raises(Refused) as caught:
        await fetcher.measure(portal.url(path))
    assert caught.value.status == status
    assert (caught.value.retry_after is None) == (status != 429)


async def test_an_endless_file_is_not_read(fetcher, portal):
    """A server that ignores Range and sends for ever is left after its header."""
    assert (await fetcher.measure(portal.url("/endless"))).length is None


async def test_measures_are_guarded(fetcher, portal, canary, hostile):
    """Neither a media address nor its redirect leads to an inside port."""
    portal.answers["/away.jpg"] = hostile.redirect(canary.url("/x.jpg"))
    for url in (canary.url("/x.jpg"), portal.url("/away.jpg"), "file:///etc/passwd"):
        with pytest.raises(Blocked):
            await fetcher.measure(url)


async def test_a_coded_answer_has_no_known_length(fetcher, portal):
    """The length of a gzip coded answer is not the file's."""
    assert (await fetcher.measure(portal.url("/gzip"))).length is None


async def test_an_unasked_304_is_no_measure(fetcher, portal):
    """A 304 to a question without conditions is Malformed here too."""
    with pytest.raises(Malformed):
        await fetcher.measure(portal.url("/unasked-304"))
