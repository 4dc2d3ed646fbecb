"""Findings sent again: on the server that they are of they stand, on one that conforms they are gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.credentials import RIGHT, WRONG, fill_in, hide_token, is_right, wrong_credentials
from contract_tests.plan.schedule import Preparation, prepare
from contract_tests.result.finding_file import FindingFileError, read_finding, split_url
from contract_tests.run.replay import replay
from contract_tests.run.suite import run
from contract_tests.runtime.serving import running
from contract_tests.servers.faults import make_catalogue
from contract_tests.servers.mock import Answer, ReceivedRequest, judge_with_token
from contract_tests.target.options import SPEC, Options
from contract_tests.target.target import Target
from tests.conftest import TOKEN
from tests.contract_tests.run.test_suite import UNTESTABLE, USAGE, finish, served, with_undocumented_member

if TYPE_CHECKING:
    from voiceos_models import CreateCall

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import FindingFile
    from contract_tests.run.replay import Replay

# One of each kind: what is found with credentials, media types, JSON, methods, statuses, schemas, rules and silence.
FAULTS = [
    "a prefix of the token accepted",
    "the first of two Authorization fields counts",
    "the token without a scheme accepted",
    "no credentials asked for",
    "JSON under text/plain is accepted",
    "DELETE is taken too",
    "405 names the wrong methods",
    "a wrong body gets 500",
    "a call gets 201",
    "200 comes as text/html",
    "the body of 200 is with NaN",
    "the body of 422 is empty",
    "the connection breaks within the body of 200",
]


@pytest.fixture(scope="module")
def preparation(tmp_path_factory: pytest.TempPathFactory) -> Preparation:
    return prepare(options(tmp_path_factory.mktemp("unused")))


def options(folder: Path) -> Options:
    return Options(report_dir=folder, token_env="VOICEOS_TOKEN", seed=1, fuzzing=False, fail_fast=True)


def find(target: Target, folder: Path, preparation: Preparation | None = None) -> list[FindingFile]:
    """The findings of a run, read from their files."""
    result = run(target, options(folder), preparation=preparation)
    files = [read_finding(folder / "findings" / f"{number}.json") for number, _ in enumerate(result.findings, 1)]
    assert files
    assert [file.finding for file in files] == list(result.findings)
    return files


def send_again(contract: Contract, file: FindingFile, url: str, token: str = TOKEN) -> Replay:
    return replay(contract, file, Target("a test's", url, token), options(Path()))


@pytest.mark.parametrize("name", FAULTS)
def test_a_finding_stands_until_it_is_mended(
    contract: Contract, preparation: Preparation, mock_url: str, tmp_path: Path, name: str
) -> None:
    with running(make_catalogue(contract)[name].make_app(TOKEN)) as url:
        files = find(Target("a broken server", url, TOKEN), tmp_path, preparation)
        for file in files:
            assert send_again(contract, file, url).verdict == "stands", file.finding
    for file in files:
        assert send_again(contract, file, mock_url).verdict == "gone", file.finding


@pytest.mark.parametrize("name", ["id_is_new", "ended_at_null_until_ended", "documented_request_accepted"])
def test_a_finding_by_a_rule_stands_until_it_is_mended(
    contract: Contract, preparation: Preparation, mock_url: str, tmp_path: Path, name: str
) -> None:
    fault = next(fault for fault in make_catalogue(contract).values() if fault.caught_by == name)
    with running(fault.make_app(TOKEN)) as url:
        files = find(Target("a broken server", url, TOKEN), tmp_path, preparation)
        (file,) = [file for file in files if file.finding.check == name]
        assert send_again(contract, file, url).verdict == "stands"
    assert len(file.finding.before) == (name == "id_is_new")
    assert send_again(contract, file, mock_url).verdict == "gone"


def test_what_failed_is_sent_byte_for_byte(contract: Contract, tmp_path: Path) -> None:
    received: list[ReceivedRequest] = []

    def judge(request: ReceivedRequest) -> CreateCall | Answer:
        received.append(request)
        is_utf8 = request.body == request.body.decode(errors="ignore").encode()
        return judge_with_token(TOKEN)(request) if is_utf8 else Answer(500, {"detail": "boom"})

    with served(judge) as target:
        file = find(target, tmp_path)[0]
        first = received[-1]
        assert send_again(contract, file, target.url).verdict == "stands"
        again = received[-1]
    assert file.finding.request.body_is_base64
    assert again.body == first.body
    engines_own = {"x-schemathesis-testcaseid", "host", "content-length"}
    sent = [[field for field in request.headers if field[0] not in engines_own] for request in (first, again)]
    assert sent[0] == sent[1]


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """The file of a finding of a server that has gone since."""
    with served(respond=with_undocumented_member) as target:
        find(target, tmp_path)
    return tmp_path / "findings" / "1.json"


def test_a_target_that_is_down_says_nothing_of_a_finding(mended: Path, tmp_path: Path) -> None:
    code, said = finish(tmp_path, "--replay", str(mended))
    assert code == UNTESTABLE
    assert "cannot be reached" in said
    assert said.strip().splitlines()[-1].startswith("untestable: nothing is claimed of the finding; ")


def test_a_finding_that_a_server_no_longer_has_is_gone(mended: Path, tmp_path: Path, mock_url: str) -> None:
    limits = ("--free-numbers", "--max-duration=2147483648")
    code, said = finish(tmp_path, "--replay", str(mended), f"--url={mock_url}", *limits)
    assert code == 0, said
    assert said.strip().splitlines()[-1].startswith("gone: ")


def test_what_the_guard_does_not_send_cannot_be_told(mended: Path, tmp_path: Path, mock_url: str) -> None:
    code, said = finish(tmp_path, "--replay", str(mended), f"--url={mock_url}", "--max-duration=5")
    assert code == UNTESTABLE
    assert "The guard did not send it: " in said


def test_a_refused_token_says_nothing_of_a_finding(mended: Path, contract: Contract, mock_url: str) -> None:
    replayed = send_again(contract, read_finding(mended), mock_url, token="another")
    assert replayed.verdict == "untestable"
    assert "refuses the token" in replayed.reason


def with_fields(path: Path, *fields: tuple[str, str]) -> FindingFile:
    file = json.loads(path.read_text())
    file["finding"]["request"]["headers"] += fields
    path.write_text(json.dumps(file))
    return read_finding(path)


def test_the_length_of_what_is_sent_again_is_said_anew(mended: Path, contract: Contract, mock_url: str) -> None:
    file = with_fields(mended, ("Content-Length", "3"), ("Transfer-Encoding", "gzip"), ("X-Wide", " \tvalue "))
    assert send_again(contract, file, mock_url).verdict == "gone"


def test_what_http_cannot_carry_cannot_be_told(mended: Path, contract: Contract, mock_url: str) -> None:
    replayed = send_again(contract, with_fields(mended, ("X Odd", "a\nb")), mock_url)
    assert replayed.verdict == "untestable"
    assert "HTTP cannot carry" in replayed.reason


def test_an_answer_to_the_hour_says_nothing_of_a_finding(mended: Path, contract: Contract) -> None:
    def judge(request: ReceivedRequest) -> CreateCall | Answer:
        judged = judge_with_token(TOKEN)(request)
        return judged if isinstance(judged, Answer) else Answer(429, {"detail": "Later"})

    with served(judge) as target:
        replayed = send_again(contract, read_finding(mended), target.url)
    assert replayed.verdict == "untestable"
    assert "takes no more requests for now" in replayed.reason


def test_a_statement_that_the_spec_has_no_more_cannot_be_told(mended: Path, mock_url: str, tmp_path: Path) -> None:
    file, changed = read_finding(mended), tmp_path / "openapi.yaml"
    changed.write_text(drop_enum(SPEC.read_text()))
    replayed = send_again(read_contract(changed), file, mock_url)
    assert replayed.verdict == "untestable"
    assert "the statement at /components/schemas/ConversationStatus/enum is there no more" in replayed.reason


def test_an_operation_that_the_spec_has_no_more_cannot_be_told(mended: Path, mock_url: str, tmp_path: Path) -> None:
    file, changed = read_finding(mended), tmp_path / "openapi.yaml"
    changed.write_text(SPEC.read_text().replace("/conversations/create_phone_call:", "/calls:"))
    replayed = send_again(read_contract(changed), file, mock_url)
    assert replayed.verdict == "untestable"
    assert "it has no operation POST /conversations/create_phone_call any more" in replayed.reason


def drop_enum(text: str) -> str:
    """The spec without the members of the conversation's status."""
    head, name, rest = text.partition("    ConversationStatus:\n")
    lines = rest.splitlines(keepends=True)
    (start, *_) = [index for index, line in enumerate(lines) if line.strip().startswith("enum:")]
    end = next(index for index in range(start + 1, len(lines)) if not lines[index].strip().startswith("- "))
    return head + name + "".join(lines[:start] + lines[end:])


