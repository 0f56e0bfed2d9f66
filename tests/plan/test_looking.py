"""What looks at known articles leave behind: when one is missing, when withdrawn, when back, and when it is asked again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc import plan
from feedsvc.model import VIETNAM, Category, Item, Known, Seen, Stub

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CATEGORY = Category(source="sapa", slug="tin-tuc", title="Tin", url="https://sapa.example.vn/tin-tuc")
OLD = Item(
    id="tag:example.org,2026:sapa/1", keys=("url:sapa.example.vn/a",), source="sapa", url="https://sapa.example.vn/a",
    title="Lễ hội mùa thu", first_seen=NOW - 3 * DAY, shown=NOW, updated=NOW, fingerprint="f", categories=("tin-tuc",),
)  # fmt: skip


def known(**values: object) -> Known:
    """What the store remembers of the article, with these values."""
    return Known(item=replace(OLD, **values), looked=NOW - 2 * HOUR)  # type: ignore[arg-type]


def after(found: Known, seen: Seen) -> Known:
    """What the store remembers after a look."""
    item = replace(found.item, missing=seen.missing, withdrawn=seen.withdrawn)
    return Known(item=item, looked=seen.looked or found.looked, validators=seen.validators)


def gone(found: Known, now: datetime, *, well: bool = True, on_removed: str = "tombstone") -> Seen:
    """A look that finds the article gone."""
    return plan.look_gone(found, CATEGORY, now, well=well, on_removed=on_removed)  # type: ignore[arg-type]


def test_the_first_look_makes_it_missing_and_the_next_comes_soon() -> None:
    """What is gone once is only missing, and asked again an hour later, however rare its looks have become."""
    for first_seen in (NOW - DAY, NOW - 29 * DAY, NOW - 400 * DAY):
        seen = gone(known(first_seen=first_seen), NOW)
        assert (seen.missing, seen.withdrawn, seen.next_look) == (NOW, None, NOW + HOUR)


def test_the_second_look_makes_it_withdrawn_where_that_is_wanted() -> None:
    """An hour later it is withdrawn under `tombstone`; under `keep` only we know that it is missing."""
    missing = known(missing=NOW - HOUR)
    assert gone(missing, NOW).withdrawn == NOW
    kept = gone(missing, NOW, on_removed="keep")
    assert (kept.missing, kept.withdrawn) == (NOW - HOUR, None)


def test_two_looks_within_an_hour_are_one() -> None:
    """A second look that comes early decides nothing, and the one that does is an hour after the first."""
    seen = gone(known(missing=NOW - HOUR / 2), NOW)
    assert (seen.missing, seen.withdrawn, seen.next_look) == (NOW - HOUR / 2, None, NOW + HOUR / 2)


def test_a_site_that_is_not_well_withdraws_nothing() -> None:
    """Neither the first nor the second look counts while the portal answers for nothing else."""
    assert gone(known(), NOW, well=False).missing is None
    seen = gone(known(missing=NOW - HOUR), NOW, well=False)
    assert (seen.missing, seen.withdrawn) == (NOW - HOUR, None)
    assert seen.next_look == NOW + HOUR


def test_what_is_withdrawn_is_watched_for_a_week() -> None:
    """Once a day it is asked whether it is back, then no more; the moment of its withdrawal does not move."""
    found, moment, looks = known(missing=NOW - HOUR), NOW, 0
    while (seen := gone(found, moment)).next_look:
        assert seen.next_look == moment + DAY
        found, moment, looks = after(found, seen), seen.next_look, looks + 1
    assert looks == 7
    assert seen.withdrawn == NOW


def test_what_answers_again_is_back() -> None:
    """A look at an article that is there ends its absence, and its looks go on as ever."""
    back = plan.look_unchanged(known(missing=NOW - DAY, withdrawn=NOW - DAY), CATEGORY, NOW)
    assert (back.missing, back.withdrawn) == (None, None)
    assert back.next_look == plan.look_later(known(), CATEGORY, NOW).next_look


def test_what_is_read_again_is_back_without_a_revision() -> None:
    """A reading clears what was missing; the listing's own words do not, as they say nothing of the page."""
    found = known(missing=NOW - DAY, withdrawn=NOW - DAY)
    for fingerprint, clear in (("f", True), ("", False)):
        read = replace(OLD, id="", fingerprint=fingerprint, first_seen=NOW)
        settled = plan.settle(
            [plan.Draft(item=read, position=0)], {OLD.keys[0]: found}, category=CATEGORY, timezone=VIETNAM,
            make_id=lambda key, _generation: key, now=NOW,
        )  # fmt: skip
        (seen,) = settled.seen
        assert (settled.new, settled.changed) == ((), ())
        assert (seen.missing is None, seen.withdrawn is None) == (clear, clear)


def test_a_look_that_fails_leaves_what_is_missing() -> None:
    """An answer that tells nothing neither withdraws nor brings back, and what is missing is asked again soon."""
    seen = plan.look_later(known(missing=NOW, first_seen=NOW - 300 * DAY), CATEGORY, NOW + HOUR)
    assert (seen.missing, seen.withdrawn, seen.next_look) == (NOW, None, NOW + 2 * HOUR)


def test_what_is_missing_and_listed_is_looked_at_now() -> None:
    """An article that is in the list again is asked for at once, but not twice within the hour."""
    line = Stub(keys=OLD.keys, url="https://sapa.example.vn/moi/a", title=OLD.title)
    for found, wanted in (
        (known(missing=NOW - DAY, withdrawn=NOW - DAY), True),
        (replace(known(missing=NOW - DAY), looked=NOW - HOUR / 2), False),
        (known(), False),
    ):
        again = plan.listed_again([line, line], {OLD.keys[0]: found}, NOW)
        assert again == ([(found, line)] if wanted else [])


@pytest.mark.parametrize(("count", "places"), [(0, []), (1, [0]), (3, [0, 2]), (20, [0, 4, 19])])
def test_witnesses_are_spread(count: int, places: list[int]) -> None:
    """Of the neighbours the nearest is asked, and others farther off: those beside it may be gone with it."""
    neighbours = [known(number=number) for number in range(count)]
    assert [one.item.number for one in plan.witnesses(neighbours)] == places


LOOKS = st.lists(
    st.tuples(st.sampled_from(["gone", "sick", "failed", "there"]), st.integers(-40_000, 400_000)), max_size=30
)


@given(looks=LOOKS, age=st.integers(0, 60))
@settings(max_examples=200, deadline=None)
def test_only_two_looks_an_hour_apart_withdraw(looks: list[tuple[str, int]], age: int) -> None:
    """Whatever looks find, whenever: withdrawn is what two well looks, an hour apart, found gone, and none between there."""
    found, moment = known(first_seen=NOW - age * DAY), NOW
    first: datetime | None = None
    for what, seconds in looks:
        moment += timedelta(seconds=seconds)
        if what == "there":
            seen, first = plan.look_unchanged(found, CATEGORY, moment), None
        elif what == "failed":
            seen = plan.look_later(found, CATEGORY, moment)
        else:
            seen = gone(found, moment, well=what == "gone")
            first = min(first or moment, moment) if what == "gone" else first
        assert seen.looked == moment
        assert seen.next_look is None or seen.next_look > moment
        if seen.withdrawn and not found.item.withdrawn:
            assert first is not None
            assert what == "gone"
            assert moment - first >= HOUR
        assert not (found.item.withdrawn and what in {"gone", "sick", "failed"} and not seen.withdrawn)
        assert what != "there" or (seen.missing, seen.withdrawn) == (None, None)
        found = after(found, seen)
