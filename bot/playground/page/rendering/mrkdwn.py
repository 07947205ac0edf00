"""Slack's own markup as HTML. Whatever is HTML here was made here, around text that has been escaped.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterator
from datetime import datetime

from markupsafe import Markup, escape

from bot.playground.page.rendering import dates
from bot.playground.page.rendering.emoji import with_emoji
from bot.playground.page.rendering.surfaces import Surface

# Where a link may lead. Anything else, javascript: above all, is shown and not linked.
_SAFE = re.compile(r"(?:https?://|mailto:|tel:)[^\s]", re.IGNORECASE)
_FENCE = re.compile(r"```(.+?)```", re.DOTALL)
_QUOTE = re.compile(r"(?:&gt;|>) ?")
_QUOTES_ALL = re.compile(r"^(?:&gt;|>){3}", re.MULTILINE)
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_TAGS = {"*": "strong", "_": "em", "~": "s"}
# Marks that `bot.views.escape` has taken the meaning from have a zero-width space on both sides.
_CODE = r"`(?!\u200b)[^`\n]+(?<!\u200b)`"
_ATOM = rf"{_CODE}|<[^<>\n]+>"


def _marked(mark: str) -> str:
    """A mark at the edge of a word on both sides; a zero-width space is a space."""
    inside = rf"(?>{_ATOM}|[^\n{mark}])+?"
    return rf"(?<![\w{mark}])[{mark}](?=[^\s\u200b{mark}]){inside}(?<![\s\u200b])[{mark}](?![\w{mark}])"


_MARKED = "|".join(map(_marked, _TAGS))
_URL = r"https?://[^\s<>|\u200b]*[^\s<>|\u200b.,;:!?)\]'\"]"
_INLINE = re.compile(rf"(?P<code>{_CODE})|<(?P<reference>[^<>\n]+)>|(?P<marked>{_MARKED})|\b(?P<url>{_URL})")
_REFERENCE = re.compile(r"<([^<>\n]+)>")
# What is no character to look at, and what no encoding takes.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def mrkdwn(text: str, on: Surface, *, verbatim: bool = False) -> Markup:
    """Text with its formatting, quotes, links and mentions; `verbatim`: without links where somebody names a URL.

    Line ends and spaces stay as they are; the style sheet keeps them.
    """
    parts = []
    for number, part in enumerate(_FENCE.split(text)):
        if number % 2:
            # The line ends beside it are its own.
            parts.append(Markup("<pre><code>{}</code></pre>").format(_references(part.strip("\n"), on)))
        else:
            parts += _quoted(part.removeprefix("\n") if number else part, on, verbatim=verbatim)
    return Markup().join(parts)


def unescaped(text: str) -> str:
    """Slack undoes these three in every text, once."""
    return _ENTITY.sub(lambda found: _ENTITIES[found[1]], text)


def link(url: str, shown: str | Markup) -> Markup:
    """A link to another page, or the text and the address where that is nothing to go to."""
    if not _SAFE.match(url):
        return escape(shown) if shown == url else Markup("{} ({})").format(shown, url)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, shown)


def styled(tag: str, shown: str | Markup) -> Markup:
    """The text inside of an element that has no attributes. `tag` is never from elsewhere."""
    return Markup(f"<{tag}>{{}}</{tag}>").format(shown)  # noqa: S704  # our own name of an element


def user_mention(user_id: str, label: str, on: Surface) -> Markup:
    """A person by their name."""
    known = on.workspace.users.get(user_id)
    return _mention(f"@{known.name if known else label or user_id}", is_me=user_id == on.user.id)


def channel_mention(channel_id: str, label: str, on: Surface) -> Markup:
    """A channel by its name."""
    known = on.workspace.channels.get(channel_id)
    return _mention(f"#{known.name if known else label or channel_id}")


def broadcast(whom: str) -> Markup:
    """@here and its like, which are for whoever reads."""
    return _mention(f"@{whom}", is_me=True)


def usergroup_mention(group_id: str, label: str, on: Surface) -> Markup:
    """A group of people; they have no names here but those that the bot gives them."""
    is_me = on.user.id in on.workspace.usergroups.get(group_id, ())
    return _mention(f"@{label.removeprefix('@') or group_id}", is_me=is_me)


def date(timestamp: str, form: str, url: str, fallback: str, on: Surface) -> Markup:
    """A moment for whoever reads; the fallback where it is none."""
    try:
        at = dates.moment(timestamp, on.user)
        shown = dates.written(at, form, on.now, on.user)
    except ValueError:
        return escape(fallback or timestamp)
    time = Markup('<time datetime="{}" title="{}">{}</time>').format(_iso(at), _in_full(at, on), shown)
    return link(url, time) if url else time


def harmless(shown: Markup) -> Markup:
    """The same without what can't be sent or seen: control characters and halves of surrogate pairs."""
    return Markup(_INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", shown))  # noqa: S704  # takes away, adds no mark-up


def _quoted(text: str, on: Surface, *, verbatim: bool) -> Iterator[Markup]:
    """Lines after a `>`, or all of the rest after `>>>`, as quotations."""
    rest_is_quoted = _QUOTES_ALL.search(text)
    if rest_is_quoted:
        yield from _quoted(text[: rest_is_quoted.start()].removesuffix("\n"), on, verbatim=verbatim)
        yield styled("blockquote", _inline(text[rest_is_quoted.end() :].strip("\n"), on, verbatim=verbatim))
        return
    lines = [(bool(_QUOTE.match(line)), line) for line in text.split("\n")]
    start = 0
    for end in range(1, len(lines) + 1):
        if end < len(lines) and lines[end][0] == lines[start][0]:
            continue
        quoted, together = lines[start][0], [line for _, line in lines[start:end]]
        if quoted:
            together = [_QUOTE.sub("", line, count=1) for line in together]
        shown = _inline("\n".join(together), on, verbatim=verbatim)
        if quoted:
            yield styled("blockquote", shown)
        elif shown or len(together) > 1:
            yield shown
        start = end


def _inline(text: str, on: Surface, *, verbatim: bool) -> Markup:
    parts, after = [], 0
    for found in _INLINE.finditer(text):
        if found["url"] and verbatim:
            continue
        parts.append(_words(text[after : found.start()]))
        parts.append(_found(found, on, verbatim=verbatim))
        after = found.end()
    return Markup().join([*parts, _words(text[after:])])


def _found(found: re.Match[str], on: Surface, *, verbatim: bool) -> Markup:
    whole = found[0]
    if found["code"]:
        return styled("code", _references(whole[1:-1], on))
    if found["reference"]:
        return _reference(found["reference"], on)
    if found["url"]:
        return link(unescaped(whole), unescaped(whole))
    # No deeper than there are marks: inside of one there is no other of its kind.
    return styled(_TAGS[whole[0]], _inline(whole[1:-1], on, verbatim=verbatim))


def _references(text: str, on: Surface) -> Markup:
    """Code, in which nothing but references means something."""
    parts = _REFERENCE.split(text)
    return Markup().join(
        _reference(part, on) if number % 2 else escape(unescaped(part)) for number, part in enumerate(parts)
    )


def _reference(inside: str, on: Surface) -> Markup:
    target, _, label = (unescaped(part) for part in inside.partition("|"))
    match target[:1]:
        case "@":
            return user_mention(target[1:], label.removeprefix("@"), on)
        case "#":
            return channel_mention(target[1:], label.removeprefix("#"), on)
        case "!":
            return _special(target[1:], label, on)
    if ":" in target:
        return link(target, with_emoji(label) if label else target.removeprefix("mailto:"))
    return escape(f"<{unescaped(inside)}>")


def _special(target: str, label: str, on: Surface) -> Markup:
    name, _, rest = target.partition("^")
    match name:
        case "date":
            timestamp, _, more = rest.partition("^")
            form, _, url = more.partition("^")
            return date(timestamp, form, url, label, on)
        case "subteam":
            return usergroup_mention(rest, label, on)
        case "here" | "channel" | "everyone":
            return broadcast(name)
    return escape(label or f"<!{target}>")


def _words(text: str) -> Markup:
    return escape(with_emoji(unescaped(text)))


def _mention(shown: str, *, is_me: bool = False) -> Markup:
    template = '<span class="mention mention-me">{}</span>' if is_me else '<span class="mention">{}</span>'
    return Markup(template).format(shown)  # noqa: S704  # one of the two above


def _iso(at: datetime) -> str:
    return at.isoformat()


def _in_full(at: datetime, on: Surface) -> str:
    return dates.written(at, "{date_long}, {time_secs}", on.now, on.user) + f" ({on.user.tz})"
