"""The bodies of the quick way: valid ones alone, and bounded memory however many there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from contract_tests.judge import quick_bodies
from contract_tests.judge.quick_bodies import Finders, QuickBodies

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from spec.json_value import Json

BOUND = 8
FIND = Finders(lambda _: [], lambda *_: frozenset(), lambda _: frozenset())


@pytest.fixture
def bodies(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> QuickBodies:
    monkeypatch.setattr(quick_bodies, "_REMEMBERED", BOUND)
    monkeypatch.setattr(quick_bodies, "_MOST", BOUND)
    pointer = contract.operations[0].body
    assert pointer
    return QuickBodies(contract, pointer, FIND, ())


def written(number: int, **fields: Json) -> bytes:
    return json.dumps({"from_number": f"+{number}", "to_number": "+12025550143", **fields}).encode()


def test_a_body_that_fits_a_template_is_not_parsed(bodies: QuickBodies, monkeypatch: pytest.MonkeyPatch) -> None:
    first = bodies.read(written(1))
    monkeypatch.setattr(quick_bodies, "_decode", lambda _: pytest.fail("it is parsed"))
    second = bodies.read(written(2))
    assert first
    assert second
    assert first.body is second.body


def test_the_fields_of_a_body_are_told_by_the_gaps_and_else_by_its_value(contract: Contract) -> None:
    pointer = contract.operations[0].body
    assert pointer
    bodies = QuickBodies(contract, pointer, FIND, {("from_number",)})
    found = [bodies.read(written(number, agent_config=None)) for number in (1, 2)]
    assert [body and body.at(("from_number",)) for body in found] == ["+1", "+2"]
    assert [body and body.at(("agent_config", "prompt")) for body in found] == [None, None]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"from_number": "\xff", "to_number": "1"}'])
def test_what_is_no_valid_body_is_none(bodies: QuickBodies, content: bytes) -> None:
    assert bodies.read(written(1))
    assert bodies.read(content) is None


def test_what_is_remembered_is_bounded(bodies: QuickBodies) -> None:
    for number in range(10 * BOUND):
        assert bodies.read(written(number, **{f"field_{number}": number}))
    remembered = bodies._short, bodies._by_shape, bodies._templates._found  # noqa: SLF001 - it shows nowhere else
    assert max(len(each) for each in remembered) <= BOUND
