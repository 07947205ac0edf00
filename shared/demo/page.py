"""What stands where links to an assistant lead in the demo: Famulor's web app has its page there."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from shared.demo.api import DemoApi

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{name}</title><h1>{name}</h1>
<p>This is the demo. In Famulor's web app, assistant {id} would be shown here.</p>
<p lang="de">Dies ist die Demo. In der Web-App von Famulor stünde hier der Assistent {id}.</p></html>
"""
_HEADERS = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}


def routes(api: "DemoApi") -> Iterable[web.AbstractRouteDef]:
    """One page for each assistant; where there is none, 404."""

    async def show(request: web.Request) -> web.Response:
        number = int(request.match_info["id"])
        name = next((str(one.get("name")) for one in api.assistants if one.get("id") == number), None)
        if name is None:
            raise web.HTTPNotFound(text="There is no such assistant in the demo.")
        text = _PAGE.format(name=escape(name), id=number)
        return web.Response(text=text, content_type="text/html", headers=_HEADERS)

    return [web.get(r"/assistants/{id:\d{1,18}}", show)]
