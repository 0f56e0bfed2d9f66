"""What feeds are chosen and archived by: words without marks, stories, the order of arrival, withdrawals"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from feedsvc.store.moments import Moment
from feedsvc.store.search import bare_text
from feedsvc.store.stories import story

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AT_ONCE = 500
"""Items whose words are in memory at a time."""

items = sa.table("items", *map(sa.column, ("number", "search", "bare", "story")))
item_keys = sa.table("item_keys", *map(sa.column, ("item", "key", "weak", "position")))


def upgrade() -> None:
    for column in (
        sa.Column("bare", sa.Text, nullable=False, server_default=""),
        sa.Column("story", sa.Text, nullable=False, server_default=""),
        sa.Column("point", sa.JSON(none_as_null=True)),
        sa.Column("missing", Moment),
        sa.Column("withdrawn", Moment),
    ):
        op.add_column("items", column)
    op.add_column("item_categories", sa.Column("arrival", sa.BigInteger, nullable=False, server_default="0"))
    _fill_words()
    _fill_arrivals()
    op.create_index("ix_items_story", "items", ["story"])
    op.create_index(
        "ix_items_withdrawn",
        "items",
        ["withdrawn"],
        sqlite_where=sa.text("withdrawn IS NOT NULL"),
        postgresql_where=sa.text("withdrawn IS NOT NULL"),
    )
    behind = ["position", "item"]
    op.create_index("ix_item_categories_arrival", "item_categories", ["arrival", "source", "category", *behind])
    op.create_index("ix_item_categories_arrived", "item_categories", ["source", "category", "arrival", *behind])


def _fill_words() -> None:
    """Some items at a time: all of their words at once might not fit into memory."""
    db, last = op.get_bind(), 0
    asked = sa.select(items.c.number, items.c.search).order_by(items.c.number).limit(AT_ONCE)
    written = (
        sa.update(items)
        .where(items.c.number == sa.bindparam("of"))
        .values(bare=sa.bindparam("words"), story=sa.bindparam("told"))
    )
    while rows := db.execute(asked.where(items.c.number > last)).all():
        keys = _weak_keys(db, last, rows[-1].number)
        db.execute(
            written,
            [
                {"of": row.number, "words": bare_text(row.search.split("\n")), "told": story(keys[row.number])}
                for row in rows
            ],
        )
        last = rows[-1].number


def _weak_keys(db: sa.Connection, after: int, until: int) -> dict[int, list[str]]:
    keys: dict[int, list[str]] = defaultdict(list)
    weak = item_keys.c.weak == sa.true()
    asked = sa.select(item_keys.c.item, item_keys.c.key).where(weak, item_keys.c.item.between(after + 1, until))
    for row in db.execute(asked.order_by(item_keys.c.item, item_keys.c.position)):
        keys[row.item].append(row.key)
    return keys


def _fill_arrivals() -> None:
    """What came before is taken to have come in the order of its numbers."""
    op.execute(
        "UPDATE item_categories SET arrival = counted.place FROM ("
        "SELECT item, category, row_number() OVER (ORDER BY item, position, category) AS place FROM item_categories"
        ") AS counted WHERE counted.item = item_categories.item AND counted.category = item_categories.category"
    )
