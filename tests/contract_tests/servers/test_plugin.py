"""The pytest plugin, as one has it who installed the package: from its wheel, for code of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import zipfile
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from contract_tests.servers.plugin import add_loopback
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Done = subprocess.CompletedProcess[str]
    Run = Callable[..., Done]

NOTHING: Mapping[str, str] = MappingProxyType({})

CALL = """
    import httpx, pytest
    from voiceos_client import AuthenticatedClient
    from voiceos_client.api.conversations import create_phone_call
    from voiceos_client.models import *  # all that a test needs
    from voiceos_client.types import UndocumentedResponse

    BODY = CreateCall(from_number="+12025550142", to_number="+12025550143", agent_id="a")

    def ring(**options):
        with AuthenticatedClient(**options) as client:
            return create_phone_call.sync(client=client, body=BODY)
"""


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


@pytest.fixture(scope="module")
def run(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs pytest on test files by their names, in a process that has the package from its wheel."""

    def run_pytest(blocked: str = "", variables: Mapping[str, str] = NOTHING, **files: str) -> Done:
        folder = tmp_path_factory.mktemp("mine")
        for name, tests in files.items():
            (folder / f"test_{name}.py").write_text(textwrap.dedent(CALL) + textwrap.dedent(tests))
        if blocked:
            (folder / f"{blocked}.py").write_text(f"raise ModuleNotFoundError(name={blocked!r})")
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "-W", "error"],
            check=False,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{folder}{os.pathsep}{site}", **variables},
            capture_output=True,
            text=True,
        )

    return run_pytest


MOCK = """
    def test_conforms(voiceos_mock):
        assert isinstance(ring(), ConversationResponse)
        assert [one.agent_id for one in voiceos_mock.calls] == ["a"]

    def test_compares_with_what_was_sent(voiceos_mock):
        ring()
        call = CreateCall(from_number="+12025550142", to_number="+12025550143", agent_id="a")
        assert voiceos_mock.calls == [call] == voiceos_mock.calls
        assert voiceos_mock.calls == [call.to_dict()]
        assert voiceos_mock.calls != [CreateCall(from_number="1", to_number="2")]

    def test_is_as_new():
        pass

    def test_refuses(voiceos_mock):
        assert voiceos_mock.calls == []
        voiceos_mock.refuse("to_number", message="No such number")
        answer = ring()
        assert isinstance(answer, HTTPValidationError)
        assert [(error.loc, error.msg) for error in answer.detail] == [(["body", "to_number"], "No such number")]
        assert isinstance(ring(), ConversationResponse)

    @pytest.mark.parametrize("status", [500, 520])
    def test_fails(voiceos_mock, status):
        voiceos_mock.fail(status)
        answer = ring()
        assert isinstance(answer, UndocumentedResponse)
        assert answer.status_code == status
        assert isinstance(ring(), ConversationResponse)

    def test_says_what_the_contract_does_not_know(voiceos_mock):
        voiceos_mock.change(status="paused", new=[1])
        answer = ring()
        assert (answer.status.value, answer.status.is_documented, answer["new"]) == ("paused", False, [1])

    def test_answers_as_told(voiceos_mock):
        voiceos_mock.answer(401, {"detail": "Expired"})
        assert ring() == ErrorResponse(detail="Expired")

    def test_is_slow(voiceos_mock):
        voiceos_mock.delay(60)
        with pytest.raises(httpx.ReadTimeout):
            ring(timeout=httpx.Timeout(0.1))
        assert len(voiceos_mock.calls) == 1

    def test_forgets(voiceos_mock):
        assert voiceos_mock.calls == []
        assert isinstance(ring(), ConversationResponse)

    def test_takes_its_token_only(voiceos_mock):
        assert ring(token="another") == ErrorResponse(detail="Invalid token")
        assert voiceos_mock.calls == []
"""

WRONG = """
    def send(voiceos_mock, body):
        fields = {"Authorization": f"Bearer {voiceos_mock.token}"}
        return httpx.post(f"{voiceos_mock.url}/conversations/create_phone_call", json=body, headers=fields)
"""


BREACHES = (
    WRONG
    + """
    def test_sends_a_number_as_a_number(voiceos_mock):
        assert send(voiceos_mock, {"from_number": 1, "to_number": "+12025550143"}).status_code == 422

    def test_means_to(voiceos_mock):
        assert send(voiceos_mock, {}).status_code == 422
        voiceos_mock.forgive()

    def test_fails_by_itself(voiceos_mock):
        send(voiceos_mock, {})
        assert not "by itself"

    def test_is_refused_on_demand(voiceos_mock):
        voiceos_mock.refuse("to_number")
        ring()
"""
)

TRAFFIC = """
    def test_conforms(voiceos_mock, voiceos_traffic):
        ring()
        assert voiceos_traffic.findings() == []
        assert len(voiceos_traffic.exchanges) == 1

    def test_meets_a_server_that_breaks_a_rule(voiceos_mock, voiceos_traffic):
        voiceos_mock.change(status="ended", ended_at=None)
        ring()

    def test_expects_it(voiceos_mock, voiceos_traffic):
        voiceos_mock.change(status="paused")
        ring()
        assert len(voiceos_traffic.findings()) == 1
        voiceos_traffic.forgive()
"""

