"""HTML as a browser reads it: elements, their text, and what a form would send."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input"}
ATTRIBUTES = {
    *("class", "id", "dir", "role", "tabindex", "title", "lang"),
    *("href", "target", "rel", "src", "alt", "loading", "datetime", "start", "scope"),
    *("type", "name", "value", "for", "placeholder", "autocomplete", "rows", "step", "label"),
    *("checked", "selected", "disabled", "hidden", "autofocus"),
    *("popover", "popovertarget", "popovertargetaction"),
    *("aria-label", "aria-labelledby", "aria-describedby", "aria-invalid", "aria-required"),
    *("data-action-id", "data-block-id", "data-copies", "data-dispatch", "data-suggest", "data-value"),
}
TAGS = {
    *("a", "blockquote", "button", "code", "details", "div", "em", "figcaption", "figure", "h3", "h4", "h5", "h6"),
    *("hr", "img", "input", "label", "li", "mark", "noscript", "ol", "optgroup", "option", "p", "pre", "s", "select"),
    *("span", "strong", "summary", "table", "tbody", "td", "textarea", "th", "thead", "time", "tr", "u", "ul", "br"),
}
# Only the attributes that hold an address can lead anywhere.
SCHEMES = ("http://", "https://", "mailto:", "tel:", "data:image/", "/files/")


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: "list[Element | str]" = field(default_factory=list)

    def __iter__(self) -> "Iterator[Element]":
        """Itself and everything in it, in reading order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def all(self, tag: str = "", **attributes: str) -> "list[Element]":
        """All elements in it with this tag, and these attributes (`data_x` is `data-x`)."""
        wanted = {name.replace("_", "-").removeprefix("-"): value for name, value in attributes.items()}
        return [one for one in self if tag in {"", one.tag} and wanted.items() <= one.attributes.items()]

    def one(self, tag: str = "", **attributes: str) -> "Element":
        found = self.all(tag, **attributes)
        assert len(found) == 1, (tag, attributes, found)
        return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {attrs}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        # A browser takes the first line end of a <textarea> or <pre> away.
        first = self.open[-1].tag in {"pre", "textarea"} and not self.open[-1].children
        self.open[-1].children.append(data.removeprefix("\n") if first else data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")


def read(html: str) -> Element:
    """The elements, if they are nested as they should be, and nothing but what our templates make."""
    html.encode()
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"never closed: {reader.open[1:]}"
    root = reader.open[0]
    for element in list(root)[1:]:
        assert element.tag in TAGS, element.tag
        assert element.attributes.keys() <= ATTRIBUTES, element.attributes
        for name in ("href", "src"):
            address = element.attributes.get(name, "/files/")
            assert address.lower().startswith(SCHEMES), address
        assert all(name.isascii() and name.replace("-", "").isalnum() for name in element.classes), element.classes
        assert element.attributes.get("id", "x").replace("-", "").isalnum()
    ids = [element.attributes["id"] for element in root if "id" in element.attributes]
    assert len(set(ids)) == len(ids), "an id twice"
    return root


def sent(root: Element) -> dict[str, list[str]]:
    """What a browser would send of the fields in a form, without a button."""
    fields: defaultdict[str, list[str]] = defaultdict(list)
    for one in root:
        name, attributes = one.attributes.get("name", ""), one.attributes
        if not name or "disabled" in attributes:
            continue
        if one.tag == "textarea":
            fields[name].append(one.text)
        elif one.tag == "input" and (attributes["type"] not in {"checkbox", "radio"} or "checked" in attributes):
            fields[name].append(attributes.get("value", ""))
        elif one.tag == "select":
            options = one.all("option")
            chosen = [option for option in options if "selected" in option.attributes] or options[:1]
            fields[name] += [option.attributes["value"] for option in chosen if "disabled" not in option.attributes]
    return {name: values for name, values in fields.items() if values}
