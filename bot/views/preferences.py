"""What people may set, and what they may do: language menus and rights; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.access import Prompts, Rules
from bot.asking import Asker
from bot.translation import Say
from bot.views import blocks
from bot.views.answers import Sheet
from bot.views.blocks import Block

SET = "set"
"""A menu that sets the language of the place that its `action_id` names after the colon."""
AUTOMATIC = "auto"
"""The option for everybody's own language."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The languages that were chosen, None where nobody did; `channel` is "" where it was asked in none."""

    own: str | None
    channel: str = ""
    of_channel: str | None = None


def preferences(asker: Asker, rules: Rules, chosen: Chosen, command: str) -> Sheet:
    """The settings of this person and, where they ask in one, of this channel."""
    say, channel = asker.say, chosen.channel
    parts: list[Block] = [
        blocks.header(say("Language")),
        language_menu(say, asker.user, chosen.own, say("Your language")),
    ]
    if channel and asker.admin:
        label = say("Language of <#{channel}>", channel=channel)
        parts.append(language_menu(say, channel, chosen.of_channel, label))
        parts.append(blocks.context(say("A channel's language goes before everybody's own.")))
    elif channel and chosen.of_channel:
        language = languages(say).get(chosen.of_channel, chosen.of_channel)
        told = say("In <#{channel}> an admin has chosen {language}.", channel=channel, language=language)
        parts.append(blocks.context(told))
    parts += [blocks.header(say("Who may do what")), blocks.section("\n".join(rights_of(asker, rules)))]
    text = say("Settings: language, and who may do what.")
    return Sheet(title=say("Settings"), command=command, text=text, blocks=parts)


def language_menu(say: Say, place: str, chosen: str | None, label: str) -> Block:
    """A line with a menu of languages; `place` is a person's or a channel's id."""
    menu = blocks.menu(say("Choose a language"), f"{SET}:{place}", languages(say), chosen or AUTOMATIC)
    return blocks.section(label, menu)


def languages(say: Say) -> Mapping[str, str]:
    """The languages that can be chosen, each in its own words."""
    return {AUTOMATIC: say("As in Slack"), "de": "Deutsch", "en": "English"}


def rights_of(asker: Asker, rules: Rules) -> list[str]:
    """What this person may do, and where the app answers."""
    say = asker.say
    lines = [say("You may list, show, compare, find and export assistants.")]
    if rules.admins:
        lines.append(say("You are an admin of this app.") if asker.admin else say("You are no admin of this app."))
    if rules.prompts is Prompts.ADMINS:
        lines.append(say("Prompts are shown to admins only."))
    if rules.users or rules.groups:
        lines.append(say("Only people and groups that whoever runs it has named may use it."))
    if rules.channels:
        channels = ", ".join(f"<#{channel}>" for channel in sorted(rules.channels))
        lines.append(say("It answers in {channels} and in direct messages.", channels=channels))
    return [f"• {line}" for line in lines]
