"""The page's templates, as the frame uses them."""

from typing import cast

from markupsafe import Markup

from bot.playground.page.rendering import environment


def fragment(template: str, macro: str, /, *arguments: object) -> Markup:
    """What a macro of a template makes of these arguments."""
    return cast("Markup", getattr(environment().get_template(template).module, macro)(*arguments))


def page(template: str, /, **names: object) -> str:
    """A whole page."""
    return environment().get_template(template).render(**names)
