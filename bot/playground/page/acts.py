"""What the browser does: every form of the page, as the gesture in the local Slack that it stands for."""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.playground import forms
from bot.playground.interaction import Interaction
from bot.playground.page.rendering import filled, meant
from bot.playground.page.stage import Stage
from bot.playground.page.state import WHOLE_FORM, Tab
from bot.playground.page.words import WORDS
from bot.playground.people import BOT_USER
from bot.playground.views import View
from bot.playground.workspace import Message

Fields = Mapping[str, list[str]]
"""What a form says: the texts by name; files are none."""

# That nobody brings the bot what it did not ask to hear is no failure of anybody's.
NOT_FAILURES = frozenset({"", "no_unfurl_domain", "not_in_channel", "not_subscribed"})


class Acts:
    """`POST /as/{who}/{where}/{act}`; answers when the bot has acknowledged it, or has failed to.

    What came of it is shown by the page itself; a browser without the script is sent back to it.
    """

    def __init__(self, stage: Stage, tab: Callable[[web.Request], Tab]) -> None:
        self._slack = stage.slack
        self._memory = stage.memory
        self._tab = tab
        self._token = stage.token
        self._name = stage.app
        self._panels = {panel.name: panel for panel in stage.panels}
        self._acts: Mapping[str, Callable[[Tab, Fields], Awaitable[None]]] = {
            "close": self._close,
            "dismiss": self._dismiss,
            "invite": self._invite,
            "press": self._press,
            "send": self._send,
            "shortcut": self._shortcut,
            "submit": self._submit,
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/as/{user}/{place}/panel/{panel}/{act}", self._panel),
            web.post("/as/{user}/{place}/{act}", self._serve),
        ]

    async def _serve(self, request: web.Request) -> web.Response:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound(text="There is nothing of this name to do.\n")
        return await self._done(request, act)

    async def _panel(self, request: web.Request) -> web.Response:
        panel = self._panels.get(request.match_info["panel"])
        if panel is None:
            raise web.HTTPNotFound(text="There is no such panel.\n")

        async def act(tab: Tab, fields: Fields) -> None:
            await panel.act(request.match_info["act"], {name: _text(fields, name) for name in fields}, tab)

        return await self._done(request, act)

    async def _done(self, request: web.Request, act: Callable[[Tab, Fields], Awaitable[None]]) -> web.Response:
        tab, posted = self._tab(request), await request.post()
        fields = {name: [one for one in posted.getall(name) if isinstance(one, str)] for name in posted}
        if not secrets.compare_digest(_text(fields, "token").encode(), self._token.encode()):
            raise web.HTTPForbidden(text="This form is of another start of the playground: reload the page.\n")
        try:
            await act(tab, fields)
        except (LookupError, ValueError) as gone:
            # Somebody was quicker, or the bot was: what was pressed is not there any more.
            self._say(tab, str(gone))
        self._slack.workspace.news.tell()
        if "text/html" in request.headers.get("Accept", ""):
            raise web.HTTPSeeOther(tab.here)
        return web.Response(status=204)

    async def _send(self, tab: Tab, fields: Fields) -> None:
        """Says what was typed: a command, a mention, a link that is unfurled, or just something."""
        text, channel = _text(fields, "text").strip().replace("\r\n", "\n"), tab.place.channel
        if not text or channel is None:
            return
        user, here = tab.user.id, {"channel": channel.id, "user": tab.user.id}
        if text.startswith("/"):
            if tab.thread:
                command = text.split(maxsplit=1)[0]
                self._say(tab, WORDS["threads_no_commands"](tab.language).format(command=command, name=self._name))
                return
            self._told(tab, await self._slack.type_command(text, **here))
            return
        mention = re.match(rf"@{re.escape(self._name)}\b[,:]?\s*", text, re.IGNORECASE)
        if mention and not channel.is_direct:
            said = _as_slack(text[mention.end() :])
            interaction = await self._slack.mention(said, **here, thread_ts=tab.thread)
            if interaction.failed_because == "not_in_channel":
                self._say(tab, WORDS["not_here"](tab.language).format(name=self._name), is_error=False)
        elif channel.is_direct or not self._slack.unfurled(text):
            interaction = await self._slack.say(_as_slack(text), **here, thread_ts=tab.thread)
        else:
            interaction = await self._slack.share_link(_as_slack(text), user, channel.id, thread_ts=tab.thread)
        self._told(tab, interaction)

    async def _press(self, tab: Tab, fields: Fields) -> None:
        """A button, an entry of an overflow menu, a menu or field that the bot is told of at once, or a search."""
        where, user = self._where(tab, _text(fields, "where")), tab.user.id
        suggest = _text(fields, "suggest")
        control, option = meant(where.payload, suggest or _text(fields, "action"))
        name = f"{control.block_id}/{control.action_id}"
        self._slack.fill(where, filled(where.payload, fields, tab.user), user=user)
        if suggest:
            interaction = await self._slack.suggest(where, name, _text(fields, f"typed|{suggest}"), user=user)
        elif control.type in forms.BUTTONS:
            interaction = await self._slack.press(where, name, user=user)
        else:
            state = self._slack.state(where)
            chosen = option if option is not None else _held(state[control.block_id][control.action_id])
            interaction = await self._slack.choose(where, name, chosen, user=user)
        self._told(tab, interaction)

    async def _submit(self, tab: Tab, fields: Fields) -> None:
        """Sends the uppermost modal off, if Slack itself has nothing against what is in it."""
        view, user = self._slack.views.top(tab.user.id), tab.user.id
        self._slack.fill(view, filled(view.payload, fields, tab.user), user=user)
        self._memory.errors[view.id] = forms.objections(view.payload, self._slack.state(view))
        if not self._memory.errors[view.id]:
            interaction = await self._slack.submit(user)
            self._memory.errors[view.id] = interaction.form_errors
            self._told(tab, interaction)

    async def _close(self, tab: Tab, fields: Fields) -> None:
        interaction = await self._slack.close(tab.user.id, everything=bool(fields.get("everything")))
        self._told(tab, interaction)

    async def _shortcut(self, tab: Tab, fields: Fields) -> None:
        """A global shortcut, or one of a message's menu where a message is named."""
        callback_id, where = _text(fields, "callback_id"), _text(fields, "where")
        if not where:
            self._told(tab, await self._slack.shortcut(callback_id, tab.user.id))
            return
        message = self._where(tab, where)
        if not isinstance(message, Message):
            self._say(tab, "Only messages have shortcuts.")
            return
        self._told(tab, await self._slack.message_shortcut(callback_id, message, tab.user.id))

    async def _dismiss(self, tab: Tab, fields: Fields) -> None:
        self._memory.hide(tab.user, _text(fields, "where"))

    async def _invite(self, tab: Tab, _fields: Fields) -> None:
        if tab.place.channel is not None:
            tab.place.channel.members.add(BOT_USER)
            self._say(tab, WORDS["invited"](tab.language).format(name=self._name), is_error=False)

    def _where(self, tab: Tab, named: str) -> Message | View:
        """The message with this `ts`, or the modal or Home with this id, that this person has before them.

        Raises:
            LookupError: they see none.
        """
        views: list[View] = [*self._slack.views.stacks.get(tab.user.id, [])]
        if tab.user.id in self._slack.views.homes:
            views.append(self._slack.views.homes[tab.user.id])
        for view in views:
            if view.id == named:
                return view
        if tab.place.channel is None:
            raise LookupError("This is not there any more.")
        return self._slack.workspace.seen(tab.place.channel.id, named, by=tab.user.id)

    def _told(self, tab: Tab, interaction: Interaction) -> None:
        """Shows what Slack says where the bot did not do its part."""
        if interaction.failed_because in NOT_FAILURES:
            return
        modals = {view.id for view in self._slack.views.stacks.get(tab.user.id, ())}
        if isinstance(interaction.on, View) and interaction.on.id in modals:
            self._memory.errors[interaction.on.id] = {WHOLE_FORM: interaction.error}
        else:
            self._say(tab, interaction.error)

    def _say(self, tab: Tab, text: str, *, is_error: bool = True) -> None:
        channel = tab.place.channel.id if tab.place.channel else ""
        thread = tab.thread if channel else ""
        self._memory.notice(text, channel=channel, user=tab.user.id, thread=thread, is_error=is_error)


def _text(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _held(field: Mapping[str, Any]) -> Any:
    """What a field holds, as `choose` takes it."""
    name, _ = forms.STATEFUL[str(field["type"])]
    held = field[name]
    if name == "selected_options":
        return [option["value"] for option in held]
    return held["value"] if name == "selected_option" and held else held


def _as_slack(text: str) -> str:
    """What people type, as Slack passes it on."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
