"""What the page itself says inside of blocks, in the language of whoever looks."""

from bot.words.word import Word

WORDS: dict[str, Word] = {
    "advice": Word("What people may miss", "Was Lesern fehlen kann"),
    "builder": Word("Open in Block Kit Builder (leaves this page)", "Im Block Kit Builder öffnen (verlässt die Seite)"),
    "choose": Word("Choose", "Auswählen"),
    "confirm": Word("Yes", "Ja"),
    "copy": Word("Copy", "Kopieren"),
    "deny": Word("Cancel", "Abbrechen"),
    "done": Word("Done", "Fertig"),
    "envelope": Word("The envelope that the bot got", "Der Umschlag, den der Bot bekam"),
    "json": Word("Block Kit JSON", "Block-Kit-JSON"),
    "limits": Word("Slack's limits", "Slacks Grenzen"),
    "more": Word("More", "Mehr"),
    "no_envelope": Word("It did not come of an interaction.", "Es kam nicht von einer Interaktion."),
    "optional": Word("(optional)", "(optional)"),
    "search": Word("Search", "Suchen"),
    "table": Word("Table", "Tabelle"),
    "taken": Word("Slack takes all of it.", "Slack nimmt alles an."),
    "unknown": Word("This page can't show {what}.", "Diese Seite kann {what} nicht zeigen."),
    "video": Word("Video", "Video"),
    "file": Word("File", "Datei"),
    "image": Word("Image", "Bild"),
    "today": Word("today", "heute"),
    "tomorrow": Word("tomorrow", "morgen"),
    "yesterday": Word("yesterday", "gestern"),
}
"""By the name that templates use."""


def say(name: str, locale: str) -> str:
    """One of them, in the language of a locale such as "de-DE"."""
    return WORDS[name](locale[:2])
