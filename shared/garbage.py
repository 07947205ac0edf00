"""How programs look for garbage: seldom, and never among what stays. Nearly all of it goes without being looked for."""

import gc

YOUNG = 10_000
"""New objects after which the newest are looked through; one answer makes several times Python's own 700."""


def settle() -> None:
    """What there is now stays, and is no longer looked through."""
    gc.freeze()
    gc.set_threshold(YOUNG)
