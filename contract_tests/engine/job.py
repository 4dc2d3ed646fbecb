"""The work of the engine's process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from contract_tests.target.own_values import OwnValues


class Credential(NamedTuple):
    """A credential of a request."""

    location: str
    """One of `header`, `query`, `cookie`."""
    name: str
    """Of the header field, the query's field or the cookie."""
    value: str


class Job(Struct, frozen=True):
    """The work of the engine's process: a command line of Schemathesis, in a folder of its own."""

    arguments: tuple[str, ...]
    folder: Path
    own_values: OwnValues | None
    """The values to put into every request, if the target has any."""
    credentials: Mapping[str, tuple[Credential, ...]] = field(default_factory=dict)
    """The right credentials of requests, by the label of the operation: those of our own plan, with placeholders."""
    costly: frozenset[str] = frozenset()
    """The labels of the operations that cost. Once no call is left, their tests end."""


FOLDER: Final = "engine"
"""The folder below that of the reports that holds Schemathesis's own files."""
LOG: Final = "schemathesis.log"
REPORT: Final = "schemathesis.ndjson"
"""Its own report there. It could write others, but threads that write them would take time from those that send."""
ENDED: Final = "ended"
"""A file in the process's folder: for each test that ended because no call is left, its operation."""
MAY_SEND: Final = "send"
"""The run's word, after the job, that requests may be sent from now on."""
