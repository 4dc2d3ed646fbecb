"""Child processes: what they inherit, which one is used, and how they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from contract_tests.runtime.child import Child, end_unused, start, start_early
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODULE = "tests.support.talking_child"
PATIENCE = 60.0
"""How long a child's word is waited for, in seconds; no test waits for its end."""
SECRETS = ("VOICEOS_TOKEN", "A_TOKEN", "HTTP_PROXY", "PYTEST_ADDOPTS", "PYTHONSTARTUP", "SCHEMATHESIS_HOOKS")


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child(MODULE)
    try:
        yield child
    finally:
        child.end()


def ask(child: Child, question: str) -> object:
    child.channel.send(question)
    assert child.channel.poll(PATIENCE)
    return child.channel.recv()


def test_a_child_gets_none_but_the_listed_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, "a secret")
    monkeypatch.setenv("SSL_CERT_FILE", "authorities.pem")
    child = Child(MODULE)
    try:
        environment = ask(child, "environment")
    finally:
        child.end()
    assert isinstance(environment, dict)
    assert environment["SSL_CERT_FILE"] == "authorities.pem"
    assert not set(SECRETS) & set(environment)
    assert "a secret" not in environment.values()


def test_a_child_that_was_started_early_is_the_one_that_is_used() -> None:
    before = set(psutil.Process().children())
    start_early(MODULE)
    (early,) = set(psutil.Process().children()) - before
    first, second = start(MODULE), start(MODULE)
    try:
        assert ask(first, "pid") == early.pid
        assert ask(second, "pid") != early.pid
    finally:
        first.end()
        second.end()


def test_a_child_that_was_started_early_and_that_nobody_took_is_ended() -> None:
    before = set(psutil.Process().children())
    start_early(MODULE)
    end_unused()
    assert set(psutil.Process().children()) <= before


def test_ctrl_c_does_not_reach_a_child(child: Child) -> None:
    group = ask(child, "group")
    assert group == ask(child, "pid") != os.getpgrp()


def test_a_child_is_told_to_end_and_its_exit_code_is_known(child: Child) -> None:
    assert child.wait(0) is None
    assert child.end() == -signal.SIGTERM
    assert child.wait(0) == -signal.SIGTERM
    assert child.end() == -signal.SIGTERM


def test_a_child_that_does_not_hear_is_ended_with_force(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contract_tests.runtime.child.GRACE", 0.1)
    assert ask(child, "be deaf") == "deaf"
    assert child.end() == -signal.SIGKILL


def test_output_of_a_child_is_kept_from_the_terminal(child: Child, capfd: pytest.CaptureFixture[str]) -> None:
    child.channel.send("fail")
    assert child.wait(PATIENCE) == 1
    child.end()
    assert child.output.endswith("RuntimeError: as it was told\n")
    assert capfd.readouterr() == ("", "")


def test_a_listener_hears_all_that_a_child_says_and_of_its_end(child: Child) -> None:
    heard: list[object] = []
    child.listen(heard.append, lambda: heard.append("the end"))
    child.channel.send("pid")
    child.channel.send("leave")
    assert child.wait(PATIENCE) == 0
    child.end()
    assert len(heard) == 2
    assert heard[-1] == "the end"


ORPHANING = """
import signal
from contract_tests.runtime.child import Child

child = Child("tests.support.talking_child")
child.channel.send("{wish}")
print(child.channel.recv(), flush=True)
signal.pause()
"""


@pytest.mark.parametrize("wish", ["pid", "listen"], ids=["waiting for its work", "at its work"])
def test_a_child_ends_with_its_parent_when_that_is_killed(wish: str, tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", ORPHANING.format(wish=wish)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    assert psutil.wait_procs([child], timeout=PATIENCE)[1] == []
