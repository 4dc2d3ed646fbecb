"""The rules of a contract, ready to evaluate."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

from msgspec import Struct

from spec.fields import OVER_TIME
from spec.reader import value_or_absent
from spec.rules import compile_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.contract.operations import Operation
    from spec.expressions import Expression, Function
    from spec.fields import Field, OwnCall
    from spec.json_value import Json
    from spec.reader import Spec

_STATUSES: Final = range(200, 600)
"""Those of final responses (RFC 9110, section 15)."""
_ACCEPTED: Final = range(200, 300)


class Values(NamedTuple):
    """The values that rules name: both bodies, the status, and the variables of the path."""

    request: Json
    response: Json
    status: int
    path: Json = None
    """The values of the variables, by their names."""

    def field(self, names: tuple[str, ...]) -> Json:
        """The value of a field by its names; None where it is absent, at whatever depth."""
        value: Json = getattr(self, names[0])
        for place in range(1, len(names)):
            if not isinstance(value, dict):
                return None
            value = value.get(names[place])
        return value

    def has(self, names: tuple[str, ...]) -> bool:
        """Tells whether a field is there, if only as null."""
        above = self.field(names[:-1]) if names[1:] else {names[0]: None}
        return isinstance(above, dict) and names[-1] in above

    def found(self, root: Literal["request", "response"], pointer: str) -> Json:
        """The value where a JSON Pointer leads in a body, or `ABSENT`."""
        return value_or_absent(self.request if root == "request" else self.response, pointer)


class Fields(Protocol):
    """The values that rules name, by the names of fields."""

    @property
    def request(self) -> Json:
        """The value of the request's body."""

    @property
    def response(self) -> Json:
        """The value of the response's body."""

    @property
    def status(self) -> int:
        """The status of the response."""

    @property
    def path(self) -> Json:
        """The values of the path's variables, by their names."""

    def field(self, names: tuple[str, ...], /) -> Json:
        """The value of a field by its names; None where it is absent, at whatever depth."""

    def found(self, root: Literal["request", "response"], pointer: str, /) -> Json:
        """The value where a JSON Pointer leads in a body, or `ABSENT`."""


class Rule(Struct, frozen=True, dict=True):
    """A rule of the contract."""

    name: str
    says: str
    pointer: str
    """Where it stands in the spec."""
    operations: frozenset[str]
    """The pointers of the operations that it is about."""
    when: Expression | None
    holds: Expression

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields that it names, in its order."""
        return tuple(dict.fromkeys([*(self.when.fields if self.when else ()), *self.holds.fields]))

    @cached_property
    def _objects(self) -> frozenset[str]:
        """The bodies that it names fields of."""
        return frozenset(field.names[0] for field in self.fields if len(field.names) > 1) - {"path"}

    @cached_property
    def calls(self) -> tuple[OwnCall, ...]:
        """Its calls of functions that are not CEL's own."""
        return tuple(dict.fromkeys([*(self.when.calls if self.when else ()), *self.holds.calls]))

    @property
    def calls_over_time(self) -> tuple[OwnCall, ...]:
        """The calls of functions that ask about earlier exchanges."""
        return tuple(call for call in self.calls if call.function in OVER_TIME)

    @cached_property
    def is_about_refusals(self) -> bool:
        """True if it names the status, and no field of the response. Then refusals are judged by it too."""
        names = [field.names for field in self.fields]
        return ("status",) in names and not any(each[0] == "response" for each in names)

    @cached_property
    def is_about_acceptance(self) -> bool:
        """True if it says that requests are accepted, and no more: `holds` is true of every 2xx, and of no other."""
        if self.calls or {field.names for field in self.holds.fields} != {("status",)}:
            return False
        of_the_request = all(field.names[0] == "request" for field in (self.when.fields if self.when else ()))
        return of_the_request and all(self._holds_of(status) == (status in _ACCEPTED) for status in _STATUSES)

    def _holds_of(self, status: int) -> bool:
        return self.holds.evaluate(Values(None, None, status).field, {}) is True

    def is_about(self, operation: Operation) -> bool:
        """Tells whether it stands below an operation."""
        return operation.pointer in self.operations

    def selects(self, request: Json) -> bool:
        """Tells whether its `when` holds of a request's body, by a rule that names no response."""
        values = Values(request, None, 0)
        return self.when is None or (isinstance(request, dict) and self.when.evaluate(values.field, {}) is True)

    def is_kept(self, values: Values, functions: Mapping[str, Function]) -> bool | None:
        """Tells whether an exchange keeps the rule; None where the rule says nothing of it.

        It says nothing of the fields of a body that is no object. That is for the schema to judge.
        """
        if not all(isinstance(getattr(values, name), dict) for name in self._objects):
            return None
        if self.when and not self.when.evaluate(values.field, functions):
            return None
        return self.holds.evaluate(values.field, functions)


def read_rules(spec: Spec) -> tuple[Rule, ...]:
    """Reads the rules of a spec, in its order. Raises SpecError if one is unsound."""
    return tuple(
        Rule(rule.name, rule.says, rule.pointer, frozenset(each.pointer for each in rule.operations), when, holds)
        for rule, when, holds in compile_rules(spec)
    )
