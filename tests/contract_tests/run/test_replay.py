"""Findings sent again: on the server that they are of they stand, on one that conforms they are gone."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs
from starlette.responses import PlainTextResponse

from contract_tests.contract.contract import read_contract
from contract_tests.exchange.exchange import Exchange, Record, Refusal, Response
from contract_tests.exchange.headers import Headers
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.judge import judge
from contract_tests.judge.witness import hear_witness
from contract_tests.kills.kill import TOKEN, catalogue
from contract_tests.result.file_error import FileError
from contract_tests.result.finding_file import read_finding, requests_of
from contract_tests.result.part import encode_part
from contract_tests.run.replay import describe_replay, replay
from contract_tests.run.replay_judging import judge_replay
from contract_tests.run.steps import send_finding
from contract_tests.runtime.serving import running
from contract_tests.servers.answer import Answer
from contract_tests.servers.mock import ReceivedRequest, create_app, judge_with_token
from contract_tests.target.target import Target
from spec.paths import SPEC
from tests.support.exchanges import AUTHORIZED, altering, answer, conforming, post, read, sent
from tests.support.results import OPTIONS, finding_file, result_of, without_places
from tests.support.schedules import our_schedule
from tests.support.stock_checks import statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send
    from voiceos_models import CreateCall

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Request
    from contract_tests.exchange.testimony import Testimony
    from contract_tests.result.result import Finding, FindingFile
    from contract_tests.run.replay_judging import Replay
    from tests.support.golden import Golden

# One of each kind: found with credentials, media types, JSON, methods, statuses, schemas, rules and silence.
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
    "the answer has one id for all",
    "the answer has an end before the end",
    "temperature 2 refused",
]
NOBODY = Target("nobody", "http://127.0.0.1:9", TOKEN)


@cache
def our_requests() -> tuple[Request, ...]:
    """Requests that a run sends by itself: some of every kind."""
    schedule = our_schedule()
    methods = [each for each in schedule.invalid if each.purpose.endswith("which the path does not have")]
    planned = (*schedule.valid[:12], *schedule.invalid[:40], *methods)
    return tuple(each.request for each in planned)


def find(contract: Contract, app: ASGIApp) -> list[FindingFile]:
    """What is found of a server."""
    judged = judge(contract, sent(app, *our_requests(), token=TOKEN))
    return [finding_file(contract, finding) for finding in find_findings(contract, judged, Circumstances(str))]


def send_in_process(contract: Contract, file: FindingFile, app: ASGIApp) -> Replay:
    """The replay of a finding against an application."""
    record = Record(tuple(sent(app, *requests_of(file.finding), token=TOKEN)))
    return judge_replay(contract, file.finding, record, lambda: None)


@pytest.mark.parametrize("name", FAULTS)
def test_a_finding_stands_until_it_is_mended(contract: Contract, name: str) -> None:
    fault = catalogue()[name]
    app = fault.make_app(TOKEN)
    files = find(contract, app)
    assert fault.caught_by in {check for file in files for check in file.finding.checks}
    for file in files:
        assert send_in_process(contract, file, app).verdict == "stands", file.finding
        assert send_in_process(contract, file, create_app(judge_with_token(TOKEN))).verdict == "gone", file.finding
        assert len(file.finding.example.before) == (file.finding.check == "id_is_new")


def renew_in_process(contract: Contract, file: FindingFile, app: ASGIApp) -> Replay:
    """The replay of a finding over time against an application, which has ids of its own."""
    exchanges: list[Exchange] = []

    def send(request: Request, name: str) -> Exchange:
        (exchange,) = sent(app, request, token=TOKEN)
        exchanges.append(replace(exchange, id=name))
        return exchanges[-1]

    assert send_finding(contract, file.finding, send) is None
    return judge_replay(contract, file.finding, Record(tuple(exchanges)), lambda: None)


def test_a_finding_over_time_stands_for_what_is_created_anew(contract: Contract) -> None:
    app = catalogue()["a conversation that was begun is not found"].make_app(TOKEN)
    (begun,) = sent(app, post(), token=TOKEN)
    assert begun.response
    path = f"/conversations/{json.loads(begun.response.body)['id']}"
    (missing,) = sent(app, replace(post(), method="GET", target=path, headers=AUTHORIZED, body=b""), token=TOKEN)
    (finding,) = find_findings(contract, judge(contract, [begun, missing]), Circumstances(str))
    file = finding_file(contract, finding)
    assert renew_in_process(contract, file, app).verdict == "stands"
    assert renew_in_process(contract, file, create_app(judge_with_token(TOKEN))).verdict == "gone"


def test_a_thing_that_is_there_no_more_says_nothing_of_a_response_about_it(contract: Contract) -> None:
    wrong = read("1", uri=1)
    (finding,) = find_findings(contract, judge(contract, [wrong]), Circumstances(str))
    replayed = answered(contract, finding, answer({"detail": "No such conversation"}, 404))
    assert replayed.verdict == "untestable"
    assert "answered 404: what /conversations/1 names is there no more" in replayed.reason


def test_a_request_that_is_refused_at_last_is_mended_by_404_too(contract: Contract) -> None:
    taken = Exchange(replace(read().request, headers=Headers()), read().response)
    (finding,) = find_findings(contract, judge(contract, [taken]), Circumstances(str))
    assert answered(contract, finding, answer({"detail": "No"}, 404)).verdict == "gone"


@pytest.fixture(scope="module")
def wrong_uri(contract: Contract) -> Finding:
    """A finding of a server whose conversations have a number for a URI."""
    (finding,) = result_of(contract, *sent(altering(uri=1), post())).findings
    return finding


def answered(contract: Contract, finding: Finding, response: Response | None, obstacle: str | None = None) -> Replay:
    """The outcome of a replay where the target answered so, and a further preflight finds an obstacle or none."""
    trouble = None if response else "broke off its reply"
    record = Record((Exchange(requests_of(finding)[0], response, trouble=trouble),))
    return judge_replay(contract, finding, record, lambda: obstacle)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "refuses the token"),
        (403, "refuses the token"),
        (429, "takes no more requests for now"),
        (502, "out of order"),
        (503, "out of order"),
        (504, "out of order"),
    ],
)
def test_an_answer_that_any_request_may_get_for_a_while_says_nothing(
    contract: Contract, wrong_uri: Finding, status: int, said: str
) -> None:
    replayed = answered(contract, wrong_uri, answer({"detail": "No"}, status))
    assert replayed.verdict == "untestable"
    assert said in replayed.reason


def test_the_status_that_the_finding_has_says_that_it_stands(contract: Contract) -> None:
    found = result_of(contract, Exchange(post(), answer({"detail": "Later"}, 429))).findings
    for finding in found:
        assert answered(contract, finding, answer({"detail": "Later"}, 429)).verdict == "stands"


def test_503_after_500_is_still_a_server_error(contract: Contract) -> None:
    (finding,) = result_of(contract, Exchange(post(), answer({"detail": "boom"}, 500))).findings
    assert answered(contract, finding, answer({}, 503)).verdict == "stands"


def test_503_says_nothing_of_another_finding(contract: Contract) -> None:
    (finding,) = result_of(contract, *sent(altering(uri=1), post())).findings
    assert answered(contract, finding, answer({}, 503)).verdict == "untestable"


def test_a_replay_tells_what_else_is_wrong(contract: Contract, wrong_uri: Finding) -> None:
    (exchange,) = sent(altering(account_id=5), post())
    replayed = answered(contract, wrong_uri, exchange.response)
    assert replayed.verdict == "gone"
    assert [other.pointer for other in replayed.others] == [
        "/components/schemas/ConversationResponse/properties/account_id/type"
    ]


def test_silence_says_nothing_of_what_was_found_in_a_response(contract: Contract, wrong_uri: Finding) -> None:
    replayed = answered(contract, wrong_uri, None)
    assert (replayed.verdict, replayed.reason) == (
        "untestable",
        "There is nothing to judge: the target broke off its reply.",
    )


def test_silence_stands_while_the_target_answers_others(contract: Contract) -> None:
    (finding,) = result_of(contract, Exchange(post(), trouble="broke off its reply")).findings
    assert answered(contract, finding, None).verdict == "stands"
    lost = answered(contract, finding, None, obstacle="It does not answer.")
    assert (lost.verdict, lost.reason) == ("untestable", "The target was lost on the way. It does not answer.")


def test_a_request_that_the_guard_withholds_tells_nothing(contract: Contract, wrong_uri: Finding) -> None:
    refusal = Refusal("budget", "no call is left")
    record = Record((Exchange(requests_of(wrong_uri)[0], refusal=refusal),))
    replayed = judge_replay(contract, wrong_uri, record, lambda: None)
    assert replayed.verdict == "untestable"
    assert "The guard did not send it: no call is left." in replayed.reason


def test_a_request_that_was_not_exchanged_tells_nothing(contract: Contract, wrong_uri: Finding) -> None:
    replayed = judge_replay(contract, wrong_uri, Record(), lambda: None)
    assert replayed.verdict == "untestable"
    assert "HTTP cannot carry" in replayed.reason


def drop_enum(text: str) -> str:
    """The spec without the members of the conversation's status."""
    head, name, rest = text.partition("    ConversationStatus:\n")
    lines = rest.splitlines(keepends=True)
    (start, *_) = [index for index, line in enumerate(lines) if line.strip().startswith("enum:")]
    end = next(index for index in range(start + 1, len(lines)) if not lines[index].strip().startswith("- "))
    return head + name + "".join(lines[:start] + lines[end:])


