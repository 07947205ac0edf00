"""`test`: a sample alert, so that people see that alerts arrive."""

from datetime import datetime

from bot import channels
from bot.alerts.posting import NotPosted, PlaceClosed, Posting
from bot.asking import Asked
from bot.desk import Desk
from bot.translation import LANGUAGES, Say
from bot.views import places, trial
from bot.views.answers import Answer
from shared.diff import SEVERITIES
from shared.errors import FamulorError
from shared.models import Change, Kind


class SampleRefused(FamulorError):
    """Slack did not take it. `evidence` is its code."""

    what = "Slack did not take the test ({evidence})."
    retryable = True


class SampleNotWelcome(SampleRefused):
    """The app is not in the channel, or it is archived, or its admins don't let apps post."""

    what = "Nothing can be posted there ({evidence}): alerts would not arrive either."
    cure = "Invite me there with /invite and my name, then try again."
    retryable = False


async def test(asked: Asked, desk: Desk) -> Answer:
    """Posts it here, for everybody to see. Raises NotAllowed, ChannelUnclear and SampleRefused."""
    channel = await channels.here(asked, desk)
    channels.decides(asked.asker, channel, desk)
    place = desk.place(channel)
    chosen = await desk.runtime.store.places.get(place)
    say = Say(chosen.language) if chosen is not None and chosen.language in LANGUAGES else asked.say
    try:
        await Posting(desk.client, desk.runtime.clock).post(
            channel, trial.sample(_sample(asked.now), asked.asker.user, say)
        )
    except PlaceClosed as error:
        raise SampleNotWelcome(evidence=error.evidence) from error
    except NotPosted as error:
        raise SampleRefused(evidence=error.evidence) from error
    await desk.runtime.store.journal.write(place, asked.asker.user, "test")
    return trial.sent(places.name(place, asked.say), asked.say)


def _sample(now: datetime) -> Change:
    """An assistant that nobody has was switched off."""
    return Change(
        account="test",
        sequence=1,
        kind=Kind.DEACTIVATED,
        severity=SEVERITIES[Kind.DEACTIVATED],
        assistant=0,
        name="Test",
        before="active",
        after="inactive",
        seen_at=now,
        changed_at=now,
    )