def test_a_file_tells_no_secret(preparation: Preparation, contract: Contract, tmp_path: Path) -> None:
    for name in ("the first of two Authorization fields counts", "the token in any case accepted"):
        with running(make_catalogue(contract)[name].make_app(TOKEN)) as url:
            find(Target("a broken server", url, TOKEN), tmp_path, preparation)
        written = "".join(path.read_text() for path in (tmp_path / "findings").iterdir()).lower()
        assert "{token" in written
        assert TOKEN.lower()[:-1] not in written


def test_another_runs_findings_are_removed(mended: Path, mock_url: str) -> None:
    assert mended.exists()
    folder = mended.parent.parent
    run(Target("the mock", mock_url, TOKEN), options(folder))
    assert not mended.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), ("{", "is not a finding"), ('{"target": 1}', "is not a finding"), ("[]", "is not a")],
)
def test_a_file_that_is_no_finding_is_a_usage_error(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "finding.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(FindingFileError, match=said):
        read_finding(path)
    code, printed = finish(tmp_path, "--replay", str(path))
    assert code == USAGE
    assert said in printed
    assert "Traceback" not in printed


def test_a_finding_of_the_embedded_mock_starts_the_mock(mended: Path, tmp_path: Path) -> None:
    file = json.loads(mended.read_text()) | {"target": "the embedded mock"}
    mended.write_text(json.dumps(file))
    code, said = finish(tmp_path, "--replay", str(mended), token=None)
    assert code == 0, said
    assert said.strip().splitlines()[-1].startswith("gone: response_schema_conformance finds nothing wrong")


@pytest.mark.parametrize("wrong", WRONG)
def test_credentials_are_kept_by_what_they_are_made_of(wrong: str) -> None:
    sent = wrong_credentials(TOKEN)[wrong]
    kept = tuple(hide_token(value, TOKEN) for value in sent)
    assert kept == WRONG[wrong]
    assert not is_right(", ".join(kept))


def test_credentials_without_a_name_hide_the_token_too() -> None:
    assert hide_token(f"Bearer realm={TOKEN}", TOKEN) == "Bearer realm={token}"
    assert hide_token(fill_in(RIGHT, TOKEN), TOKEN) == RIGHT


@pytest.mark.parametrize(
    ("url", "label", "parts"),
    [
        ("http://h:1/a/b", "POST /a/b", ("http://h:1", "/a/b")),
        ("https://h/v1/a/1?x=/a/2", "GET /a/{id}", ("https://h/v1", "/a/1?x=/a/2")),
        ("http://h/a%2Fb", "GET /{id}", ("http://h", "/a%2Fb")),
        ("http://h/other", "GET /a", ("http://h", "/other")),
    ],
)
def test_a_url_is_a_base_and_a_path(url: str, label: str, parts: tuple[str, str]) -> None:
    assert split_url(url, label) == parts
