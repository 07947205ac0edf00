"""What Slack would hint at while somebody types: commands and shortcuts of the manifest, and names after an @."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.playground.people import User

SEPARATOR = " | "
"""Between the examples in a command's usage hint."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One suggestion: `insert` is what the field then holds, or for a shortcut its `callback_id`."""

    insert: str
    title: str
    detail: str = ""
    kind: Literal["text", "shortcut"] = "text"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One of the app's shortcuts. `kind`: "global", or "message" for those in a message's menu."""

    kind: str
    callback_id: str
    name: str
    description: str


def shortcuts(manifest: Mapping[str, Any] | None, kind: str) -> tuple[Shortcut, ...]:
    """The app's shortcuts of one kind, as the manifest lists them."""
    listed = _features(manifest).get("shortcuts", ())
    return tuple(
        Shortcut(kind, str(one["callback_id"]), str(one["name"]), str(one.get("description", "")))
        for one in listed
        if one["type"] == kind
    )


def app_name(manifest: Mapping[str, Any] | None, bot: User) -> str:
    """What the app is called in the workspace."""
    return str(_features(manifest).get("bot_user", {}).get("display_name") or bot.name.title())


def hints(typed: str, manifest: Mapping[str, Any] | None, name: str, *, in_thread: bool = False) -> tuple[Hint, ...]:
    """What may be meant by what was typed so far, best first; nothing once it is clear.

    `name`: the app's. A command that stands there is followed by the examples of its usage hint. In threads there are
    no commands.
    """
    if typed.startswith("/") and not in_thread:
        return (*_commands(typed, manifest), *_global_shortcuts(typed, manifest))
    mention = f"@{name} "
    if typed.startswith("@") and mention.casefold().startswith(typed.casefold()):
        return (Hint(mention, mention.strip(), "App"),)
    return ()


def _commands(typed: str, manifest: Mapping[str, Any] | None) -> Iterator[Hint]:
    for command in _features(manifest).get("slash_commands", ()):
        word, usage = str(command["command"]), str(command.get("usage_hint", ""))
        if word.startswith(typed):
            yield Hint(f"{word} ", f"{word}  {usage}".rstrip(), str(command.get("description", "")))
        elif typed.startswith(f"{word} "):
            examples = (f"{word} {example}" for example in usage.split(SEPARATOR) if example)
            yield from (Hint(one, one) for one in examples if one.startswith(typed) and one != typed)


def _global_shortcuts(typed: str, manifest: Mapping[str, Any] | None) -> Iterator[Hint]:
    sought = typed[1:].casefold()
    for shortcut in shortcuts(manifest, "global"):
        if not sought or any(word.startswith(sought) for word in shortcut.name.casefold().split()):
            yield Hint(shortcut.callback_id, shortcut.name, shortcut.description, "shortcut")


def _features(manifest: Mapping[str, Any] | None) -> Mapping[str, Any]:
    features: Mapping[str, Any] = (manifest or {}).get("features", {})
    return features
