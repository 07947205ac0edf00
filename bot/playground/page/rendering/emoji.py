"""Emoji by their names, as far as bots like ours use them; pure."""

import re

_BY_NAME = {
    "+1": "👍",
    "-1": "👎",
    "arrow_down": "⬇️",
    "arrow_left": "⬅️",
    "arrow_right": "➡️",
    "arrow_up": "⬆️",
    "bell": "🔔",
    "bulb": "💡",
    "calendar": "📆",
    "eyes": "👀",
    "fire": "🔥",
    "gear": "⚙️",
    "grey_question": "❔",
    "heavy_check_mark": "✔️",
    "hourglass_flowing_sand": "⏳",
    "information_source": "ℹ️",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "link": "🔗",
    "lock": "🔒",
    "mag": "🔍",
    "memo": "📝",
    "no_bell": "🔕",
    "no_entry": "⛔",
    "package": "📦",
    "phone": "☎️",
    "question": "❓",
    "red_circle": "🔴",
    "repeat": "🔁",
    "robot_face": "🤖",
    "rocket": "🚀",
    "rolled_up_newspaper": "🗞️",
    "rotating_light": "🚨",
    "smile": "😄",
    "sparkles": "✨",
    "tada": "🎉",
    "test_tube": "🧪",
    "thumbsdown": "👎",
    "thumbsup": "👍",
    "wastebasket": "🗑️",
    "warning": "⚠️",
    "wave": "👋",
    "white_check_mark": "✅",
    "white_circle": "⚪",
    "x": "❌",
    "zzz": "💤",
}
_NAME = re.compile(r":([a-z0-9_+'-]+):")


def emoji(name: str) -> str:
    """The character of this name; of one that is not known, `:name:`."""
    return _BY_NAME.get(name, f":{name}:")


def with_emoji(text: str) -> str:
    """The text with the names in it replaced."""
    return _NAME.sub(lambda found: emoji(found[1]), text)
