"""What the page itself says around the bot's words, in the language of whoever looks."""

from types import SimpleNamespace

from bot.words.word import Word

WORDS: dict[str, Word] = {
    "admin": Word("Admin", "Admin"),
    "again": Word("Connection lost. Trying again …", "Verbindung verloren. Neuer Versuch …"),
    "app": Word("App", "App"),
    "apps": Word("App", "App"),
    "back": Word("Back", "Zurück"),
    "channels": Word("Channels", "Channels"),
    "close": Word("Close", "Schließen"),
    "composer": Word("Message to {name}", "Nachricht an {name}"),
    "deleted": Word("This message was deleted.", "Diese Nachricht wurde gelöscht."),
    "direct": Word("Direct messages", "Direktnachrichten"),
    "direct_first": Word("Write to {name}, such as “help”", "Schreib {name}, etwa „hilfe“"),
    "dismiss": Word("Dismiss", "Ausblenden"),
    "download": Word("Download", "Herunterladen"),
    "earlier": Word("Show earlier messages", "Frühere Nachrichten zeigen"),
    "edited": Word("edited", "bearbeitet"),
    "empty_home": Word("Nothing here yet: the app has not published a Home.", "Noch nichts hier: kein Home der App."),
    "enter": Word("Enter sends, Shift + Enter begins a new line", "Enter sendet, Umschalt + Enter: neue Zeile"),
    "failed": Word("This could not be sent. Is the playground still running?", "Nicht gesendet. Läuft alles noch?"),
    "hints": Word("Suggestions", "Vorschläge"),
    "home": Word("Home", "Home"),
    "inspect": Word("Look behind this message", "Hinter diese Nachricht schauen"),
    "invite": Word("Add {name}", "{name} hinzufügen"),
    "invited": Word("{name} was added to the channel.", "{name} ist jetzt in diesem Channel."),
    "last_reply": Word("last reply {time}", "letzte Antwort {time}"),
    "latest": Word("New messages", "Neue Nachrichten"),
    "local": Word("Local playground", "Lokale Spielwiese"),
    "mention_first": Word("Type / or @{name}", "Tippe / oder @{name}"),
    "messages": Word("Messages", "Nachrichten"),
    "more": Word("More for this message", "Mehr zu dieser Nachricht"),
    "no_messages": Word("Nothing has been said here yet.", "Hier wurde noch nichts gesagt."),
    "not_here": Word("{name} is not in this channel.", "{name} ist nicht in diesem Channel."),
    "nothing_to_inspect": Word("The bot has not said anything here yet.", "Der Bot hat hier noch nichts gesagt."),
    "only_you": Word("Only visible to you", "Nur für dich sichtbar"),
    "panels": Word("Beside the conversation", "Neben dem Gespräch"),
    "person": Word("You are", "Du bist"),
    "places": Word("Places", "Orte"),
    "reload": Word("Without JavaScript, reload for news.", "Ohne JavaScript: neu laden, um Neues zu sehen."),
    "replied_one": Word("1 reply", "1 Antwort"),
    "replied_many": Word("{count} replies", "{count} Antworten"),
    "reply": Word("Reply in thread", "Im Thread antworten"),
    "required": Word("Please check the fields that are marked.", "Bitte die markierten Felder prüfen."),
    "send": Word("Send", "Senden"),
    "shortcuts": Word("Shortcuts", "Shortcuts"),
    "skip": Word("Skip to the message field", "Zum Nachrichtenfeld springen"),
    "thread": Word("Thread", "Thread"),
    "threads_no_commands": Word(
        "{command} is not supported in threads. Mention {name} instead.",
        "{command} geht in Threads nicht. Erwähne stattdessen {name}.",
    ),
    "today": Word("Today", "Heute"),
    "tools": Word("Tools", "Werkzeuge"),
    "unread": Word("unread", "ungelesen"),
    "wire": Word("Under the hood", "Unter der Haube"),
    "yesterday": Word("Yesterday", "Gestern"),
}
"""By the name that templates use."""


def words(language: str) -> SimpleNamespace:
    """All of them in one language: `words.send`."""
    return SimpleNamespace(**{name: word(language) for name, word in WORDS.items()})
