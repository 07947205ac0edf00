"""The page that hosts with MCP Apps show beside two tools' answers: what they found, as a table and in full.

Other hosts notice nothing of it: the tools answer the same, and carry only one line of metadata more.
"""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Any

from mcp.server.apps import APP_MIME_TYPE, Apps, ResourceCsp
from mcp.server.mcpserver.resources import FunctionResource

PAGE_URI = "ui://famulor/assistants"

TOOL_META: dict[str, Any] = {"ui": {"resourceUri": PAGE_URI}}
"""What a tool carries whose answers the page shows."""

SCRIPTS = ("words.js", "host.js", "elements.js", "detail.js", "table.js", "page.js")
"""Together one script, in this order."""

NOTHING = ResourceCsp(connect_domains=[], resource_domains=[], frame_domains=[], base_uri_domains=[])
"""The domains that the page needs; said, because hosts differ in what they take silence for."""


def extension() -> Apps:
    """The extension that offers the page; its files are read when somebody asks for it."""
    apps = Apps()
    apps.add_resource(
        FunctionResource(
            uri=PAGE_URI,
            name="assistants",
            title="Outbound assistants",
            description="A page for people: the assistants as a table to filter and sort, and each one in full.",
            mime_type=APP_MIME_TYPE,
            meta={"ui": {"csp": NOTHING.model_dump(by_alias=True, exclude_none=True), "prefersBorder": True}},
            fn=html,
        )
    )
    return apps


def html() -> str:
    """The page in one piece. Its policy allows its own style and script, by their hashes, and nothing else."""
    style, script = _read("page.css"), "".join(map(_read, SCRIPTS))
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none';"
        " form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return (
        _read("page.html")
        .replace("default-src 'none'", policy)
        .replace("<style></style>", f"<style>{style}</style>")
        .replace('<script type="module"></script>', f'<script type="module">{script}</script>')
    )


def _read(name: str) -> str:
    return (files(__name__) / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
