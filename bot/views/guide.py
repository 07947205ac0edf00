"""How to ask, and what is said to who asked otherwise; pure. What can be typed comes from the grammar's own tables."""

from collections.abc import Callable, Mapping

from bot.exports import COLUMNS
from bot.grammar import Help, Show, Unknown, written
from bot.translation import Say
from bot.views import blocks, previews, state
from bot.views.blocks import Block, Message
from bot.views.escape import code, mrkdwn, plain
from bot.words import (
    COMMAND,
    COMMANDS,
    FILTERS,
    GROUPINGS,
    OPTIONS,
    SEVERITIES,
    VALUES,
    VERBS,
    Filter,
    Option,
    Verb,
)
from shared.audit import RULES
from shared.errors import AssistantUnknown, Candidate, FamulorError
from shared.query import Choice

_PARAGRAPH = 2_000
"""Characters; Slack takes 3,000."""
_SHOWN = 150
"""Characters of a command that is repeated."""


def guide(topic: Verb | None, say: Say) -> Message:
    """Every command with examples, or those of one verb."""
    if topic is None:
        paragraphs = [_intent(say), *(_topic(verb, say, 1) for verb in VERBS)]
        others = [verb for verb in VERBS if verb is not Verb.HELP]
    else:
        paragraphs = [_topic(topic, say, None), *_more(topic, say)]
        others = [verb for verb in VERBS if verb not in {topic, Verb.HELP}]
    buttons = [
        blocks.button(
            VERBS[verb].word(say.language),
            state.action_id(state.RUN, verb),
            written(Help(verb)),
            spoken=say("Help about {command}", command=VERBS[verb].word(say.language)),
        )
        for verb in others
    ]
    return blocks.message(
        "\n\n".join(paragraphs),
        [
            *map(blocks.section, paragraphs),
            blocks.section(say("*More about* one of these:")),
            blocks.actions(buttons),
        ],
    )


def unknown(command: Unknown, say: Say) -> Message:
    """What was not understood; buttons for what was probably meant, and for the word as it was typed."""
    lines = [say("I don't understand “{word}”.", word=mrkdwn(command.word, 100))]
    buttons: list[Block] = []
    if command.suggestion:
        lines.append(say("Did you mean {command}?", command=_typed(command.suggestion)))
        buttons.append(_run(say("Yes: {command}", command=plain(command.suggestion, 60)), command.suggestion, "meant"))
    if command.literally:
        lines.append(say("Or take it as it is: {command}", command=_typed(command.literally)))
        label = say("As typed: {command}", command=plain(command.literally, 50))
        buttons.append(_run(label, command.literally, "literally"))
    if not buttons:
        lines.append(say("{command} lists what I understand.", command=_typed(_help(say))))
    return _notice(" ".join(lines), [*buttons, _run(say("Help"), written(Help()), "help")])


def invalid(error: FamulorError, topic: Verb, say: Say) -> Message:
    """A value that does not exist, and which do; a button for the help about the verb that it was said to."""
    reason = f"⚠️ {mrkdwn(say.error(error), 2_000)}"
    return _notice(reason, [_run(say("Help"), written(Help(topic)), "help")])


def candidates(
    error: AssistantUnknown,
    say: Say,
    command: Callable[[Candidate], str] | None = None,
    verb: str = state.OPEN,
    *,
    ask_first: bool = False,
) -> Message:
    """Who may have been meant, each with a button; `command` is the text that it runs: `show …`, if not given.

    `ask_first`: the text changes something, and nothing is changed by a guess.
    """
    run = command or _showing
    several = len({one.account for one in error.nearest}) > 1
    buttons = [
        blocks.button(
            _label(one, say, several=several),
            state.action_id(verb, f"{one.account}/{one.id}"),
            run(one),
            confirm=_asking(_label(one, say, several=several), run(one), say) if ask_first else None,
        )
        for one in error.nearest
        if len(run(one)) <= state.VALUE_LIMIT
    ]
    text = f"⚠️ {mrkdwn(say.error(error), 2_000)}"
    return _notice(text, buttons) if buttons else blocks.notice(text)


def _asking(label: str, text: str, say: Say) -> Block:
    return blocks.confirmation(say("Is this the one?"), blocks.cut(f"{label}: {text}", 300), say("Yes"), say("Cancel"))


def _showing(candidate: Candidate) -> str:
    return written(Show(str(candidate.id), Choice(include=(candidate.account,))))


def _label(candidate: Candidate, say: Say, *, several: bool) -> str:
    account = f", {candidate.account}" if several else ""
    name = plain(candidate.name, 40) or say("(no name)")
    return f"{name} ({candidate.id}{account})"


def _notice(text: str, buttons: list[Block]) -> Message:
    return blocks.message(text, [blocks.section(text), blocks.actions(buttons)])


def _run(label: str, text: str, which: str) -> Block:
    return blocks.button(label, state.action_id(state.RUN, which), text)


def _typed(text: str) -> str:
    return code(f"{COMMAND} {text}", _SHOWN)


def _help(say: Say) -> str:
    return VERBS[Verb.HELP].word(say.language)


def _intent(say: Say) -> str:
    return say(
        "Type one of these after {commands}, mention me with it, or send it to me directly. English and German are "
        "both understood, always.",
        commands=" · ".join(f"`{command}`" for command in COMMANDS),
    )


