"""The one mock that the pages' commands and code talk to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.runtime.serving import running
from contract_tests.servers.on_demand import MockServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def docs_mock() -> Iterator[MockServer]:
    """A mock that takes the token of the pages, and does as it is told."""
    server = MockServer()
    with running(server.app()) as server.url:
        yield server
        server.release()


@pytest.fixture
def mock(docs_mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> MockServer:
    """The mock, as new; clients that are made without arguments talk to it."""
    docs_mock.reset()
    monkeypatch.setenv("VOICEOS_BASE_URL", docs_mock.url)
    monkeypatch.setenv("VOICEOS_TOKEN", docs_mock.token)
    return docs_mock
