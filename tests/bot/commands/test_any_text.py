"""Text of any length and content gets an answer that Slack takes, and nothing goes wrong on the way."""

import logging
import random
from collections.abc import Iterable, Iterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import commands
from bot.access import Prompts, Rules
from bot.asking import Asked, Asker
from bot.desk import Desk
from bot.failures import settled
from bot.people import People
from bot.playground import BEN, PERSON, LocalSlack
from bot.playground.limits import advice, problems
from bot.translation import Say
from bot.views import shells
from bot.words import BETWEEN, EVERYTHING, FILTERS, FORMATS, GRAPHS, MODES, STATUSES, VALUES, VERBS, Word
from shared.runtime import open_runtime
from tests.bot.conftest import MakeSettings, OpenBot
from tests.clocks import ManualClock

DIRECTLY, THROUGH_SLACK = 9_700, 300

_TABLES: tuple[Iterable[Word], ...] = (
    *(table.values() for table in (GRAPHS, STATUSES, MODES, FORMATS)),
    FILTERS.values(),
    *(table.values() for table in VALUES.values()),
)
WORDS = sorted(
    {
        *EVERYTHING.spellings,
        *BETWEEN,
        *(spelling for usage in VERBS.values() for spelling in usage.word.spellings),
        *(spelling for table in _TABLES for word in table for spelling in word.spellings),
    }
)
SCRAPS = [
    *("42", "57", "solar", "Sales Follow-up", "7d", "de", "Europe/*", "preise", "<@U123>", "<#C1|general>", "🟢", "ß"),
    *(
        '"',
        "„",
        "“",
        "!",
        ",",
        ":",
        "*",
        "-",
        "&lt;",
        "&",
        "<",
        ">",
        "`",
        "\n",
        "\u202e",
        "\ud83d",
        "\x00",
        "<!channel>",
    ),
    *("after:abc", "=1+1", "x" * 300, "&" * 700, "|", "\\", "%s", "{name}", "#42"),
]


def texts(seed: int, count: int) -> Iterator[str]:
    """The same each time: words of the grammar, scraps, letters swapped and left out, and noise."""
    chance = random.Random(seed)  # noqa: S311 # nothing secret
    for _number in range(count):
        words = [chance.choice(chance.choice((WORDS, WORDS, SCRAPS))) for _word in range(chance.randrange(0, 9))]
        text = chance.choice((" ", " ", "", ":", ",")).join(words)
        for _slip in range(chance.choice((0, 0, 1, 2))):
            place = chance.randrange(len(text) + 1)
            text = text[:place] + chance.choice(("", chr(chance.randrange(32, 0x2FFF)))) + text[place + 1 :]
        yield text[:4_000]


async def test_ten_thousand_random_texts_are_answered_within_slacks_limits(
    settings: MakeSettings, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    async with open_runtime(settings(cache_seconds=3_600), clock) as runtime:
        client = AsyncWebClient()
        people = People(client, clock, team="T")
        for number, text in enumerate(texts(1, DIRECTLY)):
            rules = Rules(admins=frozenset({PERSON}), prompts=Prompts.ADMINS if number % 3 else Prompts.EVERYONE)
            desk = Desk(runtime=runtime, client=client, people=people, rules=rules, team="T", started=clock.now())
            asker = Asker(BEN, Say(("en", "de")[number % 2]), sees_prompts=number % 3 == 0)
            asked = Asked(text, asker, clock.now(), team="T", place="C1")
            answer = await settled(commands.answer(asked, desk), asker.say)
            assert not caplog.records, text
            message = shells.as_message(answer, asker.say)
            assert (problems(message), advice(message)) == ([], []), text
            assert problems(shells.as_modal(answer, asker.say, text)) == [], text


async def test_the_same_through_slack(open_bot: OpenBot, slack: LocalSlack, caplog: pytest.LogCaptureFixture) -> None:
    await open_bot(cache_seconds=3_600)
    caplog.set_level(logging.ERROR)
    for number, text in enumerate(texts(2, THROUGH_SLACK)):
        interaction = await slack.type_command(f"/assistants {text}", user=(PERSON, BEN)[number % 2])
        assert interaction.acknowledged, text
        assert (await interaction.answer()).as_text()
        assert not caplog.records, text


async def test_four_thousand_characters_of_anything_get_an_answer(bot: object, slack: LocalSlack) -> None:
    for text in ("x" * 4_000, "`*<!channel>&" * 300, "show " + "<y> " * 1_000, 'outbound mode:"' + "z" * 4_000):
        interaction = await slack.type_command(f"/assistants {text}")
        assert (await interaction.answer()).as_text()
