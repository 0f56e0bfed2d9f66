from __future__ import annotations

import pytest

from feedsvc.store.search import bare_text, bared
from feedsvc.store.stories import story

DAY = "2026-03-02"
LONG = "khánh thành cầu treo bắc qua suối bạc sau hai năm"


def titled(headline, day=DAY, body="body:" + "0" * 32):
    """The keys of an article as identity makes them."""
    return ("url:a.example.vn/1", f"title:{headline}|{day}", *((body,) if body else ()))


def test_particular_headline_of_one_day_is_one_story():
    """The same long headline on the same day is one story, whatever the bodies; another day is another story."""
    assert story(titled(LONG)) == story(titled(LONG, body="body:" + "1" * 32)) != ""
    assert story(titled(LONG, "2026-03-03")) != story(titled(LONG))


@pytest.mark.parametrize(
    "headline",
    [
        "thông báo về việc treo cờ tổ quốc",
        "lịch công tác tuần của lãnh đạo ủy ban nhân dân xã",
        "kế hoạch tiếp công dân tháng ba của chủ tịch xã",
        "tin hoạt động trong tuần",
        "họp thôn cuối tuần",
    ],
)
def test_headlines_that_every_office_writes_are_no_story(headline):
    """A headline of every office counts only together with an equal body."""
    assert story(titled(headline, body="")) == ""
    assert story(titled(headline)) == story(titled(headline))
    assert story(titled(headline)) != story(titled(headline, body="body:" + "1" * 32))


def test_without_words_no_story():
    """Articles of which only the address is known are told apart from all others."""
    assert story(()) == story(("url:a.example.vn/1", "num:a.example.vn|1")) == ""


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Lũ quét, SẠT LỞ!", "lu quet sat lo"),
        ("ĐƯỜNG đi Đắk Lắk", "duong di dak lak"),
        ("Lu\u0303 que\u0301t", "lu quet"),
        ("covid-19 100%_", "covid 19 100"),
        ("…", ""),
    ],
)
def test_bare_words(text, bare):
    """Marks, case, đ, Unicode spelling and punctuation are set aside."""
    assert bared(text) == bare


def test_bare_text_never_joins_two_texts():
    """No phrase reaches from one text into the next."""
    assert " quet o " not in bare_text(["Lũ quét", "Ở bản"])
    assert " lu quet " in bare_text(["Lũ quét", "Ở bản"])
