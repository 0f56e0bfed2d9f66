"""Names for addresses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract.slug import free_slug, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Tin tức – Sự kiện", "tin-tuc-su-kien"),
        ("ĐỜI SỐNG & Pháp luật", "doi-song-phap-luat"),
        ("Thư viện ảnh", "thu-vien-anh"),
        ("  Y tế  ", "y-te"),
        ("新闻", "khac"),
        ("", "khac"),
    ],
)
def test_marks_go_and_words_stay(name, slug):
    """A Vietnamese name becomes its letters without marks; where nothing is left, the given word stands in."""
    assert slug_of(name, "khac") == slug


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=90), max_size=8))
def test_slugs_are_addresses_and_none_is_given_twice(names):
    """Whatever names a portal has, each gets a slug of 1 to 64 letters, digits and dashes of its own."""
    taken: list[str] = []
    for name in names:
        taken.append(free_slug(name, taken, "chuyen-muc"))
    assert len(set(taken)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,64}", slug) for slug in taken)
