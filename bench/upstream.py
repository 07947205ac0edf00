"""An upstream that costs next to nothing, in a process of its own: the same two answers, turn by turn, to each account.

Every second answer to an account differs from the one before it in one of its assistants: with fifty of them, one in a
hundred changes between two polls.
"""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from shared.demo import many_assistants
from shared.demo.assistants import demo_languages

PATH = "/api/user/assistants/outbound"
ASKED = "/asked"
"""How many times each account was asked for, by its key."""
LANGUAGES = "/api/user/assistants/languages"
PROMPT_BYTES = 3_000


def answers(assistants: int) -> tuple[bytes, bytes]:
    """The list as it is, and with another prompt in one assistant."""
    records = many_assistants(assistants, prompt_bytes=PROMPT_BYTES)
    one = json.dumps(records).encode()
    records[0] = {**records[0], "system_prompt": f"{records[0]['system_prompt']} Be brief."}
    return one, json.dumps(records).encode()


@contextmanager
def serving(assistants: int) -> Iterator[str]:
    """Its address, as long as the context lasts."""
    command = (sys.executable, "-m", "bench.upstream", str(assistants))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 # this module itself
        assert process.stdin is not None  # noqa: S101 # asked for above
        assert process.stdout is not None  # noqa: S101 # the same
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()  # it ends with its input


async def _serve(assistants: int) -> None:
    bodies, asked = answers(assistants), Counter[str]()

    async def answer(request: web.Request) -> web.Response:
        key = request.headers["Authorization"]
        asked[key] += 1
        # 0 1 1 0 0 1 1 …: it differs every second time.
        return web.Response(body=bodies[asked[key] // 2 % 2], content_type="application/json")

    async def languages(_request: web.Request) -> web.Response:
        return web.json_response(demo_languages())

    application = web.Application()

    async def counts(_request: web.Request) -> web.Response:
        return web.json_response({key.removeprefix("Bearer "): count for key, count in asked.items()})

    application.router.add_get(PATH, answer)
    application.router.add_get(ASKED, counts)
    application.router.add_get(LANGUAGES, languages)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)  # noqa: T201 # who started it reads it
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
