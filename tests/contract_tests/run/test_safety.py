"""What a run against any server costs and gives away: it rings nobody, keeps to its cap, and writes no secret."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest
from starlette.requests import Request as IncomingRequest
from starlette.responses import JSONResponse, Response

from contract_tests.exchange.disguise import Disguise
from contract_tests.exchange.exchange import Request
from contract_tests.guard.policy import find_complaint
from contract_tests.plan.schedule import make_schedule
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.servers.mock import create_app, judge_with_token
from contract_tests.target.options import Options
from contract_tests.target.settings import read_fields
from contract_tests.target.target import Target, make_target
from tests.conftest import ROOT, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Result

RING, CALLER, STRANGER = "+4915112345678", "+4930123456", "+15551234567"
REMOTE = Options(url="https://staging.invalid", to_number=(RING,), from_number=CALLER, max_calls=60)
PATH = "/conversations/create_phone_call"


class Recording:
    """An application whose requests are recorded as they came."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await IncomingRequest(scope, receive).body()
        self.bodies.append(body)
        sent = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again() -> Any:  # noqa: ANN401 - the message of ASGI
            return next(sent, {"type": "http.disconnect"})

        await self.app(scope, again, send)


def strangers(body: bytes) -> list[str]:
    """What of a body could ring or reach a stranger, found in another way than the guard does: by its mere text.

    In a body that is an object, what is deeper than the numbers' own place is blanked first: no reader looks there.
    """
    try:
        pairs = json.loads(body, object_pairs_hook=lambda found: found)
        is_object = body.lstrip().startswith(b"{")
    except ValueError:
        is_object = False
    if is_object:
        kept = [(key, value) for key, value in pairs if "number" in key]
        body = b",".join(json.dumps({key: value}).encode() for key, value in kept) + b"".join(
            re.findall(rb'"url"\s*:\s*"[^"]*"', body)
        )
    text = unquote(body.replace(b"\0", b"").decode(errors="replace"))
    for listed in (RING, CALLER, "https://webhook.invalid/"):
        text = text.replace(f'"{listed}"', '""')
    text = re.sub(r'"\+12025550\d{3}"', '""', text)
    fields = re.findall(r"(?:to|from)_number\W{0,4}[:=]\s*([^,}]*)", text, re.IGNORECASE)
    urls = re.findall(r'"url"\s*:\s*("[^"]*[/.:][^"]*")', text)
    return [field for field in fields if re.search(r"\d", field)] + urls


def wrapped(body: dict[str, Any], number: object) -> Iterator[tuple[bytes, str]]:
    """A body with a number in it that is not on the list, wrapped in all manners."""
    text = json.dumps(body | {"to_number": number})
    yield text.encode(), "application/json"
    yield text.encode(), "text/plain"
    yield text.encode("utf-16"), "application/json"
    yield text[:-1].encode(), "application/json"
    yield text.replace('{"', '{"to_number": "", "', 1).encode(), "application/json"
    yield json.dumps([json.loads(text)]).encode(), "application/json"
    yield f"to_number={quote(str(number))}".encode(), "application/x-www-form-urlencoded"


def test_of_ten_thousand_requests_none_that_goes_out_reaches_a_stranger(contract: Contract) -> None:
    limits = make_target(REMOTE, read_fields(), []).limits
    disguise = Disguise("placeholder", TOKEN, limits.aliases)
    judged = passed = 0
    for seed in itertools.count():
        if judged >= 10_000:
            break
        options = Options(Path(), "X", seed, max_calls=60)
        (given,) = make_schedule(contract, options, "placeholder", limits).requests.values()
        for request in given:
            body = request.body if isinstance(request.body, bytes) else json.dumps(request.body).encode()
            cases = [(body, request.media_type or "application/json")]
            if isinstance(request.body, dict):
                numbers = (STRANGER, 15551234567, [STRANGER], f"{RING}1")
                cases += [case for number in numbers for case in wrapped(request.body, number)]
            for content, media_type in cases:
                sent = disguise.reveal(Request("POST", "http://x", (("content-type", media_type),), content))
                judged += 1
                if find_complaint(sent, limits) is None:
                    passed += 1
                    assert not strangers(sent.body), sent.body
    assert passed > judged / 10


