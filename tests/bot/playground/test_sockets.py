import asyncio
from typing import Any

import aiohttp
import pytest

from bot.playground import LocalSlack
from tests.bot.playground.bots import RunBot, acknowledge


async def new_url(slack: LocalSlack, http: aiohttp.ClientSession) -> str:
    headers = {"Authorization": f"Bearer {slack.app_token}"}
    async with http.post(f"{slack.api_url}apps.connections.open", headers=headers) as response:
        return str((await response.json())["url"])


async def open_socket(slack: LocalSlack, http: aiohttp.ClientSession) -> tuple[Any, dict[str, Any]]:
    socket = await http.ws_connect(await new_url(slack, http), autoping=False)
    return socket, await socket.receive_json()


async def test_a_socket_is_greeted_with_how_many_there_are(slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    _, first = await open_socket(slack, http)
    _, second = await open_socket(slack, http)
    assert (first["type"], first["num_connections"], second["num_connections"]) == ("hello", 1, 2)
    assert first["connection_info"] == {"app_id": "A0LOCAL001"}
    assert first["debug_info"]["approximate_connection_time"] == 18060


async def test_a_ticket_lets_one_socket_in_once(slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    url = await new_url(slack, http)
    await http.ws_connect(url)
    for refused in (url, f"{slack.url}link/", f"{slack.url}link/?ticket=guessed"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as raised:
            await http.ws_connect(refused)
        assert raised.value.status == 404


async def test_each_envelope_goes_to_one_socket_in_turn(slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    sockets = [(await open_socket(slack, http))[0] for _ in range(2)]
    seen: list[str] = []
    for text in ("one", "two", "three"):
        typing = asyncio.create_task(slack.type_command(f"/assistants {text}"))
        socket = sockets[len(seen) % 2]
        envelope = await socket.receive_json()
        seen.append(envelope["payload"]["text"])
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await typing).acknowledged
    assert seen == ["one", "two", "three"]
    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"] is True


async def test_only_a_fitting_acknowledgement_counts(slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    socket, _ = await open_socket(slack, http)
    typing = asyncio.create_task(slack.type_command("/assistants"))
    envelope = await socket.receive_json()
    await socket.send_bytes(b"\x00")
    for nonsense in ("no json", "[]", "{}", '{"envelope_id": ["unhashable"]}', '{"envelope_id": "other"}'):
        await socket.send_str(nonsense)
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "first"}})
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "again"}})
    interaction = await typing
    assert [message.text for message in interaction.messages] == ["first"]


async def test_an_acknowledgement_whose_payload_is_no_object_is_an_empty_one(
    slack: LocalSlack, http: aiohttp.ClientSession
) -> None:
    socket, _ = await open_socket(slack, http)
    typing = asyncio.create_task(slack.type_command("/assistants"))
    envelope = await socket.receive_json()
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": "text"})
    assert (await typing).acknowledgement is None


async def test_pings_are_answered(slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    socket, _ = await open_socket(slack, http)
    await socket.ping(b"sdk-ping-pong:1")
    answer = await socket.receive()
    assert (answer.type, bytes(answer.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1")


async def test_the_eleventh_socket_is_sent_away(slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    ten = [await open_socket(slack, http) for _ in range(10)]
    eleventh, greeting = await open_socket(slack, http)
    assert (greeting["type"], greeting["reason"]) == ("disconnect", "too_many_websockets")
    assert (await eleventh.receive()).type is aiohttp.WSMsgType.CLOSE
    assert [socket.closed for socket, _ in ten] == [False] * 10


async def test_a_socket_that_is_asked_to_go_gets_no_more_envelopes(
    slack: LocalSlack, http: aiohttp.ClientSession
) -> None:
    socket, _ = await open_socket(slack, http)
    await slack.disconnect("warning")
    assert (await socket.receive_json())["reason"] == "warning"
    assert (await slack.type_command("/assistants")).failed_because == "dispatch_failed"


async def test_a_bot_that_is_asked_to_reconnect_is_there_again(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, lambda app: app.command("/assistants")(acknowledge))
    await slack.disconnect("refresh_requested")
    await slack.connected()
    assert (await slack.type_command("/assistants")).acknowledged


async def test_a_bot_that_has_gone_is_not_connected(
    slack: LocalSlack, http: aiohttp.ClientSession, run_bot: RunBot
) -> None:
    handler = await run_bot(slack, lambda app: None)
    await handler.close_async()  # type: ignore[no-untyped-call]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(slack.connected(), 0.01)
    assert (await slack.type_command("/assistants")).failed_because == "dispatch_failed"
