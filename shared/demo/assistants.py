"""The demo's twelve assistants, with the languages and voices that their ids stand for: invented, all of them."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_DATA = files("shared.demo") / "data"
_DAY = len("2026-03-01")

PLANTED: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        57: ("name-shared",),
        101: ("undeclared-variable", "webhook-off"),
        118: ("webhook-no-url",),
        119: ("webhook-not-https",),
        163: ("prompt-placeholder",),
        204: ("timezone-unknown",),
        221: ("greeting-long",),
        305: ("unknown-system-variable",),
        312: ("name-shared",),
    }
)
"""Which rules of the audit whom breaks, on purpose; the others' configuration is faultless."""

WRITTEN = date(2026, 3, 1)
"""The day to which the dates of the twelve lead up."""

PROVIDERS_OF_MODE: Mapping[str, frozenset[int]] = MappingProxyType(
    {"pipeline": frozenset({1, 3}), "dualplex": frozenset({1, 3}), "multimodal": frozenset({5})}
)
"""Which `synthesizer_provider_id`s an engine mode speaks with."""


def demo_assistants(today: date = WRITTEN) -> list[dict[str, Any]]:
    """The twelve as they are sent over HTTP; a new copy each time.

    Later than WRITTEN their dates are as much later: nobody has left them untouched for years.
    """
    later = max(today - WRITTEN, timedelta())
    return [
        record
        | {name: _moved(record[name], later) for name in ("created_at", "updated_at")}
        | {"system_prompt": (_DATA / "prompts" / f"{record['id']}.md").read_text(encoding="utf-8").strip()}
        for record in _read("assistants.json")
    ]


def _moved(written: str, later: timedelta) -> str:
    """The same time on a later day, in the same shape."""
    day, rest = written[:_DAY], written[_DAY:]
    return (date.fromisoformat(day) + later).isoformat() + rest


def demo_languages() -> list[dict[str, Any]]:
    """The languages as they are sent over HTTP."""
    return _read("languages.json")


def demo_voices() -> list[dict[str, Any]]:
    """The voices as they are sent over HTTP."""
    return _read("voices.json")


def _read(name: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return records
