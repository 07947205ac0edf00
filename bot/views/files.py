"""What is said beside a file, and where there is none; pure."""

from bot.grammar import Export, ExportFormat, Listing, written
from bot.translation import Say
from bot.views import blocks, lists, origins, state
from bot.views.blocks import Message
from shared.answers import Page
from shared.query import AssistantQuery


def note(found: Page, command: Export, say: Say) -> str:
    """What the file holds, how fresh that is, and what is missing."""
    kind = {ExportFormat.CSV: "CSV", ExportFormat.JSON: "JSON"}[command.format]
    holds = say.count(
        found.total, "{number} outbound assistant as {kind}", "{number} outbound assistants as {kind}", kind=kind
    )
    listing = Listing(command.query)
    lines = [
        f"{holds} · {lists.understood(listing, say)} · {origins.fetched(found.origins, say)}",
        *lists.unmatched(found.unmatched, say),
        *origins.concerns(found.origins, say),
    ]
    return "\n".join(lines)


def nothing(found: Page, command: Export, say: Say) -> Message:
    """No assistant matches: instead of an empty file."""
    listing = Listing(command.query)
    lines = [
        say("No assistant matches, so there is no file."),
        lists.understood(listing, say),
        *lists.unmatched(found.unmatched, say),
        *origins.concerns(found.origins, say),
    ]
    everything = written(Listing(AssistantQuery()))
    return blocks.message(
        ". ".join(lines),
        [
            *map(blocks.section, lines),
            blocks.actions(
                [blocks.button(say("All outbound assistants"), state.action_id(state.RUN, "all"), everything)]
            ),
            blocks.context(origins.fetched(found.origins, say)),
        ],
    )