def replay_by(contract: Contract, finding: Finding, spec: str, folder: Path) -> Replay:
    """The outcome of a finding's replay after the spec has changed to a text: nothing is sent."""
    changed = folder / "openapi.yaml"
    changed.write_text(spec)
    return replay(read_contract(changed), finding_file(contract, finding), NOBODY, OPTIONS)


def test_a_statement_that_the_spec_has_no_more_cannot_be_told(contract: Contract, tmp_path: Path) -> None:
    finding = result_of(contract, *sent(altering(status="live"), post())).findings[0]
    replayed = replay_by(contract, finding, drop_enum(SPEC.read_text()), tmp_path)
    assert replayed.verdict == "untestable"
    assert "the statement at /components/schemas/ConversationStatus/enum is there no more" in replayed.reason


def test_an_operation_that_the_spec_has_no_more_cannot_be_told(
    contract: Contract, wrong_uri: Finding, tmp_path: Path
) -> None:
    spec = SPEC.read_text().replace("/conversations/create_phone_call:", "/calls:")
    replayed = replay_by(contract, wrong_uri, spec, tmp_path)
    assert replayed.verdict == "untestable"
    assert "it has no operation POST /conversations/create_phone_call any more" in replayed.reason


def of_the_witness(contract: Contract, check: str) -> Finding:
    """A finding of Schemathesis alone, of a call."""
    judged = hear_witness(
        judge(contract, [replace(call, id="1") for call in sent(conforming(), post())]), [statement(check)]
    )
    (finding,) = find_findings(contract, judged, Circumstances(lambda _: "the suite --seed 5"))
    return finding


