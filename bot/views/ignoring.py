"""The form that asks why a finding is to be ignored, and what is said when that is done or taken back; pure."""

from collections.abc import Mapping
from typing import Any

from bot.grammar import Ignore, Unignore, written
from bot.translation import Say
from bot.views import blocks, findings, phrases, rows, state
from bot.views.blocks import Block, Message
from bot.views.escape import code
from bot.views.shells import View
from bot.words import COMMAND
from shared.audit import Finding
from shared.audit import Ignore as Standing
from shared.query import Choice

IGNORE = "ignore"
"""The button that opens the form, and the form."""
HEED = "heed"
"""The button in an assistant's details that takes it back."""
FIELD = "reason"
"""The block and the field of the form."""
LONGEST = 300
"""Characters of a reason."""


def button(finding: Finding, say: Say, number: int) -> Block | None:
    """Opens the form; None where nothing can be ignored."""
    if finding.assistant is None:
        return None
    command = Ignore(str(finding.assistant), finding.rule, account=Choice(include=(finding.account,)))
    spoken = say("Ignore: {title}", title=findings.plain_title(finding.rule, say))
    return blocks.button(say("Ignore …"), state.action_id(IGNORE, number), written(command), spoken=spoken)


def back_button(standing: Standing, say: Say, verb: str, number: int) -> Block:
    """Takes it back: shows what that says (RUN), or the details of the assistant (HEED)."""
    command = Unignore(str(standing.assistant), standing.rule, Choice(include=(standing.account,)))
    spoken = say("Stop ignoring: {title}", title=findings.plain_title(standing.rule, say))
    return blocks.button(say("Stop ignoring"), state.action_id(verb, number), written(command), spoken=spoken)


def form(command: Ignore, say: Say) -> View:
    """A form with one field. It keeps its language and what is ignored: whoever acknowledges it has no time to ask."""
    undo = f"{COMMAND} {written(Unignore(command.reference, command.rule), say.language)}"
    return {
        "type": "modal",
        "callback_id": IGNORE,
        "title": blocks.plain_text(say("Ignore a finding")),
        "submit": blocks.plain_text(say("Ignore")),
        "close": blocks.plain_text(say("Cancel")),
        "private_metadata": f"{say.language} {written(command)}",
        "blocks": [
            blocks.section(f"*{findings.title(command.rule, say)}* · `{command.rule}` · {code(command.reference, 60)}"),
            {
                "type": "input",
                "block_id": FIELD,
                # An empty form is answered in the language of the app's words.
                "optional": True,
                "label": blocks.plain_text(say("Why is that all right?")),
                "element": {
                    "type": "plain_text_input",
                    "action_id": FIELD,
                    "multiline": True,
                    "focus_on_load": True,
                    "max_length": LONGEST,
                },
            },
            blocks.context(
                say("Everybody reads who ignores it, and why. To take it back: {command}", command=code(undo))
            ),
        ],
    }


def kept(view: Mapping[str, Any]) -> tuple[Say, str]:
    """The language of a form, and the text of what it ignores."""
    language, _blank, text = str(view.get("private_metadata") or "").partition(" ")
    return Say(language), text


def typed(view: Mapping[str, Any]) -> str:
    """The reason that was typed into the form."""
    return state.typed(view, FIELD)


def empty(say: Say) -> dict[str, str]:
    """What is wrong with a form that is sent off empty, by block."""
    return {FIELD: say("Write why: whoever comes after you reads it.")}


def not_opened(say: Say) -> Message:
    """Slack did not open the form in time."""
    return blocks.notice(
        say("Slack did not open the form in time. Please try again, or type the command with a reason.")
    )


def ignored(standing: Standing, name: str, say: Say) -> Message:
    """That it is, from now on, for everybody."""
    text = say(
        "Ignored from now on, for everybody: {title}, at {name}. {decision}",
        title=findings.title(standing.rule, say),
        name=f"*{phrases.name(name, say, 150)}* `{standing.assistant}`",
        decision=findings.decision(standing, say),
    )
    details = rows.details_of(standing.account, standing.assistant, name, say)
    return blocks.message(
        text, [blocks.section(text), blocks.actions([details, back_button(standing, say, state.RUN, 0)])]
    )


def heeded(command: Unignore, name: str, before: Standing | None, say: Say) -> Message:
    """That it is told again, or that it always was; `command` names the assistant by id and account."""
    title = findings.title(command.rule, say)
    whose = f"*{phrases.name(name, say, 150)}* `{command.reference}`" if name else f"`{command.reference}`"
    if before is None:
        return blocks.notice(say("Nobody ignores this at {name}: {title}.", title=title, name=whose))
    text = say(
        "Told again from now on: {title}, at {name}. It was {decision}",
        title=title,
        name=whose,
        decision=findings.decision(before, say),
    )
    details = rows.details_of(before.account, before.assistant, name, say)
    return blocks.message(text, [blocks.section(text), blocks.actions([details])])
