"""All that counts of exchanges that break nothing, and that many of them have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from contract_tests.contract.facts import Fact
    from contract_tests.contract.statements import Key
    from contract_tests.judge.counts import Field


class Body(Struct, frozen=True, eq=False):
    """All that a valid body has in common with all others of its shape. It is equal to itself alone."""

    facts: tuple[Fact, ...]
    undocumented: tuple[Field, ...]
    statements: frozenset[Key]
    """The statements that a request tries, or that a response keeps."""
    made_up: frozenset[str] = frozenset()
    """The names in it that no request has by the spec."""


NO_BODY: Final = Body((), (), frozenset())
"""Stands for the body of a request that has none."""


class Alike(Struct, frozen=True, eq=False):
    """All that counts of an exchange which breaks nothing. Many have it in common. It is equal to itself alone."""

    operation: str
    """Its label."""
    request: str
    """The name of its request's body."""
    media_type: Key | None
    """The statement that the request's media type is taken; None if the spec has none."""
    response: str
    """The name of its response's body."""
    checks: tuple[str, ...]
    """The checks that it passed, but for rules."""
    rules: tuple[str, ...]
    """The rules that it kept."""
    sent: Body
    received: Body
    parameters: frozenset[Key] = frozenset()
    """The statements about parameters that the request makes use of."""
