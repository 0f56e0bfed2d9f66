"""Numbers of legal documents."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.feeds.gathering import feed_facts
from feedsvc.feeds.numbers import document_numbers
from feedsvc.model import MediaObject


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Thông tư số 19/2022/TT-BGTVT quy định về đường bộ", ["19/2022/TT-BGTVT"]),
        ("Quyết định số 12/QĐ-UBND", ["12/QĐ-UBND"]),
        ("Số: 07 /2023/ NQ – HĐND", ["07/2023/NQ-HĐND"]),
        ("Nghị định 30/2020/NĐ-CP và 34/2016/NĐ-CP", ["30/2020/NĐ-CP", "34/2016/NĐ-CP"]),
        ("Luật số 45/2019/QH14", ["45/2019/QH14"]),
        ("Nghị quyết 1210/2016/UBTVQH13", ["1210/2016/UBTVQH13"]),
        ("Kế hoạch số 15-KH/HU của Huyện ủy", ["15-KH/HU"]),
        ("Công văn 2345/UBND-VX-KT ngày 12/5/2022", ["2345/UBND-VX-KT"]),
        ("Thông báo 08/TB-SVHTTDL", ["08/TB-SVHTTDL"]),
        ("Chỉ thị 05/CT-TTg, Chỉ thị 05/CT-TTg", ["05/CT-TTg"]),
        ("Quyết định 3a/QĐ-BTC.", ["3a/QĐ-BTC"]),
        ("Họp ngày 12/5/2022 lúc 8 giờ 30", []),
        ("Tăng 3/4 so với cùng kỳ 5/2022", []),
        ("Mở cửa 24/7, gọi 0214-3.820.000", []),
        ("Chạy 60 km/h trên ĐT.152", []),
        ("Xe 24B-123.45 và tuyến 3-4", []),
        ("https://thungmay.example/12/QD-UBND", []),
        ("", []),
    ],
)
def test_numbers(text, numbers):
    """Numbers are found in their usual forms; dates, fractions, hours, addresses and number plates are none."""
    assert list(document_numbers(text)) == numbers


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789/-– aAQĐUBNDT.", max_size=200))
def test_numbers_are_plain(text):
    """Whatever is read, a number has digits first and neither spaces nor dashes of print."""
    for number in document_numbers(text):
        assert number[0].isdigit()
        assert not set(number) & {" ", "–"}


def numbers_of(feed) -> tuple[str, ...]:
    """The numbers of the feed's one item."""
    return feed_facts(feed).items[0].numbers


def test_whose_number_it_is(feed_of, make_article):
    """A number in the text is the item's own only in a category of documents, and only where no title has one."""
    text = "Ủy ban nhân dân ban hành. Số: 31/KH-UBND. Căn cứ Luật số 45/2019/QH14."
    news = make_article(1, text=text)
    document = replace(news, categories=("van-ban",))
    file = MediaObject(
        url="https://thungmay.example/a.pdf", kind="document", mime="application/pdf", title="Phụ lục 31/PL-UBND"
    )
    assert numbers_of(feed_of((news,), "json")) == ()
    assert numbers_of(feed_of((document,), "json")) == ("31/KH-UBND",)
    assert numbers_of(feed_of((replace(document, media=(file,)),), "json")) == ("31/PL-UBND",)
    assert numbers_of(feed_of((replace(news, title="Kế hoạch 31/KH-UBND"),), "json")) == ("31/KH-UBND",)
