"""The tables, as this version of the program knows them; `migrations/versions/` makes them."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
)

from shared.store.columns import ForeignText, PlainJson, UtcTime

METADATA = MetaData()

places = Table(
    "places",
    METADATA,
    Column("place", Text, primary_key=True),
    Column("language", Text),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("quiet", PlainJson),
    Column("digest", PlainJson),
)

claims = Table(
    "claims",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

accounts = Table(
    "accounts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("due_at", UtcTime, nullable=False, index=True),
    Column("lease_owner", Text),
    Column("lease_until", UtcTime),
    # Counts the claims: who commits must hold the latest.
    Column("fence", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcTime),
    Column("failure_kind", Text),
    Column("failure_text", ForeignText),
    Column("doubt", Text, nullable=False),
    Column("rejected", PlainJson, nullable=False),
    Column("polled_at", UtcTime),
    Column("succeeded_at", UtcTime),
    Column("history_since", UtcTime),
)

texts = Table(
    "texts",
    METADATA,
    Column("hash", LargeBinary, primary_key=True),
    Column("text", ForeignText, nullable=False),
    # When a row last began to name it: pruning leaves those alone that a commit is about to name.
    Column("used_at", UtcTime, nullable=False),
)

versions = Table(
    "versions",
    METADATA,
    Column("account", ForeignKey("accounts.name"), primary_key=True),
    Column("assistant", BigInteger, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("seen_at", UtcTime, nullable=False),
    # Null while it is the latest of an assistant that is there; one that is gone has none such.
    Column("replaced_at", UtcTime, index=True),
    Column("digest", LargeBinary, nullable=False),
    Column("body", PlainJson, nullable=False),
    Column("text", ForeignKey("texts.hash"), nullable=False, index=True),
)
LATEST = versions.c.replaced_at.is_(None)
Index("ix_versions_latest", versions.c.account, sqlite_where=LATEST, postgresql_where=LATEST)

changes = Table(
    "changes",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Text, nullable=False),
    # 0 for the account itself: a unique constraint takes no two nulls for the same.
    Column("assistant", BigInteger, nullable=False),
    Column("name", ForeignText, nullable=False),
    Column("before", PlainJson, nullable=False),
    Column("before_text", ForeignKey("texts.hash"), index=True),
    Column("after", PlainJson, nullable=False),
    Column("after_text", ForeignKey("texts.hash"), index=True),
    Column("seen_at", UtcTime, nullable=False, index=True),
    Column("changed_at", UtcTime),
    Column("routed_at", UtcTime),
    UniqueConstraint("account", "assistant", "kind", "sequence", name="uq_changes_once"),
    # Numbers are given once, also after the last rows were pruned.
    sqlite_autoincrement=True,
)
Index("ix_changes_assistant", changes.c.account, changes.c.assistant, changes.c.id)
UNROUTED = changes.c.routed_at.is_(None)
Index("ix_changes_unrouted", changes.c.id, sqlite_where=UNROUTED, postgresql_where=UNROUTED)

NUMBER = BigInteger().with_variant(Integer, "sqlite")

subscriptions = Table(
    "subscriptions",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("place", Text, nullable=False, index=True),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("query", PlainJson, nullable=False),
    Column("groups", PlainJson, nullable=False),
    Column("minimum", Text, nullable=False),
    Column("paused", ForeignText, nullable=False),
    Column("paused_at", UtcTime),
    # One that is gone stays as long as verdicts name it.
    Column("removed_at", UtcTime),
    sqlite_autoincrement=True,
)

mutes = Table(
    "mutes",
    METADATA,
    Column("place", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("assistant", BigInteger, primary_key=True, autoincrement=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("muted_by", Text, nullable=False),
    Column("reason", ForeignText, nullable=False),
)

ignores = Table(
    "ignores",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("assistant", BigInteger, primary_key=True, autoincrement=False),
    Column("rule", Text, primary_key=True),
    Column("reason", ForeignText, nullable=False),
    Column("ignored_by", Text, nullable=False),
    Column("ignored_at", UtcTime, nullable=False),
)

matters = Table(
    "matters",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("place", Text, nullable=False),
    Column("account", Text, nullable=False),
    # 0 for the account itself, as in `changes`.
    Column("assistant", BigInteger, nullable=False),
    Column("family", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("standing", Text, nullable=False),
    Column("closed_at", UtcTime),
    Column("trail", PlainJson, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("message", Text, nullable=False),
    Column("acknowledged_by", Text, nullable=False),
    Column("acknowledged_at", UtcTime),
    # People know them by their numbers.
    sqlite_autoincrement=True,
)
OPEN = matters.c.closed_at.is_(None)
Index(
    "uq_matters_open",
    matters.c.place,
    matters.c.account,
    matters.c.assistant,
    matters.c.family,
    unique=True,
    sqlite_where=OPEN,
    postgresql_where=OPEN,
)
Index("ix_matters_open", matters.c.last_at, sqlite_where=OPEN, postgresql_where=OPEN)
Index("ix_matters_assistant", matters.c.account, matters.c.assistant)

deliveries = Table(
    "deliveries",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("place", Text, nullable=False),
    # "" for the place itself.
    Column("recipient", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("matter", ForeignKey("matters.id"), index=True),
    Column("note", ForeignText, nullable=False),
    # When it was to be told first, which is its turn at its place; and when to try next.
    Column("owed_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", UtcTime),
    Column("error", ForeignText, nullable=False),
    Column("message", Text, nullable=False),
    Column("posted_at", UtcTime),
    Column("aside_at", UtcTime),
    Column("withdrawn_at", UtcTime),
    sqlite_autoincrement=True,
)
OWED = and_(deliveries.c.posted_at.is_(None), deliveries.c.aside_at.is_(None), deliveries.c.withdrawn_at.is_(None))
ASIDE = deliveries.c.aside_at.is_not(None)
Index(
    "ix_deliveries_owed",
    deliveries.c.place,
    deliveries.c.recipient,
    deliveries.c.owed_at,
    deliveries.c.id,
    sqlite_where=OWED,
    postgresql_where=OWED,
)
Index("ix_deliveries_aside", deliveries.c.id, sqlite_where=ASIDE, postgresql_where=ASIDE)
Index("ix_deliveries_posted", deliveries.c.place, deliveries.c.recipient, deliveries.c.posted_at)

verdicts = Table(
    "verdicts",
    METADATA,
    Column("subscription", ForeignKey("subscriptions.id"), primary_key=True),
    Column("change", ForeignKey("changes.id"), primary_key=True, index=True),
    Column("why", Text, nullable=False),
    Column("until", UtcTime),
    Column("mute", PlainJson),
    Column("delivery", ForeignKey("deliveries.id"), index=True),
    Column("matter", ForeignKey("matters.id"), index=True),
)

journal = Table(
    "journal",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("done_at", UtcTime, nullable=False),
    Column("place", Text, nullable=False),
    Column("done_by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", ForeignText, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_journal_place", journal.c.place, journal.c.id)
