"""The normal form of a schema: for each JSON type, the alternatives that admit values of that type.

`const: a` and `enum: [a]` have one normal form. So have `type: [string, 'null']` and an `anyOf` of the two, and an
`allOf` and the one schema that demands the same. A `$ref` is replaced by its target, beside its siblings.

An alternative is a clause: a list of demands that a value must all meet. Subschemas, such as those of properties, stay
pointers into the document, so that each demand keeps its place in the spec.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from scripts.drift.schemas.clauses import Clause, absorbed, anything, contradict
from scripts.drift.schemas.demands import (
    ALL_MEMBERS,
    Demand,
    is_on_values,
    kind_of,
    merge,
    read_demands,
    text_of,
    whole,
)
from scripts.drift.schemas.disjoint import disjoint, exclusive, meets
from scripts.drift.schemas.keywords import KINDS, Elements, Members, kinds_of, role_of, unique
from scripts.drift.schemas.unevaluated import expanded, is_static
from spec.document import reference
from spec.reader import value_or_absent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.drift.schemas.clauses import Form
    from scripts.drift.schemas.keywords import Part
    from spec.json_value import Json

Schema = dict[str, Any]

_MOST: Final = 64
"""The most clauses that unions are multiplied out to. Beyond that, they are compared branch by branch."""

_LEVELS: Final = 3
"""The levels of required properties that are searched for one that tells two alternatives apart."""


class Forms:
    """The normal forms of the schemas of a document, made on demand."""

    def __init__(self, document: Schema, levels: int = _LEVELS) -> None:
        """Takes the document, and the number of levels of required properties that may tell alternatives apart."""
        self.document = document
        self.below: Forms | None = Forms(document, levels - 1) if levels else None
        self._of: dict[Part, Form] = {}
        self._at: dict[str, Form] = {}
        self._targets: dict[str, str] = {}
        self._open: list[str] = []
        self._circles = 0

    def of(self, part: Part) -> Form:
        """The normal form of a part."""
        if part not in self._of:
            before = self._circles
            form = reduce(self._conjoin, ((pointer,) for pointer in part), anything())
            if self._open and self._circles != before:
                return form
            self._of[part] = form
        return self._of[part]

    def is_anything(self, part: Part) -> bool:
        """True if the part admits every value."""
        form = self.of(part)
        return {clause.kind for clause in form if not clause.demands} == set(KINDS)

    def canonical(self, part: Part) -> Part:
        """The part, with each schema that is nothing but a `$ref` replaced by its target."""
        return unique(tuple(map(self._target, part)))

    def value(self, pointer: str) -> Json:
        """The value at a pointer, or ABSENT."""
        return value_or_absent(self.document, pointer)

    def _target(self, pointer: str) -> str:
        """The schema that a pointer leads to, through schemas that are nothing but a `$ref`."""
        way = [pointer]
        while way[-1] not in self._targets:
            schema = self.value(way[-1])
            target = reference(schema)
            is_bare = (
                all(key == "$ref" or role_of(key, value) == "text" for key, value in schema.items())
                if target
                else False
            )
            if not target or not is_bare or target in way:
                break
            way.append(target)
        last = self._targets.get(way[-1], way[-1])
        self._targets.update(dict.fromkeys(way, last))
        return last

    def _one(self, pointer: str) -> Form:
        if pointer in self._open:
            self._circles += 1
            return tuple(Clause(kind, (Demand("unjudged", ("$ref", object()), pointer),)) for kind in KINDS)
        if pointer in self._at:
            return self._at[pointer]
        before = self._circles
        self._open.append(pointer)
        form = self._made(pointer, self.value(pointer))
        self._open.pop()
        if not self._open or self._circles == before:
            self._at[pointer] = form
        return form

    def _made(self, pointer: str, schema: Json) -> Form:
        if not isinstance(schema, dict):
            return () if schema is False else anything()
        form = self._own(pointer, schema)
        if (target := reference(schema)) is not None:
            form = self._conjoin(form, (target,))
        for index, _ in enumerate(schema.get("allOf", ())):
            form = self._conjoin(form, (f"{pointer}/allOf/{index}",))
        for keyword in ("anyOf", "oneOf"):
            if schema.get(keyword):
                form = self._choose(form, f"{pointer}/{keyword}", len(schema[keyword]))
        return self._close(form, pointer, schema)

    def _choose(self, form: Form, where: str, count: int) -> Form:
        """The form, with a union. A `oneOf` refuses what it has a `$ref` to twice, for that fits both."""
        parts = tuple((f"{where}/{index}",) for index in range(count))
        if not where.endswith("/oneOf"):
            return self._conjoin(form, sum(parts, ()), is_union=True)
        times = Counter(map(self.canonical, parts))
        single = tuple(part for part in parts if times[self.canonical(part)] == 1)
        form = self._conjoin(form, sum(single, ()), is_union=True)
        for part in {self.canonical(part): part for part in parts if part not in single}.values():
            form = self._demand(form, Demand("not", part, part[0]))
        return form if exclusive(self, single) else self._demand(form, Demand("oneOf", single, where))

    def _own(self, pointer: str, schema: Schema) -> Form:
        """The normal form of the keywords that a schema itself has, without those that apply schemas in place."""
        names = schema.get("type", [*KINDS])
        names = [names] if isinstance(names, str) else names
        demands = list(read_demands(pointer, schema))
        if "integer" in names and "number" not in names:
            demands.append(Demand("type", "integer", f"{pointer}/type"))
        origin = f"{pointer}/type" if "type" in schema else ""
        admitted = [kind for kind in KINDS if kind in names or (kind == "number" and "integer" in names)]
        made = [self._clause(kind, demands, (pointer,), origin) for kind in admitted]
        return tuple(clause for clause in made if clause)

    def _clause(self, kind: str, demands: Sequence[Demand], sources: Part, origin: str) -> Clause | None:
        """The clause of those demands that are about a JSON type; None if no value can meet them."""
        found: list[Demand] = []
        for demand in demands:
            if kind not in kinds_of(demand.keyword):
                continue
            settled = self._settled(kind, demand)
            if settled is None:
                return None
            found += settled
        merged = self._merged(kind, found)
        if merged is None:
            return None
        clause = Clause(kind, tuple(merged), unique(sources), origin)
        return None if contradict(clause, clause) else clause

    def _settled(self, kind: str, demand: Demand) -> list[Demand] | None:
        """A demand as it applies to one JSON type; None if no value of the type meets it."""
        if demand.keyword == "not":
            matching = [clause for clause in self.of(demand.value) if clause.kind == kind]
            if any(not clause.demands for clause in matching):
                return None
            return [demand] if matching else []
        if demand.keyword != "enum":
            return [] if self._demands_nothing(demand) else [demand]
        members = tuple(member for member in demand.value if kind_of(json.loads(member)) == kind)
        return [demand._replace(value=members)] if members else None

    def _demands_nothing(self, demand: Demand) -> bool:
        """True if `if` leads to nothing that refuses a value, or `propertyNames` admits every text."""
        if demand.keyword == "if":
            return all(map(self.is_anything, (demand.value.then, demand.value.otherwise)))
        is_about_names = demand.keyword == "propertyNames"
        return is_about_names and any(each.kind == "string" and not each.demands for each in self.of(demand.value))

    def _merged(self, kind: str, demands: list[Demand]) -> list[Demand] | None:
        """The demands, those of one keyword merged; None if no value can meet them."""
        groups: dict[str, list[Demand]] = {}
        for demand in demands:
            groups.setdefault(demand.keyword, []).append(demand)
        merged = [demand for keyword, group in groups.items() for demand in merge(keyword, group)]
        listed = next((demand for demand in merged if demand.keyword == "enum"), None)
        if listed is None:
            return whole(merged) if kind == "number" else merged
        others = [demand for demand in merged if is_on_values(demand)]
        members = tuple(
            member for member in listed.value if all(meets(self.document, member, other) for other in others)
        )
        if not members:
            return None
        rest = [demand for demand in merged if demand not in others and demand is not listed]
        is_all = set(members) == ALL_MEMBERS.get(kind)
        return rest if is_all else [listed._replace(value=members), *rest]

    def _conjoin(self, form: Form, branches: tuple[str, ...], *, is_union: bool = False) -> Form:
        """The form of values that a form admits, and any of the branches too."""
        union = [(branch, clause) for branch in branches for clause in self._one(branch)]
        pairs = [(one, branch, other) for one in form for branch, other in union if one.kind == other.kind]
        if len(pairs) > _MOST:
            return self._demand(
                form, Demand("anyOf", tuple((branch,) for branch in branches), branches[0].rpartition("/")[0])
            )
        made = [
            self._clause(
                one.kind,
                one.demands + other.demands,
                one.sources + other.sources,
                branch if is_union else other.origin or one.origin,
            )
            for one, branch, other in pairs
            if not disjoint(self, one, other)
        ]
        return absorbed([clause for clause in made if clause])

    def _demand(self, form: Form, demand: Demand) -> Form:
        made = [self._clause(one.kind, (*one.demands, demand), one.sources, one.origin) for one in form]
        return tuple(clause for clause in made if clause)

    def _close(self, form: Form, pointer: str, schema: Schema) -> Form:
        """The form, with the `unevaluated…` keywords of its schema, which depend on all the others."""
        for keyword, stated in (("unevaluatedProperties", "properties"), ("unevaluatedItems", "items")):
            if keyword not in schema:
                continue
            where = f"{pointer}/{keyword}"
            if not is_static(self.document, pointer):
                form = self._demand(
                    form, Demand("unjudged", (keyword, text_of(expanded(self.document, pointer))), where)
                )
                continue
            form = self._demand_rest(form, stated, where)
        return form

    def _demand_rest(self, form: Form, keyword: str, where: str) -> Form:
        """The form, with a demand on the properties or items that nothing else is about."""
        found: list[Clause | None] = []
        for clause in form:
            if keyword == "properties":
                members = clause.members
                rest: Any = Members(members.names, members.patterns, {frozenset(members.patterns): (where,)})
                is_open = not members.rest
            else:
                rest, is_open = Elements(clause.elements.prefix, (where,)), not clause.elements.rest
            demands = [demand for demand in clause.demands if demand.keyword != keyword]
            added = Demand(keyword, rest, where)
            found.append(
                self._clause(clause.kind, [*demands, added], clause.sources, clause.origin) if is_open else clause
            )
        return tuple(clause for clause in found if clause)
