"""Bodies read as JSON: by the letter, and where a reader may refuse them."""

from __future__ import annotations

import pytest

from contract_tests.exchange.bodies import NOT_JSON, read_json, read_strictly
from contract_tests.exchange.strict_json import BeyondReachError


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"NaN", b"[1,]", b"\xef\xbb\xbf{}", b"'a'"])
def test_a_body_that_is_no_json_has_no_value(body: bytes) -> None:
    assert read_json(body) is NOT_JSON
    assert isinstance(read_strictly(body)[1], ValueError)


def test_null_is_a_value() -> None:
    assert read_json(b"null") is None


@pytest.mark.parametrize(
    ("body", "value"),
    [(b'{"a": 1, "a": 2}', {"a": 2}), (b'"\\ud800"', "?")],
)
def test_a_body_that_a_reader_may_refuse_has_the_value_that_others_read(body: bytes, value: object) -> None:
    assert read_json(body) == value
    assert isinstance(read_strictly(body)[1], BeyondReachError)


@pytest.mark.parametrize("body", [b"[" * 101 + b"]" * 101, b"[" * 100_000])
def test_a_body_that_no_validator_could_take_has_no_value(body: bytes) -> None:
    assert read_json(body) is NOT_JSON
