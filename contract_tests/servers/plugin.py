"""A pytest plugin for those who call the API: the mock to test their own code against, which fails on demand.

pytest loads it wherever the package is installed, so that it imports nothing before a test asks for `voiceos_mock`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .on_demand import MockServer


@pytest.fixture
def voiceos_mock(_voiceos_server: MockServer, monkeypatch: pytest.MonkeyPatch) -> MockServer:
    """The mock, as new. The client's environment variables name it, so that no client of the test rings anybody."""
    from voiceos_client.defaults import BASE_URL_VARIABLE, TOKEN_VARIABLE  # noqa: PLC0415 - see above

    _voiceos_server.reset()
    monkeypatch.setenv(BASE_URL_VARIABLE, _voiceos_server.url)
    monkeypatch.setenv(TOKEN_VARIABLE, _voiceos_server.token)
    return _voiceos_server


@pytest.fixture(scope="session")
def _voiceos_server() -> Iterator[MockServer]:
    try:
        from ..runtime.serving import running  # noqa: PLC0415, TID252 - the wheel has this package under another name
        from .on_demand import MockServer  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        pytest.fail(f"voiceos_mock needs {error.name}: pip install 'voiceos-contract[pytest]'", pytrace=False)
    server = MockServer()
    with running(server.app()) as server.url:
        yield server
        server.release()
