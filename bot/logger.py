"""What Slack's libraries may log: never a token, an address that opens something, or what somebody typed."""

import logging
import re

_SECRET = re.compile(r"(?i)xox[a-z]-[\w-]+|xapp-[\w-]+|\b(?:https?|wss?)://\S+")


def slack_logger() -> logging.Logger:
    """The one logger for Bolt and the SDK, at INFO or above.

    At DEBUG they log payloads, tokens and response URLs. The level is set on this very logger because the SDK
    compares `logger.level`, and takes one that inherits its level for DEBUG.
    """
    logger = logging.getLogger("slack")
    level = max(logging.INFO, logging.getLogger().level)
    # Setting a level makes every logger of the program forget what it knows of levels.
    if logger.level != level:
        logger.setLevel(level)
    if not logger.filters:
        logger.addFilter(_without_secrets)
    return logger


def _without_secrets(record: logging.LogRecord) -> bool:
    """Takes addresses and tokens out; the SDK's tracebacks repeat them and say nothing of our own code."""
    record.msg, record.args = _SECRET.sub("…", record.getMessage()), ()
    record.exc_info = record.exc_text = None
    return True
