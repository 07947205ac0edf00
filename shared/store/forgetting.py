"""What goes with the history: what places were told long ago; pure."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Delete, delete, exists, or_, select

from shared.store import tables


def what_was_told(before: datetime) -> Iterator[Delete]:
    """The statements that forget it, one after the other; matters that are open and what is owed keep all of theirs."""
    changes, verdicts, matters, deliveries = tables.changes, tables.verdicts, tables.matters, tables.deliveries
    subscriptions, mutes, journal = tables.subscriptions, tables.mutes, tables.journal
    # A matter goes with all of its changes, or stays with them: people may still ask for it by its number.
    needed = or_(
        exists().where(matters.c.id == verdicts.c.matter, or_(tables.OPEN, matters.c.closed_at >= before)),
        exists().where(deliveries.c.matter == verdicts.c.matter, or_(tables.OWED, deliveries.c.owed_at >= before)),
        exists().where(deliveries.c.id == verdicts.c.delivery, tables.OWED),
    )
    old = select(changes.c.id).where(changes.c.seen_at < before)
    yield delete(verdicts).where(verdicts.c.change.in_(old), ~needed)
    of_delivery = exists().where(verdicts.c.delivery == deliveries.c.id)
    of_open = exists().where(matters.c.id == deliveries.c.matter, tables.OPEN)
    yield delete(deliveries).where(deliveries.c.owed_at < before, ~tables.OWED, ~of_delivery, ~of_open)
    of_matter = or_(
        exists().where(verdicts.c.matter == matters.c.id), exists().where(deliveries.c.matter == matters.c.id)
    )
    yield delete(matters).where(matters.c.closed_at < before, ~of_matter)
    of_subscription = exists().where(verdicts.c.subscription == subscriptions.c.id)
    yield delete(subscriptions).where(subscriptions.c.removed_at < before, ~of_subscription)
    yield delete(mutes).where(mutes.c.ends_at < before)
    yield delete(journal).where(journal.c.done_at < before)
