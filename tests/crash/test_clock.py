"""A clock that was wrong by ten years, before or after a start: nothing is announced again, and polling goes on (I12)."""

from datetime import UTC, datetime, timedelta

import pytest
from crash.rig import Rig
from crash.town import CATEGORIES, Server, Town

TEN_YEARS = timedelta(days=3652)


@pytest.mark.parametrize("jump", [-TEN_YEARS, TEN_YEARS])
def test_a_clock_that_jumps_announces_nothing_again(tmp_path, jump) -> None:
    """Ids and shown dates of known articles stay, new ones come and are not of the future, and so again when it is right."""
    town = Town()
    for slug in CATEGORIES:
        town.publish(4, slug)
    with Server(town) as server:
        rig = Rig(tmp_path, f"sqlite:///{tmp_path / 'feedsvc.db'}", town, server.server_port)
        rig.open()
        try:
            rig.round()
            for moment in (rig.moment + jump, rig.moment + timedelta(hours=1)):
                rig.moment = moment
                town.publish(1)
                rig.again()
                claimed = rig.store.claim_due(rig.now(), 9, owner="test")
                assert claimed, "something is due, whatever the clock said before"
                rig.store.release_owner("test")
                rig.round()
                rig.look()
                assert not rig.lacking()
                assert not rig.witness.complaints, rig.witness.complaints
                newest = rig.witness.ids[max(rig.witness.ids)]
                shown = rig.witness.shown["json", newest]
                assert shown.astimezone(UTC) <= rig.now() or jump < timedelta()
            assert datetime.now(UTC) - timedelta(days=1) < rig.now()
        finally:
            rig.close()
