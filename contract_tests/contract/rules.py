"""The rules of a contract, ready to evaluate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from spec.rules import compile_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.contract.operations import Operation
    from spec.expressions import Expression, Function
    from spec.fields import Field
    from spec.json_value import Json
    from spec.reader import Spec


class Values(NamedTuple):
    """The values that rules name: both bodies, and the status."""

    request: Json
    response: Json
    status: int

    def field(self, names: tuple[str, ...]) -> Json:
        """The value of a field by its names; None where it is absent, at whatever depth."""
        value: Json = getattr(self, names[0])
        for name in names[1:]:
            value = value.get(name) if isinstance(value, dict) else None
        return value


@dataclass(frozen=True)
class Rule:
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
        return frozenset(field.names[0] for field in self.fields if len(field.names) > 1)

    def is_about(self, operation: Operation) -> bool:
        """Tells whether it stands below an operation."""
        return operation.pointer in self.operations

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
