"""Places, claims, and the history of accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """The first tables."""
    op.create_table(
        "places",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("language", sa.Text),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
    )
    op.create_table(
        "claims",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("expires_at", TIME, nullable=False, index=True),
    )
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("due_at", TIME, nullable=False, index=True),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", TIME),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", TIME),
        sa.Column("failure_kind", sa.Text),
        sa.Column("failure_text", sa.LargeBinary),
        sa.Column("doubt", sa.Text, nullable=False),
        sa.Column("rejected", sa.Text, nullable=False),
        sa.Column("polled_at", TIME),
        sa.Column("succeeded_at", TIME),
        sa.Column("history_since", TIME),
    )
    op.create_table(
        "texts",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("used_at", TIME, nullable=False),
    )
    op.create_table(
        "versions",
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.name"), primary_key=True),
        sa.Column("assistant", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("replaced_at", TIME, index=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("text", sa.LargeBinary, sa.ForeignKey("texts.hash"), nullable=False, index=True),
    )
    latest = sa.text("replaced_at IS NULL")
    op.create_index("ix_versions_latest", "versions", ["account"], sqlite_where=latest, postgresql_where=latest)
    op.create_table(
        "changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.name"), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("assistant", sa.BigInteger, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("before_text", sa.LargeBinary, sa.ForeignKey("texts.hash"), index=True),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("after_text", sa.LargeBinary, sa.ForeignKey("texts.hash"), index=True),
        sa.Column("seen_at", TIME, nullable=False, index=True),
        sa.Column("changed_at", TIME),
        sa.Column("routed_at", TIME),
        sa.UniqueConstraint("account", "assistant", "kind", "sequence", name="uq_changes_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_assistant", "changes", ["account", "assistant", "id"])
    unrouted = sa.text("routed_at IS NULL")
    op.create_index("ix_changes_unrouted", "changes", ["id"], sqlite_where=unrouted, postgresql_where=unrouted)
