"""The texts that all chunks of a recording had before, with the values kept for them: exact, in bounded memory."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet
    from types import TracebackType
    from typing import Self

    from contract_tests.judge.memory import Known, Missed
    from spec.json_value import Json

IN_MEMORY: Final = 500_000
"""How many hashes are kept in memory, in some 150 bytes each. More of them go to a temporary file."""
_PARTS: Final = 10
"""In how many parts the texts in memory go to the file."""
_ASKED: Final = 500
"""How many texts are looked up at once."""
_REMEMBERED: Final = 1024
"""Of how many values the JSON text is remembered: most are null, true or a status."""
_CACHE: Final = -32 * 1024
"""The memory that the database takes at most: 32 MiB, in its own unit."""


class EarlierTexts:
    """The hashes of the texts that the chunks so far had, by topics."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._room = in_memory
        self._values: defaultdict[str, dict[bytes, Json]] = defaultdict(dict)
        self._tags: dict[str, bytes] = {}
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

    def find(self, missed: Missed) -> Known:
        """The texts, of those that a chunk took for new, which chunks before it had."""
        found = {topic: self._find(topic, hashes) for topic, hashes in missed.items()}
        return {topic: texts for topic, texts in found.items() if texts}

    def add(self, noted: Known) -> None:
        """Adds the texts of the next chunk. A value that it has for a text replaces the one before."""
        for topic, texts in noted.items():
            self._values[topic].update(texts)
        while sum(map(len, self._values.values())) > self._room:
            self._move_out()

    def _move_out(self) -> None:
        """Moves some of the oldest texts to the file: not all at once, for nothing else is done meanwhile."""
        self._file = self._file or _open_file()
        topic = max(self._values, key=lambda each: len(self._values[each]))
        texts = self._values[topic]
        part = dict(islice(texts.items(), 1 + self._room // _PARTS))
        _write(self._file, self._tag(topic), part)
        for digest in part:
            del texts[digest]

    def _find(self, topic: str, hashes: AbstractSet[bytes]) -> dict[bytes, Json]:
        values = self._values[topic]
        filed = _look_up(self._file, self._tag(topic), hashes - values.keys()) if self._file else {}
        return filed | {digest: values[digest] for digest in hashes & values.keys()}

    def _tag(self, topic: str) -> bytes:
        """The few bytes that tell a topic from the others in the file."""
        return self._tags.setdefault(topic, b"%d" % len(self._tags))


def _open_file() -> sqlite3.Connection:
    """A database in a temporary file, which SQLite removes once it is closed."""
    import sqlite3  # noqa: PLC0415 - only long recordings need it

    file = sqlite3.connect("", isolation_level=None)
    file.execute(f"PRAGMA cache_size = {_CACHE}")
    file.execute("PRAGMA journal_mode = OFF")
    file.execute("CREATE TABLE texts (hash BLOB PRIMARY KEY, value TEXT) WITHOUT ROWID")
    return file


def _write(file: sqlite3.Connection, tag: bytes, texts: Mapping[bytes, Json]) -> None:
    """Adds texts, in one transaction and in their order. Without either it takes ten times as long."""
    rows = ((digest + tag, _spell(value)) for digest, value in sorted(texts.items(), key=itemgetter(0)))
    file.execute("BEGIN")
    file.executemany("INSERT OR REPLACE INTO texts VALUES (?, ?)", rows)
    file.execute("COMMIT")


def _look_up(file: sqlite3.Connection, tag: bytes, hashes: AbstractSet[bytes]) -> dict[bytes, Json]:
    """The texts of these that are there, each with its value."""
    tagged = iter(sorted(digest + tag for digest in hashes))
    found: dict[bytes, Json] = {}
    while part := tuple(islice(tagged, _ASKED)):
        marks = ",".join("?" * len(part))
        rows = file.execute(f"SELECT hash, value FROM texts WHERE hash IN ({marks})", part)  # noqa: S608 - marks alone
        found.update((digest[: -len(tag)], json.loads(value)) for digest, value in rows)
    return found


def _spell(value: Json) -> str:
    return _spell_known(value) if value is None or isinstance(value, str | bool) else json.dumps(value)


_spell_known: Final = lru_cache(_REMEMBERED, typed=True)(json.dumps)
