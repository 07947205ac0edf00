"""Who may ask, and what they may see: pure decisions from the settings."""

from dataclasses import dataclass
from enum import StrEnum

from shared.errors import FamulorError


class NotAllowed(FamulorError):
    """Whoever asks may not."""


class Outsider(NotAllowed):
    """Somebody of another organisation, in a channel that is shared with it."""

    what = "This app answers people of its own workspace only."
    cure = "Ask a colleague there to share what you need."


class NotOnTheList(NotAllowed):
    """SLACK_ALLOWED_USERS and SLACK_ALLOWED_USERGROUPS name others."""

    what = "You are not among those who may use this app."
    cure = "Whoever runs it can add you."


class NotInThisChannel(NotAllowed):
    """SLACK_ALLOWED_CHANNELS names others."""

    what = "This app does not answer in this channel."
    cure = "Ask in another one, or in a direct message to it."


class AdminsOnly(NotAllowed):
    """Something that SLACK_ADMINS may do."""

    what = "Only admins of this app may do that."
    cure = "Whoever runs it can make you one."


class PromptsForAdmins(NotAllowed):
    """SLACK_PROMPTS=admins."""

    what = "Prompts are shown to admins of this app only."
    cure = "Whoever runs it can make you one."


class Prompts(StrEnum):
    """Who may read prompts."""

    EVERYONE = "everyone"
    ADMINS = "admins"


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings about access; an empty set of users and groups, or of channels, is no restriction."""

    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    prompts: Prompts = Prompts.EVERYONE


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do."""

    admin: bool
    sees_prompts: bool


def rights(rules: Rules, user: str, channel: str, *, groups: frozenset[str], outsider: bool) -> Rights:
    """What this user may do in this channel ("": none); `groups` are those of the rules that they are in.

    Where no admins are named, everybody is one. Raises NotAllowed.
    """
    if outsider:
        raise Outsider
    named = user in rules.admins
    if not named and (rules.users or rules.groups) and user not in rules.users and not groups:
        raise NotOnTheList
    # Direct messages and the Home are nobody's channel.
    if not named and rules.channels and channel and not channel.startswith("D") and channel not in rules.channels:
        raise NotInThisChannel
    admin = named or not rules.admins
    return Rights(admin=admin, sees_prompts=admin or rules.prompts is Prompts.EVERYONE)
