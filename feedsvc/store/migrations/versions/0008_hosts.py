"""When a host may be asked again, and what was asked of it each day"""

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
