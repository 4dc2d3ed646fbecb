"""JSON by the letter, and the texts that no server must take."""

from __future__ import annotations

import pytest

from contract_tests.exchange.strict_json import BeyondReachError, parse_json
from tests.support.json_texts import ODD_TEXTS


@pytest.mark.parametrize("text", [*ODD_TEXTS, b"[" * 100_000], ids=lambda text: text[:20].decode())
def test_json_that_no_server_must_take_is_told_apart(text: bytes) -> None:
    with pytest.raises(BeyondReachError):
        parse_json(text)


@pytest.mark.parametrize("text", [b"", b"{", b"[1,]", b"NaN", b"-Infinity", b'"\xff"', b"\xef\xbb\xbf{}", b"01"])
def test_a_text_that_is_no_json_is_told_apart(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        parse_json(text)
    assert not isinstance(error.value, BeyondReachError)
