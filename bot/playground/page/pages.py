"""What the browser reads: pages, hints, files and the page's own looks."""

import asyncio
from pathlib import Path

from aiohttp import web

from bot.playground.page import state, templating
from bot.playground.page.hints import hints
from bot.playground.page.lines import image_type
from bot.playground.page.live import Live
from bot.playground.page.regions import Regions
from bot.playground.page.stage import Stage
from bot.playground.page.state import Tab
from bot.playground.people import PERSON

STATIC = Path(__file__).parent / "static"


class Pages:
    """Every view has its own address: `/as/{who}/{where}`, and in the query what is open beside it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._slack = stage.slack
        self._regions = Regions(stage)
        self._live = Live(stage.slack.workspace.news, self._regions)
        # A task that nobody holds may be collected before it is done.
        self._looking: set[asyncio.Task[object]] = set()

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self._entrance),
            web.get("/as/{user}", self._entrance),
            web.get("/as/{user}/{place}", self._page),
            web.get("/as/{user}/{place}/live", self._stream),
            web.get("/as/{user}/{place}/hints", self._hints),
            web.get("/files/{id}", self._file),
            web.static("/static", STATIC),
        ]

    def close(self) -> None:
        """Lets every stream end, and stops looking."""
        self._live.close()
        for task in self._looking:
            task.cancel()

    async def _entrance(self, request: web.Request) -> web.Response:
        """The first channel of whoever is named, which is ada where nobody is."""
        ada = self._slack.workspace.users[PERSON]
        named = request.match_info.get("user", ada.name)
        user = next((one for one in self._slack.workspace.users.values() if one.name == named and not one.is_bot), None)
        if user is None:
            raise web.HTTPNotFound(text="There is nobody of this name.\n")
        raise web.HTTPFound(Tab(user, state.places(self._slack.workspace, user)[0]).here)

    async def _page(self, request: web.Request) -> web.Response:
        tab = self.tab(request)
        if tab.place.is_home or tab.place.is_direct:
            self._look(tab)
        regions = self._regions.of(tab, {})
        shown = templating.page(
            "page.html",
            frame=self._regions.frame(tab),
            regions=regions,
            people=state.people(self._slack.workspace),
            panels=self._stage.panels,
        )
        return web.Response(text=shown, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        # Whoever may not look is turned away before the stream begins.
        self.tab(request)
        return await self._live.serve(request, lambda: self.tab(request))

    async def _hints(self, request: web.Request) -> web.Response:
        tab = self.tab(request)
        frame = self._regions.frame(tab)
        found = hints(request.query.get("text", ""), self._stage.manifest, frame.app, in_thread=bool(tab.thread))
        return web.Response(text=templating.fragment("composer.html", "hints", frame, found), content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        """A shared file: an image is shown, anything else is downloaded."""
        file = self._slack.workspace.files.get(request.match_info["id"])
        if file is None or file.content is None or not file.is_complete:
            raise web.HTTPNotFound(text="There is no such file.\n")
        kind = image_type(file)
        way = "inline" if kind else "attachment"
        headers = {"Content-Disposition": way, "Cache-Control": "no-store"}
        return web.Response(body=file.content, content_type=kind or "application/octet-stream", headers=headers)

    def tab(self, request: web.Request) -> Tab:
        """Whose and where this request is."""
        try:
            return state.tab(
                self._slack.workspace, request.match_info["user"], request.match_info["place"], request.query
            )
        except LookupError as nothing:
            raise web.HTTPNotFound(text=f"{nothing}\n") from nothing

    def _look(self, tab: Tab) -> None:
        """Tells the bot that somebody looks at its Home or its messages; the page does not wait for what it does."""
        which = "home" if tab.place.is_home else "messages"
        task = asyncio.create_task(self._slack.open_home(tab.user.id, tab=which))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)