@contextmanager
def recorded(app: ASGIApp) -> Iterator[tuple[Recording, Target]]:
    recording = Recording(app)
    with running(recording) as url:
        target = make_target(Options(url=url), read_fields(), [])
        yield recording, replace(target, token=TOKEN)


def try_out(app: ASGIApp, report_dir: Path, max_calls: int | None, seed: int = 1) -> tuple[Recording, Result]:
    options = Options(report_dir, "VOICEOS_TOKEN", seed, max_calls=max_calls, fuzzing=max_calls is None)
    with recorded(app) as (recording, target):
        return recording, run(target, options)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_in_every_phase_rings_no_stranger(tmp_path: Path, seed: int) -> None:
    recording, result = try_out(create_app(judge_with_token(TOKEN)), tmp_path, None, seed)
    assert result.verdict == "conforms"
    assert len(recording.bodies) > 500
    assert not [found for body in recording.bodies for found in strangers(body)]
    assert any("max_duration_seconds: null" in withheld for withheld in result.withheld)


async def accept_everything(scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({"id": "1"})(scope, receive, send)


@pytest.mark.parametrize("cap", [1, 60])
def test_a_server_that_accepts_everything_costs_the_cap_and_no_more(tmp_path: Path, cap: int) -> None:
    recording, result = try_out(accept_everything, tmp_path, cap)
    assert len(recording.bodies) == result.calls == cap
    assert result.untried
    if cap > 1:
        checks = {finding.check for finding in result.findings}
        assert result.verdict == "violates"
        assert checks >= {"response_schema_conformance", "ignored_auth", "authorization_required", "phone_call_present"}


def test_violations_that_the_cap_can_pay_for_are_found_on_every_count(tmp_path: Path) -> None:
    _, result = try_out(accept_everything, tmp_path, 900)
    checks = {finding.check for finding in result.findings}
    assert checks >= {
        "response_schema_conformance",
        "ignored_auth",
        "authorization_required",
        "invalid_request_refused",
        "malformed_json_refused",
        "undocumented_media_type_refused",
        "unsupported_method",
    }
    assert not result.untried or result.calls == 900


def test_a_cap_that_a_conforming_server_does_not_reach_cuts_nothing_off(tmp_path: Path) -> None:
    recording, result = try_out(create_app(judge_with_token(TOKEN)), tmp_path, 60)
    assert (result.verdict, result.untried) == ("conforms", ())
    assert result.calls < 60
    assert len(recording.bodies) > 500


# -------------------------------------------------------------------------------------------------------------- secrets

CORE = "c4naryQ7h2Zk9Lm3"
CANARY = f"{CORE}/+x"
FORMS = {
    CORE,
    CORE.encode().hex(),
    *("".join(f"{prefix}{ord(letter):02x}" for letter in CORE) for prefix in ("%", "\\u00", "\\x")),
    *(base64.b64encode(b"x" * offset + CORE.encode()).decode()[4:-4] for offset in range(3)),
}


def test_the_search_finds_what_it_searches_for() -> None:
    for offset in range(3):
        assert leaks(base64.b64encode(b"y" * offset + CANARY.encode()))
    assert leaks(CANARY.swapcase().encode())
    assert leaks(json.dumps(quote(CANARY)).encode())
    assert not leaks(b"[masked]")


def leaks(text: bytes) -> list[str]:
    shown = text.decode(errors="replace")
    return [form for form in FORMS if form in shown or form.casefold() in shown.casefold()]


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """A server that tells everybody the token that it got, and takes it for an occasion to fail in many ways."""
    request = IncomingRequest(scope, receive)
    body = await request.body()
    token = request.headers.get("authorization", "").partition(" ")[2] or CANARY
    encoded = base64.b64encode(f"Bearer {token}".encode()).decode()
    told = {"id": token, "detail": f"{quote(token, safe='')} {encoded}", "status": json.dumps(token)}
    told["uri"] = "".join(f"\\u{ord(character):04x}" for character in token)
    fields = {"x-token": token, "x-encoded": encoded, "location": f"https://elsewhere.example/?token={quote(token)}"}
    if body == b"{}":
        response: Response = JSONResponse(told, 422, fields)
    else:
        status = (200, 307, 500, 401)[len(body) % 4]
        kinds = ("application/json", "text/plain")
        response = Response(json.dumps(told), status, fields, kinds[len(body) % 2])
    await response(scope, receive, send)


CRASHING = """
import contract_tests.run.conclusion

def crash(contract, record, options, url, **rest):
    raise RuntimeError(f"the suite fails over {record.exchanges[0]}")

contract_tests.conclusion.find_findings = crash
"""


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder for temporary files whose name leaves room for that of a socket."""
    with TemporaryDirectory(prefix="canary-", dir="/tmp") as name:
        yield Path(name)


@pytest.mark.parametrize("crash", [False, True])
def test_the_token_is_in_nothing_that_is_written_or_said(
    tmp_path: Path,
    short_folder: Path,
    crash: bool,  # noqa: FBT001 - a case
) -> None:
    (tmp_path / "crashing.py").write_text(CRASHING)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("VOICEOS", "PYTEST"))}
    environment |= {
        "A_TOKEN": CANARY,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated"), str(tmp_path)]),
        "TMPDIR": str(short_folder),
        "HOME": str(tmp_path),
    }
    options = [
        "-vv",
        "--tb=long",
        "-l",
        "-o",
        f"cache_dir={tmp_path / 'cache'}",
        "--seed=1",
        "--token-env=A_TOKEN",
        "--no-fuzzing",
    ]
    # A traceback shows every exchange many times over, and takes minutes for those of a whole run.
    plugin = ["-p", "crashing", "-x", "--max-calls=5"] if crash else []
    with running(echo) as url:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "contract_tests",
                *plugin,
                *options,
                f"--url={url}",
                "--report-dir",
                tmp_path,
            ],
            check=False,
            cwd=ROOT,
            env=environment,
            capture_output=True,
        )
    assert done.returncode == (3 if crash else 1), done.stdout.decode()
    assert b"[masked]" in done.stdout
    assert not leaks(done.stdout + done.stderr)
    files = [path for folder in (tmp_path, short_folder) for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"schemathesis.har.json", "schemathesis.junit.xml", "schemathesis.log"}
    assert not {path: found for path in files if (found := leaks(path.read_bytes()))}


def test_listed_numbers_are_masked_in_nothing_less_than_all_that_is_written(tmp_path: Path) -> None:
    with running(create_app(judge_with_token(TOKEN), None)) as url:
        settings = Options(url=url, to_number=(RING,), from_number=CALLER, free_numbers=True, max_calls=20)
        target = replace(make_target(settings, read_fields(), []), token=TOKEN)
        result = run(target, Options(tmp_path, "VOICEOS_TOKEN", 1, max_calls=20, fuzzing=False))
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert result.calls
    assert b"**********5678" in written
    assert not re.search(rb"15112345678|30123456", written)


def test_the_engine_masks_secrets_alone(tmp_path: Path) -> None:
    def judge(_request: object) -> Any:  # noqa: ANN401 - whatever a judge says
        raise RuntimeError("boom")

    with running(create_app(judge)) as url:
        run(Target("a test's", url, TOKEN), Options(tmp_path, "VOICEOS_TOKEN", 1, max_calls=15, fuzzing=False))
    log = (tmp_path / "schemathesis.log").read_text() + (tmp_path / "schemathesis.junit.xml").read_text()
    assert "max_tokens" in log
    assert "Filtered" in log
    assert not re.search(r"(max_tokens|keywords|credential_id)\W+\[Filtered", log)
