"""The environment, `.env` and secret files → frozen settings, or one line for each problem."""

from shared.settings.accounts import Account
from shared.settings.load import Settings, from_arguments, load_settings
from shared.settings.slack import PostingSettings, SlackSettings
from shared.settings.values import is_loopback

__all__ = ["Account", "PostingSettings", "Settings", "SlackSettings", "from_arguments", "is_loopback", "load_settings"]
