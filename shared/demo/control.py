"""The demo API's own door, `/demo`: faults and changes on order, for people and pages on this machine."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from shared.demo.faults import FAULTS, Fault, described, name_of, parameters

if TYPE_CHECKING:
    from shared.demo.api import DemoApi

_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Order(BaseModel):
    """A fault that is asked for; its parameters stand beside these fields."""

    model_config = ConfigDict(extra="allow")

    fault: str
    times: Annotated[int, Field(ge=1, le=1000)] | Literal["always"] = 1
    path: Annotated[str, Field(pattern="^/api/")] | None = None


_FIELDS = TypeAdapter(dict[str, Any])


def routes(api: "DemoApi") -> Iterable[web.AbstractRouteDef]:
    """What can be asked of that demo API; needs no key, but comes from this machine only."""

    async def show(_request: web.Request) -> web.Response:
        return web.json_response(_state(api))

    async def order(request: web.Request) -> web.Response:
        asked = Order.model_validate_json(await request.read())
        fault = described(asked.fault, asked.model_extra or {})
        if asked.times == "always":
            api.always(fault, path=asked.path)
        else:
            api.next_answers(*[fault] * asked.times, path=asked.path)
        return web.json_response(_state(api), status=201)

    async def clear(_request: web.Request) -> web.Response:
        api.clear_faults()
        return web.json_response(_state(api))

    async def step(_request: web.Request) -> web.Response:
        return web.json_response({"happened": api.step()})

    async def change(request: web.Request) -> web.Response:
        fields = _FIELDS.validate_json(await request.read())
        if not fields or "id" in fields:
            return _refused(422, "Send a JSON object of the fields to set; an id can't be changed.")
        assistant_id = int(request.match_info["id"])
        api.change(assistant_id, **fields)
        return web.json_response(next(each for each in api.assistants if each.get("id") == assistant_id))

    return [
        web.get("/demo", _guarded(show)),
        web.post("/demo/faults", _guarded(order)),
        web.delete("/demo/faults", _guarded(clear)),
        web.post("/demo/step", _guarded(step)),
        web.patch(r"/demo/assistants/{id:\d{1,18}}", _guarded(change)),
    ]


def _guarded(handler: Handler) -> Handler:
    """The handler for requests of this machine's own; what they get wrong is said in one sentence."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        host = request.headers.get("Host", "")
        if not _LOOPBACK.fullmatch(host):
            # A page elsewhere whose name was made to point here (DNS rebinding).
            return _refused(403, "This door opens only under a loopback address.")
        if request.headers.get("Origin", f"http://{host}") != f"http://{host}":
            return _refused(403, "This door does not open for pages of other sites.")
        try:
            return await handler(request)
        except LookupError as error:
            return _refused(404, error.args[0])
        except ValidationError as error:
            return _refused(*_in_words(error))

    return guarded


def _in_words(error: ValidationError) -> tuple[int, str]:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return 400, "The body is not JSON."
    field = ".".join(str(part) for part in first["loc"]) or "the body"
    return 422, f"{field}: {first['msg']}."


def _state(api: "DemoApi") -> dict[str, Any]:
    return {
        "about": "A demo Famulor API on loopback: invented assistants, faults and changes on order.",
        "assistants": len(api.assistants),
        "active": api.active_names(),
        "requests": len(api.requests),
        "faults": {name: {"says": kind.__doc__, "parameters": parameters(kind)} for name, kind in FAULTS.items()},
        "queued": [_shown(fault) | {"path": path} for path, fault in api.queued()],
        "always": [_shown(fault) | {"path": path} for path, fault in api.standing().items()],
        "orders": {
            "POST /demo/faults": {"fault": "too-many-requests", "times": 3, "path": None, "retry_after": 7},
            "DELETE /demo/faults": None,
            "POST /demo/step": None,
            "PATCH /demo/assistants/{id}": {"status": "inactive"},
        },
    }


def _shown(fault: Fault) -> dict[str, Any]:
    given = {
        name: value.decode(errors="replace") if isinstance(value, bytes) else value
        for name, value in asdict(fault).items()
    }
    return {"fault": name_of(type(fault))} | given


def _refused(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)
