"""What the audit finds and nobody wants to hear of."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """A new table."""
    op.create_table(
        "ignores",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("assistant", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("rule", sa.Text, primary_key=True),
        sa.Column("reason", sa.LargeBinary, nullable=False),
        sa.Column("ignored_by", sa.Text, nullable=False),
        sa.Column("ignored_at", sa.DateTime(timezone=True), nullable=False),
    )
