"""Faults in what a server accepts, derived from the spec: servers that go by a spec with one statement changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs
from pydantic import ValidationError
from voiceos_models import CreateCall

from contract_tests.contract.contract import Contract
from contract_tests.contract.keywords import with_value
from contract_tests.exchange.strict_json import parse_json
from contract_tests.servers.answer import Answer
from contract_tests.servers.faults.fault import Fault, by_judging, judge_rightly
from spec.reader import escape, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.servers.mock import Judge, ReceivedRequest
    from spec.json_value import Json

Edit = Callable[[Any], Any]
"""Makes another schema of a schema."""
_IN_VALID_REFUSED: Final = "invalid_request_refused"
_VALID_REFUSED: Final = "documented_request_accepted"
_BOUNDS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern")
_NUMBERS: Final = {"from_number": "+12025550142", "to_number": "+12025550143"}
_WRONG_BODY: Final = 422
_REMEMBERED: Final = 4096
"""How many bodies are remembered as JSON: servers of many faults get the same ones."""
_LONGEST: Final = re.compile(r"(?<=,)\d+(?=\})")
"""The greatest number of repetitions that a pattern states."""
_KINDS_OF_STRING: Final[dict[str, dict[str, Any]]] = {
    "control characters": {"pattern": "[\\x00-\\x08]"},
    "white space around it": {"pattern": "^\\s|\\s$"},
    "more than 5,000 characters": {"minLength": 5_001},
}


def derive_request_faults(contract: Contract, body: str) -> Iterator[Fault]:
    """For every statement of the body's schema, a server that does not hold to it, or holds to more."""
    derivation = _Derivation(contract, body)
    for pointer, schema in contract.schemas_below([body]):
        yield from derivation.of_schema(pointer, schema)


