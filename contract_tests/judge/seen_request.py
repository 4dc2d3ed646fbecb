"""A request, seen by the contract: which operation it is for, and how its bytes stand to the schemas."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from contract_tests.contract.keywords import find_breaches, find_satisfied
from contract_tests.contract.media_types import kind_of
from contract_tests.contract.places import values_at
from contract_tests.contract.typed_texts import UNREADABLE
from contract_tests.contract.undocumented import without_fields
from contract_tests.exchange.bodies import NOT_JSON, read_json, read_strictly
from contract_tests.exchange.credentials import is_right, is_right_at
from contract_tests.exchange.credentials import values_at as credentials_at
from contract_tests.exchange.headers import CONTENT_TYPE
from contract_tests.exchange.scalars import read_scalar
from contract_tests.exchange.strict_json import BeyondReachError, has_large_integer, spell
from contract_tests.judge.parameters import parameter_breaches, read_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import jsonschema_rs

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.keywords import Breach
    from contract_tests.contract.operations import Content, Operation
    from contract_tests.contract.parameter_values import ParameterValues
    from contract_tests.contract.parameters import Parameter
    from contract_tests.contract.security import Scheme
    from contract_tests.contract.undocumented import UndocumentedField
    from contract_tests.exchange.exchange import Request
    from spec.json_value import Json

Validity = Literal["valid", "invalid", "malformed", "beyond reach", "unknown"]
"""How a request stands to the spec by its bytes.

