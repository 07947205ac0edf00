"""A local Slack: the part of Slack that the bot uses, to try it and to test it without a workspace.

A real HTTP server and real websockets on loopback, strict where Slack is strict.
"""

from bot.playground.faults import AnswerLost, ConnectionLost, Fault, RateLimited, Refused, ServerError
from bot.playground.interaction import Interaction
from bot.playground.server import LocalSlack
from bot.playground.workspace import Message

__all__ = [
    "AnswerLost",
    "ConnectionLost",
    "Fault",
    "Interaction",
    "LocalSlack",
    "Message",
    "RateLimited",
    "Refused",
    "ServerError",
]
