"""deploy/ is sound: units, image and proxy, as those read them who run them."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from shared.settings import SlackSettings
from shared.settings.http import HttpSettings
from shared.settings.sources import SECRETS
from tests.programs import found

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SETTINGS = {name.upper() for name in {**SlackSettings.model_fields, **HttpSettings.model_fields}}


class Unit(dict[str, dict[str, list[str]]]):
    """A systemd unit: section → name → its values, since names may come again."""

    def __init__(self, text: str) -> None:
        super().__init__()
        section: dict[str, list[str]] = {}
        for line in filter(lambda one: one and not one.startswith(("#", ";")), map(str.strip, text.splitlines())):
            if line.startswith("["):
                section = self.setdefault(line.strip("[]"), {})
            else:
                name, _equals, value = line.partition("=")
                section.setdefault(name, []).append(value)


@pytest.mark.parametrize("name", ["famulor-bot", "famulor-mcp"])
def test_a_unit_starts_the_program_with_settings_that_there_are_and_secrets_from_credentials(
    name: str, helps: dict[str, str]
) -> None:
    service = Unit((DEPLOY / f"{name}.service").read_text(encoding="utf-8"))["Service"]
    (start,) = service["ExecStart"]
    program, *rest = shlex.split(start)
    assert program == f"/opt/famulor-chatops/.venv/bin/{name}"
    assert all(word in helps[name] for word in rest)
    environment = dict(one.partition("=")[::2] for one in service["Environment"])
    files = {f"{secret.upper()}_FILE" for secret in SECRETS}
    assert set(environment) <= SETTINGS | files
    handed = {one.partition(":")[0] for one in service["LoadCredential"]}
    assert {environment[variable] for variable in files & set(environment)} == {f"%d/{one}" for one in handed}
    # Their values stand in files of root's, never in the unit.
    assert not {secret.upper() for secret in SECRETS} - {"DATABASE_URL"} & set(environment)
    assert environment["DATABASE_URL"] == f"sqlite:///%S/{service['StateDirectory'][0]}/famulor.sqlite3"
    assert service["RestartPreventExitStatus"] == ["2"]
    assert service["User"] == ["famulor"]
    assert service["NoNewPrivileges"] == service["ProtectHome"] == ["yes"]
    for credential in service["LoadCredential"]:
        assert credential.partition(":")[2] in OPERATIONS


ANALYZE = shutil.which("systemd-analyze") or ""


@pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in DEPLOY.glob("*.service"):
        # The program is not installed on the machine that tests it.
        text = re.sub(r"(?m)^(ExecStart=)\S+", r"\1/bin/true", unit.read_text(encoding="utf-8"))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    said = subprocess.run(  # noqa: S603 # it is where the system keeps it
        [ANALYZE, "verify", "--man=no", *map(str, tmp_path.iterdir())], capture_output=True, check=False
    )
    ours = [line for line in said.stderr.decode().splitlines() if line.startswith(("famulor-", str(tmp_path)))]
    assert ours == []


def instructions(text: str) -> list[tuple[str, str]]:
    """A Containerfile's instructions and what stands behind each, lines joined, comments left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines()
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in joined]


def test_the_image_holds_the_programs_alone_and_runs_without_rights(helps: dict[str, str]) -> None:
    steps = instructions((DEPLOY / "Containerfile").read_text(encoding="utf-8"))
    names = [name for name, _rest in steps]
    assert set(names) <= {"FROM", "WORKDIR", "SHELL", "COPY", "RUN", "ENV", "VOLUME", "USER", "EXPOSE", "CMD"}
    for image in (rest.split()[0] for name, rest in steps if name == "FROM"):
        assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim-\w+", image)
    allowed = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for *sources, _target in (rest.split() for name, rest in steps if name == "COPY"):
        if not sources[0].startswith("--from"):
            assert [one for one in sources if not (ROOT / one).exists() or f"!{one}" not in allowed] == []
    # Nothing that is left out of the context by default comes back in, .env least of all.
    assert allowed[1] == "*"
    assert ".env" not in "".join(allowed[1:])
    assert names.index("USER") > max(place for place, name in enumerate(names) if name in {"RUN", "COPY"})
    user = dict(steps)["USER"]
    assert user.isdecimal()
    assert int(user) > 0
    variables = dict(one.partition("=")[::2] for one in shlex.split(dict(steps)["ENV"]))
    assert set(variables) - {"PATH"} <= SETTINGS
    assert dict(steps)["CMD"] == '["famulor-bot", "run"]'
    assert "famulor-bot run" in helps
    assert any("--require-hashes" in rest for name, rest in steps if name == "RUN")
    assert any("--constraints requirements.lock" in rest for name, rest in steps if name == "RUN")


def test_the_proxy_passes_on_to_where_the_programs_listen(helps: dict[str, str]) -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    passed = set(re.findall(r"location (?:= )?(\S+) \{[^}]*?proxy_pass http://127\.0\.0\.1:(\d+);", text))
    slack = str(SlackSettings.model_fields["slack_http_port"].default)
    (agents,) = re.findall(r"default: (\d+); 0", helps["famulor-mcp"])
    assert passed == {
        ("/slack/events", slack),
        ("/mcp", agents),
        ("/.well-known/oauth-protected-resource", agents),
    }
    assert "proxy_buffering off;" in text


def test_every_file_of_deploy_is_told_of() -> None:
    told = set(re.findall(r"\]\(\.\./deploy/([^)]+)\)", OPERATIONS))
    beside = {"Containerfile.dockerignore"}
    assert told | beside == {path.name for path in DEPLOY.iterdir()}


def test_hadolint_finds_nothing_wrong_with_the_containerfile() -> None:
    hadolint = found("hadolint", beside_python=True)
    said = subprocess.run([hadolint, str(DEPLOY / "Containerfile")], capture_output=True, text=True, check=False)  # noqa: S603
    assert (said.returncode, said.stdout) == (0, "")


def test_nginx_takes_the_proxys_configuration(tmp_path: Path) -> None:
    nginx = found("nginx")
    key, certificate = tmp_path / "proxy.key", tmp_path / "proxy.pem"
    made = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=example.com")
    subprocess.run(  # noqa: S603
        [found("openssl"), *made, "-keyout", str(key), "-out", str(certificate)], capture_output=True, check=True
    )
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(
        r"(ssl_certificate_key )[^;]+", rf"\1{key}", re.sub(r"(ssl_certificate )[^;]+", rf"\1{certificate}", text)
    )
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n", encoding="utf-8")
    said = subprocess.run(  # noqa: S603
        [nginx, "-t", "-q", "-p", str(tmp_path), "-e", "stderr", "-c", str(whole)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, "")
