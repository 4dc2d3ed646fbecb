"""Which operations cost: each accepted request is a call, that the budget counts. `x-costs` of an operation says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from spec.operations import operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spec.reader import Problem, Spec

KEYWORD: Final = "x-costs"
WORDS: Final[Mapping[str, bool]] = {"call": True, "nothing": False}
"""The values of `x-costs`."""
SAFE_METHODS: Final = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
"""The methods that ask for nothing to be done (RFC 9110, section 9.2.1)."""


def does_cost(method: str, definition: Mapping[str, Any]) -> bool:
    """Tells whether an operation costs, by its `x-costs`; without one, whether its method is unsafe.

    >>> does_cost("POST", {}), does_cost("GET", {}), does_cost("GET", {"x-costs": "call"})
    (True, False, True)
    """
    return WORDS.get(str(definition.get(KEYWORD)), method.upper() not in SAFE_METHODS)


def find_unsound_costs(spec: Spec) -> list[Problem]:
    """The problems with the `x-costs` of a spec."""
    pointers = (f"{operation.pointer}/{KEYWORD}" for operation in operations(spec.document))
    stated = [pointer for pointer in pointers if pointer in spec.places]
    return [
        spec.problem(pointer, f"`{KEYWORD}` must be {' or '.join(f'`{word}`' for word in WORDS)}")
        for pointer in stated
        if spec.value(pointer) not in [*WORDS]
    ]
