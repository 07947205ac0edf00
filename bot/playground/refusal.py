"""How Slack says no."""

from collections.abc import Sequence


class SlackRefusesError(Exception):
    """A refusal with Slack's own error code.

    `details`: what the answer says besides, such as `needed` and `provided`.
    `retry_after`: the seconds to wait, for `ratelimited` (HTTP 429).
    """

    def __init__(self, error: str, *, retry_after: int | None = None, **details: object) -> None:
        super().__init__(error)
        self.error = error
        self.retry_after = retry_after
        self.details = details

    @classmethod
    def for_problems(cls, error: str, problems: Sequence[str]) -> "SlackRefusesError":
        """A payload that breaks limits, with a line for each."""
        return cls(error, response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]})
