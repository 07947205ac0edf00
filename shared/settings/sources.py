"""Secrets from files that NAME_FILE variables name."""

from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

SECRETS = frozenset(
    {
        "famulor_api_key",
        "famulor_accounts",
        "slack_bot_token",
        "slack_app_token",
        "slack_signing_secret",
        "database_url",
    }
)
"""The settings that may also come from a file: NAME_FILE holds its path."""


class FileProblems(Exception):
    """Problems with NAME_FILE variables, one line each."""


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets from files: `FAMULOR_API_KEY_FILE=/run/secrets/famulor` for `FAMULOR_API_KEY`."""

    def __init__(self, kind: type[BaseSettings], *sources: PydanticBaseSettingsSource) -> None:
        super().__init__(kind)
        self._variables: dict[str, str | None] = {}
        for source in reversed(sources):
            if isinstance(source, EnvSettingsSource):
                self._variables.update(source.env_vars)

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """One secret's text without the line break that editors end a file with; None where no file is named."""
        del field
        path = self._variables.get(f"{field_name}_file")
        if path is None:
            return None, field_name, False
        if field_name in self._variables:
            raise FileProblems(f"{field_name.upper()}_FILE: is set beside {field_name.upper()}. Keep one of them.")
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not UTF-8 text"
            raise FileProblems(
                f"{field_name.upper()}_FILE: the file can't be read ({reason}). Name a file that holds the secret."
            ) from None

    def __call__(self) -> dict[str, Any]:
        found = {
            name: self.get_field_value(self.settings_cls.model_fields[name], name)[0]
            for name in sorted(SECRETS & self.settings_cls.model_fields.keys())
        }
        return {name: value for name, value in found.items() if value is not None}
