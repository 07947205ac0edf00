"""Somebody with a browser without a script: reads the page, fills its forms in and presses their buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import aiohttp


@dataclass
class Button:
    id: str
    name: str
    value: str
    is_pressed: bool


@dataclass
class Form:
    """What it would send as it stands; a textarea's first line end is not part of it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)


class Seen(HTMLParser):
    """One page as it was read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.text = ""
        self.forms: list[Form] = []
        self.by_id: dict[str, str] = {}
        self.selected: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self._select = self._textarea = ""
        self.feed(html)
        self.close()
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag not in {"input", "meta", "link", "br", "img"}:
            self._open.append((tag, given.get("id", "")))
        match tag:
            case "form":
                self.forms.append(Form(given.get("action", "")))
            case "input" if self.forms and "name" in given:
                self.forms[-1].fields[given["name"]] = given.get("value", "")
            case "select":
                self._select = given.get("name", "")
            case "option" if self._select:
                self.forms[-1].fields.setdefault(self._select, given.get("value", ""))
            case "textarea":
                self._textarea = given.get("name", "")
                self.forms[-1].fields[self._textarea] = ""
            case "button" if self.forms:
                pressed = given.get("aria-pressed") == "true"
                button = Button(given.get("id", ""), given.get("name", ""), given.get("value", ""), pressed)
                self.forms[-1].buttons.append(button)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            fields = self.forms[-1].fields
            fields[self._textarea] = fields[self._textarea].removeprefix("\n")
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1].fields[self._textarea] += data
            return
        self.text += f" {data}"
        for _tag, name in self._open:
            if name:
                self.by_id[name] = self.by_id.get(name, "") + data

    def pressed(self, beginning: str) -> list[str]:
        """The values of those buttons that are pressed, of those whose id begins so."""
        buttons = [one for form in self.forms for one in form.buttons if one.id.startswith(beginning)]
        return [one.value for one in buttons if one.is_pressed]

    def form(self, wanted: str) -> Form:
        """The form whose address ends so, or that has this button."""
        return next(
            one
            for one in self.forms
            if one.action.partition("?")[0].endswith(wanted) or any(button.id == wanted for button in one.buttons)
        )


class Visitor:
    """Whoever is at one address of the page."""

    def __init__(self, http: aiohttp.ClientSession, start: str, user: str = "ada", place: str = "C0GENERAL1") -> None:
        self._http = http
        self._start = start
        self._place = f"{start}as/{user}/{place}"

    async def look(self, panel: str) -> Seen:
        async with self._http.get(self._place, params={"panel": panel}) as answer:
            assert answer.status == 200, await answer.text()
            return Seen(await answer.text())

    async def press(self, panel: str, button: str, fields: Mapping[str, str] | None = None) -> Seen:
        """Fills in and presses; what the page then shows. Fields are named as in the form."""
        form = (await self.look(panel)).form(button)
        pressed = next(one for one in form.buttons if one.id in {button, ""} or form.action.endswith(button))
        assert not fields or set(fields) <= set(form.fields), form.fields
        sent = {**form.fields, **(fields or {}), **({pressed.name: pressed.value} if pressed.name else {})}
        assert await self.post(form.action, sent) == 200
        return await self.look(panel)

    async def post(self, action: str, fields: Mapping[str, Any]) -> int:
        """Sends a form as a browser does, and follows to where it is sent; the status there."""
        address = urljoin(self._start, action)
        async with self._http.post(address, data=fields, headers={"Accept": "text/html"}) as answer:
            return answer.status
