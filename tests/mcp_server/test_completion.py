"""What is offered to a person who has begun to type an argument."""

import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest
from mcp import MCPError
from mcp.types import Completion, PromptReference, ResourceTemplateReference

from mcp_server.prompts import PROMPTS
from mcp_server.resources import TEMPLATES
from mcp_server.server import build
from shared.core import Core
from shared.demo import DEMO_KEY, DemoApi, demo_assistants, many_assistants
from shared.demo.faults import NotFound, Unauthorized
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from tests.clocks import ManualClock
from tests.mcp_server.conftest import Agent, connected

PROMPT = PromptReference(name="compare_assistants")
MANY, ONE, AUDIT, AUDIT_OF_ONE = (ResourceTemplateReference(uri=template.uri_template) for template in TEMPLATES)

Reference = PromptReference | ResourceTemplateReference


async def completion(agent: Agent, reference: Reference, argument: str, typed: str, **given: str) -> Completion:
    result = await agent.client.complete(reference, {"name": argument, "value": typed}, context_arguments=given or None)
    return result.completion


async def values(agent: Agent, reference: Reference, argument: str, typed: str = "", **given: str) -> list[str]:
    return (await completion(agent, reference, argument, typed, **given)).values


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sal", ["Sales Follow-up"]),
        ("SALES ", ["Sales Follow-up"]),
        ("re", ["Real Estate Callback", "Recruiting: erstes Gespräch", "Freundliche Zahlungserinnerung"]),
        ("gespraech", ["Recruiting: erstes Gespräch"]),
        ("42", ["Sales Follow-up"]),
        ("solar", ["57", "312"]),
        ("nobody", []),
    ],
)
@pytest.mark.parametrize("argument", ["assistant", "other"])
async def test_an_assistant_is_offered_by_name_and_by_id(
    agent: Agent, argument: str, typed: str, meant: list[str]
) -> None:
    offered = await values(agent, PROMPT, argument, typed)
    assert offered[: len(meant)] == meant
    assert bool(offered) == bool(meant)