def test_a_check_of_the_witness_that_looks_beyond_one_exchange_takes_a_whole_run(contract: Contract) -> None:
    file = finding_file(contract, of_the_witness(contract, "use_after_free"))
    replayed = replay(contract, file, NOBODY, OPTIONS)
    assert replayed.verdict == "untestable"
    assert "is made only by whole runs of the suite: the suite --seed 5" in replayed.reason


@pytest.mark.parametrize(
    ("testimony", "verdict"), [([statement("content_type_conformance")], "stands"), ([], "gone"), (None, "untestable")]
)
def test_the_witness_is_asked_about_todays_exchange(
    contract: Contract, testimony: list[Testimony] | None, verdict: str
) -> None:
    record = Record(tuple(replace(each, id="1") for each in sent(conforming(), post())))
    finding = of_the_witness(contract, "content_type_conformance")
    assert judge_replay(contract, finding, record, lambda: None, lambda _: testimony).verdict == verdict


@pytest.mark.slow
def test_a_finding_of_the_witness_is_gone_once_schemathesis_has_nothing_to_say(
    contract: Contract, stage: Stage
) -> None:
    file = finding_file(contract, of_the_witness(contract, "response_schema_conformance"))
    replayed = stage.replay(contract, file, create_app(judge_with_token(TOKEN)))
    assert (replayed.verdict, replayed.reason.partition(" finds")[0]) == ("gone", "response_schema_conformance")


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), ("{", "is not a finding"), ('{"target": 1}', "is not a finding"), ("[]", "is not a")],
)
def test_a_file_that_is_no_finding_is_told_with_the_reason(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "finding.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(FileError, match=said):
        read_finding(path)


@dataclass
class Stage:
    """A server whose application can be changed while it runs."""

    app: ASGIApp = field(default_factory=conforming)
    url: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    def replay(self, contract: Contract, file: FindingFile, app: ASGIApp, token: str = TOKEN) -> Replay:
        """Replays a finding against an application through a guard, as a user's replay goes."""
        self.app = app
        return replay(contract, file, Target("a test's", self.url, token), OPTIONS)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with ExitStack() as stack:
        stage = Stage()
        stage.url = stack.enter_context(running(stage))
        yield stage


def with_request(contract: Contract, finding: Finding, request: Request) -> FindingFile:
    """The file of a finding that was found with another request."""
    found = result_of(contract, Exchange(request, answer({"detail": "boom"}, 500))).findings[0]
    return finding_file(contract, structs.replace(finding, examples=found.examples))


@pytest.mark.slow
def test_a_request_is_sent_again_byte_for_byte(contract: Contract, stage: Stage) -> None:
    received: list[ReceivedRequest] = []

    def refuse_other_bytes(request: ReceivedRequest) -> CreateCall | Answer:
        received.append(request)
        is_utf8 = request.body == request.body.decode(errors="ignore").encode()
        return judge_with_token(TOKEN)(request) if is_utf8 else Answer(500, {"detail": "boom"})

    headers = Headers([("X-Odd", "a"), *AUTHORIZED, ("x-ODD", "b; c=1")])
    app = create_app(refuse_other_bytes)
    finding = result_of(contract, *sent(app, post(b'{"to_number": "\xff"}', headers), token=TOKEN)).findings[0]
    first = received[-1]
    assert stage.replay(contract, finding_file(contract, finding), app).verdict == "stands"
    again = received[-1]
    assert again.body == first.body
    guards_own = {"host", "content-length", "accept-encoding"}
    sent_fields = [[each for each in request.headers if each[0] not in guards_own] for request in (first, again)]
    assert sent_fields[0] == sent_fields[1]


@pytest.mark.slow
def test_credentials_are_sent_by_what_they_are_made_of_and_never_shown(contract: Contract, stage: Stage) -> None:
    fault = catalogue()["a prefix of the token accepted"]
    app = fault.make_app(TOKEN)
    file = next(each for each in find(contract, app) if fault.caught_by in each.finding.checks)
    replayed = stage.replay(contract, file, app)
    assert replayed.verdict == "stands"
    shown = f"{encode_part(file)} {describe_replay(file, replayed, contract.spec.sha256)} {replayed}"
    assert "{token:prefix}" in shown
    assert TOKEN.lower()[:-1] not in shown.lower()


def test_the_length_of_what_is_sent_again_is_said_anew(contract: Contract, stage: Stage, wrong_uri: Finding) -> None:
    odd = [("Content-Length", "3"), ("Transfer-Encoding", "gzip"), ("X-Wide", " \tvalue ")]
    file = with_request(contract, wrong_uri, post(headers=Headers([*AUTHORIZED, *odd])))
    assert stage.replay(contract, file, create_app(judge_with_token(TOKEN))).verdict == "gone"


@pytest.mark.slow
def test_a_request_that_http_cannot_carry_tells_nothing(contract: Contract, stage: Stage, wrong_uri: Finding) -> None:
    file = with_request(contract, wrong_uri, post(headers=Headers([*AUTHORIZED, ("X Odd", "a\nb")])))
    replayed = stage.replay(contract, file, create_app(judge_with_token(TOKEN)))
    assert replayed.verdict == "untestable"
    assert "HTTP cannot carry" in replayed.reason


@pytest.mark.slow
def test_a_refused_token_says_nothing_of_a_finding(contract: Contract, stage: Stage, wrong_uri: Finding) -> None:
    file = finding_file(contract, wrong_uri)
    replayed = stage.replay(contract, file, create_app(judge_with_token(TOKEN)), token="another")
    assert replayed.verdict == "untestable"
    assert "refuses the token" in replayed.reason


@pytest.mark.slow
def test_a_target_that_is_down_says_nothing_of_a_finding(contract: Contract, wrong_uri: Finding) -> None:
    replayed = replay(contract, finding_file(contract, wrong_uri), NOBODY, replace(OPTIONS, connect_timeout=0.1))
    assert replayed.verdict == "untestable"
    assert "cannot be reached" in replayed.reason


def with_sent(file: FindingFile, before: int = 0, **changes: object) -> FindingFile:
    """A file whose requests somebody edited: this many before the last one, and all with these changes."""
    request = structs.replace(file.finding.example.request, **changes)
    return with_example(file, request=request, before=(request,) * before)


def with_example(file: FindingFile, **changes: object) -> FindingFile:
    """A file whose example somebody edited."""
    example = structs.replace(file.finding.example, **changes)
    return structs.replace(file, finding=structs.replace(file.finding, examples=(example,)))


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "POST", "target": "/accounts"},
        {"method": "POST", "target": "/conversations/create_phone_call/x"},
        {"method": "POST", "target": "http://elsewhere.example/conversations/create_phone_call"},
        {"method": "PURGE"},
    ],
)
@pytest.mark.parametrize("is_before", [False, True])
def test_only_requests_of_the_findings_operation_are_sent(
    contract: Contract, wrong_uri: Finding, changes: dict[str, Any], *, is_before: bool
) -> None:
    file = finding_file(contract, wrong_uri)
    edited = with_sent(file, **changes)
    if is_before:
        edited = with_example(file, before=(edited.finding.example.request,))
    replayed = replay(contract, edited, NOBODY, OPTIONS)
    assert replayed.verdict == "untestable"
    assert "its file would send" in replayed.reason


