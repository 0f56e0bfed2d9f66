"""Pages asked for over HTTP, from a portal that answers well and badly."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from feedsvc.errors import Blocked, FetchError, Malformed, Refused, TimedOut, TooLarge, Unreachable
from feedsvc.fetch.http import HttpFetcher
from feedsvc.model import Form, NotModified, Page, Validators

SHORT = timedelta(seconds=0.3)


async def test_an_ordinary_page_comes_as_its_bytes(fetcher, portal, hostile, now):
    """A page carries its bytes, address, type and the time of our clock."""
    page = await fetcher.get(portal.url("/ordinary"))
    assert page == Page(
        url=portal.url("/ordinary"),
        final_url=portal.url("/ordinary"),
        status=200,
        body=hostile.PAGE,
        content_type="text/html; charset=utf-8",
        fetched_at=now,
    )


async def test_the_user_agent_names_us(fetcher, portal, agent):
    """Every request, robots.txt included, carries the honest User-Agent and asks for gzip alone."""
    await fetcher.get(portal.url("/ordinary"))
    assert [visit.headers["user-agent"] for visit in portal.visits] == [agent, agent]
    assert {visit.headers["accept-encoding"] for visit in portal.visits} == {"gzip"}


@pytest.mark.parametrize("path", ["/gzip", "/zlib-codec"])
async def test_odd_but_whole_answers_are_read(fetcher, portal, hostile, path):
    """A gzip body is decoded, and a charset that is no charset disturbs nobody, since bytes are never made text."""
    assert (await fetcher.get(portal.url(path))).body == hostile.PAGE


async def test_gzip_of_two_members_is_read_to_its_end(fetcher, portal, hostile):
    """No part of a gzip body is lost when it is made of several members."""
    assert (await fetcher.get(portal.url("/gzip-two-members"))).body == hostile.PAGE * 2


@pytest.mark.parametrize(("path", "field"), [("/etag", "if-none-match"), ("/last-modified", "if-modified-since")])
async def test_a_page_that_did_not_change_is_not_sent_again(fetcher, portal, path, field):
    """The validators of an answer, sent back word for word, bring NotModified."""
    page = await fetcher.get(portal.url(path))
    assert isinstance(await fetcher.get(portal.url(path), validators=page.validators), NotModified)
    assert portal.visits[-1].headers[field] in {page.validators.etag, page.validators.last_modified}


@pytest.mark.parametrize("path", ["/etag-control", "/etag-long"])
async def test_odd_validators_are_not_kept(fetcher, portal, path):
    """Validators over 1 kB or with control characters are forgotten; the page counts."""
    assert (await fetcher.get(portal.url(path))).validators == Validators()


async def test_odd_validators_are_not_sent(fetcher, portal):
    """A stored validator with a line break never reaches a header, and a 304 to nothing asked is no answer."""
    await fetcher.get(portal.url("/ordinary"), validators=Validators(etag='"a"\r\nX-Evil: 1'))
    assert "if-none-match" not in portal.visits[-1].headers


@pytest.mark.parametrize(
    "path",
    [
        "/gzip-cut",
        "/gzip-lie",
        "/two-codings",
        "/deflate",
        "/unasked-206",
        "/unasked-304",
        "/header-flood",
        "/header-many",
        "/header-long",
        "/length-too-long",
        "/length-too-short",
        "/chunk-cut",
        "/not-http",
        "/redirect-nowhere",
    ],
)
async def test_an_answer_that_breaks_the_rules_is_no_page(fetcher, portal, path):
    """Cut, doubly coded, unasked or overlong answers are Malformed, never a page with a part of the items."""
    with pytest.raises(Malformed) as caught:
        await fetcher.get(portal.url(path))
    assert portal.pair in str(caught.value)
    assert caught.value.url == portal.url(path)


async def test_a_fetcher_closes_with_its_block(portal, agent, now):
    """`async with` gives the fetcher and closes it: afterwards nothing is asked any more."""
    settings = {"user_agent": agent, "clock": lambda: now, "allow_private": [portal.pair]}
    async with HttpFetcher(**settings, per_host_delay=timedelta()) as fetcher:
        assert (await fetcher.measure(portal.url("/404"))).status == 404
    with pytest.raises(FetchError):
        await fetcher.get(portal.url("/ordinary"))
    assert portal.asked == ["/404"]


async def test_a_304_that_ignores_our_conditions_is_told_from_an_unasked_one(fetcher, portal):
    """The same 304 is NotModified when validators were sent."""
    answer = await fetcher.get(portal.url("/unasked-304"), validators=Validators(etag='"x"'))
    assert isinstance(answer, NotModified)


@pytest.mark.parametrize("path", ["/bomb", "/endless"])
async def test_too_much_is_cut_off(make_fetcher, portal, path):
    """A bomb and an endless page end at max_bytes decoded, with the key to raise in the message."""
    fetcher = make_fetcher(max_bytes=100_000)
    with pytest.raises(TooLarge, match="max_bytes"):
        await fetcher.get(portal.url(path))


async def test_a_page_of_just_the_limit_passes(make_fetcher, portal, hostile):
    """The limit itself is allowed, one byte more is not."""
    exact = make_fetcher(max_bytes=len(hostile.PAGE))
    assert (await exact.get(portal.url("/ordinary"))).body == hostile.PAGE
    assert (await exact.get(portal.url("/gzip"))).body == hostile.PAGE
    for path in ("/ordinary", "/gzip"):
        with pytest.raises(TooLarge):
            await make_fetcher(max_bytes=len(hostile.PAGE) - 1).get(portal.url(path))


@pytest.mark.parametrize("path", ["/drip", "/silence", "/slow-redirect"])
async def test_the_deadline_holds_for_the_whole_exchange(make_fetcher, portal, path):
    """A drip, silence and slow redirects all end with the deadline, whatever arrives in between."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    with pytest.raises(TimedOut):
        await make_fetcher(timeout=SHORT).get(portal.url(path))
    assert loop.time() - started < 3


