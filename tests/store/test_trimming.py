"""Texts that are older than they are kept go, on both databases; what makes an article known stays for ever."""

from dataclasses import replace
from datetime import timedelta

from feedsvc.model import VIETNAM, Known, Query, Validators
from feedsvc.plan import Draft, settle

COUNT = 230
DAY = timedelta(days=1)
QUERY = Query(categories=(("sapa", "tin-tuc"),))


def filled(store, make, now) -> None:
    """Stores many items in one category, a third of them corrected once, and one of another category."""
    made = [
        make.item(
            f"bai-{n:03}", shown=now - n * timedelta(minutes=1), html="<p>Đường tắc</p>", text="Đường tắc", summary="Tóm tắt",
            keys=(f"url:sapa.example.vn/bai-{n:03}", f"body:{n}"), fingerprint="f",
        )
        for n in range(COUNT)
    ]  # fmt: skip
    make.saved(store, now, new=tuple(made))
    edited = [replace(one, text="Đường đã thông", revision=2, fingerprint="g") for one in made[::3]]
    make.saved(store, now + timedelta(minutes=1), changed=tuple(edited))


def trimmed(store, now) -> list[int]:
    """Trims until nothing is left; the steps."""
    steps = []
    while count := store.trim("sapa", before=now, now=now):
        steps.append(count)
    return steps


def test_what_stands_in_no_window_is_trimmed_in_small_steps(sapa, make, now) -> None:
    """The newest hundred keep their texts; of the others the words that make them known stay, and readers are told."""
    filled(sapa, make, now)
    before, revision = sapa.items(QUERY, COUNT), sapa.revision(QUERY)
    assert trimmed(sapa, now + 30 * DAY) == [100, 30]
    after = sapa.items(QUERY, COUNT)
    assert after[:100] == before[:100]
    for old, one in zip(before[100:], after[100:], strict=True):
        assert (one.html, one.text, one.trimmed) == ("", "", now + 30 * DAY)
        assert replace(one, html=old.html, text=old.text, trimmed=None) == old
        assert not any(version.text or version.html for version in sapa.versions(one.number))
    assert sapa.revision(QUERY).number > revision.number
    assert sapa.revision(QUERY).changed == revision.changed
    assert trimmed(sapa, now + 30 * DAY) == []


def test_what_is_young_is_not_trimmed(sapa, make, now) -> None:
    """Age counts from the last change as we know it, not from the portal's day."""
    filled(sapa, make, now)
    assert trimmed(sapa, now) == []
    assert trimmed(sapa, now + 30 * DAY) == [100, 30]


def test_a_search_finds_a_trimmed_item_by_its_title_alone(sapa, make, now) -> None:
    """What is no longer kept is not found by its words, what is kept is."""
    filled(sapa, make, now)
    trimmed(sapa, now + 30 * DAY)
    assert sapa.count(replace(QUERY, search="tom tat")) == COUNT
    assert sapa.count(replace(QUERY, search="duong")) == 100


def test_a_trimmed_item_that_is_met_again_is_no_edit(sapa, make, now) -> None:
    """Its page, read anew, is the same article: same id, no revision, nothing announced."""
    filled(sapa, make, now)
    trimmed(sapa, now + 30 * DAY)
    (old,) = (one for one in sapa.items(QUERY, COUNT) if one.id.endswith("bai-200"))
    category = make.category()
    for words in ("Đường tắc", "Đường đã thông từ chiều nay"):
        again = replace(make.item("bai-200"), id="", text=words, fingerprint=f"x{words}")
        known = sapa.known("sapa", again.keys)
        assert known == {again.keys[0]: Known(item=old, looked=known[again.keys[0]].looked, validators=Validators())}
        settled = settle(
            [Draft(item=again, position=0, asked=again.keys)], known,
            category=category, timezone=VIETNAM, make_id=lambda key, n: f"{key}{n}", now=now + 31 * DAY,
        )  # fmt: skip
        assert (settled.new, settled.changed, [one.id for one in settled.seen]) == ((), (), [old.id])
