"""How far the past of each category has been filled in"""

import sqlalchemy as sa
from alembic import op

from feedsvc.store.moments import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "histories",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("below", Moment),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("source", "category", name="pk_histories"),
    )
