"""OAuth 2.1: tokens that an authorization server signs for us."""

import time
from collections.abc import Callable
from typing import Any

import httpx2
import jwt
import pytest

from tests.clocks import ManualClock
from tests.mcp_server.access.conftest import ADDRESS, HELLO, Issuer, Served, bearer, caller, refused
from tests.mcp_server.conftest import ERAS, Start

METADATA = "http://127.0.0.1:8767/.well-known/oauth-protected-resource/mcp"


async def ask(http: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await http.post("/mcp", json=HELLO, headers=bearer(token))


@pytest.mark.parametrize("key", ["rsa", "ec", "ed"])
async def test_a_token_of_the_issuers_lets_its_caller_in(served: Served, issuer: Issuer, key: str) -> None:
    async with served(mcp_oauth_issuer=issuer.url) as http:
        assert (await ask(http, issuer.token(key))).status_code == 200
        assert (await ask(http, issuer.token(key, aud=["elsewhere", ADDRESS]))).status_code == 200
        assert (await ask(http, issuer.token(key, scope=None, scp=["assistants:read"]))).status_code == 200
        assert (await ask(http, issuer.token(key, exp=time.time() - 10))).status_code == 200  # clocks differ
    assert issuer.asked == ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/keys"]


def forged(issuer: Issuer) -> str:
    """Signed with another key under a known name."""
    return Issuer("somebody else").token(kid="rsa", iss=issuer.url)


def unsigned(issuer: Issuer) -> str:
    claims = {"iss": issuer.url, "aud": ADDRESS, "exp": time.time() + 60, "scope": "assistants:read"}
    return jwt.encode(claims, "", "none", headers={"kid": "rsa"})


def signed_with_the_public_key(issuer: Issuer) -> str:
    """The old trick: our public key as the secret of an algorithm that has but one key."""
    secret = issuer.keys["rsa"][1].public_key().public_numbers().n.to_bytes(256, "big")
    claims = {"iss": issuer.url, "aud": ADDRESS, "exp": time.time() + 60, "scope": "assistants:read"}
    return jwt.encode(claims, secret, "HS256", headers={"kid": "rsa"})


@pytest.mark.parametrize(
    "make",
    [
        lambda issuer: issuer.token(aud="https://elsewhere.example/mcp"),
        lambda issuer: issuer.token(aud=None),
        lambda issuer: issuer.token(iss="https://evil.example"),
        lambda issuer: issuer.token(iss=f"{issuer.url}/"),
        lambda issuer: issuer.token(iss=None),
        lambda issuer: issuer.token(exp=time.time() - 60),
        lambda issuer: issuer.token(exp=None),
        lambda issuer: issuer.token(nbf=time.time() + 60),
        lambda issuer: issuer.token(kid="unknown"),
        lambda issuer: issuer.token(algorithm="RS512"),
        lambda issuer: issuer.token("ec", kid="rsa"),
        lambda issuer: issuer.token()[:-8],
        lambda _issuer: "canary.canary.canary",
        lambda _issuer: "canary",
        forged,
        unsigned,
        signed_with_the_public_key,
    ],
)
async def test_any_other_token_is_refused(served: Served, issuer: Issuer, make: Callable[[Issuer], str]) -> None:
    async with served(mcp_oauth_issuer=issuer.url) as http:
        response = await ask(http, make(issuer))
    assert response.status_code == 401
    assert refused(response)["data"]["kind"] == "TokenRejected"
    assert response.headers["www-authenticate"] == (
        f'Bearer error="invalid_token", resource_metadata="{METADATA}", scope="assistants:read"'
    )


async def test_a_key_that_everybody_shares_is_not_the_issuers(served: Served, issuer: Issuer) -> None:
    issuer.keys["shared"] = ("HS256", b"canary" * 6)
    issuer.shared = [{"kty": "oct", "k": "Y2FuYXJ5" * 6, "kid": "shared", "alg": "HS256"}]
    async with served(mcp_oauth_issuer=issuer.url) as http:
        assert (await ask(http, issuer.token("shared"))).status_code == 401


async def test_who_has_no_token_learns_where_to_get_one(served: Served, issuer: Issuer) -> None:
    async with served(mcp_oauth_issuer=issuer.url) as http:
        response = await http.post("/mcp", json=HELLO)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == (
            f'Bearer resource_metadata="{METADATA}", scope="assistants:read"'
        )
        for address in (METADATA, "/.well-known/oauth-protected-resource"):
            assert (await http.get(address)).json() == {
                "resource": ADDRESS,
                "authorization_servers": [issuer.url],
                "scopes_supported": ["assistants:read"],
                "bearer_methods_supported": ["header"],
            }
    assert issuer.asked == []


async def test_a_token_for_less_is_told_what_it_lacks(served: Served, issuer: Issuer) -> None:
    async with served(mcp_oauth_issuer=issuer.url, mcp_oauth_scopes="assistants:read assistants:prompts") as http:
        for claims in ({}, {"scope": None}, {"scope": 17}, {"scope": None, "scp": [17, "assistants:prompts"]}):
            response = await ask(http, issuer.token(**claims))
            assert response.status_code == 403
            assert response.headers["www-authenticate"] == (
                f'Bearer error="insufficient_scope", resource_metadata="{METADATA}", '
                'scope="assistants:read assistants:prompts"'
            )
            assert "assistants:prompts" in refused(response)["message"]


async def test_the_audience_is_the_public_address_or_what_is_set(served: Served, issuer: Issuer) -> None:
    public = {"mcp_oauth_issuer": issuer.url, "mcp_public_url": "https://mcp.example.com/mcp/"}
    async with served(**public) as http:
        assert (await ask(http, issuer.token())).status_code == 401
        assert (await ask(http, issuer.token(aud="https://mcp.example.com/mcp"))).status_code == 200
    async with served(**public, mcp_oauth_audience="famulor") as http:
        assert (await ask(http, issuer.token(aud="https://mcp.example.com/mcp"))).status_code == 401
        assert (await ask(http, issuer.token(aud="famulor"))).status_code == 200


async def test_a_new_key_is_known_within_a_minute_and_many_tokens_cost_one_request(
    served: Served, issuer: Issuer, clock: ManualClock
) -> None:
    issuer.published = ["rsa"]
    async with served(mcp_oauth_issuer=issuer.url, mcp_oauth_jwks_url=f"{issuer.url}/keys") as http:
        for number in range(20):
            assert (await ask(http, issuer.token(kid=str(number)))).status_code == 401
        assert issuer.asked == ["/keys"]
        issuer.published = ["ec"]
        assert (await ask(http, issuer.token("ec"))).status_code == 401
        clock.advance(61)
        assert (await ask(http, issuer.token("ec"))).status_code == 200
        assert (await ask(http, issuer.token("rsa"))).status_code == 401
    assert issuer.asked == ["/keys", "/keys"]


async def test_an_issuer_that_is_down_is_done_without_for_an_hour(
    served: Served, issuer: Issuer, clock: ManualClock
) -> None:
    async with served(mcp_oauth_issuer=issuer.url) as http:
        assert (await ask(http, issuer.token())).status_code == 200
        issuer.down = True
        clock.advance(3000)
        assert (await ask(http, issuer.token())).status_code == 200
        clock.advance(1000)
        response = await ask(http, issuer.token())
        assert response.status_code == 503
        assert refused(response)["data"] == {"kind": "IssuerSilent", "retryable": True, "retry_after": 10}
        issuer.down = False
        assert (await ask(http, issuer.token())).status_code == 503
        clock.advance(11)
        assert (await ask(http, issuer.token())).status_code == 200


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"jwks_uri": "http://192.0.2.1/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
    ],
)
async def test_metadata_that_leads_astray_is_not_followed(
    served: Served, issuer: Issuer, metadata: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    issuer.metadata = metadata
    async with served(mcp_oauth_issuer=issuer.url) as http:
        assert (await ask(http, issuer.token())).status_code == 503
    assert "/keys" not in issuer.asked
    assert f"The keys of {issuer.url} can't be had (its metadata names " in caplog.text


@pytest.mark.parametrize("path", ["keys", "nowhere", "list"])
async def test_an_address_without_keys_is_said_so(
    served: Served, issuer: Issuer, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    issuer.published = []
    async with served(mcp_oauth_issuer=issuer.url, mcp_oauth_jwks_url=f"{issuer.url}/{path}") as http:
        assert (await ask(http, issuer.token())).status_code == 503
    assert "can't be had" in caplog.text


async def test_a_token_without_a_keys_name_is_checked_with_the_only_key(served: Served, issuer: Issuer) -> None:
    issuer.published = ["ec"]
    claims = {"iss": issuer.url, "aud": ADDRESS, "exp": time.time() + 60, "scope": "assistants:read"}
    async with served(mcp_oauth_issuer=issuer.url) as http:
        assert (await ask(http, jwt.encode(claims, issuer.keys["ec"][1], "ES256"))).status_code == 200


@pytest.mark.parametrize("era", ERAS)
async def test_a_real_client_works_with_a_token_and_is_named_in_the_log(
    start: Start, environment: dict[str, str], issuer: Issuer, era: str
) -> None:
    async with start("--http", "--port", "0", **environment, MCP_OAUTH_ISSUER=issuer.url) as program:
        address = await program.address()
        async with caller(address, bearer(issuer.token(aud=address)), era) as agent:
            assert (await agent.call())["total"] == 12
        program.process.terminate()
        _code, _stdout, log = await program.end()
    assert "ada: tools/call list_outbound_assistants → 200 in " in log
