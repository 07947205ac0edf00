"""Every rule reads a megabyte of each text that is hard for regular expressions; says which rules came back."""

import sys
import time

from shared.audit import RULES, UNREADABLE
from shared.models import Assistant
from tests.shared.audit.worlds import assistant, ground

LENGTH = 1_000_000
"""Characters of each text."""
SLOW = 1.0
"""Seconds of one rule for one of them."""

PIECES = ("{a", "{{a} }", "[a ", "4532-DE89 ", "sk-eyJa.", "password: timezone ", "never say that you are an ")
"""Each begins much, or ends little, of what some rule looks for."""


def main() -> None:
    """Name each rule when it has read all of them; what takes long is told on stderr."""
    rules = [rule for rule in RULES.values() if rule is not UNREADABLE]
    texts = [(piece * (LENGTH // len(piece) + 1))[:LENGTH] for piece in PIECES]
    for one in [assistant(system_prompt=text) for text in texts] + [_all_over(texts[0])]:
        around = ground(one)
        for rule in rules:
            began = time.perf_counter()
            for _evidence in rule.check(one, around):
                pass
            if (taken := time.perf_counter() - began) > SLOW:
                sys.stderr.write(f"{rule.id} on {one.system_prompt[:20]!r}: {taken:.1f} s\n")
    sys.stdout.writelines(f"{rule.id}\n" for rule in rules)


def _all_over(text: str) -> Assistant:
    """The text wherever there can be one."""
    return assistant(
        name=text,
        mode=text,
        timezone=text,
        initial_message=text,
        system_prompt=text,
        variables={text: text},
        webhook_url=f"https://{text}",
    )


if __name__ == "__main__":
    main()
