"""What was different when: which changes are told, how, and how far that reaches."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from mcp_server.calls import FamulorServer
from mcp_server.server import build
from shared.demo import DemoApi, demo_assistants
from shared.demo.faults import BadRecords, ServerError, Unauthorized
from shared.diff import GROUPS
from shared.models import Kind
from shared.runtime import open_core
from shared.settings import Settings
from shared.store import open_store
from tests.clocks import ManualClock
from tests.mcp_server.conftest import ERAS, Agent, connected
from tests.mcp_server.history import TOOL, Past, watched

COLUMNS = ["seen", "changed", "id", "name", "kind", "severity", "change"]


@pytest.fixture
async def past(demo_api: DemoApi, settings: Settings, sqlite_url: str, clock: ManualClock) -> AsyncIterator[Past]:
    async with watched(demo_api, settings, sqlite_url, clock) as past:
        yield past


@pytest.fixture
async def agent(server: FamulorServer) -> AsyncIterator[Agent]:
    """Of one era, but where a test says otherwise: what is told is the same in both."""
    async with connected(server) as agent:
        yield agent


async def rows(agent: Agent, **arguments: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await agent.call(TOOL, **arguments))["changes"]
    return found


async def kinds(agent: Agent, **arguments: Any) -> list[str]:
    return [row["kind"] for row in await rows(agent, **arguments)]


@pytest.mark.parametrize("era", ERAS)
async def test_what_was_done_is_told_latest_first_with_when_it_was_seen_and_when_it_was_done(
    server: FamulorServer, past: Past, era: str
) -> None:
    await past.change(42, status="inactive")
    await past.change(57, system_prompt="Ask kindly.\nThen ask for the roof.")
    await past.change(57, system_prompt="Ask kindly.\nThen ask for the whole roof.")
    async with connected(server, era) as agent:
        answer = await agent.call(TOOL)
    assert answer["columns"] == COLUMNS
    assert [list(row.values()) for row in answer["changes"]][::2] == [
        [
            "2026-03-01T15:00:00Z",
            "2026-03-01T14:00:00Z",
            57,
            "Solar-Erstberatung",
            "prompt",
            "warning",
            "0 words removed, 1 added, line 2",
        ],
        [
            "2026-03-01T13:00:00Z",
            "2026-03-01T12:00:00Z",
            42,
            "Sales Follow-up",
            "deactivated",
            "warning",
            "active → inactive",
        ],
    ]
    assert (answer["history_since"], answer["polled_at"]) == ("2026-03-01T12:00:00Z", "2026-03-01T15:00:00Z")
    assert not {"hint", "next_cursor", "left_out", "accounts", "failing"} & set(answer)


async def test_both_databases_tell_the_same(
    demo_api: DemoApi, settings: Settings, clock: ManualClock, database_url: str
) -> None:
    server = build(lambda: open_core(settings, clock), clock, open_store=lambda: open_store(database_url, clock))
    async with watched(demo_api, settings, database_url, clock) as past, connected(server) as agent:
        await past.change(42, status="inactive", system_prompt="Sei\0 streng 🙂.")
        assert await kinds(agent, assistant="Sales") == ["prompt", "deactivated"]
        page = await agent.call(TOOL, limit=1)
        assert await kinds(agent, limit=1, cursor=page["next_cursor"]) == ["deactivated"]


Deed = Callable[[DemoApi], None]


def sets(number: int = 42, **fields: Any) -> Deed:
    return lambda api: api.change(number, **fields)


def creates(api: DemoApi) -> None:
    api.assistants.append(api.assistants[0] | {"id": 4242, "name": "Neu", "status": "processing"})


def deletes(api: DemoApi) -> None:
    api.assistants.pop()


URL = "https://hooks.example.com/famulor/"
DEEDS: list[tuple[Deed, Deed, str, str]] = [
    (sets(), creates, "created", "– → processing"),
    (sets(), deletes, "deleted", f"{demo_assistants()[-1]['status']} → –"),
    (sets(status="inactive"), sets(status="active"), "activated", "inactive → active"),
    (sets(name="A"), sets(name="B"), "renamed", "A → B"),
    (sets(system_prompt="Sei lieb."), sets(system_prompt="Sei streng."), "prompt", "1 word removed, 1 added, line 1"),
    (
        sets(system_prompt="\n".join("abcdefghijklmnop")),
        sets(system_prompt="a\nB1\nB2\nB3\nc\nD\ne\nF\ng\nH\ni\nJ\nk\nL\nm\nN\no\np"),
        "prompt",
        "7 words removed, 9 added, lines 2-4, 6, 8, 10, 12 and 2 more",
    ),
    (sets(system_prompt="a"), sets(system_prompt="a\u200b"), "prompt", "only characters that can't be seen"),
    (sets(initial_message="Hallo du"), sets(initial_message=None), "greeting", "2 words removed, 0 added"),
    (
        sets(variables={"lead": 1, "old": 2}),
        sets(variables={"lead": 2, **dict.fromkeys("abcdefg", "")}),
        "variables",
        "new: a, b, c, d, e and 2 more; gone: old; other value: lead",
    ),
    (sets(voice_id=201), sets(voice_id=202), "voice", "Alex (201) → Emma (202)"),
    (sets(voice_id=201), sets(voice_id=9999), "voice", "Alex (201) → 9999"),
    (sets(language_id=1), sets(language_id=None), "language", "German (1) → –"),
    (sets(timezone="Europe/Berlin"), sets(timezone=""), "timezone", "Europe/Berlin → –"),
    (sets(mode="pipeline"), sets(mode="dualplex"), "mode", "pipeline → dualplex"),
    (sets(is_webhook_active=False), sets(is_webhook_active=True), "webhook-on", "off → on"),
    (sets(is_webhook_active=True), sets(is_webhook_active=False), "webhook-off", "on → off"),
    (sets(webhook_url=None), sets(webhook_url=f"{URL}x"), "webhook-host", f"– → {URL}x"),
    (sets(webhook_url=f"{URL}x"), sets(webhook_url=f"{URL}y"), "webhook-path", f"{URL}x → {URL}y"),
    (
        sets(webhook_url=f"{URL}x?key=1"),
        sets(webhook_url=f"{URL}x?key=2"),
        "webhook-path",
        f"{URL}x?key=•••: it differs where it is masked or cut",
    ),
    (sets(), sets(folder_id=7), "other", "new: folder_id"),
]


@pytest.mark.parametrize(("before", "deed", "kind", "told"), DEEDS, ids=[f"{deed[2]} {deed[3]}" for deed in DEEDS])
async def test_each_kind_is_told_in_a_few_words(
    agent: Agent, past: Past, before: Deed, deed: Deed, kind: str, told: str
) -> None:
    before(past.api)
    await past.poll()
    deed(past.api)
    await past.poll()
    row, *_before = await rows(agent)
    assert (row["kind"], row["change"]) == (kind, told)
    (detailed,) = await rows(agent, response_format="detailed", limit=1)
    assert (detailed["kind"], detailed["change"]) == (kind, told)
    assert "left_out" not in detailed


async def test_trouble_with_an_account_is_told_without_an_assistant(agent: Agent, past: Past) -> None:
    past.api.always(Unauthorized())
    await past.poll()
    answer = await agent.call(TOOL)
    (row,) = answer["changes"]
    assert (row["id"], row["name"], row["kind"], row["severity"]) == (None, "", "key-rejected", "critical")
    assert "does not accept the API key" in row["change"]
    assert answer["failing"].startswith("since 2026-03-01T13:00:00Z, 1 in a row: Famulor does not accept the API key")
    past.api.clear_faults()
    await past.poll()
    past.api.always(BadRecords())
    await past.poll()
    told = await rows(agent, kinds="account")
    assert [(row["kind"], row["change"]) for row in told if row["kind"] == "recovered"] == [
        ("recovered", f"it was: {row['change']}")
    ]
    unreadable = [row["change"] for row in told if row["kind"] == "unreadable"]
    assert any(text.startswith("record 2, name: ") for text in unreadable)
    past.api.clear_faults()
    await past.poll()
    assert {row["change"] for row in await rows(agent, kinds="readable")} == {""}
    assert "failing" not in await agent.call(TOOL)


# ------------------------------------------------------------------------------------------------------- in detail


async def test_a_text_is_told_word_by_word(agent: Agent, past: Past) -> None:
    before, after = "Frag freundlich nach dem Dach.\nDanke.", "Frag nach dem ganzen Dach.\nDanke."
    await past.change(42, system_prompt=before)
    await past.change(42, system_prompt=after)
    (row,) = await rows(agent, response_format="detailed", limit=1)
    pieces = row["difference"]
    assert "".join(text for mark, text in pieces if mark in "=-") == before
    assert "".join(text for mark, text in pieces if mark in "=+") == after
    assert [text.strip() for mark, text in pieces if mark in "-+"] == ["freundlich", "ganzen"]


async def test_what_stayed_the_same_far_from_a_difference_is_not_shown(agent: Agent, past: Past) -> None:
    await past.change(42, system_prompt=f"{'same ' * 500}old{' same' * 500}")
    await past.change(42, system_prompt=f"{'same ' * 500}new{' same' * 500}")
    (row,) = await rows(agent, response_format="detailed", limit=1)
    assert [mark for mark, _text in row["difference"]] == ["…", "=", "-", "+", "=", "…"]
    assert len(str(row["difference"])) < 300


async def test_values_that_differ_are_shown_without_the_others_and_without_secrets(agent: Agent, past: Past) -> None:
    await past.change(42, variables={"kept": "x", "lead": 1, "api_key": "canary-1", "deep": {"token": "canary-2"}})
    await past.change(42, variables={"kept": "x", "lead": 2, "api_key": "canary-3", "deep": {"token": "canary-4"}})
    (row,) = await rows(agent, response_format="detailed", limit=1)
    assert row["before"] == {"lead": 1, "api_key": "•••", "deep": {"token": "•••"}}
    assert row["after"] == {"lead": 2, "api_key": "•••", "deep": {"token": "•••"}}


async def test_an_assistant_that_came_or_went_is_shown_whole(agent: Agent, past: Past) -> None:
    creates(past.api)
    await past.poll()
    (shown,) = await rows(agent, response_format="detailed")
    current = (await agent.call("get_outbound_assistant", assistant="4242"))["assistant"]
    assert {"id": shown["id"], "name": shown["name"], **shown["after"]} == current
    past.api.assistants.pop()
    await past.poll()
    (gone, _created) = await rows(agent, response_format="detailed")
    assert gone["before"] == shown["after"]
    assert "changed" not in gone


async def test_a_webhook_is_shown_longer_than_in_a_line(agent: Agent, past: Past) -> None:
    await past.change(42, webhook_url=f"{URL}{'step/' * 30}a?token=canary")
    (row,) = await rows(agent, response_format="detailed")
    assert row["after"] == f"{URL}{'step/' * 30}a?token=•••"
    assert len(row["change"]) < len(row["after"])


# --------------------------------------------------------------------------------------------------------- filters


@pytest.fixture
async def eventful(past: Past) -> Past:
    """From two hours ago on, an hour each: off, another host, another prompt; before that, renamed and deleted."""
    await past.change(118, name="Umfrage")
    past.api.assistants[:] = [one for one in past.api.assistants if one["id"] != 140]
    await past.poll()
    await past.change(42, status="inactive")
    await past.change(63, webhook_url="https://elsewhere.example.org/in")
    await past.change(57, system_prompt="Neu.")
    return past


EVENTS = ["prompt", "webhook-host", "deactivated", "deleted", "renamed"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, EVENTS),
        ({"kinds": "status"}, ["deactivated", "deleted"]),
        ({"kinds": "Status, PROMPT"}, ["prompt", "deactivated", "deleted"]),
        ({"kinds": ["webhook", "renamed"]}, ["webhook-host", "renamed"]),
        ({"kinds": "webhook_host,Deactivated"}, ["webhook-host", "deactivated"]),
        ({"kinds": "!status,!config"}, ["prompt", "webhook-host"]),
        ({"kinds": "de*"}, ["deactivated", "deleted"]),
        ({"kinds": "*"}, EVENTS),
        ({"kinds": None}, EVENTS),
        ({"kinds": "account"}, []),
        ({"min_severity": "warning"}, EVENTS[:4]),
        ({"min_severity": "CRITICAL"}, ["webhook-host"]),
        ({"min_severity": "critical", "kinds": "prompt"}, []),
        ({"since": "2h"}, EVENTS[:3]),
        ({"since": "2026-03-01T16:00:00Z"}, EVENTS[:2]),
        ({"until": "2026-03-01T16:00:00Z"}, EVENTS[2:]),
        ({"since": "3h", "until": "1h"}, ["deactivated", "deleted"]),
        ({"since": "3h,!1h"}, ["deactivated", "deleted"]),
        ({"since": "!1h", "until": "2026-03-01"}, []),
        ({"assistant": "42"}, ["deactivated"]),
        ({"assistant": 42}, ["deactivated"]),
        ({"assistant": "#42"}, ["deactivated"]),
        ({"assistant": "sales"}, ["deactivated"]),
        ({"assistant": "zahn", "kinds": "webhook"}, ["webhook-host"]),
        ({"assistant": "Umfrage"}, ["renamed"]),
        ({"assistant": "customer satis"}, ["renamed"]),
        ({"assistant": "140"}, ["deleted"]),
        ({"assistant": "event inv"}, ["deleted"]),
        ({"assistant": "312"}, []),
        ({"account": "default"}, EVENTS),
        ({"account": "DEF*"}, EVENTS),
    ],
    ids=str,
)
async def test_filters_leave_what_was_asked_for(
    agent: Agent, eventful: Past, arguments: dict[str, Any], expected: list[str]
) -> None:
    assert eventful.clock.now().isoformat() == "2026-03-01T17:00:00+00:00"
    assert await kinds(agent, **arguments) == expected


async def test_a_change_is_held_against_its_own_severity_and_not_only_its_kinds(agent: Agent, past: Past) -> None:
    # To take an address out is no more than a warning: nothing goes anywhere.
    for number, url in enumerate(["https://a.example/", None, "https://b.example/", None, "https://c.example/", None]):
        await past.change(42, webhook_url=url)
        assert len(await rows(agent, kinds="webhook-host")) == number + 1
    critical = await rows(agent, min_severity="critical", limit=2)
    assert [row["change"].split(" → ")[1] for row in critical] == ["https://c.example/", "https://b.example/"]
    page = await agent.call(TOOL, min_severity="critical", limit=2)
    last = await agent.call(TOOL, min_severity="critical", limit=2, cursor=page["next_cursor"])
    assert (len(last["changes"]), "next_cursor" in last) == (1, False)


def test_every_kind_belongs_to_a_group_that_can_be_asked_for() -> None:
    assert frozenset(Kind) - frozenset[Kind]().union(*GROUPS.values()) == {Kind.SAVED}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            {"kinds": "colour"},
            "“colour” is no kind of change. Valid: status, prompt, webhook, config, audit, account; or of ",
        ),
        ({"min_severity": "high"}, '“min_severity” can\'t be "high". It takes info or warning or critical.'),
        ({"since": "last week"}, "“last week” is no date or time. Valid: 2026-03-01, "),
        ({"until": "soon"}, "“soon” is no date or time."),
        ({"since": "1d", "until": "7d"}, "“1d” is no time before “until”. Valid: earlier than 2026-02-22T12:00:00Z."),
        ({"assistant": "Pizza"}, "There is no outbound assistant “Pizza”."),
        ({"assistant": "Sales Folow-up"}, "Did you mean “Sales Follow-up” (42)?"),
        ({"assistant": "Solar-Erst"}, "“Solar-Erstberatung” (57), “SOLAR-Erstberatung” (312)"),
        ({"assistant": "9999"}, "There is no outbound assistant “9999”."),
        ({"assistant": "9" * 40}, "There is no outbound assistant “9999"),
        ({"account": "other"}, "There is no account “other”. Known: default."),
        ({"cursor": "1"}, "The cursor does not belong to this question."),
        ({"cursor": "1772366400."}, "The cursor does not belong to this question."),
        ({"cursor": "1772366400.7-000000000000"}, "The cursor does not belong to this question."),
        ({"cursor": "🌞.🌞"}, "The cursor does not belong to this question."),
        ({"limit": 0}, "It takes a whole number from 1 to 100."),
        ({"status": "active"}, "has no argument “status”. "),
    ],
    ids=str,
)
async def test_what_can_not_be_meant_is_refused_in_words(
    agent: Agent, past: Past, arguments: dict[str, Any], words: str
) -> None:
    error = await agent.refused(TOOL, **arguments)
    assert words in error["message"]
    assert len(error["message"].encode()) <= 400
    assert error["retryable"] is False


# ---------------------------------------------------------------------------------------------------------- paging


async def test_pages_show_each_change_once_while_new_ones_arrive(agent: Agent, past: Past) -> None:
    for number in range(7):
        await past.change(42, name=f"Name {number}")
    shown: list[str] = []
    call: dict[str, Any] = {"limit": 2, "since": "7h", "assistant": "42"}
    cursor = ""
    while not shown or cursor:
        answer = await agent.call(TOOL, **call, cursor=cursor)
        shown += [row["change"].partition(" → ")[2] for row in answer["changes"]]
        cursor = answer.get("next_cursor", "")
        # An hour later: what was in the last seven hours when the first page was asked for still is.
        await past.change(42, name=f"Later {len(shown)}")
    assert shown == [f"Name {number}" for number in range(6, -1, -1)]


async def test_a_cursor_belongs_to_its_question(agent: Agent, past: Past) -> None:
    for status in ("inactive", "active"):
        await past.change(42, status=status)
    cursor = (await agent.call(TOOL, limit=1))["next_cursor"]
    assert await kinds(agent, limit=100, response_format="detailed", cursor=cursor) == ["deactivated"]
    assert (await agent.refused(TOOL, kinds="status", cursor=cursor))["kind"] == "CursorInvalid"


# -------------------------------------------------------------------------------------------- how far it reaches


async def test_that_nothing_was_ever_watched_is_said_and_how_to_begin(agent: Agent) -> None:
    for arguments in ({}, {"assistant": "Sales Follow-up"}, {"response_format": "detailed"}):
        answer = await agent.call(TOOL, **arguments)
        assert answer["changes"] == []
        assert "Nothing has been watched yet: history begins with the first poll of `famulor-bot run`" in answer["hint"]
        assert "DATABASE_URL" in answer["hint"]
        assert not {"history_since", "polled_at"} & set(answer)


async def test_a_history_without_changes_says_how_far_it_reaches(agent: Agent, past: Past) -> None:
    answer = await agent.call(TOOL)
    assert answer["changes"] == []
    assert answer["history_since"] == answer["polled_at"] == "2026-03-01T12:00:00Z"
    assert "hint" not in answer


async def test_that_a_question_begins_before_the_history_is_said(agent: Agent, past: Past) -> None:
    assert "begins before history_since" in (await agent.call(TOOL, since="7d"))["hint"]


async def test_that_nobody_has_looked_for_long_is_said(agent: Agent, past: Past) -> None:
    past.clock.advance(3601)
    assert "Nobody has looked since polled_at" in (await agent.call(TOOL))["hint"]


async def test_why_polls_fail_is_said_and_the_past_is_told_all_the_same(agent: Agent, past: Past) -> None:
    await past.change(42, status="inactive")
    past.api.always(ServerError())
    await past.poll()
    answer = await agent.call(TOOL, assistant="Sales")
    assert answer["failing"].startswith("since 2026-03-01T14:00:")  # the client's own attempts take seconds
    assert "Z, 1 in a row: Famulor has a fault of its own" in answer["failing"]
    assert [row["kind"] for row in answer["changes"]] == ["deactivated"]