@pytest.mark.slow
def test_a_file_cannot_lift_the_limit_of_calls(contract: Contract, stage: Stage, wrong_uri: Finding) -> None:
    received: list[str] = []

    async def crash(scope: Scope, receive: Receive, send: Send) -> None:
        received.append(scope["path"])
        await PlainTextResponse("boom", 500)(scope, receive, send)

    headers = (("Authorization", "Bearer {token}"), ("x-schemathesis-testcaseid", "preflight-1"))
    file = with_sent(finding_file(contract, wrong_uri), before=50, headers=headers, body="{}")
    stage.app = crash
    replayed = replay(contract, file, Target("a test's", stage.url, TOKEN), replace(OPTIONS, max_calls=1))
    assert replayed.verdict == "untestable"
    assert "the limit of calls is reached" in replayed.reason
    preflights = 1
    assert len(received) == preflights + 1


def test_a_file_names_neither_the_host_nor_the_guards_fields(contract: Contract, wrong_uri: Finding) -> None:
    headers = (("host", "elsewhere.example"), ("X-Contract-Guard", "x"), ("X-Schemathesis-TestCaseId", "1"), ("A", "b"))
    file = with_sent(finding_file(contract, wrong_uri), before=1, headers=headers, base_url="http://elsewhere.example")
    assert [(each.headers, each.base_url) for each in requests_of(file.finding)] == [((("A", "b"),), "")] * 2


