"""A planned body with fields that the spec does not have: some callers send them, and some servers refuse them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contract_tests.contract.undocumented import with_field
from contract_tests.plan.spelling import write_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.contract.contract import Contract
    from contract_tests.plan.packing import PlannedBody

_NAME: Final = "undocumented"
_VALUE: Final = "a text"


def undocumented_twin(contract: Contract, pointer: str, bodies: Iterable[PlannedBody]) -> PlannedBody | None:
    """One of the bodies again, with an undocumented field in each object that lists its fields; None if none does.

    It is the shortest body with an object in it. That one is sent before, so that a refusal can have no other reason.
    """
    plainest = min(bodies, key=_simplicity, default=None)
    if plainest is None:
        return None
    body = with_field(plainest.body, contract.satisfied.find(pointer, plainest.body), _NAME, _VALUE)
    return None if body == plainest.body else replace(plainest, body=body, text=write_json(body), tries=())


def _simplicity(planned: PlannedBody) -> tuple[bool, int]:
    fields = planned.body.values() if isinstance(planned.body, dict) else ()
    return not any(value and isinstance(value, dict) for value in fields), len(planned.text)
