"""What every block and element is drawn with: its texts, its words, its ids."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from bot.playground import forms
from bot.playground.page.rendering import mrkdwn, words
from bot.playground.page.rendering.emoji import with_emoji
from bot.playground.page.rendering.surfaces import Surface
from bot.playground.page.rendering.templates import drawn

Json = Mapping[str, Any]

_IMAGES = (".gif", ".jpeg", ".jpg", ".png", ".webp")


@dataclass(frozen=True, slots=True)
class Drawing:
    """One surface while it is drawn. `state`: what is chosen and filled in, for everything that can be."""

    on: Surface
    state: forms.State

    def say(self, name: str, **values: str) -> str:
        """One of the page's own words."""
        return words.say(name, self.on.user.locale).format(**values)

    def text(self, value: object) -> Markup:
        """A text object, with its formatting if it has any, or a bare string without."""
        if isinstance(value, Mapping) and value.get("type") == "mrkdwn":
            return mrkdwn.mrkdwn(str(value.get("text", "")), self.on, verbatim=bool(value.get("verbatim")))
        return escape(self.plain(value))

    def mrkdwn(self, text: object) -> Markup:
        """A bare string in which formatting means something, as in attachments."""
        return mrkdwn.mrkdwn(str(text), self.on)

    def plain(self, value: object) -> str:
        """The same without any formatting, for where there can be none; "" for nothing."""
        text = value.get("text", "") if isinstance(value, Mapping) else value
        shown = mrkdwn.unescaped(str(text or ""))
        return with_emoji(shown) if isinstance(value, Mapping) and value.get("emoji", True) else shown

    def id(self, *parts: object) -> str:
        """An id for an element of this surface: always the same for the same parts, and for no others."""
        named = json.dumps([self.on.key, *map(str, parts)])
        return f"s{hashlib.blake2s(named.encode(), digest_size=8).hexdigest()}"

    def link(self, url: object, shown: object) -> Markup:
        """A link to another page."""
        return mrkdwn.link(str(url), shown if isinstance(shown, Markup) else str(shown))

    def image(self, image: Json) -> Markup:
        """An image that is here, or a link to one that is elsewhere: the page asks nobody else for anything."""
        source, alt = self._source(image), str(image.get("alt_text") or "")
        if source:
            return drawn("blocks/image.html", "picture", source, alt)
        words, url = f"🖼 {alt or self.say('image')}", image.get("image_url")
        if url:
            return self.link(url, words)
        return escape(words) if image.get("slack_file") else self.unknown(image)

    def unknown(self, thing: object) -> Markup:
        """Says that there is something that this page can't show, and what it is."""
        return drawn("blocks/unknown.html", "unknown", type_of(thing), as_json(thing), self)

    def objects(self, value: object) -> list[Json]:
        """The objects in a list; an element that is none is one all the same, and will be shown as unknown."""
        if value is None:
            return []
        listed: Sequence[object] = value if isinstance(value, list) else [value]
        return [one if isinstance(one, Mapping) else {"type": type(one).__name__, "value": one} for one in listed]

    def _source(self, image: Json) -> str:
        url, named = image.get("image_url"), image.get("slack_file")
        if isinstance(url, str) and url.startswith("data:image/"):
            return url
        file = self.on.workspace.files.get(str(named.get("id"))) if isinstance(named, Mapping) else None
        if file is None or not file.name.lower().endswith(_IMAGES):
            return ""
        return f"/files/{quote(file.id, safe='')}"


def type_of(thing: object) -> str:
    """Its `type` as it stands there."""
    kind = thing.get("type") if isinstance(thing, Mapping) else None
    return str(kind) if kind else type(thing).__name__


def as_json(thing: object) -> str:
    """The thing as people read and copy it, unless it is nested deeper than anything that Slack takes."""
    try:
        return json.dumps(thing, indent=2, ensure_ascii=False)
    except RecursionError:
        return "(nested too deep to be shown)"
