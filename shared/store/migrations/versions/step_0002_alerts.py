"""Subscriptions and what places are told: verdicts, matters, deliveries; mutes, quiet hours, and who did what."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """New tables, and two settings of places."""
    op.add_column("places", sa.Column("quiet", sa.Text))
    op.add_column("places", sa.Column("digest", sa.Text))
    op.create_table(
        "subscriptions",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("place", sa.Text, nullable=False, index=True),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("groups", sa.Text, nullable=False),
        sa.Column("minimum", sa.Text, nullable=False),
        sa.Column("paused", sa.LargeBinary, nullable=False),
        sa.Column("paused_at", TIME),
        sa.Column("removed_at", TIME),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "mutes",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("assistant", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("muted_by", sa.Text, nullable=False),
        sa.Column("reason", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "matters",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("assistant", sa.BigInteger, nullable=False),
        sa.Column("family", sa.Text, nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("closed_at", TIME),
        sa.Column("trail", sa.Text, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("acknowledged_by", sa.Text, nullable=False),
        sa.Column("acknowledged_at", TIME),
        sqlite_autoincrement=True,
    )
    _index_where("uq_matters_open", "matters", ["place", "account", "assistant", "family"], OPEN, unique=True)
    _index_where("ix_matters_open", "matters", ["last_at"], OPEN)
    op.create_index("ix_matters_assistant", "matters", ["account", "assistant"])
    op.create_table(
        "deliveries",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("matter", NUMBER, sa.ForeignKey("matters.id"), index=True),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.Column("owed_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", TIME),
        sa.Column("error", sa.LargeBinary, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("posted_at", TIME),
        sa.Column("aside_at", TIME),
        sa.Column("withdrawn_at", TIME),
        sqlite_autoincrement=True,
    )
    _index_where("ix_deliveries_owed", "deliveries", ["place", "recipient", "owed_at", "id"], OWED)
    _index_where("ix_deliveries_aside", "deliveries", ["id"], ASIDE)
    op.create_index("ix_deliveries_posted", "deliveries", ["place", "recipient", "posted_at"])
    op.create_table(
        "verdicts",
        sa.Column("subscription", NUMBER, sa.ForeignKey("subscriptions.id"), primary_key=True),
        sa.Column("change", NUMBER, sa.ForeignKey("changes.id"), primary_key=True, index=True),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("until", TIME),
        sa.Column("mute", sa.Text),
        sa.Column("delivery", NUMBER, sa.ForeignKey("deliveries.id"), index=True),
        sa.Column("matter", NUMBER, sa.ForeignKey("matters.id"), index=True),
    )
    op.create_table(
        "journal",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("done_at", TIME, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("detail", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_place", "journal", ["place", "id"])


OPEN = "closed_at IS NULL"
OWED = "posted_at IS NULL AND aside_at IS NULL AND withdrawn_at IS NULL"
ASIDE = "aside_at IS NOT NULL"


def _index_where(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    text = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=text, postgresql_where=text)
