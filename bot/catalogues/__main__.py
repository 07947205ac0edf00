"""`make catalogue`: brings every catalogue up to what the code says, and tells what lacks a translation."""

import sys

from bot import access, admission, grammar  # noqa: F401 # their errors have words too
from bot.catalogues.messages import translated, update
from bot.translation import LANGUAGES


def main() -> int:
    """The exit status: 1 where something lacks a translation."""
    lacking = 0
    for language in LANGUAGES[1:]:
        target = update(language)
        without = [message.id for message in translated(language) if message.id and not message.string]
        lacking += len(without)
        sys.stdout.write(f"{target.name} ({language}): {len(without)} without a translation\n")
        sys.stdout.writelines(f"  {text!r}\n" for text in without)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
