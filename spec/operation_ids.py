"""The names of operations, `operationId`. Links and generated code name an operation by it, so each has its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spec.operations import all_operations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.operations import Operation
    from spec.reader import Problem, Spec


def find_repeated_ids(spec: Spec) -> Iterator[Problem]:
    """Yields a problem for each `operationId` that an operation before it has."""
    first: dict[str, Operation] = {}
    for operation in all_operations(spec.document):
        name = operation.operation_id
        if name is not None and (other := first.setdefault(name, operation)) is not operation:
            line = spec.place(_place(other)).line
            yield spec.problem(
                _place(operation),
                f"operationId {name!r} is taken: {other.label} has it at line {line}. It must be unique "
                f"(OpenAPI 3.1, section 4.8.10): give {operation.label} another one",
            )


def _place(operation: Operation) -> str:
    return f"{operation.pointer}/operationId"