async def test_a_host_that_hangs_up_is_asked_once(fetcher, portal):
    """A closed connection is Unreachable, and the request is not sent again behind our back."""
    with pytest.raises(Unreachable):
        await fetcher.get(portal.url("/hang-up"))
    assert portal.asked == ["/hang-up"]


async def test_nobody_listening_is_unreachable(make_fetcher, hostile):
    """A port without a server is Unreachable."""
    async with hostile.HostilePortal() as gone:
        url = gone.url("/")
    with pytest.raises(Unreachable):
        await make_fetcher(allow_private=[gone.pair]).get(url)


@pytest.mark.parametrize(
    ("path", "status", "wait"),
    [
        ("/404", 404, None),
        ("/500", 500, None),
        ("/no-content", 204, None),
        ("/429-seconds", 429, timedelta(minutes=2)),
        ("/429-date", 429, timedelta(minutes=30)),
        ("/503-week", 503, timedelta(days=1)),
        ("/503-nonsense", 503, None),
    ],
)
async def test_a_failure_status_is_refused_with_the_servers_wish(fetcher, portal, path, status, wait):
    """Only 200 is content; Retry-After is read in both forms and never longer than a day."""
    with pytest.raises(Refused) as caught:
        await fetcher.get(portal.url(path))
    assert (caught.value.status, caught.value.retry_after) == (status, wait)
    assert str(status) in str(caught.value)


async def test_five_redirects_are_followed(fetcher, portal, hostile):
    """Five redirects lead to the page, which then says where it was found."""
    page = await fetcher.get(portal.url("/steps?5"))
    assert (page.url, page.final_url, page.body) == (portal.url("/steps?5"), portal.url("/steps?0"), hostile.PAGE)


@pytest.mark.parametrize("path", ["/steps?6", "/redirect-loop"])
async def test_a_sixth_redirect_is_not(fetcher, portal, path):
    """A loop ends after five redirects."""
    with pytest.raises(Refused, match="redirects more than 5 times"):
        await fetcher.get(portal.url(path))
    assert len(portal.asked) == 6