PROXY = """
    import os, threading

    is_over, told = threading.Event(), []

    def ring_when_the_test_is_over():
        is_over.wait()
        try:
            told.append(ring())
        except httpx.ConnectError as error:
            told.append(error)

    thread = threading.Thread(target=ring_when_the_test_is_over)

    def test_starts_a_thread(voiceos_mock):
        thread.start()

    def test_goes_on():
        is_over.set()
        thread.join()
        assert [type(each) for each in told] == [httpx.ConnectError]
        assert "127.0.0.1" in os.environ["VOICEOS_BASE_URL"]
        assert os.environ["no_proxy"] == os.environ["NO_PROXY"] == "example.com,127.0.0.1"

    def test_has_the_mock_again(voiceos_mock):
        assert voiceos_mock.calls == []
        assert isinstance(ring(), ConversationResponse)
"""


LOST = """
    def test_loses_an_exchange(voiceos_mock, voiceos_traffic, monkeypatch):
        monkeypatch.setattr("voiceos_client.recording.MAX_WAITING", 0)
        ring()
"""

REFUSED = """
    @pytest.fixture
    def called():
        ring()

    def test_uses_the_mock(voiceos_mock):
        ring()

    def test_rings_without_it():
        ring()

    def test_wraps_what_is_raised():
        try:
            ring()
        except httpx.ConnectError as error:
            raise ValueError("no call") from error

    def test_rings_at_its_start(called):
        pass

    def test_fails_by_itself():
        try:
            raise httpx.ConnectError("of no request")
        finally:
            ring(base_url="http://127.0.0.1:9")
"""


@pytest.fixture(scope="module")
def done(run: Run) -> Done:
    """One run of all test files, where a proxy is set up that is not there."""
    variables = {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "example.com"}
    return run(variables=variables, mock=MOCK, breaches=BREACHES, traffic=TRAFFIC, proxy=PROXY)


def outcomes(done: Done, name: str) -> tuple[int, set[str]]:
    """How many tests of a file passed, and the names of those that did not."""
    ended = re.findall(rf"^(PASSED|FAILED|ERROR) test_{name}\.py::([\w\[\]]+)", done.stdout, re.MULTILINE)
    return sum(how == "PASSED" for how, _ in ended), {test for how, test in ended if how != "PASSED"}


@pytest.mark.slow
def test_the_mock_answers_as_it_is_told_and_once(done: Done) -> None:
    assert outcomes(done, "mock") == (11, set()), done.stdout + done.stderr


@pytest.mark.slow
def test_a_test_fails_whose_code_breaks_the_contract_with_the_words_of_the_finding(done: Done) -> None:
    failed = {"test_sends_a_number_as_a_number", "test_fails_by_itself"}
    assert outcomes(done, "breaches") == (2, failed), done.stdout + done.stderr
    assert "your request breaks the contract: /from_number: 1 is not of type" in done.stdout
    assert "spec/openapi.yaml:" in done.stdout
    assert 'assert not "by itself"' in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.slow
def test_the_traffic_with_any_server_is_judged(done: Done) -> None:
    assert outcomes(done, "traffic") == (2, {"test_meets_a_server_that_breaks_a_rule"}), done.stdout + done.stderr
    assert "the server breaks the contract: " in done.stdout
    assert "ended_at" in done.stdout


@pytest.mark.slow
def test_under_a_proxy_the_mock_is_reached_and_a_thread_that_outlives_its_test_reaches_nobody(done: Done) -> None:
    assert outcomes(done, "proxy") == (3, set()), done.stdout + done.stderr


@pytest.mark.slow
def test_a_test_fails_of_whose_traffic_a_part_is_not_judged(run: Run) -> None:
    done = run(mine=LOST)
    assert outcomes(done, "mine") == (0, {"test_loses_an_exchange"}), done.stdout
    assert "not all of the traffic was judged: BufferError: more than 0 MiB waited to be written" in done.stdout


@pytest.mark.slow
def test_a_client_that_is_refused_after_the_mock_says_why_and_what_to_do(run: Run) -> None:
    done = run(mine=REFUSED)
    assert outcomes(done, "mine")[0] == 1
    assert done.stdout.count("voiceos_mock: nobody was asked.") == 3, done.stdout
    assert "or give it a base_url." in done.stdout


@pytest.mark.slow
def test_without_the_packages_of_the_judge_a_test_with_a_doubtful_request_says_what_to_install(run: Run) -> None:
    tests = """
    def test_conforms(voiceos_mock):
        ring()

    def test_does_not(voiceos_mock):
        send(voiceos_mock, {})
    """
    done = run(blocked="ijson", mine=WRONG + tests)
    assert "1 failed, 1 passed" in done.stdout
    assert "the judge of the traffic does not run" in done.stdout
    assert "pip install 'voiceos-contract[pytest]'" in done.stdout


@pytest.mark.parametrize(("given", "exempt"), [("", "127.0.0.1"), ("a.example", "a.example,127.0.0.1"), ("*", "*")])
def test_this_machine_joins_the_hosts_that_no_proxy_is_asked_for(given: str, exempt: str) -> None:
    assert add_loopback(given) == exempt


@pytest.mark.slow
def test_without_the_extra_pytest_runs_and_the_fixture_names_it(run: Run) -> None:
    tests = """
    def test_of_something_else():
        pass

    def test_with_the_mock(voiceos_mock):
        pass
    """
    done = run(blocked="starlette", mine=tests)
    assert "1 passed, 1 error" in done.stdout
    assert "voiceos_mock needs starlette: pip install 'voiceos-contract[pytest]'" in done.stdout


def test_the_plugin_imports_nothing_before_it_is_asked_to() -> None:
    heavy = "{'starlette', 'httpx', 'pydantic', 'uvicorn'}"
    code = f"import sys, contract_tests.servers.plugin; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
