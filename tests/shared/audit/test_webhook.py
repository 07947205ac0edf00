"""What may be wrong with where the data of calls goes."""

from ipaddress import ip_address
from typing import Any

import pytest

from shared.audit import RULES, Reach, Reached, of_assistant
from shared.audit.hosts import is_public
from tests.shared.audit.worlds import assistant, broken, facts, findings, ground

PROPER = [
    "https://crm.example.com/hooks/famulor/sales",
    "HTTPS://CRM.Example.COM:8443/a?source=famulor&version=2",
    "  https://crm.example.com/pasted-with-spaces  ",
    "https://hooks.zapier.example.com/hooks/catch/123456/a1b2c3d4e5f6a7b8c9/",
    "https://n8n.example.com/webhook/0b5f7c1e-9a44-4c5e-8a2d-2f1f0c3e7d11",
    "https://prod.logic.example.com/workflows/ab/triggers/manual?api-version=2016-06-01&sp=%2Ftriggers&sv=1.0",
    "https://bücher.example/haken",
    "https://xn--bcher-kva.example/haken",
    "https://local.example.com/internal/localhost",
    "https://lan-party.example.com/",
    "https://93.184.215.14/hook",
    "https://[2a00:1450:4001:82b::200e]/hook",
    "https://crm.example.com./rooted",
    "https://crm.example.com/?token=",
]


@pytest.mark.parametrize("url", PROPER)
def test_a_proper_url_is_nobodys_business(url: str) -> None:
    assert broken(assistant(webhook_url=url)) == []


@pytest.mark.parametrize(
    ("fields", "rules"),
    [
        ({"webhook_url": "", "is_webhook_active": True}, ["webhook-no-url"]),
        ({"webhook_url": " \n", "is_webhook_active": True}, ["webhook-no-url"]),
        ({"webhook_url": "", "is_webhook_active": False}, []),
        ({"webhook_url": " ", "is_webhook_active": False}, []),
        ({"is_webhook_active": False}, ["webhook-off"]),
        # What is wrong with a URL that nothing is sent to does no harm; who can read its password, reads it.
        ({"webhook_url": "http://localhost/", "is_webhook_active": False}, ["webhook-off"]),
        ({"webhook_url": "nowhere", "is_webhook_active": False}, ["webhook-off"]),
        (
            {"webhook_url": "https://me:secret@crm.example.com/", "is_webhook_active": False},
            ["webhook-credentials", "webhook-off"],
        ),
        ({"webhook_url": "http://crm.example.com/hook"}, ["webhook-not-https"]),
        ({"webhook_url": "ftp://crm.example.com/hook"}, ["webhook-not-https"]),
        ({"webhook_url": "http://192.168.178.20:5678/webhook"}, ["webhook-private", "webhook-not-https"]),
        ({"webhook_url": "https://me:secret@crm.example.com/"}, ["webhook-credentials"]),
        ({"webhook_url": "https://me@crm.example.com/"}, ["webhook-credentials"]),
        ({"webhook_url": "https://crm.example.com/?id=1&api_key=s3cret"}, ["webhook-token"]),
        ({"webhook_url": "https://crm.example.com/?key=sk-live-0123456789"}, ["webhook-token"]),
    ],
)
def test_each_fault_is_told_once_by_its_own_rule(fields: dict[str, Any], rules: list[str]) -> None:
    assert broken(assistant(**fields)) == rules


