"""A pytest plugin for those who call the API: the mock to test their own code against, which fails on demand.

pytest loads it wherever the package is installed, so that it imports nothing before a test asks for `voiceos_mock`.
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.servers.on_demand import MockServer

_LOOPBACK: Final = "127.0.0.1"


@pytest.fixture
def voiceos_mock(_voiceos_server: MockServer, monkeypatch: pytest.MonkeyPatch) -> MockServer:
    """The mock, as new. The client's environment variables name it, so that no client of the test rings anybody."""
    _voiceos_server.reset()
    _name(_voiceos_server.url, _voiceos_server.token, monkeypatch)
    return _voiceos_server


@pytest.fixture(scope="session")
def _voiceos_server() -> Iterator[MockServer]:
    try:
        from contract_tests.runtime.serving import running  # noqa: PLC0415 - see the module's docstring
        from contract_tests.servers.on_demand import MockServer  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        pytest.fail(f"voiceos_mock needs {error.name}: pip install 'voiceos-contract[pytest]'", pytrace=False)
    server = MockServer()
    with _nowhere() as url, pytest.MonkeyPatch.context() as environment, running(server.app()) as server.url:
        # A thread of a test may outlive it, and make a client then: without this, one for production.
        _name(url, server.token, environment)
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
