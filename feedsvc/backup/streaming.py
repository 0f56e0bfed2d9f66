"""All rows of one database put into another of the same schema, whatever kinds the two are."""

from __future__ import annotations

import sqlalchemy as sa

from feedsvc.progress import Progress
from feedsvc.store.tables import metadata

ROWS_AT_ONCE = 500


def stream(source: sa.Connection, target: sa.Connection, progress: Progress) -> int:
    """Insert every row of `source` into the tables of `target`, which are empty; give how many they were.

    Both are transactions of the caller. A table or column that `source` does not have yet is one that `target`, at the
    same schema, has not either. Foreign keys hold at each step. `progress` counts rows.
    """
    there = sa.inspect(source)
    tables = [table for table in metadata.sorted_tables if there.has_table(table.name)]
    total = sum(source.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables)
    done = 0
    for table in tables:
        known = {column["name"] for column in there.get_columns(table.name)}
        columns = [column for column in table.columns if column.name in known]
        found = source.execute(sa.select(*columns), execution_options={"yield_per": ROWS_AT_ONCE})
        for rows in found.mappings().partitions():
            target.execute(sa.insert(table), [dict(row) for row in rows])
            done += len(rows)
            progress("rows", done, total)
    return done


def empty(target: sa.Connection) -> None:
    """Delete all rows: readers see them until the caller's transaction ends, as TRUNCATE would not have it."""
    for table in reversed(metadata.sorted_tables):
        target.execute(sa.delete(table))
