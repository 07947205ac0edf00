"""Standard Markdown, as `markdown` blocks have it, as HTML; HTML in it is text."""

import functools
from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from bot.playground.page.rendering.mrkdwn import link

# Headings stand below those of the page.
_HIGHEST, _LOWEST = 4, 6


def markdown(text: str) -> Markup:
    """What CommonMark says of it, with tables and strikethrough; images are links."""
    return Markup(_parser().render(text))  # noqa: S704  # the parser escapes, and takes no HTML


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("heading_open", _heading)
    parser.add_render_rule("heading_close", _heading)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _link)
    return parser


Tokens = Sequence[Token]
Env = MutableMapping[str, Any]


def _heading(self: RendererHTML, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
    token = tokens[index]
    token.tag = f"h{min(_LOWEST, int(token.tag[1:]) + _HIGHEST - 1)}"
    return self.renderToken(tokens, index, options, env)


def _image(self: RendererHTML, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    return link(source, self.renderInlineAsText(token.children or [], options, env) or source)


def _link(self: RendererHTML, tokens: Tokens, index: int, options: OptionsDict, env: Env) -> str:
    tokens[index].attrs |= {"target": "_blank", "rel": "noopener noreferrer"}
    return self.renderToken(tokens, index, options, env)
