"""The catalogues of the pages' words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

import feedsvc.web
from feedsvc.model import Outcome
from feedsvc.web.status import SIGNS
from feedsvc.web.words import CATALOGUES, EN, VI, Words

NAMES = [field.name for field in fields(Words)]


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_every_word(name):
    """No word is empty, and both languages fill in the same values and know the same keys."""
    vi, en = getattr(VI, name), getattr(EN, name)
    if isinstance(vi, Mapping):
        assert vi.keys() == en.keys()
        assert all(vi.values())
        assert all(en.values())
    else:
        assert vi.strip()
        assert en.strip()
        assert sorted(re.findall(r"{\w+}", vi)) == sorted(re.findall(r"{\w+}", en))


def test_every_state_and_outcome_has_a_word():
    """Whatever a category can be is said in words."""
    for words in CATALOGUES.values():
        assert words.states.keys() == SIGNS.keys()
        assert words.outcomes.keys() == set(get_args(Outcome))


def test_no_word_is_left_over():
    """Every word of the catalogue is used by a page."""
    room = Path(feedsvc.web.__file__).parent
    used = "".join(file.read_text("utf-8") for file in [*room.glob("templates/*.html"), *room.glob("*.py")])
    assert [name for name in NAMES if not re.search(rf"\b(t|words)\.{name}\b", used)] == []


def test_templates_hold_no_words_of_their_own():
    """A template says nothing that the catalogue does not know, but for names of formats."""
    for file in (Path(feedsvc.web.__file__).parent / "templates").glob("*.html"):
        text = re.sub(r"{[{%#].*?[}%#]}|<[^>]*>", " ", file.read_text("utf-8"), flags=re.DOTALL)
        text = re.sub(r"<[^>]*>|[\w-]+=\"[^\"]*\"", " ", text, flags=re.DOTALL)
        assert set(re.findall(r"[^\W\d_]+", text)) <= {"RSS", "Atom", "JSON", "Feed", "OPML"}, file.name
