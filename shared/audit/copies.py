"""The rule about copies: two assistants that began as one, and of which only one calls.

Copies are known by their names, since whoever writes many assistants starts each from the same prompt, and those are
meant to differ. A name that says what the other one is for ("old", "Q1", "test") is no copy's name either.
"""

from collections.abc import Iterator

from shared.audit.finding import Evidence, Rule, Words
from shared.audit.ground import Ground
from shared.audit.likeness import alike, original_name, runs
from shared.models import Assistant, Severity


def _drifted(assistant: Assistant, ground: Ground) -> Iterator[Evidence]:
    if assistant.status != "active":
        return
    copy = ground.inactive_copies.get(original_name(assistant.name))
    if copy is None or copy.assistant.language_id != assistant.language_id:
        return
    words = assistant.system_prompt.split()
    if words != copy.assistant.system_prompt.split() and alike(runs(assistant.system_prompt), copy.runs):
        both = assistant, copy.assistant
        known = [(one.updated_at, one.id) for one in both if one.updated_at is not None]
        newer = str(max(known)[1]) if len(known) == len(both) else "?"
        yield Evidence(subject=str(copy.assistant.id), facts={"copy": str(copy.assistant.id), "newer": newer})


RULES: tuple[Rule, ...] = (
    Rule(
        id="copy-drifted",
        severity=Severity.INFO,
        title=Words("Copies that have drifted apart", "Auseinandergelaufene Kopien"),
        what=Words(
            "The inactive copy, no. {copy}, has another version of the prompt; changed last: no. {newer}.",
            "Die inaktive Kopie, Nr. {copy}, hat eine andere Fassung des Prompts; zuletzt geändert: Nr. {newer}.",
        ),
        cure=Words(
            "Compare the two, keep the version that is meant, and delete the other one.",
            "Beide vergleichen, die gewünschte Fassung behalten und die andere löschen.",
        ),
        check=_drifted,
        compares=True,
    ),
)
