"""kill -9 anywhere while a portal publishes, edits, moves and breaks: no id is lost, doubled or changed."""

import random
import secrets

import pytest
from crash.campaign import MODES, Campaign
from crash.service import Reader, Running, asked, children, configured, gone
from crash.town import CATEGORIES, Server, Town
from crash.witness import Witness
from loopback import free_port, until

MANY = 40
"""Kills from which on every mode must have been reached."""


@pytest.mark.parametrize(("database", "pollers"), [("sqlite", 1), ("postgresql", 2)])
def test_deaths_lose_double_and_change_nothing(request, tmp_path, database, pollers) -> None:
    """However often pollers and web are killed, readers get whole feeds, each article under its one id for ever."""
    kills = request.config.getoption("--kills")
    seed = request.config.getoption("--kill-seed") or secrets.randbelow(2**32)
    print(f"--kill-seed {seed}")  # noqa: T201 - to repeat a failure
    dice, port, town = random.Random(seed), free_port(), Town()
    url = f"sqlite:///{tmp_path / 'feedsvc.db'}"
    if database == "postgresql":
        url = request.getfixturevalue("postgresql")(migrated=True)
    for slug in CATEGORIES:
        town.publish(12, slug)
    with Server(town) as server:
        running = Running(configured(tmp_path, url, server.server_port, port), port, tmp_path / "log")
        witness = Witness()
        try:
            running.start_web()
            for _ in range(pollers):
                running.start_poller()
            campaign = Campaign(town, running, Reader(running, witness, random.Random(seed + 1)), dice)
            with campaign.reader:
                until(lambda: not campaign.lacking(), 180, "the first articles are there")
                for _ in range(kills):
                    campaign.settle()
                    campaign.change()
                    campaign.death()
                lacking = campaign.recover(240)
                rounds = campaign.reader.rounds
                until(lambda: campaign.reader.rounds > rounds + 1, 60, "the reader looks once more")
            campaign.missed()
            states = asked(port, "/status.json")[2].decode()
        finally:
            running.end()
    unreached = sorted(MODES - {mode for mode, count in town.reached.items() if count})
    told = f"{dict(campaign.deaths)}, {len(town.articles)} articles, {witness.answers} answers"
    print(f"{database}: {kills} deaths {told}")  # noqa: T201 - the figures of a run
    print(f"modes reached {len(MODES) - len(unreached)} of {len(MODES)}: {dict(town.reached)}; not: {unreached}")  # noqa: T201
    assert not witness.complaints, "\n".join([*witness.complaints[:20], *campaign.history])
    assert not lacking, f"{lacking}\n{states}\n{running.log.read_text()[-5000:]}"
    assert not unreached or kills < MANY
    assert not [line for line in running.log.read_text().splitlines() if "Traceback" in line]


def test_nothing_outlives_a_poller(tmp_path) -> None:
    """The children that read pages end with a poller that was killed: a crash leaves no process behind."""
    town = Town()
    town.publish(3)
    with Server(town) as server:
        config = configured(tmp_path, f"sqlite:///{tmp_path / 'feedsvc.db'}", server.server_port, free_port())
        running = Running(config, 0, tmp_path / "log")
        try:
            poller = running.start_poller()
            until(lambda: len(children(poller.pid)) >= 2 and town.served > 3, 60, "pages are read")
            left = children(poller.pid)
            running.kill(0)
            until(lambda: gone(left), 20, "the children have ended")
        finally:
            running.end()
