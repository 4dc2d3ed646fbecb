"""A run against any server rings no stranger, keeps to its cap, and writes no secret."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import psutil
import pytest
from starlette.requests import Request as IncomingRequest
from starlette.responses import JSONResponse, Response

from contract_tests.engine.job import FOLDER, LOG, REPORT
from contract_tests.exchange.disguise import Disguise
from contract_tests.exchange.exchange import Request
from contract_tests.exchange.headers import Headers
from contract_tests.guard.guard import PLACEHOLDER
from contract_tests.guard.policy import find_complaint
from contract_tests.guard.upstream import sent_on
from contract_tests.plan.schedule import make_schedule
from contract_tests.report.files import FORMATS
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.servers.mock import PATH, create_app, judge_with_token
from contract_tests.target.options import Options
from contract_tests.target.settings import read_fields
from contract_tests.target.target import TokenVariable, make_target
from spec.costs import SAFE_METHODS
from tests.conftest import ROOT, TOKEN
from tests.support.results import in_words
from tests.support.silent_engine import leave_schemathesis_out
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Result
    from contract_tests.target.limits import Limits

RING, CALLER, STRANGER = "+4915112345678", "+4930123456", "+15551234567"
EACH = 20
"""After how many requests the processes of a run are looked at each time. Listing them takes a while."""
REMOTE = Options(url="https://staging.invalid", to_number=(RING,), from_number=CALLER, max_calls=60)


class Recording:
    """An application whose requests are recorded as they came, with the processes that are there meanwhile."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.bodies: list[bytes] = []
        self.calls = 0
        self.environments: dict[int, dict[str, str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await IncomingRequest(scope, receive).body()
        self.bodies.append(body)
        self.calls += scope["path"] == PATH or scope["method"] not in SAFE_METHODS
        if len(self.bodies) % EACH == 0:
            self.look_at_processes()
        sent = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again() -> Any:  # noqa: ANN401 - the message of ASGI
            return next(sent, {"type": "http.disconnect"})

        await self.app(scope, again, send)

    def look_at_processes(self) -> None:
        """Notes the environment of each process below this one."""
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):  # it may end just now
                self.environments[child.pid] = child.environ()


def strangers(body: bytes) -> list[str]:
    """Whatever of a body could ring or reach a stranger, found in another way than the guard does: by its mere text.

    In a body that is an object, what is deeper than the numbers' own place is blanked first: no reader looks there.
    """
    try:
        pairs = json.loads(body, object_pairs_hook=lambda found: found)
        if isinstance(pairs, str):
            return strangers(pairs.encode(errors="replace"))
        is_object = body.lstrip().startswith(b"{")
    except (ValueError, RecursionError):
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


# ------------------------------------------------------------------------------------------------ requests by the guard


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


@cache
def remote_limits() -> Limits:
    return make_target(REMOTE, read_fields(), []).limits


def attempts(contract: Contract, seed: int) -> Iterator[tuple[bytes, str]]:
    """The bodies of a seed's schedule with their media types, and with a stranger's number in them."""
    limits = remote_limits()
    schedule = make_schedule(contract, all_known_names=False, seed=seed, max_calls=60, limits=limits)
    for planned in schedule.requests:
        yield planned.request.body, planned.request.headers.media_type or "application/json"
    for planned in schedule.valid:
        for number in (STRANGER, 15551234567, [STRANGER], f"{RING}1"):
            yield from wrapped(json.loads(planned.request.body), number) if planned.request.body else ()


def as_sent(request: Request, disguise: Disguise) -> Request:
    """A request as the guard looks at it."""
    return disguise.reveal(replace(request, headers=sent_on(request.headers)))


def passed(contract: Contract, attempt: tuple[bytes, str]) -> bool:
    """Whether the guard lets an attempt out, which must reach no stranger then."""
    body, media_type = attempt
    limits = remote_limits()
    request = Request("POST", contract.operations[0].path, Headers([("content-type", media_type)]), body)
    sent = Disguise("placeholder", TOKEN, limits.aliases).reveal(request)
    is_sent = find_complaint(sent, limits, contract) is None
    assert not (is_sent and strangers(sent.body)), sent.body
    return is_sent


@pytest.mark.slow
def test_of_a_schedule_in_all_wrappings_no_request_that_goes_out_reaches_a_stranger(contract: Contract) -> None:
    verdicts = [passed(contract, attempt) for attempt in attempts(contract, seed=1)]
    assert len(verdicts) > 1000
    assert sum(verdicts) > 100


@pytest.mark.slow
def test_only_what_the_limits_are_about_is_withheld_from_another_machine(contract: Contract) -> None:
    limits = remote_limits()
    disguise = Disguise("placeholder", TOKEN, limits.aliases)
    schedule = make_schedule(contract, all_known_names=False, seed=1, max_calls=60, limits=limits)
    withheld = {
        planned.purpose.partition(":")[0]
        for planned in schedule.requests
        if find_complaint(as_sent(planned.request, disguise), limits, contract)
    }
    limited = r"to_number|from_number|agent_config|agent_config\.max_duration_seconds|agent_config\.webhooks\.\d\.url"
    assert not [purpose for purpose in withheld if not re.fullmatch(limited, purpose)]


@pytest.mark.nightly
def test_of_ten_thousand_requests_none_that_goes_out_reaches_a_stranger(contract: Contract) -> None:
    all_seeds = itertools.chain.from_iterable(attempts(contract, seed) for seed in itertools.count(2))
    assert sum(passed(contract, attempt) for attempt in itertools.islice(all_seeds, 10_000)) > 500


# ----------------------------------------------------------------------------------------------------------- whole runs


@dataclass
class Observed:
    """A run, and the requests that its target got."""

    result: Result
    bodies: list[bytes]
    calls: int
    """How many of them may have made a call."""
    report_dir: Path
    environments: dict[int, dict[str, str]]
    """The environments of the processes that the run started, by their ids."""

    @property
    def checks(self) -> set[str]:
        """The names of the checks that found something."""
        return {check for finding in self.result.findings for check in finding.checks}


def observe(
    app: ASGIApp,
    report_dir: Path,
    max_calls: int | None,
    settings: Options | None = None,
    *,
    all_known_names: bool = True,
) -> Observed:
    recording = Recording(app)
    options = Options(
        report_dir=report_dir,
        token_env=CANARY_VARIABLE,
        seed=1,
        max_calls=max_calls,
        fuzzing=max_calls is None,
        all_known_names=all_known_names,
    )
    with running(recording) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv(CANARY_VARIABLE, CANARY)
        target = make_target(settings or Options(url=url), read_fields(), [])
        result = run(replace(target, url=url, token=TokenVariable(CANARY_VARIABLE)), options)
    return Observed(result, recording.bodies, recording.calls, report_dir, recording.environments)


CORE = "c4naryQ7h2Zk9Lm3"
CANARY = f"{CORE}/+x"
CANARY_VARIABLE = "A_TOKEN"


def told(token: str) -> tuple[dict[str, str], dict[str, str]]:
    """A body and header fields that tell everybody a token."""
    encoded = base64.b64encode(f"Bearer {token}".encode()).decode()
    body = {"id": token, "detail": f"{quote(token, safe='')} {encoded}", "status": json.dumps(token)}
    body["uri"] = "".join(f"\\u{ord(character):04x}" for character in token)
    fields = {"x-token": token, "x-encoded": encoded, "location": f"https://elsewhere.example/?token={quote(token)}"}
    fields |= {f"x-{token[:16]}": "1", "x-part-1": token[:5], "x-part-2": token[5:], "x-truncated": f"{token[:8]}..."}
    fields[f"x-{base64.urlsafe_b64encode(token.encode()).decode().rstrip('=')}"] = "1"
    return body, fields


def token_of(request: IncomingRequest) -> str:
    return request.headers.get("authorization", "").partition(" ")[2] or CANARY


async def accept_everything(scope: Scope, receive: Receive, send: Send) -> None:
    """A server that accepts everything, and tells everybody the token that it got."""
    body, fields = told(token_of(IncomingRequest(scope)))
    await JSONResponse(body, 200, fields)(scope, receive, send)


@pytest.fixture(scope="module")
def capped(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    """A run within the limits of another machine, on a server that accepts everything and tells the token."""
    return observe(accept_everything, tmp_path_factory.mktemp("capped"), 60, REMOTE, all_known_names=False)


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    """A run with the same limits, but for the requests of Schemathesis, on a server that conforms."""
    with pytest.MonkeyPatch.context() as patch:
        leave_schemathesis_out(patch)
        app = create_app(judge_with_token(CANARY))
        return observe(app, tmp_path_factory.mktemp("limited"), 60, REMOTE, all_known_names=False)


@pytest.fixture(scope="module")
def conforming(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    """A run with the same limits on a server that conforms, so that Schemathesis has calls left for its requests."""
    app = create_app(judge_with_token(CANARY))
    return observe(app, tmp_path_factory.mktemp("conforming"), 60, REMOTE, all_known_names=False)


@pytest.mark.slow
def test_a_server_that_accepts_everything_costs_the_cap_and_no_more(capped: Observed) -> None:
    assert capped.calls == capped.result.calls == 60


@pytest.mark.slow
def test_a_run_that_the_cap_cuts_off_lists_what_it_did_not_try(capped: Observed) -> None:
    assert any("the limit of calls is reached" in untried for untried in in_words(capped.result.untried))
    assert any("so Schemathesis was ended" in untried for untried in in_words(capped.result.untried))


@pytest.mark.slow
def test_the_worst_is_found_within_the_cap(capped: Observed) -> None:
    assert capped.result.verdict == "violates"
    assert capped.checks >= {"response_schema_conformance", "authorization_required"}


@pytest.mark.slow
def test_a_cap_that_leaves_room_for_the_plan_cuts_nothing_off(limited: Observed) -> None:
    assert (limited.result.verdict, limited.result.untried, limited.result.reason) == ("conforms", (), None)
    assert limited.result.calls <= 60
    assert len(limited.bodies) > 500


@pytest.mark.slow
def test_a_run_within_limits_rings_no_stranger(limited: Observed, capped: Observed) -> None:
    for observed in (limited, capped):
        assert not [found for body in observed.bodies for found in strangers(body)]
        assert any(RING.encode() in body for body in observed.bodies)


@pytest.mark.slow
def test_what_a_limit_withholds_is_listed(limited: Observed) -> None:
    assert any("max_duration_seconds: null" in withheld for withheld in in_words(limited.result.withheld))


@pytest.mark.slow
def test_listed_numbers_are_masked_in_all_that_is_written(capped: Observed) -> None:
    written = b"".join(path.read_bytes() for path in capped.report_dir.rglob("*") if path.is_file())
    assert b"**********5678" in written
    assert not re.search(rb"15112345678|30123456", written)


@pytest.mark.slow
def test_the_engine_masks_secrets_alone(conforming: Observed) -> None:
    written = b"".join(
        path.read_bytes() for path in (conforming.report_dir / "engine").rglob("*") if path.is_file()
    ).decode()
    assert "max_tokens" in written
    assert PLACEHOLDER not in written
    assert "Filtered" in written
    assert not re.search(r"(max_tokens|keywords|credential_id)\W+\[Filtered", written)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(replace(REMOTE, max_calls=5_000), marks=pytest.mark.slow),
        pytest.param(None, marks=pytest.mark.nightly),
    ],
    ids=["elsewhere", "here"],
)
def test_a_run_in_every_phase_rings_no_stranger(tmp_path: Path, settings: Options | None) -> None:
    observed = observe(create_app(judge_with_token(CANARY)), tmp_path, None, settings)
    assert observed.result.verdict == "conforms"
    assert len(observed.bodies) > 500
    assert not [found for body in observed.bodies for found in strangers(body)]


@pytest.mark.slow
def test_a_cap_of_one_costs_one_call(tmp_path: Path) -> None:
    observed = observe(accept_everything, tmp_path, 1)
    assert observed.calls == observed.result.calls == 1
    assert observed.result.untried


@pytest.mark.nightly
def test_violations_that_the_cap_can_pay_for_are_found_on_every_count(tmp_path: Path) -> None:
    observed = observe(accept_everything, tmp_path, 900)
    assert observed.checks >= {
        "response_schema_conformance",
        "ignored_auth",
        "authorization_required",
        "invalid_request_refused",
        "malformed_json_refused",
        "undocumented_media_type_refused",
        "unsupported_method",
    }
    assert not observed.result.untried or observed.result.calls == 900


# -------------------------------------------------------------------------------------------------------------- secrets

FORMS = {
    *(CORE[at : at + 8] for at in range(len(CORE) - 7)),
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
    said, fields = told(token_of(request))
    if body == b"{}":
        response: Response = JSONResponse(said, 422, fields)
    else:
        status = (200, 307, 500, 401)[len(body) % 4]
        kinds = ("application/json", "text/plain")
        response = Response(json.dumps(said), status, fields, kinds[len(body) % 2])
    await response(scope, receive, send)


@pytest.mark.slow
def test_the_token_is_in_no_report(capped: Observed) -> None:
    files = (path for path in capped.report_dir.rglob("*") if path.is_file())
    written = {str(path.relative_to(capped.report_dir)): path.read_bytes() for path in files}
    engines = {f"{FOLDER}/{name}" for name in (LOG, REPORT)}
    assert set(written) >= {"findings/1.json", *FORMATS, *engines}
    assert b"[masked]" in written["result.json"]
    assert not {name: found for name, text in written.items() if (found := leaks(text))}


@pytest.mark.slow
def test_no_process_that_a_run_starts_has_the_token_in_its_environment(capped: Observed) -> None:
    assert len(capped.environments) >= len(["the guard", "the engine"])
    assert not [told for told in map(str, capped.environments.values()) if leaks(told.encode())]


CRASHING = """
from contract_tests.run import suite

def crash(contract, evidence, *rest):
    raise RuntimeError(f"the suite fails over {evidence.record.exchanges[0]}")

suite.conclude = crash
"""


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder for temporary files whose name leaves room for that of a socket."""
    with TemporaryDirectory(prefix="canary-", dir="/tmp") as name:
        yield Path(name)


@pytest.mark.parametrize("crash", share_out([True, False], slow=1))
def test_the_token_is_in_nothing_that_is_written_or_said(
    tmp_path: Path,
    short_folder: Path,
    crash: bool,  # noqa: FBT001 - a case
) -> None:
    (tmp_path / "crashing.py").write_text(CRASHING)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("VOICEOS", "PYTEST"))}
    environment |= {
        CANARY_VARIABLE: CANARY,
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
        f"--token-env={CANARY_VARIABLE}",
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
    assert {path.name for path in files} >= {"schemathesis.ndjson", "schemathesis.log"}
    assert not {path: found for path in files if (found := leaks(path.read_bytes()))}
