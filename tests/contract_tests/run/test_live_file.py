"""A file of live traffic holds whole lines, and one that takes no more keeps neither the traffic nor the judge."""

from __future__ import annotations

import errno
import io
import json
import os
from typing import TYPE_CHECKING

from contract_tests.run.live_file import Saved, saving
from contract_tests.traffic.entry import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract

ENTRY = Entry("GET", "http://a.example/x", None, b"", None)


class NearlyFull(io.FileIO):
    """A file on a disk that has room for so many bytes."""

    def __init__(self, path: Path, room: int) -> None:
        super().__init__(path, "w")
        self._room = room

    def write(self, data: object) -> int:
        """Takes as much as there is room for."""
        fitting = bytes(data)[: self._room]  # type: ignore[call-overload]
        if not fitting:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._room -= len(fitting)
        return super().write(fitting)


def test_each_exchange_is_a_line(tmp_path: Path, contract: Contract) -> None:
    with saving(tmp_path / "saved", contract, lambda _: None) as saved:
        saved.write(ENTRY)
        saved.write(ENTRY)
    lines = (tmp_path / "saved").read_text().splitlines()
    assert [json.loads(line)["request"]["method"] for line in lines] == ["GET", "GET"]


def test_on_a_full_disk_the_file_keeps_its_whole_lines_and_says_so_once(tmp_path: Path, contract: Contract) -> None:
    with saving(tmp_path / "one", contract, lambda _: None) as saved:
        saved.write(ENTRY)
    length = (tmp_path / "one").stat().st_size
    said: list[str] = []
    with NearlyFull(tmp_path / "full", 2 * length + 5) as file:
        saved = Saved(file, contract, said.append)
        for _ in range(4):
            saved.write(ENTRY)
    assert (tmp_path / "full").read_bytes() == 2 * (tmp_path / "one").read_bytes()
    assert said == [
        "--save takes no more ([Errno 28] No space left on device). All that passes is judged, and no longer saved."
    ]
