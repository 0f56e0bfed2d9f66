"""The first schema"""

import sqlalchemy as sa
from alembic import op

from feedsvc.store.moments import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_polling()
    _create_items()
    _create_belongings()
    _create_deliveries()


def _create_polling() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.create_table(
        "categories",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("lease_token", sa.Text),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", Moment),
        sa.Column("polled", Moment),
        sa.Column("next_poll", Moment),
        sa.Column("succeeded", Moment),
        sa.Column("outcome", sa.Text),
        sa.Column("problem", sa.JSON),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("depth", sa.Integer, nullable=False),
        sa.Column("usual", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("changed_at", Moment),
        sa.PrimaryKeyConstraint("source", "slug", name="pk_categories"),
    )
    op.create_table(
        "measures",
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("mime", sa.Text),
        sa.Column("length", sa.BigInteger),
        sa.Column("checked", Moment, nullable=False),
        sa.PrimaryKeyConstraint("asked", name="pk_measures"),
    )


def _create_items() -> None:
    op.create_table(
        "items",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("authors", sa.JSON, nullable=False),
        sa.Column("published", Moment),
        sa.Column("precision", sa.Text),
        sa.Column("modified", Moment),
        sa.Column("first_seen", Moment, nullable=False),
        sa.Column("shown", Moment, nullable=False),
        sa.Column("updated", Moment, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("media", sa.JSON, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("looked", Moment, nullable=False),
        sa.Column("next_look", Moment),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.PrimaryKeyConstraint("number", name="pk_items"),
        sa.UniqueConstraint("id", name="uq_items_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_items_updated", "items", ["source", "updated"])
    op.create_table(
        "revisions",
        sa.Column("item", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("media", sa.JSON, nullable=False),
        sa.Column("updated", Moment, nullable=False),
        sa.PrimaryKeyConstraint("item", "revision", name="pk_revisions"),
        sa.ForeignKeyConstraint(["item"], ["items.number"], name="fk_revisions_item"),
    )


def _create_belongings() -> None:
    op.create_table(
        "item_keys",
        sa.Column("item", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("weak", sa.Boolean, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("item", "key", name="pk_item_keys"),
        sa.ForeignKeyConstraint(["item"], ["items.number"], name="fk_item_keys_item"),
    )
    op.create_index("ix_item_keys_source_key", "item_keys", ["source", "key"])
    op.create_index(
        "uq_item_keys_strong",
        "item_keys",
        ["source", "key"],
        unique=True,
        sqlite_where=sa.text("NOT weak"),
        postgresql_where=sa.text("NOT weak"),
    )
    op.create_table(
        "item_categories",
        sa.Column("item", sa.Integer, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("shown", Moment, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("item", "category", name="pk_item_categories"),
        sa.ForeignKeyConstraint(["item"], ["items.number"], name="fk_item_categories_item"),
    )
    op.create_index("ix_item_categories_newest", "item_categories", ["source", "category", "shown", "item"])


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("relay", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("due", Moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name="fk_deliveries_item"),
        sa.UniqueConstraint(
            "relay", "target", "item", "kind", "revision", name="uq_deliveries_relay_target_item_kind_revision"
        ),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "due"])
