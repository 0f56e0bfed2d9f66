"""When a host may be asked again, by which pollers, what was asked of it each day, and its robots.txt"""

import sqlalchemy as sa
from alembic import op

from feedsvc.store.moments import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("free", Moment),
        sa.PrimaryKeyConstraint("host", name="pk_hosts"),
    )
    op.create_table(
        "pollers",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("seen", Moment, nullable=False),
        sa.Column("knows", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_pollers"),
    )
    op.create_table(
        "robots",
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("read", Moment, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_robots"),
    )
    op.create_table(
        "host_days",
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.Column("decoded_bytes", sa.BigInteger, nullable=False),
        sa.Column("not_modified", sa.Integer, nullable=False),
        sa.Column("slowed", Moment),
        sa.Column("delay", sa.Float, nullable=False),
        sa.Column("delay_reason", sa.Text, nullable=False),
        sa.Column("robots", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("host", "day", name="pk_host_days"),
    )
