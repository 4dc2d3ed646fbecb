"""A result that cannot be written is told all the same, and leaves no half of a file."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from contract_tests.report import files
from contract_tests.run.publishing import publish
from contract_tests.run.unpublished import UnpublishedError
from contract_tests.target.options import Options
from contract_tests.telling import tell_unpublished
from spec.paths import ROOT
from tests.support.recordings import make_entry
from tests.support.repeating import write
from tests.support.report_results import named

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the page not fit any more."""

    def refuse(_: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "index.html")

    monkeypatch.setitem(files.FORMATS, "index.html", refuse)


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize(("name", "code"), [("violates", 1), ("conforms", 4)])
def test_what_was_found_is_told_where_no_report_can_be_written(
    name: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = Options(tmp_path, seed=1)
    with pytest.raises(UnpublishedError) as raised:
        publish(named(name), options)
    assert tell_unpublished(raised.value, options) == code
    said = capsys.readouterr()
    assert "No space left on device" in said.err
    assert said.out.splitlines()[-1].startswith(name)
    assert said.out.rstrip().endswith("and no reports")


def test_a_file_that_does_not_fit_leaves_no_half_of_itself(tmp_path: Path) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    source, folder = write(tmp_path, make_entry()), tmp_path / "report"
    folder.mkdir()
    command = (sys.executable, "-B", "-m", "contract_tests.recordings", source.name, "--report-dir", str(folder))
    ended = subprocess.run(command, cwd=ROOT, preexec_fn=limit, capture_output=True, text=True, check=False)
    assert ended.returncode == 8
    assert "ERROR: the reports cannot be written: [Errno 27] File too large" in ended.stderr
    assert ended.stdout.splitlines()[-1].startswith("incomplete: ")
    assert list(folder.iterdir()) == []
