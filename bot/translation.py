"""What the bot says in the reader's language: English as it stands in the code, German from `catalogues/`."""

import functools
import io
from datetime import date, datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from babel import Locale
from babel.dates import format_datetime, format_skeleton, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from shared.errors import FamulorError

LANGUAGES = ("en", "de")
"""In their two-letter codes; the first is what the code is written in."""


_GROUPED = 1_000
"""From here on numbers have a separator."""


class Say:
    """One language's words: `say("{shown} of {total} shown", shown=10, total=25)`.

    What is called with a text literal is found by `make catalogue`. A value is put in as it is: whatever came from
    upstream has been escaped before.
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._locale = _locale(self.language)
        self._catalogue = _catalogue(self.language)

    def __call__(self, text: str, /, **values: Any) -> str:
        """The text in this language, with its `{names}` filled."""
        said = self._catalogue.gettext(text)
        return said.format(**values) if values else said

    def count(self, number: int, one: str, many: str, /, **values: Any) -> str:
        """`say.count(n, "{number} record", "{number} records")`: the form that goes with the number."""
        return self._catalogue.ngettext(one, many, number).format(number=self.number(number), **values)

    def number(self, number: float) -> str:
        """`1,234` or `1.234`."""
        if isinstance(number, int) and 0 <= number < _GROUPED:
            return str(number)  # as both languages write it
        return format_decimal(number, locale=self._locale)

    def duration(self, seconds: float) -> str:
        """`40 seconds`, `5 minutes`, `3 hours`: the largest unit that fits."""
        return format_timedelta(timedelta(seconds=int(seconds)), threshold=1, locale=self._locale)

    def time(self, moment: datetime) -> str:
        """`Mar 1, 2026, 12:00` or `01.03.2026, 12:00`, in the zone that the moment is in."""
        return format_datetime(moment, "medium", tzinfo=moment.tzinfo, locale=self._locale)

    def day(self, day: date) -> str:
        """`Mar 1` or `1. März`."""
        return format_skeleton("MMMd", day, locale=self._locale)

    def error(self, error: FamulorError) -> str:
        """What happened, whether trying again helps, and what to do."""
        return error.explain(self._catalogue.gettext)


@functools.cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@functools.cache
def _catalogue(language: str) -> Translations:
    """The parsed catalogue; it is read once, and small enough to be compiled at the first answer."""
    merged = Translations()
    folder = files("bot") / "catalogues" / language
    for file in sorted(folder.iterdir(), key=_name) if folder.is_dir() else []:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(io.BytesIO(file.read_bytes()), locale=language))
        compiled.seek(0)
        merged.merge(Translations(compiled))
    return merged


def _name(file: Traversable) -> str:
    return file.name
