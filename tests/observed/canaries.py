"""Secrets and words that nobody else uses: wherever one of them turns up, it came from here."""

from collections.abc import Mapping

SECRETS: Mapping[str, str] = {
    "FAMULOR_API_KEY": "canary-famulor-key-Zeisig",
    "FAMULOR_ACCOUNTS": "canary-agency-key-Stieglitz",
    "SLACK_BOT_TOKEN": "xoxb-canary-Girlitz",
    "SLACK_APP_TOKEN": "xapp-canary-Gimpel",
    "SLACK_SIGNING_SECRET": "canary-signing-Zippammer",
    "DATABASE_URL": "canary-password-Kleiber",
    "MCP_TOKENS_FILE": "canary-caller-token-Sprosser",
    "X-Famulor-Key": "canary-caller-key-Pirol",
    "OTEL_EXPORTER_OTLP_HEADERS": "canary-collector-Wendehals",
}
"""Where each is set, and what it is. All end in a bird of its own, which is what is looked for."""

IN_ASSISTANTS: Mapping[str, str] = {
    "webhook": "https://canary:Neuntoeter@hooks.example.com/in?token=Wiedehopf",
    "variable": "canary-variable-Rohrdommel",
    "prompt": "You speak for the Bekassine. Password: Rotkehlchen.",
    "greeting": "The Goldammer greets you.",
}
"""What users keep in assistants: secrets, and words that are theirs."""

TYPED = "Zaunkoenig"
"""What somebody looks for."""

# What lets one in for a while: a socket, an answer, an upload.
PASSES = ("ticket=", "/response/", "/upload/")

_BIRDS = {secret.rpartition("-")[2]: where for where, secret in SECRETS.items()}
_WORDS = {
    **dict.fromkeys(("Neuntoeter", "Wiedehopf"), "webhook"),
    "Rohrdommel": "variable",
    **dict.fromkeys(("Bekassine", "Rotkehlchen"), "prompt"),
    "Goldammer": "greeting",
}


def secrets_in(text: str) -> set[str]:
    """Which secrets of the settings stand in a text, whole or in part; by where each is set."""
    folded = text.casefold()
    return {where for bird, where in _BIRDS.items() if bird.casefold() in folded}


def words_in(text: str) -> set[str]:
    """Which fields of assistants a text quotes."""
    folded = text.casefold()
    return {where for word, where in _WORDS.items() if word.casefold() in folded}


def passes_in(text: str) -> set[str]:
    """Which addresses stand there that open something."""
    return {one for one in PASSES if one in text}