Malformed is a body that is no JSON; beyond reach one that a reader may refuse (see `BeyondReachError`). Unknown is what
cannot be told, or what other things than its body decide on: its method, credentials or media type.
"""


class SeenRequest(Struct, frozen=True, dict=True):
    """A request whose path is an operation's. Whatever is asked of it is found out once."""

    contract: Contract
    request: Request
    operation: Operation
    """The operation of its method; where the path has no such method, any operation of the path."""
    omits_credentials: bool = False
    """True if a recording does not hold its credentials."""

    def __reduce__(self) -> tuple[type[SeenRequest], tuple[Contract, Request, Operation, bool]]:
        """Keeps for another process what cannot be found out there."""
        return SeenRequest, (self.contract, self.request, self.operation, self.omits_credentials)

    @property
    def has_its_method(self) -> bool:
        """True if the path has an operation of the method."""
        return self.request.method == self.operation.method

    @cached_property
    def has_the_token(self) -> bool:
        """True if the request has the credentials of an alternative, or needs none; a recording is believed."""
        is_free = not self.operation.is_secured or self.omits_credentials
        return is_free or any(
            all(is_right_at(self.request, scheme) for scheme in alternative) for alternative in self.operation.security
        )

    @property
    def has_the_token_first(self) -> bool:
        """True if the first value at each place has all credentials of an alternative, whatever stands after it."""
        return any(all(map(self._is_right_first, alternative)) for alternative in self.operation.security)

    def _is_right_first(self, scheme: Scheme) -> bool:
        return is_right(next(iter(credentials_at(self.request, scheme)), ""), scheme)

    @cached_property
    def credentials(self) -> list[str]:
        """The values at the places of the operation's credentials, as templates."""
        return [value for schemes in self._schemes for value in credentials_at(self.request, schemes[0])]

    @property
    def has_wrong_credentials(self) -> bool:
        """True if the request has something at a place of credentials that is right for no scheme."""
        return any(map(self._has_wrong_one, self._schemes))

    @property
    def _schemes(self) -> Iterable[list[Scheme]]:
        """The schemes of the operation, together those whose credentials have the same place."""
        by_place: dict[tuple[str, str], list[Scheme]] = {}
        for scheme in self.operation.schemes:
            by_place.setdefault((scheme.location, scheme.field), []).append(scheme)
        return by_place.values()

    def _has_wrong_one(self, schemes: Sequence[Scheme]) -> bool:
        has_any = bool(credentials_at(self.request, schemes[0]))
        return has_any and not any(is_right_at(self.request, scheme) for scheme in schemes)

    @cached_property
    def media_type(self) -> str:
        """The media type of the request, without parameters; empty if it is not said."""
        return self.request.headers.media_type or ""

    @cached_property
    def validity(self) -> Validity:
        """How the request stands to the spec by its bytes."""
        if not (self.has_its_method and self.has_the_token):
            return "unknown"
        body = self._body_validity()
        return body if body in {"invalid", "malformed", "unknown"} else self._parameters_validity or body

    @cached_property
    def body(self) -> Json:
        """The value that the request's body stands for: JSON, or the fields of a form and the like. Else `NOT_JSON`."""
        if self.is_json_sent:
            return read_json(self.request.body)
        value, error = self._read_other_body
        return NOT_JSON if error else value

    @cached_property
    def content(self) -> Content | None:
        """The kind of body that the spec has for the request's media type; None if it has none."""
        return self.operation.content_of(self.media_type)

    @property
    def is_json_sent(self) -> bool:
        """True if the request's body is to be JSON: one without a documented media type is read so, too."""
        return self.content is None or kind_of(self.media_type) == "json"

    @cached_property
    def is_ambiguous(self) -> bool:
        """True if servers may differ on what the request says, or if it is in a format that is not read here.

        Such are a field of a form without a text, and XML that is not one of the spec's examples.
        """
        is_documented = self.content is not None or not self.request.body
        return is_documented and self.has_its_method and self.has_the_token and self.validity == "unknown"

    @property
    def format_name(self) -> str:
        """The name of the format that the request's body is to have."""
        return "JSON" if self.is_json_sent else self.media_type

    @property
    def malformation(self) -> ValueError | None:
        """The reason why the request's body is wrong by the letter of its format; None if it is not."""
        return self.read_body()[1]

    @cached_property
    def is_readable_by_all(self) -> bool:
        """False if a reader of JSON may refuse the request's body (RFC 8259, sections 6 and 9), though it is JSON.

        Readers of parameters use the same numbers.
        Many readers take a number with a fraction or an exponent for no integer, be it whole.
        """
        has_large = has_large_integer(self.body) or has_large_integer(self.parameters.values)
        is_beyond_reach = self.validity == "beyond reach" or has_large
        return not is_beyond_reach and not self._spells_an_integer_otherwise()

    @cached_property
    def undocumented_fields(self) -> tuple[UndocumentedField, ...]:
        """The fields of the request's body, at any depth, that the spec does not have; none where it is no JSON."""
        if self.body_pointer is None or self.body is NOT_JSON:
            return ()
        return self.contract.undocumented_fields(self.body_pointer, self.body)

    @cached_property
    def documented_body(self) -> Json:
        """The value of the request's body without undocumented fields; None where it has none."""
        return None if self.body is NOT_JSON else without_fields(self.body, self.undocumented_fields)

    @cached_property
    def documented_text(self) -> str:
        """The request's body without undocumented fields, as text."""
        return spell(self.documented_body)

    @cached_property
    def body_schema(self) -> str | None:
        """The schema of the request's body by its media type, as a JSON Pointer; None if the spec has none."""
        return self.content.schema if self.content else None

    @property
    def body_pointer(self) -> str | None:
        """The schema that the request's body is held to: by its media type, or else that of the main body."""
        return self.body_schema or self.operation.body

    @cached_property
    def breaches(self) -> list[Breach]:
        """The keywords that the request's body breaks; none where it cannot be read."""
        return breaches_of(self.contract.request_validator, self.body_pointer, self.body)

    @cached_property
    def part_breaches(self) -> list[Breach]:
        """The statements that the header fields of the request's parts break; none where it is no multipart body."""
        if self.content is None or self.content.kind != "multipart":
            return []
        content_type = self.request.headers.first(CONTENT_TYPE) or ""
        return self.contract.codec(read_scalar).part_breaches(self.content, content_type, self.request.body)

    @cached_property
    def parameters(self) -> ParameterValues:
        """The parameters of the request, by location and name."""
        return read_parameters(self.contract, self.operation, self.request)

    @cached_property
    def parameter_breaches(self) -> list[tuple[Parameter, Breach]]:
        """The keywords that the request's parameters break, each with its parameter."""
        return parameter_breaches(self.contract, self.operation, self.parameters)

    @property
    def is_wrong_otherwise(self) -> bool:
        """True if a server may refuse the request whatever its credentials are."""
        return self._body_validity() != "valid" or self._parameters_validity is not None

    def _body_validity(self) -> Validity:
        if not self.request.body and not (self.operation.contents and self.operation.is_body_required):
            return "valid"
        if self.content is None:
            return "unknown"
        value, error = self.read_body()
        if error:
            return "beyond reach" if isinstance(error, BeyondReachError) else "malformed"
        return self._validity_of(self.content, value)

    def read_body(self) -> tuple[Json, ValueError | None]:
        """The value that the request's body stands for, and what is wrong with it by the letter."""
        if self.is_json_sent:
            return read_strictly(self.request.body)
        return self._read_other_body

    @cached_property
    def _read_other_body(self) -> tuple[Json, ValueError | None]:
        assert self.content  # noqa: S101 - only a documented body is read as something else than JSON
        content_type = self.request.headers.first(CONTENT_TYPE) or ""
        try:
            value = self.contract.codec(read_scalar).read(self.content, content_type, self.request.body)
        except ValueError as error:
            return None, error
        return (NOT_JSON if value is UNREADABLE else value), None

    def _validity_of(self, content: Content, value: Json) -> Validity:
        """The validity of a body that can be read. Of XML, no more is known than the spec's examples."""
        kind = content.kind_as(self.media_type)
        if kind == "xml":
            return "valid" if value in self.contract.examples(content.pointer).values() else "unknown"
        if value is NOT_JSON or (kind != "json" and not self.request.body):  # an empty form may count as none
            return "unknown"
        if content.schema is None:
            return "valid" if kind in {"text", "binary"} else "unknown"
        if self.part_breaches or not self.contract.request_validator(content.schema).is_valid(value):
            return "invalid"
        is_open = self.sets_read_only or self.contract.is_left_open(content.schema, value)
        return "unknown" if is_open else "valid"

    @cached_property
    def sets_read_only(self) -> bool:
        """True if the request has a `readOnly` field: a server may ignore that or refuse it, whatever its value is."""
        if self.body_schema is None or self.body is NOT_JSON:
            return False
        return self.contract.sets_read_only(self.body_schema, self.body)

    @property
    def _parameters_validity(self) -> Literal["invalid", "unknown"] | None:
        """The validity of a request whose parameters alone are in doubt; None if they are valid."""
        pointer = self.operation.parameters_schema
        if pointer is None:
            return None
        if self.parameter_breaches:
            return "invalid"
        is_open = self.parameters.unreadable or self.contract.is_left_open(pointer, self.parameters.values)
        return "unknown" if is_open else None

    def _spells_an_integer_otherwise(self) -> bool:
        """Tells whether the request's body has a fraction or an exponent where the spec has an integer."""
        if self.body_pointer is None or self.body is NOT_JSON or not self.is_json_sent:
            return False
        satisfied = find_satisfied(self.contract.request_validator(self.body_pointer), self.body)
        integers = (each.location for each in satisfied if self._is_type_of_integers(each.pointer))
        return any(isinstance(value, float) for place in integers for value in values_at(self.body, place))

    def _is_type_of_integers(self, pointer: str) -> bool:
        """Tells whether a keyword of the spec is a `type` that takes integers, and no other numbers."""
        types = self.contract.value(pointer) if pointer.endswith("/type") else ()
        return "integer" in types and "number" not in types


def see_request(contract: Contract, request: Request, *, omits_credentials: bool = False) -> SeenRequest | None:
    """The request as the contract sees it; None if its path is no operation's."""
    paths = contract.paths
    operation = paths.find(request.method, request.path) or next(iter(paths.at(request.path)), None)
    return SeenRequest(contract, request, operation, omits_credentials) if operation else None


def breaches_of(validator: Callable[[str], jsonschema_rs.Validator], pointer: str | None, body: Json) -> list[Breach]:
    """The keywords that a body breaks of the schema at a pointer; none where it is no JSON or has no schema."""
    return [] if pointer is None or body is NOT_JSON else find_breaches(validator(pointer), body)
