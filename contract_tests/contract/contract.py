"""The contract: the spec's promises, ready to judge by.

Nothing here names an endpoint: any OpenAPI 3.1 document does.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import structs

from contract_tests.contract.body_codec import BodyCodec
from contract_tests.contract.direction import Direction, with_marked, without_required
from contract_tests.contract.facts import read_facts
from contract_tests.contract.leeway import with_forms
from contract_tests.contract.links import read_links
from contract_tests.contract.media_types import fits
from contract_tests.contract.message_parts import other_bodies, walk_other_responses, walk_request
from contract_tests.contract.operations import (
    read_contents,
    read_operations,
    read_response_headers,
    response_definition,
)
from contract_tests.contract.parameters import with_parameter_schemas
from contract_tests.contract.paths import Paths
from contract_tests.contract.reach import Reach
from contract_tests.contract.references import resolve
from contract_tests.contract.rules import read_rules
from contract_tests.contract.satisfied import SatisfiedSchemas
from contract_tests.contract.schemas import schemas_below
from contract_tests.contract.statements import walk_body
from contract_tests.contract.things import find_things, group_by_things
from contract_tests.contract.undocumented import find_undocumented
from spec.paths import ROOT
from spec.reader import escape, parse_spec, read_text
from spec.standing import MARKED_STANDINGS, find_standing
from spec.validators import Validators
from spec.version import find_version_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import jsonschema_rs

    from contract_tests.contract.facts import Fact
    from contract_tests.contract.links import Link, Value
    from contract_tests.contract.operations import Content, Operation
    from contract_tests.contract.parameters import Parameter
    from contract_tests.contract.rules import Rule
    from contract_tests.contract.statements import Section
    from contract_tests.contract.things import Things
    from contract_tests.contract.typed_texts import ReadScalar
    from contract_tests.contract.undocumented import UndocumentedField
    from spec.json_value import Json
    from spec.reader import Place, Spec

Standing = Literal["documented", "sdk", "inferred", "advice"]
"""Who says so: the vendor's pages, its SDK, our reading of both or a MUST of HTTP; nobody demands what is `advice`.

