"""The texts that all chunks of a recording had before: exact, in bounded memory."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType
    from typing import Self

    from contract_tests.judge.partial import Hashes
    from contract_tests.traffic.judging import JudgedChunk

IN_MEMORY: Final = 500_000
"""How many hashes are kept in memory, in some 100 bytes each. More of them go to a temporary file."""
_CACHE: Final = -32 * 1024
"""The memory that the database takes at most: 32 MiB, in its own unit."""


class EarlierTexts:
    """The hashes of the texts that the chunks so far had, by checks."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._room = in_memory
        self._hashes: set[bytes] = set()
        self._file: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        """Gives itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Removes the temporary file, if there is one."""
        if self._file:
            self._file.close()

    def add(self, chunk: JudgedChunk) -> Hashes:
        """Adds the texts of the next chunk, and gives those that it took for new though chunks before it had them."""
        repeated = {name: frozenset(self._known(name, hashes)) for name, hashes in chunk.missed.items()}
        self._note(_tagged(name, digest) for name, hashes in chunk.noted.items() for digest in hashes)
        return {name: hashes for name, hashes in repeated.items() if hashes}

    def _known(self, name: str, hashes: Iterable[bytes]) -> Iterator[bytes]:
        for digest in hashes:
            tagged = _tagged(name, digest)
            if tagged in self._hashes or (self._file and self._is_in_file(self._file, tagged)):
                yield digest

    def _is_in_file(self, file: sqlite3.Connection, tagged: bytes) -> bool:
        return file.execute("SELECT 1 FROM texts WHERE hash = ?", (tagged,)).fetchone() is not None

    def _note(self, hashes: Iterable[bytes]) -> None:
        self._hashes.update(hashes)
        if len(self._hashes) > self._room:
            self._file = self._file or _open_file()
            self._file.executemany("INSERT OR IGNORE INTO texts VALUES (?)", ((each,) for each in self._hashes))
            self._hashes.clear()


def _open_file() -> sqlite3.Connection:
    """A database in a temporary file, which SQLite removes once it is closed."""
    file = sqlite3.connect("", isolation_level=None)
    file.execute(f"PRAGMA cache_size = {_CACHE}")
    file.execute("PRAGMA journal_mode = OFF")
    file.execute("CREATE TABLE texts (hash BLOB PRIMARY KEY) WITHOUT ROWID")
    return file


def _tagged(name: str, digest: bytes) -> bytes:
    """The hash of a text together with the check that remembers it."""
    return digest + name.encode()
