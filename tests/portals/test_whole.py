"""Whole generated portals, from their home address alone: searched, polled, stored, compared with the truth."""

import pytest
from portals.build import build
from portals.families import FAMILIES
from portals.server import served
from portals.whole import MEASURES, compare, follow

FLOORS = {
    "categories": 1.0, "names": 1.0, "kinds": 1.0, "foreign": 0.99, "items": 0.98, "title": 0.98, "day": 0.98,
    "authors": 0.95, "lead": 0.95, "body": 0.965, "captions": 0.95, "pictures": 0.95, "films": 0.95,
    "documents": 0.95, "clean": 1.0,
}  # fmt: skip
GAPS: dict[str, frozenset[str]] = {}
"""What does not reach its floor yet. A line goes when it does."""
MOST_REQUESTS = 40


@pytest.mark.parametrize("layout", FAMILIES)
async def test_a_home_address_is_enough(layout, tmp_path):
    """Every category is found and named, every item over all pages stored with its words and media, nothing else."""
    with served(lambda home: build(layout, 2, home=home, scale=0.2)) as (portal, asked):
        outcome = await follow(portal, tmp_path, asked)
    tally = compare(portal, outcome)
    measures = [measure for measure in MEASURES if measure not in GAPS.get(layout, ())]
    below = {measure: round(tally.share(measure), 3) for measure in measures if tally.share(measure) < FLOORS[measure]}
    words = [wrong for measure in below for wrong in tally.wrong if wrong.startswith(f"{measure}:")]
    assert not below, "\n".join([str(below), *words[:6]])
    assert outcome.requests <= MOST_REQUESTS
