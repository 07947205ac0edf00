"""What stands beside the conversation: Famulor's end, Slack's faults on request, and the agents' door."""

from dataclasses import dataclass

from bot.playground.page.beside.agents import Agents
from bot.playground.page.beside.famulor import Famulor
from bot.playground.page.beside.slack_faults import Faulty, SlackFaults
from bot.playground.page.panels import Panel
from shared.clock import Clock
from shared.demo import DemoApi

__all__ = ["Beside", "panels"]


@dataclass(frozen=True, slots=True)
class Beside:
    """What can be driven from the page beside the local Slack itself.

    `famulor`: the demo API that the bot asks, if it asks one. `agents_url`: where an MCP server is or will be, or "".
    """

    famulor: DemoApi | None = None
    agents_url: str = ""


def panels(beside: Beside | None, slack: Faulty, clock: Clock) -> tuple[Panel, ...]:
    """The panels for that, in the order in which they are offered; none without it."""
    if beside is None:
        return ()
    famulor = (Famulor(beside.famulor, clock),) if beside.famulor is not None else ()
    agents = (Agents(beside.agents_url),) if beside.agents_url else ()
    return (*famulor, SlackFaults(slack, clock), *agents)
