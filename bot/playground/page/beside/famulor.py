"""The panel at Famulor's end: what people there change, and how the demo API answers the bot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.playground.page.beside.happenings import Happenings
from bot.playground.page.beside.words import words
from bot.playground.page.state import Tab
from bot.playground.page.templating import fragment
from bot.words.word import Word
from shared.clock import Clock
from shared.demo import DemoApi, faults

ACTIVE, INACTIVE = "active", "inactive"


@dataclass(frozen=True, slots=True)
class Manner:
    """One way in which the API answers everything that it is asked. `fault`: None is the truth."""

    name: str
    word: Word
    fault: faults.Fault | None = None


MANNERS: tuple[Manner, ...] = (
    Manner("truth", Word("As it should", "Wie sie soll")),
    Manner("down", Word("Down (503)", "Ausgefallen (503)"), faults.ServerError(503)),
    Manner("key", Word("Key rejected (401)", "Schlüssel abgelehnt (401)"), faults.Unauthorized()),
    Manner("limit", Word("Too many requests (429)", "Zu viele Anfragen (429)"), faults.TooManyRequests(retry_after=30)),
    Manner("reset", Word("Connection reset", "Verbindung bricht ab"), faults.Reset()),
    Manner("hang", Word("No answer at all", "Gar keine Antwort"), faults.Hang()),
    Manner("slow", Word("Three seconds late", "Drei Sekunden zu spät"), faults.Latency(3)),
    Manner("broken", Word("Broken records", "Kaputte Datensätze"), faults.BadRecords()),
)
"""What can be chosen, the truth first."""

SWITCHED_ON = Word("{name} ({id}) was switched on.", "{name} ({id}) ist jetzt eingeschaltet.")
SWITCHED_OFF = Word("{name} ({id}) was switched off.", "{name} ({id}) ist jetzt ausgeschaltet.")
PROMPT_SET = Word("The prompt of {name} ({id}) was edited.", "Der Prompt von {name} ({id}) ist geändert.")
WEBHOOK_SET = Word("The webhook of {name} ({id}) is {url} now.", "Der Webhook von {name} ({id}) ist jetzt {url}.")
WEBHOOK_TAKEN = Word("{name} ({id}) has no webhook now.", "{name} ({id}) hat jetzt keinen Webhook.")
ANSWERS = Word("The API answers now: {how}.", "Die API antwortet jetzt so: {how}.")
HAPPENED = Word("{what}", "{what}")
RESET = Word("Everything is as it was at first.", "Alles ist wie am Anfang.")


@dataclass(frozen=True, slots=True)
class Row:
    """One assistant as the panel shows it."""

    id: int
    name: str
    is_active: bool
    prompt: str
    webhook: str


class Famulor:
    """Drives the demo API that the bot asks."""

    name = "famulor"
    title = Word("Famulor", "Famulor")

    def __init__(self, api: DemoApi, clock: Clock) -> None:
        self._api = api
        self._happenings = Happenings(clock)

    def rendered(self, tab: Tab, token: str) -> Markup:
        manner, other = self._manner()
        shown = {"rows": self._rows(), "manners": MANNERS, "manner": manner, "other": other}
        return fragment("beside/famulor.html", "panel", tab, token, words(tab.language), shown, tuple(self._happenings))

    async def act(self, act: str, fields: Mapping[str, str], tab: Tab) -> None:  # noqa: ARG002 # every panel is told
        match act:
            case "answer":
                self._answer(fields.get("as", ""))
            case "step":
                self._happenings.say(HAPPENED, what=self._api.step())
            case "reset":
                self._api.reset()
                self._happenings.say(RESET)
            case "switch" | "prompt" | "webhook":
                self._edit(act, self._row(fields.get("id", "")), fields)
            case _:
                raise LookupError(f"There is no {act} at Famulor's end.")

    def _answer(self, name: str) -> None:
        manner = next((one for one in MANNERS if one.name == name), None)
        if manner is None:
            raise LookupError(f"There is no way to answer that is called {name}.")
        self._api.clear_faults()
        self._api.always(manner.fault)
        self._happenings.say(ANSWERS, how=manner.word)

    def _edit(self, act: str, row: Row, fields: Mapping[str, str]) -> None:
        # Each row's fields have names of their own: the script keeps by its name what somebody is still typing.
        # Browsers send a line's end as HTTP has it.
        text = fields.get(f"{act}-{row.id}", "").replace("\r\n", "\n")
        if act == "switch":
            self._api.change(row.id, status=INACTIVE if row.is_active else ACTIVE)
            says = SWITCHED_OFF if row.is_active else SWITCHED_ON
        elif act == "prompt":
            self._api.change(row.id, system_prompt=text)
            says = PROMPT_SET
        else:
            self._api.change(row.id, webhook_url=text.strip() or None)
            says = WEBHOOK_SET if text.strip() else WEBHOOK_TAKEN
        self._happenings.say(says, name=row.name, id=row.id, url=text.strip())

    def _manner(self) -> tuple[Manner | None, str]:
        """How it answers, or the names of what was ordered in another way than here."""
        standing, queued = self._api.standing(), self._api.queued()
        if not queued and set(standing) <= {None}:
            for manner in MANNERS:
                if manner.fault == standing.get(None):
                    return manner, ""
        ordered: Sequence[faults.Fault] = (*(fault for _path, fault in queued), *standing.values())
        return None, ", ".join(dict.fromkeys(faults.name_of(type(fault)) for fault in ordered))

    def _rows(self) -> tuple[Row, ...]:
        return tuple(
            Row(
                record["id"],
                str(record.get("name") or ""),
                record.get("status") == ACTIVE,
                str(record.get("system_prompt") or ""),
                str(record.get("webhook_url") or ""),
            )
            for record in self._api.assistants
        )

    def _row(self, named: str) -> Row:
        row = next((row for row in self._rows() if str(row.id) == named), None)
        if row is None:
            raise LookupError(f"There is no assistant {named}.")
        return row
