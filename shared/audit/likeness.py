"""Whether two prompts began as one, and names that people and programs give to copies; pure, linear in the texts."""

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache

ALIKE = 0.5
"""Of the runs of words that either prompt has, how many both must have before one is taken for a version of the other.

Among the corpus's prompts an edit of some lines leaves 0.7 or more; two prompts for one task written apart share less
than 0.1.
"""
RUN = 3
"""Words in a run."""
SHORTEST = 20
"""Words of a prompt that can be recognised."""

# What Famulor, browsers' users and file systems add: "Copy of X", "X (Kopie 2)", "X - copy", "X (2)".
_BEFORE = re.compile(r"(?:copy of|kopie von|duplikat von)\s++", re.IGNORECASE)
_AFTER = re.compile(r"(?:copy|kopie|duplicate|duplikat)(?:\s?+\d{1,3})?+|\(\d{1,3}\)", re.IGNORECASE)
_JOINTS = " \t-–—_()[]"
_LONGEST = 255
"""Characters of a name at Famulor."""


# A poll that brings something new asks for the names of all assistants, which are the old ones.
@lru_cache(maxsize=16_384)
def original_name(name: str) -> str:
    """The name without what marks a copy, and without regard to case and spaces; "" where nothing else is left."""
    plain = " ".join(name[:_LONGEST].casefold().split())
    if (mark := _BEFORE.match(plain)) is not None:
        plain = plain[mark.end() :]
    for mark in _AFTER.finditer(plain):
        # The mark is the last of the name, and stands apart from the word before it.
        ends = not plain[mark.end() :].strip(_JOINTS)
        if ends and (mark.start() == 0 or plain[mark.start() - 1] in _JOINTS):
            return plain[: mark.start()].strip(_JOINTS)
    return plain


def runs(text: str) -> AbstractSet[int]:
    """Every run of words in the text, as its hash; none where the text is too short to be recognised."""
    words = text.casefold().split()
    if len(words) < SHORTEST:
        return frozenset()
    return {hash(run) for run in zip(*(words[start:] for start in range(RUN)), strict=False)}


def alike(some: AbstractSet[int], others: AbstractSet[int]) -> bool:
    """Whether the prompts with these runs are versions of one."""
    together = len(some & others)
    return together > 0 and together >= ALIKE * (len(some) + len(others) - together)