class _Derivation:
    def __init__(self, contract: Contract, body: str) -> None:
        self._contract = contract
        self._body = body
        self._schemas = tuple(contract.schemas_below([body]))
        self._known_names = {enum for pointer, schema in self._schemas for enum in self._names_in(pointer, schema)}
        members = (member for _, schema in self._schemas for member in schema.get("enum", []))
        self._members = list(dict.fromkeys(members))

    def of_schema(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[Fault]:
        """The faults of one schema."""
        name, required = _name(pointer), schema.get("required", [])
        for field in required:
            edit = _set("required", [other for other in required if other != field])
            yield self._accepting(f"{name} without {field} accepted", f"{pointer}/required", pointer, edit)
        for keyword in filter(schema.__contains__, _BOUNDS):
            yield self._accepting(f"{name}: {keyword} not checked", f"{pointer}/{keyword}", pointer, _without(keyword))
        for field in schema.get("properties", {}):
            place = f"{pointer}/properties/{escape(field)}"
            yield self._of_null(place)
            if field not in required:
                edit = _set("required", [*required, field])
                yield self._refusing(f"a request without {_name(place)} refused", place, pointer, edit)
        if isinstance(schema.get("items"), dict):
            yield self._of_null(f"{pointer}/items")
            yield from self._of_array(pointer, schema)
        yield from self._of_enum(pointer, schema)
        yield from self._of_string(pointer, schema)
        yield from self._of_object(pointer, schema)

    def _of_null(self, pointer: str) -> Fault:
        """A server that refuses null where it is allowed, or accepts it where it is not."""
        name = f"null for {_name(pointer)}"
        if self._contract.validator(pointer).is_valid(None):
            return self._refusing(f"{name} refused", pointer, pointer, _wrap("allOf", {"not": {"type": "null"}}))
        return self._accepting(f"{name} accepted", pointer, pointer, _wrap("anyOf", {"type": "null"}))

    def _of_enum(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[Fault]:
        """A member is refused. Where the enumeration is closed, other texts are accepted."""
        statement, name = f"{pointer}/enum", _name(pointer)
        if "enum" in schema and statement not in self._known_names:
            member = schema["enum"][-1]
            yield self._refusing(f"{name}: {member} refused", statement, pointer, _exclude(member))
            # What another enumeration has may be the mark of another branch.
            unknown = {"type": "string", "not": {"enum": self._members}}
            yield self._accepting(f"{name}: any other accepted", statement, pointer, _wrap("anyOf", unknown))
        for enum in self._names_in(pointer, schema):
            member = self._contract.value(enum)[-1]
            fault = self._refusing(f"{name}: {member} refused", enum, pointer, _exclude(member))
            yield replace(fault, concerns_known_names=True)

    def _of_array(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[Fault]:
        """Servers that look at some of the items alone, or refuse a number of them, or some as later ones."""
        name, statement, items = _name(pointer), f"{pointer}/items", schema["items"]
        for which, checked in {"first": (True,), "later": (items,), "third": (items, items)}.items():
            rest = items if which == "first" else True
            edit = _with(prefixItems=list(checked), items=rest)
            yield self._accepting(f"{name}: {which} items not checked", statement, pointer, edit)
        yield self._refusing(f"{name}: two items refused", statement, pointer, _set("maxItems", 1))
        yield self._refusing(f"{name}: none refused", statement, pointer, _set("minItems", 1))
        for what, other in self._kinds_of_item(statement):
            edit = _with(prefixItems=[items], items={"allOf": [items, other]})
            yield self._refusing(f"{name}: a later item {what} refused", statement, pointer, edit)

    def _kinds_of_item(self, pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Items that may be refused where they come later: without an optional field, or a member of an enumeration."""
        schema = self._contract.value(target_of(self._contract.value(pointer).get("$ref", f"#{pointer}")))
        for field in schema.get("properties", {}):
            if field not in schema.get("required", []):
                yield f"without {field}", {"required": [field]}
        for member in schema.get("enum", [])[-1:]:
            yield f"that is {member}", {"not": {"enum": [member]}}

    def _of_string(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[Fault]:
        """Servers that do not take every kind of string."""
        stated, name = schema.get("type", []), _name(pointer)
        if "string" in stated and not {"enum", "pattern", "format"} & schema.keys():
            for kind, refused in _KINDS_OF_STRING.items():
                edit = _wrap("allOf", {"not": {"type": "string"} | refused})
                yield self._refusing(f"{name}: {kind} refused", f"{pointer}/type", pointer, edit)
        for longest in _LONGEST.findall(schema.get("pattern", "")):
            for other, make in ((-1, self._refusing), (1, self._accepting)):
                edit = _set("pattern", schema["pattern"].replace(longest, str(int(longest) + other)))
                yield make(f"{name}: {int(longest) + other} characters at most", f"{pointer}/pattern", pointer, edit)

    def _of_object(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[Fault]:
        """A server that refuses an object with nothing but its required fields."""
        required, fields = schema.get("required", []), schema.get("properties", {})
        if len(fields) > len(required) and pointer != self._body:
            name = f"{_name(pointer)} with nothing but what it must have refused"
            edit = _set("minProperties", len(required) + 1)
            yield self._refusing(name, f"{pointer}/properties", pointer, edit)

    def _names_in(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[str]:
        """The enumerations among the branches of a schema that takes any string beside them."""
        branches = [f"{pointer}/anyOf/{index}" for index, _ in enumerate(schema.get("anyOf", []))]
        if any(self._contract.validator(branch).is_valid("a name that nobody knows") for branch in branches):
            for branch in branches:
                target = target_of(self._contract.value(branch).get("$ref", branch))
                if "enum" in self._contract.value(target):
                    yield f"{target}/enum"

    def _accepting(self, name: str, statement: str, pointer: str, edit: Edit) -> Fault:
        return Fault(name, _IN_VALID_REFUSED, by_judging(self._make_judge_by(pointer, edit)), statement)

    def _refusing(self, name: str, statement: str, pointer: str, edit: Edit) -> Fault:
        return Fault(name, _VALID_REFUSED, by_judging(self._make_judge_by(pointer, edit)), statement)

    def _make_judge_by(self, pointer: str, edit: Edit) -> Callable[[str], Judge]:
        """A judge that goes by the spec with one schema edited."""

        def make_judge(token: str) -> Judge:
            spec = self._contract.spec
            document = with_value(spec.document, pointer, edit(self._contract.value(pointer)))
            validator = Contract(structs.replace(spec, document=document)).validator(self._body)

            def judge(request: ReceivedRequest) -> CreateCall | Answer:
                judged = judge_rightly(token)(request)
                body = _json_of(request)
                if body is None or (isinstance(judged, Answer) and judged.status != _WRONG_BODY):
                    return judged
                if not validator.is_valid(body):
                    return judged if isinstance(judged, Answer) else _refusal()
                return _call_of(body) if isinstance(judged, Answer) else judged

            return judge

        return make_judge


@lru_cache(_REMEMBERED)
def _json_of(request: ReceivedRequest) -> Json:
    """The body as JSON; None if it is none, or null, or does not come as JSON. It is not to be changed."""
    if not (request.header("content-type") or "").startswith("application/json"):
        return None
    try:
        return parse_json(request.body)
    except ValueError:
        return None


def _call_of(body: Json) -> CreateCall:
    """The call that an invalid body asks for, as far as it can be told."""
    known = body if isinstance(body, dict) else {}
    for fields in (("from_number", "to_number", "agent_id"), ("from_number",), ("to_number",)):
        try:
            return CreateCall.model_validate(_NUMBERS | {name: known[name] for name in fields if name in known})
        except ValidationError:
            continue
    return CreateCall.model_validate(_NUMBERS)


def _refusal() -> Answer:
    return Answer(_WRONG_BODY, {"detail": [{"loc": ["body"], "msg": "Not accepted here", "type": "value_error"}]})


def _set(keyword: str, value: object) -> Edit:
    return lambda schema: schema | {keyword: value}


def _with(**keywords: object) -> Edit:
    return lambda schema: schema | keywords


def _without(keyword: str) -> Edit:
    return lambda schema: {name: value for name, value in schema.items() if name != keyword}


def _exclude(member: object) -> Edit:
    return lambda schema: schema | {"not": {"enum": [member]}}


def _wrap(keyword: str, other: Mapping[str, Any]) -> Edit:
    return lambda schema: {keyword: [schema, other]}


def _name(pointer: str) -> str:
    short = pointer.removeprefix("/components/schemas/").replace("/properties/", ".").replace("~1", "/")
    return short.replace("/items", "[]")
