"""Copies of pictures, which items show them, and which of them their portals keep to themselves"""

import sqlalchemy as sa
from alembic import op

from feedsvc.store.moments import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("measures", sa.Column("barred", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "copies",
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("mime", sa.Text, nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("small", sa.Text, nullable=False),
        sa.Column("small_length", sa.BigInteger, nullable=False),
        sa.Column("kept", Moment, nullable=False),
        sa.PrimaryKeyConstraint("asked", name="pk_copies"),
    )
    op.create_index("ix_copies_name", "copies", ["name"])
    op.create_index("ix_copies_small", "copies", ["small"])
    op.create_table(
        "pictures",
        sa.Column("item", sa.Integer, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.number"], name="fk_pictures_item"),
        sa.PrimaryKeyConstraint("item", "asked", name="pk_pictures"),
    )
    op.create_index("ix_pictures_asked", "pictures", ["asked"])
