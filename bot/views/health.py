"""How the app and its way to Famulor are: key, host, latency, rate budget, freshness, store, version; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.translation import Say
from bot.views import backlog, blocks, origins, phrases, state
from bot.views.backlog import Backlog
from bot.views.blocks import Block, Message
from bot.views.escape import code, mrkdwn
from shared.answers import AccountHealth
from shared.errors import StoreError

MOST_ACCOUNTS, MOST_CHARACTERS = 40, 10_000
"""Of the accounts in one message; the rest is counted. Slack takes 50 blocks and about 13,000 characters."""
EXPLANATION = 600
"""Characters of a failure's explanation; more is some server's prose."""


@dataclass(frozen=True, slots=True)
class AppHealth:
    """The app itself. `database`: its kind; `uptime` in seconds; `listening`: whether it serves HTTP."""

    version: str
    uptime: float
    socket_mode: bool
    listening: bool
    database: str
    store: StoreError | None
    backlog: Backlog | None = None


def health(accounts: Sequence[AccountHealth], app: AppHealth, say: Say, command: str) -> Message:
    """Each account, those with troubles first, and the app; `command` is the text that asks for it again."""
    ordered = sorted(accounts, key=_is_well)
    shown = list(_fitting(blocks.section(_account(account, say)) for account in ordered[:MOST_ACCOUNTS]))
    brief = _brief(len(accounts), sum(not _is_well(account) for account in accounts), app, say)
    hidden = len(ordered) - len(shown)
    rest = say.count(hidden, "{number} more account is not shown.", "{number} more accounts are not shown.")
    return blocks.message(
        "\n".join([brief, *(_line(account, say) for account in ordered[: len(shown)])]),
        [
            blocks.header(say("Health")),
            blocks.section(brief),
            *shown,
            *([blocks.context(rest)] if hidden else []),
            blocks.divider(),
            _app(app, say),
            blocks.actions([blocks.button(say("Check again"), state.action_id(state.RUN, "health"), command)]),
        ],
    )


def _fitting(sections: Iterable[Block]) -> Iterator[Block]:
    size = 0
    for section in sections:
        size += blocks.size(section)
        if size > MOST_CHARACTERS:
            return
        yield section


def _is_well(account: AccountHealth) -> bool:
    return account.failure is None


def _brief(number: int, failing: int, app: AppHealth, say: Say) -> str:
    if failing:
        known = say.count(number, "{number} account", "{number} accounts")
        return say.count(
            failing,
            "⚠️ {number} of {accounts} has a problem.",
            "⚠️ {number} of {accounts} have a problem.",
            accounts=known,
        )
    if app.store is not None:
        return say("⚠️ Famulor answers; what this app remembers can't be read or written.")
    return say("✅ All is well.")


def _line(account: AccountHealth, say: Say) -> str:
    name = mrkdwn(account.account, 60)
    if account.failure is not None:
        return f"{name}: {mrkdwn(say.error(account.failure), 200)}"
    return say("{account}: key accepted, {latency} ms", account=name, latency=_milliseconds(account, say))


def _account(account: AccountHealth, say: Say) -> str:
    lines = [f"*{mrkdwn(account.account, 60)}* · {code(account.host, 120)}"]
    if account.owner is not None:
        owner = mrkdwn(account.owner.name, 120) or say("(no name)")
        lines.append(say("✅ Key accepted; it belongs to {owner}.", owner=owner))
    elif account.key_accepted is False:
        lines.append(say("❌ Key not accepted."))
    else:
        lines.append(say("❔ Whether the key is accepted can't be told now."))
    if account.failure is not None:
        lines.append(mrkdwn(say.error(account.failure), EXPLANATION))
    lines.append(say("Answer after {latency} ms", latency=_milliseconds(account, say)))
    left = ", ".join(
        say("{number} in {duration}", number=say.number(number), duration=say.duration(seconds))
        for seconds, number in sorted(account.requests_left.items())
    )
    lines.append(say("Requests that may still be made: {requests}", requests=left))
    lines.append(_freshness(account, say))
    return "\n".join(lines)


def _freshness(account: AccountHealth, say: Say) -> str:
    origin = account.origin
    if origin is None or origin.fetched_at is None:
        return say("Assistants: not fetched yet since this app was started")
    number = say.count(origin.total, "{number} assistant", "{number} assistants")
    moment, age = phrases.moment(origin.fetched_at), say.duration(origin.age)
    return "\n".join(
        [
            say("{assistants}, fetched {moment} ({age} ago)", assistants=number, moment=moment, age=age),
            *origins.concerns([origin], say),
        ]
    )


def _milliseconds(account: AccountHealth, say: Say) -> str:
    return say.number(round(account.latency * 1_000))


def _app(app: AppHealth, say: Say) -> Block:
    way = say("Socket Mode") if app.socket_mode else say("HTTP")
    if app.socket_mode and app.listening:
        way = say("Socket Mode, and HTTP for health checks")
    store = mrkdwn(say.error(app.store), EXPLANATION) if app.store else say("answers")
    return blocks.section(
        "\n".join(
            [
                say("*This app* · version {version}", version=code(app.version, 40)),
                say("Connected by: {way}", way=way),
                say("Store: {database}, {state}", database=app.database, state=store),
                *(backlog.in_words(app.backlog, say) if app.backlog else []),
                say("Running for {uptime}", uptime=say.duration(app.uptime)),
            ]
        )
    )