async def test_the_body_of_a_redirect_is_not_read(make_fetcher, portal, hostile):
    """An endless body behind a redirect delays nothing."""
    page = await make_fetcher(timeout=timedelta(seconds=5)).get(portal.url("/endless-redirect-body"))
    assert page.body == hostile.PAGE


async def test_a_redirect_to_an_inside_port_is_not_followed(fetcher, portal, canary, hostile):
    """A portal cannot send us to a neighbour that is not named in allow_private."""
    portal.answers["/away"] = hostile.redirect(canary.url("/secret"))
    with pytest.raises(Blocked, match="allow_private"):
        await fetcher.get(portal.url("/away"))


async def test_a_page_may_redirect_to_another_host(make_fetcher, portal, hostile):
    """An ordinary page is followed to another host that may be reached."""
    async with hostile.HostilePortal() as other:
        portal.answers["/moved"] = hostile.redirect(f"http://localhost:{other.port}/ordinary", 301)
        fetcher = make_fetcher(allow_private=[portal.pair, f"localhost:{other.port}"])
        page = await fetcher.get(portal.url("/moved"))
        assert page.final_url == f"http://localhost:{other.port}/ordinary"


async def test_a_form_is_posted_and_follows_its_host_only(fetcher, portal, hostile):
    """A postback sends its fields in order, target filled in; a redirect on the same host becomes a GET."""
    portal.answers["/post"] = hostile.redirect("/echo", 303)
    fields = (("__VIEWSTATE", "/wEP=="), ("__EVENTTARGET", ""), ("tim", "lúa & ngô"))
    form = Form(action=portal.url("/echo"), target="ctl00$pager", argument="Page$2", fields=fields)
    page = await fetcher.get(portal.url("/ds"), form=form)
    assert page.body == (
        b"__EVENTARGUMENT=Page%242&__VIEWSTATE=%2FwEP%3D%3D&__EVENTTARGET=ctl00%24pager&tim=l%C3%BAa+%26+ng%C3%B4"
    )
    assert page.url == portal.url("/ds")
    again = Form(action=portal.url("/post"), target="", argument="", fields=fields)
    assert (await fetcher.get(portal.url("/ds"), form=again)).body == b"GET"


@pytest.mark.parametrize("status", [302, 307])
async def test_a_form_never_goes_to_another_host(make_fetcher, portal, hostile, status):
    """The fields of a form stay with the host that they were written for, even if the other may be reached."""
    async with hostile.HostilePortal() as other:
        portal.answers["/post"] = hostile.redirect(f"http://localhost:{other.port}/echo", status)
        fetcher = make_fetcher(allow_private=[portal.pair, f"localhost:{other.port}"])
        form = Form(action=portal.url("/post"), target="a", argument="b", fields=())
        with pytest.raises(Blocked, match="another host"):
            await fetcher.get(portal.url("/"), form=form)
        assert other.connections == 0


async def test_a_form_redirected_by_307_is_sent_again(fetcher, portal, hostile):
    """307 keeps method and fields on the same host."""
    portal.answers["/post"] = hostile.redirect("/echo", 307)
    form = Form(action=portal.url("/post"), target="", argument="", fields=(("a", "1"),))
    assert (await fetcher.get(portal.url("/"), form=form)).body == b"a=1"


async def test_cookies_live_for_one_call_or_one_poll(fetcher, portal, hostile):
    """A cookie is sent back within a call and within a poll, and never afterwards."""
    assert (await fetcher.get(portal.url("/cookie-wall"))).body == hostile.PAGE
    await fetcher.get(portal.url("/ordinary"))
    assert "cookie" not in portal.visits[-1].headers
    poll = fetcher.for_poll()
    await poll.get(portal.url("/cookie-wall"))
    await poll.get(portal.url("/ordinary"))
    assert portal.visits[-1].headers["cookie"] == "phien=abc123"
    await fetcher.for_poll().get(portal.url("/ordinary"))
    assert "cookie" not in portal.visits[-1].headers


