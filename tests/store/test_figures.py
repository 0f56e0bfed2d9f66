"""What monitoring counts, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from feedsvc.model import Alarm


def test_everything_is_counted(sapa, make, now):
    """Items and those of the day by category, what is due and leased, alarms that last, size and schema."""
    old, new = make.item("a", shown=now - timedelta(days=1)), make.item("b", shown=now)
    make.saved(sapa, new=[old, new])
    told = sapa.figures(now, now - timedelta(hours=12))
    assert told.items == {("sapa", "tin-tuc"): 2}
    assert told.today == {("sapa", "tin-tuc"): 1}
    assert (told.due, told.leases) == (1, 0)  # du-lich was never polled
    sapa.claim_due(now, 1, owner="test")
    after = sapa.figures(now, now)
    assert (after.due, after.leases) == (0, 1)
    later = sapa.figures(now + timedelta(hours=1), now)
    assert (later.due, later.leases) == (2, 0)  # the lease ran out
    assert told.size > 4096
    assert told.schema
    assert told.alarms == {}


def test_only_alarms_that_last_are_counted(sapa, make, now):
    """An alarm that ended counts no more."""
    one = Alarm(
        id="tag:x,2026:alarm/1",
        source="sapa",
        category="tin-tuc",
        code="empty",
        detail="x",
        url="",
        began=now,
        told=now,
    )
    make.saved(sapa, alarms=[one])
    assert sapa.figures(now, now).alarms == {"empty": 1}
    make.saved(sapa, at=now + timedelta(hours=1), alarms=[replace(one, ended=now)])
    assert sapa.figures(now, now).alarms == {}
