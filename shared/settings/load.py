"""All that can be set, and how it is loaded."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeVar, cast

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from shared.errors import SettingsError
from shared.settings.accounts import Account, parse_accounts
from shared.settings.addresses import ids_in, is_same_page
from shared.settings.auditing import Grades, Regions
from shared.settings.sources import FileProblems, SecretFiles
from shared.settings.values import (
    APP_TOKEN_PLACE,
    BOT_TOKEN_PLACE,
    DEFAULT_BASE_URL,
    AssistantUrl,
    DatabaseUrl,
    FamulorUrl,
    Seconds,
    Secret,
    wrong,
)

S = TypeVar("S", bound="Settings")

DEFAULT_ACCOUNT = "default"
ASSISTANT_PAGE = "{base_url}/assistants/{id}"
"""Where Famulor's web app shows an assistant; its documentation does not say, so it can be set."""
MISSING = {
    "famulor_api_key": "Create one in Famulor under API Keys (or name several accounts in FAMULOR_ACCOUNTS).",
    "slack_bot_token": f"You find it {BOT_TOKEN_PLACE}",
    "slack_app_token": f"You find it {APP_TOKEN_PLACE} Over HTTP, set SLACK_SIGNING_SECRET instead.",
}
"""How to get a setting without which a program can't start."""


class Settings(BaseSettings):
    """All that can be set. Every field is the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)
    accounts_required: ClassVar[bool] = True

    famulor_api_key: Secret | None = None
    famulor_base_url: FamulorUrl = DEFAULT_BASE_URL
    # After the two above: its validator turns them into the account `default`.
    famulor_accounts: Annotated[Mapping[str, Account], NoDecode] = Field(default={}, validate_default=True)
    famulor_connect_timeout: Seconds = 5
    famulor_read_timeout: Seconds = 15
    famulor_total_timeout: Seconds = 30
    cache_seconds: float = Field(default=30, ge=0, le=3600, allow_inf_nan=False)

    famulor_assistant_url: AssistantUrl = ASSISTANT_PAGE

    audit_rules: Grades = {}
    audit_region: Regions = {}

    database_url: DatabaseUrl | None = None
    watch_interval: float = Field(default=60, ge=1, le=86_400, allow_inf_nan=False)
    history_days: int = Field(default=180, ge=1, le=36_500)

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = Field(default=None, ge=0, le=65_535)

    def page_of(self, account: str, assistant: int) -> str:
        """The address of an assistant's page in Famulor's web app."""
        base_url = next((one.base_url for one in self.accounts if one.name == account), self.famulor_base_url)
        return self.famulor_assistant_url.replace("{base_url}", base_url).replace("{id}", str(assistant))

    def assistant_of(self, url: str) -> tuple[tuple[str, ...], int] | None:
        """`page_of` backwards: the id, and the accounts whose page it may be (several, where they share a host)."""
        for assistant in ids_in(url):
            accounts = [one.name for one in self.accounts if is_same_page(url, self.page_of(one.name, assistant))]
            if accounts:
                return tuple(accounts), assistant
        return None

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Every configured account; `FAMULOR_API_KEY` alone is the account `default`. At least one, if required."""
        return tuple(self.famulor_accounts.values())

    @field_validator("famulor_accounts", mode="before")
    @classmethod
    def _all_accounts(cls, value: object, info: ValidationInfo) -> Mapping[str, Account]:
        named = parse_accounts(value) if value else {}
        if not {"famulor_api_key", "famulor_base_url"} <= info.data.keys():
            return named  # what is wrong with those is told already
        key, base_url = info.data["famulor_api_key"], info.data["famulor_base_url"]
        if key is None and not named and cls.accounts_required:
            raise PydanticCustomError("no_account", "is missing")
        if key is None:
            return named
        if DEFAULT_ACCOUNT in named:
            raise wrong(f"names an account “{DEFAULT_ACCOUNT}”, and FAMULOR_API_KEY is that one. Rename it.")
        return {DEFAULT_ACCOUNT: Account(name=DEFAULT_ACCOUNT, api_key=key, base_url=base_url), **named}

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("log_format", mode="before")
    @classmethod
    def _lower_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then `.env`, then the files that NAME_FILE variables name."""
        del file_secret_settings  # a folder of files named like fields: not what NAME_FILE means
        files = SecretFiles(settings_cls, env_settings, dotenv_settings)
        return (init_settings, env_settings, dotenv_settings, files)


def from_arguments(kind: type[S], **values: Any) -> S:
    """Settings from arguments alone: the demo and the tests use nothing of the user's environment.

    Raises pydantic's ValidationError where they are wrong.
    """

    class Given(kind):  # type: ignore[valid-type, misc] # the class is an argument
        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, **_others: Any
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del settings_cls
            return (init_settings,)

    return cast(S, Given(**values))


def load_settings(kind: type[S], **given: Any) -> S:
    """Settings from the environment, `.env` and the files that NAME_FILE variables name; what is given goes first.

    Raises SettingsError with one line a problem: the variable, what is wrong, how to get it right; never a value.
    """
    try:
        return kind(**given)
    except ValidationError as error:
        problems = [_line(detail) for detail in error.errors(include_input=False, include_url=False)]
    except FileProblems as error:
        problems = list(error.args)
    except UnicodeDecodeError:
        problems = [".env: is not UTF-8 text. Save it as UTF-8."]
    # Outside the except clauses: a chained error would carry the values into a traceback.
    raise SettingsError(problems)


def _line(detail: ErrorDetails) -> str:
    name = str(detail["loc"][0])
    if detail["type"] == "no_account":
        name = "famulor_api_key"
    if detail["type"] in {"missing", "no_account"}:
        return f"{name.upper()}: is missing. {MISSING[name]}"
    inside = "".join(f" → {part}" for part in detail["loc"][1:])
    return f"{name.upper()}{inside}: {detail['msg'].replace('Input should', 'should')}"
