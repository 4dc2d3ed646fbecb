"""The bodies of exchanges as the quick way of the judge reads them, and what each has in common with others.

A body that fits a template of an earlier one is not even parsed.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from contract_tests.contract.shapes import Shapes
from contract_tests.contract.statements import EDGES
from contract_tests.contract.templates import Template, TemplateMaker
from contract_tests.exchange.strict_json import MAX_DEPTH, spell
from contract_tests.judge.additions import fields_beyond
from contract_tests.judge.alike import NO_BODY, Body
from spec.reader import ABSENT, tokens, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.facts import Fact
    from contract_tests.contract.free_values import Path
    from contract_tests.contract.satisfied import SatisfiedSchema
    from contract_tests.contract.shapes import Shape
    from contract_tests.contract.statements import Key
    from spec.json_value import Json

_REMEMBERED: Final = 4096
"""How many shapes are remembered, each with what bodies of it have in common; and how many short bodies."""
_SHORT: Final = 512
"""The longest body that is remembered whole, in bytes."""
_TRIED: Final = 8
"""How many templates are tried of texts with one number of quotes, the last used first."""
_AT_ONCE: Final = 16
"""How many templates are made at once."""
_MOST: Final = 128
"""How many templates are remembered, each in some 30 kB. Then the search for those that pay begins anew."""
_PAYS: Final = 64
"""How many bodies must fit for another template to be made: making one takes as long as reading some 40 bodies."""
_UNREAD: Any = object()
"""Stands for the body of a text that was not read before."""
_decode: Final = msgspec.json.Decoder().decode
BY_VALUE: Final = ("/enum", *(f"/{keyword}" for keyword in EDGES))
"""The ends of the pointers of statements that only values tell about. They are counted the slow way alone."""


class QuickBody(Struct, eq=False, dict=True):
    """A valid body. It is parsed when its value is asked for."""

    content: bytes
    body: Body
    template: Template | None = None
    texts: tuple[bytes, ...] = ()
    """The texts in the template's gaps, as they are spelled."""

    @cached_property
    def value(self) -> Json:
        """Its value."""
        value: Json = _decode(self.content)
        return value

    @cached_property
    def spelled(self) -> str:
        """Its value as text, the same for whatever order its fields are in."""
        return spell(self.value)

    def at(self, path: Path) -> Json:
        """The value of a field; None where it is absent, at whatever depth."""
        found = self._in_template(path)
        if found is not ABSENT:
            return found
        found = self.value
        for name in path:
            if not isinstance(found, dict):
                return None
            found = found.get(name)
        return found

    def gap(self, path: Path) -> int | None:
        """The number of the gap in the template that holds the value at a path, as a text; None if none does."""
        return self.template.plain.get(path) if self.template else None

    def is_fixed(self, path: Path, value: Json) -> bool:
        """Tells whether all bodies of the template have the same value at a path as this one, which is given."""
        if self.template is None:
            return False
        # All keys stand around the gaps: a field is absent from all bodies of a template, or from none.
        return path in self.template.fixed or value is None or value is ABSENT

    def found(self, pointer: str) -> Json:
        """The value where a JSON Pointer leads, or `ABSENT`."""
        found = self._in_template(_path_of(pointer))
        return value_or_absent(self.value, pointer) if found is ABSENT else found

    def _in_template(self, path: Path) -> Json:
        """The value at a path, as far as the template tells it; else `ABSENT`."""
        template = self.template
        if template is None:
            return ABSENT
        index = template.plain.get(path)
        return template.fixed.get(path, ABSENT) if index is None else self.texts[index].decode()


EMPTY: Final = QuickBody(b"null", NO_BODY, Template(b"", (), {}))
"""The body of a request that has none. Its value is None."""


class NoBodies:
    """The bodies of requests that have none."""

    def read(self, content: bytes, near: Template | None = None) -> QuickBody | None:  # noqa: ARG002 - as below
        """The empty body; None if there is one."""
        return None if content else EMPTY


class Finders(NamedTuple):
    """Functions that find out what counts of a body."""

    facts: Callable[[list[SatisfiedSchema]], list[Fact]]
    statements: Callable[[str, Json], frozenset[Key]]
    names_made_up: Callable[[Json], frozenset[str]]


