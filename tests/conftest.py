"""What several tests need: the repository's places, the contract, and the mock on a free port."""

from __future__ import annotations

import gc
import signal
import ssl
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import is_hypothesis_test, settings

from contract_tests.contract.contract import Contract, read_contract
from contract_tests.runtime.serving import running
from contract_tests.servers.mock import create_app, judge_with_token
from spec import paths
from tests.support.golden import REWRITE, Golden

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = paths.ROOT
EXPLORING = ("slow", "nightly")
"""The markers of the runs in which property tests try new examples."""
_COLLECTED: Final = 50_000
"""How many more objects there must be until the garbage collector looks through the young ones."""
TOKEN = "the-right-token"  # noqa: S105 - of a server that lives as long as a test


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(REWRITE, action="store_true", help="write the files under tests/golden/ anew")


def pytest_configure(config: pytest.Config) -> None:
    """Has property tests try the same few examples in a default run, new ones in a slow run, many in a nightly one.

    The garbage collector would look at the same contracts and plans again and again, for a twentieth of a run's time.
    """
    gc.set_threshold(_COLLECTED)
    settings.register_profile("repeating", deadline=None, derandomize=True, max_examples=25)
    settings.register_profile("slow", deadline=None, max_examples=50)
    settings.register_profile("nightly", deadline=None, max_examples=400)
    settings.load_profile(config.option.markexpr if config.option.markexpr in EXPLORING else "repeating")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Leaves a nightly test out of a slow run, and adds all property tests to a slow run and to a nightly one."""
    if item.get_closest_marker("nightly"):
        item.own_markers = [marker for marker in item.own_markers if marker.name != "slow"]
    if item.config.option.markexpr in EXPLORING and is_hypothesis_test(getattr(item, "obj", None)):
        item.add_marker(item.config.option.markexpr)


def pytest_collection_finish() -> None:
    """Has the garbage collector pass over what was made by now: thousands of tests, and none of them is garbage."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Collects garbage once, with all that it tells. Pytest would pass over everything that tests keep five times."""
    gc.collect()
    gc.freeze()


def hear_ctrl_c() -> None:
    """For a child process: hears SIGINT as one in a terminal does, though CI may have told its jobs to ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def _same_authorities() -> Iterator[None]:
    """Has all clients of a process share the certificates of a file, as httpx loads them for each client anew.

    To load them takes longer than most tests.
    """
    create = ssl.create_default_context
    shared = cache(lambda file: create(cafile=file))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            ssl,
            "create_default_context",
            lambda *purpose, **given: (
                shared(given["cafile"]) if (purpose, *given) == ((), "cafile") else create(*purpose, **given)
            ),
        )
        yield


@pytest.fixture(scope="session")
def golden(pytestconfig: pytest.Config) -> Golden:
    return Golden(ROOT / "tests" / "golden", rewrites=pytestconfig.getoption(REWRITE))


@pytest.fixture(scope="session")
def contract() -> Contract:
    return read_contract(ROOT / "spec" / "openapi.yaml")


@pytest.fixture(scope="module")
def mock_url() -> Iterator[str]:
    with running(create_app(judge_with_token(TOKEN))) as url:
        yield url


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install .` would install."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target=wheel", f"--directory={folder}"]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    (file,) = folder.glob("*.whl")
    return file
