"""What feeds are chosen and archived by: words without marks, stories, the order of arrival, withdrawals"""

import sqlalchemy as sa
from alembic import op

from feedsvc.store.moments import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("bare", sa.Text, nullable=False, server_default=""),
        sa.Column("story", sa.Text, nullable=False, server_default=""),
        sa.Column("point", sa.JSON(none_as_null=True)),
        sa.Column("missing", Moment),
        sa.Column("withdrawn", Moment),
    ):
        op.add_column("items", column)
    op.create_index("ix_items_story", "items", ["story"])
    op.add_column("item_categories", sa.Column("arrival", sa.BigInteger, nullable=False, server_default="0"))
    op.create_index("ix_item_categories_arrival", "item_categories", ["arrival"])
