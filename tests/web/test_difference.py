"""What an edit changed, in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.model import Item, MediaObject, Version
from feedsvc.web.difference import MOST_PARAGRAPHS, MOST_PASSAGES, Piece, corrections, difference, passages

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ITEM = Item(
    keys=("url:a",), source="sapa", url="", title="Lễ hội mùa thu", summary="Mở lúc tám giờ.", text="Một.\n\nHai.",
    first_seen=NOW, shown=NOW, updated=NOW, revision=2,
)  # fmt: skip


def version(revision: int = 1, **more: object) -> Version:
    """An earlier state of the item."""
    values: dict[str, object] = {
        "title": ITEM.title, "summary": ITEM.summary, "html": "", "text": ITEM.text, "media": (),
        "updated": NOW - timedelta(hours=9 - revision), **more,
    }  # fmt: skip
    return Version(revision=revision, **values)  # type: ignore[arg-type]


def told(pieces: tuple[Piece, ...]) -> str:
    """Pieces as text, left out ones in brackets, added ones in braces."""
    marks = {"same": "{}", "left out": "[{}]", "added": "<{}>"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("Bắt đầu lúc chín giờ sáng nay", "Bắt đầu lúc tám giờ sáng nay", "Bắt đầu lúc [chín ]<tám >giờ sáng nay"),
        ("Một.\n\nHai.\n\nBa.", "Một.\n\nBa.", "Một.\n\n[Hai.\n\n]Ba."),
        ("Một.", "Một.", "Một."),
        ("", "Một.", "<Một.>"),
        ("Tin cũ về đường", "Hoàn toàn khác hẳn", "[Tin cũ về đường]<Hoàn toàn khác hẳn>"),
    ],
)
def test_an_edit_is_told_by_its_words(old: str, new: str, wanted: str) -> None:
    """Words that were changed stand beside each other; a passage without anything in common is in place of the other."""
    assert told(difference(old, new)) == wanted


TEXT = st.lists(st.sampled_from(["bà", "con", "đường", "mới", " ", "  ", "\n", "\n\n", "\t", "…", "\u00a0"])).map(
    "".join
)


@given(old=TEXT | st.text(), new=TEXT | st.text())
@settings(max_examples=200, deadline=None)
def test_the_pieces_make_both_texts(old: str, new: str) -> None:
    """What is the same or added is the new text, what is the same or left out the old one, to the last space."""
    pieces = difference(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "left out") == new
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))
    assert (old == new) == all(piece.kind == "same" for piece in pieces)


@given(old=TEXT, new=TEXT)
@settings(max_examples=200, deadline=None)
def test_passages_hold_every_change(old: str, new: str) -> None:
    """Each paragraph that is shown has a change, and no word that changed is missing from those shown."""
    pieces = difference(old, new)
    shown, more = passages(pieces)
    assert more == 0 or len(shown) == MOST_PASSAGES
    assert all(any(piece.kind != "same" for piece in passage) for passage in shown)
    for kind in ("left out", "added") if not more else ():
        changed = "".join(piece.text for piece in pieces if piece.kind == kind)
        told = "".join(piece.text for one in shown for piece in one if piece.kind == kind)
        assert "".join(told.split()) == "".join(changed.split())


def test_what_stayed_is_shown_only_around_a_change() -> None:
    """Of a long paragraph a few words stand on either side, of paragraphs that stayed nothing."""
    words = " ".join(f"chữ{number}" for number in range(200))
    ((passage,), _) = passages(difference(f"Đầu.\n\n{words} chín giờ {words}", f"Đầu.\n\n{words} tám giờ {words}"))
    text = told(passage)
    assert text.startswith("… chữ188 ")
    assert "[chín ]<tám >giờ chữ0 " in text
    assert text.endswith("chữ10 … ")


def test_the_last_corrections_come_first_and_older_ones_are_counted() -> None:
    """Each earlier state is compared with the one that took its place; of many the last twenty are shown."""
    states = [version(n, title=f"Lễ hội mùa thu lần {n}") for n in range(1, 31)]
    found = corrections(replace(ITEM, revision=31), states)
    assert [one.version.revision for one in found.shown] == list(range(30, 10, -1))
    assert found.older == 10
    assert told(found.shown[0].title or ()) == "Lễ hội mùa [thu lần 30]<thu>"
    assert found.shown[0].lead is None
    assert found.shown[0].passages == ()


def test_what_changed_besides_the_text_is_told() -> None:
    """Title, lead and media are each told where they changed."""
    film = MediaObject(url="https://a.example.vn/1.mp4", kind="video")
    (one,) = corrections(ITEM, [version(title="Lễ hội mùa xuân", summary="Mở lúc chín giờ.", media=(film,))]).shown
    assert told(one.title or ()) == "Lễ hội mùa [xuân]<thu>"
    assert told(one.lead or ()) == "Mở lúc [chín ]<tám >giờ."
    assert one.media
    assert not corrections(ITEM, [version()]).shown[0].media


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\n\n" * 20_000, "a\n\nb\n\n" * 20_000),
        ("a b " * 20_000, "b a c " * 20_000),
        (" ".join(map(str, range(60_000))), " ".join(map(str, range(60_000, 0, -1)))),
        ("a" * 2_000_000, "b" * 2_000_000),
        ("\n".join(f"a b {n}" for n in range(3_000)), "\n".join(f"b a {n} c" for n in range(3_000))),
    ],
)
def test_of_huge_texts_the_beginning_is_compared(old: str, new: str) -> None:
    """Whatever a portal may send, twenty states of it give a small page, made of so much of each as an article has."""
    states = [version(n, text=old if n % 2 else new) for n in range(1, 21)]
    found = corrections(replace(ITEM, text=old), states)
    assert sum(len(piece.text) for one in found.shown for some in one.passages for piece in some) < 3_000_000
    assert all(len(one.passages) <= MOST_PASSAGES for one in found.shown)
    assert all(one.more <= 2 * MOST_PARAGRAPHS for one in found.shown)
