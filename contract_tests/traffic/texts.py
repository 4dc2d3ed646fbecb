"""The texts that all chunks of a recording had before, with the values kept for them: exact, in bounded memory."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType
    from typing import Self

    from contract_tests.judge.partial import Hashes, Texts
    from spec.json_value import Json

IN_MEMORY: Final = 500_000
"""How many hashes are kept in memory, in some 150 bytes each. More of them go to a temporary file."""
_CACHE: Final = -32 * 1024
"""The memory that the database takes at most: 32 MiB, in its own unit."""


class EarlierTexts:
    """The hashes of the texts that the chunks so far had, by memories."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._room = in_memory
        self._values: dict[bytes, Json] = {}
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

    def find(self, missed: Hashes) -> Texts:
        """The texts, of those that a chunk took for new, which chunks before it had."""
        found = {name: dict(self._find(name, hashes)) for name, hashes in missed.items()}
        return {name: texts for name, texts in found.items() if texts}

    def add(self, noted: Texts) -> None:
        """Adds the texts of the next chunk. A value that it has for a text replaces the one before."""
        for name, texts in noted.items():
            self._values.update((_tagged(name, digest), value) for digest, value in texts.items())
        if len(self._values) > self._room:
            self._file = self._file or _open_file()
            rows = ((digest, json.dumps(value)) for digest, value in self._values.items())
            self._file.executemany("INSERT OR REPLACE INTO texts VALUES (?, ?)", rows)
            self._values.clear()

    def _find(self, name: str, hashes: Iterable[bytes]) -> Iterator[tuple[bytes, Json]]:
        for digest in hashes:
            tagged = _tagged(name, digest)
            if tagged in self._values:
                yield digest, self._values[tagged]
            elif self._file and (row := _look_up(self._file, tagged)):
                yield digest, json.loads(row[0])


def _open_file() -> sqlite3.Connection:
    """A database in a temporary file, which SQLite removes once it is closed."""
    file = sqlite3.connect("", isolation_level=None)
    file.execute(f"PRAGMA cache_size = {_CACHE}")
    file.execute("PRAGMA journal_mode = OFF")
    file.execute("CREATE TABLE texts (hash BLOB PRIMARY KEY, value TEXT) WITHOUT ROWID")
    return file


def _look_up(file: sqlite3.Connection, tagged: bytes) -> tuple[str] | None:
    """The row of a text, with its value as JSON; None if it is not there."""
    found: tuple[str] | None = file.execute("SELECT value FROM texts WHERE hash = ?", (tagged,)).fetchone()
    return found


def _tagged(name: str, digest: bytes) -> bytes:
    """The hash of a text together with the memory that has it."""
    return digest + name.encode()
