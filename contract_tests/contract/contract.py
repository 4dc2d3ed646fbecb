"""What the spec promises, in the form that the suite needs: operations, validators, facts, standings.

Nothing here names an endpoint: any OpenAPI 3.1 document does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import unquote

from spec.reader import Place, Spec, escape, pointer_of, read_spec, target_of, tokens, value_at
from spec.validators import Validators

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import jsonschema_rs

    from spec.json_value import Json

Standing = Literal["documented", "sdk", "inferred"]
"""How sure a statement of the spec is; see the head of spec/openapi.yaml."""

JSON_MEDIA_TYPE: Final = "application/json"
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Parameter:
    """A parameter that every request to an operation must have."""

    name: str
    location: str
    """`path`, `query`, `header` or `cookie`."""
    schema: str
    """The JSON Pointer of its schema."""


@dataclass(frozen=True)
class Operation:
    """One method of one path. `body` and `responses` hold JSON Pointers to the JSON schemas, where there are any."""

    method: str
    path: str
    pointer: str
    body: str | None
    responses: Mapping[str, str | None]
    parameters: tuple[Parameter, ...] = ()
    """Those that are required."""

    @property
    def label(self) -> str:
        """How Schemathesis names it: `POST /path`."""
        return f"{self.method} {self.path}"

    def response_key(self, status: int) -> str | None:
        """The name under which the spec has the responses with a status; None if it has none."""
        keys = (str(status), f"{status // 100}XX", "default")
        return next((key for key in keys if key in self.responses), None)

    def response_pointer(self, status: int) -> str | None:
        """The schema of the response with a status; None if the spec has none for it."""
        return self.responses.get(self.response_key(status) or "")


@dataclass(frozen=True)
class Fact:
    """A statement of the spec that one test stands for: a field that responses must have, or an enumeration."""

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


@dataclass(frozen=True)
class Contract:
    """A spec, ready to judge by."""

    spec: Spec

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation, in the order of the spec."""
        return tuple(self._operations())

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every field that a response must have, then every enumeration of requests and responses."""
        responses = [pointer for operation in self.operations for pointer in operation.responses.values() if pointer]
        bodies = [operation.body for operation in self.operations if operation.body]
        required = dict.fromkeys(fact for fact in self._facts_below(responses) if fact.kind == "required")
        enums = dict.fromkeys(fact for fact in self._facts_below([*responses, *bodies]) if fact.kind == "enum")
        return (*required, *enums)

    @cached_property
    def _validators(self) -> Validators:
        return Validators(self.spec)

    def build_validators(self) -> None:
        """Makes the validators of all bodies. Raises ValueError if a schema is none."""
        for operation in self.operations:
            for pointer in filter(None, (operation.body, *operation.responses.values())):
                self.validator(pointer)

    def validator(self, pointer: str) -> jsonschema_rs.Validator:
        """The validator of the schema that a pointer leads to; formats count."""
        return self._validators.at(pointer)

    def operation(self, label: str) -> Operation:
        """The operation that Schemathesis calls so."""
        return next(operation for operation in self.operations if operation.label == label)

    def response_media_types(self, operation: Operation, status: int) -> tuple[str, ...]:
        """The media types of the response with a status, as the spec writes them."""
        key = operation.response_key(status)
        pointer = self._resolve(f"{operation.pointer}/responses/{escape(key)}") if key else ""
        return tuple(self.value(pointer).get("content", {})) if pointer else ()

    def request_examples(self, operation: Operation) -> tuple[Any, ...]:
        """The examples that the spec gives of a request's JSON body."""
        body = self.value(self._resolve(f"{operation.pointer}/requestBody"))
        content = body.get("content", {}).get(JSON_MEDIA_TYPE, {})
        single = [content["example"]] if "example" in content else []
        return (*single, *(each["value"] for each in content.get("examples", {}).values() if "value" in each))

    def value(self, pointer: str) -> Json:
        """What stands in the spec where a pointer leads."""
        return value_at(self.spec.document, pointer)

    def place(self, pointer: str) -> Place:
        """Where a pointer leads in the spec's file."""
        return self.spec.place(pointer)

    def standing(self, pointer: str) -> Standing:
        """The standing of the statement that a keyword makes: its own mark, or that of the nearest schema around it."""
        standing: Standing = "documented"
        way = tokens(pointer)
        for length in range(len(way) + 1):
            above = pointer_of(way[:length])
            ancestor = self.value(above) if above in self.spec.places else None  # `nullable` is no real keyword
            mark = ancestor.get("x-provenance") if isinstance(ancestor, dict) else None
            if isinstance(mark, dict):
                keyword = way[length] if length < len(way) else ""
                standing = mark.get(keyword, standing)
            elif mark:
                standing = mark
        return standing

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.spec.document.get("paths", {}).items():
            for method in _METHODS:
                if method in item:
                    yield self._operation(path, method, item[method])

    def _operation(self, path: str, method: str, definition: dict[str, Any]) -> Operation:
        pointer = f"/paths/{escape(path)}/{method}"
        body = self._schema_of(f"{pointer}/requestBody") if "requestBody" in definition else None
        responses = {
            str(status): self._schema_of(f"{pointer}/responses/{escape(str(status))}")
            for status in definition.get("responses", {})
        }
        return Operation(method.upper(), path, pointer, body, responses, self._required_parameters(pointer))

    def _required_parameters(self, pointer: str) -> tuple[Parameter, ...]:
        """Those of the path, and those of the operation, which come before them."""
        found: dict[tuple[str, str], Parameter] = {}
        for above in (pointer.rpartition("/")[0], pointer):
            for index, _ in enumerate(self.value(above).get("parameters", [])):
                place = self._resolve(f"{above}/parameters/{index}")
                stated = self.value(place)
                if stated.get("required") and "schema" in stated:
                    parameter = Parameter(stated["name"], stated["in"], f"{place}/schema")
                    found[parameter.name, parameter.location] = parameter
        return tuple(found.values())

    def _schema_of(self, pointer: str) -> str | None:
        """The JSON schema of a request body or a response; None where it has no JSON content."""
        pointer = self._resolve(pointer)
        content = self.value(pointer).get("content", {})
        if "schema" not in content.get(JSON_MEDIA_TYPE, {}):
            return None
        return self._resolve(f"{pointer}/content/{escape(JSON_MEDIA_TYPE)}/schema")

    def _resolve(self, pointer: str) -> str:
        """Where a pointer leads once a `$ref` that stands there alone is followed."""
        value = self.value(pointer)
        while isinstance(value, dict) and "$ref" in value and "properties" not in value:
            pointer = target_of(value["$ref"])
            value = self.value(pointer)
        return pointer

    def schemas_below(self, pointers: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """The schemas that the pointers lead to, and all that these refer to, each once."""
        waiting, seen = list(pointers), set[str]()
        while waiting:
            pointer = waiting.pop(0)
            if pointer in seen:
                continue
            seen.add(pointer)
            schema = self.value(pointer)
            if isinstance(schema, dict):
                yield pointer, schema
                waiting.extend(_schemas_in(schema, pointer))

    def _facts_below(self, pointers: list[str]) -> Iterator[Fact]:
        for pointer, schema in self.schemas_below(pointers):
            yield from _facts_of(schema, pointer)


def read_contract(path: Path) -> Contract:
    """The contract of a spec's file.

    Raises:
        SpecError: the spec cannot be read, or is not shaped like an OpenAPI document.
    """
    contract = Contract(read_spec(path))
    try:
        _ = contract.facts, f"{contract.value('/info')['title']} {contract.value('/info')['version']}"
        contract.build_validators()
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        message = "is not an OpenAPI document to test by; `nox -s generate -- --check` names what is wrong with it"
        raise contract.spec.error([contract.spec.problem("", message)]) from error
    return contract


def _facts_of(schema: dict[str, Any], pointer: str) -> Iterator[Fact]:
    for name in schema.get("required", []):
        yield Fact("required", f"{pointer}/required", name)
    if "enum" in schema:
        yield Fact("enum", f"{pointer}/enum", pointer.rpartition("/")[2])


def _schemas_in(schema: dict[str, Any], pointer: str) -> Iterator[str]:
    """The pointers of the schemas directly within a schema."""
    if "$ref" in schema:
        yield target_of(schema["$ref"])
    for keyword in ("properties", "patternProperties", "$defs", "dependentSchemas"):
        yield from (f"{pointer}/{keyword}/{escape(name)}" for name in schema.get(keyword, {}))
    for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        yield from (f"{pointer}/{keyword}/{index}" for index, _ in enumerate(schema.get(keyword, [])))
    for keyword in ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"):
        if isinstance(schema.get(keyword), dict):
            yield f"{pointer}/{keyword}"
