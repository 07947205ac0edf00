"""What can be set for the Slack app: its tokens, who may use it and who may see what."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.settings.load import Settings
from shared.settings.values import AppToken, BotToken, Secret, SlackUrl, Words, wrong


def _ids(letters: str, what: str, example: str) -> AfterValidator:
    def check(ids: tuple[str, ...]) -> tuple[str, ...]:
        for one in ids:
            if not re.fullmatch(rf"[{letters}][A-Z0-9]{{2,}}", one):
                raise wrong(f"takes ids of {what}, with commas between them, such as {example}; names are none.")
        return ids

    return AfterValidator(check)


Users = Annotated[Words, _ids("UW", "people (in their profile under ⋮: Copy member ID)", "U012AB3CD")]
Groups = Annotated[Words, _ids("S", "user groups (in the group's address)", "S012AB3CD")]
Channels = Annotated[Words, _ids("CG", "channels (at the end of their details)", "C012AB3CD")]


class PostingSettings(Settings):
    """What it takes to post into a workspace."""

    slack_bot_token: BotToken
    slack_api_url: SlackUrl = "https://slack.com/api/"
    slack_prompts: Literal["everyone", "admins"] = "everyone"


class SlackSettings(PostingSettings):
    """Settings of the Slack app. Socket Mode where there is an app-level token, else HTTP with a signing secret."""

    slack_signing_secret: Secret | None = None
    # After the signing secret: one of the two must be there.
    slack_app_token: AppToken | None = Field(default=None, validate_default=True)
    slack_http_host: str = "127.0.0.1"
    slack_http_port: int = Field(default=3000, ge=0, le=65_535)

    slack_allowed_users: Users = ()
    slack_allowed_usergroups: Groups = ()
    slack_allowed_channels: Channels = ()
    slack_admins: Users = ()

    @property
    def socket_mode(self) -> bool:
        """Whether the app connects to Slack, rather than Slack to it."""
        return self.slack_app_token is not None

    @property
    def listens(self) -> bool:
        """Whether the app serves HTTP: without Socket Mode for Slack, with it where SLACK_HTTP_PORT is set."""
        return not self.socket_mode or "slack_http_port" in self.model_fields_set

    @field_validator("slack_app_token")
    @classmethod
    def _one_way_in(cls, value: AppToken | None, info: ValidationInfo) -> AppToken | None:
        # Where the signing secret is wrong, that is told already.
        if value is None and info.data.get("slack_signing_secret", "wrong") is None:
            raise PydanticCustomError("missing", "is missing")
        return value
