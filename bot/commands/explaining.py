"""`explain`: which subscription told a change, and when, or why none did."""

from bot import channels
from bot.alerts.scenes import names_for
from bot.asking import Asked
from bot.desk import Desk
from bot.grammar import Explain, matter_name
from bot.views import explanations as views
from bot.views.answers import Answer
from bot.views.explanations import Explanation
from shared.errors import QuestionError
from shared.store import StoredChange


class AlertUnknown(QuestionError):
    """No alert of this workspace has this number."""

    what = "There is no alert {alert}."
    cure = "Its name stands in the alert itself, such as A-17."


class ChangeUnknown(QuestionError):
    """No change has this number, or it is forgotten."""

    what = "There is no change {number}, or it is no longer known."
    cure = "The history shows the changes with their numbers."


async def explain(command: Explain, asked: Asked, desk: Desk) -> Answer:
    """Of an alert, for the place that it is in; of a change, for this place, and in private for admins for every one.

    Raises AlertUnknown and ChangeUnknown.
    """
    store, found = desk.runtime.store, None
    if command.matter is not None:
        matter = await store.matters.get(command.matter)
        if matter is None or not matter.place.startswith(desk.place("")):
            raise AlertUnknown(alert=matter_name(command.matter))
        wanted = [matter.place]
    else:
        found, wanted = await _change(command.change or 0, desk), await _places(asked, desk)
    languages = await desk.runtime.core.names(desk.runtime.core.sources, voices=False)
    told = {
        place: await store.outbox.explain(place, matter=command.matter, change=command.change, names=languages)
        for place in wanted
    }
    explained = {one.change.id: one.change for ones in told.values() for one in ones}
    changes = list(explained.values()) or ([found] if found else [])
    explanation = Explanation(
        command=command,
        changes=changes,
        told=told,
        names=await names_for([stored.change for stored in changes], desk.runtime),
        prompts=asked.asker.sees_prompts,
    )
    return views.explanation(explanation, asked.say, desk.runtime.settings.page_of)


async def _places(asked: Asked, desk: Desk) -> list[str]:
    """This channel; where it is asked in none, every place that hears of something, for who may know."""
    here = desk.place(await channels.here(asked, desk))
    if asked.place.startswith(("C", "G")) or not asked.asker.admin:
        return [here]
    subscriptions = await desk.runtime.store.subscriptions.of()
    listening = {one.place: None for one in subscriptions if one.place.startswith(desk.place(""))}
    return list(listening) or [here]


async def _change(number: int, desk: Desk) -> StoredChange:
    found = await desk.runtime.store.history.changes(after_id=number - 1, before_id=number + 1, limit=1)
    if not found:
        raise ChangeUnknown(number=number)
    return found[0]
