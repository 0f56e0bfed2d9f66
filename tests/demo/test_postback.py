"""The signed state of a postback page: only what the portal itself wrote is taken."""

from __future__ import annotations

import base64

import pytest

from feedsvc.demo.postback import NEXT, PAGER, PageState, RefusedError, seal, turn

SECRET = b"khoa thu"


def form(view, events, target=PAGER, argument="3"):
    """What a browser would post."""
    return {"__VIEWSTATE": view, "__EVENTVALIDATION": events, "__EVENTTARGET": target, "__EVENTARGUMENT": argument}


def forged(sealed, old, new):
    """The sealed text with one word of it changed and its mark kept."""
    data = base64.b64decode(sealed)
    assert old in data
    return base64.b64encode(data.replace(old, new)).decode()


def test_an_honest_event_leads_to_its_page():
    """A number leads to that page, "next" to the page after the one in the state."""
    view, events = seal(PageState(page=2, links=(1, 3, 4), serial=7), SECRET)
    assert turn(form(view, events, argument="4"), "7", SECRET) == 4
    assert turn(form(view, events, target=NEXT, argument=""), None, SECRET) == 3


def test_a_forged_state_is_refused():
    """A page number or a link changed in the state, or another portal's key, is noticed."""
    view, events = seal(PageState(page=2, links=(1, 3), serial=7), SECRET)
    for posted in (
        form(forged(view, b'"page": 2', b'"page": 1'), events),
        form(view, forged(events, b"[1, 3]", b"[1, 9]"), argument="9"),
        form(*seal(PageState(page=2, links=(1, 3), serial=7), b"khoa khac")),
    ):
        with pytest.raises(RefusedError, match="MAC"):
            turn(posted, None, SECRET)


def test_parts_of_two_answers_do_not_mix():
    """State and validation must come from the same answer, and be the one the cookie names."""
    first = seal(PageState(page=1, links=(2, 3), serial=1), SECRET)
    second = seal(PageState(page=2, links=(1, 3), serial=2), SECRET)
    with pytest.raises(RefusedError, match="latest"):
        turn(form(first[0], second[1]), None, SECRET)
    with pytest.raises(RefusedError, match="latest"):
        turn(form(*first), "2", SECRET)