def test_a_body_that_is_no_base64_makes_no_finding(contract: Contract, wrong_uri: Finding, tmp_path: Path) -> None:
    file = with_sent(finding_file(contract, wrong_uri), body="x")
    path = tmp_path / "finding.json"
    path.write_text(encode_part(file).replace('"body_is_base64":false', '"body_is_base64":true'))
    with pytest.raises(FileError, match="is not a finding"):
        read_finding(path)


def test_no_text_of_a_file_reaches_the_terminal_with_control_characters(contract: Contract, wrong_uri: Finding) -> None:
    evil = "\x1b[2J\r\u202e"
    texts = dict.fromkeys(["headline", "detail", "pointer", "location", "reproduce", "witness"], evil)
    finding = structs.replace(wrong_uri, **texts, check=evil, sent_for=(evil,))
    file = with_sent(finding_file(contract, finding), method=evil, target=evil, body=evil)
    file = structs.replace(file, spec_version=f"{evil}\ngone: ", spec_sha256=evil)
    said = describe_replay(file, replay(contract, file, NOBODY, OPTIONS), contract.spec.sha256)
    assert not {"\x1b", "\r", "\u202e"} & set(said)
    assert "\ngone: " not in said


@pytest.mark.parametrize(
    ("name", "response", "sha256"),
    [
        ("stands", answer({"uri": 1}), None),
        ("gone", answer({"uri": "/conversations/1"}), None),
        ("untestable", answer(b"\x1b[31mLater", 429), None),
        ("gone-by-another-spec", answer({"uri": "/conversations/1"}), "another"),
    ],
)
def test_a_replay_in_words(
    contract: Contract, golden: Golden, name: str, response: Response, sha256: str | None
) -> None:
    finding = next(
        finding
        for finding in result_of(contract, Exchange(post(), answer({"uri": 1}))).findings
        if finding.pointer.endswith("/uri/type")
    )
    file = finding_file(contract, finding)
    replayed = answered(contract, finding, response)
    said = describe_replay(file, replayed, sha256 or contract.spec.sha256)
    golden(f"terminal/replay-{name}", without_places(contract, said) + "\n")