The spec marks the first three; see its head.
"""
STANDINGS: Final[tuple[Standing, ...]] = (*MARKED_STANDINGS, "advice")
"""The surest first."""


@dataclass(frozen=True)
class Contract:
    """A spec, ready to judge by."""

    spec: Spec
    costs: Mapping[str, bool] = field(default_factory=dict, hash=False)
    """Which operations cost, by their labels, where the spec does not have its say."""
    given: frozenset[str] = frozenset()
    """The names of the security schemes whose own secrets the target has, as operations have them."""

    def __reduce__(self) -> tuple[Callable[..., Contract], tuple[Path, str, dict[str, bool], frozenset[str]]]:
        """Lets another process read the spec for itself: validators and rules cannot be sent."""
        return _read_again, (self.spec.path, self.spec.text, dict(self.costs), self.given)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation, in the order of the spec."""
        read = read_operations(self.spec)
        return tuple(
            structs.replace(each, costs=self.costs.get(each.label, each.costs), given=self.given) for each in read
        )

    @cached_property
    def _whole(self) -> Spec:
        """The spec, with a schema of all parameters in each operation that has some."""
        return with_parameter_schemas(self.spec, {each.pointer: each.parameters for each in self.operations})

    @cached_property
    def paths(self) -> Paths:
        """The matcher of requests' paths."""
        return Paths(self.operations)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every way from a response to a further request: those that the spec states, then those found by names."""
        return read_links(self.spec, self.operations)

    def links_from(self, source: Operation, status: int) -> Sequence[Link]:
        """The ways that lead from a response of an operation."""
        return self._links_by_source.get((source.label, source.response_key(status)), ())

    @cached_property
    def _links_by_source(self) -> Mapping[tuple[str, str | None], Sequence[Link]]:
        found: defaultdict[tuple[str, str | None], list[Link]] = defaultdict(list)
        for link in self.links:
            found[link.source.label, link.key].append(link)
        return found

    @cached_property
    def things(self) -> tuple[Things, ...]:
        """The kinds of things that operations create, and others read, list, update and delete."""
        return tuple(find_things(self.links, self.operations))

    @cached_property
    def groups(self) -> Mapping[str, int]:
        """The group of each operation, by its label. Only operations of different groups may be tested side by side."""
        return group_by_things(self.things, self.links, self.operations)

    def handed_over(self, source: Operation, status: int, target: Operation, variable: str) -> list[Value]:
        """The values that links hand over from an exchange for a variable of another operation's path."""
        kind = (source.label, source.response_key(status), target.label)
        links = [link for link in self.links if (link.source.label, link.key, link.target.label) == kind]
        return [each for link in links for each in link.values if (each.location, each.name) == ("path", variable)]

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every field that a response must have, then every enumeration of requests and responses."""
        return read_facts(self.spec, self.operations)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule about responses, in the order of the spec. Raises SpecError if one is unsound."""
        return tuple(rule for rule in self._all_rules if not rule.is_about_acceptance)

    @cached_property
    def acceptance_rules(self) -> tuple[Rule, ...]:
        """Every rule that says which valid requests are accepted. Raises SpecError if one is unsound."""
        return tuple(rule for rule in self._all_rules if rule.is_about_acceptance)

    @cached_property
    def _all_rules(self) -> tuple[Rule, ...]:
        return read_rules(self.spec)

    @cached_property
    def satisfied(self) -> SatisfiedSchemas:
        """Finds the schemas that instances satisfy."""
        return SatisfiedSchemas(self)

    @cached_property
    def all_satisfied(self) -> SatisfiedSchemas:
        """Finds the schemas that instances satisfy, those too that tell nothing of fields."""
        return SatisfiedSchemas(self, is_whole=True)

    @cached_property
    def request_fields(self) -> frozenset[str]:
        """The names of fields that the bodies of requests may have, at any depth."""
        bodies = [operation.body for operation in self.operations if operation.body]
        return frozenset(name for _, schema in self.schemas_below(bodies) for name in schema.get("properties", {}))

    @cached_property
    def reach(self) -> Reach:
        """Counts the parts of bodies."""
        return Reach(self)

    @cached_property
    def _validators(self) -> Validators:
        return Validators(self._whole)

    def build_validators(self) -> None:
        """Makes the validators of all bodies, parameters and header fields. Raises ValueError if a schema is none."""
        for operation in self.operations:
            headers = (header.schema for key in operation.responses for header in self._headers(operation, key))
            responses = (body.schema for body in operation.response_bodies())
            for pointer in filter(None, (operation.body, operation.parameters_schema, *responses, *headers)):
                self.validator(pointer)

    def validator(self, pointer: str) -> jsonschema_rs.Validator:
        """The validator of the schema that a pointer leads to; formats count."""
        return self._validators.at(pointer)

    def request_validator(self, pointer: str) -> jsonschema_rs.Validator:
        """The validator of a schema that describes a request: a `readOnly` field may be absent, or have any value."""
        return self._request_validators.at(pointer)

    def sets_read_only(self, pointer: str, body: Json) -> bool:
        """Tells whether a request's body that keeps the schema at a pointer has a `readOnly` field."""
        without = self._validators_of_written
        return without is not self._validators and not without.at(pointer).is_valid(body)

    def is_left_open(self, pointer: str, value: Json) -> bool:
        """Tells whether a value that keeps the schema at a pointer is not of a form that it names (see leeway.py)."""
        judging = self._validators_with_forms
        return judging is not self._request_validators and not judging.at(pointer).is_valid(value)

    def response_validator(self, pointer: str) -> jsonschema_rs.Validator:
        """The validator of a schema where it describes a response: a required `writeOnly` field may be absent."""
        return self._response_validators.at(pointer)

    def satisfies(self, pointer: str, value: Json) -> bool:
        """Tells whether a value keeps a schema where it describes a request, or where it describes a response."""
        return any(each.at(pointer).is_valid(value) for each in self._all_validators)

    @cached_property
    def _all_validators(self) -> tuple[Validators, ...]:
        """Each kind of validators once: most specs have neither `readOnly` nor `writeOnly` fields."""
        return tuple(dict.fromkeys((self._validators, self._request_validators, self._response_validators)))

    def validator_for(self, direction: Direction, pointer: str) -> jsonschema_rs.Validator:
        """The validator of a schema where it describes a body that goes in a direction."""
        of_direction = self.request_validator if direction is Direction.REQUEST else self.response_validator
        return of_direction(pointer)

    @cached_property
    def _request_validators(self) -> Validators:
        return self._validators_with_read_only({})

    @cached_property
    def _validators_of_written(self) -> Validators:
        return self._validators_with_read_only(False)  # noqa: FBT003 - the schema that nothing keeps

    def _validators_with_read_only(self, schema: Json) -> Validators:
        """The validators of requests, with a schema in place of each `readOnly` field."""
        whole = self._whole
        document = with_marked(without_required(whole.document, "readOnly"), "readOnly", schema)
        return self._validators if document is whole.document else Validators(structs.replace(whole, document=document))

    @cached_property
    def _validators_with_forms(self) -> Validators:
        """The validators of requests that judge the widths of integers and the encodings of bytes, too."""
        document = self._request_validators.document
        judging = with_forms(document)
        return (
            self._request_validators
            if judging is document
            else Validators(structs.replace(self._whole, document=judging))
        )

    @cached_property
    def _response_validators(self) -> Validators:
        return self._validators_without("writeOnly")

    def _validators_without(self, keyword: str) -> Validators:
        whole = self._whole
        document = without_required(whole.document, keyword)
        return self._validators if document is whole.document else Validators(structs.replace(whole, document=document))

    def operation(self, label: str) -> Operation:
        """The operation with a label, such as `POST /path`. Raises StopIteration if there is none."""
        return next(operation for operation in self.operations if operation.label == label)

    def first_with_response(self, pointer: str) -> Operation | None:
        """The first operation whose responses have the schema with a statement; None if none has."""
        tokens = pointer.split("/")
        around = {"/".join(tokens[:length]) for length in range(len(tokens) + 1)}
        found = (label for label, below in self._response_schemas.items() if not below.isdisjoint(around))
        return next((self.operation(label) for label in found), None)

    @cached_property
    def _response_schemas(self) -> dict[str, frozenset[str]]:
        """The pointers of all schemas of an operation's responses, by its label."""
        return {
            each.label: frozenset(
                pointer for pointer, _ in self.schemas_below(body.schema for body in each.response_bodies())
            )
            for each in self.operations
        }

    def response_media_types(self, operation: Operation, status: int) -> tuple[str, ...]:
        """The media types of the response with a status, as the spec writes them."""
        key = operation.response_key(status)
        return tuple(response_definition(self.spec, operation, key)[1].get("content", {})) if key else ()

    def response_content(self, operation: Operation, status: int, media_type: str) -> Content | None:
        """The kind of body that the spec has for responses with a status and a media type; None if it has none."""
        key = operation.response_key(status)
        found = read_contents(self.spec, f"{operation.pointer}/responses/{escape(key)}") if key else ()
        return next((each for each in found if fits(each.media_type, media_type)), None)

    def response_headers(self, operation: Operation, status: int) -> tuple[Parameter, ...]:
        """The header fields that the spec has for the response with a status."""
        key = operation.response_key(status)
        return tuple(self._headers(operation, key)) if key else ()

    def examples(self, pointer: str) -> dict[str, Json]:
        """The examples of the kind of body at a pointer, by their names; the name of `example` is empty.

        Of XML they are texts; else the values that bodies stand for.
        """
        described = self.value(pointer)
        single = {"": described["example"]} if "example" in described else {}
        places = {name: f"{pointer}/examples/{escape(name)}" for name in described.get("examples", {})}
        named = {name: self.value(resolve(self.spec, place)) for name, place in places.items()}
        return single | {name: each["value"] for name, each in named.items() if "value" in each}

    def codec(self, read_scalar: ReadScalar) -> BodyCodec:
        """Writes and reads bodies that are no JSON. `read_scalar` reads a text as a kind of value."""
        return self._codecs(read_scalar)

    @cached_property
    def _codecs(self) -> Callable[[ReadScalar], BodyCodec]:
        return cache(partial(BodyCodec, self))

    def value(self, pointer: str) -> Json:
        """The value in the spec where a JSON Pointer leads. Raises LookupError or ValueError if there is none."""
        return self._whole.value(pointer)

    def place(self, pointer: str) -> Place:
        """The line and column of the spec's file where a JSON Pointer leads."""
        return self.spec.place(pointer)

    @cached_property
    def shown_path(self) -> Path:
        """The spec's path as it is told: from the repository's root where the spec is below it."""
        path = self.spec.path.resolve()
        return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path

    def locate(self, pointer: str) -> str:
        """The place that a pointer leads to, as `path:line`, from the repository's root where the spec is below it."""
        return f"{self.shown_path}:{self.place(pointer).line}"

    def request_sections(self, operation: Operation) -> Mapping[str, tuple[Section, ...]]:
        """The parts of an operation's parameters and of each kind of body, by their names."""
        return self._remembered_request_sections(operation.label)

    @cached_property
    def _remembered_request_sections(self) -> Callable[[str], Mapping[str, tuple[Section, ...]]]:
        return cache(lambda label: dict(walk_request(self.spec, self.operation(label))))

    def response_sections(self, operation: Operation) -> Mapping[str, tuple[Section, ...]]:
        """The parts of each kind of response body of an operation, by their names: JSON first."""
        found = {body.name: self.sections(body.schema, body.name) for body in operation.response_bodies()}
        return found | dict(walk_other_responses(self.spec, operation))

    def other_response_body(self, operation: Operation, status: int, media_type: str) -> tuple[str, str] | None:
        """The name and the pointer of a kind of response that is no JSON; None if the spec has none."""
        key = operation.response_key(status)
        found = other_bodies(self.spec, operation, key) if key else ()
        return next(((name, pointer) for name, stated, pointer in found if fits(stated, media_type)), None)

    def sections(self, pointer: str, name: str) -> tuple[Section, ...]:
        """The parts of a body with their statements, each part before those within it."""
        return self._remembered_sections(pointer, name)

    @cached_property
    def _remembered_sections(self) -> Callable[[str, str], tuple[Section, ...]]:
        return cache(lambda pointer, name: tuple(walk_body(self.spec, pointer, name)))

    def standing(self, pointer: str) -> Standing:
        """The standing of the statement that a keyword makes: its own mark, or that of the nearest schema around it."""
        return self._remembered_standing(pointer)

    @cached_property
    def _remembered_standing(self) -> Callable[[str], Standing]:
        """Remembers each answer: a plan asks for the standing of every value that it may choose."""
        return cache(partial(find_standing, self.spec))

    def weakest_standing(self, pointers: Iterable[str]) -> Standing:
        """The standing of a statement that rests on those that the pointers lead to."""
        return max((self.standing(pointer) for pointer in pointers), key=STANDINGS.index, default="documented")

    def strongest(self, standings: Iterable[Standing]) -> Standing:
        """The standing of a statement that each of several says. There must be one at least."""
        return min(standings, key=STANDINGS.index)

    def undocumented_fields(self, pointer: str, instance: Json) -> tuple[UndocumentedField, ...]:
        """The fields of an instance, at any depth, that the schema at a pointer does not have."""
        return tuple(find_undocumented(self.satisfied.find(pointer, instance)))

    def schemas_below(self, pointers: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Walks the schemas that the pointers lead to, and all that these refer to, each once."""
        return schemas_below(self._whole, pointers)

    def _headers(self, operation: Operation, key: str) -> Iterator[Parameter]:
        return read_response_headers(self.spec, operation, key)


def read_contract(path: Path) -> Contract:
    """Reads the contract of a spec's file. As long as the file stays as it is, this gives the same contract again.

    Raises:
        SpecError: the spec cannot be read, is no OpenAPI 3.1 document, is not shaped like one, or has unsound rules.
    """
    return _parse_contract(path, read_text(path))


@lru_cache(maxsize=4)  # a run reads its contract in several places, and takes a quarter of a second each time
def _parse_contract(path: Path, text: str) -> Contract:
    contract = Contract(parse_spec(path, text))
    if problems := find_version_problems(contract.spec):
        raise contract.spec.error(problems)
    try:
        _ = contract.facts, f"{contract.value('/info')['title']} {contract.value('/info')['version']}"
        contract.build_validators()
        _ = contract.rules
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        message = "is not an OpenAPI document to test by; `nox -s generate -- --check` names what is wrong with it"
        raise contract.spec.error([contract.spec.problem("", message)]) from error
    return contract


def _read_again(path: Path, text: str, costs: dict[str, bool], given: frozenset[str]) -> Contract:
    contract = _parse_contract(path, text)
    return replace(contract, costs=costs, given=given) if costs or given else contract
