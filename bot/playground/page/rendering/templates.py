"""The page's templates: everything in them is escaped, and a name that does not exist is an error."""

import functools
from typing import cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@functools.cache
def environment() -> Environment:
    """The one environment of the page, for frame and blocks alike; made when it is first needed."""
    return Environment(
        loader=PackageLoader("bot.playground.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def drawn(template: str, macro: str, /, *arguments: object) -> Markup:
    """What a macro of a template makes of these arguments."""
    return cast("Markup", getattr(environment().get_template(template).module, macro)(*arguments))
