"""The command that serves the mock."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract_tests.servers import __main__ as command
from contract_tests.servers.__main__ import main
from contract_tests.servers.arguments import Arguments, parse
from contract_tests.servers.certificate import issue
from contract_tests.servers.lives import Pace
from contract_tests.servers.on_demand import MockServer, Settings
from contract_tests.servers.orders import Order
from tests.conftest import ROOT, hear_ctrl_c

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


@pytest.fixture
def invitation(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs the command, which serves until it is interrupted, for no time at all; gives what it prints."""

    def run(*options: str) -> str:
        assert main(["--port", "0", *options]) == 0
        return capsys.readouterr().out

    monkeypatch.setattr(command, "serve_until_interrupted", lambda _app, listener, _certificate: listener.close())
    return run


@pytest.mark.slow
def test_the_command_prints_a_curl_line_that_works_and_stops_on_ctrl_c() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "VOICEOS_TOKEN"}
    environment |= {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'generated'}", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "contract_tests.servers", "--port", "0"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_ctrl_c,
    ) as process:
        assert process.stdout
        first, _, curl = (process.stdout.readline() for _ in range(3))
        done = subprocess.run(["bash", "-c", f"{curl.strip()} -s"], check=True, capture_output=True, text=True)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "mock-token" in first
    assert json.loads(done.stdout)["type"] == "outbound_phone_call"
    assert "Traceback" not in said


def test_the_command_takes_its_token_from_the_environment_and_does_not_print_it(
    invitation: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens: list[str] = []

    def make_and_note(settings: Settings, log: TextIO) -> MockServer:
        tokens.append(settings.token)
        return MockServer(settings, log)

    monkeypatch.setattr(command, "MockServer", make_and_note)
    monkeypatch.setenv("VOICEOS_TOKEN", "s3cr3t")
    said = invitation()
    assert tokens == ["s3cr3t"]
    assert "Bearer $VOICEOS_TOKEN" in said
    assert "s3cr3t" not in said


def test_the_command_refuses_a_token_that_cannot_be_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VOICEOS_TOKEN", "tökén")
    assert main(["--port", "0"]) == 1
    assert capsys.readouterr().err == "the token in VOICEOS_TOKEN cannot be sent by any client: it is not ASCII\n"


def test_the_command_names_who_holds_its_port(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        assert main(["--port", str(holder.getsockname()[1])]) == 1
    said = capsys.readouterr().err
    assert f"(pid {os.getpid()})" in said
    assert "--port 0" in said


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--port", "x"], "'x' is not a port"),
        (["--ring", "soon"], "'soon' is not a time in seconds"),
        (["--talk", "-1"], "'-1' is not a time in seconds"),
        (["--fail", "99"], "argument --fail: Input should be greater than or equal to 200"),
        (["--delay", "601"], "argument --delay: Input should be less than or equal to 600"),
        (
            ["--refuse", "nothing"],
            "argument --refuse: no request has a field 'nothing'; known there are agent_config, ",
        ),
        (["--change", "status"], "'status' is not JSON"),
        (["--change", "[]"], "'[]' is not a JSON object"),
        (
            ["--spec", "a.yaml", "--ring", "0", "--deliver-to", "a"],
            "knows no calls, and so has no --ring, --deliver-to",
        ),
    ],
)
def test_the_command_names_a_wrong_option(
    options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(options)
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--host", "192.0.2.1"], "192.0.2.1 is no address of this machine"),
        (["--host", "nowhere.invalid"], "nowhere.invalid is no address of this machine"),
        (["--state", "/"], "the state cannot be kept in /"),
        (["--log", "/"], "the log cannot be written to /: Is a directory"),
        (["--spec", "/nowhere.yaml"], "/nowhere.yaml:1:1: cannot be read: No such file or directory"),
    ],
)
def test_the_command_says_what_it_cannot_use(
    options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", "0", *options]) == 1
    assert complaint in capsys.readouterr().err


def test_the_command_says_once_that_a_document_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "0", "--spec", "/nowhere.yaml"]) == 1
    assert capsys.readouterr().err == "/nowhere.yaml:1:1: cannot be read: No such file or directory\n"


def test_the_command_takes_every_setting() -> None:
    arguments = parse(
        [
            *("--host", "::1", "--port", "0", "--ring", "0", "--talk", "1.5", "--state", "a.db"),
            *("--deliver-to", "a.example", "--deliver-to", "b.example", "--origin", "https://a.example"),
            *("--refuse", "agent_config.hooks.0", "--delay", "0.5"),
        ],
        "",
        "a-token",
    )
    always = Order(refuse=["agent_config", "hooks", 0], delay=0.5)
    hosts, origins = ["a.example", "b.example"], ["https://a.example"]
    settings = Settings("a-token", Pace(0, 1.5), Path("a.db"), hosts, origins, always)
    assert arguments == Arguments(settings, "::1", 0, tls=False, log=None)


def test_over_https_the_invitation_names_the_file_to_trust(invitation: Callable[..., str]) -> None:
    first, _, curl, *_ = invitation("--tls").splitlines()
    assert "the mock listens on https://127.0.0.1:" in first
    (authority,) = re.findall("clients must trust (.+); Ctrl-C", first)
    assert f"curl --cacert {authority} https://127.0.0.1:" in curl


def test_an_issued_certificate_is_one_for_this_machine_and_the_host(tmp_path: Path) -> None:
    issued = issue(tmp_path, "mock.example")
    trusting, serving = ssl.create_default_context(cafile=issued.authority), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(issued.certificate.chain, issued.certificate.key)
    for host in ("localhost", "127.0.0.1", "::1", "mock.example"):
        assert hand_shake(trusting, serving, host)
    with pytest.raises(ssl.SSLCertVerificationError):
        hand_shake(trusting, serving, "other.example")
    assert issued.certificate.key.stat().st_mode & 0o077 == 0


def hand_shake(trusting: ssl.SSLContext, serving: ssl.SSLContext, host: str) -> bool:
    """Lets a client meet a server in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(to_client, to_server, server_hostname=host)
    server = serving.wrap_bio(to_server, to_client, server_side=True)
    for side in (client, server, client, server):
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    return client.version() is not None


def test_the_mock_of_another_document_names_its_operations(invitation: Callable[..., str]) -> None:
    assert "  PUT /orders/{order}\n" in invitation("--spec", str(ROOT / "tests" / "data" / "shop.yaml"))