def _topic(verb: Verb, say: Say, most: int | None) -> str:
    usage = VERBS[verb]
    lines = [f"*{usage.word(say.language)}* · {_meaning(verb, say)}"]
    return "\n".join([*lines, *(f"• {_typed(example)}" for example in usage.shown(say.language)[:most])])


def _meaning(verb: Verb, say: Say) -> str:
    return {
        Verb.OUTBOUND: say("a list, filtered, searched and sorted; the words stand in any order"),
        Verb.SHOW: say("everything about one assistant, by its id or a part of its name"),
        Verb.COMPARE: say("two assistants side by side"),
        Verb.FIND: say("which prompts say something, with the places"),
        Verb.EXPORT: say("the list as a file, which I send to you alone"),
        Verb.AUDIT: say("what is wrong with assistants, the worst first, and what to do about it"),
        Verb.CHART: say("numbers as a picture: status, findings and the last 30 days' changes"),
        Verb.IGNORE: say("a rule of the audit says nothing of one assistant any more, with the reason"),
        Verb.UNIGNORE: say("it does again"),
        Verb.HISTORY: say("what has changed, of one assistant or of all"),
        Verb.DIFF: say("one assistant, then and now"),
        Verb.SUBSCRIBE: say("a channel hears of changes: to which assistants, of which kinds"),
        Verb.SUBSCRIPTIONS: say("what a channel hears of"),
        Verb.UNSUBSCRIBE: say("it hears of them no more"),
        Verb.MUTE: say("no alerts about one assistant for a while"),
        Verb.UNMUTE: say("alerts about it again"),
        Verb.QUIET: say("hours of each day in which a channel is left alone"),
        Verb.DIGEST: say("everything together, once a day"),
        Verb.EXPLAIN: say("why an alert came, or why not"),
        Verb.TEST: say("a sample alert"),
        Verb.LOG: say("who did what"),
        Verb.HEALTH: say("how this app and its way to Famulor are"),
        Verb.SETTINGS: say("your language, this channel's, and what you may do"),
        Verb.HELP: say("this help, or the help about one command"),
    }[verb]


def _more(verb: Verb, say: Say) -> list[str]:
    """What a topic says beyond its examples."""
    if verb is Verb.EXPORT:
        columns = ", ".join(code(name) for name in COLUMNS)
        return [
            say("*Columns:* {columns}", columns=columns),
            say("All that match are in the file, not one page. Secrets are masked. Excel opens the CSV as it is."),
        ]
    if verb is Verb.SUBSCRIBE:
        return [previews.options(say)]
    if verb in {Verb.AUDIT, Verb.IGNORE}:
        return [*([_audit_options(say)] if verb is Verb.AUDIT else []), *_rules(say)]
    if verb not in {Verb.OUTBOUND, Verb.FIND}:
        return []
    filters = "\n".join(f"• `{FILTERS[label](say.language)}:` {meaning}" for label, meaning in _filters(say).items())
    return [
        say("*Filters:*") + f"\n{filters}",
        say(
            "A comma is *any of these*, `!` is *not*, `*` is any text, and quotes keep words together: "
            "{example}. For ä, ö, ü and ß you may write ae, oe, ue and ss.",
            example='`!lang:de,en tz:Europe/* "follow up"`',
        ),
    ]


def _audit_options(say: Say) -> str:
    """What may be said besides the filters of a list."""
    chosen = say("rules, as they are called below; `*` is any text")
    rule, minimum, by = (OPTIONS[one](say.language) for one in (Option.RULE, Option.MINIMUM, Option.BY))
    lines = [
        f"• `{rule}:` {chosen}",
        f"• `{minimum}:` {', '.join(f'`{word(say.language)}`' for word in SEVERITIES.values())}",
        f"• `{by}:` {', '.join(f'`{word(say.language)}`' for word in GROUPINGS.values())}",
    ]
    return "\n".join([say("*Besides the filters of a list:*"), *lines])


def _rules(say: Say) -> list[str]:
    """Every rule of the audit with its title, in as many paragraphs as Slack needs."""
    paragraphs = [say("*Rules:*")]
    for rule, known in RULES.items():
        line = f"• `{rule}` {mrkdwn(known.title.in_language(say.language))}"
        if len(paragraphs[-1]) + len(line) > _PARAGRAPH:
            paragraphs.append(line)
        else:
            paragraphs[-1] += f"\n{line}"
    return paragraphs


def _filters(say: Say) -> Mapping[Filter, str]:
    """What may stand behind each label that people type."""
    known = {
        label: ", ".join(f"`{word(say.language)}`" for word in values.values()) for label, values in VALUES.items()
    }
    own = say("{known} or any other that occurs; these need no label")
    return {
        Filter.STATUS: own.format(known=known[Filter.STATUS]),
        Filter.MODE: own.format(known=known[Filter.MODE]),
        Filter.LANGUAGE: say("a code, a name or a number: {example}", example="`de`"),
        Filter.TIMEZONE: say("such as {example}", example="`Europe/Berlin`"),
        Filter.WEBHOOK: known[Filter.WEBHOOK],
        Filter.UPDATED: say("since then, or with `!` not since then: {example}", example="`7d`, `12h`, `2026-03-01`"),
        Filter.ACCOUNT: say("the account's name"),
        Filter.ID: say("the assistant's number"),
        Filter.NAME: say("words in its name alone"),
        Filter.PROMPT: say("words in its prompt alone"),
        Filter.SORT: say("{known}; `-` before it turns it around", known=known[Filter.SORT]),
    }
