"""What can be set, how it is told when it is wrong, and what is never told."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import SettingsError
from shared.settings import Settings, SlackSettings, load_settings

CANARY = "canary-4711-secret"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in SlackSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)


def problems(kind: type[Settings] = Settings) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(kind)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert caught.value.explain() == "\n".join(caught.value.problems)
    assert all("\n" not in line for line in caught.value.problems)
    return caught.value.problems


def test_a_key_alone_is_the_account_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAMULOR_API_KEY", CANARY)
    (account,) = load_settings(Settings).accounts
    assert (account.name, account.base_url) == ("default", "https://app.famulor.de")
    assert account.api_key.get_secret_value() == CANARY
    assert CANARY not in repr(load_settings(Settings))


def test_settings_come_from_a_dotenv_file_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("FAMULOR_API_KEY=from-file\nCACHE_SECONDS=5\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("CACHE_SECONDS", "7")
    settings = load_settings(Settings)
    assert settings.accounts[0].api_key.get_secret_value() == "from-file"
    assert settings.cache_seconds == 7


def test_several_accounts_are_named_in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = {"agency": {"api_key": "a"}, "client": {"api_key": "b", "base_url": "https://voice.example.com/api/"}}
    monkeypatch.setenv("FAMULOR_ACCOUNTS", json.dumps(accounts))
    settings = load_settings(Settings)
    assert [(one.name, one.base_url) for one in settings.accounts] == [
        ("agency", "https://app.famulor.de"),
        ("client", "https://voice.example.com"),
    ]
    monkeypatch.setenv("FAMULOR_API_KEY", "c")
    assert [one.name for one in load_settings(Settings).accounts] == ["default", "agency", "client"]


@pytest.mark.parametrize("source", ["environment", "dotenv"])
def test_a_secret_is_read_from_the_file_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str
) -> None:
    secret = tmp_path / "key"
    secret.write_text(f"{CANARY}\r\n")
    if source == "environment":
        monkeypatch.setenv("FAMULOR_API_KEY_FILE", str(secret))
    else:
        (tmp_path / ".env").write_text(f"FAMULOR_API_KEY_FILE={secret}\n")
    assert load_settings(Settings).accounts[0].api_key.get_secret_value() == CANARY


def test_a_file_that_cannot_be_read_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FAMULOR_API_KEY_FILE", str(tmp_path / "nowhere"))
    (line,) = problems()
    assert line.startswith("FAMULOR_API_KEY_FILE: the file can't be read (No such file or directory).")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("FAMULOR_API_KEY_FILE", str(tmp_path / "binary"))
    assert "not UTF-8" in problems()[0]


def test_a_secret_and_its_file_together_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAMULOR_API_KEY", CANARY)
    monkeypatch.setenv("FAMULOR_API_KEY_FILE", "/somewhere")
    assert problems() == ("FAMULOR_API_KEY_FILE: is set beside FAMULOR_API_KEY. Keep one of them.",)


def test_a_dotenv_file_that_is_no_text_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"FAMULOR_API_KEY=\xff\xfe")
    assert problems() == (".env: is not UTF-8 text. Save it as UTF-8.",)


def test_everything_that_is_missing_or_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "loud")
    monkeypatch.setenv("CACHE_SECONDS", "-1")
    lines = problems(SlackSettings)
    assert [line.split(":")[0] for line in lines] == [
        "FAMULOR_API_KEY",
        "CACHE_SECONDS",
        "LOG_LEVEL",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
    ]
    assert "is missing. Create one in Famulor under API Keys" in lines[0]
    assert "should be 'DEBUG'" in lines[2]
    assert "OAuth & Permissions" in lines[3]
    assert "set SLACK_SIGNING_SECRET instead" in lines[4]


def test_an_empty_variable_is_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAMULOR_API_KEY", "")
    assert "FAMULOR_API_KEY: is missing" in problems()[0]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("${FAMULOR_KEY}", "literal ${VAR}"),
        ("$FAMULOR_KEY", "literal ${VAR}"),
        (f" {CANARY}", "blanks around it"),
        (f"{CANARY}\t", "blanks around it"),
        (f'"{CANARY}"', "quotes around it"),
        (f"Bearer {CANARY}", "begins with “Bearer”"),
        (f"{CANARY}\u00a0x", "characters that a key never has"),
        (f"{CANARY} x", "characters that a key never has"),
    ],
)
def test_a_key_that_was_pasted_wrongly_is_named_as_such(monkeypatch: pytest.MonkeyPatch, value: str, told: str) -> None:
    monkeypatch.setenv("FAMULOR_API_KEY", value)
    (line,) = problems()
    assert line.startswith("FAMULOR_API_KEY: ")
    assert told in line
    assert CANARY not in line


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://app.famulor.de", "plain http://"),
        ("http://127.0.0.1.example.com", "plain http://"),
        ("http://192.168.0.1", "plain http://"),
        ("app.famulor.de", "not a URL"),
        ("ftp://app.famulor.de", "not a URL"),
        ("https://", "not a URL"),
        ("https://[::1", "not a URL"),
        ("https://host:99999999", "not a URL"),
        ("https://user:canary-4711-secret@app.famulor.de", "user name or password"),
        ("https://app.famulor.de?key=canary-4711-secret", "after ? or #"),
    ],
)
def test_a_base_url_that_would_leak_the_key_or_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str, told: str
) -> None:
    monkeypatch.setenv("FAMULOR_API_KEY", CANARY)
    monkeypatch.setenv("FAMULOR_BASE_URL", url)
    (line,) = problems()
    assert line.startswith("FAMULOR_BASE_URL: ")
    assert told in line
    assert CANARY not in line


@pytest.mark.parametrize("url", ["http://localhost:80", "http://127.0.0.1:1", "http://[::1]:8080", "http://127.1.2.3"])
def test_plain_http_is_for_this_machine_alone(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("FAMULOR_API_KEY", CANARY)
    monkeypatch.setenv("FAMULOR_BASE_URL", f"{url}/api/")
    assert load_settings(Settings).accounts[0].base_url == url


@pytest.mark.parametrize(
    ("accounts", "told"),
    [
        ("{", "is not JSON (character 2)"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "another shape"),
        ('{"a": "canary-4711-secret"}', "another shape"),
        ('{"a": {}}', "account “a”, api_key: Field required"),
        ('{"a": {"api_key": "  canary-4711-secret"}}', "account “a”, api_key: has blanks around it"),
        ('{"a": {"api_key": 5}}', "account “a”, api_key: is no text"),
        ('{"a": {"api_key": "x", "canary-4711-secret": "y"}}', "account “a” has a field of another name"),
        ('{"a": {"api_key": ""}}', "account “a”, api_key: is empty"),
        ('{"canary-4711-secret b": {"api_key": "x"}}', "account 1 has a name of other than letters, digits"),
        ('{"a": {"api_key": "x"}, "A": {"api_key": "y"}}', "differ only in upper and lower case"),
        ('{"a": {"api_key": "x", "base_url": "http://example.com"}}', "account “a”, base_url: is plain http://"),
    ],
)
def test_accounts_that_are_wrong_are_told_by_name(monkeypatch: pytest.MonkeyPatch, accounts: str, told: str) -> None:
    monkeypatch.setenv("FAMULOR_ACCOUNTS", accounts)
    (line,) = problems()
    assert line.startswith("FAMULOR_ACCOUNTS: ")
    assert told in line
    assert CANARY not in line


def test_the_key_and_an_account_default_contradict_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAMULOR_API_KEY", "x")
    monkeypatch.setenv("FAMULOR_ACCOUNTS", '{"default": {"api_key": "y"}}')
    assert "names an account “default”" in problems()[0]


def test_swapped_slack_tokens_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAMULOR_API_KEY", "x")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xapp-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "something")
    bot, app = problems(SlackSettings)
    assert "SLACK_BOT_TOKEN: is the other token (xapp-…)" in bot
    assert "SLACK_APP_TOKEN: does not begin with xapp-" in app


def test_a_local_slack_and_any_case_of_the_log_settings_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "FAMULOR_API_KEY": "x",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": "http://127.0.0.1:9/api",
        "LOG_LEVEL": "debug",
        "LOG_FORMAT": "JSON",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(SlackSettings)
    assert settings.slack_api_url == "http://127.0.0.1:9/api/"
    assert (settings.log_level, settings.log_format) == ("DEBUG", "json")


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a Slack app, as far as every one needs it."""
    for name, value in {"FAMULOR_API_KEY": "x", "SLACK_BOT_TOKEN": "xoxb-1"}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_app_level_token_means_socket_mode_and_goes_before_a_signing_secret(slack: pytest.MonkeyPatch) -> None:
    slack.setenv("SLACK_SIGNING_SECRET", "secret")
    over_http = load_settings(SlackSettings)
    assert (over_http.socket_mode, over_http.listens) == (False, True)
    assert (over_http.slack_http_host, over_http.slack_http_port) == ("127.0.0.1", 3000)
    slack.setenv("SLACK_APP_TOKEN", "xapp-1")
    by_socket = load_settings(SlackSettings)
    assert (by_socket.socket_mode, by_socket.listens) == (True, False)
    slack.setenv("SLACK_HTTP_PORT", "")
    assert load_settings(SlackSettings).listens is False
    slack.setenv("SLACK_HTTP_PORT", "3000")
    assert load_settings(SlackSettings).listens is True


