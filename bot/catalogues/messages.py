"""What has to be translated: every literal that `say` is called with, and the words of every error."""

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from shared.errors import templates

PACKAGE = Path(__file__).parents[1]
FOLDER = Path(__file__).parent

# `say("…")` and `say.count(number, "one", "many")`; `mark("…")` names a literal that is said elsewhere.
_KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"say": None, "count": (2, 3), "mark": None}


def needed() -> Catalog:
    """Every message of the bot, with the files that it stands in."""
    catalogue = Catalog(project="famulor-bot", charset="utf-8")
    found = extract_from_dir(
        PACKAGE, method_map=[("playground/**", "ignore"), ("**.py", "python")], keywords=dict(_KEYWORDS)
    )
    for file, _line, message, _comments, _context in found:
        catalogue.add(message, locations=[(f"bot/{file}", 0)])
    _import_all()
    for template in templates(("shared", "bot")):
        catalogue.add(template, locations=[("shared/errors", 0)])
    return catalogue


def _import_all() -> None:
    """Errors are known by their classes; what nobody has imported would be missing, and its translations with it."""
    for module in pkgutil.walk_packages([str(PACKAGE)], f"{PACKAGE.name}."):
        if not module.name.endswith(".__main__") and ".playground" not in module.name:
            importlib.import_module(module.name)


def translated(language: str) -> Catalog:
    """All catalogues of a language as one."""
    merged = Catalog(locale=language, charset="utf-8")
    for file in sorted((FOLDER / language).glob("*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream, locale=language):
                if message.id:
                    merged[message.id] = message
    return merged


def update(language: str) -> Path:
    """Writes one catalogue with every message that is needed, as far as it is translated; what is not is empty."""
    known, catalogue = translated(language), Catalog(locale=language, project="famulor-bot", charset="utf-8")
    for message in needed():
        if message.id:
            old = known.get(message.id)
            catalogue.add(message.id, old.string if old else None, locations=message.locations)
    target = FOLDER / language / "bot.po"
    for file in target.parent.glob("*.po"):
        file.unlink()
    with target.open("wb") as stream:
        write_po(stream, catalogue, width=110, sort_output=True, include_lineno=False, omit_header=False)
    return target
