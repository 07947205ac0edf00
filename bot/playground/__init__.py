"""A local Slack: the part of Slack that the bot uses, to try it and to test it without a workspace.

A real HTTP server and real websockets on loopback, strict where Slack is strict. What people do is said in
`speaking` and `touching`, what came of it in `interaction` (and by which rule, in `traces`), who and what there is
in `people` and `workspace`.
"""

from bot.playground.faults import AnswerLost, ConnectionLost, Fault, RateLimited, Refused, ServerError
from bot.playground.files import File
from bot.playground.interaction import Interaction
from bot.playground.page.beside import Beside
from bot.playground.people import BEN, BOT_USER, OTHER_TEAM, OUTSIDER, PERSON, TEAM, User
from bot.playground.record import Sent
from bot.playground.server import LocalSlack
from bot.playground.views import View
from bot.playground.workspace import GENERAL, OPERATORS, PARTNERS, RANDOM, Message

__all__ = [
    "BEN",
    "BOT_USER",
    "GENERAL",
    "OPERATORS",
    "OTHER_TEAM",
    "OUTSIDER",
    "PARTNERS",
    "PERSON",
    "RANDOM",
    "TEAM",
    "AnswerLost",
    "Beside",
    "ConnectionLost",
    "Fault",
    "File",
    "Interaction",
    "LocalSlack",
    "Message",
    "RateLimited",
    "Refused",
    "Sent",
    "ServerError",
    "User",
    "View",
]