@pytest.mark.parametrize(
    "url",
    [
        "crm.example.com/hook",
        "//crm.example.com/hook",
        "https://",
        "https:///hook",
        "https://crm.example.com:port/",
        "https://crm.example.com:99999/",
        "https://[::1",
        "https://256.256.256.256/",
        "https://crm.example.com/my hook",
        "https:\\\\crm.example.com",
        "https://crm.example.com/\x00",
        f"https://{'a' * 300}.example.com/",
        "TODO",
        "–",
    ],
)
def test_what_is_no_url_is_told_as_that_alone(url: str) -> None:
    assert broken(assistant(webhook_url=url)) == ["webhook-malformed"]


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8080",
        "hook.localhost",
        "nas.local",
        "crm",
        "crm.internal",
        "crm.intranet.",
        "router.home.arpa",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0x7f000001",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.0.1",
        "0.0.0.0",  # noqa: S104 # nothing is bound here
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[fe80::1]",
        "[fe80::1%25eth0]",
        "[fd00::1]",
        "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_what_the_internet_cannot_reach_is_private(host: str) -> None:
    assert broken(assistant(webhook_url=f"https://{host}/hook")) == ["webhook-private"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("192.88.99.1", False),
        ("224.0.0.1", False),
        ("239.1.1.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("198.18.0.1", False),
        ("192.0.2.1", False),
        ("2606:4700::1111", True),
        ("2606:4700::1111%eth0", False),
        ("::ffff:8.8.8.8", False),
        ("::8.8.8.8", False),
        ("64:ff9b::808:808", False),
        ("64:ff9b:1::808:808", False),
        ("2002:808:808::1", False),
        ("2001::1", False),
        ("2001:db8::1", False),
        ("3fff::1", False),
        ("ff02::1", False),
        ("fc00::1", False),
        ("::", False),
    ],
)
def test_only_a_global_unicast_address_that_hides_no_other_is_public(address: str, *, public: bool) -> None:
    assert is_public(ip_address(address)) is public


def at(number: int, host: str) -> Any:
    return assistant(number, webhook_url=f"https://{host}/{number}")


def test_a_host_is_odd_where_three_others_and_most_of_all_agree_on_another() -> None:
    usual = [at(number, "crm.example.com") for number in range(1, 4)]
    odd = at(9, "elsewhere.example.net")
    assert facts(odd, *usual) == {
        "host": "elsewhere.example.net",
        "usual": "crm.example.com",
        "agreed": "3",
        "others": "3",
    }
    for one in usual:
        assert broken(one, odd, *(other for other in usual if other is not one)) == []
    # Two agree on the other host; two alone agree on the usual one; an agency's customers have a host each.
    assert broken(odd, at(10, "elsewhere.example.net"), *usual) == []
    assert broken(odd, *usual[:2]) == []
    assert broken(odd, *usual, *(at(20 + number, f"customer-{number}.example.org") for number in range(3))) == []
    # What is switched off agrees with nobody.
    switched_off = [one.model_copy(update={"is_webhook_active": False}) for one in usual]
    assert broken(odd, *switched_off) == []
    assert broken(odd.model_copy(update={"webhook_url": ""}), *usual) == ["webhook-no-url"]


@pytest.mark.parametrize(
    ("reached", "told"),
    [
        (None, None),
        (Reached(Reach.ANSWERED, 200), None),
        (Reached(Reach.ANSWERED, 301), None),
        (Reached(Reach.ANSWERED, 401), None),
        (Reached(Reach.ANSWERED, 404), None),
        (Reached(Reach.ANSWERED, 405), None),
        (Reached(Reach.ANSWERED, 500), None),
        (Reached(Reach.ANSWERED, 410), "HTTP 410"),
        (Reached(Reach.ANSWERED, 503), "HTTP 503"),
        (Reached(Reach.TIMEOUT), "timeout"),
        (Reached(Reach.NOT_PUBLIC), "not-public"),
    ],
)
def test_only_a_probe_that_found_nobody_is_told(reached: Reached | None, told: str | None) -> None:
    one = assistant()
    answers = {one.webhook_url: reached} if reached else {}
    found = of_assistant(one, ground(one, reached=answers))
    assert [(finding.rule, finding.facts["answer"]) for finding in found] == (
        [("webhook-unreachable", told)] if told else []
    )
    unused = one.model_copy(update={"is_webhook_active": False})
    assert [finding.rule for finding in of_assistant(unused, ground(unused, reached=answers))] == ["webhook-off"]


@pytest.mark.parametrize(
    "url",
    [
        "http://canary:canary@192.168.0.1/canary?token=canary&x=canary#canary",
        f"https://crm.example.com/?{'canary_token' * 700}=canary",
        "canary canary",
    ],
)
def test_no_finding_repeats_a_secret_or_is_long(url: str) -> None:
    found = findings(assistant(webhook_url=url))
    assert found
    for finding in found:
        words = RULES[finding.rule]
        told = [getattr(words, part).in_language(tongue) for part in ("what", "cure") for tongue in ("en", "de")]
        filled = " ".join(text.format_map(finding.facts) for text in told)
        assert "canary" not in filled.replace("canary_token", "")
        assert len(filled) < 2_000
