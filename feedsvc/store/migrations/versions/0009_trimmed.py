"""Items whose bodies were let go, and those whose address is not that of their first sight"""

import sqlalchemy as sa
from alembic import op

from feedsvc.store.moments import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WHOLE = sa.text("trimmed IS NULL")


def upgrade() -> None:
    op.add_column("items", sa.Column("moved", Moment))
    op.add_column("items", sa.Column("trimmed", Moment))
    op.drop_index("ix_items_updated", "items")
    op.create_index("ix_items_updated", "items", ["source", "updated"], sqlite_where=WHOLE, postgresql_where=WHOLE)
