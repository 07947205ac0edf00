"""Block Kit and mrkdwn as HTML for the playground's page: pure.

Everything interactive is a form control that stands inside the one `<form>` that its surface has:

| what | how it is sent |
| --- | --- |
| a button | `action` = `named(block_id, action_id)`, which is `block_id|action_id` |
| an option of an overflow menu | `action` = the menu's name and `|` and the option's index |
| a field | under the name `named(block_id, action_id)`, several times where several are chosen |
| a menu or field that the bot is told of at once | the same; `data-dispatch` has what `action` then is, on `change` |
| a button with a `url` | a link; the same `data-dispatch` on `click` |
| "Search" of a menu whose options the bot suggests | `suggest` = its name; what was typed: `typed|` and its name |

`meant` finds out which control an `action` is, `filled` reads the fields again. What asks for a confirmation opens a
popover of its own, in which the button is that sends the `action`; no script is needed but to close it. Every menu and
field has an id that stays the same when the surface is drawn anew, as long as `Surface.key` does. `data-copies` on a
button is the id of what it copies.
"""

from bot.playground.page.rendering.blocks import rendered, rendered_attachments, rendered_text
from bot.playground.page.rendering.inspection import inspected
from bot.playground.page.rendering.names import filled, meant, named
from bot.playground.page.rendering.surfaces import Surface
from bot.playground.page.rendering.templates import environment

__all__ = [
    "Surface",
    "environment",
    "filled",
    "inspected",
    "meant",
    "named",
    "rendered",
    "rendered_attachments",
    "rendered_text",
]
