"""The people of the local Slack, and what `users.info` tells of them."""

from dataclasses import dataclass
from typing import Any

TEAM, OTHER_TEAM = "T0LOCAL001", "T0OTHER001"
DOMAINS = {TEAM: "local", OTHER_TEAM: "other"}

BOT_USER = "U0LOCALBOT"
PERSON = "U0LOCALADA"
"""ada: English, in the team of the app, an admin of the workspace."""
BEN = "U0LOCALBEN"
"""ben: German, in the team of the app."""
OUTSIDER = "U0OUTSIDER"
"""eve: of another team, here by Slack Connect."""


@dataclass(frozen=True)
class User:
    """A person or a bot. `is_restricted`: a guest in their own team, `is_ultra_restricted`: in one channel only."""

    id: str
    name: str
    is_bot: bool = False
    locale: str = "en-US"
    tz: str = "Europe/Berlin"
    team_id: str = TEAM
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False

    @property
    def is_outsider(self) -> bool:
        return self.team_id != TEAM

    def as_slack(self, *, with_locale: bool, is_stranger: bool) -> dict[str, Any]:
        """The user object. Of people elsewhere Slack tells less: https://docs.slack.dev/apis/slack-connect ."""
        profile = {"display_name": self.name, "real_name": self.name.title(), "team": self.team_id}
        everybody = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.name.title(),
            "deleted": self.deleted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "tz": self.tz,
            "profile": profile,
        }
        if self.is_outsider:
            return {**everybody, "is_stranger": is_stranger}
        return {
            **everybody,
            **({"locale": self.locale} if with_locale else {}),
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
        }


EVERYBODY = (
    User(PERSON, "ada", is_admin=True),
    User(BEN, "ben", locale="de-DE"),
    User(OUTSIDER, "eve", team_id=OTHER_TEAM, tz="America/New_York"),
    User(BOT_USER, "famulor", is_bot=True),
)
