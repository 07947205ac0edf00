"""What can be set for the MCP server over HTTP: who may call it, under which names, how often."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.settings.load import Settings
from shared.settings.values import ExactUrl, Url, Words, wrong


class HttpSettings(Settings):
    """Settings of the MCP server over HTTP. Where callers bring their own keys, it needs none itself."""

    accounts_required: ClassVar[bool] = False  # before it is known whether callers bring theirs

    mcp_public_url: Url | None = None
    mcp_allowed_hosts: Words = ()
    mcp_allowed_origins: Words = ()

    mcp_tokens_file: Path | None = None
    mcp_oauth_issuer: ExactUrl | None = None
    mcp_oauth_audience: str | None = None
    mcp_oauth_scopes: str = "assistants:read"
    mcp_oauth_jwks_url: ExactUrl | None = None
    mcp_caller_keys: bool = Field(default=False, validate_default=True)

    mcp_calls_per_minute: int = Field(default=120, ge=1, le=100_000)
    mcp_concurrent_calls: int = Field(default=16, ge=1, le=10_000)
    mcp_concurrent_calls_in_all: int = Field(default=256, ge=1, le=100_000)
    mcp_body_limit: int = Field(default=1_048_576, ge=1_024, le=4_194_304)

    @property
    def scopes(self) -> tuple[str, ...]:
        """What an OAuth token must allow."""
        return tuple(self.mcp_oauth_scopes.split())

    @property
    def demands_auth(self) -> bool:
        """Whether callers must prove who they are."""
        return self.mcp_caller_keys or self.mcp_tokens_file is not None or self.mcp_oauth_issuer is not None

    @field_validator("mcp_allowed_hosts")
    @classmethod
    def _host_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any("/" in host or "*" in host for host in value):
            raise wrong("takes host names with commas between them, such as mcp.example.com:8443.")
        return tuple(host.lower() for host in value)

    @field_validator("mcp_allowed_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(origin.startswith(("https://", "http://")) and origin.count("/") == 2 for origin in value):  # noqa: PLR2004 # those of ://
            raise wrong("takes origins with commas between them, such as https://app.example.com.")
        return tuple(origin.lower() for origin in value)

    @field_validator("mcp_oauth_issuer")
    @classmethod
    def _one_way(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("mcp_tokens_file") is not None:
            raise wrong("is set beside MCP_TOKENS_FILE. Keep one of them.")
        return value

    @field_validator("mcp_caller_keys")
    @classmethod
    def _only_way(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 # pydantic's own signature
        others = [name for name in ("mcp_tokens_file", "mcp_oauth_issuer") if info.data.get(name) is not None]
        if value and others:
            raise wrong(f"is set beside {others[0].upper()}. Keep one of them.")
        # Where one of these is wrong, that is told already.
        known = {"famulor_api_key", "famulor_base_url", "famulor_accounts"} <= info.data.keys()
        if not value and known and not info.data["famulor_accounts"]:
            raise PydanticCustomError("no_account", "is missing")
        return value
