"""Which pictures are copied, and which copies go first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.mirror.choice import FORGOTTEN, RETRY, ROOM, barring, is_gone, superfluous, wanted
from feedsvc.model import Copy, Kept, Measure

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
OPEN, PLAIN, SAME_HOST = "https://mo.example/a.jpg", "http://mo.example/b.jpg", "https://rieng.example:8443/c.jpg"


def kept(name, *, age=1, shown=1, listed=False, length=100):
    """A copy made `age` days ago, of an item of `shown` days ago (None: of no item)."""
    copy = Copy(url=name, name=f"{name}.jpg", mime="image/jpeg", length=length, width=1, height=1)
    moment = None if shown is None else NOW - shown * DAY
    return Kept(url=name, copy=copy, kept=NOW - age * DAY, shown=moment, listed=listed)


def gone(*some, size=10**9):
    """Whose copies go."""
    return superfluous(some, now=NOW, age=YEAR, size=size)


def test_each_setting_wants_its_pictures():
    """Off wants none, all wants all, needed those of barring hosts, and plain http for pages of https."""
    urls = [OPEN, PLAIN, SAME_HOST]
    barred = {"rieng.example:8443"}
    assert wanted(urls, "off", barred=barred, secure=True) == []
    assert wanted(urls, "all", barred=(), secure=False) == urls
    assert wanted(urls, "needed", barred=(), secure=False) == []
    assert wanted(urls, "needed", barred=(), secure=True) == [PLAIN]
    assert wanted(urls, "needed", barred=barred, secure=False) == [SAME_HOST]


def test_a_host_is_known_by_one_of_its_pictures():
    """What a host bars once it bars always: its other pictures need not be asked about."""
    told = {
        "https://RIENG.example/a.jpg": Measure(url="", status=200, mime=None, length=None, barred=True),
        OPEN: Measure(url="", status=200, mime=None, length=None),
        "http://[": Measure(url="", status=200, mime=None, length=None, barred=True),
    }
    assert barring(told) == {"rieng.example"}


def test_what_a_server_has_not_is_not_wanted():
    """A missing file and a web page are no pictures; what was not measured may be one."""
    assert is_gone(Measure(url="", status=404, mime=None, length=None))
    assert is_gone(Measure(url="", status=200, mime="text/html", length=5))
    assert not is_gone(Measure(url="", status=200, mime="image/jpeg", length=5))
    assert not is_gone(None)


def test_age_ends_what_no_feed_shows():
    """Old copies go, but not while a feed shows them; nor do younger ones."""
    assert gone(kept("a", age=366), kept("b", age=366, listed=True), kept("c", age=364)) == ["a"]


def test_what_no_item_shows_is_forgotten():
    """A copy whose item never came, or shows another picture now, goes after a day; a vain try after two."""
    vain = Kept(url="v", copy=None, kept=NOW - RETRY - timedelta(seconds=1))
    young = Kept(url="w", copy=None, kept=NOW - RETRY)
    assert FORGOTTEN == DAY
    assert gone(kept("a", age=2, shown=None), kept("b", age=1, shown=None), vain, young) == ["a", "v"]


def test_room_is_made_by_what_is_needed_least():
    """Over the size the oldest items' copies go first, those without an item before them, those in feeds last."""
    some = [
        kept("listed-old", shown=300, listed=True),
        kept("new", shown=1),
        kept("old", shown=200),
        kept("nobody", age=0, shown=None),
        kept("listed-new", listed=True),
    ]
    for size, expected in ((600, 0), (500, 1), (400, 2), (300, 3), (200, 4), (100, 5)):
        order = ["nobody", "old", "new", "listed-old", "listed-new"]
        assert gone(*some, size=size) == order[:expected], size


def test_a_shared_file_makes_room_with_its_last_user():
    """Forgetting one of two addresses of a picture frees nothing: the other goes too, or something else."""
    twins = [Kept(url=url, copy=kept("x").copy, kept=NOW, shown=NOW - 9 * DAY) for url in ("x1", "x2")]
    assert gone(*twins, kept("y"), size=120) == ["x1", "x2"]
    assert gone(*twins, kept("y"), size=230) == []


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.one_of(st.none(), st.integers(0, 500)), st.booleans(), st.integers(1, 99))
    ),
    st.integers(1, 2000),
)
def test_the_rest_always_fits(some, size):
    """Whatever there is, what stays fits, and no copy in a feed goes while one that is in none stays."""
    all_kept = [
        kept(str(n), age=age, shown=shown, listed=listed and shown is not None, length=length)
        for n, (age, shown, listed, length) in enumerate(some)
    ]
    over = set(gone(*all_kept, size=size))
    left = [one for one in all_kept if one.url not in over]
    assert sum(one.copy.length for one in left) <= size * ROOM
    if any(one.listed for one in all_kept if one.url in over):
        assert all(one.listed for one in left)
