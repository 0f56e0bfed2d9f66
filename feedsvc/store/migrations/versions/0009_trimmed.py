"""Items whose bodies were let go"""

import sqlalchemy as sa
from alembic import op

from feedsvc.store.moments import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("trimmed", Moment))
