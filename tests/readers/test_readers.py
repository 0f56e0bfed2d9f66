"""What people read feeds with: every feed of the sample portal, in every format that a reader knows."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from readers.readers import READERS, Missing, Reader, Seen

ROWS = [pytest.param(reader, form, id=f"{reader.name}-{form}") for reader in READERS for form in reader.formats]


@pytest.mark.parametrize(("reader", "form"), ROWS)
def test_a_reader_sees_everything(reader: Reader, form: str, snapshot: Any, tmp_path: Path) -> None:
    """Every item once, its title, the portal's page as its link, its date, a writer, and an enclosure of it."""
    try:
        found = reader.read(snapshot.documents[form], tmp_path)
    except Missing as missing:
        told = f"{reader.name} is not installed: {missing}"
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    for url in snapshot.documents[form]:
        items = list(snapshot.truth[url.rpartition(".")[0]])
        assert items
        if reader.pages:
            items += snapshot.older[url.rpartition(".")[0]]
        assert sorted(seen.id for seen in found[url]) == sorted(item["id"] for item in items), url
        by_id = {seen.id: seen for seen in found[url]}
        for item in items:
            _compare(by_id[item["id"]], item, reader, form)


def _compare(seen: Seen, item: dict[str, Any], reader: Reader, form: str) -> None:
    blind = reader.blind.get(form, frozenset())
    assert seen.title == item["title"]
    assert seen.link == item["url"]
    assert not seen.link.endswith(".pdf")
    assert seen.date == datetime.fromisoformat(item["date_published"])
    names = [author["name"] for author in item.get("authors", [])]
    if names and "author" not in blind and (len(names) == 1 or not reader.single_author_only):
        assert any(name in seen.author for name in names)
    files = {
        one["url"]
        for one in item.get("attachments", [])
        if not reader.films_only or one["mime_type"].startswith(("video/", "audio/"))
    }
    if files and "enclosures" not in blind:
        assert files & set(seen.enclosures), f"{seen.enclosures} of {item['id']} are none of {files}"
