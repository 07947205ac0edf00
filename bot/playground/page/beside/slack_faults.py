"""The panel of what can go wrong between Slack and the bot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from bot.playground.faults import AnswerLost, ConnectionLost, Fault, RateLimited, Refused, ServerError
from bot.playground.interaction import Interaction
from bot.playground.page.beside.happenings import Happenings
from bot.playground.page.beside.words import WORDS, words
from bot.playground.page.state import Tab
from bot.playground.page.templating import fragment
from bot.words.word import Word
from shared.clock import Clock

MOST_TIMES = 20
"""More than any bot tries again."""

METHODS = (
    "",
    "chat.postMessage",
    "chat.postEphemeral",
    "chat.update",
    "chat.unfurl",
    "response_url",
    "views.open",
    "views.push",
    "views.update",
    "views.publish",
    "upload",
)
"""The calls with which a bot shows something; "" is any call."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault that can be ordered."""

    name: str
    word: Word
    fault: Fault


KINDS: tuple[Kind, ...] = (
    Kind("rate_limited", Word("429, come back in a second", "429, in einer Sekunde wieder"), RateLimited(1)),
    Kind("answer_lost", Word("Done, but the answer is lost", "Getan, doch die Antwort geht verloren"), AnswerLost()),
    Kind("connection_lost", Word("The connection breaks first", "Die Verbindung bricht vorher ab"), ConnectionLost()),
    Kind("server_error", Word("Server error (503)", "Serverfehler (503)"), ServerError(503)),
    Kind("refused", Word("Refused: fatal_error", "Abgelehnt: fatal_error"), Refused("fatal_error")),
)

REDELIVERED = Word("Delivered again: {what}", "Noch einmal zugestellt: {what}")
NOT_REDELIVERED = Word("Delivered again, in vain: {error}", "Vergeblich noch einmal zugestellt: {error}")
ASKED = Word("The bot was asked to connect anew.", "Der Bot soll sich neu verbinden.")
LOSES = Word("The next acknowledgement will be lost.", "Die nächste Bestätigung geht verloren.")
ORDERED = Word("{times} × {fault}: {method}", "{times} × {fault}: {method}")
FORGOTTEN = Word("Nothing goes wrong any more.", "Es geht nichts mehr schief.")


class Faulty(Protocol):
    """A local Slack on which things can go wrong."""

    @property
    def coming_faults(self) -> tuple[tuple[str, Fault], ...]: ...

    def last_of(self, user: str) -> Interaction | None: ...
    def next_answers(self, *faults: Fault, to: str = "") -> None: ...
    def clear_faults(self) -> None: ...
    def lose_acknowledgements(self, count: int = 1) -> None: ...
    async def redeliver(self, interaction: Interaction) -> Interaction: ...
    async def disconnect(self, reason: str = "refresh_requested") -> None: ...


class SlackFaults:
    """Lets go wrong what goes wrong at Slack."""

    name = "faults"
    title = Word("Faults", "Störungen")

    def __init__(self, slack: Faulty, clock: Clock) -> None:
        self._slack = slack
        self._happenings = Happenings(clock)

    def rendered(self, tab: Tab, token: str) -> Markup:
        last = self._slack.last_of(tab.user.id)
        coming = tuple((method, _kind(fault, tab)) for method, fault in self._slack.coming_faults)
        shown = {"last": last, "coming": coming, "kinds": KINDS, "methods": METHODS, "most_times": MOST_TIMES}
        return fragment("beside/faults.html", "panel", tab, token, words(tab.language), shown, tuple(self._happenings))

    async def act(self, act: str, fields: Mapping[str, str], tab: Tab) -> None:
        match act:
            case "redeliver":
                await self._redeliver(tab)
            case "reconnect":
                await self._slack.disconnect()
                self._happenings.say(ASKED)
            case "lose":
                self._slack.lose_acknowledgements()
                self._happenings.say(LOSES)
            case "order":
                self._order(fields)
            case "forget":
                self._slack.clear_faults()
                self._happenings.say(FORGOTTEN)
            case _:
                raise LookupError(f"There is no fault that is called {act}.")

    async def _redeliver(self, tab: Tab) -> None:
        last = self._slack.last_of(tab.user.id)
        if last is None:
            raise LookupError(WORDS["nothing_last"](tab.language))
        again = await self._slack.redeliver(last)
        if again.error:
            self._happenings.say(NOT_REDELIVERED, is_error=True, error=again.error)
        else:
            self._happenings.say(REDELIVERED, what=again.what)

    def _order(self, fields: Mapping[str, str]) -> None:
        kind = next((one for one in KINDS if one.name == fields.get("fault")), None)
        method, times = fields.get("method", ""), int(fields.get("times", "1"))
        if kind is None or method not in METHODS or not 1 <= times <= MOST_TIMES:
            raise LookupError("There is no such fault to order.")
        self._slack.next_answers(*[kind.fault] * times, to=method)
        self._happenings.say(ORDERED, times=times, fault=kind.word, method=method or WORDS["any_method"])


def _kind(fault: Fault, tab: Tab) -> str:
    """What a fault that is to come is called; those ordered in code may be none of the kinds here."""
    return next((kind.word(tab.language) for kind in KINDS if kind.fault == fault), type(fault).__name__)
