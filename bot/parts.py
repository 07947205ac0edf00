"""What `famulor-bot run` does, in parts that may run in processes of their own."""

from enum import StrEnum


class Part(StrEnum):
    """Answer in Slack, look at the accounts, or bring alerts to channels; any number of each on one database."""

    SLACK = "slack"
    WATCH = "watch"
    DELIVER = "deliver"