async def test_whatever_is_offered_for_an_assistant_is_understood(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.change(42, name="Sales\u200b")
    offered = await values(agent, PROMPT, "assistant")
    assert len(offered) == 12
    for value in offered:
        await agent.client.get_prompt("review_assistant", {"assistant": value})


async def test_a_resource_is_offered_by_id_and_by_what_its_name_is(agent: Agent) -> None:
    assert await values(agent, ONE, "id", "zahn") == ["63"]
    assert await values(agent, ONE, "id", "3") == ["305", "312", "163", "63"]
    assert len(await values(agent, ONE, "id")) == 12


@pytest.mark.parametrize(
    ("argument", "typed", "offered"),
    [
        ("status", "", ["active", "inactive", "processing"]),
        ("status", "act", ["active", "inactive"]),
        ("mode", "", ["dualplex", "multimodal", "pipeline"]),
        ("timezone", "lon", ["Europe/London"]),
        ("language", "", ["de", "en"]),
        ("language", "ger", ["de"]),
        ("webhook", "", ["on", "off", "missing"]),
        ("account", "def", ["default"]),
        ("search", "", []),
    ],
)
async def test_filters_are_offered_the_values_that_occur(
    agent: Agent, argument: str, typed: str, offered: list[str]
) -> None:
    assert await values(agent, MANY, argument, typed) == offered


async def test_languages_that_can_not_be_named_are_offered_by_number(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.always(NotFound(), path="/api/user/assistants/languages")
    assert await values(agent, MANY, "language") == ["1", "2"]


@pytest.mark.parametrize(("typed", "offered"), [("", ["en", "de"]), ("d", ["de"]), ("engl", ["en"]), ("fr", [])])
async def test_a_prompt_is_offered_in_its_languages(agent: Agent, typed: str, offered: list[str]) -> None:
    assert await values(agent, PROMPT, "language", typed) == offered


@pytest.mark.parametrize(
    ("argument", "typed", "offered"),
    [
        ("kinds", "web", ["webhook", "webhook-on", "webhook-off", "webhook-host", "webhook-path"]),
        ("kinds", "prompt", ["prompt"]),
        ("kinds", "saved", []),
        ("since", "1", ["1d", "12h", "1h"]),
    ],
)
async def test_what_a_question_about_the_past_may_name_is_offered(
    agent: Agent, argument: str, typed: str, offered: list[str]
) -> None:
    assert await values(agent, PromptReference(name="review_changes"), argument, typed) == offered


@pytest.mark.parametrize(
    "reference",
    [PromptReference(name="no_such_prompt"), ResourceTemplateReference(uri="famulor://nothing/{id}")],
)
async def test_for_what_there_is_not_there_is_nothing_to_choose(agent: Agent, reference: Reference) -> None:
    nothing = Completion(values=[], total=0, has_more=False)
    assert await completion(agent, reference, "id", "") == nothing
    assert await completion(agent, PROMPT, "no_such_argument", "") == nothing


async def test_every_argument_of_every_prompt_and_template_can_be_completed(agent: Agent) -> None:
    for prompt in PROMPTS.values():
        for argument in prompt.arguments or ():
            assert await values(agent, PromptReference(name=prompt.name), argument.name)
    filters = ("account", "status", "mode", "language", "timezone", "webhook")
    for reference, names in (
        (MANY, filters),
        (ONE, ("id", "account")),
        (AUDIT, (*filters, "rule", "min_severity")),
        (AUDIT_OF_ONE, ("id", "account")),
    ):
        for name in names:
            assert await values(agent, reference, name)


async def test_where_famulor_fails_there_is_nothing_to_choose_and_no_error(
    agent: Agent, demo_api: DemoApi, caplog: pytest.LogCaptureFixture
) -> None:
    demo_api.always(Unauthorized())
    with caplog.at_level(logging.DEBUG, logger="mcp_server"):
        assert await completion(agent, PROMPT, "assistant", "") == Completion(values=[], total=0, has_more=False)
    (record,) = [record for record in caplog.records if record.name.startswith("mcp_server")]
    assert record.levelname == "DEBUG"
    assert "does not accept the API key" in record.getMessage()


async def test_a_fault_of_our_own_is_an_error_without_its_cause() -> None:
    def broken() -> AbstractAsyncContextManager[Core]:
        raise RuntimeError("canary")

    async with connected(build(broken)) as agent:
        with pytest.raises(MCPError) as error:
            await completion(agent, PROMPT, "assistant", "")
    assert "canary" not in str(error.value.error)


@pytest.fixture
async def agent_of_two(clock: ManualClock) -> AsyncIterator[Agent]:
    async with (
        DemoApi(clock=clock) as agency,
        DemoApi([demo_assistants()[0] | {"id": 43, "name": "The client's own"}], clock=clock) as client,
    ):
        accounts = {
            "agency": {"api_key": DEMO_KEY, "base_url": agency.base_url},
            "client": {"api_key": DEMO_KEY, "base_url": client.base_url},
        }
        settings = from_arguments(Settings, famulor_accounts=accounts)
        async with connected(build(lambda: open_core(settings, clock), clock)) as agent:
            yield agent


async def test_an_account_that_is_chosen_narrows_the_others(agent_of_two: Agent) -> None:
    assert len(await values(agent_of_two, ONE, "id")) == 13
    assert await values(agent_of_two, ONE, "id", account="client") == ["43"]
    assert await values(agent_of_two, PROMPT, "other", account="Client") == ["The client's own"]
    assert await values(agent_of_two, MANY, "timezone", account="client") == ["America/New_York"]
    assert await values(agent_of_two, MANY, "account", account="client") == ["agency", "client"]
    assert await values(agent_of_two, ONE, "id", account="nobody") == []


async def test_of_many_the_first_hundred_are_offered_and_all_are_counted(clock: ManualClock) -> None:
    async with DemoApi(many_assistants(250, prompt_bytes=10), clock=clock) as demo_api:
        settings = from_arguments(Settings, famulor_api_key=DEMO_KEY, famulor_base_url=demo_api.base_url)
        async with connected(build(lambda: open_core(settings, clock), clock)) as agent:
            offered = await completion(agent, PROMPT, "assistant", "")
            assert (len(offered.values), offered.total, offered.has_more) == (100, 250, True)
            assert offered.values == sorted(offered.values)
            few = await completion(agent, PROMPT, "assistant", "Dentist")
            assert (len(few.values), few.has_more) == (few.total, False)
