"""Static tokens: a file of hashes that names who calls."""

import logging
import re
from pathlib import Path

import pytest

from mcp_server.access.tokens import hashed
from tests.mcp_server.access.conftest import HELLO, TOKEN, Served, bearer, bearers, caller, post, session
from tests.mcp_server.conftest import ERAS, Start


def rewrite(path: Path, content: str | bytes | None, mode: int = 0o600) -> None:
    """Put something else in the file's place."""
    path.unlink()
    if content == "a folder":
        path.mkdir(mode=0o700)
    elif content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(mode)


async def test_a_token_is_made_shown_once_and_lets_its_caller_in(
    start: Start, environment: dict[str, str], tmp_path: Path
) -> None:
    async with start("token", "agency") as program:
        code, stdout, stderr = await program.end()
    assert (code, stderr) == (0, "")
    token, line = re.findall(r"Bearer (\S+)|^  (agency:\S+)$", stdout, flags=re.MULTILINE)
    file = tmp_path / "tokens"
    assert token[0] not in line[1]
    file.write_text(line[1])
    async with start("--http", "--port", "0", **environment, MCP_TOKENS_FILE=str(file)) as program:
        address = await program.address()
        for era in ERAS:
            async with caller(address, bearer(token[0]), era) as agent:
                assert (await agent.call())["total"] == 12
        assert (await post(address)).status_code == 401
        program.process.terminate()
        _code, _stdout, log = await program.end()
    assert "agency: tools/call list_outbound_assistants → 200 in " in log
    assert token[0] not in log


async def test_no_two_tokens_are_the_same(start: Start) -> None:
    made = []
    for _ in range(2):
        async with start("token", "agency") as program:
            made.append((await program.end())[1])
    assert made[0] != made[1]


@pytest.mark.parametrize("name", ["", "a:b", "a b", "ä", "x" * 41, "-"])
async def test_a_name_that_would_break_the_file_is_refused(start: Start, name: str) -> None:
    async with start("token", "--", name) as program:
        code, stdout, stderr = await program.end()
    assert (code, stdout) == (2, "")
    assert stderr == "famulor-mcp: a name has letters, digits and . _ - (40 at most).\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (f"agency:{hashed('x')}\nagency:{TOKEN}\n".encode(), "line 2 is not name:hash"),
        (TOKEN.encode(), "line 1 is not name:hash"),
        (f"agency:{hashed('x').upper()}".encode(), "line 1 is not name:hash"),
        (b"# nobody yet\n\n", "holds no token yet"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (None, "can't be read (No such file or directory)"),
    ],
)
async def test_a_file_that_is_wrong_in_the_beginning_is_said_so(
    start: Start, environment: dict[str, str], tmp_path: Path, content: bytes | None, told: str
) -> None:
    file = tmp_path / "tokens"
    if content is not None:
        file.write_bytes(content)
    async with start("--http", "--port", "0", **environment, MCP_TOKENS_FILE=str(file)) as program:
        code, stdout, stderr = await program.end()
    assert (code, stdout) == (2, "")
    assert stderr.splitlines()[-1] == (
        f"famulor-mcp: MCP_TOKENS_FILE: {told}. `famulor-mcp token NAME` makes a line for it."
    )
    assert TOKEN not in stderr


async def test_a_change_holds_at_once(served: Served, tokens: Path) -> None:
    async with served(mcp_tokens_file=tokens) as http:

        async def status(token: str) -> int:
            return (await http.post("/mcp", json=HELLO, headers=bearer(token))).status_code

        assert [await status(TOKEN), await status("new")] == [200, 401]
        # A name may have two, so that one can be changed without a gap.
        rewrite(tokens, f"agency:{hashed(TOKEN)}\nagency:{hashed('new')}\n")
        assert [await status(TOKEN), await status("new")] == [200, 200]
        bearers(tokens, agency="new")
        assert [await status(TOKEN), await status("new")] == [401, 200]
        bearers(tokens)
        assert [await status(TOKEN), await status("new")] == [401, 401]


@pytest.mark.parametrize("content", [f"agency:{TOKEN}", b"\xff", None, "a folder"])
async def test_a_broken_change_leaves_the_tokens_as_they_were_and_is_logged_once(
    served: Served, tokens: Path, caplog: pytest.LogCaptureFixture, content: str | bytes | None
) -> None:
    async with served(mcp_tokens_file=tokens) as http:
        rewrite(tokens, content)
        for _ in range(3):
            assert (await http.post("/mcp", json=HELLO, headers=bearer(TOKEN))).status_code == 200
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert errors[0].startswith("MCP_TOKENS_FILE: ")
    assert errors[0].endswith("The tokens stay as they were.")
    assert TOKEN not in caplog.text


async def test_a_file_that_everybody_may_read_is_warned_of(
    served: Served, tokens: Path, caplog: pytest.LogCaptureFixture
) -> None:
    served(mcp_tokens_file=tokens)
    assert caplog.messages == []
    rewrite(tokens, f"agency:{hashed(TOKEN)}", mode=0o644)
    served(mcp_tokens_file=tokens)
    (warning,) = caplog.messages
    assert "everybody on this machine may read or change it" in warning


async def test_a_session_is_its_callers_own(start: Start, environment: dict[str, str], tokens: Path) -> None:
    bearers(tokens, agency=TOKEN, other="other")
    async with start("--http", "--port", "0", **environment, MCP_TOKENS_FILE=str(tokens)) as program:
        address = await program.address()
        opened = await post(address, HELLO, **bearer(TOKEN))
        ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
        assert (await post(address, ping, **session(opened), **bearer("other"))).status_code == 404
        assert (await post(address, ping, **session(opened))).status_code == 401
        assert (await post(address, ping, **session(opened), **bearer(TOKEN))).status_code == 200
