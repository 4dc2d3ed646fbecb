"""The conversations of the mock in SQLite: in memory, or in a file that outlives the mock."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic_core import from_json, to_json

from contract_tests.servers.lives import Life

if TYPE_CHECKING:
    from pathlib import Path

KEPT: Final = 10_000
"""How many conversations are kept, the newest ones."""
_SWEEP: Final = 100
"""After how many new conversations the oldest ones are removed."""
_TABLE: Final = """
    CREATE TABLE IF NOT EXISTS conversations (
        number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, begun REAL NOT NULL, answered REAL, ended REAL NOT NULL,
        ended_reason TEXT NOT NULL, conversation TEXT NOT NULL
    ) STRICT
"""
_ADD: Final = "INSERT INTO conversations VALUES (NULL, ?, ?, ?, ?, ?, ?)"
_FIND: Final = "SELECT begun, answered, ended, ended_reason, conversation FROM conversations WHERE id = ?"


class StateError(Exception):
    """The file of the state cannot be used. `str()` says which and why."""


class Kept(NamedTuple):
    """A conversation as it began, and its life."""

    conversation: dict[str, Any]
    life: Life


class Store:
    """Keeps conversations by their ids.

    Raises:
        StateError: the file cannot be opened, or holds something else.
    """

    def __init__(self, file: Path | None = None) -> None:
        try:
            # The mock serves from one thread, which need not be the one that made it.
            self._database = sqlite3.connect(file or ":memory:", isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = OFF")  # a stand-in's state may die with the machine
            self._database.execute(_TABLE)
        except sqlite3.Error as error:
            raise StateError(f"the state cannot be kept in {file}: {error}") from error

    def keep(self, kept: Kept) -> None:
        """Keeps a conversation."""
        values = kept.conversation["id"], *kept.life, to_json(kept.conversation).decode()
        number = self._database.execute(_ADD, values).lastrowid or 0
        if number % _SWEEP == 0:
            self._database.execute("DELETE FROM conversations WHERE number <= ?", (number - KEPT,))

    def find(self, identifier: str) -> Kept | None:
        """The conversation with an id; None if there is none."""
        row = self._database.execute(_FIND, (identifier,)).fetchone()
        return Kept(from_json(row[4]), Life(*row[:4])) if row else None

    def clear(self) -> None:
        """Forgets all conversations."""
        self._database.execute("DELETE FROM conversations")

    def close(self) -> None:
        """Closes the file."""
        self._database.close()
