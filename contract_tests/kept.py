"""Which schemas an instance keeps, told fast enough for long recordings.

jsonschema-rs can list them, and takes a hundred times as long for it as for judging the instance. So the way through
the schemas is gone here, and only where it branches is a validator asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.contract import Contract


@dataclass(frozen=True)
class KeptSchema:
    """A schema that a part of an instance keeps."""

    pointer: str
    """Where the schema stands in the spec."""
    statement: Mapping[str, Any]
    """The schema itself."""
    value: Any
    """The part of the instance."""


class KeptSchemas:
    """Finds the schemas of a contract that instances keep. It remembers what it has read of the contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._statements: dict[str, Any] = {}

    def find(self, pointer: str, instance: Any) -> Iterator[KeptSchema]:  # noqa: ANN401 - JSON of any type
        """The schemas that the instance and its parts keep, apart from those in branches that it does not take."""
        return self._find(pointer, instance, is_known_valid=False)

    def _find(self, pointer: str, value: Any, *, is_known_valid: bool) -> Iterator[KeptSchema]:  # noqa: ANN401
        statement = self._statement(pointer)
        if not isinstance(statement, dict):
            return
        is_valid = is_known_valid or self._is_valid(pointer, value)
        if is_valid:
            yield KeptSchema(pointer, statement, value)
        for inner, part in self._applied(pointer, statement, value):
            yield from self._find(inner, part, is_known_valid=is_valid)
        for inner in self._branches(pointer, statement, value):
            yield from self._find(inner, value, is_known_valid=True)

    def _applied(self, pointer: str, statement: dict[str, Any], value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
        """The schemas that the value and its parts must keep for it to keep this one, each with the part."""
        if "$ref" in statement:
            yield unquote(statement["$ref"].removeprefix("#")), value
        for index, _ in enumerate(statement.get("allOf", ())):
            yield f"{pointer}/allOf/{index}", value
        if isinstance(value, dict):
            yield from self._applied_to_fields(pointer, statement, value)
        elif isinstance(value, list):
            yield from self._applied_to_items(pointer, statement, value)

    @staticmethod
    def _applied_to_fields(pointer: str, statement: dict[str, Any], value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        properties, patterns = statement.get("properties", {}), statement.get("patternProperties", {})
        for name, part in value.items():
            matching = [pattern for pattern in patterns if re.search(pattern, name)]
            yield from ((f"{pointer}/patternProperties/{escape(pattern)}", part) for pattern in matching)
            if name in properties:
                yield f"{pointer}/properties/{escape(name)}", part
            elif not matching and "additionalProperties" in statement:
                yield f"{pointer}/additionalProperties", part
        for name in statement.get("dependentSchemas", {}):
            if name in value:
                yield f"{pointer}/dependentSchemas/{escape(name)}", value

    @staticmethod
    def _applied_to_items(pointer: str, statement: dict[str, Any], value: list[Any]) -> Iterator[tuple[str, Any]]:
        first = len(statement.get("prefixItems", ()))
        yield from ((f"{pointer}/prefixItems/{index}", part) for index, part in enumerate(value[:first]))
        if "items" in statement:
            yield from ((f"{pointer}/items", part) for part in value[first:])

    def _branches(self, pointer: str, statement: dict[str, Any], value: Any) -> Iterator[str]:  # noqa: ANN401
        """The branches that the value takes."""
        for keyword in ("anyOf", "oneOf"):
            for index, _ in enumerate(statement.get(keyword, ())):
                if self._is_valid(f"{pointer}/{keyword}/{index}", value):
                    yield f"{pointer}/{keyword}/{index}"
        if "if" in statement:
            keyword = "then" if self._is_valid(f"{pointer}/if", value) else "else"
            if keyword in statement and self._is_valid(f"{pointer}/{keyword}", value):
                yield f"{pointer}/{keyword}"

    def _statement(self, pointer: str) -> Any:  # noqa: ANN401 - JSON of any type
        if pointer not in self._statements:
            self._statements[pointer] = self._contract.value(pointer)
        return self._statements[pointer]

    def _is_valid(self, pointer: str, value: Any) -> bool:  # noqa: ANN401 - JSON of any type
        return self._contract.validator(pointer).is_valid(value)
