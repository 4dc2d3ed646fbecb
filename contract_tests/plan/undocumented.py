"""A planned body with fields that the spec does not have: some callers send them, and some servers refuse them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contract_tests.contract.undocumented import with_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.packing import PlannedBody

_NAME: Final = "undocumented"
_VALUE: Final = "a text"


def with_undocumented_twin(contract: Contract, pointer: str, bodies: Iterable[PlannedBody]) -> Iterator[PlannedBody]:
    """The bodies, and at their end one of them again, with an undocumented field in each object that lists its fields.

    It is the shortest body with an object in it. That one is sent before, so that a refusal can have no other reason.
    """
    made = []
    for planned in bodies:
        made.append(planned)
        yield planned
    plainest = min(made, key=_simplicity, default=None)
    if plainest:
        body = with_field(plainest.body, contract.satisfied.find(pointer, plainest.body), _NAME, _VALUE)
        yield from [replace(plainest, body=body, tries=())] if body != plainest.body else ()


def _simplicity(planned: PlannedBody) -> tuple[bool, int]:
    fields = planned.body.values() if isinstance(planned.body, dict) else ()
    return not any(value and isinstance(value, dict) for value in fields), len(json.dumps(planned.body))
