"""`famulor-bot list`, and what both programs show to a person at a terminal."""

import asyncio
import json
import os
import re
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from shared.demo import DEMO_KEY, DemoApi, Received, faults, many_assistants
from tests.bot.subprocesses import PATIENCE, started
from tests.bot.terminal.conftest import Ended, Run

HOSTILE = "\x1b[31mred\x1b]8;;http://evil\x07 \x9b2J [bold]loud[/bold] :smile: \u202eexe.txt \r\n\tnext"
HARMLESS = "[31mred]8;;http://evil 2J [bold]loud[/bold] :smile: exe.txt next"


def rows(out: str) -> list[list[str]]:
    """Lines with tabs, as other programs read them."""
    return [line.split("\t") for line in out.splitlines()]


async def test_a_pipe_gets_a_line_with_tabs_for_each_assistant(run: Run, demo_api: DemoApi) -> None:
    demo_api.change(42, name=HOSTILE)
    ended = await run("list", "active")
    assert (ended.status, ended.err) == (0, "")
    names, *found = rows(ended.out)
    assert names == ["ID", "Name", "Status", "Mode", "Language", "Timezone", "Webhook", "Updated (UTC)"]
    assert {int(row[0]) for row in found} == {one["id"] for one in demo_api.assistants if one["status"] == "active"}
    assert {len(row) for row in found} == {len(names)}
    assert ["42", HARMLESS, "active", "pipeline", "en", "America/New_York", "on"] in [row[:7] for row in found]
    assert await run("list", "active") == ended
    german = rows((await run("list", "aktiv", "sprache:de", "sortiere:-id", LANG="de_DE.UTF-8")).out)
    assert german[0][-1] == "Geändert (UTC)"
    assert [int(row[0]) for row in german[1:]] == sorted((int(row[0]) for row in found if row[4] == "de"), reverse=True)


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["Solar-Erstberatung"], {57, 312}),
        (["name:Real Estate"], {204}),
        (["name:Real", "--plain", "Callback"], {204}),
        (["!aktiv"], {140, 305, 312}),
        (["mode:dualplex,", "multimodal", "status:processing,inactive"], {140, 305, 312}),
        (["status:paused"], set()),
        (["all", "id:42,57"], {42, 57}),
    ],
)
async def test_the_words_are_those_of_slack_and_the_shell_keeps_them_together(
    run: Run, arguments: list[str], ids: set[int]
) -> None:
    ended = await run("list", *arguments)
    assert {int(row[0]) for row in rows(ended.out)[1:]} == ids
    assert ended.status == 0
    assert ended.err == ("" if ids else "No assistant has status:paused. There are: active, inactive, processing.\n")


async def test_a_list_has_all_and_only_what_can_be_read(run: Run, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = many_assistants(5_000)
    demo_api.assistants[7]["name"] = None
    ended = await run("list")
    assert len(rows(ended.out)) == 1 + 4_999
    assert ended.err.startswith("1 record of default can't be read and is missing here: No. 8 name")
    demo_api.assistants.clear()
    assert (await run("list")).out.count("\n") == 1
    demo_api.always(faults.Unauthorized())
    rejected = await run("list", LANG="de_DE")
    assert (rejected.status, rejected.out) == (3, "")
    assert rejected.err.startswith("Famulor nimmt den API-Schlüssel des Kontos")
    assert (await run("list", "activ")).status == 2


def shown(out: str) -> str:
    """What a terminal shows of it: no colours, no links."""
    return re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;?]*[A-Za-z]", "", out)


async def test_a_terminal_gets_tables_with_colours_links_and_a_bar_while_accounts_are_asked(
    run_in: Callable[..., Awaitable[Ended]], demo_api: DemoApi
) -> None:
    demo_api.change(42, name=HOSTILE)
    one = {"api_key": DEMO_KEY, "base_url": demo_api.base_url}
    two = {"FAMULOR_API_KEY": "", "FAMULOR_ACCOUNTS": json.dumps({"north": one, "south": one}), "TERM": "xterm"}
    wide = await run_in("list", "id:42,101", out=True, err=True, COLUMNS="200", **two)
    lines = [re.split(r"\s{2,}", line.strip()) for line in shown(wide.out).splitlines()]
    assert lines[0] == ["4 of 24 outbound assistants"]
    assert [line[0] for line in lines if "off" in line and line[-1] in {"north", "south"}] == ["101", "101"]
    assert HARMLESS in shown(wide.out)
    assert "\x1b]8;id=" in wide.out
    assert f"{demo_api.base_url}/assistants/42" in wide.out
    assert "http://evil\x07" not in wide.out
    assert "Asking the accounts" in wide.err
    assert shown(wide.err).count("2/2") >= 1

    narrow = shown((await run_in("list", "id:101", out=True, err=False, COLUMNS="60", **two)).out)
    assert "active · dualplex · de · Europe/Berlin · Webhook: off" in narrow
    assert max(map(len, narrow.splitlines())) <= 60
    findings = await run_in("audit", "101,118", out=True, err=True, COLUMNS="100", **two)
    assert findings.status == 1
    assert "Warning · 4 findings" in shown(findings.out)  # the word beside the colour
    assert "\x1b[33m" in findings.out
    for by in ("by:rule", "by:assistant"):
        assert "Warning" in shown((await run_in("audit", "101", by, out=True, err=False, **two)).out)

    for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        ended = await run_in("audit", "101", out=True, err=True, **(two | plain))
        assert "\x1b" not in ended.out + ended.err
    ended = await run_in("list", "id:101", "--plain", out=True, err=True, **two)
    assert (rows(ended.out)[1][0], ended.err) == ("101", "")
    quiet = await run_in("list", out=True, err=True, TERM="xterm")
    assert quiet.err == ""  # one account is nothing to wait for with a bar


async def test_who_reads_the_first_lines_only_gets_no_complaint(
    environment: dict[str, str], demo_api: DemoApi, tmp_path: Path
) -> None:
    demo_api.assistants[:] = many_assistants(5_000)
    reading, writing = os.pipe()
    os.close(reading)
    async with started("list", environment=environment, folder=tmp_path, stdout=writing) as program:
        os.close(writing)
        assert program.process.stderr is not None
        assert await program.process.stderr.read() == b""
        assert await program.process.wait() == 0


class Awaited(list[Received]):
    """Requests, of which the first can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.first = asyncio.Event()

    def append(self, request: Received) -> None:
        super().append(request)
        self.first.set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_program_that_is_told_to_stop_is_not_well(
    environment: dict[str, str], demo_api: DemoApi, tmp_path: Path, number: signal.Signals
) -> None:
    demo_api.always(faults.Hang())
    demo_api.requests = asked = Awaited()
    async with started("audit", environment=environment, folder=tmp_path) as program:
        async with asyncio.timeout(PATIENCE):
            await asked.first.wait()
        program.process.send_signal(number)
        status, out, err = await program.ended()
    assert (status, out, err) == (130, "", "")
