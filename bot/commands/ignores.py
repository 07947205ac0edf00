"""`ignore` and `unignore`: a rule of the audit says nothing of one assistant any more, and says so again."""

from dataclasses import replace

from bot.access import AdminsOnly
from bot.asking import Asked
from bot.commands.details import show
from bot.desk import Desk
from bot.grammar import Ignore, Show, Unignore, written
from bot.views import guide, ignoring, state
from bot.views.answers import Answer
from shared.audit import Ignore as Standing
from shared.errors import AssistantUnknown, Candidate, QuestionError
from shared.query import Choice
from shared.query.choice import fold


class ReasonMissing(QuestionError):
    """Others will ask why."""

    what = "An ignored finding needs a reason: whoever comes after you reads it."
    cure = "Write it behind the rule."


async def ignore(command: Ignore, asked: Asked, desk: Desk) -> Answer:
    """Ignores it; several that may be meant are offered. Raises NotAllowed, ReasonMissing and what `show` raises."""
    _decides(asked)
    if not command.reason.strip():
        raise ReasonMissing
    try:
        assistant = (await desk.runtime.core.show(command.reference, command.account)).assistant
    except AssistantUnknown as error:
        return guide.candidates(error, asked.say, lambda one: _instead(command, one), state.RUN, ask_first=True)
    standing = Standing(
        account=assistant.account,
        assistant=assistant.id,
        rule=command.rule,
        reason=command.reason,
        by=asked.asker.user,
        at=asked.now,
    )
    await desk.runtime.store.ignores.add(standing)
    exact = replace(command, reference=str(assistant.id), account=Choice(include=(assistant.account,)))
    await _note("ignore", written(exact), asked, desk)
    return ignoring.ignored(standing, assistant.name, asked.say)


async def unignore(command: Unignore, asked: Asked, desk: Desk) -> Answer:
    """Takes it back, also of an assistant that is gone. Raises NotAllowed and what `show` raises."""
    _decides(asked)
    store, allowed = desk.runtime.store, command.account.folded()
    standing = [
        one
        for one in await store.ignores.all()
        if (str(one.assistant), one.rule) == (command.reference.removeprefix("#"), command.rule)
        and allowed.allows([fold(one.account)])
    ]
    if len(standing) == 1:
        account, number, name = standing[0].account, standing[0].assistant, ""
    else:
        try:
            assistant = (await desk.runtime.core.show(command.reference, command.account)).assistant
        except AssistantUnknown as error:
            return guide.candidates(error, asked.say, lambda one: _instead(command, one), state.RUN, ask_first=True)
        account, number, name = assistant.account, assistant.id, assistant.name
    exact = Unignore(str(number), command.rule, Choice(include=(account,)))
    taken_back = await store.ignores.remove(account, number, command.rule)
    if taken_back:
        await _note("unignore", written(exact), asked, desk)
    return ignoring.heeded(exact, name, taken_back, asked.say)


async def then_shown(command: Ignore | Unignore, asked: Asked, desk: Desk) -> Answer:
    """The details of the assistant, after it was done; or why it was not. Raises what `ignore` and `show` raise."""
    if isinstance(command, Ignore):
        await ignore(command, asked, desk)
    else:
        await unignore(command, asked, desk)
    return await show(Show(command.reference, command.account), asked, desk)


def _decides(asked: Asked) -> None:
    """Nothing, where this person may decide what everybody hears of. Raises AdminsOnly."""
    if not asked.asker.admin:
        raise AdminsOnly


def _instead(command: Ignore | Unignore, candidate: Candidate) -> str:
    return written(replace(command, reference=str(candidate.id), account=Choice(include=(candidate.account,))))


async def _note(action: str, detail: str, asked: Asked, desk: Desk) -> None:
    place = desk.place(asked.place or asked.asker.user)
    await desk.runtime.store.journal.write(place, asked.asker.user, action, detail)
