"""What the panels beside the conversation say, in the language of whoever looks."""

from types import SimpleNamespace

from bot.words.word import Word

WORDS: dict[str, Word] = {
    "address": Word("Address", "Adresse"),
    "answers": Word("How its API answers", "Wie die API antwortet"),
    "arguments": Word("Arguments, as JSON", "Argumente, als JSON"),
    "assistants": Word("Its assistants", "Ihre Assistenten"),
    "call": Word("Call", "Aufrufen"),
    "coming": Word("Still to come", "Noch ausstehend"),
    "connection": Word("Delivery", "Zustellung"),
    "copy": Word("Copy", "Kopieren"),
    "edit": Word("Prompt and webhook", "Prompt und Webhook"),
    "examples": Word("Examples", "Beispiele"),
    "failed": Word("The tool answers with an error", "Das Tool antwortet mit einem Fehler"),
    "fault": Word("What goes wrong", "Was schiefgeht"),
    "faults": Word("The bot's next calls to Slack fail", "Die nächsten Aufrufe des Bots bei Slack scheitern"),
    "forget": Word("Forget them", "Verwerfen"),
    "happened": Word("What you did", "Was du getan hast"),
    "list_tools": Word("List the tools", "Tools auflisten"),
    "lose": Word("Lose the next acknowledgement", "Nächste Bestätigung verlieren"),
    "method": Word("Of which call", "Bei welchem Aufruf"),
    "any_method": Word("the next ones, whichever", "die nächsten, gleich welche"),
    "nothing_done": Word("Nothing yet.", "Noch nichts."),
    "nothing_last": Word("You have done nothing yet.", "Du hast noch nichts getan."),
    "order": Word("Let it fail", "Scheitern lassen"),
    "other_answer": Word("Ordered elsewhere: {fault}", "Anderswo bestellt: {fault}"),
    "prompt": Word("Prompt", "Prompt"),
    "reconnect": Word("Ask the bot to connect anew", "Bot um neue Verbindung bitten"),
    "redeliver": Word("Deliver the last event again", "Letztes Ereignis noch einmal zustellen"),
    "reset": Word("Everything as at first", "Alles wie am Anfang"),
    "result": Word("Result", "Ergebnis"),
    "save": Word("Save", "Sichern"),
    "step": Word("Let something happen", "Etwas geschehen lassen"),
    "structured": Word("The structured part", "Der strukturierte Teil"),
    "switch_off": Word("Switch off", "Ausschalten"),
    "switch_on": Word("Switch on", "Einschalten"),
    "times": Word("How many times", "Wie oft"),
    "tokens": Word(
        "About {tokens} tokens: an estimate, bytes of UTF-8 ÷ 4.",
        "Etwa {tokens} Tokens: geschätzt, Bytes in UTF-8 ÷ 4.",
    ),
    "tool": Word("Tool", "Tool"),
    "tools": Word("The tools", "Die Tools"),
    "tools_cost": Word(
        "In every session the descriptions cost about {tokens} tokens: an estimate, bytes of UTF-8 ÷ 4.",
        "Die Beschreibungen kosten in jeder Sitzung etwa {tokens} Tokens: geschätzt, Bytes in UTF-8 ÷ 4.",
    ),
    "webhook": Word("Webhook address", "Webhook-Adresse"),
    "about_agents": Word(
        "The same questions, for AI agents: an MCP server that any MCP client can use.",
        "Dieselben Fragen, für KI-Agenten: ein MCP-Server, den jeder MCP-Client nutzen kann.",
    ),
    "about_famulor": Word(
        "A demo of Famulor's API, with invented assistants. Change something, and look at what the bot makes of it.",
        "Eine Demo der Famulor-API mit erfundenen Assistenten. Ändere etwas und sieh, was der Bot daraus macht.",
    ),
    "about_slack": Word(
        "What can go wrong between Slack and the bot. It should come through, or say so.",
        "Was zwischen Slack und dem Bot schiefgehen kann. Er sollte damit fertig werden oder es sagen.",
    ),
    "config": Word("For your MCP client's configuration", "Für die Konfiguration deines MCP-Clients"),
}
"""By the name that templates use."""


def words(language: str) -> SimpleNamespace:
    """All of them in one language: `words.save`."""
    return SimpleNamespace(**{name: word(language) for name, word in WORDS.items()})
