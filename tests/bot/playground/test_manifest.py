import pytest

from bot.playground.manifest import problems


def manifest(name: int = 1, description: int = 1, commands: int = 1, shortcuts: int = 0) -> dict[str, object]:
    return {
        "display_information": {"name": "x" * name, "description": "x" * description},
        "features": {
            "slash_commands": [{"command": f"/{number}"} for number in range(commands)],
            "shortcuts": [{}] * shortcuts,
        },
    }


@pytest.mark.parametrize(
    ("part", "most", "pointer"),
    [
        ("name", 35, "display_information/name"),
        ("description", 140, "display_information/description"),
        ("commands", 50, "features/slash_commands"),
        ("shortcuts", 10, "features/shortcuts"),
    ],
)
def test_a_manifest_has_limits(part: str, most: int, pointer: str) -> None:
    assert problems(manifest(**{part: most})) == []
    assert problems(manifest(**{part: most + 1})) == [f"{pointer}: {most + 1}, at most {most} allowed"]


@pytest.mark.parametrize(("part", "most"), [("command", 32), ("usage_hint", 1_000)])
def test_a_command_in_a_manifest_has_limits(part: str, most: int) -> None:
    def with_length(length: int) -> dict[str, object]:
        return {"features": {"slash_commands": [{part: "x" * length}]}}

    assert problems(with_length(most)) == []
    assert problems(with_length(most + 1)) == [f"features/slash_commands/0/{part}: {most + 1}, at most {most} allowed"]


@pytest.mark.parametrize(("part", "most"), [("name", 24), ("description", 150), ("callback_id", 255)])
def test_a_shortcut_in_a_manifest_has_limits(part: str, most: int) -> None:
    def with_length(length: int) -> dict[str, object]:
        return {"features": {"shortcuts": [{part: "x" * length}]}}

    assert problems(with_length(most)) == []
    assert problems(with_length(most + 1)) == [f"features/shortcuts/0/{part}: {most + 1}, at most {most} allowed"]


def test_events_and_domains_in_a_manifest_have_limits() -> None:
    features = {"unfurl_domains": ["x.example"] * 6}
    settings = {"event_subscriptions": {"bot_events": ["app_mention"] * 101}}
    assert problems({"features": features, "settings": settings}) == [
        "features/unfurl_domains: 6, at most 5 allowed",
        "settings/event_subscriptions/bot_events: 101, at most 100 allowed",
    ]