async def test_an_address_is_asked_word_for_word(fetcher, portal):
    """Escapes of an address are not rewritten on the way: some servers sign the exact spelling."""
    target = "/ordinary?u=%2ftin%2Fmoi&x=a+b&y=%41"
    await fetcher.get(portal.url(target))
    assert portal.asked == [target]


async def test_vietnamese_addresses_are_escaped(fetcher, portal, hostile):
    """An address with letters and spaces is asked in its escaped form, in redirects too."""
    portal.answers["/tin-m%E1%BB%9Bi"] = hostile.plain(200)
    portal.answers["/cu"] = hostile.redirect("/tin-m\u00e1\u00bb\u009bi")
    assert (await fetcher.get(portal.url("/tin-mới"))).status == 200
    assert (await fetcher.get(portal.url("/cu"))).final_url == portal.url("/tin-m%E1%BB%9Bi")


async def test_an_address_in_an_older_charset_is_followed(fetcher, portal, hostile):
    """A redirect with bytes of an older charset is followed to those very bytes, as browsers do."""
    portal.answers["/tin-m%FE%EC"] = hostile.plain(200)
    portal.answers["/cu"] = hostile.redirect("/tin-m\xfe\xec")
    assert (await fetcher.get(portal.url("/cu"))).final_url == portal.url("/tin-m%FE%EC")


@pytest.mark.parametrize(
    ("cookie", "sent"),
    [
        ('a="x\\054y"; Path=/', 'a="x\\054y"'),
        ("a=1; Max-Age=99999999999999999999999; Expires=Thu, 99 Foo 99999 99:99:99 GMT", "a=1"),
        ("a=\x80\xff", None),
        ("\x80=1", None),
        ("=;=;=", None),
    ],
)
async def test_odd_cookies_disturb_nothing(fetcher, portal, hostile, cookie, sent):
    """A cookie is sent back word for word, or not at all; a broken one never spoils the page that sets it."""
    portal.answers["/c"] = hostile.plain(200, hostile.PAGE, f"Set-Cookie: {cookie}")
    poll = fetcher.for_poll()
    for _ in range(2):
        assert (await poll.get(portal.url("/c"))).body == hostile.PAGE
    assert portal.visits[-1].headers.get("cookie") == sent


async def test_a_cancelled_request_is_cancelled(fetcher, portal):
    """Cancellation is no failure of the portal: it passes, and leaves the lane free for the next."""
    task = asyncio.create_task(fetcher.get(portal.url("/silence")))
    await portal.arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await fetcher.get(portal.url("/ordinary"))).status == 200


async def test_a_host_that_hangs_delays_no_other(make_fetcher, portal, hostile):
    """While one portal says nothing, another one's page arrives."""
    async with hostile.HostilePortal() as other:
        fetcher = make_fetcher(allow_private=[portal.pair, other.pair])
        hanging = asyncio.create_task(fetcher.get(portal.url("/silence")))
        await portal.arrived.wait()
        assert (await fetcher.get(other.url("/ordinary"))).status == 200
        assert not hanging.done()
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)


async def test_one_request_at_a_time(fetcher, portal):
    """Many pages of one host asked for at once are asked for one after another."""
    await asyncio.gather(*(fetcher.get(portal.url(f"/ordinary?{n}")) for n in range(8)))
    assert portal.most_open == 1
    assert portal.asked == [f"/ordinary?{n}" for n in range(8)]


async def test_a_secret_of_an_address_is_not_told(fetcher, portal):
    """User parts and tokens of an address never stand in a message or in its url."""
    with pytest.raises(FetchError) as caught:
        await fetcher.get(portal.url("/404?token=tOpSeCrEt"))
    assert "tOpSeCrEt" not in f"{caught.value} {caught.value.url}"
    with pytest.raises(Blocked) as refused:
        await fetcher.get("http://ten:tOpSeCrEt@example.org/")
    assert "tOpSeCrEt" not in f"{refused.value} {refused.value.url}"
