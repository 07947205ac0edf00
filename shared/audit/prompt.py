"""Rules about the prompt: there is none, it is very short or long, something was left in it or contradicts itself."""

from collections.abc import Iterator
from itertools import islice

from shared.audit import claims, contradictions
from shared.audit.finding import Evidence, Rule, Words
from shared.audit.ground import Ground
from shared.audit.placeholders import placeholders
from shared.audit.texts import NAMED, excerpt, is_blank
from shared.models import Assistant, Severity

SHORT = 120
"""Characters: a prompt with fewer leaves nearly everything to the model."""
LONG = 4000
"""Tokens: about eight pages."""
CHARACTERS_OF_A_TOKEN = 4
"""In English and German text, roughly; each model has its own."""
MICROSECONDS_OF_A_TOKEN = 100
"""What one more token of a prompt costs before an answer begins; 40 to 240 have been measured of hosted models."""


def _empty(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    if is_blank(assistant.system_prompt):
        yield Evidence()


def _placeholder(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    left = dict.fromkeys(placeholders(assistant.system_prompt))
    for written in islice(left, NAMED):
        shown = excerpt(written)
        yield Evidence(shown, {"placeholder": shown})


def _short(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    prompt = assistant.system_prompt
    if len(prompt) < SHORT and not is_blank(prompt):
        yield Evidence("", {"length": str(len(prompt))})


def _long(assistant: Assistant, _ground: Ground) -> Iterator[Evidence]:
    tokens = len(assistant.system_prompt) // CHARACTERS_OF_A_TOKEN
    if tokens > LONG:
        milliseconds = tokens * MICROSECONDS_OF_A_TOKEN // 1000
        yield Evidence("", {"tokens": str(round(tokens, -2)), "milliseconds": str(round(milliseconds, -1))})


RULES: tuple[Rule, ...] = (
    Rule(
        id="prompt-empty",
        severity=Severity.CRITICAL,
        title=Words("There is no prompt", "Es gibt keinen Prompt"),
        what=Words(
            "The prompt is empty: nobody has told the assistant what to do.",
            "Der Prompt ist leer: Niemand hat dem Assistenten gesagt, was er tun soll.",
        ),
        cure=Words(
            "Write who the assistant is, what the call is for, and what it must not do.",
            "Schreiben, wer der Assistent ist, wozu er anruft und was er nicht darf.",
        ),
        check=_empty,
    ),
    *claims.RULES,
    Rule(
        id="prompt-placeholder",
        severity=Severity.WARNING,
        title=Words("A placeholder is left in the prompt", "Platzhalter im Prompt"),
        what=Words("“{placeholder}” is left in the prompt.", "Im Prompt steht noch „{placeholder}“."),
        cure=Words("Put the text in, or delete the place.", "Den Text einsetzen oder die Stelle löschen."),
        check=_placeholder,
    ),
    *contradictions.RULES,
    Rule(
        id="prompt-short",
        severity=Severity.INFO,
        title=Words("The prompt is very short", "Der Prompt ist sehr kurz"),
        what=Words("The prompt has only {length} characters.", "Der Prompt hat nur {length} Zeichen."),
        cure=Words(
            "Say at least who is calling, what for, how it ends, and what is off limits.",
            "Wenigstens sagen, wer anruft, wozu, wie das Gespräch endet und was tabu ist.",
        ),
        check=_short,
    ),
    Rule(
        id="prompt-long",
        severity=Severity.INFO,
        title=Words("The prompt is very long", "Der Prompt ist sehr lang"),
        what=Words(
            "The prompt has about {tokens} tokens; reading them delays each answer by roughly {milliseconds} ms.",
            "Der Prompt hat etwa {tokens} Tokens; sie zu lesen, verzögert jede Antwort um ungefähr {milliseconds} ms.",
        ),
        cure=Words(
            "Delete what repeats itself, and move lists and facts into a knowledge base.",
            "Wiederholungen streichen; Listen und Fakten in eine Wissensdatenbank verlegen.",
        ),
        check=_long,
    ),
)
