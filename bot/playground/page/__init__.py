"""The playground page: the part of Slack that the bot uses, in a browser, on this machine.

Every thing that people do is an ordinary form (`acts`), every view an ordinary address (`pages`); with the one script
forms are posted in the background, and what has changed comes by itself (`live`), piece by piece (`regions`).

What draws a surface's blocks (`rendering`) leaves the form to this frame: there is one `<form>` around each message,
modal and Home.
"""

from bot.playground.page.panels import Panel
from bot.playground.page.server import Page
from bot.playground.page.state import Tab

__all__ = ["Page", "Panel", "Tab"]
