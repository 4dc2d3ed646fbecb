"""Exchanges are judged as they were, and a result tells no secret."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.disguise import Disguise
from contract_tests.exchange.masking import Mask
from contract_tests.judge.judge import judge
from contract_tests.result.masked import mask_texts
from contract_tests.result.part import decode_part, encode_part
from contract_tests.run.masking import MAX_TOKENS, masks_of_recording
from contract_tests.run.masks import describe_mask, mask_of
from contract_tests.target.target import Target
from tests.support.exchanges import altering, post, sent
from tests.support.results import result_of

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Exchange

SECRET = "c4naryQ7h2Zk9Lm3"  # noqa: S105 - guards nothing


def veiled(contract: Contract, exchange: Exchange, token: str) -> Exchange:
    """The exchange as a guard with this token keeps it."""
    assert exchange.response
    disguise = Disguise("placeholder", token, {}, contract.spec.text.encode())
    return replace(exchange, response=disguise.veil(exchange.response))


def echoing(text: str) -> Exchange:
    """An exchange whose response has a text in place of a status, and as an undocumented field."""
    (exchange,) = sent(altering(status=text, **{text: 1}), post())
    return replace(exchange, id="1")


@pytest.mark.parametrize("token", ["agent", "tok", "token", "outbound_phone_call", "started"])
def test_a_token_that_is_a_word_of_the_spec_changes_no_verdict(contract: Contract, token: str) -> None:
    (exchange,) = sent(altering(), post())
    assert [each.failures for each in judge(contract, [veiled(contract, exchange, token)])] == [()]


def test_the_user_is_told_that_such_a_token_is_not_masked_everywhere(contract: Contract) -> None:
    here = Target("here", "http://127.0.0.1:1", "agent")
    assert "the token is a word of the spec" in (describe_mask(mask_of(here, contract)) or "")
    assert describe_mask(mask_of(replace(here, token=SECRET), contract)) is None


@pytest.mark.slow
def test_a_result_quotes_no_token(contract: Contract) -> None:
    result = result_of(contract, veiled(contract, echoing(SECRET), SECRET))
    shown = mask_texts(result, Mask([SECRET], words=contract.spec.text.encode()).hide_text)
    assert SECRET in repr(result)
    assert SECRET not in encode_part(shown)
    assert "[masked]" in encode_part(shown)
    assert decode_part(encode_part(shown), type(shown)) == shown


@pytest.mark.slow
@pytest.mark.parametrize("token", ["documented", "violates", "response", "POST"])
def test_a_token_that_is_a_word_of_ours_spoils_no_result(contract: Contract, token: str) -> None:
    result = result_of(contract, veiled(contract, echoing(SECRET), SECRET))
    shown = mask_texts(result, Mask([token], words=token.encode()).hide_text)
    assert decode_part(encode_part(shown), type(shown)) == shown
    assert (shown.verdict, shown.findings[0].operation) == (result.verdict, result.findings[0].operation)


def test_what_the_engine_was_shown_otherwise_is_known(contract: Contract) -> None:
    assert veiled(contract, echoing(SECRET), SECRET).is_masked
    assert not veiled(contract, echoing("else"), SECRET).is_masked


def test_the_tokens_of_a_recording_are_masked() -> None:
    (mask,) = masks_of_recording([SECRET, "another-token"])
    assert mask.hide_text(f"of {SECRET}") == "of [masked]"


def test_tokens_without_end_are_masked_in_parts() -> None:
    tokens = [f"{number:08}" + "x" * (MAX_TOKENS // 2) for number in range(5)]
    masks = list(masks_of_recording(tokens))
    assert [len(mask.tokens) for mask in masks] == [1, 1, 1, 1, 1]
    assert [token for mask in masks for token in mask.tokens] == tokens


def test_without_a_token_there_is_a_mask_all_the_same() -> None:
    assert [mask.tokens for mask in masks_of_recording([])] == [[]]
