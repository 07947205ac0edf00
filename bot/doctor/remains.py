"""What of the settings is right although something is wrong, so that the rest can be checked all the same."""

from collections.abc import Mapping
from typing import Any

from shared.errors import SettingsError
from shared.settings import SlackSettings, load_settings

FAMULORS = frozenset({"famulor_api_key", "famulor_base_url", "famulor_accounts"})
SLACKS = frozenset({"slack_bot_token", "slack_api_url"})
WAYS_IN = frozenset({"slack_app_token", "slack_signing_secret", "slack_http_host", "slack_http_port"})
STORES = frozenset({"database_url"})
"""The settings without which Famulor, Slack, the way in or the store can't be checked."""

# In the place of what can't be left out; nothing is asked with them.
_NOTHING: Mapping[frozenset[str], Mapping[str, Any]] = {
    FAMULORS: {"famulor_api_key": "none"},
    SLACKS: {"slack_bot_token": "xoxb-none"},
    WAYS_IN: {"slack_signing_secret": "none"},
}


def remains(error: SettingsError) -> tuple[SlackSettings | None, frozenset[str]]:
    """Settings with defaults where something is wrong, and the names of those; None where nothing can be read."""
    wrong = frozenset(line.partition(":")[0].partition(" ")[0].lower() for line in error.problems)
    given: dict[str, Any] = {}
    for group in (FAMULORS, SLACKS, WAYS_IN):
        if wrong & group:
            given |= {name: SlackSettings.model_fields[name].get_default() for name in group}
            given |= _NOTHING[group]
    fields = {name: SlackSettings.model_fields[name] for name in wrong & SlackSettings.model_fields.keys()}
    given |= {name: field.get_default() for name, field in fields.items() if name not in given}
    try:
        return load_settings(SlackSettings, **given), wrong
    except SettingsError:
        return None, wrong
