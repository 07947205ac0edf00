"""How to ask, and what is said to who asked otherwise."""

from bot.grammar import Unknown
from bot.views import blocks
from bot.views.blocks import Message
from bot.views.escape import code, mrkdwn
from bot.words import COMMAND, Verb

_TOPICS = {
    Verb.OUTBOUND: (
        "*List* · _Liste_",
        (
            ("outbound", "all outbound assistants · _alle Outbound-Assistenten_"),
            ("outbound active", "or `inactive` · _oder_ `aktiv`, `inaktiv`"),
            (
                "outbound status:!active mode:dualplex",
                "filters: `status:`, `mode:`, `account:` · _auch_ `modus:`, `konto:`",
            ),
        ),
    ),
    Verb.SHOW: (
        "*Everything about one* · _Alles über einen_",
        (
            ("show 42", "by its id · _mit seiner ID_"),
            ("zeige Solar-Erstberatung", "or by its name · _oder mit seinem Namen_"),
        ),
    ),
    Verb.HELP: ("*This help* · _Diese Hilfe_", (("help show", "or `hilfe` · _oder_ `hilfe zeige`"),)),
}


def guide(topic: Verb | None) -> Message:
    """Every command with examples, or those of one verb."""
    shown = [_TOPICS[topic]] if topic else list(_TOPICS.values())
    paragraphs = [
        "\n".join([title, *(f"• `{COMMAND} {example}` {meaning}" for example, meaning in examples)])
        for title, examples in shown
    ]
    return blocks.message("\n\n".join(paragraphs), [*map(blocks.section, paragraphs)])


def unknown(command: Unknown) -> Message:
    """What was not understood, and what was probably meant."""
    meant = (
        f"Did you mean {code(f'{COMMAND} {command.suggestion}')}?"
        if command.suggestion
        else f"{code(f'{COMMAND} help')} lists what I understand."
    )
    return blocks.notice(f"I don't understand “{mrkdwn(command.word, 100)}”. {meant}")


def not_a_command(name: str) -> Message:
    """A slash command that is registered in Slack, but that this version of the app does not have."""
    return blocks.notice(f"This app has no command {code(name, 60)}. Try {code(f'{COMMAND} help')}.")
