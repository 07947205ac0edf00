"""Whatever goes wrong becomes an answer: words for why there is none."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable
from typing import TypeVar

from bot.happenings import failed
from bot.translation import Say
from bot.views import apologies
from bot.views.blocks import Message
from shared.errors import FamulorError

_log = logging.getLogger(__name__)


T = TypeVar("T")


async def settled(work: Awaitable[T], say: Say) -> T | Message:
    """Its result, or what is said instead; never raises."""
    try:
        return await work
    except FamulorError as error:
        failed(error)
        return apologies.problem(error, say)
    except asyncio.CancelledError as error:
        failed(error)
        # Only the end of the program cancels. Whoever asked is still told.
        return apologies.interrupted(say)
    except Exception as error:  # noqa: BLE001 # whatever it is, whoever asked must not wait for ever
        failed(error)
        reference = secrets.token_hex(4)
        _log.exception("Something could not be answered; reference %s", reference)
        return apologies.accident(reference, say)
