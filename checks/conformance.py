"""The specification's conformance scenarios that a product's server can pass.

The others call tools, prompts and resources of the SDK's own test server by name.
"""

from collections.abc import Iterator

from checks.check import Check, succeeds

SCENARIOS = {
    "2025-11-25": (
        "server-initialize",
        "server-session-lifecycle",
        "logging-set-level",
        "ping",
        "completion-complete",
        "tools-list",
        "resources-list",
        "resources-subscribe",
        "resources-unsubscribe",
        "prompts-list",
        "server-sse-multiple-streams",
        "dns-rebinding-protection",
    ),
    "2026-07-28": (
        "completion-complete",
        "tools-list",
        "resources-list",
        "prompts-list",
        "sep-2164-resource-not-found",
        "caching",
        "http-header-validation",
        "dns-rebinding-protection",
        "server-sse-multiple-streams",
        "input-required-result-unsupported-methods",
    ),
}


def checks(address: str) -> Iterator[Check]:
    """Every scenario at the server at this address, which asks for no token."""
    for version, scenarios in SCENARIOS.items():
        for scenario in scenarios:
            yield Check(
                about=f"conformance, {version}",
                name=scenario,
                script="conformance",
                arguments=("server", "--url", address, "--scenario", scenario, "--spec-version", version),
                judge=succeeds,
            )
