"""What a newcomer would do once all walk-throughs of docs/extending.md are done; run in a copy that they changed."""

import asyncio
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from mcp import Client

from bot.alerts.running import alerting
from bot.connection import connected
from bot.playground import PERSON, LocalSlack
from bot.playground.workspace import GENERAL, TEAM
from mcp_server.server import build
from shared.demo import DEMO_KEY, DemoApi
from shared.models import Severity
from shared.query import AssistantQuery
from shared.runtime import open_core, open_runtime, watch
from shared.settings import Settings, SlackSettings, from_arguments
from tests.clocks import ManualClock


async def extended(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """What came of each walk-through, by its name."""
    clock = ManualClock()
    async with (
        DemoApi(clock=clock, limited=False) as api,
        LocalSlack(manifest=manifest, clock=clock, acknowledge_within=60) as slack,
    ):
        settings = from_arguments(
            SlackSettings,
            famulor_api_key=DEMO_KEY,
            famulor_base_url=api.base_url,
            cache_seconds=0,
            database_url=f"sqlite:///{folder / 'store.sqlite3'}",
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app_token,
            slack_api_url=slack.api_url,
        )

        async def typed(text: str) -> str:
            return (await (await slack.type_command(f"/assistants {text}")).reply()).as_text()

        async with open_runtime(settings, clock) as runtime, connected(runtime), alerting(runtime) as alerts:
            await slack.connected()
            command = [await typed("count active"), await typed("help count")]
            await runtime.store.subscriptions.add(
                f"{TEAM}/{GENERAL}", PERSON, AssistantQuery(), ["config"], Severity.WARNING
            )
            watching = watch(runtime)
            await watching.tick()
            api.change(42, user_id=8)
            clock.advance(60)
            await watching.tick()
            await alerts.tick()
            while await runtime.store.outbox.depth():
                clock.advance(1)
                await alerts.tick()
            (alert,) = (one.as_text() for one in slack.workspace.messages(GENERAL) if not one.ephemeral)
            await runtime.store.places.set_language(f"{TEAM}/{PERSON}", "fr", by=PERSON)
            language = await typed("outbound webhook:off")
            tool = await called(from_arguments(Settings, famulor_api_key=DEMO_KEY, famulor_base_url=api.base_url))
        assert not slack.complaints, slack.complaints
    return {"command": command, "tool": tool, "alert": alert, "language": language}


async def called(settings: Settings) -> object:
    """The new tool's answer."""
    async with Client(build(lambda: open_core(settings))) as client:
        return (await client.call_tool("count_outbound_assistants", {"status": "active"})).structured_content


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        declared = yaml.safe_load(Path("manifest.yml").read_text(encoding="utf-8"))
        sys.stdout.write(json.dumps(asyncio.run(extended(Path(place), declared))))
