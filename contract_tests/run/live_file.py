"""The file that live traffic is saved to, masked. Whatever becomes of it, the traffic passes and is judged."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from contract_tests.run.masking import masks_of_recording
from contract_tests.traffic.formats.ndjson import write_entry
from contract_tests.traffic.masking import TokenFinder, mask_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.traffic.entry import Entry


@contextmanager
def saving(path: Path, contract: Contract, tell: Callable[[str], None]) -> Iterator[Saved]:
    """Begins a file that only its owner may read: it holds what people say. Raises OSError if there can be none."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=0) as file:
        yield Saved(file, contract, tell)


class Saved:
    """The file. Once it takes no more, such as on a full disk, it keeps its whole lines and gets no other."""

    def __init__(self, file: BinaryIO, contract: Contract, tell: Callable[[str], None]) -> None:
        self._file = file
        self._tell = tell
        self._masking = _Masking(contract)
        self._length = 0
        self._is_over = False

    def write(self, entry: Entry) -> None:
        """Writes an exchange. Where that fails, it says so, once."""
        if self._is_over:
            return
        line = self._masking.mask(entry)
        try:
            _write_whole(self._file, write_entry(line))
        except OSError as error:
            self._end(error)
        else:
            self._length = self._file.tell() if self._file.seekable() else 0

    def _end(self, error: OSError) -> None:
        self._is_over = True
        with suppress(OSError):  # a pipe has no length
            self._file.truncate(self._length)
        self._tell(f"--save takes no more ({error}). All that passes is judged, and no longer saved.")


def _write_whole(file: BinaryIO, line: bytes) -> None:
    """Writes a line. A file without a buffer may take a part of it, such as on a disk that is nearly full."""
    while line:
        line = line[file.write(line) :]


class _Masking:
    """Masks entries. A token that came once is masked in all that follows."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._tokens: dict[str, None] = {}
        self._finder = TokenFinder(contract)
        self._masks = [*masks_of_recording(())]

    def mask(self, entry: Entry) -> Entry:
        """The entry as it may be kept."""
        new = dict.fromkeys(self._finder.find(entry)).keys() - self._tokens.keys()
        if new:
            self._tokens.update(dict.fromkeys(new))
            self._masks = [*masks_of_recording(self._tokens)]
        for mask in self._masks:
            entry = mask_entry(entry, self._contract, mask)
        return entry
