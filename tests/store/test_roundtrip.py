from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsvc.model import Author, Item, MediaObject

# What `extract.clean` lets through: any text but NUL and lone surrogates, which no XML and no PostgreSQL takes.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - timezones gives it
abroad = st.sampled_from([UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=-9, minutes=-30))])
local = st.builds(lambda moment, zone: moment.astimezone(zone), moments, abroad)
sizes = st.none() | st.integers(0, 2**53)
authors = st.builds(Author, name=texts, organisation=texts)
media = st.builds(
    MediaObject,
    url=texts,
    kind=st.sampled_from(["image", "video", "audio", "document"]),
    mime=st.none() | texts,
    length=sizes,
    width=sizes,
    height=sizes,
    duration=st.none() | st.floats(0, 1e6),
    title=texts,
    caption=texts,
    thumbnail=st.none() | texts,
    player=st.none() | texts,
)
items = st.builds(
    Item,
    keys=st.lists(texts, max_size=5, unique=True).map(tuple),
    source=st.just("sapa"),
    url=texts,
    title=texts,
    summary=texts,
    html=texts,
    text=texts,
    authors=st.lists(authors, max_size=3).map(tuple),
    published=st.none() | local,
    precision=st.none() | st.sampled_from(["second", "minute", "day"]),
    modified=st.none() | local,
    first_seen=local,
    shown=local,
    updated=local,
    revision=st.integers(1, 1000),
    categories=st.lists(texts, max_size=3, unique=True).map(tuple),
    media=st.lists(media, max_size=3).map(tuple),
    language=texts,
    fingerprint=texts,
)
numbers = count(1)


@settings(
    max_examples=80,
    deadline=None,
    # One store for all examples is meant: each item has an id and keys of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(item=items)
def test_any_item_comes_back_equal(sapa, make, now, item):
    """Whatever an item holds, it is read back equal, its times as the same moments in UTC."""
    name = f"{next(numbers)}"
    item = replace(item, id=f"tag:{name}", keys=(f"id:{name}", *(f"{key} {name}" for key in item.keys)))
    make.saved(sapa, now, new=(item,))
    found = sapa.known("sapa", item.keys)
    assert found.keys() == set(item.keys)
    (known,) = {one.item.number: one for one in found.values()}.values()
    assert known.item == replace(item, number=known.item.number)
    assert all(
        moment.tzinfo is UTC
        for moment in (known.item.shown, known.item.published, known.item.modified, known.looked)
        if moment is not None
    )
