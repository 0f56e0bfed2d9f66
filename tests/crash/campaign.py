"""Many deaths of a service whose portal goes on publishing: what happens in each round, and what must hold at the end."""

import json
import random
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crash.service import FEEDS, Reader, Running, asked, pause
from crash.town import CATEGORIES, FAULTS, SPELLINGS, Town
from crash.witness import Entry, entries, older
from loopback import until

CHANGES = (
    "edit",
    "rename",
    "delete",
    "second category",
    "same link",
    "redesign",
    "reorder",
    "text",
    "spelling",
)
DATES = {"given dates": "given", "no date": "none", "new date": "daily"}
OF_KNOWN = frozenset({"edit", "rename", "delete", "same link"})
"""Changes of articles that somebody has read already."""
PATIENCE = 5
"""Failures in a row from which on the back-off is longer than a round."""
MODES = frozenset({
    "publish", "edit", "rename", "delete", "second category", "same link", "redesign", "reorder", "NFD", *DATES,
    *SPELLINGS, *FAULTS,
}) - {"plain"}  # fmt: skip


@dataclass
class Campaign:
    """Rounds of changes and deaths; all chance comes from `dice`."""

    town: Town
    running: Running
    reader: Reader
    dice: random.Random
    deaths: Counter[str] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)
    history: list[str] = field(default_factory=list)

    def change(self) -> None:
        """News, and one or two of the other things that portals do, all about equally often."""
        town, dice = self.town, self.dice
        town.break_("")
        town.publish(dice.randint(1, 3), dice.choice(CATEGORIES))
        for _ in range(dice.randint(1, 2)):
            self.apply(self.rarest())

    def rarest(self) -> str:
        """What can be done now, and was done the least so far."""
        there = sorted([*CHANGES, *DATES, *FAULTS, *SPELLINGS])
        possible = [name for name in there if name not in OF_KNOWN or len(self.known(name)) > 3]
        least = min(self.applied[name] for name in possible)
        return self.dice.choice([name for name in possible if self.applied[name] == least])

    def known(self, name: str) -> list[int]:
        """The numbers of articles on top of the lists that were read under an address of their own."""
        articles, ids = self.town.articles, self.reader.witness.ids
        there = [n for n in self.top() if n in ids and articles[n].number == articles[n].address]
        return [n for n in there if not articles[n].undated] if name == "same link" else there

    def top(self) -> list[int]:
        """The numbers of the articles on top of the lists."""
        return [one.number for slug in CATEGORIES for one in self.town.listed(slug)[:6]]

    def apply(self, name: str) -> None:  # noqa: C901 - one line for each change
        """One change."""
        self.history.append(f"{len(self.town.articles)} articles: {name}")
        self.applied[name] += 1
        town, dice = self.town, self.dice
        if name in SPELLINGS:
            town.spell(name)
        elif name in FAULTS:
            town.break_(name)
        elif name == "spelling":
            town.spell("plain")
        elif name == "redesign":
            town.redesign()
        elif name == "reorder":
            town.reorder(dice.choice([0, dice.randrange(1, 1000)]))
        elif name == "text":
            town.write("NFD" if town.form == "NFC" else "NFC")
        elif name in DATES:
            town.date(DATES[name])
        elif name == "second category":
            town.list_twice(dice.choice(self.top()))
        elif name == "delete":
            town.delete(dice.choice(self.known(name)))
        elif name == "same link":
            town.date("given")  # that another article stands there is told by its day, too
            town.reuse(dice.choice(self.known(name)))
        elif name in {"edit", "rename"}:
            (town.edit if name == "edit" else town.rename)(dice.choice(self.known(name)))

    def death(self) -> None:
        """Kills something, somewhere inside a poll or a save in general, and starts it again at once."""
        kind = self.dice.choices(["save", "poll", "children", "web", "all"], [40, 35, 8, 7, 10])[0]
        place = self.dice.randrange(len(self.running.pollers))
        if kind == "web":
            self.await_requests(self.dice.randint(1, 8), 3)
            self.running.kill_web()
            self.running.start_web()
        elif kind == "save":
            self.running.kill(place)
            self.running.start_poller(self.dice.randint(1, 40), place)
            self.await_death(place, 5)
        else:
            self.await_requests(self.dice.randint(1, 25), 4)
            pause(self.dice.random() * 0.03)
            if kind == "all":
                self.running.kill_web()
                for one in range(len(self.running.pollers)):
                    self.running.kill(one, children=True)
        self.deaths[kind] += 1
        if kind == "web":
            return
        self.running.kill(place, children=kind == "children")
        for one, process in enumerate(self.running.pollers):
            if process.poll() is not None:
                self.running.start_poller(0, one)
        if kind == "all":
            self.running.start_web()

    def await_requests(self, count: int, seconds: float) -> None:
        """Until the portal was asked so often, or time is over."""
        wanted, step = self.town.served + count, 0.01
        for _ in range(int(seconds / step)):
            if self.town.served >= wanted:
                return
            pause(step)

    def await_death(self, place: int, seconds: float) -> None:
        """Until a poller has died by itself, or time is over."""
        for _ in range(int(seconds / 0.02)):
            if self.running.pollers[place].poll() is not None:
                return
            pause(0.02)

    def recover(self, seconds: float) -> list[str]:
        """The portal is well again and publishes once more: until the feeds hold all that it lists; what they lack."""
        town = self.town
        town.break_("")
        town.spell("plain")
        town.reorder(0)
        town.date("given")
        town.publish(2, CATEGORIES[0])
        town.publish(2, CATEGORIES[1])
        lacking: list[str] = []

        rounds: list[subprocess.Popen[bytes]] = []

        def holds() -> bool:
            lacking[:] = self.lacking()
            if lacking and all(one.poll() is not None for one in rounds):
                rounds.append(self.running.poll_now())  # whatever the back-off after so many failures
            return not lacking

        try:
            until(holds, seconds, "all that is listed is in the feeds")
        except BaseException as error:  # pytest.fail is no Exception; what lacks is told below
            if type(error).__name__ != "Failed":
                raise
        finally:
            for one in rounds:
                one.wait(60)
        return lacking

    def settle(self) -> None:
        """After too many failures in a row the portal is well for a round, so that there is something to break again."""
        states = json.loads(asked(self.running.port, "/status.json")[2] or b"{}").get("categories", [])
        if any(one["failures"] >= PATIENCE for one in states):
            self.town.break_("")
            self.running.poll_now().wait(120)

    def missed(self) -> None:
        """Tells the witness what each feed holds with all its archives."""
        for path, kind in FEEDS:
            if kind == "atom":
                self.reader.witness.lost(path, self.everything(path))

    def everything(self, path: str) -> list[Entry]:
        """The items of an Atom feed and of its archives, the newest document first."""
        found: list[Entry] = []
        while path:
            status, _, body = asked(self.running.port, path)
            if status != 200:
                return found
            found += entries("atom", body)
            path = urlsplit(older(body))._replace(scheme="", netloc="").geturl()
        return found

    def lacking(self) -> list[str]:
        """What the lists of the portal show, to the depth that is polled, and the feeds do not: also outdated versions."""
        found = []
        for slug in CATEGORIES:
            there = {one.number: one.version for one in reversed(self.everything(f"/feeds/cong/{slug}.atom"))}
            for one in self.town.listed(slug)[:25]:
                wanted = (one.names, one.edits)
                if one.number not in there:
                    found.append(f"{slug} lacks article {one.number}")
                elif there[one.number] != wanted and self.town.listed(slug).index(one) < 5:
                    found.append(f"{slug} has version {there[one.number]} of article {one.number} instead of {wanted}")
        return found
