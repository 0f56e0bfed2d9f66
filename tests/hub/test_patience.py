"""When those are called again who were not there (relays.md 1)."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.hub.patience import next_try

NOW = datetime(2026, 11, 23, 3, 35, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@given(st.integers(1, 50), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_pauses_grow_to_six_hours_and_spread(attempt: int, dice: Random) -> None:
    """30 s, 2 min, 10 min, 30 min, 2 h, then 6 h again and again, each a fifth longer or shorter at most."""
    expected = [MINUTE / 2, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 120 * MINUTE, 360 * MINUTE][min(attempt, 6) - 1]
    pause = next_try(attempt, NOW, dice) - NOW
    assert 0.8 * expected <= pause <= 1.2 * expected


def test_two_who_failed_together_come_back_apart() -> None:
    """Chance decides, given by whoever asks."""
    assert next_try(6, NOW, Random(1)) != next_try(6, NOW, Random(2))
    assert next_try(6, NOW, Random(1)) == next_try(6, NOW, Random(1))


def test_the_wish_of_the_other_side_goes_first() -> None:
    """As it stands, without chance."""
    assert next_try(6, NOW, Random(1), timedelta(seconds=7)) == NOW + timedelta(seconds=7)
