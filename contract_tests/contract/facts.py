"""Facts: the statements of a spec that one test each stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from contract_tests.contract.direction import without_required
from contract_tests.contract.schemas import schemas_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contract_tests.contract.operations import Operation
    from spec.reader import Spec


class Fact(Struct, frozen=True):
    """A field that responses must have, or an enumeration."""

    kind: Literal["required", "enum"]
    pointer: str
    """Of the keyword that states it."""
    name: str
    """The field's or the enumeration's name."""

    @property
    def label(self) -> str:
        """A short name that is unique and readable: `ConversationResponse.uri`."""
        owner = self.pointer.removesuffix(f"/{self.kind}").removeprefix("/components/schemas/")
        owner = unquote(owner).replace("/properties/", ".").replace("~1", "/")
        return f"{owner}.{self.name}" if self.kind == "required" else owner


def read_facts(spec: Spec, operations: Sequence[Operation]) -> tuple[Fact, ...]:
    """Reads every field that a response must have, then every enumeration of requests and responses."""
    responses = [body.schema for operation in operations for body in operation.response_bodies()]
    bodies = [operation.body for operation in operations if operation.body]
    received = replace(spec, document=without_required(spec.document, "writeOnly"))
    required = dict.fromkeys(fact for fact in _facts_below(received, responses) if fact.kind == "required")
    enums = dict.fromkeys(fact for fact in _facts_below(spec, [*responses, *bodies]) if fact.kind == "enum")
    return (*required, *enums)


def _facts_below(spec: Spec, pointers: Iterable[str]) -> Iterator[Fact]:
    for pointer, schema in schemas_below(spec, pointers):
        yield from _facts_of(schema, pointer)


def _facts_of(schema: dict[str, Any], pointer: str) -> Iterator[Fact]:
    for name in schema.get("required", []):
        yield Fact("required", f"{pointer}/required", name)
    if "enum" in schema:
        yield Fact("enum", f"{pointer}/enum", pointer.rpartition("/")[2])