def test_without_a_way_in_the_app_level_token_is_missed(slack: pytest.MonkeyPatch) -> None:
    (line,) = problems(SlackSettings)
    assert line.startswith("SLACK_APP_TOKEN: is missing.")
    slack.setenv("SLACK_SIGNING_SECRET", " blanks ")
    (line,) = problems(SlackSettings)
    assert line.startswith("SLACK_SIGNING_SECRET: has blanks around it.")


@pytest.mark.parametrize("port", ["-1", "65536", "x", "80.5"])
def test_a_port_that_is_none_is_told(slack: pytest.MonkeyPatch, port: str) -> None:
    slack.setenv("SLACK_APP_TOKEN", "xapp-1")
    slack.setenv("SLACK_HTTP_PORT", port)
    (line,) = problems(SlackSettings)
    assert line.startswith("SLACK_HTTP_PORT: ")


@pytest.mark.parametrize(
    ("variable", "good", "bad"),
    [
        ("SLACK_ALLOWED_USERS", "U012AB3CD, W012AB3CD", ["ada", "@U012AB3CD", "u012ab3cd", "C012AB3CD", "U1"]),
        ("SLACK_ADMINS", "U012AB3CD W012AB3CD", ["S012AB3CD"]),
        ("SLACK_ALLOWED_USERGROUPS", "S012AB3CD,S012AB3CE", ["operators", "U012AB3CD"]),
        ("SLACK_ALLOWED_CHANNELS", "C012AB3CD, G012AB3CD", ["#general", "D012AB3CD"]),
    ],
)
def test_people_groups_and_channels_are_named_by_their_ids(
    slack: pytest.MonkeyPatch, variable: str, good: str, bad: list[str]
) -> None:
    slack.setenv("SLACK_APP_TOKEN", "xapp-1")
    slack.setenv(variable, good)
    assert getattr(load_settings(SlackSettings), variable.lower()) == tuple(good.replace(",", " ").split())
    for value in bad:
        slack.setenv(variable, f"{good},{value}")
        (line,) = problems(SlackSettings)
        assert line.startswith(f"{variable}: takes ids of ")
        assert value not in line


def test_prompts_are_everybodys_or_the_admins(slack: pytest.MonkeyPatch) -> None:
    slack.setenv("SLACK_APP_TOKEN", "xapp-1")
    assert load_settings(SlackSettings).slack_prompts == "everyone"
    slack.setenv("SLACK_PROMPTS", "admins")
    assert load_settings(SlackSettings).slack_prompts == "admins"
    slack.setenv("SLACK_PROMPTS", "nobody")
    assert problems(SlackSettings)[0].startswith("SLACK_PROMPTS: ")


@given(st.text(alphabet="0123456789 #%&;§{}[]$", min_size=8).map(str.strip).filter(lambda text: len(text) >= 8))
def test_no_value_of_a_secret_ever_stands_in_a_problem(secret: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FAMULOR_API_KEY", f" {secret}")
        patched.setenv("SLACK_BOT_TOKEN", secret)
        patched.setenv("FAMULOR_ACCOUNTS", secret)
        with pytest.raises(SettingsError) as caught:
            load_settings(SlackSettings)
        assert secret not in caught.value.explain()
