"""A pytest plugin for those who call the API: a mock that fails on demand, and a judge of what their code sends.

pytest loads it wherever the package is installed, so that it imports nothing before a test asks for a fixture.
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from voiceos_client.recording import Recorder

    from contract_tests.servers.on_demand import MockServer
    from contract_tests.servers.watch import Judge, Watch

_LOOPBACK: Final = "127.0.0.1"
_JUDGED: Final = pytest.StashKey[list["Callable[[], list[str]]"]]()
"""Where a test keeps the questions after what breaks the contract in its traffic."""


_NOWHERE: Final = pytest.StashKey[str]()
"""Where a session keeps the URL that leads nowhere, once a test has used the mock."""
_REFUSED: Final = (
    "voiceos_mock: nobody was asked. Once a test has used this fixture, a client that is made without base_url outside "
    "of such a test gets an address that refuses every connection, so that it rings nobody. Make the client in a test "
    "that uses voiceos_mock, or give it a base_url."
)


@pytest.fixture
def voiceos_mock(
    request: pytest.FixtureRequest,
    _voiceos_server: MockServer,
    _voiceos_judge: Judge,
    monkeypatch: pytest.MonkeyPatch,
) -> MockServer:
    """The mock, as new. The client's environment variables name it, so that no client of the test rings anybody.

    The test fails if a request breaks the contract, unless it calls `forgive`.
    """
    from contract_tests.servers.watch import may_break  # noqa: PLC0415 - see above

    _voiceos_server.reset()
    _name(_voiceos_server.url, _voiceos_server.token, monkeypatch)

    def findings() -> list[str]:
        doubtful = [each for each in _voiceos_server.exchanges if may_break(each)]
        return _voiceos_judge.texts(doubtful) if doubtful else []

    request.node.stash.setdefault(_JUDGED, []).append(findings)
    return _voiceos_server


@pytest.fixture
def voiceos_traffic(request: pytest.FixtureRequest, _voiceos_judge: Judge) -> Iterator[Watch]:
    """The traffic of all clients of voiceos_client in a test, with whichever server.

    The test fails if a request or a response breaks the contract, unless it calls `forgive`.
    """
    from voiceos_client.recording import Recorder, listening  # noqa: PLC0415 - see above

    from contract_tests.servers.watch import Watch  # noqa: PLC0415 - see above

    exchanges: list[dict[str, Any]] = []
    recorder = Recorder(exchanges.append)
    watch = Watch(_voiceos_judge, exchanges, partial(_catch_up, recorder))
    request.node.stash.setdefault(_JUDGED, []).append(watch.findings)
    with listening(recorder):
        yield watch


def _catch_up(recorder: Recorder) -> str | None:
    """Waits until a recorder has written all that it took. The reason why it has not, if so."""
    if not recorder.flush():
        return "it is still being recorded"
    return recorder.problem


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fails a test that would pass, if its traffic breaks the contract."""
    yield
    questions = item.stash.get(_JUDGED, [])
    if questions:
        _fail_for(questions)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Says why a client was refused that has the address which leads nowhere."""
    nowhere = item.config.stash.get(_NOWHERE, None)
    if nowhere and call.excinfo and any(_is_about(error, nowhere) for error in _chain(call.excinfo.value)):
        call.excinfo.value.add_note(_REFUSED)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and those that it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_about(error: BaseException, url: str) -> bool:
    """Tells whether an exception of a client, such as httpx or Requests, is about a request to a base URL."""
    try:
        return str(error.request.url).startswith(url)  # type: ignore[attr-defined] # others have none
    except (AttributeError, RuntimeError):  # httpx raises the latter where an exception has no request
        return False


def _fail_for(questions: list[Callable[[], list[str]]]) -> None:
    from contract_tests.servers.watch import JudgeError  # noqa: PLC0415 - see above

    try:
        texts = list(dict.fromkeys(text for findings in questions for text in findings()))
    except JudgeError as error:
        texts = [str(error)]
    if texts:
        pytest.fail("\n".join(texts), pytrace=False)


@pytest.fixture(scope="session")
def _voiceos_judge() -> Iterator[Judge]:
    from contract_tests.servers.watch import Judge  # noqa: PLC0415 - see above

    judge = Judge()
    yield judge
    judge.end()


@pytest.fixture(scope="session")
def _voiceos_server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    try:
        from contract_tests.runtime.serving import running  # noqa: PLC0415 - see the module's docstring
        from contract_tests.servers.on_demand import MockServer  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        pytest.fail(f"voiceos_mock needs {error.name}: pip install 'voiceos-contract[pytest]'", pytrace=False)
    server = MockServer()
    with _nowhere() as url, pytest.MonkeyPatch.context() as environment, running(server.app()) as server.url:
        # A thread of a test may outlive it, and make a client then: without this, one for production.
        _name(url, server.token, environment)
        request.config.stash[_NOWHERE] = url
        _exempt_from_proxies(environment)
        yield server
        server.release()


def _name(url: str, token: str, environment: pytest.MonkeyPatch) -> None:
    """Has clients that are made without arguments take this base URL and this token."""
    from voiceos_client.defaults import BASE_URL_VARIABLE, TOKEN_VARIABLE  # noqa: PLC0415 - see above

    environment.setenv(BASE_URL_VARIABLE, url)
    environment.setenv(TOKEN_VARIABLE, token)


@contextmanager
def _nowhere() -> Iterator[str]:
    """The URL of a port that refuses every connection. Nobody else can take it while the block runs."""
    with socket.socket() as unheard:
        unheard.bind((_LOOPBACK, 0))
        yield f"http://{_LOOPBACK}:{unheard.getsockname()[1]}"


def _exempt_from_proxies(environment: pytest.MonkeyPatch) -> None:
    """Has clients ask this machine itself, and no proxy. Libraries read either name of the variable."""
    exempt = add_loopback(os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "")
    for name in ("no_proxy", "NO_PROXY"):
        environment.setenv(name, exempt)


def add_loopback(exempt: str) -> str:
    """Adds this machine to the hosts that no proxy is asked for, as `NO_PROXY` lists them.

    >>> add_loopback("example.com")
    'example.com,127.0.0.1'
    """
    is_for_all = exempt.strip() == "*"  # some libraries know it only where it stands alone
    return exempt if is_for_all else ",".join(filter(None, [exempt, _LOOPBACK]))
