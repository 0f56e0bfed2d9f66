"""Answers that were not believed, and what a person should know"""

import sqlalchemy as sa
from alembic import op

from feedsvc.store.moments import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suspects",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("source", "category", name="pk_suspects"),
    )
    op.create_table(
        "alarms",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("began", Moment, nullable=False),
        sa.Column("told", Moment, nullable=False),
        sa.Column("reminders", sa.Integer, nullable=False),
        sa.Column("ended", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_alarms"),
    )
    op.create_index("ix_alarms_began", "alarms", ["began"])
    op.create_index("ix_alarms_category", "alarms", ["source", "category"])
    # Open alarms, and the moment after which silence is late, come with the claim: an ordinary poll asks for neither.
    op.add_column("categories", sa.Column("overdue", Moment))
    op.add_column("categories", sa.Column("alarms", sa.Text, nullable=False, server_default=""))
