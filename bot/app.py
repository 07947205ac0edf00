"""The Bolt app: which listener answers what. Registration only."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot import arrivals
from bot.answering import Answering
from bot.listeners import (
    alerts,
    buttons,
    details,
    homes,
    ignoring,
    languages,
    links,
    sharing,
    shortcuts,
    subscriptions,
    texts,
)
from bot.logger import slack_logger
from bot.views import state
from bot.views.alerts import ACKNOWLEDGE, MUTE, UNMUTE
from bot.views.backlog import RETRY
from bot.views.ignoring import HEED, IGNORE
from bot.views.lookup import LOOKUP, LOOKUP_IN_MESSAGE
from bot.views.preferences import SET
from bot.views.previews import CONFIRM
from bot.views.subscriptions import RESUME

_log = logging.getLogger(__name__)


def build(answering: Answering, client: AsyncWebClient, workspace: AuthorizeResult) -> AsyncApp:
    """The app for one workspace, as `workspace` was checked at the start; `client` has no token."""

    # Bolt's own way asks Slack who we are at the first command, before it acknowledges: three seconds for both.
    async def authorize() -> AuthorizeResult:
        return workspace

    app = AsyncApp(
        name="famulor-bot",
        client=client,
        authorize=authorize,
        logger=slack_logger(),
        # Where signed requests come in, the signature is looked at before Bolt reads anything.
        request_verification_enabled=False,
        # The default mode looks every 10 ms whether a listener has acknowledged.
        process_before_response=True,
        # Else Bolt logs the whole body of what nobody listens to, and Slack hears of a failure.
        raise_error_for_unhandled_request=True,
    )
    app.error(unheard)
    # Whatever name a manifest gives the command: what follows it means the same.
    app.command(re.compile(".+"))(answering.by(arrivals.command, texts.typed))
    for kind in ("app_mention", "message"):
        app.event(kind, matchers=[is_said])(answering.by(arrivals.event, texts.typed))
    app.event("app_home_opened")(answering.by(arrivals.home, homes.home))
    for verb, listener in (
        (state.RUN, buttons.run),
        (state.REFRESH, buttons.refresh),
        (state.OPEN, buttons.open_modal),
        (state.VARY, buttons.vary),
        (state.TURN, buttons.turn),
        (state.JSON, details.show_json),
        (state.SHARE, sharing.share),
        (SET, languages.choose),
        (CONFIRM, subscriptions.confirm),
        (RESUME, subscriptions.resume),
        (ACKNOWLEDGE, alerts.acknowledge),
        (MUTE, alerts.mute),
        (UNMUTE, alerts.unmute),
        (RETRY, alerts.retry),
        (IGNORE, ignoring.open_form),
        (HEED, ignoring.heed),
    ):
        app.action(re.compile(f"^{verb}:"))(answering.by(arrivals.interaction, listener))
    for shortcut, callback_id, listener in (
        (app.global_shortcut, LOOKUP, shortcuts.open_form),
        (app.message_shortcut, LOOKUP_IN_MESSAGE, shortcuts.in_message),
    ):
        shortcut(callback_id)(answering.by(arrivals.interaction, listener))
    for form, callback_id in ((shortcuts, LOOKUP), (ignoring, IGNORE)):
        app.view(callback_id)(answering.by(arrivals.interaction, form.answer_form, form.acknowledge_form))
    app.event("link_shared")(answering.by(arrivals.event, links.unfurl))
    app.action(re.compile(f"^{state.LINK}:"))(acknowledge)
    app.action(re.compile(".*"))(answering.by(arrivals.interaction, buttons.outdated))
    return app


async def acknowledge(ack: AsyncAck) -> None:
    """At once and without a word: the answer follows."""
    await ack()


async def is_said(event: Mapping[str, Any]) -> bool:
    """Whether a person says it to us now: not another app, no edit, and a message only where nobody else reads it.

    In a channel only what names us is for us.
    """
    in_person = bool(event.get("user")) and not event.get("bot_id") and not event.get("subtype")
    return in_person and (event.get("type") != "message" or event.get("channel_type") == "im")


async def unheard(error: Exception) -> BoltResponse | None:
    """What we don't listen to is acknowledged all the same: Slack would deliver it again, or show a failure."""
    if isinstance(error, BoltUnhandledRequestError):
        _log.info("Slack told something that this app does not listen to")
        return BoltResponse(status=200)
    _log.error("Something of Slack's could not be taken on", exc_info=error)
    return None
