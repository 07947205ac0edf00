"""What people type, as a slash command, to the bot's name or in a direct message → a typed command, and back.

    (nothing)                                                          the overview
    outbound active mode:dualplex !lang:de "lead" sort:-updated        a list; words in any order, the first optional
    show 42 · compare 42 57 · find "refund" · export csv|json …        one, two, prompts that say it, a file
    audit active min:warning by:rule · ignore 42 prompt-long "reason" · unignore 42 prompt-long
    chart · chart findings account:agency                              numbers as a picture
    history 42 since:7d · diff 42 since:7d · explain A-17 · log        what changed, what came of it, who did what
    subscribe active on:status min:warning #sales · subscriptions      standing orders of a channel
    unsubscribe 3 · mute 42 2h "test" · unmute 42 · quiet 20-8 · digest daily 09:00 · test
    health · settings · help [topic]

English and German, mixed as people do. `bot.words` has every word.
"""

from bot.grammar.commands import (
    FINDINGS,
    ROWS,
    Audit,
    Chart,
    Command,
    Compare,
    Diff,
    Digest,
    Explain,
    Export,
    ExportFormat,
    Find,
    Health,
    Help,
    History,
    Hours,
    Ignore,
    Invalid,
    Listing,
    Log,
    Mute,
    Once,
    Overview,
    Quiet,
    Request,
    Settings,
    Show,
    Subscribe,
    Subscriptions,
    Test,
    Unignore,
    Unknown,
    Unmute,
    Unsubscribe,
    Writing,
)
from bot.grammar.markup import plain
from bot.grammar.parsing import parse
from bot.grammar.printing import asked_for, matter_name, written

__all__ = [
    "FINDINGS",
    "ROWS",
    "Audit",
    "Chart",
    "Command",
    "Compare",
    "Diff",
    "Digest",
    "Explain",
    "Export",
    "ExportFormat",
    "Find",
    "Health",
    "Help",
    "History",
    "Hours",
    "Ignore",
    "Invalid",
    "Listing",
    "Log",
    "Mute",
    "Once",
    "Overview",
    "Quiet",
    "Request",
    "Settings",
    "Show",
    "Subscribe",
    "Subscriptions",
    "Test",
    "Unignore",
    "Unknown",
    "Unmute",
    "Unsubscribe",
    "Writing",
    "asked_for",
    "matter_name",
    "parse",
    "plain",
    "written",
]
