"""Python source is parsed by several threads at once."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from scripts.generate.python_source import parse
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = (ROOT / "generated" / "voiceos_client" / "models" / "agent_configuration.py").read_text()


class _Garbage:
    """What is only freed by the garbage collector, which then runs Python and lets other threads in."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        for _ in range(20):
            pass


@pytest.fixture
def _restless() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(10)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*thresholds)


@pytest.mark.slow
@pytest.mark.usefixtures("_restless")
def test_threads_do_not_disturb_each_other() -> None:
    def read(_: int) -> int:
        _Garbage()
        return len(parse(SOURCE).body)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(read, range(60)))) == 1


def test_what_is_no_python_is_refused() -> None:
    with pytest.raises(SyntaxError):
        parse("class")
