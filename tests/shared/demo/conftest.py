"""Somebody who calls the demo API with a key, and somebody who calls it without."""

import ssl
from collections.abc import AsyncIterator

import httpx
import pytest

from shared.demo import DEMO_KEY, DemoApi


@pytest.fixture(scope="session")
def tls() -> ssl.SSLContext:
    """Not used over plain HTTP, but built by every client that isn't given one, which takes its time."""
    return ssl.create_default_context()


@pytest.fixture
async def with_key(demo_api: DemoApi, tls: ssl.SSLContext) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {DEMO_KEY}"}
    async with httpx.AsyncClient(base_url=demo_api.base_url, headers=headers, verify=tls) as client:
        yield client


@pytest.fixture
async def without_key(demo_api: DemoApi, tls: ssl.SSLContext) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=demo_api.base_url, verify=tls) as client:
        yield client
