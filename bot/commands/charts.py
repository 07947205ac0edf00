"""`chart`: numbers as a picture, with the same numbers as tables."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.asking import Asked
from bot.commands.auditing import ignores
from bot.commands.history import SEEN
from bot.desk import Desk
from bot.grammar import Chart
from bot.pictures.drawing import png
from bot.pictures.graphs import Graph as Numbers
from bot.views import charts
from bot.views.answers import Answer, Attachment
from bot.words import Graph
from shared.answers import Origin
from shared.errors import StoreError
from shared.models import Severity
from shared.query import AssistantQuery

_log = logging.getLogger(__name__)


async def chart(command: Chart, asked: Asked, desk: Desk) -> Answer:
    """The picture. Raises AccountUnknown, and UpstreamError or StoreError where there is nothing to show."""
    wanted = [command.graph] if command.graph else list(Graph)
    core, say = desk.runtime.core, asked.say
    accounts = [source.account for source in core.chosen(command.account)]
    graphs: list[Numbers] = []
    sources: Sequence[Origin] = ()
    missing = ""
    if wanted != [Graph.CHANGES]:
        query = AssistantQuery(account=command.account)
        audited = await core.audit(query, await ignores(desk), anew=asked.anew)
        sources = audited.origins
        graphs += [charts.statuses(audited, say)] if Graph.STATUS in wanted else []
        graphs += [charts.severities(audited, say)] if Graph.FINDINGS in wanted else []
    if Graph.CHANGES in wanted:
        try:
            graphs.append(charts.days(await _changes(accounts, asked, desk), say))
        except StoreError as error:
            if not graphs:
                raise
            _log.warning("Changes can't be read for a picture: %s", error)
            missing = say("⚠️ Without the changes: {reason}", reason=say.error(error))
    title = say("Outbound assistants")
    # Others are answered meanwhile.
    content = await asyncio.to_thread(png, title, graphs)
    return Attachment(
        f"outbound-assistants-{asked.now:%Y-%m-%d}.png",
        content,
        charts.note(graphs, sources, missing, say),
        charts.alt_text(graphs, say),
    )


async def _changes(accounts: Sequence[str], asked: Asked, desk: Desk) -> charts.Changes:
    """By days of whoever asks."""
    zone = _zone(asked.asker.zone)
    today = asked.now.astimezone(zone).date()
    first = today - timedelta(days=charts.DAYS - 1)
    since = datetime.combine(first, time(), zone).astimezone(UTC)
    history = desk.runtime.store.history
    counts = Counter[tuple[date, Severity]]()
    for at, severity, number in await history.tally(accounts, SEEN, since):
        counts[at.astimezone(zone).date(), severity] += number
    begins = [at for at in await asyncio.gather(*map(history.first_seen, accounts)) if at]
    return charts.Changes(counts, today, min(begins).astimezone(zone).date() if begins else None)


def _zone(name: str) -> tzinfo:
    """The asker's; UTC where Slack says none that is known here."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
