"""What sources teach: found categories, profiles, and marks by which an unchanged list is known cheaply"""

import sqlalchemy as sa
from alembic import op

from feedsvc.store.moments import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("profile", sa.Text),
        sa.PrimaryKeyConstraint("slug", name="pk_sources"),
    )
    op.create_table(
        "found_categories",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("first_found", Moment, nullable=False),
        sa.Column("last_found", Moment, nullable=False),
        sa.Column("vanished", Moment),
        sa.Column("position", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("source", "slug", name="pk_found_categories"),
    )
    for name in ("shape", "bytes_digest"):
        op.add_column("categories", sa.Column(name, sa.Text, nullable=False, server_default=""))
