"""What is due is found by an index, whatever the number of categories and items"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

DUE = (
    ("ix_categories_due", "categories", ["next_poll", "source", "slug"], "active = 1", "active"),
    ("ix_categories_polled", "categories", ["polled"], "active = 1", "active"),
    ("ix_categories_leased", "categories", ["lease_until"], "lease_until IS NOT NULL", "lease_until IS NOT NULL"),
    ("ix_items_next_look", "items", ["source", "next_look"], "next_look IS NOT NULL", "next_look IS NOT NULL"),
)


def upgrade() -> None:
    for name, table, columns, sqlite, postgresql in DUE:
        op.create_index(name, table, columns, sqlite_where=sa.text(sqlite), postgresql_where=sa.text(postgresql))
