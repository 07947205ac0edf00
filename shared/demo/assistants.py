"""The demo's twelve assistants, with the languages and voices that their ids stand for: invented, all of them."""

import json
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_DATA = files("shared.demo") / "data"

PLANTED: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        57: ("shares its name with 312, but for the case",),
        101: ("the prompt uses {customer_nme}, which is not declared",),
        118: ("the webhook is switched on, but has no URL",),
        119: ("the webhook URL is http://, not https://",),
        163: ("a TODO is left in the prompt",),
        204: ("the timezone America/Boston does not exist",),
        221: ("the greeting is longer than 200 characters",),
        305: ("the prompt uses {{customer_telephone}}, which is no system variable",),
        312: ("shares its name with 57, but for the case",),
    }
)
"""What is wrong with whom, on purpose; the others' configuration is faultless."""

PROVIDERS_OF_MODE: Mapping[str, frozenset[int]] = MappingProxyType(
    {"pipeline": frozenset({1, 3}), "dualplex": frozenset({1, 3}), "multimodal": frozenset({5})}
)
"""Which `synthesizer_provider_id`s an engine mode speaks with."""


def demo_assistants() -> list[dict[str, Any]]:
    """The twelve as they are sent over HTTP; a new copy each time."""
    return [
        record | {"system_prompt": (_DATA / "prompts" / f"{record['id']}.md").read_text(encoding="utf-8").strip()}
        for record in _read("assistants.json")
    ]


def demo_languages() -> list[dict[str, Any]]:
    """The languages as they are sent over HTTP."""
    return _read("languages.json")


def demo_voices() -> list[dict[str, Any]]:
    """The voices as they are sent over HTTP."""
    return _read("voices.json")


def _read(name: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return records
