"""Databases of both kinds for the doctor to look at."""

from store.conftest import NOON, _category, _item, _saved, _synced, migrated_file, postgresql  # noqa: F401 - fixtures