class QuickBodies:
    """The valid bodies of requests, or of responses."""

    def __init__(
        self,
        contract: Contract,
        pointer: str,
        find: Finders,
        compared: Collection[Path],
    ) -> None:
        self._pointer = pointer
        self._satisfied = contract.satisfied
        self._of = find
        self._is_valid = contract.validator(pointer).is_valid
        self._shapes = Shapes(contract.spec, pointer)
        self._templates = _Templates(TemplateMaker(contract, pointer, compared))
        self._by_shape: dict[Shape, Body | None] = {}
        self._short: dict[bytes, QuickBody | None] = {}

    def read(self, content: bytes, near: Template | None = None) -> QuickBody | None:
        """A body that keeps the schema; None if it may not, or if readers may differ on it.

        `near` is the template of the body that it answers. The answers to such bodies often have one template.
        """
        if len(content) > _SHORT:
            return self._templates.find(content, near) or self._parse(content)
        found: QuickBody | None = self._short.get(content, _UNREAD)
        if found is _UNREAD:
            if len(self._short) >= _REMEMBERED:
                self._short.clear()
            found = self._short[content] = self._templates.find(content, near) or self._parse(content)
        return found

    def _parse(self, content: bytes) -> QuickBody | None:
        try:
            value = _decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        shape = self._shapes.of(content)
        if shape is None or not self._is_valid(value):
            return None
        body = self._by_shape[shape] if shape in self._by_shape else self._remember(shape, value)
        learned = self._templates.learn(content, body) if body and self._shapes.are_known else None
        return learned or (QuickBody(content, body) if body else None)

    def _remember(self, shape: Shape, value: Json) -> Body | None:
        """All that valid bodies of a shape have in common; None if readers may differ on them."""
        body = self._make(value) if _is_plain(shape, value) else None
        if self._shapes.are_known:
            if len(self._by_shape) >= _REMEMBERED:
                self._by_shape.clear()
            self._by_shape[shape] = body
        return body

    def _make(self, value: Json) -> Body:
        satisfied = self._satisfied.find(self._pointer, value)
        # Two bodies of one shape may have other members of an enumeration, and be at other bounds.
        statements = (key for key in self._of.statements(self._pointer, value) if not key.pointer.endswith(BY_VALUE))
        facts, made_up = tuple(self._of.facts(satisfied)), self._of.names_made_up(value)
        return Body(facts, fields_beyond(satisfied), frozenset(statements), made_up)


class _Templates:
    """The templates of bodies, by how many quotes they have, each with all that such bodies have in common."""

    def __init__(self, maker: TemplateMaker) -> None:
        self._maker = maker
        self._found: defaultdict[int, list[tuple[Template, Body]]] = defaultdict(list)
        self._last: dict[Template | None, tuple[Template, Body]] = {}
        """The template that was used last, by the template of the body that was answered."""
        self._made = self._fits = 0

    def find(self, content: bytes, near: Template | None = None) -> QuickBody | None:
        """A body that fits a template; None if it fits none."""
        if not (content.isascii() or _is_text(content)):
            return None
        last = self._last.get(near)
        if last is not None:
            texts = last[0].fit(content)
            if texts is not None:
                self._fits += 1
                return QuickBody(content, last[1], last[0], texts)
        found = self._search(content)
        if found and found.template:
            if len(self._last) >= _REMEMBERED:
                self._last.clear()
            self._last[near] = found.template, found.body
        return found

    def _search(self, content: bytes) -> QuickBody | None:
        candidates = self._found.get(_count_quotes(content), [])
        for index, (template, body) in enumerate(candidates):
            texts = template.fit(content)
            if texts is not None:
                self._fits += 1
                if index:  # the last used is the first to be tried, but where two take turns
                    candidates[index - 1], candidates[index] = candidates[index], candidates[index - 1]
                return QuickBody(content, body, template, texts)
        return None

    def learn(self, content: bytes, body: Body) -> QuickBody | None:
        """Makes a template of a valid body, unless those that were made before have not paid yet."""
        if self._made >= _AT_ONCE + self._fits // _PAYS:
            return None
        self._made += 1
        if self._made % _MOST == 0:
            self._found.clear()
            self._last.clear()
        candidates = self._found[_count_quotes(content)]
        candidates.insert(0, (self._maker.make(content), body))
        del candidates[_TRIED:]
        return self._search(content)


@lru_cache(_REMEMBERED)
def _path_of(pointer: str) -> Path:
    return tuple(tokens(pointer))


def _count_quotes(content: bytes) -> int:
    """How many quotes a text has around its names and texts; perhaps others where it has backslashes."""
    return content.count(b'"') - (content.count(b'\\"') if b"\\" in content else 0)


def _is_text(content: bytes) -> bool:
    try:
        return bool(content.decode())
    except UnicodeDecodeError:
        return False


def _is_plain(shape: Shape, value: Json) -> bool:
    """Tells whether all readers take a text for the same value: no key comes twice, and it is not nested too deep."""
    layout = shape.layout
    depth = layout.structure.count(b"[") + layout.structure.count(b"{")
    return depth <= MAX_DEPTH and len(layout.keys) == _count_fields(value)


def _count_fields(value: Json) -> int:
    if isinstance(value, dict):
        return len(value) + sum(map(_count_fields, value.values()))
    return sum(map(_count_fields, value)) if isinstance(value, list) else 0
