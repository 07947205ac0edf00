"""What people touch in the local Slack: buttons, menus, modals and shortcuts."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.playground import forms, offers, payloads
from bot.playground.backstage import Backstage
from bot.playground.interaction import Interaction
from bot.playground.people import PERSON
from bot.playground.views import View
from bot.playground.workspace import Message


class Touching(Backstage):
    """Each returns when the bot has acknowledged it, or has failed to: `interaction.error` says how.

    A button, menu or field is named by its `action_id`, its words, or the beginning of one of them where only one
    begins so. `where` is a Message or a View. `user` is by default who alone sees it (an ephemeral message, a modal,
    a Home), else ada.
    """

    async def press(self, where: Message | View, action: str, *, user: str = "") -> Interaction:
        """Presses a button; where it asks for confirmation, confirms.

        Raises:
            LookupError: there is no such button, or more than one, or this user does not see it.
        """
        control = forms.find(where.payload, action, forms.BUTTONS, "button")
        return await self._act(where, control, {}, user)

    async def choose(
        self, where: Message | View, action: str, value: str | Sequence[str] | None, *, user: str = ""
    ) -> Interaction:
        """Chooses from a menu, checks boxes (all that are to be checked), or types into a field that tells at once.

        `value` is an option's value or text, several of them, or the id of a person or channel.

        Raises:
            LookupError: there is no such menu, it does not offer that, or the bot is told only when the form is sent.
        """
        where = self._current(where)
        control = forms.find(where.payload, action, forms.MENUS, "menu")
        if control.is_input and not control.block.get("dispatch_action"):
            raise LookupError(f"{action!r} is a field: Slack tells of it when the form is sent, see submit(values=…)")
        picked = self._pick(where, control, value, user)
        if control.type != "overflow":
            self._fill(where, control, picked)
        return await self._act(where, control, picked, user)

    async def suggest(self, where: Message | View, action: str, typed: str, *, user: str = "") -> Interaction:
        """Types into a menu whose options the bot suggests; they are in `interaction.options`.

        Raises:
            LookupError: there is no such menu, or too little was typed for it.
        """
        where = self._current(where)
        control = forms.find(where.payload, action, {"external_select", "multi_external_select"}, "menu")
        if len(typed) < control.element.get("min_query_length", 3):
            raise LookupError(f"{action!r} wants at least {control.element.get('min_query_length', 3)} characters")
        interaction = self._on(where, f"{control.action_id} {typed}", user)
        payload = payloads.suggestion(where, control, typed, self._around(interaction, where))
        await self._send("interactive", payload, interaction, answerable=True)
        self._offered[control.action_id] = interaction.options
        return interaction

    async def submit(self, user: str = PERSON, values: Mapping[str, Any] | None = None) -> Interaction:
        """Sends the uppermost modal off, its fields filled in by action_id, block_id, block_id/action_id or label.

        Raises:
            LookupError: no modal is open, or has no such field, or the field does not offer that.
            ValueError: Slack itself would not send the form off: something is missing or too long.
        """
        view = self.views.top(user)
        if not view.payload.get("submit"):
            raise LookupError("the modal has nothing to send it off with")
        self.fill(view, values or {}, user=user)
        state = self.state(view)
        missing = forms.missing(view.payload, state)
        if missing:
            raise ValueError("; ".join(missing))
        interaction = self._on(view, "submit", user)
        circumstances = self._around(interaction, view)
        urls = self._response_urls(view, state, interaction)
        payload = payloads.view_submission(view, state, urls, circumstances)
        return await self._send("interactive", payload, interaction, answerable=True)

    def fill(self, where: Message | View, values: Mapping[str, Any], *, user: str = "") -> None:
        """Fills fields in, named as for `submit`; the bot is told with the next thing that is done there.

        Raises:
            LookupError: there is no such field, or the field does not offer that.
        """
        for name, value in values.items():
            control = forms.find(where.payload, name, frozenset(forms.STATEFUL), "field")
            self._fill(where, control, self._pick(where, control, value, user))

    async def close(self, user: str = PERSON, *, everything: bool = False) -> Interaction:
        """Closes the uppermost modal, or all that are open; the bot hears of it where it asked to.

        Raises:
            LookupError: no modal is open.
        """
        view = self.views.top(user)
        everything = everything or bool(view.payload.get("clear_on_close"))
        interaction = self._on(view, "close", user)
        payload = payloads.view_closed(view, is_cleared=everything, circumstances=self._around(interaction, view))
        self.views.close(user, everything=everything)
        if not view.payload.get("notify_on_close"):
            interaction.failed_because = "not_subscribed"
            return interaction
        return await self._send("interactive", payload, interaction)

    async def shortcut(self, callback_id: str, user: str = PERSON) -> Interaction:
        """Runs one of the app's global shortcuts."""
        interaction = Interaction(callback_id, user=user)
        if not self._permissions.allow_shortcut("global", callback_id):
            interaction.failed_because = "unknown_shortcut"
            return interaction
        return await self._send(
            "interactive", payloads.shortcut(callback_id, self._circumstances(interaction)), interaction
        )

    async def message_shortcut(self, callback_id: str, message: Message, user: str = PERSON) -> Interaction:
        """Runs one of the app's shortcuts from the menu of a message."""
        interaction = self._on(message, callback_id, user)
        if not self._permissions.allow_shortcut("message", callback_id):
            interaction.failed_because = "unknown_shortcut"
            return interaction
        payload = payloads.message_shortcut(callback_id, message, self._around(interaction, message))
        return await self._send("interactive", payload, interaction)

    async def _act(
        self, where: Message | View, control: forms.Control, action: Mapping[str, Any], user: str
    ) -> Interaction:
        interaction = self._on(where, control.action_id, user)
        if not self._permissions.interactivity:
            interaction.failed_because = "interactivity_disabled"
            return interaction
        where = self._current(where)
        circumstances = self._around(interaction, where)
        payload = payloads.block_action(where, control, action, self.state(where), circumstances)
        return await self._send("interactive", payload, interaction)

    def _on(self, where: Message | View, what: str, user: str) -> Interaction:
        """A new interaction on something; it may be answered where that is, or where that came from."""
        user = user or where.user or PERSON
        if where.user not in {"", user}:
            raise LookupError(f"{user} does not see what {where.user} sees")
        if isinstance(where, Message):
            interaction = Interaction(what, user=user, channel=where.channel, thread_ts=where.thread_ts or where.ts)
        else:
            origin = self._traces.latest(where)
            channel, thread_ts = (origin.channel, origin.thread_ts) if origin else ("", "")
            at_home = where.is_home or (origin is not None and origin.at_home)
            interaction = Interaction(what, user=user, channel=channel, thread_ts=thread_ts, at_home=at_home)
        interaction.on = where
        self._traces.used(interaction, where)
        return interaction

    def _around(self, interaction: Interaction, where: Message | View) -> payloads.Circumstances:
        if isinstance(where, View):
            return self._circumstances(interaction)
        return self._circumstances(interaction, self.workspace.channels[where.channel], where)

    def _current(self, where: Message | View) -> Message | View:
        return self.views.current(where) if isinstance(where, View) else where

    def _pick(self, where: Message | View, control: forms.Control, value: Any, user: str) -> dict[str, Any]:
        ids = offers.ids(self.workspace, control.element, user or where.user or PERSON)
        return forms.chosen(control.element, value, ids, self._offered.get(control.action_id, ()))

    def _response_urls(self, view: View, state: forms.State, interaction: Interaction) -> list[dict[str, str]]:
        """An address to post to for each menu of channels that asks for one."""
        urls = []
        for control in forms.controls(view.payload):
            picked = state.get(control.block_id, {}).get(control.action_id, {})
            channel = picked.get("selected_conversation") or picked.get("selected_channel")
            if control.element.get("response_url_enabled") and channel:
                url = f"{self.url}response/{self._responses.issue(interaction, channel=channel)}"
                place = {"block_id": control.block_id, "action_id": control.action_id}
                urls.append({**place, "channel_id": channel, "response_url": url})
        return urls
