"""Accounts: Famulor API keys, each with its host and a short name."""

import json
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.settings.values import DEFAULT_BASE_URL, FamulorUrl, Secret, wrong

_ACCOUNTS_SHAPE = 'It looks like {"agency": {"api_key": "…"}, "client": {"api_key": "…", "base_url": "https://…"}}.'


class Account(BaseModel):
    """One Famulor API key with the host it belongs to and a short name of our user's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")
    api_key: Secret
    base_url: FamulorUrl = DEFAULT_BASE_URL


def parse_accounts(value: object) -> dict[str, Account]:
    """`{"name": {"api_key": …, "base_url": …}}` → accounts by name."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            at = f" (character {error.pos + 1})" if isinstance(error, json.JSONDecodeError) else ""
            raise wrong(f"is not JSON{at}. {_ACCOUNTS_SHAPE}") from None
    if not isinstance(value, Mapping) or not all(isinstance(entry, Mapping) for entry in value.values()):
        raise wrong(f"has another shape. {_ACCOUNTS_SHAPE}")
    accounts = {}
    for position, (name, entry) in enumerate(value.items(), 1):
        try:
            accounts[name] = Account(**{**entry, "name": name})
        except ValidationError as error:
            detail = error.errors(include_input=False, include_url=False)[0]
            field = detail["loc"][0]
            if field == "name":  # quoted nowhere: somebody may have put the key there
                raise wrong(
                    f"account {position} has a name of other than letters, digits and . _ - (40 at most)."
                ) from None
            if detail["type"] == "extra_forbidden":  # for the same reason
                raise wrong(f"account “{name}” has a field of another name. {_ACCOUNTS_SHAPE}") from None
            raise wrong(f"account “{name}”, {field}: {detail['msg']} {_ACCOUNTS_SHAPE}") from None
    if len({name.casefold() for name in accounts}) < len(accounts):
        raise wrong("names two accounts that differ only in upper and lower case. Rename one.")
    return accounts
